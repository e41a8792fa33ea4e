/** What a loop waits for: the end of a step, a time, or the user's Stop. */
import type { Clock } from '../task/clock';

export class Bell {
	private wake = () => {};
	private sleepUntil = Infinity;
	private endSleep = new AbortController();
	readonly ring = () => this.wake();

	constructor(
		private readonly clock: Clock,
		private readonly signal?: AbortSignal,
	) {
		signal?.addEventListener('abort', this.ring);
	}

	/** Resolves at `dueAt` (milliseconds since 1970; Infinity: at no time) or when it rings, perhaps once in vain. */
	async nextRing(dueAt: number): Promise<void> {
		const rung = new Promise<void>((resolve) => {
			this.wake = resolve;
		});
		// One sleep for many rings: each one costs a timer that nothing can end early.
		if (dueAt < this.sleepUntil) this.sleep(dueAt);
		await rung;
	}

	/** It will not be waited for any more. */
	silence(): void {
		this.endSleep.abort();
		this.signal?.removeEventListener('abort', this.ring);
	}

	private sleep(until: number): void {
		this.endSleep.abort();
		const end = new AbortController();
		this.endSleep = end;
		this.sleepUntil = until;
		void this.clock.sleep(Math.max(0, until - this.clock.now()), end.signal).then(() => {
			if (end.signal.aborted) return;
			this.sleepUntil = Infinity;
			this.ring();
		});
	}
}
