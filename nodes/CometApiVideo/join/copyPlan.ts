/** Which bytes of a clip are taken over, and where they come to lie behind one another in the joined file. */
import type { Clip } from './readClip';
import { forEachChunk } from './samples';

/** Bytes `from` … `to` of the clip's file; they begin at `at` of the joined pictures and sounds. */
export interface Run {
	from: number;
	to: number;
	at: number;
}

/** The places of all samples in the order of the file, with neighbours and overlaps as one. */
export function planCopy({ tracks }: Clip, at: number): Run[] {
	const places: Array<[number, number]> = [];
	for (const { samples } of tracks) {
		forEachChunk(samples, (position, bytes) => places.push([position, position + bytes]));
	}
	places.sort(([a], [b]) => a - b);
	const runs: Run[] = [];
	for (const [from, to] of places) {
		const last = runs.at(-1);
		if (last && from <= last.to) last.to = Math.max(last.to, to);
		else runs.push({ from, to, at: last ? last.at + last.to - last.from : at });
	}
	return runs;
}

export function endOf(runs: readonly Run[], at: number): number {
	const last = runs.at(-1);
	return last ? last.at + last.to - last.from : at;
}

/** Where the byte at `position` of the clip comes to lie; it must be in one of the runs. */
export function placeOf(runs: readonly Run[], position: number): number {
	let low = 0;
	let high = runs.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if ((runs[middle]?.from ?? Infinity) <= position) low = middle;
		else high = middle - 1;
	}
	const run = runs[low];
	return run ? run.at + position - run.from : 0;
}

/**
 * The bytes of the runs from the clip's file.
 * @returns how many bytes the file lacks
 */
export async function* copyRuns(
	stream: AsyncIterable<Buffer>,
	runs: readonly Run[],
): AsyncGenerator<Buffer, number, undefined> {
	let index = 0;
	let position = 0;
	for await (const chunk of stream) {
		const end = position + chunk.length;
		for (let run = runs[index]; run && run.from < end; run = runs[index]) {
			const part = chunk.subarray(Math.max(0, run.from - position), Math.min(run.to, end) - position);
			if (part.length > 0) yield part;
			if (run.to > end) break;
			index += 1;
		}
		position = end;
		if (index === runs.length) return 0;
	}
	return index === runs.length ? 0 : (runs.at(-1)?.to ?? 0) - position;
}
