/** A measured figure and the table of them. Knows nothing of how figures come about. */

/** `virtual`: waiting took no real time, so other work on the machine cannot disturb it. `none`: no time is involved. */
type TimeKind = 'real' | 'virtual' | 'none';

export interface Figure {
	what: string;
	value: number;
	/** Empty for ratios and counts. */
	unit?: string;
	/** The highest value that is good enough, in the same unit; absent: for information only. */
	bar?: number;
	time: TimeKind;
	/** The same work done by other ways to wait. */
	peers?: { serial: number; parallel: number };
}

/** A figure that is no number means that its measurement went wrong. */
export function isMissed({ value, bar }: Figure): boolean {
	return bar !== undefined && !(value <= bar);
}

const HEADINGS = ['figure', 'value', 'bar', '', 'serial', 'parallel', 'time'];

export function buildTable(figures: readonly Figure[]): string {
	const rows = figures.map((figure) => [
		figure.what,
		[writeNumber(figure.value), figure.unit ?? ''].join(' ').trim(),
		figure.bar === undefined ? '' : `≤ ${figure.bar}`,
		figure.bar === undefined ? '' : isMissed(figure) ? 'MISSED' : 'ok',
		figure.peers ? writeNumber(figure.peers.serial) : '',
		figure.peers ? writeNumber(figure.peers.parallel) : '',
		figure.time === 'none' ? '' : figure.time,
	]);
	const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column].length)));
	const writeRow = (row: readonly string[]) =>
		row
			.map((cell, column) =>
				column === 0 || column === 6 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
			)
			.join('  ')
			.trimEnd();
	return [HEADINGS, widths.map((width) => '-'.repeat(width)), ...rows].map(writeRow).join('\n');
}

function writeNumber(value: number): string {
	return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 100 ? 2 : 0);
}

export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
