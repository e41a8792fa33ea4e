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
/** A slice that seems to have taken longer was no slice. */
const MAX_SLICE_MILLISECONDS = 60_000;

export const clock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	async sleep(milliseconds, signal) {
		let left = Math.max(0, milliseconds);
		// At least one real pause, however short: a loop that sleeps must let the rest of n8n run.
		do {
			const slice = Math.min(left, SLICE_MILLISECONDS);
			const before = Date.now();
			await sleep(slice);
			const took = Date.now() - before;
			// A clock that was set meanwhile does not tell how long it was.
			left -= took > slice && took < MAX_SLICE_MILLISECONDS ? took : slice;
		} while (left > 0 && !signal?.aborted);
	},
};

const LATE = Symbol('late');

/**
 * What the work comes to, or what `late` gives when it takes longer. The work itself goes on.
 * @throws whatever the work or `late` throws
 */
export async function withinTime<Result>(
	work: Promise<Result>,
	milliseconds: number,
	late: () => Result,
): Promise<Result> {
	const end = new AbortController();
	try {
		const first = await Promise.race([work, clock.sleep(milliseconds, end.signal).then(() => LATE)]);
		return typeof first === 'symbol' ? late() : first;
	} finally {
		end.abort();
	}
}
