/** The tasks that Task > Get and Task > Wait work on: one per input item, or the unfinished ones of a data table. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readChosenTable } from '../../journal/chosenTable';
import type { DataTableRow, DataTables } from '../../journal/dataTables';
import { readTableTime } from '../../journal/tableTime';
import { GONE, openJournal, toOutputRow } from '../../journal/taskJournal';
import type { TaskJournal } from '../../journal/taskJournal';
import { readUnfinishedRows } from '../../journal/unfinishedRows';
import type { RowCursor } from '../../journal/unfinishedRows';
import { readStoredReference } from '../../providers/taskReference';
import type { TaskReference } from '../../providers/taskReference';
import type { CometApiClient, FoundTask } from '../../service/client';
import { isUnknownTask } from '../../service/refusals';
import { clock } from '../../task/clock';
import { toCometApiVideoError } from '../../task/errors';
import { readSwitch } from '../input/readSwitch';
import { readLimit } from '../input/limits';
import { readTaskReference } from './readTaskReference';

export interface ReferencedTask {
	/** Input item that the task's row belongs to. */
	itemIndex: number;
	/** @throws InvalidInputError when what is named there cannot be a task */
	reference(): TaskReference;
	/** @throws RequestError, UnexpectedResponseError */
	read(client: CometApiClient, reference: TaskReference): Promise<FoundTask>;
	/** How long its row has been in the table, in milliseconds; absent if there is none, or nobody knows. */
	ageMs?: number;
	/**
	 * Writes into the table what is known of the task.
	 * @returns what to tell the user when that did not succeed
	 */
	record?(json: IDataObject): Promise<string | undefined>;
}

/** A task that has been read, with what the journal keeps of it. */
export interface ReadTask {
	referenced: ReferencedTask;
	json: IDataObject;
}

export interface ReferencedTasks {
	tasks: ReferencedTask[];
	/** True: one task that has failed, cannot be read or is not known any more must not keep the others from being taken up. */
	areRecorded: boolean;
}

/** A new task may be unknown for some seconds, and n8n may have been restarted just then. */
const NEW_TASK_MS = 10 * 60_000;
/** CometAPI's gateway gives up on tasks after a day. */
const GONE_AFTER_MS = 24 * 3_600_000;
const MAX_ROWS_NAMED = 10;

/** @throws InvalidInputError, RequestError when the data table cannot be read */
export async function findReferencedTasks(context: IExecuteFunctions): Promise<ReferencedTasks> {
	if (readSwitch(context, 'useRecordedTasks', 0, 'Use Recorded Tasks')) {
		return { tasks: await findRecordedTasks(context), areRecorded: true };
	}
	const tasks = [...context.getInputData().keys()].map((itemIndex) => ({
		itemIndex,
		reference: () => readTaskReference(context, itemIndex),
		read: async (client: CometApiClient, reference: TaskReference) => await client.findTask(reference),
	}));
	return { tasks, areRecorded: false };
}

/**
 * The last thing of a run, when nothing can fail any more: nobody takes up a task again that the table calls finished.
 * @param read tasks to be recorded, by the position of their rows among those of the run
 * @returns the rows as they go out: one that could not be recorded says so in `recordWarning`
 */
export async function recordReadings(
	context: IExecuteFunctions,
	rows: readonly INodeExecutionData[],
	read: ReadonlyMap<number, ReadTask>,
): Promise<INodeExecutionData[]> {
	const signal = context.getExecutionCancelSignal();
	const told: INodeExecutionData[] = [];
	for (const [position, row] of rows.entries()) {
		// What a stopped node has made goes nowhere.
		const { referenced, json } = (signal?.aborted ? undefined : read.get(position)) ?? {};
		const recordWarning = json && (await referenced?.record?.(json));
		told.push(recordWarning ? { ...row, json: { ...row.json, recordWarning } } : row);
	}
	return told;
}

async function findRecordedTasks(context: IExecuteFunctions): Promise<ReferencedTask[]> {
	const { tables, locator } = await readChosenTable(context);
	const journal = await openJournal(tables, locator, context.getExecutionCancelSignal());
	const limit = readLimit(context, 0);
	const { tasks, unusable } = await readRecordedRows(tables, journal, limit);
	nameUnusable(context, journal, unusable);
	return tasks;
}

interface RecordedRows {
	tasks: ReferencedTask[];
	/** Rows that name something which cannot be a task, with the reason. */
	unusable: string[];
}

/** The table is read on to its end until there are as many tasks as wanted: what is no task must not hide those behind it. */
async function readRecordedRows(tables: DataTables, journal: TaskJournal, limit: number): Promise<RecordedRows> {
	const tasks: ReferencedTask[] = [];
	const unusable: string[] = [];
	let cursor: RowCursor | undefined;
	do {
		const page = await readUnfinishedRows(tables, journal.table, { names: {} }, cursor);
		for (const row of page.rows) {
			// A row without an ID is no task, e.g. one that a person has begun to type.
			if (row.taskId === null || row.taskId === undefined || row.taskId === '') continue;
			try {
				tasks.push(toRecordedTask(journal, row));
			} catch (error) {
				unusable.push(`row ${row.id}: ${toCometApiVideoError(error).message}`);
			}
			if (tasks.length >= limit) return { tasks, unusable };
		}
		cursor = page.next;
	} while (cursor);
	return { tasks, unusable };
}

/** Below the output and in the log: a video that was paid for may be behind such a row. */
export function nameUnusable(context: IExecuteFunctions, { table }: TaskJournal, unusable: readonly string[]): void {
	if (unusable.length === 0) return;
	const more = unusable.length - MAX_ROWS_NAMED;
	const named = unusable.slice(0, MAX_ROWS_NAMED).join('; ');
	const message = `Rows of the data table "${table.name}" are left out: ${named}${more > 0 ? `; and ${more} more` : ''}`;
	context.logger.warn(message);
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
}

/** @throws InvalidInputError when the row does not name a task */
export function toRecordedTask(journal: TaskJournal, row: DataTableRow): ReferencedTask {
	const stored = toOutputRow(row, {});
	readStoredReference(stored);
	const enteredAt = readTableTime(row.createdAt);
	const ageMs = enteredAt === undefined ? undefined : clock.now() - enteredAt;
	const entry = journal.entryOfRow(row);
	let isUnknown = false;
	return {
		itemIndex: 0,
		ageMs,
		reference: () => readStoredReference(stored),
		/** A task that CometAPI does not know any more comes out as a failed one. */
		async read(client, reference) {
			const outcome = await client.findTask(reference).catch((error: Error) => error);
			isUnknown = outcome instanceof Error && isUnknownTask(outcome);
			if (!(outcome instanceof Error)) return outcome;
			// The age of a row whose time cannot be read is not known, so it may be new.
			if (!isUnknown || ageMs === undefined || ageMs < NEW_TASK_MS) throw outcome;
			const task = { ref: reference.ref, status: 'failed' as const, rawStatus: GONE, reason: outcome.message, raw: {} };
			return { task, taskApi: reference.taskApi };
		},
		async record(json) {
			if (!isUnknown) return await entry.write(json);
			// The credential may be that of another account, so a row is not given up at once.
			if (ageMs === undefined || ageMs < GONE_AFTER_MS) return undefined;
			return await entry.write({ ...json, status: GONE });
		},
	};
}
