/**
 * The task journal: a row in an n8n Data Table for each task, written the moment its create returns and updated when it ends.
 * What is written and read here is the output row of the nodes; n8n's own columns `id`, `createdAt`, `updatedAt` come on top.
 */
import type { IDataObject } from 'n8n-workflow';
import { clock } from '../task/clock';
import { InvalidInputError, toCometApiVideoError } from '../task/errors';
import { RECORDED_COLUMNS } from '../task/row';
import type { RecordedColumn } from '../task/rowColumns';
import { assertColumns, tableLabel } from './dataTables';
import type { CellValues, DataTable, DataTableColumn, DataTableRow, DataTables, TableLocator } from './dataTables';
import { asText } from '../task/asText';

/** Columns of a table that the node makes. Those of them that a table does not have are not written. */
export const JOURNAL_COLUMNS: readonly DataTableColumn[] = RECORDED_COLUMNS.map(({ name, type }) => ({ name, type }));

/** Names of the columns in a table that somebody else made, by the name that the nodes use; absent: the same name. */
export type ColumnNames = Readonly<Record<string, string>>;

/** Columns that a watched or recorded task cannot do without. */
const NEEDED_COLUMNS: readonly DataTableColumn[] = JOURNAL_COLUMNS.filter(({ name }) =>
	['taskId', 'status'].includes(name),
);

const writtenWhen = (when: RecordedColumn['written']) =>
	RECORDED_COLUMNS.filter(({ written }) => written === when).map(({ name }) => name);
/** Columns that say how a task has ended. */
const END_COLUMNS = writtenWhen('atEnd');
/** Columns that are filled in when nobody has. */
const ORDER_COLUMNS = writtenWhen('ifEmpty');

/** What the table says of a task that is under way. */
export const PENDING = 'pending';
/** What the table says of a task that CometAPI does not know any more; never taken from an answer, where the word means little. */
export const GONE = 'unknown';
const WRITE_TRIES = 3;
const WRITE_PAUSE_MS = 1000;

/** The place of one task in the journal. */
export interface TaskEntry {
	/**
	 * Writes what is known of the task by now. A row that exists is changed only as long as nobody else has changed its status or
	 * removed it.
	 * @param known columns of the output row
	 * @returns what to tell the user when that did not succeed; the video is not stopped by it
	 */
	write(known: IDataObject): Promise<string | undefined>;
}

export interface TaskJournal {
	table: DataTable;
	/**
	 * The place of a task that this run has created, or taken up from an earlier try.
	 * @param created what was known with the create; written together with whatever is written first
	 * @param hasRow the task's row exists
	 */
	entryOfTask(taskId: string, created: IDataObject, hasRow: boolean): TaskEntry;
	/**
	 * Changes the rows of tasks under way, all together and once: who does so will do it again.
	 * @throws RequestError
	 */
	update(news: ReadonlyArray<{ taskId: string; known: IDataObject }>): Promise<void>;
	/** Removes the rows of tasks whose status nobody else has changed. @throws RequestError */
	remove(taskIds: readonly string[]): Promise<void>;
	/** The place of a task that was found in the table: filled in, and nothing is emptied. */
	entryOfRow(row: DataTableRow): TaskEntry;
}

/**
 * The journal in a table that exists; one that is named and does not exist is made.
 * @throws InvalidInputError, RequestError when the table cannot be used or made
 */
export async function openOrCreateJournal(
	tables: DataTables,
	locator: TableLocator,
	signal?: AbortSignal,
): Promise<TaskJournal> {
	const table =
		locator.by === 'id'
			? await openTable(tables, locator)
			: await tables.findOrCreateTable(locator.value, JOURNAL_COLUMNS);
	assertColumns(table, NEEDED_COLUMNS, 'or choose another table');
	await tables.assertMayWrite(table.id, 'upsert', 'taskId');
	await tables.assertMayWrite(table.id, 'update', 'taskId');
	return journalIn(tables, table, signal);
}

/**
 * @param signal the user's Stop: nothing is tried again after it
 * @throws InvalidInputError, RequestError when the table does not exist or cannot be used
 */
export async function openJournal(
	tables: DataTables,
	locator: TableLocator,
	signal?: AbortSignal,
): Promise<TaskJournal> {
	return journalIn(tables, await openTable(tables, locator), signal);
}

function journalIn(tables: DataTables, table: DataTable, signal?: AbortSignal): TaskJournal {
	const tryToWrite = async (taskId: string, write: () => Promise<void>) => {
		for (let tries = 1; ; tries++) {
			try {
				await write();
				return undefined;
			} catch (error) {
				if (tries < WRITE_TRIES && !signal?.aborted) {
					await clock.sleep(WRITE_PAUSE_MS, signal);
					continue;
				}
				return `Task ${taskId} could not be recorded in the data table "${table.name}": ${toCometApiVideoError(error).message}`;
			}
		}
	};
	return {
		table,
		entryOfTask(taskId, created, hasRow) {
			let isWritten = hasRow;
			return {
				async write(known) {
					const data = fitColumns(table, isWritten ? known : { ...created, ...known, taskId }, {});
					const warning = await tryToWrite(taskId, async () =>
						isWritten
							? await tables.updateRows(table.id, [{ where: pendingRow(taskId), data }])
							: await tables.upsertRow(table.id, { where: { taskId }, data }),
					);
					isWritten ||= warning === undefined;
					return warning;
				},
			};
		},
		async update(news) {
			const changes = news.map(({ taskId, known }) => ({
				where: pendingRow(taskId),
				data: fitColumns(table, known, {}),
			}));
			await tables.updateRows(
				table.id,
				changes.filter(({ data }) => Object.keys(data).length > 0),
			);
		},
		async remove(taskIds) {
			await tables.deleteRows(table.id, taskIds.map(pendingRow));
		},
		entryOfRow: (row) => ({
			async write(known) {
				const data = fitColumns(table, endColumns(known, toOutputRow(row, {})), {});
				const where = { id: row.id, status: statusOf(row, {}) };
				return await tryToWrite(asText(known.taskId), async () => await tables.updateRows(table.id, [{ where, data }]));
			},
		}),
	};
}

function pendingRow(taskId: string): CellValues {
	return { taskId, status: PENDING };
}

/**
 * @param names for those who can name the columns
 * @throws InvalidInputError when there is no such table, or it lacks a needed column; RequestError
 */
export async function openTable(tables: DataTables, locator: TableLocator, names?: ColumnNames): Promise<DataTable> {
	const table = await tables.findTable(locator);
	if (!table) {
		throw new InvalidInputError(
			`${tableLabel(locator)} does not exist`,
			'Video > Generate makes one with Record Tasks. The table must be in the project of the workflow, or the owner of the API key must be able to see it.',
		);
	}
	const wanted = NEEDED_COLUMNS.map((column) => ({ ...column, name: names?.[column.name] ?? column.name }));
	assertColumns(
		table,
		wanted,
		names ? 'give the right name under Column Names, or choose another table' : 'or choose another table',
	);
	return table;
}

/** The output row that a row of the table was made from, as far as the table has its columns. */
export function toOutputRow(row: DataTableRow, names: ColumnNames): IDataObject {
	const ofRow = (name: string) => row[names[name] ?? name];
	return Object.fromEntries(JOURNAL_COLUMNS.map(({ name }) => [name, ofRow(name)]));
}

/** What a condition on the row's status compares with. */
export function statusOf(row: DataTableRow, names: ColumnNames): string | null {
	const status = row[names.status ?? 'status'];
	return typeof status === 'string' ? status : null;
}

/**
 * What the end of a task changes in its row. Nothing is emptied, and what the row says of the order stays: the table may be
 * somebody's own.
 * @param json output row of the task
 * @param row the row as an output row
 */
export function endColumns(json: IDataObject, row: IDataObject): IDataObject {
	const isGiven = (value: unknown) => value !== null && value !== undefined && value !== '';
	const ofTask = END_COLUMNS.filter((name) => isGiven(json[name]));
	const ofOrder = ORDER_COLUMNS.filter((name) => isGiven(json[name]) && !isGiven(row[name]));
	return Object.fromEntries([...ofTask, ...ofOrder].map((name) => [name, json[name]]));
}

/** The part of an output row that the table has columns for, in the columns' types. */
export function fitColumns(table: DataTable, known: IDataObject, names: ColumnNames): IDataObject {
	const cells = Object.entries(known).flatMap(([name, value]) => {
		const column = table.columns.find((candidate) => candidate.name === (names[name] ?? name));
		return column && value !== undefined ? [[column.name, toCell(value, column.type)]] : [];
	});
	return Object.fromEntries(cells) as IDataObject;
}

/** Values that a column cannot hold are left empty: n8n would refuse the whole row. */
function toCell(value: IDataObject[string], type: string): string | number | boolean | null {
	if (value === null || value === undefined) return null;
	if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
	if (type === 'number') return typeof value === 'number' ? value : null;
	if (type === 'boolean') return typeof value === 'boolean' ? value : null;
	return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}
