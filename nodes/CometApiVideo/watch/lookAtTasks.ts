/** Looks at watched tasks, a bounded number per poll, those first that have waited longest. */
import type { TaskReference } from '../providers/taskReference';
import type { CometApiClient } from '../service/client';
import { clock } from '../task/clock';
import { RequestError, withDetails } from '../task/errors';
import type { CometApiVideoError } from '../task/errors';
import { isNotFound } from '../service/refusals';
import type { Reading } from './finishedTasks';
import type { WatchMemory } from './watchMemory';

/** Per poll, that is at most so many per minute. A task that has failed without a reason costs one request more. */
export const MAX_LOOKS_PER_POLL = 100;
/** When the workflow is switched on, so that what is over by then is known to be history. */
export const MAX_FIRST_LOOKS = 1000;
export const LOOKS_AT_ONCE = 5;
/** A task that CometAPI does not know yet is asked for again soon; one that it does not know any more, ever more seldom. */
const UNKNOWN_TASK_PAUSES_MS = [60_000, 300_000, 900_000, 3_600_000];
const DEFAULT_PAUSE_MS = 60_000;

export interface WatchedTask extends Omit<Reading, 'task' | 'failureReason'> {
	reference: TaskReference;
}

export interface Looks {
	readings: Reading[];
	/** One for each task that could not be read. */
	failures: CometApiVideoError[];
	/** After a first look: tasks that exist and were not read, by key. */
	unseen?: string[];
}

export interface LookLimits {
	maxLooks: number;
	/** No look begins after this time; milliseconds since 1970. */
	until: number;
	/** What is not read now cannot be told from history later, so a 429 is an error. */
	isFirstLook?: boolean;
}

/** @throws RequestError when CometAPI does not accept the key, or a first look is cut short by a 429 */
export async function lookAtTasks(
	client: CometApiClient,
	tasks: readonly WatchedTask[],
	memory: WatchMemory,
	{ maxLooks, until, isFirstLook = false }: LookLimits,
): Promise<Looks> {
	const now = clock.now();
	const looks: Looks = { readings: [], failures: [] };
	if (memory.pausedUntil > now && !isFirstLook) return looks;
	const due = tasks
		.filter(({ key }) => (memory.unknownTasks.get(key)?.notBefore ?? 0) <= now)
		.sort((left, right) => (memory.lastLooks.get(left.key) ?? 0) - (memory.lastLooks.get(right.key) ?? 0))
		.slice(0, maxLooks);
	const unseen = new Set(tasks.map(({ key }) => key));
	let fatal: RequestError | undefined;
	const work = due[Symbol.iterator]();
	const lookOn = async () => {
		for (const task of work) {
			if (fatal || memory.pausedUntil > clock.now() || clock.now() >= until) return;
			memory.lastLooks.set(task.key, clock.now());
			const outcome = await lookAt(client, task).catch((error: unknown) =>
				withDetails(error, { ...task.reference.ref }),
			);
			if (!(outcome instanceof Error)) {
				memory.unknownTasks.delete(task.key);
				unseen.delete(task.key);
				looks.readings.push(outcome);
				continue;
			}
			looks.failures.push(outcome);
			if (!(outcome instanceof RequestError)) continue;
			if (outcome.kind === 'throttled') {
				memory.pausedUntil = clock.now() + (outcome.retryAfterMs ?? DEFAULT_PAUSE_MS);
				if (isFirstLook) fatal = outcome;
			}
			if (outcome.details.httpStatus === 401) fatal = outcome;
			else if (outcome.kind === 'refused') rememberUnknown(memory, task.key);
			// What CometAPI does not know yet is not over either.
			if (isNotFound(outcome)) unseen.delete(task.key);
		}
	};
	await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
	if (fatal) throw fatal;
	forgetOthers(memory, tasks);
	if (isFirstLook) looks.unseen = [...unseen];
	return looks;
}

async function lookAt(client: CometApiClient, { reference, ...watched }: WatchedTask): Promise<Reading> {
	const { task, taskApi } = await client.findTask(reference);
	const failureReason =
		task.status === 'failed' && !task.reason ? await client.readFailureReason(taskApi, task.ref) : undefined;
	return { ...watched, task, failureReason };
}

function rememberUnknown({ unknownTasks }: WatchMemory, key: string): void {
	const times = (unknownTasks.get(key)?.times ?? 0) + 1;
	const pause = UNKNOWN_TASK_PAUSES_MS[Math.min(times, UNKNOWN_TASK_PAUSES_MS.length) - 1];
	unknownTasks.set(key, { times, notBefore: clock.now() + pause });
}

/** Keeps the memory as small as the list of watched tasks. */
function forgetOthers(memory: WatchMemory, tasks: readonly WatchedTask[]): void {
	const watched = new Set(tasks.map(({ key }) => key));
	for (const kept of [memory.lastLooks, memory.unknownTasks]) {
		for (const key of kept.keys()) if (!watched.has(key)) kept.delete(key);
	}
}
