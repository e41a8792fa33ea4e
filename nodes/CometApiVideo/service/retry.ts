/** Repeats a single request that was certainly not accepted. Requests of the wait are repeated by `waitForTasks.ts`. */
import type { Clock } from '../task/clock';
import { isWorthSendingAgain } from './refusals';

/** The first and the five more of https://apidoc.cometapi.com/guides/rate-limits-and-concurrency. */
export const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 1000;
export const MAX_PAUSE_MS = 30_000;

/**
 * The back-off of https://apidoc.cometapi.com/guides/rate-limits-and-concurrency: 1 s · 2^n up to 30 s, and up to 1 s of jitter.
 * @param count 1 for the first refusal in a row
 */
export function backOffMs(count: number, random: number): number {
	return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1)) + FIRST_PAUSE_MS * random;
}

/** Sends until there is an answer, up to six times. @throws what the last try threw */
export type Repeat = <Result>(send: () => Promise<Result>) => Promise<Result>;

/**
 * One for all requests of a run.
 * @param signal the user's Stop: nothing is sent again after it
 */
export function repeatRefused(clock: Clock, signal?: AbortSignal): Repeat {
	/** Of the whole run: when CometAPI has been out of reach for one task's tries, each further task need not wait as long. */
	let notSentTries = 0;
	return async (send) => {
		for (let throttledTries = 0; ;) {
			const outcome = await send().catch((error: Error) => error);
			const isRefused = isWorthSendingAgain(outcome);
			notSentTries = isRefused && outcome.kind === 'notSent' ? notSentTries + 1 : 0;
			if (!(outcome instanceof Error)) return outcome;
			if (!isRefused) throw outcome;
			const tries = notSentTries || (throttledTries += 1);
			if (tries >= MAX_TRIES || signal?.aborted) throw outcome;
			await clock.sleep(outcome.retryAfterMs ?? backOffMs(tries, clock.random()), signal);
			if (signal?.aborted) throw outcome;
		}
	};
}
