/**
 * What the trigger knows only as long as the process lives: whose turn it is, and how the last polls went. Losing it costs
 * some requests and nothing else, so it is not worth storing.
 */
import type { IPollFunctions } from 'n8n-workflow';

export interface WatchMemory {
	/** The poll that is under way. Those of one activation share a context and can overlap; the later one leaves. */
	polling?: { context: IPollFunctions; since: number };
	/** When each task was last looked at, by key; milliseconds since 1970. */
	lastLooks: Map<string, number>;
	/** Tasks that CometAPI does not know, by key: how often it said so, and when to ask again (milliseconds since 1970). */
	unknownTasks: Map<string, { times: number; notBefore: number }>;
	/** After a 429 nothing is asked before this time. */
	pausedUntil: number;
	/** Polls in a row that could read nothing. */
	failedPolls: number;
	lastComplaintAt: number;
	/** Where the next poll goes on in an account's list that is too long for one poll, by list. */
	nextPages: Map<string, number>;
	/** The oldest submission of a pending task among the pages that have been read since the list's beginning, by list. */
	oldestPending: Map<string, number>;
}

export const watchMemories = new Map<string, WatchMemory>();

export function createWatchMemory(): WatchMemory {
	return {
		lastLooks: new Map(),
		unknownTasks: new Map(),
		pausedUntil: 0,
		failedPolls: 0,
		lastComplaintAt: -Infinity,
		nextPages: new Map(),
		oldestPending: new Map(),
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
