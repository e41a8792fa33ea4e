/** What the three ways to watch tasks have in common. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Reading, WatchState } from './finishedTasks';
import type { Looks } from './lookAtTasks';
import type { WatchMemory } from './watchMemory';

export interface WatchSettings {
	watch: string;
	triggerOn: 'both' | 'succeeded' | 'failed';
	includeRaw: boolean;
	/** Empty lists and texts let everything through. */
	filters: { providers: readonly string[]; model: string; action: string };
	options: IDataObject;
}

export interface PollRound {
	state: WatchState;
	memory: WatchMemory;
	/** What is over now is history. */
	isFirstLook: boolean;
	/** n8n has just started, so the last poll may have been cut off anywhere. */
	isAfterRestart: boolean;
	/** No request begins after this time, as far as it can be put off; milliseconds since 1970. */
	until: number;
}

export interface TaskSource {
	/** Names what is watched; another name begins a new watch. */
	readonly watched: string;
	/** @throws CometApiVideoError when nothing at all can be read */
	look(round: PollRound): Promise<Looks>;
	/** Whether a task that is done may be found again by a later look. Called after `look`. */
	canComeUpAgain(key: string, seconds: number): boolean;
	/** Notes where the tasks come from that they are over. May be repeated. */
	markFinished?(readings: readonly Reading[]): Promise<void>;
	/** The newest task that is over, else the newest one. */
	sample(): Promise<Reading | undefined>;
}

export type OpenTaskSource = (context: IPollFunctions, settings: WatchSettings) => Promise<TaskSource>;

/** Whether what is known of a task lets it pass; unknown columns do. */
export function passesFilters(
	{ filters }: WatchSettings,
	known: { provider?: string; model?: string; action?: string },
): boolean {
	const { providers, model, action } = filters;
	if (providers.length > 0 && known.provider && !providers.includes(known.provider)) return false;
	if (model !== '' && known.model && !known.model.toLowerCase().includes(model.toLowerCase())) return false;
	return action === '' || !known.action || known.action.toLowerCase() === action.toLowerCase();
}

/** Of several readings the one to show as a sample: over before pending, then by time. */
export function newestOf(readings: readonly Reading[]): Reading | undefined {
	const rank = ({ task }: Reading) => (task.status === 'pending' ? '' : (task.completedAt ?? task.createdAt ?? '0'));
	return [...readings].sort((left, right) => rank(right).localeCompare(rank(left)))[0];
}
