/** The beginning of the joined file: type, tables, and the header of the pictures and sounds, which then follow as a stream. */
import { uint16, uint32, uint32List, uint64, writeBox, writeFullBox } from './boxes';
import { shownTicks } from './edits';
import type { JoinedClips, JoinedTrack } from './timeline';
import type { SampleList } from './samples';

const MAX_UINT32 = 0xffffffff;
/** More than the tables of any joined file; decides between short and long places before the tables' length is known. */
const ROOM_FOR_TABLES = 256 * 1024 * 1024;
const DEFAULT_FILE_TYPE = Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1');
const UNTURNED = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** @param fileType body of the box that the first clip begins with */
export function buildHead(fileType: Buffer | undefined, joined: JoinedClips): Buffer {
	const { payloadBytes } = joined;
	const type = writeBox('ftyp', isQuickTime(fileType) ? fileType : DEFAULT_FILE_TYPE);
	const isLong = payloadBytes + ROOM_FOR_TABLES > MAX_UINT32;
	const dataHeader = isLong
		? Buffer.concat([uint32(1), Buffer.from('mdat'), uint64(payloadBytes + 16)])
		: Buffer.concat([uint32(payloadBytes + 8), Buffer.from('mdat')]);
	const tablesBytes = buildMovie(joined, 0, isLong).length;
	return Buffer.concat([type, buildMovie(joined, type.length + tablesBytes + dataHeader.length, isLong), dataHeader]);
}

export function isQuickTime(fileType: Buffer | undefined): fileType is Buffer {
	return fileType?.toString('latin1', 0, 4) === 'qt  ';
}

/** @param base where the pictures and sounds begin in the file */
function buildMovie({ tracks }: JoinedClips, base: number, isLong: boolean): Buffer {
	// The clock of the sound, so that it is cut between two of its samples.
	const sound = tracks.find(({ first }) => first.format.kind === 'sound');
	const timescale = (sound ?? tracks[0])?.timescale ?? 1000;
	const traks = tracks.map((track, index) => buildTrack(track, index + 1, timescale, base, isLong));
	const duration = Math.max(...tracks.map((track) => movieTicks(track, timescale)));
	const mvhd = writeTimes(
		'mvhd',
		0,
		[0, 0, timescale, duration],
		[0, 1, 3],
		[uint32(0x10000), uint16(0x100, 0), uint32(0, 0), UNTURNED, Buffer.alloc(24), uint32(tracks.length + 1)],
	);
	return writeBox('moov', mvhd, ...traks);
}

function movieTicks({ edits, timescale }: JoinedTrack, movieTimescale: number): number {
	return Math.round((shownTicks(edits) * movieTimescale) / timescale);
}

/** A header whose times, the fields at `wide`, have 32 bits, or 64 if one needs them. */
function writeTimes(type: string, flags: number, fields: number[], wide: number[], rest: Buffer[]): Buffer {
	const isLong = fields.some((field) => field > MAX_UINT32);
	const written = fields.map((field, index) => (isLong && wide.includes(index) ? uint64(field) : uint32(field)));
	return writeFullBox(type, isLong ? 1 : 0, flags, ...written, ...rest);
}

function buildTrack(track: JoinedTrack, id: number, movieTimescale: number, base: number, isLong: boolean): Buffer {
	const { first, timescale, samples } = track;
	const { kindHeader } = first;
	const isVideo = first.format.kind === 'video';
	const information = writeBox(
		'minf',
		kindHeader
			? writeBox(kindHeader.type, kindHeader.body)
			: writeFullBox(isVideo ? 'vmhd' : 'smhd', 0, isVideo ? 1 : 0, Buffer.alloc(isVideo ? 8 : 4)),
		// The data is in this file.
		writeBox('dinf', writeFullBox('dref', 0, 0, uint32(1), writeFullBox('url ', 0, 1))),
		buildSampleTables(first.description, samples, base, isLong),
	);
	const media = writeBox(
		'mdia',
		writeTimes('mdhd', 0, [0, 0, timescale, samples.totalDuration()], [0, 1, 3], [first.language]),
		writeBox('hdlr', first.handler),
		information,
	);
	const duration = movieTicks(track, movieTimescale);
	const header = writeTimes('tkhd', first.flags, [0, 0, id, 0, duration], [0, 1, 4], [first.presentation]);
	return writeBox('trak', header, writeBox('edts', buildEditList(track, movieTimescale)), media);
}

function buildEditList({ edits, timescale }: JoinedTrack, movieTimescale: number): Buffer {
	const rows: Array<{ ticks: number; mediaTime: number }> = [];
	let shown = 0;
	const add = (ticks: number, mediaTime: number) => {
		const until = (end: number) => Math.round((end * movieTimescale) / timescale);
		// Rounded from the beginning, so that nothing adds up.
		if (ticks > 0) rows.push({ ticks: until(shown + ticks) - until(shown), mediaTime });
		shown += ticks;
	};
	for (const { gap, mediaTime, duration } of edits) {
		add(gap, -1);
		add(duration, mediaTime);
	}
	const isLong = rows.some(({ ticks, mediaTime }) => ticks > MAX_UINT32 || mediaTime > MAX_UINT32 / 2);
	const rate = uint16(1, 0);
	const written = rows.map(({ ticks, mediaTime }) => {
		const nothing = Buffer.alloc(isLong ? 8 : 4, 0xff);
		const start = mediaTime < 0 ? nothing : isLong ? uint64(mediaTime) : uint32(mediaTime);
		return Buffer.concat([isLong ? uint64(ticks) : uint32(ticks), start, rate]);
	});
	return writeFullBox('elst', isLong ? 1 : 0, 0, uint32(rows.length), ...written);
}

function buildSampleTables(description: Buffer, samples: SampleList, base: number, isLong: boolean): Buffer {
	const { count, sizes, durations, compositionOffsets, sync, chunkPositions } = samples;
	const hasOffsets = compositionOffsets.subarray(0, count).some((offset) => offset !== 0);
	const syncSamples = [...sync.subarray(0, count).keys()].filter((index) => sync[index] === 1);
	const place = (chunk: number) => base + (chunkPositions[chunk] ?? 0);
	return writeBox(
		'stbl',
		writeBox('stsd', description),
		writeTable(
			'stts',
			2,
			toRuns(count, (index) => durations[index] ?? 0),
		),
		...(hasOffsets
			? [
					writeTable(
						'ctts',
						2,
						toRuns(count, (index) => compositionOffsets[index] ?? 0),
					),
				]
			: []),
		...(syncSamples.length < count
			? [
					writeTable(
						'stss',
						1,
						syncSamples.map((index) => index + 1),
					),
				]
			: []),
		writeTable('stsc', 3, toChunkRuns(samples)),
		writeFullBox(
			'stsz',
			0,
			0,
			uint32(0, count),
			uint32List(count, (index) => sizes[index] ?? 0),
		),
		isLong
			? writeFullBox('co64', 0, 0, uint32(samples.chunkCount), writePlaces(samples.chunkCount, place))
			: writeFullBox('stco', 0, 0, uint32(samples.chunkCount), uint32List(samples.chunkCount, place)),
	);
}

function writePlaces(count: number, place: (chunk: number) => number): Buffer {
	const bytes = Buffer.alloc(count * 8);
	for (let chunk = 0; chunk < count; chunk++) bytes.writeBigUInt64BE(BigInt(place(chunk)), chunk * 8);
	return bytes;
}

/** @param columns numbers in each row */
function writeTable(type: string, columns: number, values: readonly number[]): Buffer {
	const rows = uint32List(values.length, (index) => values[index] ?? 0);
	return writeFullBox(type, 0, 0, uint32(values.length / columns), rows);
}

/** Pairs of a number of samples and the value that they share. */
function toRuns(count: number, valueAt: (index: number) => number): number[] {
	const runs: number[] = [];
	for (let index = 0; index < count; index++) {
		const value = valueAt(index);
		if (runs.length > 0 && runs[runs.length - 1] === value) runs[runs.length - 2] = (runs[runs.length - 2] ?? 0) + 1;
		else runs.push(1, value);
	}
	return runs;
}

/** Triples: the first chunk of a run, the samples in each of its chunks, the description that they use. */
function toChunkRuns({ chunkCount, chunkSamples }: SampleList): number[] {
	const runs: number[] = [];
	for (let chunk = 0; chunk < chunkCount; chunk++) {
		const samples = chunkSamples[chunk] ?? 0;
		if (samples !== runs[runs.length - 2]) runs.push(chunk + 1, samples, 1);
	}
	return runs;
}
