/** Which steps are taken next, and when there is something to do again. Pure: `runJobs.ts` carries it out. */
import { NOT_ACCEPTED } from '../service/retry';
import { hasEnded, holdsSlot, isRunning } from './jobState';
import type { JobState } from './jobState';

export const MAX_REQUESTS_AT_ONCE = 10;
/** Apart from the requests above, so that long downloads do not hold up the looks at other tasks. */
const MAX_FINISHES_AT_ONCE = 4;
/** A step that takes longer does not count any more: servers that send drop by drop keep nobody else waiting. */
export const SLOW_FINISH_MS = 15_000;
/** With the slow ones, for the sake of memory and connections. */
const MAX_FINISHES_IN_ALL = 20;

export interface Limits {
	/** Tasks that may run at CometAPI at the same time. */
	tasksInFlight: number;
	/** Until then nothing is sent, but for the last look at a task. */
	pausedUntil: number;
}

export interface Plan {
	/** Indexes of the jobs whose next step begins now: a create, a look, or the end. */
	launch: readonly number[];
	/** Infinity: only the end of a step that is under way can change anything. */
	wakeAt: number;
}

export function schedule(states: ReadonlyArray<JobState<unknown>>, now: number, limits: Limits): Plan {
	const launch: number[] = [];
	let wakeAt = Infinity;
	let slots = limits.tasksInFlight - states.filter(holdsSlot).length;
	let requests = MAX_REQUESTS_AT_ONCE - states.filter(isUnderWay).length;
	const finishesBegunAt = states.flatMap((state) => (state.phase === 'finishing' ? [state.begunAt] : []));
	let isFinishHeldUp = false;
	const isBlocked = blockedCreates(states);
	for (const { index, state } of longestWaitingFirst(states)) {
		if (state.phase === 'ended') {
			isFinishHeldUp = !mayFinish(finishesBegunAt, now);
			if (isFinishHeldUp) continue;
			finishesBegunAt.push(now);
			launch.push(index);
			continue;
		}
		const needsSlot = state.phase === 'queued' && !state.holdsSlot;
		if (state.phase === 'queued' && (isBlocked(state) || (needsSlot && slots <= 0))) continue;
		const readyAt = readyTime(state, limits);
		if (readyAt > now) wakeAt = Math.min(wakeAt, readyAt);
		if (readyAt > now || requests <= 0) continue;
		requests -= 1;
		if (needsSlot) slots -= 1;
		launch.push(index);
	}
	// As long as no request may begin, no time makes a difference.
	if (requests <= 0) wakeAt = Infinity;
	return { launch, wakeAt: isFinishHeldUp ? Math.min(wakeAt, nextFreeFinish(finishesBegunAt, now)) : wakeAt };
}

type Open = Extract<JobState<unknown>, { phase: 'queued' | 'waiting' | 'ended' }>;

/** Or a limit that lets few requests through would always hold back the same ones. */
function longestWaitingFirst(states: ReadonlyArray<JobState<unknown>>): Array<{ index: number; state: Open }> {
	const isOpen = (state: JobState<unknown>): state is Open => ['queued', 'waiting', 'ended'].includes(state.phase);
	const open = states.flatMap((state, index) => (isOpen(state) ? [{ index, state }] : []));
	const waitsSince = (state: Open) => (state.phase === 'ended' ? state.endedAt : state.dueAt);
	return open.sort((one, other) => waitsSince(one.state) - waitsSince(other.state));
}

function isUnderWay({ phase }: JobState<unknown>): boolean {
	return phase === 'creating' || phase === 'looking';
}

function readyTime(state: Exclude<Open, { phase: 'ended' }>, { pausedUntil }: Limits): number {
	if (state.phase === 'queued') return Math.max(state.dueAt, pausedUntil);
	// A pause never moves a look beyond its deadline: the last look is what tells slow from lost.
	return Math.max(state.dueAt, Math.min(pausedUntil, state.watch.deadline));
}

/** A create that was refused again and again waits until one of the running tasks has ended, if any runs. */
function blockedCreates(states: ReadonlyArray<JobState<unknown>>) {
	const isAnyRunning = states.some(isRunning);
	const endedTasks = states.filter(hasEnded).length;
	return ({ refusals }: Extract<Open, { phase: 'queued' }>) =>
		isAnyRunning && refusals.throttled >= NOT_ACCEPTED.maxTries && endedTasks <= refusals.endedTasks;
}

function mayFinish(begunAt: readonly number[], now: number): boolean {
	const quick = begunAt.filter((at) => now - at < SLOW_FINISH_MS).length;
	return quick < MAX_FINISHES_AT_ONCE && begunAt.length < MAX_FINISHES_IN_ALL;
}

/** When one of those under way begins to count as slow. */
function nextFreeFinish(begunAt: readonly number[], now: number): number {
	if (begunAt.length >= MAX_FINISHES_IN_ALL) return Infinity;
	return Math.min(...begunAt.map((at) => at + SLOW_FINISH_MS).filter((at) => at > now));
}
