/**
 * What the trigger remembers, and which tasks are news. Pure: the state comes in and goes out as plain data.
 *
 * The state is what decides whether a task has been handed over. n8n stores it at activation and when it starts the workflow
 * with what a poll returned (with durable poll cursors in the very same transaction), and at no other time.
 */
import type { IDataObject } from 'n8n-workflow';
import type { DataTableRow } from '../journal/dataTables';
import type { KnownColumns } from '../providers/taskReference';
import type { VideoTask } from '../task/types';

export interface WatchState {
	/** What is watched; another choice in the panel begins a new watch. */
	readonly watched: string;
	/**
	 * Tasks that were handed over, or were seen finished by the first look at their list, by key. The value is a time in
	 * seconds since 1970: of the submission by CometAPI's clock for the account's list, of the look otherwise.
	 */
	readonly done: ReadonlyMap<string, number>;
	/** Tasks that were handed over and are not marked where they come from yet; when that was, in seconds since 1970. */
	readonly handedOver: ReadonlyMap<string, number>;
	/** Tasks of the account that were submitted before are no longer looked at; seconds since 1970 by CometAPI's clock. */
	readonly floor: number;
	/** The newest submission that the account's list has shown; seconds since 1970 by CometAPI's clock, 0 before any. */
	readonly newestSubmission: number;
	/** Lists that have been looked at before: what the first look at a list sees finished is history. */
	readonly lists: readonly string[];
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
	/** The list that the task is in. Absent: the place that the task comes from says itself what is history. */
	list?: string;
	/** The table's rows that name the task. */
	rows?: readonly DataTableRow[];
	/** Why the task failed, if its own answer did not say. */
	failureReason?: string;
	action?: string;
}

/** Enough for a month of a busy account; n8n rewrites all of them whenever it stores the state. */
export const MAX_REMEMBERED = 5000;
/** As many as this are remembered while they may come up again: an old task of the account is still under way, or a row is not marked. */
const MAX_REMEMBERED_IF_NEEDED = 20_000;

/** In front of every key in what n8n stores: a task may be called `__proto__`. */
const STORED_KEY = '=';

/**
 * The state as n8n has stored it, or a new one.
 * @param startsAnew what is finished now is history, whatever is stored
 */
export function openWatchState(
	stored: IDataObject,
	watched: string,
	startsAnew: boolean,
): { state: WatchState; isNew: boolean } {
	const { done, handedOver, floor, newestSubmission, lists } = stored;
	const isNew = startsAnew || stored.watched !== watched || typeof done !== 'object';
	const state = isNew
		? { watched, done: new Map(), handedOver: new Map(), floor: 0, newestSubmission: 0, lists: [] }
		: {
				watched,
				done: fromStored(done),
				handedOver: fromStored(handedOver),
				floor: Number(floor ?? 0),
				newestSubmission: Number(newestSubmission ?? 0),
				lists: Array.isArray(lists) ? lists.map(String) : [],
			};
	return { state, isNew };
}

/** What n8n is to store: whole values, for n8n notices only these as a change. */
export function toStored({ watched, done, handedOver, floor, newestSubmission, lists }: WatchState): IDataObject {
	return {
		watched,
		done: withStoredKeys(done),
		handedOver: withStoredKeys(handedOver),
		floor,
		newestSubmission,
		lists: [...lists],
	};
}

function fromStored(times: unknown): Map<string, number> {
	return new Map(Object.entries(times ?? {}).map(([key, time]) => [key.slice(STORED_KEY.length), Number(time)]));
}

function withStoredKeys(times: ReadonlyMap<string, number>): IDataObject {
	return Object.fromEntries([...times].map(([key, time]) => [STORED_KEY + key, time]));
}

/** The tasks that have become terminal since the last poll, each once; they count as done from now on. */
export function takeNewlyFinished(
	state: WatchState,
	readings: readonly Reading[],
): { state: WatchState; news: Reading[] } {
	const done = new Map(state.done);
	const news: Reading[] = [];
	for (const reading of readings) {
		const { key, task, seconds, list } = reading;
		if (task.status === 'pending' || done.has(key)) continue;
		done.set(key, seconds);
		if (list === undefined || state.lists.includes(list)) news.push(reading);
	}
	return { state: { ...state, done }, news };
}

/** What was handed over to an n8n that ended before it started the workflow is news again. */
export function takeBack(state: WatchState, keys: readonly string[]): WatchState {
	return { ...state, done: without(state.done, keys), handedOver: without(state.handedOver, keys) };
}

/** @param seconds since 1970 */
export function rememberHandOver(state: WatchState, keys: readonly string[], seconds: number): WatchState {
	return { ...state, handedOver: new Map([...state.handedOver, ...keys.map((key) => [key, seconds] as const)]) };
}

/** Marked tasks are not found any more, so it does not matter whether n8n has really started the workflow with them. */
export function forgetHandOver(state: WatchState, keys: readonly string[]): WatchState {
	return { ...state, handedOver: without(state.handedOver, keys) };
}

function without(times: ReadonlyMap<string, number>, keys: readonly string[]): Map<string, number> {
	return new Map([...times].filter(([key]) => !keys.includes(key)));
}

export interface Forgettable {
	/** Tasks that were submitted before will not be looked at again; seconds since 1970. */
	before?: number;
	/** Whether a task that is done may be found again by a later look, so that it must not be forgotten. */
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
): WatchState {
	const isKept = ([key, seconds]: readonly [string, number]) => seconds >= before && (canComeUpAgain?.(key) ?? true);
	const isNeeded = ([, seconds]: readonly [string, number]) => canComeUpAgain !== undefined || seconds >= oldestPending;
	const all = [...state.done].filter(isKept).sort(([, left], [, right]) => right - left);
	const room = Math.min(Math.max(MAX_REMEMBERED, all.filter(isNeeded).length), MAX_REMEMBERED_IF_NEEDED);
	const [newestDropped] = all.slice(room);
	return {
		...state,
		floor: Math.max(state.floor, before, newestDropped ? newestDropped[1] + 1 : 0),
		done: new Map(all.slice(0, room)),
		handedOver: new Map([...state.handedOver].filter(([key]) => canComeUpAgain?.(key) ?? true)),
	};
}
