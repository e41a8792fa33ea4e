/** Watches all tasks of the account, by its access token. */
import { LOOK_BACK } from '../description/triggerProperties';
import { ACCOUNT_PAGE_SIZE, openAccountTaskList } from '../account/accountTaskList';
import type { AccountList, AccountTask, AccountTaskList } from '../account/accountTaskList';
import { withProvider } from '../account/whoseTask';
import { checkedNumber } from '../task/checkText';
import { clock } from '../task/clock';
import { RequestError, toCometApiVideoError } from '../task/errors';
import type { CometApiVideoError } from '../task/errors';
import { MAX_REMEMBERED } from './finishedTasks';
import type { Reading } from './finishedTasks';
import type { OpenTaskSource, PollRound } from './taskSource';
import { newestOf, passesFilters } from './taskSource';
import { isOn } from './watchMemory';
import type { WatchMemory } from './watchMemory';

const OTHER_WAYS = 'Watch tasks in an n8n Data Table, or listed tasks, instead: both need the API key only.';
/** CometAPI's gateway fails what has not ended after 24 hours; two more for clocks that differ. */
const DEFAULT_LOOK_BACK_HOURS = 26;
/** 2,000 tasks; an account's longer list is read over several polls. The gateway allows 180 requests in 3 minutes. */
const MAX_PAGES_PER_POLL = 20;
const MAX_FIRST_PAGES = MAX_REMEMBERED / ACCOUNT_PAGE_SIZE;
const DEFAULT_PAUSE_MS = 60_000;
/** Longer remembered than looked back, for a clock that is set. */
const REMEMBER_MARGIN_SECONDS = 2 * 3600;

/** @throws RequestError when the credential has no access token; InvalidInputError */
export const openAccountSource: OpenTaskSource = async (context, settings) => {
	const list = await openAccountTaskList(context, OTHER_WAYS);
	const lookBackHours = checkedNumber(LOOK_BACK, settings.options.lookBack, DEFAULT_LOOK_BACK_HOURS);
	const lists: AccountList[] = settings.options.includeMidjourney === true ? ['tasks', 'midjourney'] : ['tasks'];
	/**
	 * Counted from the newest submission, not from now, if n8n's clock is ahead of CometAPI's: tasks would be left out that are
	 * not too old.
	 */
	const earliest = (newestSubmission: number) => {
		const now = Math.floor(clock.now() / 1000);
		return (newestSubmission > 0 ? Math.min(now, newestSubmission) : now) - lookBackHours * 3600;
	};
	const toReadings = (tasks: readonly AccountTask[], name: AccountList) =>
		tasks.filter(({ isVideo }) => isVideo).map((task) => toReading(task, name));
	return {
		watched: `account:${list.account}`,
		lists,
		async look(round) {
			const { state, memory } = round;
			let newestSubmission = round.isFirstLook ? await findNewestSubmission(list, lists) : state.newestSubmission;
			const since = Math.max(earliest(newestSubmission), state.floor);
			const readings: Reading[] = [];
			const failures: CometApiVideoError[] = [];
			const oldestPending: number[] = [];
			for (const name of lists) {
				const isFirstLook = !state.lists.includes(name);
				const { tasks, isEnd, failure } = await readPages(list, name, since, { ...round, isFirstLook });
				const ofList = toReadings(tasks, name);
				readings.push(...ofList);
				if (failure) failures.push(failure);
				oldestPending.push(findOldestPending(name, ofList, isEnd, memory));
				newestSubmission = Math.max(newestSubmission, newestOfTasks(tasks));
			}
			const before = newestSubmission > 0 ? earliest(newestSubmission) - REMEMBER_MARGIN_SECONDS : 0;
			const forgettable = { before, oldestPending: Math.min(...oldestPending) };
			return { readings, failures, looked: new Set(), newestSubmission, forgettable };
		},
		async sample() {
			const readings: Reading[] = [];
			for (const name of lists) readings.push(...toReadings((await list.readPage(name, 1, earliest(0))).tasks, name));
			return newestOf(readings.filter((reading) => passesFilters(settings, describe(reading))));
		},
	};
};

function describe({ task, action }: Reading) {
	return { provider: task.ref.provider, model: task.model, action };
}

/**
 * Of all pages since the list's beginning, which may have been read by several polls; 0 as long as the end has not been
 * reached, for the rest may hold a task that is older.
 */
function findOldestPending(
	name: AccountList,
	readings: readonly Reading[],
	isEnd: boolean,
	memory: WatchMemory,
): number {
	const pending = readings.filter(({ task }) => task.status === 'pending').map(({ seconds }) => seconds);
	const oldest = Math.min(memory.oldestPending.get(name) ?? Infinity, ...pending);
	if (isEnd) memory.oldestPending.delete(name);
	else memory.oldestPending.set(name, oldest);
	return isEnd ? oldest : 0;
}

/** Seconds since 1970 by CometAPI's clock; 0 when there is no task. */
async function findNewestSubmission(list: AccountTaskList, lists: readonly AccountList[]): Promise<number> {
	const pages: AccountTask[][] = [];
	for (const name of lists) pages.push((await list.readPage(name, 1, 0)).tasks);
	return newestOfTasks(pages.flat());
}

function newestOfTasks(tasks: readonly AccountTask[]): number {
	return tasks.reduce((newest, { submittedAt = 0 }) => Math.max(newest, submittedAt), 0);
}

interface PagesRead {
	tasks: AccountTask[];
	/** Whether the end of the list has been reached. */
	isEnd: boolean;
	/** Why the reading ended before. */
	failure?: RequestError;
}

/**
 * The newest page, then on from where the last poll stopped. New tasks push older ones to later pages, so a task may be seen
 * twice but none is left out.
 */
async function readPages(
	list: AccountTaskList,
	name: AccountList,
	since: number,
	{ memory, isFirstLook, until }: PollRound,
): Promise<PagesRead> {
	if (isOn(memory.pause, clock.now()) && !isFirstLook) return { tasks: [], isEnd: false };
	const maxPages = isFirstLook ? MAX_FIRST_PAGES : MAX_PAGES_PER_POLL;
	const tasks = new Map<string, AccountTask>();
	let page = 1;
	for (let read = 0; read < maxPages && clock.now() < until; read++) {
		const outcome = await list.readPage(name, page, since).catch((error: unknown) => toCometApiVideoError(error));
		if (outcome instanceof Error) {
			// What the first look does not see finished is news later, so a part of the list is not enough.
			if (isFirstLook || !isPassing(outcome)) throw outcome;
			if (outcome.kind === 'throttled')
				memory.pause = { since: clock.now(), lengthMs: outcome.retryAfterMs ?? DEFAULT_PAUSE_MS };
			return { tasks: [...tasks.values()], isEnd: false, failure: outcome };
		}
		const known = tasks.size;
		for (const task of outcome.tasks) tasks.set(task.key, task);
		if (page === 1 && outcome.countsFromZero) {
			page = 0;
			continue;
		}
		const isRepeated = page > 1 && tasks.size === known;
		if (!outcome.hasMore || isRepeated) {
			memory.nextPages.delete(name);
			return { tasks: [...tasks.values()], isEnd: true };
		}
		page = page > 1 ? page + 1 : Math.max(2, memory.nextPages.get(name) ?? 2);
	}
	memory.nextPages.set(name, page);
	return { tasks: [...tasks.values()], isEnd: false };
}

/** What the next poll may do away with. */
function isPassing(error: Error): error is RequestError {
	return error instanceof RequestError && error.kind !== 'refused';
}

function toReading(listed: AccountTask, list: AccountList): Reading {
	const { key, submittedAt, action } = listed;
	const seconds = submittedAt ?? Math.floor(clock.now() / 1000);
	return { key, task: withProvider(listed, list), known: {}, seconds, list, action };
}
