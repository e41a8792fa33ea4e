/** The data table that a node's parameter names, and the list that the editor offers for it. */
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameterResourceLocator,
} from 'n8n-workflow';
import { InvalidInputError } from '../task/errors';
import { assertNoExpressionText } from '../task/checkText';
import { showValue } from '../task/shownText';
import { createDataTableClient } from './dataTableApi';
import { DEFAULT_TABLE_NAME } from './dataTables';
import type { DataTables, TableLocator } from './dataTables';
import { openTablesOfThisN8n } from './tablesOfThisN8n';

export interface ChosenTable {
	tables: DataTables;
	locator: TableLocator;
	/** The user has given a key for it, so it is there for sure. */
	hasKey: boolean;
}

/** @throws InvalidInputError when no table is chosen; NodeOperationError when the credential cannot be used */
export async function readChosenTable(context: IExecuteFunctions): Promise<ChosenTable> {
	const access: unknown = context.getNodeParameter('tableAccess', 0, 'thisN8n');
	if (access !== 'thisN8n' && access !== 'apiKey') {
		throw new InvalidInputError(
			`Data Table Of cannot be ${showValue(access)}`,
			'Choose This N8n, or Another N8n by API Key, from the list.',
		);
	}
	const locator = toTableLocator(context.getNodeParameter('dataTable', 0, { mode: 'name', value: DEFAULT_TABLE_NAME }));
	const hasKey = access === 'apiKey';
	return { tables: hasKey ? await createDataTableClient(context) : openTablesOfThisN8n(context), locator, hasKey };
}

/**
 * @param parameter value of the resource locator as the node has it
 * @throws InvalidInputError when nothing is chosen
 */
export function toTableLocator(parameter: unknown): TableLocator {
	const { mode, value: given } = (parameter ?? {}) as Partial<INodeParameterResourceLocator>;
	const value = String(given ?? '').trim();
	assertNoExpressionText('Data Table', value);
	if (value === '') {
		throw new InvalidInputError('Data Table is empty', 'Choose a table from the list, or give its name.');
	}
	if (mode === 'name') return { by: 'name', value };
	// People paste the address of the table's page.
	const id = /\/datatables\/(\w+)/.exec(value)?.[1] ?? value;
	if (/^[a-zA-Z0-9]{1,36}$/.test(id)) return { by: 'id', value: id };
	throw new InvalidInputError(
		`The ID of the data table cannot be "${value.slice(0, 100)}"`,
		'Choose the table from the list, or give its name.',
	);
}

/** @throws RequestError when n8n cannot be asked */
export async function searchDataTables(context: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const client = await createDataTableClient(context);
	const wanted = filter.trim().toLowerCase();
	const tables = (await client.listTables()).filter(({ name }) => name.toLowerCase().includes(wanted));
	return { results: tables.map(({ id, name }) => ({ name, value: id })) };
}
