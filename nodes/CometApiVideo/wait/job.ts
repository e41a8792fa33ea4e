/** A piece of work for the loop of `runJobs.ts`: what it is told, what it takes, and what comes of it. */
import type { Clock } from '../task/clock';
import type { CometApiVideoError, ErrorDetails, RequestError } from '../task/errors';
import type { TaskRef, VideoTask } from '../task/types';

/** What a user who sets nothing gets. */
export const USUAL_POLL_INTERVAL_MS = 10_000;
/** The longest gap between two looks at a task. */
export const MAX_POLL_INTERVAL_MS = 30_000;

export interface WaitOptions<Result = unknown> {
	/** Gap between two looks at a task at the beginning; what comes of it: `lookTimes.ts`. */
	pollIntervalMs: number;
	/** Per task, from its creation or, for an existing one, from the start of the wait. */
	timeoutMs: number;
	/** Tasks that run at CometAPI at the same time on behalf of this loop. */
	maxTasksInFlight: number;
	/** Whether the first job that fails ends everything (n8n's On Error = stop), unless it lets the others go on. */
	stopOnError: boolean;
	clock: Clock;
	signal?: AbortSignal;
	/** Absent: the loop waits until all jobs have ended. */
	rest?: Rest<Result>;
	/** Called after each look at a task, and once when it is created (without a task). */
	onProgress?(itemIndex: number, ref: TaskRef, task?: VideoTask): void;
}

/** When the loop lets others go on with the wait. */
export interface Rest<Result> {
	/** From then on it ends as soon as nothing is left but to wait: all tasks exist, and no look and no download is under way. */
	afterMs: number;
	/** A job whose time is over sooner is waited for here, so that its time-out is exact. */
	minimumMs: number;
	/**
	 * @param outcomes of all jobs, of those that wait still by their `rest`
	 * @returns whether others go on; if not, the loop goes on itself and does not ask again
	 */
	handOver(outcomes: ReadonlyArray<JobOutcome<Result>>): Promise<boolean>;
}

/** What another loop needs to go on with a wait: plain data, with times that do not depend on the loop. */
export interface EarlierWait {
	/** Milliseconds since 1970. */
	restedAt: number;
	/** From the start of the wait until then. */
	waitedMs: number;
	/** From then until the time-out. */
	leftMs: number;
	gapMs: number;
	pollCount: number;
	/** The last reading. */
	task?: VideoTask;
	strangeRefusals?: { count: number; sinceMs: number };
}

export interface StartedTask {
	ref: TaskRef;
	/** A task that already existed is looked at without waiting first. */
	isNew: boolean;
	/** False when nobody waits for the task: it goes straight to `finish`. */
	wait: boolean;
	/** For every error of this job from now on. */
	details: Readonly<ErrorDetails>;
	/** The last reading, of a job that was done when it was created. */
	finished?: VideoTask;
	/** The wait goes on where another loop has left it. */
	earlier?: EarlierWait;
}

/** What the wait knows when a job ends. `task` is absent when nobody looked at it. */
export interface WaitedTask {
	started: StartedTask;
	task?: VideoTask;
	timedOut: boolean;
	/** Whether `finish` has to do with what there is: it is not called again for a file that is missing. */
	isLastTry: boolean;
	waitedMs: number;
	pollCount: number;
	/** Set when the time-out came while CometAPI could not be reached. */
	lostContact?: RequestError;
}

export interface Job<Result> {
	/** Number of the input item, for messages. */
	itemIndex: number;
	/** Creates the task, or names the existing one. */
	start(): Promise<StartedTask>;
	poll(ref: TaskRef): Promise<VideoTask>;
	/**
	 * Turns the end of the wait into a result, e.g. by downloading. Throws for an end that counts as an error.
	 * @throws FileNotReadyError (unless it is the last try) when the file is not there yet: the task is looked at once more,
	 * and `finish` called again, until a minute has passed
	 */
	finish(waited: WaitedTask): Promise<Result>;
	/** The result of a wait that others go on with. */
	rest?(started: StartedTask, wait: EarlierWait): Result;
	/** Even with `stopOnError`. Absent: no. */
	letsOthersGoOn?(error: Error): boolean;
}

export type JobOutcome<Result> =
	| { ok: true; result: Result }
	/** `waited` is absent if there is no task. */
	| { ok: false; error: CometApiVideoError; waited?: WaitedTask };
