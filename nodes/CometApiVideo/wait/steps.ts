/** The steps of a job: each does one thing with the outside world and says what has become of the job. None of them throws. */
import { FileNotReadyError, RequestError, withDetails } from '../task/errors';
import { outcomeOf } from '../service/retry';
import type { TaskRef, VideoTask } from '../task/types';
import type { Job, StartedTask, WaitOptions } from './job';
import { toWaitedTask, watchOf } from './jobState';
import type { Creating, Finishing, JobState, Looking, Settled } from './jobState';
import type { RateLimitRefusal } from './rateLimitPause';
import { afterCreate, afterFailedLook, afterLook, afterMissingFile, afterRefusedCreate } from './transitions';
import type { Moment, Pace, TasksOfRun } from './transitions';

export type Begun = Creating | Looking | Finishing;

export interface StepEnd<Result> {
	state: JobState<Result>;
	/** Set when a rate limit has refused the request. */
	refusal?: RateLimitRefusal;
}

export interface Surroundings {
	paceOf(started: StartedTask): Pace;
	moment(): Moment;
	tasksOfRun(): TasksOfRun;
	onProgress: WaitOptions['onProgress'];
}

export async function takeStep<Result>(
	job: Job<Result>,
	begun: Begun,
	surroundings: Surroundings,
): Promise<StepEnd<Result>> {
	try {
		if (begun.phase === 'creating') return await create(job, begun, surroundings);
		if (begun.phase === 'looking') return await look(job, begun, surroundings);
		return { state: await finish(job, begun, surroundings) };
	} catch (error) {
		return { state: failed(begun, error, surroundings.moment().now) };
	}
}

async function create<Result>(job: Job<Result>, begun: Creating, around: Surroundings): Promise<StepEnd<Result>> {
	const outcome = await outcomeOf(job.start());
	if ('error' in outcome) {
		const moment = around.moment();
		const again = afterRefusedCreate(begun, outcome.error, around.tasksOfRun(), moment);
		if (!again) throw outcome.error;
		const { state, pauseMs } = again;
		return { state, refusal: pauseMs === undefined ? undefined : { ...moment, sentAt: begun.sentAt, pauseMs } };
	}
	const { result: started } = outcome;
	show(job, around, started.ref, started.finished);
	return { state: afterCreate(begun, started, around.paceOf(started), around.moment()) };
}

async function look<Result>(job: Job<Result>, begun: Looking, around: Surroundings): Promise<StepEnd<Result>> {
	const { started } = begun.watch;
	const { ref } = started;
	const outcome = await outcomeOf(job.poll(ref));
	if ('error' in outcome) {
		const { error } = outcome;
		const moment = around.moment();
		const isThrottled = error instanceof RequestError && error.kind === 'throttled';
		const refusal = isThrottled ? { ...moment, sentAt: begun.sentAt, pauseMs: error.retryAfterMs } : undefined;
		return { state: afterFailedLook(begun, error, around.paceOf(started), moment), refusal };
	}
	const { result: task } = outcome;
	show(job, around, ref, task);
	return { state: afterLook(begun, task, around.paceOf(started), around.moment()) };
}

async function finish<Result>(job: Job<Result>, begun: Finishing, around: Surroundings): Promise<JobState<Result>> {
	const { watch, timedOut, endedAt, begunAt } = begun;
	const waited = toWaitedTask(watch, timedOut, endedAt, begunAt);
	const outcome = await outcomeOf(job.finish(waited));
	if ('result' in outcome) return { phase: 'settled', outcome: { ok: true, result: outcome.result }, watch };
	const { error } = outcome;
	if (waited.isLastTry || !(error instanceof FileNotReadyError)) throw error;
	return afterMissingFile(begun, around.moment().now);
}

function failed(begun: Begun, thrown: unknown, now: number): Settled<never> {
	const watch = watchOf(begun);
	const { details, ref } = watch?.started ?? {};
	const error = withDetails(thrown, { ...details, ...ref, rawStatus: watch?.task?.rawStatus });
	const { endedAt, timedOut } = begun.phase === 'finishing' ? begun : { endedAt: now, timedOut: false };
	const waited = watch && toWaitedTask(watch, timedOut, endedAt);
	return { phase: 'settled', outcome: { ok: false, error, waited }, watch };
}

function show(
	{ itemIndex }: Job<unknown>,
	{ onProgress }: Surroundings,
	ref: TaskRef,
	task: VideoTask | undefined,
): void {
	try {
		onProgress?.(itemIndex, ref, task);
	} catch {
		// What cannot be shown must not cost the task that it is about.
	}
}
