/** When a new task is looked at: seldom while a video cannot be ready, often around the time at which it should be. Pure. */
import type { StartedTask } from './job';
import { MAX_POLL_INTERVAL_MS, USUAL_POLL_INTERVAL_MS } from './job';
import type { Watch } from './jobState';

/** Nothing says how long a model takes, and most videos take between one and five minutes; the run's own tasks tell more. */
const PRESUMED_RUN_MS = 180_000;
/** The shortest gaps, around the presumed end and around one that the run has seen. */
const PRESUMED_END_GAP_MS = 6000;
const SEEN_END_GAP_MS = 3000;
/** Before the presumed end, in intervals: a video may be ready much sooner. */
const EARLY_GAP_INTERVALS = 1.8;
/** The farther away the end is, the longer the gap; it grows more slowly after the end, for most of what is late is not very late. */
const GAP_SHARE_BEFORE = 0.35;
const GAP_SHARE_AFTER = 0.15;

/**
 * @param ageMs since the creation of the task
 * @param pollIntervalMs the gap at first; what is longer than usual is never undercut, for the user wants fewer requests
 * @param seenRunMs how long other tasks of the kind ran, if any has ended
 * @returns milliseconds until the next look
 */
export function gapAt(ageMs: number, pollIntervalMs: number, seenRunMs?: number): number {
	const longest = Math.max(pollIntervalMs, MAX_POLL_INTERVAL_MS);
	const presumed = presumedGap(ageMs, pollIntervalMs, longest);
	if (seenRunMs === undefined) return ageMs === 0 ? pollIntervalMs : presumed;
	// Who is late may be of another length than the others.
	const most = ageMs < seenRunMs ? longest : presumed;
	return byDistance(seenRunMs - ageMs, Math.min(shortest(pollIntervalMs, SEEN_END_GAP_MS), most), most);
}

/** The usual time to run of the tasks that are like this one and have succeeded: the median. Undefined without any. */
export function seenRunTime(watches: readonly Watch[], started: StartedTask): number | undefined {
	const times = watches.flatMap(({ started: other, ranForMs }) =>
		ranForMs !== undefined && isOfOneKind(other, started) ? [ranForMs] : [],
	);
	return times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
}

function presumedGap(ageMs: number, pollIntervalMs: number, longest: number): number {
	const least = shortest(pollIntervalMs, PRESUMED_END_GAP_MS);
	const early = Math.max(pollIntervalMs, Math.min(EARLY_GAP_INTERVALS * pollIntervalMs, MAX_POLL_INTERVAL_MS));
	return byDistance(PRESUMED_RUN_MS - ageMs, least, ageMs < PRESUMED_RUN_MS ? early : longest);
}

/** @param leftMs until the end; negative after it */
function byDistance(leftMs: number, least: number, most: number): number {
	const gap = leftMs > 0 ? leftMs * GAP_SHARE_BEFORE : -leftMs * GAP_SHARE_AFTER;
	return Math.min(Math.max(gap, least), most);
}

function shortest(pollIntervalMs: number, usual: number): number {
	return pollIntervalMs > USUAL_POLL_INTERVAL_MS ? pollIntervalMs : Math.min(pollIntervalMs, usual);
}

function isOfOneKind({ details: one }: StartedTask, { details: other }: StartedTask): boolean {
	return one.provider === other.provider && one.mode === other.mode && one.model === other.model;
}
