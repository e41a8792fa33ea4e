/**
 * Task > Get Many, source Recorded Tasks: the tasks that a data table has, each with its true status; or, once, those of them that are finished and that nobody
 * has handed over yet, which is what the trigger does, without a key.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readChosenTable } from '../../journal/chosenTable';
import type { DataTableRow, DataTables, RowFilter } from '../../journal/dataTables';
import { isHeld } from '../../journal/rowHold';
import { PENDING, openJournal, statusOf, toOutputRow } from '../../journal/taskJournal';
import type { TaskJournal } from '../../journal/taskJournal';
import { readUnfinishedRows } from '../../journal/unfinishedRows';
import type { RowCursor } from '../../journal/unfinishedRows';
import { createCometApiClient } from '../../service/client';
import { repeatRefused } from '../../service/retry';
import { asText } from '../../task/asText';
import { clock } from '../../task/clock';
import { toItemJson } from '../../task/row';
import { readLimit } from '../input/limits';
import { readSwitch } from '../input/readSwitch';
import { readRunSettings } from '../input/runSettings';
import { lookOnce } from './lookOnce';
import { nameUnusable, recordReadings, toRecordedTask } from './referencedTasks';
import type { ReadTask, ReferencedTask } from './referencedTasks';
import { openTaskProblems } from './taskProblems';

/** At CometAPI, in one run; the oldest, or newest, tasks come first. */
const MAX_LOOKS = 200;
const ANY = 'any';

/** @throws InvalidInputError, RequestError when the data table cannot be read */
export async function getRecordedTasks(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const { includeRaw } = settings;
	const client = await createCometApiClient(context, settings);
	const { tables, locator } = await readChosenTable(context);
	const signal = context.getExecutionCancelSignal();
	const journal = await openJournal(tables, locator, signal);
	const takesOnce = readSwitch(context, 'takeFinishedOnce', 0, 'Take Finished Once');
	const limit = readSwitch(context, 'returnAll', 0, 'Return All') ? Infinity : readLimit(context, 0);
	const wanted = {
		status: takesOnce ? ANY : asText(context.getNodeParameter('taskStatus', 0, ANY)),
		provider: asText(context.getNodeParameter('recordedProvider', 0, ANY)),
	};
	const problems = openTaskProblems(context, true, includeRaw);
	const repeat = repeatRefused(clock, signal);
	const items: INodeExecutionData[] = [];
	const taken = new Map<number, ReadTask>();
	const unusable: string[] = [];
	let looks = 0;
	const rows = takesOnce ? oldestUnfinished(tables, journal) : newest(tables, journal);
	for await (const row of rows) {
		if (items.length >= limit || signal?.aborted) break;
		if (row.taskId === null || row.taskId === undefined || row.taskId === '') continue;
		if (takesOnce && isHeld(row, {}, clock.now())) continue;
		let task: ReferencedTask;
		try {
			task = toRecordedTask(journal, row);
		} catch (error) {
			unusable.push(`row ${row.id}: ${(error as Error).message}`);
			continue;
		}
		const { ref } = task.reference();
		if (wanted.provider !== ANY && ref.provider !== wanted.provider) continue;
		const isOpen = [PENDING, '', null].includes(statusOf(row, {}));
		if (isOpen && looks >= MAX_LOOKS && takesOnce) break;
		const isLookedAt = isOpen && looks < MAX_LOOKS;
		if (isLookedAt) looks += 1;
		const { item, json } = isLookedAt
			? await lookOnce(client, task, { problems, repeat, includeRaw })
			: { item: fromTable(row, task, includeRaw), json: undefined };
		const { status } = item.json;
		if (takesOnce ? status === 'pending' : wanted.status !== ANY && status !== wanted.status) continue;
		if (takesOnce && json) taken.set(items.length, { referenced: task, json });
		items.push(item);
	}
	problems.assertReached(looks);
	nameUnusable(context, journal, unusable);
	return await recordReadings(context, items, taken);
}

/** What the table says of a task that is over. */
function fromTable(row: DataTableRow, task: ReferencedTask, includeRaw: boolean): INodeExecutionData {
	const reference = task.reference();
	const { status, videoUrl, completedAt, failureReason, ...detail } = toOutputRow(row, {});
	const { rawStatus, progress } = detail;
	const known: IDataObject = {
		...{ status, videoUrl, completedAt, failureReason },
		...(includeRaw ? { rawStatus, progress, videoUrls: videoUrl ? [videoUrl] : [] } : {}),
	};
	const json: IDataObject = {
		...toItemJson(undefined, { ...reference.row, ref: reference.ref, includeRaw }),
		...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== null)),
	};
	return { json, pairedItem: { item: 0 } };
}

async function* oldestUnfinished(tables: DataTables, { table }: TaskJournal): AsyncGenerator<DataTableRow> {
	let cursor: RowCursor | undefined;
	do {
		const page = await readUnfinishedRows(tables, table, { names: {} }, cursor);
		yield* page.rows;
		cursor = page.next;
	} while (cursor);
}

async function* newest(tables: DataTables, { table }: TaskJournal): AsyncGenerator<DataTableRow> {
	const filters: RowFilter['filters'] = [{ columnName: 'id', condition: 'gt', value: 0 }];
	for (;;) {
		const { rows, hasMore } = await tables.readRowPage(table.id, { type: 'and', filters }, 'newestFirst');
		yield* rows;
		const last = rows.at(-1);
		if (!hasMore || !last) return;
		filters.splice(0, 1, { columnName: 'id', condition: 'lt', value: last.id });
	}
}
