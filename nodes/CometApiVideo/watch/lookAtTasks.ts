/** Looks at watched tasks one after the other, a bounded number per poll. */
import type { TaskReference } from '../providers/taskReference';
import type { CometApiClient } from '../service/client';
import { clock } from '../task/clock';
import { RequestError, withDetails } from '../task/errors';
import type { CometApiVideoError } from '../task/errors';
import { judgeMissingFile } from '../task/missingFile';
import type { VideoTask } from '../task/types';
import type { Reading } from './finishedTasks';
import { isOn } from './watchMemory';
import type { WatchMemory } from './watchMemory';

/** Per poll, that is at most so many per minute. A task that has failed without a reason costs one request more. */
export const MAX_LOOKS_PER_POLL = 100;
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
	/** Keys of the tasks that have had their turn. */
	looked: ReadonlySet<string>;
}

export interface LookLimits {
	maxLooks: number;
	/** No look begins after this time; milliseconds since 1970. */
	until: number;
	/** What is not seen finished now is news later, so a 429 is an error, and the user publishes again when it is over. */
	isFirstLook?: boolean;
}

/** Whether a task is to be looked at now; one that CometAPI does not know has to wait. */
export function isDue({ unknownTasks }: WatchMemory, key: string): boolean {
	return !isOn(unknownTasks.get(key)?.pause, clock.now());
}

/** Whether CometAPI has said at every one of several looks, over more than twenty minutes, that it does not know the task. */
export function isUnknownForLong({ unknownTasks }: WatchMemory, key: string): boolean {
	return (unknownTasks.get(key)?.times ?? 0) >= UNKNOWN_TASK_PAUSES_MS.length;
}

/** @throws RequestError when CometAPI does not accept the key, or a first look is cut short by a 429 */
export async function lookAtTasks(
	client: CometApiClient,
	tasks: readonly WatchedTask[],
	memory: WatchMemory,
	{ maxLooks, until, isFirstLook = false }: LookLimits,
): Promise<Looks> {
	const readings: Reading[] = [];
	const failures: CometApiVideoError[] = [];
	const looked = new Set<string>();
	const looks: Looks = { readings, failures, looked };
	if (isOn(memory.pause, clock.now()) && !isFirstLook) return looks;
	const due = tasks.filter(({ key }) => isDue(memory, key)).slice(0, maxLooks);
	let fatal: RequestError | undefined;
	const work = due[Symbol.iterator]();
	const lookOn = async () => {
		for (const task of work) {
			if (fatal || isOn(memory.pause, clock.now()) || clock.now() >= until) return;
			looked.add(task.key);
			const outcome = await lookAt(client, task, memory).catch((error: unknown) =>
				withDetails(error, { ...task.reference.ref }),
			);
			if (!(outcome instanceof Error)) {
				memory.unknownTasks.delete(task.key);
				readings.push(outcome);
				continue;
			}
			failures.push(outcome);
			if (!(outcome instanceof RequestError)) continue;
			if (outcome.kind === 'throttled') {
				// Who was refused has not had a turn.
				looked.delete(task.key);
				memory.pause = { since: clock.now(), lengthMs: outcome.retryAfterMs ?? DEFAULT_PAUSE_MS };
				if (isFirstLook) fatal = outcome;
			}
			if (outcome.details.httpStatus === 401) fatal = outcome;
			else if (outcome.kind === 'refused') rememberUnknown(memory, task.key);
		}
	};
	await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
	if (fatal) throw fatal;
	return looks;
}

async function lookAt(
	client: CometApiClient,
	{ reference, ...watched }: WatchedTask,
	memory: WatchMemory,
): Promise<Reading> {
	const { task: seen, taskApi } = await client.findTask(reference);
	const task = withFile(seen, watched.key, memory);
	const failureReason =
		task.status === 'failed' && !task.reason ? await client.readFailureReason(taskApi, task.ref) : undefined;
	return { ...watched, task, failureReason };
}

/** How long a file has been missing is known from the polls before. */
function withFile(task: VideoTask, key: string, { missingFiles }: WatchMemory): VideoTask {
	if (task.status !== 'succeeded' || !task.lacksFile) {
		missingFiles.delete(key);
		return task;
	}
	const now = clock.now();
	// A clock that was set back begins the minute anew.
	const since = Math.min(missingFiles.get(key) ?? now, now);
	missingFiles.set(key, since);
	return judgeMissingFile(task, now - since);
}

function rememberUnknown({ unknownTasks }: WatchMemory, key: string): void {
	const times = (unknownTasks.get(key)?.times ?? 0) + 1;
	const lengthMs = UNKNOWN_TASK_PAUSES_MS[Math.min(times, UNKNOWN_TASK_PAUSES_MS.length) - 1] ?? DEFAULT_PAUSE_MS;
	unknownTasks.set(key, { times, pause: { since: clock.now(), lengthMs } });
}
