/**
 * The only loop of the package: creates tasks as slots become free, polls all open ones together, hands each finished one
 * over. Knows nothing of n8n or HTTP: the steps, the clock and the cancel signal come from the caller.
 */
import { Bell } from './wakeUp';
import { FILE_GRACE_MS } from '../task/missingFile';
import { CanceledError, FileNotReadyError, RequestError, UnknownOutcomeError, withDetails } from '../task/errors';
import type { CometApiVideoError } from '../task/errors';
import { MAX_POLL_INTERVAL_MS } from './job';
import type { Job, JobOutcome, StartedTask, WaitOptions, WaitedTask } from './job';
import { describeTasks } from '../task/describeTasks';
import type { OrderedTask } from '../task/describeTasks';
import { RateLimitPause } from './rateLimitPause';
import { MAX_TRIES, backOffMs } from '../service/retry';
import { isAboutAccess, isNotFound, isWorthSendingAgain } from '../service/refusals';
import type { VideoTask } from '../task/types';

/** Keeps the number of looks at a three-minute task within 15 with the default interval, even if jitter shortens every gap. */
const POLL_INTERVAL_GROWTH = 1.04;
const JITTER = 0.1;
/** Looks that fall due within this time of each other go out together: waking up costs the processor as much as a request. */
const MAX_POLL_GRID_MS = 1000;
const POLL_GRID_SHARE = 0.1;
/** A task may be unknown for some seconds after its creation (documented for CometAPI's Runway route). */
const UNKNOWN_TASK_GRACE_MS = 60_000;
const MAX_REQUESTS_AT_ONCE = 10;
/** Apart from the requests above, so that long downloads do not hold up the looks at other tasks. */
const MAX_FINISHES_AT_ONCE = 4;

type Phase = 'queued' | 'busy' | 'waiting' | 'ended' | 'finishing' | 'settled';

interface JobState<Result> {
	job: Job<Result>;
	phase: Phase;
	dueAt: number;
	/** Creates that were certainly not accepted: refused by a rate limit, or never received. */
	throttledTries: number;
	notSentTries: number;
	/** How many jobs had ended when the last of these creates was refused. */
	endedAtLastTry: number;
	gapMs: number;
	startedAt: number;
	deadline: number;
	pollCount: number;
	started?: StartedTask;
	task?: VideoTask;
	lastFailure?: RequestError;
	timedOut: boolean;
	/** When a file was missing for the first time. */
	firstMissingAt?: number;
	/** Whether the task counts against `maxTasksInFlight`. */
	holdsSlot: boolean;
	outcome?: JobOutcome<Result>;
}

/**
 * Runs all jobs to their end; outcomes in the order of the jobs. With `stopOnError` it ends at the first job that fails
 * (but for problems of its own), whose error then names the other tasks that exist; jobs that were still open have no outcome.
 * @throws CanceledError when `signal` aborts; it names every task that exists
 */
export async function runJobs<Result>(
	jobs: ReadonlyArray<Job<Result>>,
	options: WaitOptions,
): Promise<Array<JobOutcome<Result> | undefined>> {
	const { clock, signal } = options;
	const states = jobs.map((job): JobState<Result> => ({
		job,
		phase: 'queued',
		dueAt: 0,
		throttledTries: 0,
		notSentTries: 0,
		endedAtLastTry: 0,
		gapMs: options.pollIntervalMs,
		startedAt: 0,
		deadline: 0,
		pollCount: 0,
		timedOut: false,
		holdsSlot: false,
	}));
	/** Steps under way, each with the job it belongs to. */
	const running = new Map<Promise<void>, JobState<Result>>();
	const bell = new Bell(clock, signal);
	const beganAt = clock.now();
	const gridMs = Math.min(MAX_POLL_GRID_MS, options.pollIntervalMs * POLL_GRID_SHARE);
	const pause = new RateLimitPause(clock);
	let endedCount = 0;
	const hasRunningTask = () => states.some((state) => state.holdsSlot && state.started);

	const launch = (state: JobState<Result>, step: () => Promise<void>, phase: Phase = 'busy') => {
		state.phase = phase;
		const promise = step()
			.catch((error: unknown) =>
				settle(state, { ok: false, error: jobError(state, error), waited: waitedTask(state, clock.now()) }),
			)
			.finally(() => {
				running.delete(promise);
				bell.ring();
			});
		running.set(promise, state);
	};

	const settle = (state: JobState<Result>, outcome: JobOutcome<Result>) => {
		state.outcome = outcome;
		state.phase = 'settled';
		state.holdsSlot = false;
	};

	const start = async (state: JobState<Result>) => {
		state.startedAt = clock.now();
		const started = await state.job.start().catch((error: unknown) => {
			if (!isWorthSendingAgain(error)) throw error;
			prepareNextStart(state, error);
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

	const prepareNextStart = (state: JobState<Result>, error: RequestError) => {
		const isThrottled = error.kind === 'throttled';
		const tries = isThrottled ? (state.throttledTries += 1) : (state.notSentTries += 1);
		// If it is the number of running tasks that is limited, the end of one makes room.
		const mayGetRoom = isThrottled && (hasRunningTask() || endedCount > state.endedAtLastTry);
		if (tries >= MAX_TRIES && !mayGetRoom) throw error;
		const backOff = error.retryAfterMs ?? backOffMs(tries, clock.random());
		// A pause concerns all; behind those who were not refused, or refused creates could hold up every look.
		state.dueAt = clock.now() + (isThrottled ? 0 : backOff);
		if (isThrottled) pause.extend(state.startedAt, backOff);
		state.endedAtLastTry = endedCount;
		state.phase = 'queued';
	};

	/** Whether a create that was refused again and again waits for a running task to end. */
	const waitsForRoom = (state: JobState<Result>) =>
		state.throttledTries >= MAX_TRIES && endedCount === state.endedAtLastTry && hasRunningTask();

	const poll = async (state: JobState<Result>, started: StartedTask) => {
		state.pollCount += 1;
		const sentAt = clock.now();
		try {
			state.task = await state.job.poll(started.ref);
			// The answer may have come from another route than the expected one.
			state.started = { ...started, ref: state.task.ref };
			state.lastFailure = undefined;
			options.onProgress?.(state.job.itemIndex, started.ref, state.task);
		} catch (error) {
			state.lastFailure = tolerated(error, clock.now() - state.startedAt);
			if (state.lastFailure.kind === 'throttled') pause.extend(sentAt, state.lastFailure.retryAfterMs);
		}
		const isOver = state.task !== undefined && state.task.status !== 'pending' && !state.lastFailure;
		if (isOver || clock.now() >= state.deadline) {
			end(state, !isOver);
			return;
		}
		state.phase = 'waiting';
		if (state.lastFailure?.kind === 'throttled') {
			// As soon as the pause is over, but behind those who were not refused.
			state.dueAt = clock.now();
			return;
		}
		state.gapMs = Math.max(options.pollIntervalMs, Math.min(state.gapMs * POLL_INTERVAL_GROWTH, MAX_POLL_INTERVAL_MS));
		state.dueAt = nextPollAt(state);
	};

	const end = (state: JobState<Result>, timedOut: boolean) => {
		endedCount += 1;
		state.phase = 'ended';
		state.holdsSlot = false;
		state.timedOut = timedOut;
		state.dueAt = clock.now();
	};

	const finish = async (state: JobState<Result>) => {
		try {
			const result = await state.job.finish(waitedTask(state, clock.now()) as WaitedTask);
			settle(state, { ok: true, result });
		} catch (error) {
			if (!(error instanceof FileNotReadyError)) throw error;
			state.firstMissingAt ??= clock.now();
			state.deadline = Math.max(state.deadline, state.firstMissingAt + FILE_GRACE_MS);
			state.dueAt = clock.now() + 5000;
			state.phase = 'waiting';
		}
	};

	const nextPollAt = (state: JobState<Result>) => {
		const jitter = 1 + JITTER * (2 * clock.random() - 1);
		const at = clock.now() + state.gapMs * jitter - beganAt;
		return Math.min(beganAt + Math.ceil(at / gridMs) * gridMs, state.deadline);
	};

	const count = (phase: Phase) => states.filter((state) => state.phase === phase).length;
	const freeSlots = () => options.maxTasksInFlight - states.filter((state) => state.holdsSlot).length;

	/** When the next step of a job may be taken; never while one is under way, or while it has to wait for a slot. */
	const readyAt = (state: JobState<Result>, hasFreeSlot: boolean) => {
		if (state.phase === 'ended') return 0;
		// A pause never moves a poll beyond its deadline: the last look is what tells slow from lost.
		if (state.phase === 'waiting') return Math.max(state.dueAt, Math.min(pause.until, state.deadline));
		if (state.phase === 'queued' && (state.holdsSlot || hasFreeSlot) && !waitsForRoom(state))
			return Math.max(state.dueAt, pause.until);
		return Infinity;
	};

	const launchWhatIsDue = () => {
		const now = clock.now();
		let slots = freeSlots();
		let requests = MAX_REQUESTS_AT_ONCE - count('busy');
		let finishes = MAX_FINISHES_AT_ONCE - count('finishing');
		const due = states.filter((state) => readyAt(state, slots > 0) <= now);
		// Who has waited longest comes first, or a limit that lets few requests through would always hold back the same ones.
		for (const state of due.sort((one, other) => one.dueAt - other.dueAt)) {
			const { started } = state;
			if (state.phase === 'ended') {
				if (finishes-- > 0) launch(state, async () => await finish(state), 'finishing');
			} else if (requests > 0 && state.phase === 'waiting' && started) {
				requests -= 1;
				launch(state, async () => await poll(state, started));
			} else if (requests > 0 && (state.holdsSlot || slots > 0)) {
				if (!state.holdsSlot) slots -= 1;
				state.holdsSlot = true;
				requests -= 1;
				launch(state, async () => await start(state));
			}
		}
	};

	/** Infinity when only the end of a running step can change anything; a job that has ended waits for nothing else. */
	const nextDue = () => {
		if (count('busy') >= MAX_REQUESTS_AT_ONCE) return Infinity;
		const hasFreeSlot = freeSlots() > 0;
		const open = states.filter(({ phase }) => phase !== 'ended');
		return Math.min(...open.map((state) => readyAt(state, hasFreeSlot)));
	};

	try {
		for (;;) {
			if (signal?.aborted) throw await canceled(states, running);
			const findFailed = () =>
				states.find(({ job, outcome }) => outcome?.ok === false && !job.isOwnProblem?.(outcome.error));
			if (options.stopOnError && findFailed()) {
				await createsToEnd(running);
				// An earlier item may have failed meanwhile; the error of the first one is what the user sees.
				nameOtherTasks(findFailed(), states);
				break;
			}
			launchWhatIsDue();
			if (states.every((state) => state.phase === 'settled')) break;
			await bell.nextRing(nextDue());
		}
	} finally {
		bell.silence();
	}
	return states.map((state) => state.outcome);
}

/** The failure of a poll that the wait outlives; any other is thrown. */
function tolerated(error: unknown, ageMs: number): RequestError {
	if (error instanceof RequestError) {
		const mayBeTooNew = isNotFound(error) && ageMs < UNKNOWN_TASK_GRACE_MS;
		if (error.kind !== 'refused' || mayBeTooNew) return error;
		if (!isAboutAccess(error))
			error.advice = 'The task exists all the same: look at it with Task > Get before you order it again.';
	}
	throw error;
}

/** Absent as long as there is no task. */
function waitedTask(
	{ started, task, timedOut, dueAt, startedAt, pollCount, lastFailure, firstMissingAt = Infinity }: JobState<unknown>,
	now: number,
): WaitedTask | undefined {
	return (
		started && {
			isLastTry: now - firstMissingAt >= FILE_GRACE_MS,
			started,
			task,
			timedOut,
			waitedMs: dueAt - startedAt,
			pollCount,
			lostContact: lastFailure,
		}
	);
}

function jobError(state: JobState<unknown>, thrown: unknown): CometApiVideoError {
	const { details, ref } = state.started ?? {};
	const rawStatus = state.task?.rawStatus;
	return withDetails(thrown, { ...details, ...ref, rawStatus });
}

async function canceled(states: ReadonlyArray<JobState<unknown>>, running: Map<Promise<void>, JobState<unknown>>) {
	// n8n has cut off their requests, so what they have come to is no longer known.
	await createsToEnd(running);
	const [first] = states.flatMap(({ started }) => (started ? [started] : []));
	return new CanceledError(
		'The wait for CometAPI was canceled',
		describeTasks('CometAPI goes on with what has begun; tasks of this run', orderedTasks(states)),
		{ ...first?.details, ...first?.ref },
	);
}

function nameOtherTasks(failed: JobState<unknown> | undefined, states: ReadonlyArray<JobState<unknown>>) {
	if (failed?.outcome?.ok !== false) return;
	const [own] = orderedTasks([failed]);
	const others = orderedTasks(states).filter(
		({ taskId, itemIndex }) => taskId !== own?.taskId || (taskId === '' && itemIndex !== own.itemIndex),
	);
	const text = describeTasks('Other tasks of this run exist at CometAPI', others);
	if (text !== '') failed.outcome.error.advice += ` ${text}`;
}

/** Hears out the creates that are under way, or their task ids would be lost. */
async function createsToEnd(running: Map<Promise<void>, JobState<unknown>>) {
	const creates = [...running].filter(([, state]) => !state.started);
	await Promise.allSettled(creates.map(async ([promise]) => await promise));
}

function orderedTasks(states: ReadonlyArray<JobState<unknown>>): OrderedTask[] {
	return states.flatMap(({ started, job: { itemIndex }, task, outcome }) => {
		const isUnknown = outcome?.ok === false && outcome.error instanceof UnknownOutcomeError;
		const taskId = started?.ref.taskId ?? '';
		return taskId !== '' || isUnknown ? [{ itemIndex, taskId, hasFailed: task?.status === 'failed' }] : [];
	});
}
