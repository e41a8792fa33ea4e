/** The samples of a plain MP4's track, from its sample tables (ISO/IEC 14496-12, sections 8.6 and 8.7). */
import type { Box } from './boxes';
import { ClipProblem, MAKE_ALIKE, brokenClip, findBox, needBox, readUint64 } from './boxes';
import { MAX_SAMPLES, tooManySamples } from './samples';
import type { SampleList } from './samples';

/** @param boxes of `stbl` */
export function readSampleTables(boxes: readonly Box[], samples: SampleList): void {
	const sizes = needBox(boxes, 'stsz');
	const count = sizes.readUInt32BE(8);
	if (count === 0) return;
	if (count > MAX_SAMPLES) throw tooManySamples();
	const fixedSize = sizes.readUInt32BE(4);
	const durationOf = expandRuns(needBox(boxes, 'stts'), count, false);
	const offsets = findBox(boxes, 'ctts');
	const offsetOf = offsets ? expandRuns(offsets, count, true) : () => 0;
	const isSync = readSyncSamples(findBox(boxes, 'stss'), count);
	for (let index = 0; index < count; index++) {
		samples.add(fixedSize || sizes.readUInt32BE(12 + index * 4), durationOf(), offsetOf(), isSync(index));
	}
	readChunks(boxes, samples);
}

/** Number of rows of a table of the full box, checked against its length before anything is made of it. */
function countRows(body: Buffer, rowBytes: number): number {
	const rows = body.readUInt32BE(4);
	if (8 + rows * rowBytes > body.length) throw brokenClip('one of its tables is longer than what holds it');
	return rows;
}

/** `stts` and `ctts`: pairs of a number of samples and their value. Each call gives the value of the next sample. */
function expandRuns(body: Buffer, count: number, isSigned: boolean): () => number {
	const rows = countRows(body, 8);
	let row = 0;
	let left = 0;
	let value = 0;
	let given = 0;
	return () => {
		for (; left === 0; row++) {
			if (row >= rows) throw brokenClip(`its tables of times have ${given} of ${count} frames`);
			left = body.readUInt32BE(8 + row * 8);
			// Version 0 has no sign, but files with negative offsets and version 0 are common.
			value = isSigned ? body.readInt32BE(12 + row * 8) : body.readUInt32BE(12 + row * 8);
		}
		left -= 1;
		given += 1;
		return value;
	};
}

function readSyncSamples(body: Buffer | undefined, count: number): (index: number) => boolean {
	if (!body) return () => true;
	const sync = new Uint8Array(count);
	const rows = countRows(body, 4);
	for (let row = 0; row < rows; row++) {
		const index = body.readUInt32BE(8 + row * 4) - 1;
		if (index < count) sync[index] = 1;
	}
	return (index) => sync[index] === 1;
}

function readChunks(boxes: readonly Box[], samples: SampleList): void {
	const long = findBox(boxes, 'co64');
	const offsets = long ?? needBox(boxes, 'stco');
	const chunks = countRows(offsets, long ? 8 : 4);
	const runs = needBox(boxes, 'stsc');
	const rows = countRows(runs, 12);
	let row = -1;
	let left = samples.count;
	for (let chunk = 0; chunk < chunks && left > 0; chunk++) {
		while (row + 1 < rows && runs.readUInt32BE(8 + (row + 1) * 12) <= chunk + 1) row += 1;
		if (row < 0) throw brokenClip('its table of places does not begin with the first place');
		assertOneEncoding(runs.readUInt32BE(16 + row * 12));
		const inChunk = Math.min(left, runs.readUInt32BE(12 + row * 12));
		samples.addChunk(long ? readUint64(offsets, 8 + chunk * 8) : offsets.readUInt32BE(8 + chunk * 4), inChunk);
		left -= inChunk;
	}
	if (left > 0) throw brokenClip(`its tables do not say where ${left} of its ${samples.count} frames are`);
}

/** @param descriptionIndex counts from 1 */
export function assertOneEncoding(descriptionIndex: number): void {
	if (descriptionIndex === 1) return;
	throw new ClipProblem('changes its encoding within the clip', MAKE_ALIKE);
}
