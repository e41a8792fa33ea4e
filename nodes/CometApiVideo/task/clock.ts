/** The only place that reads the time or sleeps, so that tests can put a virtual clock in its place. */
import { sleep } from 'n8n-workflow';

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Resolves after `milliseconds`, or soon (≤ 0.5 s) after `signal` aborts. Never rejects. */
	sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
	/** 0 ≤ number < 1, for jitter. */
	random(): number;
}

/**
 * n8n-workflow's abortable sleep has had three different shapes and timers are forbidden in community nodes, so a long
 * sleep is made of short ones with a look at the signal between them.
 */
const SLICE_MILLISECONDS = 500;

export const clock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	async sleep(milliseconds, signal) {
		const until = Date.now() + milliseconds;
		// At least one real pause, however short: a loop that sleeps must let the rest of n8n run.
		for (let left = Math.max(0, milliseconds); left >= 0 && !signal?.aborted; left = until - Date.now()) {
			await sleep(Math.min(left, SLICE_MILLISECONDS));
			if (Date.now() >= until) return;
		}
	},
};
