/**
 * What the trigger remembers, and which tasks are news. Pure: the state comes in and goes out as plain data.
 *
 * The state is what decides whether a task has been handed over. n8n stores it at activation and when it starts the workflow
 * with what a poll returned (with durable poll cursors in the very same transaction), and at no other time.
 */
import type { IDataObject } from 'n8n-workflow';
import type { KnownColumns } from '../references/taskReference';
import type { VideoTask } from '../tasks/types';

export interface WatchState {
	/** What is watched; another choice in the panel begins a new watch. */
	watched: string;
	/** When the watch began; milliseconds since 1970. */
	since: number;
	/**
	 * Tasks that were handed over, or were over before the watch began, by key. The value is a time in seconds since 1970: of
	 * the submission by CometAPI's clock for the account's list, of the hand-over otherwise.
	 */
	done: Record<string, number>;
	/** Tasks of the account that were submitted before are no longer looked at; seconds since 1970 by CometAPI's clock. */
	floor: number;
}

/** One look at a watched task. */
export interface Reading {
	/** What the task is recognized by. */
	key: string;
	task: VideoTask;
	/** Columns that were known before. */
	known: KnownColumns;
	/** Goes into `done`. */
	seconds: number;
	/** When the task was entered into the table; milliseconds since 1970. */
	enteredAt?: number;
	/** The table's row. */
	row?: IDataObject & { id: number };
	/** Why the task failed, if its own answer did not say. */
	failureReason?: string;
	action?: string;
}

/** Enough for a month of a busy account; n8n rewrites all of them whenever it stores the state. */
export const MAX_REMEMBERED = 5000;
/** Clocks of CometAPI and n8n may differ by less than this. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

/**
 * The state as n8n has stored it, or a new one.
 * @param startsAnew the user has just switched the workflow on: what was over before is history
 */
export function openWatchState(stored: IDataObject, watched: string, now: number, startsAnew: boolean) {
	const { since, done, floor } = stored as Partial<WatchState>;
	const isNew = startsAnew || stored.watched !== watched || typeof since !== 'number' || typeof done !== 'object';
	const state: WatchState = isNew
		? { watched, since: now, done: {}, floor: 0 }
		: { watched, since, done: { ...done }, floor: floor ?? 0 };
	return { state, isNew };
}

/**
 * The tasks that have become terminal since the last poll, each once; they count as done from now on.
 * @param isFirstLook nothing of what is over at the first look is news
 */
export function takeNewlyFinished(state: WatchState, readings: readonly Reading[], isFirstLook: boolean): Reading[] {
	const news: Reading[] = [];
	for (const reading of readings) {
		const { key, task, seconds } = reading;
		if (task.status === 'pending' || Object.hasOwn(state.done, key)) continue;
		state.done[key] = seconds;
		if (!isFirstLook && !isHistory(reading, state)) news.push(reading);
	}
	return news;
}

/**
 * Whether a task that is looked at for the first time had ended before the watch began. Only what is certain counts, given
 * that clocks differ: showing a task that is an hour too old is better than losing one.
 */
function isHistory({ task, enteredAt }: Reading, { since }: WatchState): boolean {
	if (enteredAt !== undefined && enteredAt >= since) return false;
	return task.completedAt !== undefined && Date.parse(task.completedAt) < since - CLOCK_MARGIN_MS;
}

/** Forgets what cannot come up again, and the oldest beyond `MAX_REMEMBERED`; those are then not looked at any more. */
export function forgetOld(state: WatchState, canComeUpAgain: (key: string, seconds: number) => boolean): void {
	const kept = Object.entries(state.done).filter(([key, seconds]) => canComeUpAgain(key, seconds));
	kept.sort(([, left], [, right]) => right - left);
	const dropped = kept.splice(MAX_REMEMBERED);
	if (dropped.length > 0) state.floor = Math.max(state.floor, dropped[0][1] + 1);
	state.done = Object.fromEntries(kept);
}
