/**
 * What the trigger knows only as long as the process lives: whose turn it is, and how the last polls went. Losing it costs
 * some requests and nothing else, so it is not worth storing.
 */
import type { IPollFunctions } from 'n8n-workflow';
import type { RowCursor } from '../journal/unfinishedRows';
import type { Reading } from './finishedTasks';

/** A stretch of time that has begun. */
export interface Pause {
	/** Milliseconds since 1970. */
	since: number;
	lengthMs: number;
}

/**
 * Whether a pause lasts. One that begins in the future is over: the clock was set back, and nobody knows for how long; waiting
 * until the clock has caught up would silence the trigger for as long.
 */
export function isOn(pause: Pause | undefined, now: number): boolean {
	if (!pause) return false;
	const elapsedMs = now - pause.since;
	return elapsedMs >= 0 && elapsedMs < pause.lengthMs;
}

/** One way through a table's unfinished rows, which may take several polls. */
export interface TableSweep {
	/** The table, and how its rows are chosen. */
	of: string;
	/** Where the next poll goes on. Absent: at the beginning. */
	cursor?: RowCursor;
	/** Keys of the tasks whose rows have been read since the beginning. */
	seen: Set<string>;
}

export interface WatchMemory {
	/** The poll that is under way. Those of one activation share a context and can overlap; the later one leaves. */
	polling?: { context: IPollFunctions; since: number };
	/** Keys of listed tasks in the order of their last looks. No times: a clock can be set back. */
	lastLooks: Set<string>;
	/** Tasks that CometAPI does not know, by key: how often it said so, and how long not to ask again. */
	unknownTasks: Map<string, { times: number; pause: Pause }>;
	/** Tasks that have succeeded without a file, by key: since when, in milliseconds since 1970. */
	missingFiles: Map<string, number>;
	/** After a 429 nothing is asked. */
	pause?: Pause;
	/** After a complaint there is none for a while. */
	silence?: Pause;
	/** Polls in a row that could read nothing. */
	failedPolls: number;
	/** Where the next poll goes on in an account's list that is too long for one poll, by list. */
	nextPages: Map<string, number>;
	/** The oldest submission of a pending task among the pages that have been read since the list's beginning, by list. */
	oldestPending: Map<string, number>;
	sweep?: TableSweep;
	/** Finished tasks whose rows are not marked yet, by key. */
	unmarked: Map<string, Reading>;
	/** Rows that the log has named as no task, by table and row. */
	namedRows: Set<string>;
}

export const watchMemories = new Map<string, WatchMemory>();

export function createWatchMemory(): WatchMemory {
	return {
		lastLooks: new Set(),
		unknownTasks: new Map(),
		missingFiles: new Map(),
		failedPolls: 0,
		nextPages: new Map(),
		oldestPending: new Map(),
		unmarked: new Map(),
		namedRows: new Set(),
	};
}

/**
 * @param watch workflow and node
 * @param isAnew a person has switched the workflow on, and what went wrong before may be mended
 */
export function openWatchMemory(watch: string, isAnew: boolean): WatchMemory {
	const memory = (isAnew ? undefined : watchMemories.get(watch)) ?? createWatchMemory();
	watchMemories.set(watch, memory);
	return memory;
}

/** Keeps what is known about single tasks as small as the list of watched tasks. */
export function forgetOthers(memory: WatchMemory, isWatched: (key: string) => boolean): void {
	for (const kept of [memory.lastLooks, memory.unknownTasks, memory.missingFiles]) {
		for (const key of kept.keys()) if (!isWatched(key)) kept.delete(key);
	}
}
