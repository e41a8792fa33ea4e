/**
 * When something is tried again: a policy says which failures, how often and after which pauses, and `retry` applies it.
 * The loop of the wait (`wait/`) decides by the same policy when it creates, but between its other steps.
 */
import type { Clock } from '../task/clock';
import { RequestError } from '../task/errors';
import { isWorthSendingAgain } from './refusals';

export interface RetryPolicy {
	/** In all, the first one included. */
	readonly maxTries: number;
	isWorthRetrying(error: unknown): boolean;
	/**
	 * Milliseconds before the next try.
	 * @param failures how many there have been in a row, at least 1
	 * @param random 0 ≤ number < 1
	 */
	pauseMs(failures: number, random: number): number;
}

const FIRST_PAUSE_MS = 1000;
export const MAX_PAUSE_MS = 30_000;

/**
 * The back-off of https://apidoc.cometapi.com/guides/rate-limits-and-concurrency: 1 s · 2^n up to 30 s, and up to 1 s of jitter.
 * @param failures 1 for the first refusal in a row
 */
export function backOffMs(failures: number, random: number): number {
	return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) + FIRST_PAUSE_MS * random;
}

/** Requests that were certainly not accepted, so that even a create can be sent again: the first try and five more, as that page says. */
export const NOT_ACCEPTED: RetryPolicy = { maxTries: 6, isWorthRetrying: isWorthSendingAgain, pauseMs: backOffMs };

/**
 * @param failures how many there have been in a row, this one included
 * @returns milliseconds until the next try, as the server says or else the policy; undefined: there is none
 */
export function pauseBeforeRetry(
	policy: RetryPolicy,
	error: unknown,
	failures: number,
	random: number,
): number | undefined {
	if (failures >= policy.maxTries || !policy.isWorthRetrying(error)) return undefined;
	const asked = error instanceof RequestError ? error.retryAfterMs : undefined;
	return asked ?? policy.pauseMs(failures, random);
}

interface RetrySettings {
	clock: Clock;
	/** The user's Stop: nothing is tried again after it. */
	signal?: AbortSignal;
}

/** Works until it succeeds or the policy has had enough. @throws what the last try threw */
async function retry<Result>(
	policy: RetryPolicy,
	{ clock, signal }: RetrySettings,
	work: () => Promise<Result>,
): Promise<Result> {
	for (let failures = 1; ; failures++) {
		const outcome = await outcomeOf(work());
		if ('result' in outcome) return outcome.result;
		const pauseMs = pauseBeforeRetry(policy, outcome.error, failures, clock.random());
		if (pauseMs === undefined || signal?.aborted) throw outcome.error;
		await clock.sleep(pauseMs, signal);
		if (signal?.aborted) throw outcome.error;
	}
}

/** What work comes to, as a value. */
export async function outcomeOf<Result>(work: Promise<Result>): Promise<{ result: Result } | { error: Error }> {
	return await work.then(
		(result) => ({ result }),
		(error: Error) => ({ error }),
	);
}

/** Sends until there is an answer, up to six times. @throws what the last try threw */
export type Repeat = <Result>(send: () => Promise<Result>) => Promise<Result>;

/** For the single requests of a run, which share what they learn: a host that was out of reach is not tried as long again. */
export function repeatRefused(clock: Clock, signal?: AbortSignal): Repeat {
	let wasOutOfReach = false;
	const policy: RetryPolicy = {
		...NOT_ACCEPTED,
		isWorthRetrying: (error) => isWorthSendingAgain(error) && !(wasOutOfReach && error.kind === 'notSent'),
	};
	return async (send) => {
		const outcome = await outcomeOf(retry(policy, { clock, signal }, send));
		wasOutOfReach = 'error' in outcome && outcome.error instanceof RequestError && outcome.error.kind === 'notSent';
		if ('error' in outcome) throw outcome.error;
		return outcome.result;
	};
}
