/** After a 429 nothing is sent for a while, whatever task it was about: CometAPI counts the requests of a key, not of a task. */
import { MAX_PAUSE_MS, backOffMs } from '../service/retry';

export interface RateLimitPause {
	/** In the past: there is no pause. */
	readonly until: number;
	/** Pauses of unknown length in a row; each is longer than the one before. */
	readonly count: number;
}

export const NO_PAUSE: RateLimitPause = { until: 0, count: 0 };

export interface RateLimitRefusal {
	/** When the refused request was sent. */
	sentAt: number;
	now: number;
	/** How long to wait, if that is known. */
	pauseMs?: number;
	/** 0 ≤ number < 1 */
	random: number;
}

/** The pause after one more refusal; never shorter than before. */
export function extendPause(pause: RateLimitPause, { sentAt, now, pauseMs, random }: RateLimitRefusal): RateLimitPause {
	// Requests that were sent together are refused together, and mean one pause.
	const isAnother = pauseMs === undefined && sentAt >= pause.until;
	const isFirst = sentAt - pause.until > MAX_PAUSE_MS;
	const count = isAnother ? (isFirst ? 1 : pause.count + 1) : pause.count;
	return { count, until: Math.max(pause.until, now + (pauseMs ?? backOffMs(Math.max(1, count), random))) };
}
