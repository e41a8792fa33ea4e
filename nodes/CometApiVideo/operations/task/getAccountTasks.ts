/** Task > Get Many from CometAPI: the tasks of the account, newest first, by its access token. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { openAccountTaskList } from '../../account/accountTaskList';
import type { AccountList, AccountTask, AccountTaskList } from '../../account/accountTaskList';
import { withProvider } from '../../account/whoseTask';
import { CREATED_WITHIN } from '../../description/taskListFields';
import { checkedNumber } from '../../task/checkText';
import { clock } from '../../task/clock';
import { CanceledError, InvalidInputError, toErrorRow } from '../../task/errors';
import { toItemJson } from '../../task/row';
import { showValue } from '../../task/shownText';
import type { VideoTask } from '../../task/types';
import { readLimit } from '../input/limits';
import { readSwitch } from '../input/readSwitch';
import { tryEachItem } from '../items/runItems';
import { untilStopped } from '../items/untilStopped';

const OTHER_WAYS = 'Task > Get and Task > Wait need the API key only, and the ID of the task.';
/** 5,000 tasks; the gateway allows 180 requests in 3 minutes. */
const MAX_PAGES = 50;
const SECONDS_OF_HOUR = 3600;
const STATUSES = ['pending', 'succeeded', 'failed'];

interface Wanted {
	limit: number;
	/** Seconds since 1970; tasks submitted earlier are left out. */
	since: number;
	lists: AccountList[];
	fits(task: VideoTask): boolean;
}

export async function getAccountTasks(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const outcomes = await tryEachItem(context, async (itemIndex) => {
		const wanted = readWanted(context, itemIndex);
		const list = await openAccountTaskList(context, OTHER_WAYS);
		const tasks = await untilStopped(context, readTasks(list, wanted, context.getExecutionCancelSignal()));
		return tasks.map((task) => ({
			json: toItemJson(task, { ref: task.ref, model: task.model, includeRaw: false }),
			pairedItem: { item: itemIndex },
		}));
	});
	return outcomes.flatMap((outcome) => (outcome.ok ? outcome.value : [toErrorRow(outcome.error, outcome.itemIndex)]));
}

/** @throws InvalidInputError */
function readWanted(context: IExecuteFunctions, itemIndex: number): Wanted {
	const returnAll = readSwitch(context, 'returnAll', itemIndex, 'Return All');
	const filters = context.getNodeParameter('taskFilters', itemIndex, {}) as IDataObject;
	const { status = '', provider = '', createdWithin, includeMidjourney } = filters;
	if (status !== '' && !STATUSES.includes(status as string)) {
		throw new InvalidInputError(`Status cannot be ${showValue(status)}`, `Allowed: ${STATUSES.join(', ')}.`);
	}
	const hours = checkedNumber(CREATED_WITHIN, createdWithin, 0);
	return {
		limit: returnAll ? Infinity : readLimit(context, itemIndex),
		since: hours === 0 ? 0 : Math.floor(clock.now() / 1000 - hours * SECONDS_OF_HOUR),
		lists: includeMidjourney === true || provider === 'midjourney' ? ['tasks', 'midjourney'] : ['tasks'],
		fits: (task) => (status === '' || task.status === status) && (provider === '' || task.ref.provider === provider),
	};
}

/** @throws RequestError, UnexpectedResponseError; CanceledError after Stop */
async function readTasks(
	list: AccountTaskList,
	{ limit, since, lists, fits }: Wanted,
	signal: AbortSignal | undefined,
): Promise<VideoTask[]> {
	const found: AccountTask[] = [];
	for (const name of lists) found.push(...(await readList(list, name, { limit, since, fits }, signal)));
	return found
		.sort((a, b) => (b.submittedAt ?? 0) - (a.submittedAt ?? 0))
		.slice(0, limit)
		.map(({ task }) => task);
}

/** New tasks push older ones to later pages, so a task may be seen twice; none is left out. */
async function readList(
	list: AccountTaskList,
	name: AccountList,
	{ limit, since, fits }: Omit<Wanted, 'lists'>,
	signal: AbortSignal | undefined,
): Promise<AccountTask[]> {
	const seen = new Set<string>();
	const found: AccountTask[] = [];
	let page = 1;
	for (let read = 0; read < MAX_PAGES && found.length < limit; read++) {
		if (signal?.aborted) throw new CanceledError('The run was canceled', '');
		const { tasks, hasMore, countsFromZero } = await list.readPage(name, page, since);
		const fresh = tasks.filter(({ key }) => !seen.has(key));
		for (const each of fresh) {
			seen.add(each.key);
			const task = withProvider(each, name);
			if (each.isVideo && fits(task)) found.push({ ...each, task });
		}
		// The oldest generation of the list counts from 0, and its page 1 is the second.
		if (read === 0 && countsFromZero) {
			page = 0;
			continue;
		}
		if (!hasMore || (fresh.length === 0 && page > 1)) break;
		page = page === 0 ? 2 : page + 1;
	}
	return found;
}
