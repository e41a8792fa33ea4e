/** What the three ways to watch tasks have in common. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Forgettable, Reading, WatchState } from './finishedTasks';
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
	/** Nothing of what is watched has been looked at before. */
	isFirstLook: boolean;
	/** No request begins after this time, as far as it can be put off; milliseconds since 1970. */
	until: number;
}

interface Sight extends Looks {
	/** What need not be remembered any more. */
	forgettable: Forgettable;
	/** The newest submission in the account's list; seconds since 1970 by CometAPI's clock. */
	newestSubmission?: number;
}

/** A place where tasks can be marked as finished. */
interface Marks {
	/**
	 * Notes where the tasks come from that they are over. May be repeated.
	 * @param until no note is begun after this time; milliseconds since 1970
	 * @returns keys of the tasks that are marked, and why others are not
	 */
	markFinished(readings: readonly Reading[], until: number): Promise<{ marked: string[]; failure?: unknown }>;
	/**
	 * Of the tasks that were handed over before n8n ended, by key with the time in seconds since 1970: those with which n8n has
	 * certainly not started the workflow.
	 */
	findCutOff(handedOver: WatchState['handedOver']): Promise<string[]>;
}

export interface TaskSource {
	/** Names what is watched; another name begins a new watch. */
	readonly watched: string;
	/** The lists that a look reads, in each of which that is history which its first look sees finished; none if there are marks. */
	readonly lists: readonly string[];
	/** Present where the tasks themselves say what is history: a task that is not marked has not been handed over. */
	readonly marks?: Marks;
	/** Makes sure that the source can be worked with, when a person switches the workflow on. @throws CometApiVideoError */
	check?(): Promise<void>;
	/** @throws CometApiVideoError when nothing at all can be read */
	look(round: PollRound): Promise<Sight>;
	/** The newest task that is over, else the newest one. */
	sample(): Promise<Reading | undefined>;
}

/** @param isByHand a person is switching the workflow on, so what is missing may be made */
export type OpenTaskSource = (
	context: IPollFunctions,
	settings: WatchSettings,
	isByHand: boolean,
) => Promise<TaskSource>;

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
