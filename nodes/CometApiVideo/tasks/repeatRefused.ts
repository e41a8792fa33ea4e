/** Repeats a single request that was certainly not accepted. Requests of the wait are repeated by `waitForTasks.ts`. */
import type { Clock } from './clock';
import { MAX_TRIES, backOffMs } from './rateLimitPause';
import { isWorthSendingAgain } from './requestErrors';

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
		for (let throttledTries = 0; ; ) {
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
