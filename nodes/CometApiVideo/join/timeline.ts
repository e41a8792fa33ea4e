/**
 * The tracks of the joined file. Each clip begins for all its tracks at the moment at which the longest track of the clip
 * before has ended, so sound and picture stay in step however many clips there are; shorter tracks keep their last
 * sample until then.
 *
 * What is decoded but not shown at the beginning of a clip is the lead-in of sound encoders, without which the first sound
 * would be wrong. It lies between two edits, and is given next to no time: readers that know only one edit then miss the
 * right moment by the length of a few sound samples, not by that of a packet.
 */
import { endOf, placeOf, planCopy } from './copyPlan';
import type { Run } from './copyPlan';
import { mergeAdjacent, shownSpan, shownTicks } from './edits';
import type { Edit } from './edits';
import type { Clip, Track } from './readClip';
import { SampleList, forEachChunk } from './samples';

export interface JoinedTrack {
	first: Track;
	timescale: number;
	/** Places count from the first byte of the joined pictures and sounds. */
	samples: SampleList;
	edits: Edit[];
}

export interface JoinedClips {
	tracks: JoinedTrack[];
	/** For each clip, what is copied of it. */
	runs: Run[][];
	payloadBytes: number;
	durationSeconds: number;
}

/** Of the picture: coarser clocks could not begin a clip together with its sound. */
const MIN_VIDEO_TIMESCALE = 10_000;
/** Sums of fractions of a second are not exact. */
const ROUNDING_TICKS = 1e-4;
/** Finer clocks would make the times of a long film longer than many players read. */
const MAX_TIMESCALE = 10_000_000;

/** @param clips alike in number, order and encoding of their tracks */
export function joinTimelines(clips: readonly Clip[]): JoinedClips {
	const runs: Run[][] = [];
	let payloadBytes = 0;
	for (const clip of clips) {
		const own = planCopy(clip, payloadBytes);
		runs.push(own);
		payloadBytes = endOf(own, payloadBytes);
	}
	const timescales = (clips[0]?.tracks ?? []).map((first, index) =>
		outputTimescale(clips.map((clip) => clip.tracks[index] ?? first)),
	);
	const pictures = (clips[0]?.tracks ?? []).findIndex(({ format }) => format.kind === 'video');
	const pictureTimescale = timescales[pictures] ?? MIN_VIDEO_TIMESCALE;
	const startSeconds = [0];
	const idleSeconds: number[] = [];
	for (const { tracks } of clips) {
		const idle = Math.min(...tracks.map(({ edits, timescale }) => (edits[0]?.gap ?? 0) / timescale));
		const length = Math.max(...tracks.map(({ edits, timescale }) => shownTicks(edits) / timescale)) - idle;
		idleSeconds.push(idle);
		const end = ((startSeconds.at(-1) ?? 0) + length) * pictureTimescale;
		// The sound can begin at any of its samples; a picture only with a tick of its clock.
		startSeconds.push(Math.ceil(end - ROUNDING_TICKS) / pictureTimescale);
	}
	const tracks = (clips[0]?.tracks ?? []).map((first, index) => {
		const parts = clips.map((clip) => clip.tracks[index] ?? first);
		const timescale = timescales[index] ?? first.timescale;
		const joined = new TrackJoiner(parts.map((part) => rescale(part, timescale)));
		for (const [clip, part] of joined.parts.entries()) {
			joined.append(part, {
				beginsAt: Math.round((startSeconds[clip] ?? 0) * timescale),
				idle: Math.round((idleSeconds[clip] ?? 0) * timescale),
				runs: runs[clip] ?? [],
			});
		}
		return { first, timescale, samples: joined.samples, edits: mergeAdjacent(joined.edits) };
	});
	return { tracks, runs, payloadBytes, durationSeconds: startSeconds.at(-1) ?? 0 };
}

interface ClipPlace {
	/** Ticks from the beginning of the joined video. */
	beginsAt: number;
	/** Ticks in which no track of the clip shows anything yet. */
	idle: number;
	runs: readonly Run[];
}

type Part = Pick<Track, 'format' | 'timescale' | 'samples' | 'edits'>;

class TrackJoiner {
	readonly samples = new SampleList({ left: Infinity });

	readonly edits: Edit[] = [];

	/** When the next sample is decoded. */
	private decodedUntil = 0;

	/** From the decoding of a clip's first sample until something is shown: the longest of all clips. */
	private readonly lead: number;

	constructor(readonly parts: readonly Part[]) {
		const leads = parts.map(({ samples }) => shownSpan(samples)).map(({ start, minOffset }) => start - minOffset);
		this.lead = Math.max(0, ...leads);
	}

	append(part: Part, { beginsAt, idle, runs }: ClipPlace): void {
		const [firstEdit] = part.edits;
		if (!firstEdit) return;
		const isFirst = this.edits.length === 0;
		const leadIn =
			isFirst || part.format.kind === 'video' ? { samples: 0, rest: 0 } : readLeadIn(part.samples, firstEdit);
		const showAt = beginsAt + firstEdit.gap - idle - leadIn.rest;
		if (!isFirst) this.reach(showAt, part.format.kind);
		const shift = this.appendSamples(part.samples, leadIn.samples);
		const gap = isFirst ? showAt : Math.max(0, showAt - shownTicks(this.edits));
		for (const [index, edit] of part.edits.entries()) {
			const mediaTime = edit.mediaTime + shift;
			this.edits.push(
				index > 0
					? { ...edit, mediaTime }
					: { gap, mediaTime: mediaTime - leadIn.rest, duration: edit.duration + leadIn.rest },
			);
		}
		this.appendChunks(part.samples, runs);
	}

	/** The last sample so far stays until `showAt`, or ends then. */
	private reach(showAt: number, kind: 'video' | 'sound'): void {
		const edit = this.edits.at(-1);
		if (!edit) return;
		edit.duration = Math.max(1, edit.duration + showAt - shownTicks(this.edits));
		const end = edit.mediaTime + edit.duration - this.lead;
		const { samples } = this;
		let last = samples.count - 1;
		let lastBegins = this.decodedUntil - (samples.durations[last] ?? 0);
		while (kind === 'sound' && lastBegins >= end && last > 0) {
			last -= 1;
			lastBegins -= samples.durations[last] ?? 0;
		}
		samples.cut(last + 1);
		this.decodedUntil = lastBegins + (samples.durations[last] ?? 0);
		// Pictures that follow the last one shown are left as they are: others may depend on them.
		if (end <= lastBegins) return;
		samples.durations[last] = end - lastBegins;
		this.decodedUntil = end;
	}

	/** @returns what is added to times of the clip to make them times of the joined track */
	private appendSamples(part: SampleList, leadInSamples: number): number {
		const { start } = shownSpan(part);
		let squeezed = 0;
		const begin = this.decodedUntil;
		for (let index = 0; index < part.count; index++) {
			const given = part.durations[index] ?? 0;
			const duration = index < leadInSamples ? Math.min(1, given) : given;
			squeezed += given - duration;
			const offset = (part.compositionOffsets[index] ?? 0) + this.lead - start;
			this.samples.add(part.sizes[index] ?? 0, duration, offset, part.sync[index] === 1);
			this.decodedUntil += duration;
		}
		return begin + this.lead - start - squeezed;
	}

	private appendChunks(part: SampleList, runs: readonly Run[]): void {
		forEachChunk(part, (position, _bytes, count) => this.samples.addChunk(placeOf(runs, position), count));
	}
}

/** @returns how many packets end before the sound begins, and how much of the next one is before it */
function readLeadIn({ count, durations }: SampleList, { mediaTime }: Edit): { samples: number; rest: number } {
	let begins = 0;
	for (let index = 0; index < count; index++) {
		const ends = begins + (durations[index] ?? 0);
		if (ends > mediaTime) return { samples: index, rest: mediaTime - begins };
		begins = ends;
	}
	return { samples: 0, rest: 0 };
}

/** The clock in which the times of all clips are whole numbers; the finest of theirs if that would be too fine. */
function outputTimescale(parts: readonly Track[]): number {
	const timescales = parts.map(({ timescale }) => timescale);
	const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
	const common = timescales.reduce((a, b) => (a / divisor(a, b)) * b);
	if (common > MAX_TIMESCALE) return Math.max(...timescales);
	const isVideo = parts[0]?.format.kind === 'video';
	return isVideo ? common * Math.ceil(MIN_VIDEO_TIMESCALE / common) : common;
}

function rescale({ format, timescale: own, samples, edits }: Track, timescale: number): Part {
	if (own === timescale) return { format, timescale, samples, edits };
	const scaled = (ticks: number) => Math.round((ticks * timescale) / own);
	const rescaled = new SampleList({ left: Infinity });
	let decodedAt = 0;
	for (let index = 0; index < samples.count; index++) {
		const next = decodedAt + (samples.durations[index] ?? 0);
		const offset = scaled(decodedAt + (samples.compositionOffsets[index] ?? 0)) - scaled(decodedAt);
		rescaled.add(samples.sizes[index] ?? 0, scaled(next) - scaled(decodedAt), offset, samples.sync[index] === 1);
		decodedAt = next;
	}
	for (let chunk = 0; chunk < samples.chunkCount; chunk++) {
		rescaled.addChunk(samples.chunkPositions[chunk] ?? 0, samples.chunkSamples[chunk] ?? 0);
	}
	const edit = ({ gap, mediaTime, duration }: Edit): Edit => ({
		gap: scaled(gap),
		mediaTime: scaled(mediaTime),
		duration: scaled(mediaTime + duration) - scaled(mediaTime),
	});
	return { format, timescale, samples: rescaled, edits: edits.map(edit) };
}
