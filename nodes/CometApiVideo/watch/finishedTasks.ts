/**
 * What the trigger remembers, and which tasks are news. Pure: the state comes in and goes out as plain data.
 *
 * The state is what decides whether a task has been handed over. n8n stores it at activation and when it starts the workflow
 * with what a poll returned (with durable poll cursors in the very same transaction), and at no other time.
 */
import type { IDataObject } from 'n8n-workflow';
import type { KnownColumns } from '../providers/taskReference';
import type { VideoTask } from '../task/types';

export interface WatchState {
	/** What is watched; another choice in the panel begins a new watch. */
	watched: string;
	/** When the watch began; milliseconds since 1970. */
	since: number;
	/**
	 * Tasks that were handed over, or were over before the watch began, by key. The value is a time in seconds since 1970: of
	 * the submission by CometAPI's clock for the account's list, of the look otherwise.
	 */
	done: Record<string, number>;
	/** Tasks that were handed over and are not marked where they come from yet; when that was, in seconds since 1970. */
	handedOver: Record<string, number>;
	/** Tasks of the account that were submitted before are no longer looked at; seconds since 1970 by CometAPI's clock. */
	floor: number;
	/** Lists that have been looked at before: what is over at the first look at a list is history. */
	lists: string[];
	/** Tasks that could not be looked at when the watch began, by key: whether they were over by then is not known. */
	unseen: string[];
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
	/** The list that the task is in, where there are several. */
	list: string;
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
/** While an old task of the account is still under way, or may be, as many as this are remembered for its sake. */
const MAX_REMEMBERED_FOR_PENDING = 20_000;
/** By then as many tasks as are remembered have been looked at, if there is a poll every minute. */
const UNSEEN_AFTER_RESTART_MS = 3_600_000;
/** Clocks of CometAPI and n8n may differ by less than this. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

/**
 * The state as n8n has stored it, or a new one.
 * @param startsAnew the user has just switched the workflow on: what was over before is history
 */
export function openWatchState(stored: IDataObject, watched: string, now: number, startsAnew: boolean) {
	const { since, done, handedOver, floor, lists, unseen } = stored as Partial<WatchState>;
	const isNew = startsAnew || stored.watched !== watched || typeof since !== 'number' || typeof done !== 'object';
	const state: WatchState = isNew
		? { watched, since: now, done: {}, handedOver: {}, floor: 0, lists: [], unseen: [] }
		: {
				watched,
				since,
				done: { ...done },
				handedOver: { ...handedOver },
				floor: floor ?? 0,
				lists: [...(lists ?? [])],
				unseen: [...(unseen ?? [])],
			};
	return { state, isNew };
}

/** Keeps for later which tasks a first look has left out. */
export function rememberUnseen(state: WatchState, keys: readonly string[]): void {
	state.unseen = keys.slice(0, MAX_REMEMBERED);
}

/**
 * After a restart the state may be as old as the watch: n8n does not store it after a poll without news. What was unseen then
 * has long been looked at, and was under way if it comes up again. Showing a task that is too old is better than losing one.
 */
export function forgetStaleUnseen(state: WatchState, now: number): void {
	if (now - state.since > UNSEEN_AFTER_RESTART_MS) state.unseen = [];
}

/** The tasks that have become terminal since the last poll, each once; they count as done from now on. */
export function takeNewlyFinished(state: WatchState, readings: readonly Reading[]): Reading[] {
	const news: Reading[] = [];
	const unseen = new Set(state.unseen);
	for (const reading of readings) {
		const { key, task, seconds, list } = reading;
		const isFirstReading = unseen.delete(key);
		if (task.status === 'pending' || Object.hasOwn(state.done, key)) continue;
		state.done[key] = seconds;
		const isOld = isFirstReading ? mayBeHistory(reading, state) : isHistory(reading, state);
		if (state.lists.includes(list) && !isOld) news.push(reading);
	}
	state.unseen = [...unseen];
	return news;
}

/** The other way round for a task that existed when the watch began: it must say that it has ended since. */
function mayBeHistory({ task }: Reading, { since }: WatchState): boolean {
	return task.completedAt === undefined || Date.parse(task.completedAt) < since;
}

/**
 * Whether a task that is looked at for the first time had ended before the watch began. Only what is certain counts, given
 * that clocks differ: showing a task that is an hour too old is better than losing one.
 */
function isHistory({ task, enteredAt }: Reading, { since }: WatchState): boolean {
	if (enteredAt !== undefined && enteredAt >= since) return false;
	return task.completedAt !== undefined && Date.parse(task.completedAt) < since - CLOCK_MARGIN_MS;
}

export interface Forgettable {
	/** Tasks that were submitted before will not be looked at again; seconds since 1970. */
	before?: number;
	/** Whether a task that is done may be found again by a later look. */
	canComeUpAgain?(key: string): boolean;
	/**
	 * The oldest submission of a task of the account that is still under way, seconds since 1970; of all times when a part of
	 * the list has not been seen, since such a task may be in it.
	 */
	oldestPending?: number;
}

/** Forgets what cannot come up again, and the oldest of what is too much; those are then not looked at any more. */
export function forgetOld(
	state: WatchState,
	{ before = 0, canComeUpAgain, oldestPending = Infinity }: Forgettable,
): void {
	state.floor = Math.max(state.floor, before);
	const isKept = ([key, seconds]: [string, number]) => seconds >= before && (canComeUpAgain?.(key) ?? true);
	const kept = Object.entries(state.done)
		.filter(isKept)
		.sort(([, left], [, right]) => right - left);
	const needed = kept.filter(([, seconds]) => seconds >= oldestPending).length;
	const dropped = kept.splice(Math.min(Math.max(MAX_REMEMBERED, needed), MAX_REMEMBERED_FOR_PENDING));
	if (dropped.length > 0) state.floor = Math.max(state.floor, dropped[0][1] + 1);
	state.done = Object.fromEntries(kept);
	state.unseen = state.unseen.filter((key) => canComeUpAgain?.(key) ?? true);
}
