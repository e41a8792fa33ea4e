/**
 * A stand-in for n8n's own Data Table node, as sub-workflows of the node run it: its parameters by n8n's real expressions, its tables those of
 * the fake API. Failures come as n8n's do (seen on 2.41.1): NodeOperationError or plain Error, by no rule that one could build on.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { N8nApi } from './n8nApi';
import { answerRequest } from './n8nApiRoutes';

export const DATA_TABLE_TYPE = 'n8n-nodes-base.dataTable';

/** n8n drops parameters that a node does not describe. */
const PARAMETERS = [
	...[
		'resource',
		'operation',
		'returnAll',
		'options',
		'tableName',
		'columns',
		'dataTableId',
		'matchType',
		'filters',
		'limit',
	],
	...['orderBy', 'orderByColumn', 'orderByDirection'],
];

export interface DataTableCall {
	resource: string;
	operation: string;
	items: number;
	/** Milliseconds since 1970. */
	at: number;
}

export class DataTableNode implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Data table',
		name: 'dataTable',
		group: ['input', 'transform'],
		version: [1, 1.1],
		description: 'Stand-in',
		defaults: { name: 'Data table' },
		inputs: ['main'],
		outputs: ['main'],
		properties: PARAMETERS.map((name) => ({ displayName: name, name, type: 'json', default: '' })),
	};

	/** One for each run of the node, dry ones too. */
	readonly calls: DataTableCall[] = [];

	/** Runs that have not ended, without those that hang. */
	open = 0;

	/** Asked before each run; what it throws is what the node throws, and a promise holds it up. */
	fault: (call: DataTableCall) => void | Promise<void> = () => {};

	constructor(readonly n8nApi: N8nApi) {}

	/** n8n's engine calls it with a context of its own. */
	execute = executeFor(this);

	/** Rows written, read and tables looked up, by what was done. */
	counts(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const { resource, operation } of this.calls) {
			const name = `${resource} ${operation}`;
			counts[name] = (counts[name] ?? 0) + 1;
		}
		return counts;
	}
}

function executeFor(fake: DataTableNode): NonNullable<INodeType['execute']> {
	return async function (this: IExecuteFunctions) {
		const items = this.getInputData();
		const resource = String(this.getNodeParameter('resource', 0));
		const operation = String(this.getNodeParameter('operation', 0));
		const call = { resource, operation, items: items.length, at: fake.n8nApi.now() };
		fake.calls.push(call);
		await fake.fault(call);
		return [items.flatMap((_item, index) => runItem(this, fake.n8nApi, resource, operation, index))];
	};
}

function runItem(
	context: IExecuteFunctions,
	n8nApi: N8nApi,
	resource: string,
	operation: string,
	index: number,
): INodeExecutionData[] {
	const parameter = <Value>(name: string, fallback?: unknown) =>
		context.getNodeParameter(name, index, fallback) as Value;
	const ask = (method: string, path: string, query: Record<string, string>, body?: IDataObject) =>
		askApi(context, n8nApi, { method, path, query, body });
	if (resource === 'table') {
		if (operation === 'list') {
			const name = parameter<string>('options.filterName', '');
			const filter: Record<string, string> = name === '' ? {} : { filter: JSON.stringify({ name }) };
			const { data } = ask('GET', '/data-tables', { limit: '250', ...filter }) as { data: IDataObject[] };
			return data.map((json) => ({ json }));
		}
		const columns = parameter<IDataObject[]>('columns.column').map(({ name, type }) => ({ name, type }));
		return [
			{ json: ask('POST', '/data-tables', {}, { name: parameter<string>('tableName'), columns }) as IDataObject },
		];
	}
	const { mode, value: tableId } = parameter<{ mode: string; value: string }>('dataTableId');
	if (mode !== 'id') throw new Error('The stand-in takes tables by their ID');
	const filter = {
		type: parameter<string>('matchType') === 'allConditions' ? 'and' : 'or',
		filters: parameter<IDataObject[]>('filters.conditions', []).map(({ keyName, condition, keyValue }) => {
			if (condition === 'isEmpty') return { columnName: keyName, condition: 'eq', value: null };
			if (condition === 'isNotEmpty') return { columnName: keyName, condition: 'neq', value: null };
			return { columnName: keyName, condition, value: keyValue };
		}),
	};
	const rowsPath = `/data-tables/${tableId}/rows`;
	if (operation === 'get') {
		const limit = Number(parameter('limit'));
		const sortBy = `${parameter<string>('orderByColumn')}:${parameter<string>('orderByDirection').toLowerCase()}`;
		const found: IDataObject[] = [];
		let cursor: string | null = null;
		do {
			const page = { limit: '250', filter: JSON.stringify(filter), sortBy, ...(cursor ? { cursor } : {}) };
			const reply = ask('GET', rowsPath, page) as { data: IDataObject[]; nextCursor: string | null };
			found.push(...reply.data);
			cursor = reply.nextCursor;
		} while (cursor && found.length < limit);
		return found.slice(0, limit).map((json) => ({ json }));
	}
	if (filter.filters.length === 0)
		throw new NodeOperationError(context.getNode(), 'At least one condition is required');
	if (operation === 'deleteRows') {
		ask('DELETE', `${rowsPath}/delete`, { filter: JSON.stringify(filter) });
		return [];
	}
	const dryRun = parameter<boolean>('options.dryRun', false);
	const body = { filter, data: parameter<IDataObject>('columns.value'), returnData: true, dryRun };
	const changed = ask(operation === 'update' ? 'PATCH' : 'POST', `${rowsPath}/${operation}`, {}, body) as IDataObject[];
	return changed.map((json) => ({ json }));
}

interface Asked {
	method: string;
	path: string;
	query: Record<string, string>;
	body?: IDataObject;
}

function askApi(context: IExecuteFunctions, n8nApi: N8nApi, { method, path, query, body }: Asked): unknown {
	const headers = { 'x-n8n-api-key': n8nApi.apiKey, 'content-type': 'application/json' };
	const request = { method, path: `/api/v1${path}`, query: new URLSearchParams(query), headers, body };
	const reply = answerRequest(n8nApi, request, '');
	if (reply.body.kind !== 'json') throw new Error('The fake API has no such route');
	const { value } = reply.body as { value: { message?: string } };
	if (reply.status < 300) return value;
	if (reply.status === 404) throw new NodeOperationError(context.getNode(), value.message ?? 'not found');
	throw new Error(value.message ?? JSON.stringify(value));
}
