/**
 * The only loop of the package: creates tasks as slots become free, polls all open ones together, hands each finished one
 * over. Knows nothing of n8n or HTTP: the steps, the clock and the cancel signal come from the caller.
 */
import type { Clock } from './clock';
import {
	CanceledError,
	RequestError,
	withDetails,
} from './errors';
import type { CometApiVideoError, ErrorDetails } from './errors';
import type { TaskRef, VideoTask } from './types';

export interface WaitOptions {
	/** Gap between two looks at a task at the beginning; grows to `MAX_POLL_INTERVAL_MS`. */
	pollIntervalMs: number;
	/** Per task, from its creation or, for an existing one, from the start of the wait. */
	timeoutMs: number;
	/** Tasks that run at CometAPI at the same time on behalf of this loop. */
	maxTasksInFlight: number;
	/** Whether the first job that fails ends everything (n8n's On Error = stop). */
	stopOnError: boolean;
	clock: Clock;
	signal?: AbortSignal;
	/** Called after each look at a task, and once when it is created (without a task). */
	onProgress?(itemIndex: number, ref: TaskRef, task?: VideoTask): void;
}

export interface StartedTask {
	ref: TaskRef;
	/** A task that already existed is looked at without waiting first. */
	isNew: boolean;
	/** False when nobody waits for the task: it goes straight to `finish`. */
	wait: boolean;
	/** For every error of this job from now on. */
	details: ErrorDetails;
	/** The last reading, of a job that was done when it was created. */
	finished?: VideoTask;
}

/** What the wait knows when a job ends. `task` is absent when nobody looked at it. */
export interface WaitedTask {
	started: StartedTask;
	task?: VideoTask;
	timedOut: boolean;
	waitedMs: number;
	pollCount: number;
	/** Set when the time-out came while CometAPI could not be reached. */
	lostContact?: RequestError;
}

export interface Job<Result> {
	/** Number of the item, for messages. */
	itemIndex: number;
	/** Creates the task, or names the existing one. */
	start(): Promise<StartedTask>;
	poll(ref: TaskRef): Promise<VideoTask>;
	/** Turns the end of the wait into a result, e.g. by downloading. Throws for an end that counts as an error. */
	finish(waited: WaitedTask): Promise<Result>;
}

export type JobOutcome<Result> = { ok: true; result: Result } | { ok: false; error: CometApiVideoError };

export const MAX_POLL_INTERVAL_MS = 30_000;
/** Keeps the number of looks at a three-minute task at 15 with the default interval. */
const POLL_INTERVAL_GROWTH = 1.03;
const JITTER = 0.1;
/** A task may be unknown for some seconds after its creation (documented for CometAPI's Runway route). */
const UNKNOWN_TASK_GRACE_MS = 60_000;
/** https://apidoc.cometapi.com/guides/rate-limits-and-concurrency: five tries, 1 s · 2^n up to 30 s, up to 1 s of jitter. */
const MAX_START_TRIES = 6;
const MAX_BACK_OFF_MS = 30_000;
const MAX_REQUESTS_AT_ONCE = 10;
/** Apart from the requests above, so that long downloads do not hold up the looks at other tasks. */
const MAX_FINISHES_AT_ONCE = 4;

type Phase = 'queued' | 'busy' | 'waiting' | 'ended' | 'finishing' | 'settled';

interface JobState<Result> {
	job: Job<Result>;
	phase: Phase;
	dueAt: number;
	startTries: number;
	gapMs: number;
	startedAt: number;
	deadline: number;
	pollCount: number;
	started?: StartedTask;
	task?: VideoTask;
	lastFailure?: RequestError;
	timedOut: boolean;
	/** Whether the task counts against `maxTasksInFlight`. */
	holdsSlot: boolean;
	outcome?: JobOutcome<Result>;
}

/**
 * Runs all jobs to their end; outcomes in the order of the jobs. With `stopOnError` it ends at the first job that fails,
 * whose error then names the other tasks that exist; jobs that were still open have no outcome.
 * @throws CanceledError when `signal` aborts; it names every task that exists
 */
export async function runJobs<Result>(
	jobs: ReadonlyArray<Job<Result>>,
	options: WaitOptions,
): Promise<Array<JobOutcome<Result> | undefined>> {
	const { clock, signal } = options;
	const states = jobs.map(
		(job): JobState<Result> => ({
			job,
			phase: 'queued',
			dueAt: 0,
			startTries: 0,
			gapMs: options.pollIntervalMs,
			startedAt: 0,
			deadline: 0,
			pollCount: 0,
			timedOut: false,
			holdsSlot: false,
		}),
	);
	/** Steps under way, each with the job it belongs to. */
	const running = new Map<Promise<void>, JobState<Result>>();
	/** After a 429 nothing is sent before this time. */
	let pausedUntil = 0;

	const launch = (state: JobState<Result>, step: () => Promise<void>, phase: Phase = 'busy') => {
		state.phase = phase;
		const promise = step()
			.catch((error: unknown) => settle(state, { ok: false, error: jobError(state, error) }))
			.finally(() => running.delete(promise));
		running.set(promise, state);
	};

	const settle = (state: JobState<Result>, outcome: JobOutcome<Result>) => {
		state.outcome = outcome;
		state.phase = 'settled';
		state.holdsSlot = false;
	};

	const start = async (state: JobState<Result>) => {
		state.startTries += 1;
		state.startedAt = clock.now();
		const started = await state.job.start().catch((error: unknown) => {
			if (!isWorthStartingAgain(error) || state.startTries >= MAX_START_TRIES) throw error;
			state.phase = 'queued';
			state.dueAt = clock.now() + startBackOff(error, state.startTries, clock.random());
			if (error.kind === 'throttled') pausedUntil = Math.max(pausedUntil, state.dueAt);
			return undefined;
		});
		if (!started) return;
		state.started = started;
		state.task = started.finished;
		options.onProgress?.(state.job.itemIndex, started.ref, started.finished);
		if (!started.wait || started.finished) {
			end(state, false);
			return;
		}
		state.startedAt = clock.now();
		state.deadline = state.startedAt + options.timeoutMs;
		state.dueAt = started.isNew ? nextPollAt(state) : state.startedAt;
		state.phase = 'waiting';
	};

	const poll = async (state: JobState<Result>, started: StartedTask) => {
		state.pollCount += 1;
		try {
			state.task = await state.job.poll(started.ref);
			// The answer may have come from another route than the expected one.
			state.started = { ...started, ref: state.task.ref };
			state.lastFailure = undefined;
			options.onProgress?.(state.job.itemIndex, started.ref, state.task);
		} catch (error) {
			state.lastFailure = tolerated(error, clock.now() - state.startedAt);
			if (state.lastFailure.kind === 'throttled') {
				state.gapMs = Math.min(state.gapMs * 2, Math.max(MAX_POLL_INTERVAL_MS, options.pollIntervalMs));
				pausedUntil = Math.max(pausedUntil, clock.now() + (state.lastFailure.retryAfterMs ?? state.gapMs));
			}
		}
		const isOver = state.task !== undefined && state.task.status !== 'pending' && !state.lastFailure;
		if (isOver || clock.now() >= state.deadline) {
			end(state, !isOver);
			return;
		}
		state.gapMs = Math.max(
			options.pollIntervalMs,
			Math.min(state.gapMs * POLL_INTERVAL_GROWTH, MAX_POLL_INTERVAL_MS),
		);
		state.dueAt = nextPollAt(state);
		state.phase = 'waiting';
	};

	const end = (state: JobState<Result>, timedOut: boolean) => {
		state.phase = 'ended';
		state.holdsSlot = false;
		state.timedOut = timedOut;
		state.dueAt = clock.now();
	};

	const finish = async (state: JobState<Result>) => {
		const result = await state.job.finish({
			started: state.started as StartedTask,
			task: state.task,
			timedOut: state.timedOut,
			waitedMs: state.dueAt - state.startedAt,
			pollCount: state.pollCount,
			lostContact: state.lastFailure,
		});
		settle(state, { ok: true, result });
	};

	const nextPollAt = (state: JobState<Result>) => {
		const jitter = 1 + JITTER * (2 * clock.random() - 1);
		return Math.min(clock.now() + state.gapMs * jitter, state.deadline);
	};

	const count = (phase: Phase) => states.filter((state) => state.phase === phase).length;

	const launchWhatIsDue = () => {
		let slots = options.maxTasksInFlight - states.filter((state) => state.holdsSlot).length;
		for (const state of states) {
			const { started } = state;
			if (state.phase === 'ended' && count('finishing') < MAX_FINISHES_AT_ONCE) {
				launch(state, async () => await finish(state), 'finishing');
			}
			if (count('busy') >= MAX_REQUESTS_AT_ONCE) continue;
			if (state.phase === 'waiting' && started && Math.max(state.dueAt, pauseOf(state)) <= clock.now()) {
				launch(state, async () => await poll(state, started));
			} else if (state.phase === 'queued' && Math.max(state.dueAt, pausedUntil) <= clock.now()) {
				if (!state.holdsSlot && slots-- <= 0) continue;
				state.holdsSlot = true;
				launch(state, async () => await start(state));
			}
		}
	};

	/** A pause never moves a poll beyond its deadline: the last look is what tells slow from lost. */
	const pauseOf = (state: JobState<Result>) => Math.min(pausedUntil, state.deadline);

	/** Infinity when only the end of a running step can change anything. */
	const nextDue = () => {
		if (count('busy') >= MAX_REQUESTS_AT_ONCE) return Infinity;
		const hasSlot = states.filter((state) => state.holdsSlot).length < options.maxTasksInFlight;
		const times = states.flatMap((state) => {
			if (state.phase === 'waiting') return [Math.max(state.dueAt, pauseOf(state))];
			const canStart = state.phase === 'queued' && (hasSlot || state.holdsSlot);
			return canStart ? [Math.max(state.dueAt, pausedUntil)] : [];
		});
		return Math.min(...times);
	};

	for (;;) {
		if (signal?.aborted) throw await canceled(states, running);
		const failed = options.stopOnError && states.find((state) => state.outcome?.ok === false);
		if (failed) {
			await createsToEnd(running);
			nameOtherTasks(failed, states);
			break;
		}
		launchWhatIsDue();
		if (states.every((state) => state.phase === 'settled')) break;
		await nextEvent([...running.keys()], nextDue(), options);
	}
	return states.map((state) => state.outcome);
}

/** Resolves when a step ends, when something falls due, or when the user stops. */
async function nextEvent(steps: Array<Promise<void>>, dueAt: number, { clock, signal }: WaitOptions) {
	const wake = new AbortController();
	const events: Array<Promise<unknown>> = [...steps];
	if (Number.isFinite(dueAt)) events.push(clock.sleep(Math.max(0, dueAt - clock.now()), wake.signal));
	let stop = () => {};
	if (signal) {
		events.push(
			new Promise<void>((resolve) => {
				stop = resolve;
				signal.addEventListener('abort', stop);
			}),
		);
	}
	await Promise.race(events);
	signal?.removeEventListener('abort', stop);
	wake.abort();
}

function isWorthStartingAgain(error: unknown): error is RequestError {
	return error instanceof RequestError && (error.kind === 'throttled' || error.kind === 'notSent');
}

function startBackOff(error: RequestError, tries: number, random: number): number {
	return error.retryAfterMs ?? Math.min(MAX_BACK_OFF_MS, 1000 * 2 ** (tries - 1)) + 1000 * random;
}

/** The failure of a poll that the wait outlives; any other is thrown. */
function tolerated(error: unknown, ageMs: number): RequestError {
	if (error instanceof RequestError) {
		const { httpStatus } = error.details;
		const mayBeTooNew = (httpStatus === 400 || httpStatus === 404) && ageMs < UNKNOWN_TASK_GRACE_MS;
		if (error.kind !== 'refused' || mayBeTooNew) return error;
		const isAboutAccess = httpStatus === 401 || httpStatus === 403;
		if (!isAboutAccess) error.advice = 'The task exists all the same: look at it with Task > Get before you order it again.';
	}
	throw error;
}

function jobError(state: JobState<unknown>, thrown: unknown): CometApiVideoError {
	const { details, ref } = state.started ?? {};
	const rawStatus = state.task?.rawStatus;
	return withDetails(thrown, { ...details, ...ref, rawStatus });
}

async function canceled(states: ReadonlyArray<JobState<unknown>>, running: Map<Promise<void>, JobState<unknown>>) {
	const cutOff = await createsToEnd(running);
	const tasks = existingTasks(states);
	const [first] = states.flatMap(({ started }) => (started ? [started] : []));
	return new CanceledError(
		'The wait for CometAPI was canceled',
		[
			tasks ? `CometAPI goes on with the tasks that exist: ${tasks}. Fetch them with Task > Wait.` : '',
			cutOff > 0 ? `It is not known whether ${cutOff} more exist: n8n cut off their requests. Look in the CometAPI console.` : '',
		].join(' ').trim(),
		{ ...first?.details, ...first?.ref },
	);
}

function nameOtherTasks(failed: JobState<unknown>, states: ReadonlyArray<JobState<unknown>>) {
	const others = existingTasks(states.filter((state) => state !== failed));
	if (others === '' || failed.outcome?.ok !== false) return;
	failed.outcome.error.advice += ` Other tasks of this run exist at CometAPI: ${others}. Fetch them with Task > Wait.`;
}

/** Hears out the creates that are under way, or their task ids would be lost; gives the number of those without one. */
async function createsToEnd(running: Map<Promise<void>, JobState<unknown>>): Promise<number> {
	const creates = [...running].filter(([, state]) => !state.started);
	await Promise.allSettled(creates.map(async ([promise]) => await promise));
	return creates.filter(([, state]) => !state.started).length;
}

function existingTasks(states: ReadonlyArray<JobState<unknown>>): string {
	return states
		.flatMap(({ started, job }) => (started?.ref.taskId ? [`${started.ref.taskId} (item ${job.itemIndex})`] : []))
		.join(', ');
}
