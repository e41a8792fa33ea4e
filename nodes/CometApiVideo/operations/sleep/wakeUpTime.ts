/** When tasks that are waited for asleep are looked at next. Pure. */
import type { EarlierWait } from '../../wait/job';

/** n8n looks once a minute, 70 seconds ahead, which executions are to be woken; what wakes sooner it would find too late. */
export const MIN_SLEEP_MS = 65_000;
const MAX_SLEEP_MS = 15 * 60_000;
/** A twentieth of what a task has taken already is a small delay, and keeps the record of a long wait short. */
const SHARE_OF_WAIT = 0.05;

/**
 * @param waits of all tasks; one at least
 * @param now milliseconds since 1970, as the result
 */
export function wakeUpTime(waits: readonly EarlierWait[], now: number): number {
	const waited = Math.min(...waits.map(({ restedAt, waitedMs }) => waitedMs + now - restedAt));
	const gap = Math.min(MAX_SLEEP_MS, Math.max(MIN_SLEEP_MS, waited * SHARE_OF_WAIT));
	// The last minute before a time-out is waited for awake, so that it is kept to the second.
	const beforeDeadline = Math.min(...waits.map(deadlineOf)) - MIN_SLEEP_MS;
	return Math.max(now + MIN_SLEEP_MS, Math.min(now + gap, beforeDeadline));
}

/** Milliseconds since 1970. */
export function deadlineOf({ restedAt, leftMs }: EarlierWait): number {
	return restedAt + leftMs;
}
