/** After a 429 nothing is sent for a while, whatever task it was about: CometAPI counts the requests of a key, not of a task. */
import { MAX_PAUSE_MS, backOffMs } from '../service/retry';
import type { Clock } from '../task/clock';

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
