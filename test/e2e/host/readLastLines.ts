import { existsSync, readFileSync } from 'node:fs';

/** The last lines of a log file, without blank ones; '' when there is no such file. */
export function readLastLines(file: string, count: number): string {
	if (!existsSync(file)) return '';
	return readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(-count)
		.join('\n');
}
