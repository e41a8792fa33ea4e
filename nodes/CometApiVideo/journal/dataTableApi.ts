/**
 * n8n's Data Tables through its public API: of another n8n, or where there is no n8n to run a sub-workflow. Each request is sent once.
 * Source: the OpenAPI document that n8n serves at `/api/v1/docs`, paths `/data-tables` (n8n 2.40, no licence needed).
 */
import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { z } from 'zod';
import { InvalidInputError, RequestError, cleanServerText } from '../task/errors';
import { JSON_HEADERS, secretsOf, send } from '../service/http';
import type { ApiRequest, RequestContext, Service } from '../service/http';
import { normalizeN8nUrl } from '../service/origin';
import type { Asked, Reply } from '../service/refusals';
import { readErrorBody } from '../service/replies';
import { parseJson } from '../task/json';
import { PAGE_SIZE } from './dataTables';
import type {
	CellValues,
	DataTable,
	DataTableColumn,
	DataTableRow,
	DataTables,
	RowFilter,
	TableLocator,
} from './dataTables';
import { readTableTime } from './tableTime';

const DATA_TABLE_CREDENTIAL = 'n8nDataTableApi';
const N8N: Asked = { name: 'n8n', credential: 'N8n Data Table API' };

export interface Execution {
	id: string;
	mode: string;
	status: string;
	/** Milliseconds since 1970; undefined while it waits for its turn. */
	startedAt?: number;
}

/** What only the API can do. */
export interface DataTableClient extends DataTables {
	/** All tables that the key's owner can use, by name. */
	listTables(): Promise<DataTable[]>;
	/** Of all rows, at most `limit`, which is at most 250. */
	readNewestRows(tableId: string, limit: number): Promise<DataTableRow[]>;
	/** The workflow's newest executions. n8n lists those that still run apart. */
	readExecutions(workflowId: string): Promise<Execution[]>;
}

/** n8n is near; when it does not answer within this time it is not well. */
const TIMEOUT_MS = 30_000;
const REQUESTS_AT_ONCE = 5;

const tableSchema = z.object({
	id: z.string(),
	name: z.string(),
	columns: z.array(z.object({ name: z.string(), type: z.string() }).passthrough()).catch([]),
});
const tableListSchema = z.object({ data: z.array(tableSchema), nextCursor: z.string().nullish() });
const rowListSchema = z.object({
	data: z.array(z.object({ id: z.number() }).passthrough()),
	nextCursor: z.string().nullish(),
});
const executionListSchema = z.object({
	data: z.array(
		z
			.object({
				id: z.coerce.string().catch(''),
				mode: z.string().nullish(),
				status: z.string().nullish(),
				startedAt: z.string().nullish(),
			})
			.passthrough(),
	),
});

/** @throws NodeOperationError when the credential is missing or its Base URL cannot be used */
export async function createDataTableClient(context: RequestContext): Promise<DataTableClient> {
	const service = await readN8n(context);
	const call = async <Schema extends z.ZodTypeAny>(
		scope: string,
		schema: Schema,
		request: Omit<ApiRequest, 'timeoutMs'>,
	) => await sendForJson(context, service, scope, schema, request);
	const get = async <Schema extends z.ZodTypeAny>(scope: string, schema: Schema, path: string, query: Query) =>
		await call(scope, schema, { method: 'GET', path: `${path}${queryText(query)}` });
	const change = async (scope: string, method: 'POST' | 'PATCH', path: string, body: IDataObject) =>
		await call(scope, z.unknown(), { method, path, body: JSON.stringify(body), headers: JSON_HEADERS });

	const listTables = async (name?: string): Promise<DataTable[]> => {
		const tables: DataTable[] = [];
		let cursor: string | null | undefined;
		do {
			const page = await get('dataTable:list', tableListSchema, '/api/v1/data-tables', {
				limit: PAGE_SIZE,
				sortBy: 'name:asc',
				filter: name === undefined ? undefined : JSON.stringify({ name }),
				cursor: cursor ?? undefined,
			});
			tables.push(...page.data);
			cursor = page.nextCursor;
		} while (cursor);
		return tables;
	};

	/** n8n also finds names that only contain the text, and tables of other projects. */
	const findByName = async (name: string): Promise<DataTable | undefined> => {
		const [table, other] = (await listTables(name)).filter((candidate) => candidate.name === name);
		if (!other) return table;
		throw new InvalidInputError(
			`There are several data tables with the name "${name}", in different projects of n8n`,
			'Choose the table from the list, or give its ID.',
		);
	};

	const readPage = async (tableId: string, query: Query) => {
		const { data, nextCursor } = await get('dataTableRow:read', rowListSchema, `${tablePath(tableId)}/rows`, query);
		return { rows: data as DataTableRow[], hasMore: Boolean(nextCursor) };
	};

	return {
		listTables: async () => await listTables(),

		/** @throws RequestError when no table has the id */
		async findTable({ by, value }: TableLocator): Promise<DataTable | undefined> {
			if (by === 'name') return await findByName(value);
			return await get('dataTable:read', tableSchema, tablePath(value), {});
		},

		async findOrCreateTable(name: string, columns: readonly DataTableColumn[]): Promise<DataTable> {
			const found = await findByName(name);
			if (found) return found;
			const body = JSON.stringify({ name, columns });
			const request = { method: 'POST', path: '/api/v1/data-tables', body, headers: JSON_HEADERS } as const;
			const outcome = await call('dataTable:create', tableSchema, request).catch((error: Error) => error);
			if (!(outcome instanceof Error)) return outcome;
			// Another run was quicker. n8n says 409, or 500 where its database was the first to notice.
			const winner = await findByName(name).catch(() => undefined);
			if (winner) return winner;
			throw outcome;
		},

		async readNewestRows(tableId: string, limit: number): Promise<DataTableRow[]> {
			return (await readPage(tableId, { limit, sortBy: 'id:desc' })).rows;
		},

		async readRowPage(tableId, filter, order = 'oldestFirst') {
			const sortBy = order === 'oldestFirst' ? 'id:asc' : 'id:desc';
			return await readPage(tableId, { limit: PAGE_SIZE, sortBy, filter: JSON.stringify(filter) });
		},

		async updateRows(tableId, changes) {
			const path = `${tablePath(tableId)}/rows/update`;
			await forEach(changes, async ({ where, data }) => {
				await change('dataTableRow:update', 'PATCH', path, { filter: equals(where), data });
			});
		},

		async upsertRow(tableId, { where, data }) {
			const path = `${tablePath(tableId)}/rows/upsert`;
			await change('dataTableRow:upsert', 'POST', path, { filter: equals(where), data });
		},

		async deleteRows(tableId, wheres) {
			await forEach(wheres, async (where) => {
				const query = queryText({ filter: JSON.stringify(equals(where)) });
				await call('dataTableRow:delete', z.unknown(), {
					method: 'DELETE',
					path: `${tablePath(tableId)}/rows/delete${query}`,
				});
			});
		},

		async assertMayWrite(tableId, kind, column) {
			const body = { filter: equals({ [column]: '' }), data: { [column]: '' }, dryRun: true };
			const path = `${tablePath(tableId)}/rows/${kind}`;
			await change(`dataTableRow:${kind}`, kind === 'update' ? 'PATCH' : 'POST', path, body);
		},

		async readExecutions(workflowId: string): Promise<Execution[]> {
			const read = async (status?: string) =>
				await get('execution:list', executionListSchema, '/api/v1/executions', { workflowId, limit: 100, status });
			const pages = [await read(), await read('running')];
			return pages.flatMap(({ data }) =>
				data.map(({ id, mode, status, startedAt }) => ({
					id,
					mode: mode ?? '',
					status: status ?? '',
					startedAt: readTableTime(startedAt),
				})),
			);
		},
	};
}

/** Some requests at a time; the first failure ends it. */
async function forEach<Value>(values: readonly Value[], work: (value: Value) => Promise<void>): Promise<void> {
	const left = values[Symbol.iterator]();
	const workOn = async () => {
		for (const value of left) await work(value);
	};
	await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, workOn));
}

function equals(where: CellValues): IDataObject {
	const filters = Object.entries(where).map(([columnName, value]) => ({ columnName, condition: 'eq' as const, value }));
	const filter: RowFilter = { type: 'and', filters };
	return { ...filter };
}

function tablePath(tableId: string): string {
	return `/api/v1/data-tables/${encodeURIComponent(tableId)}`;
}

type Query = Record<string, string | number | undefined>;

function queryText(query: Query): string {
	const parts = Object.entries(query).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name}=${encodeStrictly(String(value))}`],
	);
	return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** n8n refuses the characters that `encodeURIComponent` leaves as they are. */
function encodeStrictly(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

async function readN8n(context: RequestContext): Promise<Service> {
	const { baseUrl, apiKey } = await context.getCredentials(DATA_TABLE_CREDENTIAL);
	try {
		return {
			asked: N8N,
			credentialType: DATA_TABLE_CREDENTIAL,
			baseUrl: normalizeN8nUrl(baseUrl),
			secrets: secretsOf(apiKey),
		};
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error, {
			description: 'Open the credential "N8n Data Table API" and correct the Base URL.',
		});
	}
}

async function sendForJson<Schema extends z.ZodTypeAny>(
	context: RequestContext,
	service: Service,
	scope: string,
	schema: Schema,
	request: Omit<ApiRequest, 'timeoutMs'>,
): Promise<z.output<Schema>> {
	const reply = await send(context, service, { ...request, timeoutMs: TIMEOUT_MS });
	const json = parseJson(reply.body);
	if (reply.statusCode < 200 || reply.statusCode > 299) throw refusal(reply, json, service, scope);
	const parsed = schema.safeParse(json);
	if (json !== undefined && parsed.success) return parsed.data as z.output<Schema>;
	throw notN8n(service, reply);
}

/** What a refusal of n8n means for the user; n8n answers `{"message": …}` (seen with n8n 2.40). */
function refusal(reply: Reply, json: unknown, service: Service, scope: string): RequestError {
	const { statusCode } = reply;
	const said = cleanServerText(readErrorBody(json).message);
	const details = { httpStatus: statusCode };
	if (statusCode === 401) {
		return new RequestError(
			'refused',
			'n8n does not accept the API key of the credential "N8n Data Table API"',
			'Create a key in n8n under Settings > n8n API, paste it into the credential and test it. n8n answers the same when its API is switched off (N8N_PUBLIC_API_DISABLED).',
			details,
		);
	}
	if (statusCode === 403) {
		return new RequestError(
			'refused',
			`The API key of the credential "N8n Data Table API" lacks the scope ${scope}, or its owner may not use the data table`,
			'Create a key with this scope in n8n under Settings > n8n API, as a user who can open the table.',
			details,
		);
	}
	if (statusCode === 429 || statusCode >= 500) {
		return new RequestError(
			statusCode === 429 ? 'throttled' : 'transient',
			`n8n could not work with the data table (HTTP ${statusCode})${said ? `: ${said}` : ''}`,
			'Try again; if it happens every time, look into the log of n8n.',
			details,
		);
	}
	if (said === '' || (statusCode >= 300 && statusCode < 400)) return notN8n(service, reply);
	return new RequestError(
		'refused',
		`n8n refused to work with the data table: ${said}`,
		statusCode === 404
			? 'The table may have been deleted, or moved to a project that the owner of the API key cannot see. Choose the table again.'
			: 'Check the columns of the table, and the column names in the node.',
		details,
	);
}

function notN8n({ baseUrl }: Service, { statusCode }: Reply): RequestError {
	return new RequestError(
		statusCode >= 500 ? 'transient' : 'refused',
		`There is no n8n API with data tables at ${baseUrl} (HTTP ${statusCode})`,
		'Check the Base URL of the credential "N8n Data Table API". n8n must be new enough to have data tables in its API, and the API must be at /api/v1 (N8N_PUBLIC_API_ENDPOINT).',
		{ httpStatus: statusCode },
	);
}
