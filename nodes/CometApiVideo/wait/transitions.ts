/** What becomes of a job when one of its steps ends. Pure: the time, the chance and the error are told. */
import { NOT_ACCEPTED, pauseBeforeRetry } from '../service/retry';
import { RequestError } from '../task/errors';
import { FILE_GRACE_MS } from '../task/missingFile';
import type { VideoTask } from '../task/types';
import { MAX_POLL_INTERVAL_MS } from './job';
import type { StartedTask } from './job';
import type { Creating, Ended, Finishing, JobState, Looking, Queued, Waiting, Watch } from './jobState';
import { outlive } from './lookFailures';
import { gapAt } from './lookTimes';
import { takeUp } from './rest';

/** Of the gaps at a task whose age is not known. */
const POLL_INTERVAL_GROWTH = 1.04;
const JITTER = 0.1;
/** Looks that fall due within this time of each other go out together: waking up costs the processor as much as a request. */
const MAX_POLL_GRID_MS = 1000;
const POLL_GRID_SHARE = 0.1;
const FIRST_FILE_GAP_MS = 5000;
const FILE_GAP_GROWTH = 1.25;

export interface Pace {
	/** When the loop began. */
	beganAt: number;
	pollIntervalMs: number;
	timeoutMs: number;
	/** How long tasks of the kind have run in this loop; absent until one has succeeded. */
	seenRunMs?: number;
}

/** When and with what luck a step has ended. */
export interface Moment {
	now: number;
	/** Milliseconds since 1970, which the computer's clock may change at any time. */
	clockNow: number;
	/** 0 ≤ number < 1 */
	random: number;
}

/** What a create that was refused goes by: the end of a running task makes room where their number is what is limited. */
export interface TasksOfRun {
	ended: number;
	isAnyRunning: boolean;
}

export const QUEUED: Queued = {
	phase: 'queued',
	dueAt: 0,
	refusals: { throttled: 0, notSent: 0, endedTasks: 0 },
	holdsSlot: false,
};

export function afterCreate({ sentAt }: Creating, started: StartedTask, pace: Pace, moment: Moment): JobState<never> {
	const { now } = moment;
	const gapMs = started.isNew ? gapAt(0, pace.pollIntervalMs, pace.seenRunMs) : pace.pollIntervalMs;
	const watch = { started, task: started.finished, gapMs, pollCount: 0 };
	if (!started.wait || started.finished) return ended({ ...watch, startedAt: sentAt, deadline: now }, now, false);
	if (started.earlier)
		return { phase: 'waiting', dueAt: now, watch: takeUp(started, started.earlier, now, moment.clockNow) };
	const running: Watch = { ...watch, startedAt: now, deadline: now + pace.timeoutMs };
	return started.isNew ? waitingForLook(running, pace, moment) : { phase: 'waiting', dueAt: now, watch: running };
}

/**
 * @returns undefined when it is not worth trying again; `pauseMs` when nothing else should be sent for so long either
 */
export function afterRefusedCreate(
	{ refusals }: Creating,
	error: unknown,
	tasks: TasksOfRun,
	{ now, random }: Moment,
): { state: Queued; pauseMs?: number } | undefined {
	const isThrottled = error instanceof RequestError && error.kind === 'throttled';
	const counted = isThrottled
		? { ...refusals, throttled: refusals.throttled + 1 }
		: { ...refusals, notSent: refusals.notSent + 1 };
	const mayGetRoom = isThrottled && (tasks.isAnyRunning || tasks.ended > refusals.endedTasks);
	const policy = mayGetRoom ? { ...NOT_ACCEPTED, maxTries: Infinity } : NOT_ACCEPTED;
	const tries = isThrottled ? counted.throttled : counted.notSent;
	const pauseMs = pauseBeforeRetry(policy, error, tries, random);
	if (pauseMs === undefined) return undefined;
	const state = { phase: 'queued', refusals: { ...counted, endedTasks: tasks.ended }, holdsSlot: true } as const;
	// A pause concerns all; behind those who were not refused, or refused creates could hold up every look.
	return isThrottled ? { state: { ...state, dueAt: now }, pauseMs } : { state: { ...state, dueAt: now + pauseMs } };
}

export function afterLook({ watch }: Looking, task: VideoTask, pace: Pace, moment: Moment): Ended | Waiting {
	const seen: Watch = {
		...watch,
		pollCount: watch.pollCount + 1,
		lastFailure: undefined,
		strangeRefusals: undefined,
	};
	// Who waits for the file of a finished task is not led astray by a status that has fallen back.
	if (watch.missingFile && task.status === 'pending') return ended(seen, moment.now, false);
	// The answer may have come from another route than the expected one.
	const known = { ...seen, task, started: { ...watch.started, ref: task.ref } };
	if (task.status === 'pending') return waitOn({ ...known, seenRunningAt: moment.now }, pace, moment);
	return ended(
		task.status === 'succeeded' ? { ...known, ranForMs: runTime(watch, moment.now) } : known,
		moment.now,
		false,
	);
}

/** The end lies somewhere between the last two looks. */
function runTime({ started, startedAt, seenRunningAt = startedAt }: Watch, now: number): number | undefined {
	return started.isNew ? (seenRunningAt + now) / 2 - startedAt : undefined;
}

/** @throws the error, if it ends the wait */
export function afterFailedLook({ watch }: Looking, error: unknown, pace: Pace, moment: Moment): Ended | Waiting {
	const seen = { ...watch, pollCount: watch.pollCount + 1 };
	// The file can be fetched without a look as well.
	if (watch.missingFile) return ended(seen, moment.now, false);
	return waitOn(outlive(seen, error, moment.now), pace, moment);
}

/** The task has succeeded, and its file was not there: another look, for a fresh link, after a moment. */
export function afterMissingFile({ watch }: Finishing, now: number): Waiting {
	const { since, tries } = watch.missingFile ?? { since: now, tries: 0 };
	const deadline = since + FILE_GRACE_MS;
	const dueAt = Math.min(now + FIRST_FILE_GAP_MS * FILE_GAP_GROWTH ** tries, Math.max(now, deadline));
	return { phase: 'waiting', dueAt, watch: { ...watch, deadline, missingFile: { since, tries: tries + 1 } } };
}

function ended(watch: Watch, now: number, timedOut: boolean): Ended {
	return { phase: 'ended', endedAt: now, timedOut, watch };
}

function waitOn(watch: Watch, pace: Pace, moment: Moment): Ended | Waiting {
	if (moment.now >= watch.deadline) return ended(watch, moment.now, true);
	// As soon as the pause is over, but behind those who were not refused.
	if (watch.lastFailure?.kind === 'throttled') return { phase: 'waiting', dueAt: moment.now, watch };
	return waitingForLook({ ...watch, gapMs: nextGap(watch, pace, moment.now) }, pace, moment);
}

function nextGap({ started, startedAt, gapMs }: Watch, { pollIntervalMs, seenRunMs }: Pace, now: number): number {
	if (started.isNew) return gapAt(now - startedAt, pollIntervalMs, seenRunMs);
	return Math.max(pollIntervalMs, Math.min(gapMs * POLL_INTERVAL_GROWTH, MAX_POLL_INTERVAL_MS));
}

function waitingForLook(watch: Watch, { beganAt, pollIntervalMs }: Pace, { now, random }: Moment): Waiting {
	const gridMs = Math.min(MAX_POLL_GRID_MS, pollIntervalMs * POLL_GRID_SHARE);
	const at = now + watch.gapMs * (1 + JITTER * (2 * random - 1)) - beganAt;
	return { phase: 'waiting', dueAt: Math.min(beganAt + Math.ceil(at / gridMs) * gridMs, watch.deadline), watch };
}
