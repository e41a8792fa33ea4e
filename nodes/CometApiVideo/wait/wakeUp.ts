/** What a loop waits for: the end of a step, a time, or the user's Stop. */
import type { SteadyTime } from './steadyTime';

export class WakeUp {
	private resolve = () => {};
	private sleepsUntil = Infinity;
	private endSleep = new AbortController();

	/** Wakes the loop now. */
	readonly wake = (): void => this.resolve();

	constructor(
		private readonly time: SteadyTime,
		private readonly signal?: AbortSignal,
	) {
		signal?.addEventListener('abort', this.wake);
	}

	/** Resolves at `dueAt` (Infinity: at no time) or when something wakes the loop; now and then there is nothing to do yet. */
	async next(dueAt: number): Promise<void> {
		const awake = new Promise<void>((resolve) => {
			this.resolve = resolve;
		});
		// One sleep serves several calls: each sleep costs a timer that nothing can end early.
		if (dueAt < this.sleepsUntil) this.sleep(dueAt);
		await awake;
	}

	/** The loop is over. */
	close(): void {
		this.endSleep.abort();
		this.signal?.removeEventListener('abort', this.wake);
	}

	private sleep(until: number): void {
		this.endSleep.abort();
		const end = new AbortController();
		this.endSleep = end;
		this.sleepsUntil = until;
		void this.time.sleepUntil(until, end.signal).then(() => {
			if (end.signal.aborted) return;
			this.sleepsUntil = Infinity;
			this.wake();
		});
	}
}
