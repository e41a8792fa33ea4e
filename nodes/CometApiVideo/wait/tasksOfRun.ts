/** How the error that ends a run names the tasks that the run leaves behind. */
import { CanceledError, UnknownOutcomeError, withLeftTasks } from '../task/errors';
import type { CometApiVideoError } from '../task/errors';
import { describeTasks } from '../task/describeTasks';
import type { OrderedTask } from '../task/describeTasks';
import type { Job } from './job';
import { watchOf } from './jobState';
import type { JobState } from './jobState';

/** A job and where it stands. */
export interface JobOfRun<Result> {
	job: Job<Result>;
	state: JobState<Result>;
}

/** The user's Stop. */
export function canceledError(jobs: ReadonlyArray<JobOfRun<unknown>>): CanceledError {
	const [first] = jobs.flatMap(({ state }) => watchOf(state)?.started ?? []);
	return withLeftTasks(
		new CanceledError('The wait for CometAPI was canceled', '', { ...first?.details, ...first?.ref }),
		describeTasks('CometAPI goes on with what has begun; tasks of this run', jobs.flatMap(tasksOf)),
	);
}

/** The error of one job, with the tasks of the others. */
export function withOtherTasks(
	error: CometApiVideoError,
	failed: JobOfRun<unknown>,
	jobs: ReadonlyArray<JobOfRun<unknown>>,
): CometApiVideoError {
	const ownId = watchOf(failed.state)?.started.ref.taskId;
	const others = jobs.filter((other) => other !== failed).flatMap(tasksOf);
	const text = describeTasks(
		'Other tasks of this run exist at CometAPI',
		// Two items may wait for the same task.
		others.filter(({ taskId }) => taskId === '' || taskId !== ownId),
	);
	return text === '' ? error : withLeftTasks(error, text);
}

/** None, or the one of the job. */
function tasksOf({ job: { itemIndex }, state }: JobOfRun<unknown>): OrderedTask[] {
	const watch = watchOf(state);
	const isUnknown =
		state.phase === 'settled' && !state.outcome.ok && state.outcome.error instanceof UnknownOutcomeError;
	const taskId = watch?.started.ref.taskId ?? '';
	if (taskId === '' && !isUnknown) return [];
	return [{ itemIndex, taskId, hasFailed: watch?.task?.status === 'failed' }];
}
