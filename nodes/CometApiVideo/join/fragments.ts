/** The samples of a fragmented MP4, from its movie fragments (ISO/IEC 14496-12, section 8.8). */
import type { Box } from './boxes';
import { brokenClip, findBox, needBox, readBoxes, readFlags, readUint64 } from './boxes';
import { assertOneEncoding } from './sampleTables';
import type { SampleList } from './samples';

/** What a fragment leaves out. */
export interface FragmentDefaults {
	description: number;
	duration: number;
	size: number;
	flags: number;
}

export interface FragmentedTrack {
	id: number;
	samples: SampleList;
	defaults: FragmentDefaults;
	/** Ticks at which the first sample is decoded; absent before the first fragment. */
	startsAt?: number;
	/** Ticks at which the sample after the last one is decoded. */
	endsAt: number;
}

const IS_NOT_SYNC = 0x10000;

/** The defaults of each track of `mvex`, by its ID. */
export function readFragmentDefaults(mvex: Buffer): Map<number, FragmentDefaults> {
	const boxes = readBoxes(mvex).filter(({ type }) => type === 'trex');
	return new Map(
		boxes.map(({ body }) => [
			body.readUInt32BE(4),
			{
				description: body.readUInt32BE(8),
				duration: body.readUInt32BE(12),
				size: body.readUInt32BE(16),
				flags: body.readUInt32BE(20),
			},
		]),
	);
}

/** @param position of the fragment's first byte in the file */
export function readFragment(moof: Buffer, position: number, tracks: readonly FragmentedTrack[]): void {
	let dataEnd = position;
	for (const { type, body } of readBoxes(moof)) {
		if (type === 'traf') dataEnd = readTrackFragment(readBoxes(body), position, dataEnd, tracks);
	}
}

/** @returns where the data of this track's part ends, from which the next one counts if it says nothing else */
function readTrackFragment(
	boxes: readonly Box[],
	position: number,
	dataEnd: number,
	tracks: readonly FragmentedTrack[],
): number {
	const header = needBox(boxes, 'tfhd');
	const flags = readFlags(header);
	const track = tracks.find(({ id }) => id === header.readUInt32BE(4));
	let at = 8;
	const next = (flag: number, fallback: number) => {
		if (!(flags & flag)) return fallback;
		at += 4;
		return header.readUInt32BE(at - 4);
	};
	let base = flags & 0x20000 ? position : dataEnd;
	if (flags & 0x1) {
		base = readUint64(header, at);
		at += 8;
	}
	const preset = track?.defaults ?? { description: 1, duration: 0, size: 0, flags: 0 };
	const defaults: FragmentDefaults = {
		description: next(0x2, preset.description),
		duration: next(0x8, preset.duration),
		size: next(0x10, preset.size),
		flags: next(0x20, preset.flags),
	};
	if (!track) return base;
	assertOneEncoding(defaults.description);
	startAt(track, findBox(boxes, 'tfdt'));
	let end = base;
	for (const { type, body } of boxes) if (type === 'trun') end = readRun(body, base, end, track, defaults);
	return end;
}

/** A gap between two fragments is time in which the last frame stays. */
function startAt(track: FragmentedTrack, decodeTime: Buffer | undefined): void {
	const given = decodeTime && (decodeTime[0] === 1 ? readUint64(decodeTime, 4) : decodeTime.readUInt32BE(4));
	const time = given ?? track.endsAt;
	const { samples } = track;
	if (track.startsAt === undefined) {
		if (samples.count === 0) track.endsAt = time;
		track.startsAt = samples.count === 0 ? time : 0;
	}
	const gap = time - track.endsAt;
	if (gap <= 0 || samples.count === 0) return;
	samples.durations[samples.count - 1] = (samples.durations[samples.count - 1] ?? 0) + gap;
	track.endsAt = time;
}

/** @returns where the data of the run ends */
function readRun(
	body: Buffer,
	base: number,
	continuesAt: number,
	track: FragmentedTrack,
	defaults: FragmentDefaults,
): number {
	const flags = readFlags(body);
	const count = body.readUInt32BE(4);
	let at = 8;
	const read = () => {
		at += 4;
		return body.readUInt32BE(at - 4);
	};
	const start = flags & 0x1 ? base + (read() | 0) : continuesAt;
	if (start < 0) throw brokenClip('it looks for frames before its beginning');
	const firstFlags = flags & 0x4 ? read() : undefined;
	let end = start;
	for (let index = 0; index < count; index++) {
		const duration = flags & 0x100 ? read() : defaults.duration;
		const size = flags & 0x200 ? read() : defaults.size;
		const ownFlags = flags & 0x400 ? read() : defaults.flags;
		const sampleFlags = index === 0 && firstFlags !== undefined ? firstFlags : ownFlags;
		const compositionOffset = flags & 0x800 ? read() | 0 : 0;
		track.samples.add(size, duration, compositionOffset, !(sampleFlags & IS_NOT_SYNC));
		track.endsAt += duration;
		end += size;
	}
	track.samples.addChunk(start, count);
	return end;
}
