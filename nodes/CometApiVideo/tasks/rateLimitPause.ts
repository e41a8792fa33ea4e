/** After a 429 nothing is sent for a while, whatever task it was about: CometAPI counts the requests of a key, not of a task. */
import type { Clock } from './clock';

/** The first and the five more of https://apidoc.cometapi.com/guides/rate-limits-and-concurrency. */
export const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

/**
 * The back-off of https://apidoc.cometapi.com/guides/rate-limits-and-concurrency: 1 s · 2^n up to 30 s, and up to 1 s of jitter.
 * @param count 1 for the first refusal in a row
 */
export function backOffMs(count: number, random: number): number {
	return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1)) + FIRST_PAUSE_MS * random;
}

export class RateLimitPause {
	/** Milliseconds since 1970, like all times here. In the past: there is no pause. */
	until = 0;
	private pauses = 0;

	constructor(private readonly clock: Clock) {}

	/**
	 * @param sentAt when the refused request was sent
	 * @param pauseMs how long to wait, if that is known; otherwise longer with every such pause, until there has been none for a while
	 */
	extend(sentAt: number, pauseMs?: number): void {
		const now = this.clock.now();
		// Requests that were sent together are refused together, and mean one pause.
		if (pauseMs === undefined && sentAt >= this.until) {
			this.pauses = sentAt - this.until > MAX_PAUSE_MS ? 1 : this.pauses + 1;
		}
		this.until = Math.max(this.until, now + (pauseMs ?? backOffMs(Math.max(1, this.pauses), this.clock.random())));
	}
}
