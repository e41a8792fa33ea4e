/** Which part of a track's samples is shown, and when: its edit list (ISO/IEC 14496-12, section 8.6.6), in ticks of the track. */
import { brokenClip } from './boxes';
import type { SampleList } from './samples';

export interface Edit {
	/** Nothing is shown for this long before it. */
	gap: number;
	/** Of the samples' own time, in which the first one is decoded at 0. */
	mediaTime: number;
	duration: number;
}

export interface ShownSpan {
	/** When the earliest sample is shown. */
	start: number;
	/** When the last one is over. */
	end: number;
	/** The smallest distance from decoding to showing; can be negative. */
	minOffset: number;
}

export function shownSpan({ count, durations, compositionOffsets }: SampleList): ShownSpan {
	const span = { start: Infinity, end: 0, minOffset: Infinity };
	let decodedAt = 0;
	for (let index = 0; index < count; index++) {
		const offset = compositionOffsets[index] ?? 0;
		const duration = durations[index] ?? 0;
		span.start = Math.min(span.start, decodedAt + offset);
		span.end = Math.max(span.end, decodedAt + offset + duration);
		span.minOffset = Math.min(span.minOffset, offset);
		decodedAt += duration;
	}
	return span;
}

/**
 * @param editList body of `elst`
 * @param startsAt when the first sample is decoded by the file's own time
 */
export function readEdits(
	editList: Buffer | undefined,
	{ timescale, samples }: { timescale: number; samples: SampleList },
	movieTimescale: number,
	startsAt: number,
): Edit[] {
	const { start, end } = shownSpan(samples);
	const given = editList && editList.length >= 8 ? readRows(editList) : [];
	// Durations are written in the coarser ticks of the movie, so they may miss the end by one.
	const tick = timescale / (movieTimescale || 1);
	const edits: Edit[] = [];
	let gap = 0;
	for (const { duration, mediaTime } of given.length > 0 ? given : [{ duration: 0, mediaTime: 0 }]) {
		const ticks = Math.round(duration * tick);
		if (mediaTime < 0) {
			gap += ticks;
			continue;
		}
		const from = mediaTime - startsAt;
		// What is shown of the time before the first picture is nothing.
		const before = Math.max(0, start - from);
		const rest = end - Math.max(from, start);
		const wanted = ticks === 0 || ticks - before > rest - tick - 1 ? rest : ticks - before;
		if (wanted > 0) {
			edits.push({ gap: gap + before, mediaTime: Math.max(from, start), duration: wanted });
			gap = 0;
		}
	}
	if (edits.length === 0) throw brokenClip('it shows nothing of its pictures or sounds');
	return mergeAdjacent(edits);
}

function readRows(body: Buffer): Array<{ duration: number; mediaTime: number }> {
	const rows = body.readUInt32BE(4);
	const isLong = body[0] === 1;
	const bytes = isLong ? 20 : 12;
	if (8 + rows * bytes > body.length) throw brokenClip('its edit list is longer than what holds it');
	return Array.from({ length: rows }, (_, row) => {
		const at = 8 + row * bytes;
		return isLong
			? { duration: Number(body.readBigUInt64BE(at)), mediaTime: Number(body.readBigInt64BE(at + 8)) }
			: { duration: body.readUInt32BE(at), mediaTime: body.readInt32BE(at + 4) };
	});
}

/** Edits that go on where the one before ended are one. */
export function mergeAdjacent(edits: readonly Edit[]): Edit[] {
	const merged: Edit[] = [];
	for (const edit of edits) {
		const last = merged.at(-1);
		if (last && edit.gap === 0 && last.mediaTime + last.duration === edit.mediaTime) {
			merged[merged.length - 1] = { ...last, duration: last.duration + edit.duration };
		} else merged.push(edit);
	}
	return merged;
}

/** From the beginning of the clip to the end of what is shown. */
export function shownTicks(edits: readonly Edit[]): number {
	return edits.reduce((sum, { gap, duration }) => sum + gap + duration, 0);
}
