/**
 * The Data Tables of the n8n that runs the node, in the workflow's project, without a key: n8n's own Data Table node in an inline
 * sub-workflow (tried with n8n 2.41.1). The only place that does so.
 *
 * - A community node has no Data Tables of its own, but n8n gives every node the helper for them if it has them at all; where it
 *   does not, nothing is sent, because an unknown node would leave an execution that never ends.
 * - Values are given with the items and read by expressions, so that none can be taken for an expression itself.
 * - n8n finds names that only contain the text, so a table is looked up by its exact name here and used by its ID.
 */
import type { IDataObject, IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { runNode } from '../subWorkflow/runSubWorkflow';
import { asText } from '../task/asText';
import { RequestError, cleanServerText } from '../task/errors';
import { withinTime } from '../task/clock';
import { PAGE_SIZE } from './dataTables';
import type { CellValues, DataTable, DataTableColumn, DataTableRow, DataTables, RowChange } from './dataTables';

const NODE = { type: 'n8n-nodes-base.dataTable', typeVersion: 1.1 };
/** Name of the sub-workflow and of its node. */
const NAME = 'CometAPI Video task table';
/** n8n's own columns. */
const SYSTEM_COLUMNS: readonly string[] = ['id', 'createdAt', 'updatedAt'];
/** The database is near; when it does not answer within this time it is not well. */
const TIMEOUT_MS = 10_000;

/** Whether this n8n has Data Tables, as far as it can be known without asking. */
export function hasDataTables(context: IExecuteFunctions): boolean {
	return 'getDataTableProxy' in context.helpers;
}

export function openTablesOfThisN8n(context: IExecuteFunctions): DataTables {
	const ask = async (parameters: IDataObject, items: readonly IDataObject[] = [{}]): Promise<IDataObject[]> => {
		if (!hasDataTables(context)) throw notThere();
		const node = { ...NODE, name: NAME, parameters: parameters as INodeParameters };
		const asked = runNode(
			context,
			node,
			items.map((json) => ({ json })),
		);
		return (await inOurWords(asked)).map(({ json }) => json);
	};

	const listTables = async (name: string): Promise<DataTable[]> => {
		const options = name === '' ? {} : { filterName: name };
		const found = await ask({ resource: 'table', operation: 'list', returnAll: true, options });
		return found.map(toTable);
	};

	const findTable: DataTables['findTable'] = async ({ by, value }) =>
		(await listTables(by === 'name' ? value : '')).find((table) => table[by] === value);

	/** One call for the rows with the same columns. */
	const write = async (tableId: string, operation: string, changes: readonly RowChange[]): Promise<void> => {
		for (const alike of groupAlike(changes)) {
			const [{ where, data }] = alike;
			await ask(
				{
					...rowsOf(tableId, operation, Object.keys(where), where),
					...(operation === 'deleteRows' ? {} : { columns: columnsOf(Object.keys(data)) }),
					options: {},
				},
				alike.map((change) => ({ ...change })),
			);
		}
	};

	const upsertTogether = gather<RowChange>(async (tableId, changes) => await write(tableId, 'upsert', changes));

	return {
		findTable,

		async findOrCreateTable(name, columns) {
			const found = await findTable({ by: 'name', value: name });
			if (found) return found;
			const parameters = {
				...{ resource: 'table', operation: 'create', tableName: name },
				columns: { column: columns.map((column) => ({ ...column })) },
				options: { createIfNotExists: true },
			};
			const outcome = await ask(parameters).catch((error: Error) => error);
			// Another run was quicker, or n8n has taken a table of a longer name for it.
			const table = await findTable({ by: 'name', value: name });
			if (table) return table;
			throw outcome instanceof Error ? outcome : refused('the new data table is not there');
		},

		async readRowPage(tableId, { type, filters }, order = 'oldestFirst') {
			const conditions = filters.map(({ columnName, condition, value }, index) =>
				toCondition(columnName, condition, value, `$json.values[${index}]`),
			);
			const rows = await ask(
				{
					...{ resource: 'row', operation: 'get', dataTableId: byId(tableId) },
					matchType: type === 'and' ? 'allConditions' : 'anyCondition',
					filters: { conditions },
					...{ returnAll: false, limit: PAGE_SIZE + 1, orderBy: true, orderByColumn: 'id' },
					orderByDirection: order === 'oldestFirst' ? 'ASC' : 'DESC',
				},
				[{ values: filters.map(({ value }) => value) }],
			);
			return { rows: rows.slice(0, PAGE_SIZE) as DataTableRow[], hasMore: rows.length > PAGE_SIZE };
		},

		updateRows: async (tableId, changes) => await write(tableId, 'update', changes),
		upsertRow: async (tableId, change) => await upsertTogether(tableId, change),
		async deleteRows(tableId, wheres) {
			const changes = wheres.map((where) => ({ where, data: {} }));
			await write(tableId, 'deleteRows', changes);
		},

		async assertMayWrite(tableId, operation, column) {
			const where = { [column]: '' };
			await ask(
				{
					...rowsOf(tableId, operation, [column], where),
					columns: columnsOf([column]),
					options: { dryRun: true },
				},
				[{ where, data: { [column]: '' } }],
			);
		},
	};
}

function byId(tableId: string): IDataObject {
	return { __rl: true, mode: 'id', value: tableId };
}

/** The rows that have the values of the item's `where`. */
function rowsOf(tableId: string, operation: string, names: readonly string[], where: CellValues): IDataObject {
	const conditions = names.map((name) =>
		toCondition(name, 'eq', where[name] ?? null, `$json.where[${JSON.stringify(name)}]`),
	);
	return {
		...{ resource: 'row', operation, dataTableId: byId(tableId) },
		...{ matchType: 'allConditions', filters: { conditions } },
	};
}

/** @param value decides the condition alone; the expression gives it */
function toCondition(
	keyName: string,
	condition: string,
	value: string | number | null,
	expression: string,
): IDataObject {
	if (value === null) return { keyName, condition: condition === 'eq' ? 'isEmpty' : 'isNotEmpty' };
	return { keyName, condition, keyValue: `={{ ${expression} }}` };
}

/** The item's `data`, column by column. */
function columnsOf(names: readonly string[]): IDataObject {
	const values = names.map((name) => [name, `={{ $json.data[${JSON.stringify(name)}] }}`]);
	return {
		...{ mappingMode: 'defineBelow', value: Object.fromEntries(values) as IDataObject },
		...{ matchingColumns: [], schema: [] },
	};
}

type NonEmpty<Value> = [Value, ...Value[]];

/** In order, those together that name the same columns, and are empty in the same ones. */
function groupAlike(changes: readonly RowChange[]): Array<NonEmpty<RowChange>> {
	const groups = new Map<string, NonEmpty<RowChange>>();
	for (const change of changes) {
		const conditions = Object.entries(change.where).map(([name, value]) => [name, value === null]);
		const key = JSON.stringify([conditions, Object.keys(change.data)]);
		const group = groups.get(key);
		if (group) group.push(change);
		else groups.set(key, [change]);
	}
	return [...groups.values()];
}

/**
 * Writes of a run that fall together go together: what comes while one is under way waits for its end. When a joint write fails,
 * each is tried alone, so that one that n8n does not take spoils no other.
 */
function gather<Value>(write: (tableId: string, values: readonly Value[]) => Promise<void>) {
	interface Waiting {
		tableId: string;
		value: Value;
		end(outcome: Promise<void>): void;
	}
	let waiting: Waiting[] = [];
	let isBusy = false;
	const work = async () => {
		isBusy = true;
		for (let [first] = waiting; first; [first] = waiting) {
			const { tableId } = first;
			const together = waiting.filter((one) => one.tableId === tableId);
			waiting = waiting.filter((one) => one.tableId !== tableId);
			const all = write(
				tableId,
				together.map(({ value }) => value),
			);
			const isDone = await all.then(
				() => true,
				() => together.length === 1,
			);
			for (const { value, end } of together) {
				const outcome = isDone ? all : write(tableId, [value]);
				end(outcome);
				await outcome.catch(() => undefined);
			}
		}
		isBusy = false;
	};
	return async (tableId: string, value: Value): Promise<void> => {
		const written = new Promise<void>((resolve) => {
			waiting.push({ tableId, value, end: resolve });
		});
		if (!isBusy) void work();
		await written;
	};
}

function toTable({ id, name, columns }: IDataObject): DataTable {
	const given = Array.isArray(columns) ? (columns as DataTableColumn[]) : [];
	return {
		id: asText(id),
		name: asText(name),
		columns: given.map((column) => ({ name: column.name, type: column.type })).filter(isOwn),
	};
}

function isOwn({ name }: { name: string }): boolean {
	return !SYSTEM_COLUMNS.includes(name);
}

/** @throws RequestError in our words; n8n's name an inner node that nobody has */
async function inOurWords<Result>(work: Promise<Result>): Promise<Result> {
	try {
		return await withinTime(work, TIMEOUT_MS, () => {
			throw refused(`it did not answer within ${TIMEOUT_MS / 1000} seconds`);
		});
	} catch (error) {
		throw error instanceof RequestError ? error : refused(cleanServerText((error as Error).message));
	}
}

function refused(said: string): RequestError {
	return new RequestError(
		'transient',
		`n8n could not work with its data table${said === '' ? '' : `: ${said}`}`,
		'Look at the table under Data Tables in n8n, then run the node again or choose another table.',
	);
}

function notThere(): RequestError {
	return new RequestError(
		'refused',
		'This n8n has no Data Tables',
		'Update n8n, or switch the module "data-table" on. Until then set Record Tasks to Off, or give the API key of an n8n that has them (Data Table Of).',
	);
}
