/** Where a job of the loop stands. A state is never changed; a step that ends puts another one in its place (`transitions.ts`). */
import type { RequestError } from '../task/errors';
import { FILE_GRACE_MS } from '../task/missingFile';
import type { VideoTask } from '../task/types';
import type { JobOutcome, StartedTask, WaitedTask } from './job';

/** Times are those of `SteadyTime`, in milliseconds. */
export type JobState<Result> = Queued | Creating | Waiting | Looking | Ended | Finishing | Settled<Result>;

/** To be created, at first or once more. */
export interface Queued {
	phase: 'queued';
	dueAt: number;
	refusals: CreateRefusals;
	/** Whether it keeps its place among the tasks that may run at once. */
	holdsSlot: boolean;
}

export interface Creating {
	phase: 'creating';
	sentAt: number;
	refusals: CreateRefusals;
}

/** The task runs, or its file is not there yet; it is looked at next at `dueAt`. */
export interface Waiting {
	phase: 'waiting';
	dueAt: number;
	watch: Watch;
}

export interface Looking {
	phase: 'looking';
	sentAt: number;
	watch: Watch;
}

/** Nothing is left to wait for; what remains is to hand the task over. */
export interface Ended {
	phase: 'ended';
	endedAt: number;
	timedOut: boolean;
	watch: Watch;
}

export interface Finishing extends Omit<Ended, 'phase'> {
	phase: 'finishing';
	begunAt: number;
}

export interface Settled<Result> {
	phase: 'settled';
	outcome: JobOutcome<Result>;
	/** Absent: there is no task. */
	watch?: Watch;
}

/** Creates that were certainly not accepted. */
interface CreateRefusals {
	/** By a rate limit. */
	throttled: number;
	/** Never received. */
	notSent: number;
	/** How many tasks of the run had ended when the last of these creates was refused. */
	endedTasks: number;
}

/** What is known about a task. */
export interface Watch {
	started: StartedTask;
	startedAt: number;
	deadline: number;
	/** Between the last two looks. */
	gapMs: number;
	/** When it was last seen running. */
	seenRunningAt?: number;
	/** From the creation of a task to its success, as near as the looks can tell. */
	ranForMs?: number;
	pollCount: number;
	/** The last reading. */
	task?: VideoTask;
	/** Set when the last look has failed. */
	lastFailure?: RequestError;
	/** Looks in a row that were refused by something that need not be CometAPI. */
	strangeRefusals?: { count: number; since: number };
	/** Set when the task has succeeded and its file was not there. */
	missingFile?: { since: number; tries: number };
}

/** Whether the job takes up one of the places for tasks that run at once. */
export function holdsSlot(state: JobState<unknown>): boolean {
	return state.phase === 'queued' ? state.holdsSlot : state.phase === 'creating' || isRunning(state);
}

/** Whether its task runs at CometAPI, as far as is known. */
export function isRunning(state: JobState<unknown>): boolean {
	return (state.phase === 'waiting' || state.phase === 'looking') && !state.watch.missingFile;
}

/** Whether there was a task that does not run any more. */
export function hasEnded(state: JobState<unknown>): boolean {
	return watchOf(state) !== undefined && !isRunning(state);
}

export function watchOf(state: JobState<unknown>): Watch | undefined {
	return 'watch' in state ? state.watch : undefined;
}

/**
 * What the wait has come to.
 * @param now of the try to finish, which may be later than the end where other files are being fetched
 */
export function toWaitedTask(watch: Watch, timedOut: boolean, endedAt: number, now = endedAt): WaitedTask {
	const { started, task, pollCount, startedAt, lastFailure, missingFile } = watch;
	const canBeLookedAt = started.wait && started.ref.taskId !== '';
	const isLastTry = !canBeLookedAt || (missingFile !== undefined && now - missingFile.since >= FILE_GRACE_MS);
	return { started, task, timedOut, isLastTry, waitedMs: endedAt - startedAt, pollCount, lostContact: lastFailure };
}
