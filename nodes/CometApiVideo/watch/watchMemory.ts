/**
 * What the trigger knows only as long as the process lives: whose turn it is, and how the last polls went. Losing it costs
 * some requests and nothing else, so it is not worth storing.
 */
export interface WatchMemory {
	/** When the poll that is under way began; milliseconds since 1970. Polls can overlap; the later one leaves. */
	pollingSince?: number;
	/** When each task was last looked at, by key; milliseconds since 1970. */
	lastLooks: Map<string, number>;
	/** Tasks that CometAPI does not know, by key: not asked again before this time. */
	notBefore: Map<string, number>;
	/** After a 429 nothing is asked before this time. */
	pausedUntil: number;
	/** Polls in a row that could read nothing. */
	failedPolls: number;
	lastComplaintAt: number;
	/** Where the next poll goes on in an account's list that is too long for one poll, by list. */
	nextPages: Map<string, number>;
}

export const watchMemories = new Map<string, WatchMemory>();

export function createWatchMemory(): WatchMemory {
	return {
		lastLooks: new Map(),
		notBefore: new Map(),
		pausedUntil: 0,
		failedPolls: 0,
		lastComplaintAt: -Infinity,
		nextPages: new Map(),
	};
}

/** @param watch workflow and node */
export function openWatchMemory(watch: string): WatchMemory {
	const memory = watchMemories.get(watch) ?? createWatchMemory();
	watchMemories.set(watch, memory);
	return memory;
}
