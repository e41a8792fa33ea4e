/**
 * n8n's Data Tables as the nodes use them, by whichever way: `tablesOfThisN8n.ts` through n8n's own Data Table node, without a key;
 * `dataTableApi.ts` through the public API of this n8n or another.
 */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../task/errors';

/** Of the table for tasks, where nobody chooses another. */
export const DEFAULT_TABLE_NAME = 'CometAPI Tasks';

export interface DataTableColumn {
	name: string;
	type: 'string' | 'number' | 'boolean' | 'date';
}

export interface DataTable {
	id: string;
	name: string;
	/** Without n8n's own columns `id`, `createdAt` and `updatedAt`. */
	columns: Array<{ name: string; type: string }>;
}

/** `id`, `createdAt` and `updatedAt` (ISO 8601) are n8n's own columns. */
export type DataTableRow = IDataObject & { id: number };

export interface RowFilter {
	type: 'and' | 'or';
	filters: Array<{ columnName: string; condition: 'eq' | 'neq' | 'gt' | 'lt'; value: string | number | null }>;
}

/** Values that a row must have, by column; null is an empty cell. */
export type CellValues = Readonly<Record<string, string | number | null>>;

export interface RowChange {
	/** Which rows; none may have these values. */
	where: CellValues;
	data: IDataObject;
}

/** The table that a resource locator names. */
export interface TableLocator {
	by: 'id' | 'name';
	value: string;
}

/** All of them throw RequestError when n8n cannot be asked, or refuses. */
export interface DataTables {
	/** @returns undefined when no table has the name or, as far as n8n tells, the id */
	findTable(locator: TableLocator): Promise<DataTable | undefined>;
	/** The table of this name, made if it does not exist; two runs that start together share one. */
	findOrCreateTable(name: string, columns: readonly DataTableColumn[]): Promise<DataTable>;
	/** The first rows that the filter lets through, at most 250, by their IDs; the newest first if wanted. */
	readRowPage(
		tableId: string,
		filter: RowFilter,
		order?: 'oldestFirst' | 'newestFirst',
	): Promise<{ rows: DataTableRow[]; hasMore: boolean }>;
	/** Changes the rows that have these values. */
	updateRows(tableId: string, changes: readonly RowChange[]): Promise<void>;
	/** Changes the row that has these values, or makes one; may be sent again. */
	upsertRow(tableId: string, change: RowChange): Promise<void>;
	deleteRows(tableId: string, wheres: readonly CellValues[]): Promise<void>;
	/**
	 * Asks whether rows may be written, without writing.
	 * @param column a text column of the table
	 */
	assertMayWrite(tableId: string, kind: 'update' | 'upsert', column: string): Promise<void>;
}

/** n8n's API gives at most so many rows per request, and nobody else gives more. */
export const PAGE_SIZE = 250;

/**
 * @param otherWay what else the user can do about a missing column, as part of a sentence
 * @throws InvalidInputError naming the columns that a table lacks, or whose type cannot hold the value
 */
export function assertColumns(table: DataTable, wanted: readonly DataTableColumn[], otherWay: string): void {
	for (const { name, type } of wanted) {
		const column = table.columns.find((candidate) => candidate.name === name);
		if (!column) {
			const known = table.columns.map((candidate) => candidate.name).join(', ') || 'none';
			throw new InvalidInputError(
				`The data table "${table.name}" has no column "${name}"; its columns are: ${known}`,
				`Add a column "${name}" of the type ${type} in n8n, ${otherWay}.`,
			);
		}
		if (column.type !== type) {
			throw new InvalidInputError(
				`The column "${name}" of the data table "${table.name}" has the type ${column.type}; it must be ${type}`,
				'Make a new column with this type in n8n: the type of a column cannot be changed.',
			);
		}
	}
}

/** How a message calls the table. */
export function tableLabel({ by, value }: TableLocator): string {
	return by === 'name' ? `The data table "${value}"` : `The data table with the ID ${value}`;
}
