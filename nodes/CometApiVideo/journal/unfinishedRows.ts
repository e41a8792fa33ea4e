/**
 * The rows of a table whose task has not ended as far as the table knows, page by page to the very end, however many there are.
 * A row that leaves them meanwhile hides no other: pages go on behind the ID of a row, while n8n's own are counted from the first
 * row, so that the next one would begin behind a row that nobody has seen.
 */
import type { DataTable, DataTableRow, DataTables, RowFilter } from './dataTables';
import { PENDING } from './taskJournal';
import type { ColumnNames } from './taskJournal';

/** What a cell holds that nobody has filled in, and one whose text was deleted in n8n's editor. */
const EMPTY = [null, ''] as const;
const UNFINISHED = [PENDING, ...EMPTY] as const;

/** Where to go on reading. */
export interface RowCursor {
	/** Index in `UNFINISHED`; -1: all of them at once, as long as one page holds them. */
	statusIndex: number;
	/** Rows up to this ID have been read. */
	afterId: number;
}

const BEGINNING: RowCursor = { statusIndex: -1, afterId: 0 };

export interface RowPage {
	/** In the order of their IDs. */
	rows: DataTableRow[];
	/** Where to go on behind one of the rows. */
	cursorAfter(row: DataTableRow): RowCursor;
	/** Where to go on behind all of them; absent: this was the last page. */
	next?: RowCursor;
}

export interface WantedRows {
	names: ColumnNames;
	/** Providers whose rows are left to others. */
	otherProviders?: readonly string[];
}

/**
 * One page, at most 250 rows.
 * @param cursor absent: from the beginning
 * @throws RequestError
 */
export async function readUnfinishedRows(
	tables: DataTables,
	table: DataTable,
	wanted: WantedRows,
	cursor: RowCursor = BEGINNING,
): Promise<RowPage> {
	const status = wanted.names.status ?? 'status';
	if (cursor.statusIndex < 0) {
		const filters = UNFINISHED.map((value) => ({ columnName: status, condition: 'eq' as const, value }));
		const { rows, hasMore } = await tables.readRowPage(table.id, { type: 'or', filters });
		if (!hasMore)
			return toPage(
				rows.filter(({ id }) => id > cursor.afterId),
				BEGINNING.statusIndex,
			);
		// A filter of n8n has one level, so alternatives cannot be combined with further conditions.
		return await readUnfinishedRows(tables, table, wanted, { statusIndex: 0, afterId: 0 });
	}
	const { statusIndex, afterId } = cursor;
	const filter: RowFilter = {
		type: 'and',
		filters: [
			// Not `??`: an empty cell is one of them.
			...UNFINISHED.slice(statusIndex, statusIndex + 1).map((value) => ({
				columnName: status,
				condition: 'eq' as const,
				value,
			})),
			{ columnName: 'id', condition: 'gt', value: afterId },
			...taskConditions(table, wanted),
		],
	};
	const { rows, hasMore } = await tables.readRowPage(table.id, filter);
	const last = rows.at(-1);
	if (hasMore && last) return toPage(rows, statusIndex, { statusIndex, afterId: last.id });
	const isLastStatus = statusIndex === UNFINISHED.length - 1;
	return toPage(rows, statusIndex, isLastStatus ? undefined : { statusIndex: statusIndex + 1, afterId: 0 });
}

function toPage(rows: DataTableRow[], statusIndex: number, next?: RowCursor): RowPage {
	return { rows, cursorAfter: ({ id }) => ({ statusIndex, afterId: id }), next };
}

/** Rows that name a task, of a provider that is wanted or that nobody has named. */
function taskConditions({ columns }: DataTable, { names, otherProviders = [] }: WantedRows): RowFilter['filters'] {
	const taskId = names.taskId ?? 'taskId';
	const provider = names.provider ?? 'provider';
	const isText = columns.some(({ name, type }) => name === provider && type === 'string');
	const differsFrom = (columnName: string, values: ReadonlyArray<string | null>) =>
		values.map((value) => ({ columnName, condition: 'neq' as const, value }));
	return [...differsFrom(taskId, EMPTY), ...differsFrom(provider, isText ? otherProviders : [])];
}
