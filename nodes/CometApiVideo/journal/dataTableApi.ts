/**
 * n8n's Data Tables through its public API: the only way for a community node to reach them. Each request is sent once.
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
import { parseJson, readErrorBody } from '../service/replies';
import { readTableTime } from './tableTime';

const DATA_TABLE_CREDENTIAL = 'n8nDataTableApi';
const N8N: Asked = { name: 'n8n', credential: 'N8n Data Table API' };

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
	filters: Array<{ columnName: string; condition: 'eq' | 'neq' | 'gt'; value: string | number | null }>;
}

/** Values that a row must have, by column; null is an empty cell. */
export type CellValues = Readonly<Record<string, string | number | null>>;

export interface Execution {
	mode: string;
	status: string;
	/** Milliseconds since 1970; undefined while it waits for its turn. */
	startedAt?: number;
}

/** The table that a resource locator names. */
export interface TableLocator {
	by: 'id' | 'name';
	value: string;
}

export type DataTableClient = Awaited<ReturnType<typeof createDataTableClient>>;

/** n8n gives at most so many tables or rows per request. */
const PAGE_SIZE = 250;
/** n8n is near; when it does not answer within this time it is not well. */
const TIMEOUT_MS = 10_000;

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
			.object({ mode: z.string().nullish(), status: z.string().nullish(), startedAt: z.string().nullish() })
			.passthrough(),
	),
});

/** @throws NodeOperationError when the credential is missing or its Base URL cannot be used */
export async function createDataTableClient(context: RequestContext) {
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
		/** All tables that the key's owner can use, by name. */
		listTables: async () => await listTables(),

		/** @returns undefined when no table has the name @throws RequestError when none has the id */
		async findTable({ by, value }: TableLocator): Promise<DataTable | undefined> {
			if (by === 'name') return await findByName(value);
			return await get('dataTable:read', tableSchema, tablePath(value), {});
		},

		/** The table of this name, made if it does not exist; two runs that start together share one. */
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

		/** Of all rows, at most `limit`, which is at most 250. */
		async readNewestRows(tableId: string, limit: number): Promise<DataTableRow[]> {
			return (await readPage(tableId, { limit, sortBy: 'id:desc' })).rows;
		},

		/** The first rows that the filter lets through, in the order of their IDs, at most 250. */
		async readRowPage(tableId: string, filter: RowFilter): Promise<{ rows: DataTableRow[]; hasMore: boolean }> {
			return await readPage(tableId, { limit: PAGE_SIZE, sortBy: 'id:asc', filter: JSON.stringify(filter) });
		},

		/** Changes the rows that have these values; none may. */
		async updateRows(tableId: string, where: CellValues, data: IDataObject): Promise<void> {
			const path = `${tablePath(tableId)}/rows/update`;
			await change('dataTableRow:update', 'PATCH', path, { filter: equals(where), data });
		},

		/** Changes the rows that have these values, or makes one; may be sent again. */
		async upsertRow(tableId: string, where: CellValues, data: IDataObject): Promise<void> {
			const path = `${tablePath(tableId)}/rows/upsert`;
			await change('dataTableRow:upsert', 'POST', path, { filter: equals(where), data });
		},

		/**
		 * Asks n8n whether the key may write, without writing.
		 * @param column a text column of the table
		 * @throws RequestError
		 */
		async assertMayWrite(tableId: string, kind: 'update' | 'upsert', column: string): Promise<void> {
			const body = { filter: equals({ [column]: '' }), data: { [column]: '' }, dryRun: true };
			const path = `${tablePath(tableId)}/rows/${kind}`;
			await change(`dataTableRow:${kind}`, kind === 'update' ? 'PATCH' : 'POST', path, body);
		},

		/** The workflow's newest executions. n8n lists those that still run apart. */
		async readExecutions(workflowId: string): Promise<Execution[]> {
			const read = async (status?: string) =>
				await get('execution:list', executionListSchema, '/api/v1/executions', { workflowId, limit: 100, status });
			const pages = [await read(), await read('running')];
			return pages.flatMap(({ data }) =>
				data.map(({ mode, status, startedAt }) => ({
					mode: mode ?? '',
					status: status ?? '',
					startedAt: readTableTime(startedAt),
				})),
			);
		},
	};
}

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

function equals(where: CellValues): IDataObject {
	const filters = Object.entries(where).map(([columnName, value]) => ({ columnName, condition: 'eq' as const, value }));
	const filter: RowFilter = { type: 'and', filters };
	return { ...filter };
}

/** How a message calls the table. */
export function tableLabel({ by, value }: TableLocator): string {
	return by === 'name' ? `The data table "${value}"` : `The data table with the ID ${value}`;
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
