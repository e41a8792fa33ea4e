/** Looks at watched tasks, a bounded number per poll, those first that have waited longest. */
import type { TaskReference } from '../references/taskReference';
import { readReferencedTask } from '../references/taskReference';
import type { CometApiClient } from '../tasks/client';
import { clock } from '../tasks/clock';
import { RequestError, withDetails } from '../tasks/errors';
import type { CometApiVideoError } from '../tasks/errors';
import type { Reading } from './finishedTasks';
import type { WatchMemory } from './watchMemory';

/** Per poll, that is at most so many per minute. A task that has failed without a reason costs one request more. */
export const MAX_LOOKS_PER_POLL = 100;
/** When the workflow is switched on, so that what is over by then is known to be history. */
export const MAX_FIRST_LOOKS = 300;
const LOOKS_AT_ONCE = 5;
/** A task that CometAPI does not know (yet, or any more) is not worth a request a minute. */
const UNKNOWN_TASK_PAUSE_MS = 3_600_000;
const DEFAULT_PAUSE_MS = 60_000;

export interface WatchedTask extends Omit<Reading, 'task' | 'failureReason'> {
	reference: TaskReference;
}

export interface Looks {
	readings: Reading[];
	/** One for each task that could not be read. */
	failures: CometApiVideoError[];
}

export interface LookLimits {
	maxLooks: number;
	/** No look begins after this time; milliseconds since 1970. */
	until: number;
}

/** @throws RequestError when CometAPI does not accept the key: no other task could be read either */
export async function lookAtTasks(
	client: CometApiClient,
	tasks: readonly WatchedTask[],
	memory: WatchMemory,
	{ maxLooks, until }: LookLimits,
): Promise<Looks> {
	const now = clock.now();
	const looks: Looks = { readings: [], failures: [] };
	if (memory.pausedUntil > now) return looks;
	const due = tasks
		.filter(({ key }) => (memory.notBefore.get(key) ?? 0) <= now)
		.sort((left, right) => (memory.lastLooks.get(left.key) ?? 0) - (memory.lastLooks.get(right.key) ?? 0))
		.slice(0, maxLooks);
	let refusedKey: RequestError | undefined;
	const work = due[Symbol.iterator]();
	const lookOn = async () => {
		for (const task of work) {
			if (refusedKey || memory.pausedUntil > clock.now() || clock.now() >= until) return;
			memory.lastLooks.set(task.key, clock.now());
			const outcome = await lookAt(client, task).catch((error: unknown) => withDetails(error, { ...task.reference.ref }));
			if (!(outcome instanceof Error)) {
				looks.readings.push(outcome);
				continue;
			}
			looks.failures.push(outcome);
			if (!(outcome instanceof RequestError)) continue;
			if (outcome.details.httpStatus === 401) refusedKey = outcome;
			else if (outcome.kind === 'throttled') memory.pausedUntil = clock.now() + (outcome.retryAfterMs ?? DEFAULT_PAUSE_MS);
			else if (outcome.kind === 'refused') memory.notBefore.set(task.key, clock.now() + UNKNOWN_TASK_PAUSE_MS);
		}
	};
	await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
	if (refusedKey) throw refusedKey;
	forgetOthers(memory, tasks);
	return looks;
}

async function lookAt(client: CometApiClient, { reference, ...watched }: WatchedTask): Promise<Reading> {
	const task = await readReferencedTask(client, reference);
	const failureReason =
		task.status === 'failed' && !task.reason ? await client.readFailureReason(reference.taskApi, task.ref) : undefined;
	return { ...watched, task, failureReason };
}

/** Keeps the memory as small as the list of watched tasks. */
function forgetOthers(memory: WatchMemory, tasks: readonly WatchedTask[]): void {
	const watched = new Set(tasks.map(({ key }) => key));
	for (const kept of [memory.lastLooks, memory.notBefore]) {
		for (const key of kept.keys()) if (!watched.has(key)) kept.delete(key);
	}
}
