/**
 * What n8n's public API answers about Data Tables and executions: routes, refusals, filters. Holds no state.
 * Source of every reply and rule: observed on n8n 2.40.7 with SQLite, its default database, as the instance's owner.
 * Left out, so that a request fails loudly: `search`, `includeData`, and every route that is not below.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { validateFieldType } from 'n8n-workflow';
import { z } from 'zod';
import { htmlReply, jsonReply, type Reply } from '../simulator/reply';
import { createRandomText } from '../simulator/requestId';

/** A date is ISO 8601 text in UTC with milliseconds, e.g. 2026-11-21T12:00:00.000Z. */
type CellValue = string | number | boolean | null;
export type Cells = Record<string, CellValue>;
export type ColumnType = (typeof COLUMN_TYPES)[number];
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

interface N8nColumn {
	id: string;
	name: string;
	type: ColumnType;
}

export interface N8nRow {
	id: number;
	createdAt: string;
	updatedAt: string;
	[column: string]: CellValue;
}

export interface N8nTable {
	id: string;
	name: string;
	createdAt: string;
	updatedAt: string;
	/** In the order of their `index`. */
	columns: N8nColumn[];
	rows: N8nRow[];
	/** Ids are never given twice, also not after a row is gone. */
	lastRowId: number;
}

export interface N8nExecution {
	id: string;
	finished: boolean;
	mode: string;
	retryOf: string | null;
	retrySuccessId: string | null;
	status: ExecutionStatus;
	/** Null for an execution that has not begun, and for good when n8n made it of a failed poll. */
	startedAt: string | null;
	stoppedAt: string | null;
	workflowId: string;
	waitTill: string | null;
}

export interface N8nRequest {
	method: string;
	/** Without the query. */
	path: string;
	/** Decoded. */
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Parsed JSON; absent when there was none. */
	body?: unknown;
	/** HTTP status of the reply; absent while unanswered, and for good when the request was stalled or cut off. */
	status?: number;
}

export interface N8nState {
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly apiKey: string;
	scopes: readonly string[];
	/** The one that was written to last comes last. */
	tables: N8nTable[];
	/** Oldest first. */
	executions: N8nExecution[];
}

class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

interface Call {
	state: N8nState;
	request: N8nRequest;
	/** Of the path; empty on routes without one. */
	tableId: string;
}

interface Route {
	method: string;
	/** Below /api/v1. Its group is the table's id. */
	path: RegExp;
	scope: string;
	/** What the description declares; anything else is refused. */
	query?: readonly string[];
	body?: z.ZodTypeAny;
	/** True: n8n asks no description, the route checks for itself and takes any query. */
	isUndescribed?: boolean;
	/** Default 200. */
	status?: number;
	/** The body of the reply. Throws `ApiError`. */
	handle: (call: Call) => unknown;
}

type Filter = z.infer<typeof FILTER>;
type Condition = Filter['filters'][number];

const API_PATH = '/api/v1';
/** The one project of the fake; without one in the request n8n takes the personal project of the key's owner. */
const PROJECT_ID = 'fakeProject00001';
/** Of an empty table, one page of SQLite's file; the fake does not measure. */
const SIZE_BYTES = 4096;
/** Default of N8N_PAYLOAD_SIZE_MAX. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 250;
/** In a value as it is on the wire; `+` for a space is one of them. */
const RESERVED_CHARACTERS = /[:/?#[\]@!$&'()*+,;=]/;

const COLUMN_TYPES = ['string', 'number', 'boolean', 'date'] as const;
const FIELD_TYPES = { string: 'string', number: 'number', boolean: 'boolean', date: 'dateTime' } as const;
const SYSTEM_COLUMNS: readonly N8nColumn[] = [
	{ id: '', name: 'id', type: 'number' },
	{ id: '', name: 'createdAt', type: 'date' },
	{ id: '', name: 'updatedAt', type: 'date' },
];
const ORDER_CONDITIONS: readonly string[] = ['gt', 'gte', 'lt', 'lte'];
const TABLE_SORTS = ['name', 'createdAt', 'updatedAt', 'size'].flatMap((field) => [`${field}:asc`, `${field}:desc`]);
const EXECUTION_STATUSES = ['canceled', 'crashed', 'error', 'new', 'running', 'success', 'unknown', 'waiting'] as const;
const COLUMN_NAME_RULE =
	'Only alphabetical characters and non-leading numbers and underscores are allowed for column names, ' +
	'and the maximum length is 63 characters.';

/** What the API's description (openapi.yml) asks of bodies; `describeIssue` has its words. */
const TABLE_BODY = z.object({
	name: z.string().min(1).max(128),
	columns: z.array(z.object({ name: z.string().min(1), type: z.enum([...COLUMN_TYPES, 'json']) })),
	projectId: z.string().optional(),
});
const INSERT_BODY = z.object({
	data: z.array(z.record(z.unknown())).min(1),
	returnType: z.enum(['count', 'id', 'all']).default('count'),
});
const CHANGE_BODY = z.object({
	filter: z.object({
		type: z.enum(['and', 'or']).optional(),
		filters: z
			.array(
				z.object({
					columnName: z.string(),
					condition: z.enum(['eq', 'neq', 'like', 'ilike', 'gt', 'gte', 'lt', 'lte']),
					value: z.unknown().refine((value) => value !== undefined),
				}),
			)
			.min(1),
	}),
	data: z.record(z.unknown()),
	returnData: z.boolean().optional(),
	dryRun: z.boolean().optional(),
});

/** What n8n's own code asks after that; zod's own words, as n8n hands them on. */
const COLUMN_NAME = z
	.string()
	.trim()
	.min(1)
	.max(63)
	.regex(/^[a-z]\w*$/i, COLUMN_NAME_RULE);
const COLUMN = z.object({ name: COLUMN_NAME, type: z.enum(COLUMN_TYPES) });
const CELL = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const CELLS = z.record(COLUMN_NAME, CELL);
const CONDITIONS = ['eq', 'neq', 'like', 'ilike', 'gt', 'gte', 'lt', 'lte', 'isEmpty', 'isNotEmpty'] as const;
const FILTER = z.object({
	type: z.enum(['and', 'or']).default('and'),
	filters: z
		.array(z.object({ columnName: COLUMN_NAME, condition: z.enum(CONDITIONS).default('eq'), value: CELL }))
		.default([]),
});
const TEXTS = z.union([z.string(), z.array(z.string())]).transform((texts) => [texts].flat());
const TABLE_FILTER = z.object({ id: TEXTS, name: TEXTS, projectId: z.string() }).partial().strict();

const PATHS = {
	tables: /^\/data-tables$/i,
	table: /^\/data-tables\/([^/]+)$/i,
	rows: /^\/data-tables\/([^/]+)\/rows$/i,
	update: /^\/data-tables\/([^/]+)\/rows\/update$/i,
	upsert: /^\/data-tables\/([^/]+)\/rows\/upsert$/i,
	delete: /^\/data-tables\/([^/]+)\/rows\/delete$/i,
	executions: /^\/executions$/i,
};
const LIST_QUERY = ['limit', 'cursor', 'filter', 'sortBy'];
const ROWS_QUERY = [...LIST_QUERY, 'search'];

const ROUTES: readonly Route[] = [
	{ method: 'GET', path: PATHS.tables, scope: 'dataTable:list', query: LIST_QUERY, handle: listTables },
	{ method: 'POST', path: PATHS.tables, scope: 'dataTable:create', body: TABLE_BODY, status: 201, handle: addTable },
	{ method: 'GET', path: PATHS.table, scope: 'dataTable:read', handle: (call) => describeTable(findTable(call), true) },
	{ method: 'GET', path: PATHS.rows, scope: 'dataTableRow:read', query: ROWS_QUERY, handle: listRows },
	{ method: 'POST', path: PATHS.rows, scope: 'dataTableRow:create', body: INSERT_BODY, handle: addRows },
	{ method: 'PATCH', path: PATHS.update, scope: 'dataTableRow:update', body: CHANGE_BODY, handle: changeRows },
	{ method: 'POST', path: PATHS.upsert, scope: 'dataTableRow:upsert', body: CHANGE_BODY, handle: upsertRow },
	{ method: 'DELETE', path: PATHS.delete, scope: 'dataTableRow:delete', query: ['filter'], handle: deleteRows },
	{ method: 'GET', path: PATHS.executions, scope: 'execution:list', isUndescribed: true, handle: listExecutions },
];

/** @param rawQuery as it was on the wire, without the question mark */
export function answerRequest(state: N8nState, request: N8nRequest, rawQuery: string): Reply {
	try {
		if (request.path !== API_PATH && !request.path.startsWith(`${API_PATH}/`)) return answerEditor(request);
		const { route, tableId } = findRoute(request);
		authorize(state, request, route);
		checkAgainstDescription(request, route, rawQuery, tableId);
		if (!state.scopes.includes(route.scope)) throw new ApiError(403, 'Forbidden');
		return jsonReply(route.status ?? 200, route.handle({ state, request, tableId }));
	} catch (error) {
		if (error instanceof ApiError) return jsonReply(error.status, { message: error.message });
		// A defect of the fake, or something that it does not play: visible in the test's own output.
		return jsonReply(500, { fakeDefect: error instanceof Error ? error.stack : String(error) });
	}
}

/** Pages of n8n's web server: the editor for every unknown GET, the server's own error page otherwise. */
function answerEditor({ method }: N8nRequest): Reply {
	return method === 'GET' ? htmlReply('n8n.io - Workflow Automation') : errorPage(404);
}

/** What n8n sends when the body is too long (413) or is no JSON (500): refused before the API is asked. */
export function errorPage(status: number): Reply {
	return { ...htmlReply('Error'), status };
}

function findRoute({ method, path }: N8nRequest): { route: Route; tableId: string } {
	const apiPath = path.slice(API_PATH.length).replace(/\/$/, '');
	const candidates = ROUTES.filter((route) => route.path.test(apiPath));
	if (candidates.length === 0) throw new ApiError(404, 'not found');
	const route = candidates.find((candidate) => candidate.method === method);
	if (!route) throw new ApiError(405, `${method} method not allowed`);
	return { route, tableId: route.path.exec(apiPath)?.[1] ?? '' };
}

/** A public API that is switched off answers like one that does not know the key. */
function authorize(state: N8nState, { headers }: N8nRequest, { isUndescribed }: Route): void {
	const key = headers['x-n8n-api-key'];
	if (key === state.apiKey) return;
	if (isUndescribed) throw new ApiError(401, 'Unauthorized');
	throw new ApiError(401, key ? 'unauthorized' : "'X-N8N-API-KEY' header required");
}

function checkAgainstDescription(request: N8nRequest, route: Route, rawQuery: string, tableId: string): void {
	const { query = [], body, isUndescribed } = route;
	if (isUndescribed) return;
	const mediaType = request.headers['content-type'];
	if (body && !mediaType?.startsWith('application/json')) {
		throw new ApiError(415, `unsupported media type ${mediaType}`);
	}
	checkQueryNames(request.query, query, rawQuery);
	const isTableId = tableId === '' || /^[A-Za-z0-9]{16}$/.test(tableId);
	const problems = [
		findQueryProblem(request.query, query) ??
			(isTableId ? undefined : 'request/params/dataTableId must match format "nanoid"'),
		body && findBodyProblem(body, request.body ?? {}),
	].filter((problem) => problem !== undefined);
	if (problems.length > 0) throw new ApiError(400, problems.join(', '));
}

function checkQueryNames(query: URLSearchParams, declared: readonly string[], rawQuery: string): void {
	const rawPairs = rawQuery.split('&').map((pair) => pair.split('='));
	for (const name of declared) {
		if (!rawPairs.some(([key, value = '']) => key === name && RESERVED_CHARACTERS.test(value))) continue;
		const problem = `Parameter '${name}' must be url encoded. Its value may not contain reserved characters.`;
		throw new ApiError(400, problem);
	}
	for (const name of new Set(query.keys())) {
		if (!declared.includes(name)) throw new ApiError(400, `Unknown query parameter '${name}'`);
		if (query.getAll(name).join() === '') throw new ApiError(400, `Empty value found for query parameter '${name}'`);
	}
}

function findQueryProblem(query: URLSearchParams, declared: readonly string[]): string | undefined {
	for (const name of declared) {
		const [value, ...others] = query.getAll(name);
		if (value === undefined) continue;
		const path = `request/query/${name}`;
		const isNumber = name === 'limit';
		if (others.length > 0 || (isNumber && Number.isNaN(Number(value)))) {
			return `${path} must be ${isNumber ? 'number' : 'string'}`;
		}
		if (isNumber && Number(value) > MAXIMUM_LIMIT) return `${path} must be <= ${MAXIMUM_LIMIT}`;
		if (name === 'filter' && parseJson(value) === undefined) return `${path} must match format "jsonString"`;
	}
	return undefined;
}

function findBodyProblem(schema: z.ZodTypeAny, body: unknown): string | undefined {
	const issues = schema.safeParse(body).error?.issues ?? [];
	// The properties that an object must have are looked at before the properties themselves.
	const issue = issues.find(({ path, code }) => path.length === 1 && code === 'invalid_type') ?? issues[0];
	return issue && describeIssue(issue);
}

function describeIssue(issue: z.ZodIssue): string {
	const path = ['request/body', ...issue.path].join('/');
	const parent = ['request/body', ...issue.path.slice(0, -1)].join('/');
	const missing = `${parent} must have required property '${issue.path.at(-1)}'`;
	switch (issue.code) {
		case 'invalid_type':
			return issue.received === 'undefined' ? missing : `${path} must be ${issue.expected}`;
		case 'too_small':
			return `${path} must NOT have fewer than ${issue.minimum} ${issue.type === 'array' ? 'items' : 'characters'}`;
		case 'too_big':
			return `${path} must NOT have more than ${issue.maximum} characters`;
		case 'invalid_enum_value':
			return `${path} must be equal to one of the allowed values: ${issue.options.join(', ')}`;
		default:
			return missing;
	}
}

/** Checks what n8n's own code checks. */
function read<Schema extends z.ZodTypeAny>(schema: Schema, value: unknown): z.output<Schema> {
	const result = schema.safeParse(value);
	if (result.success) return result.data as z.output<Schema>;
	throw new ApiError(400, result.error.issues[0].message);
}

/** The same for a filter in the query, where n8n names no reason. */
function readQueryFilter<Schema extends z.ZodTypeAny>(schema: Schema, text: string | null): z.output<Schema> {
	const result = schema.safeParse(text === null ? {} : parseJson(text));
	if (result.success) return result.data as z.output<Schema>;
	throw new ApiError(400, 'Invalid filter fields');
}

function listTables({ state, request: { query } }: Call): unknown {
	const page = readPage(query);
	const filter = readQueryFilter(TABLE_FILTER, query.get('filter'));
	const sortBy = query.get('sortBy') ?? 'updatedAt:desc';
	if (!TABLE_SORTS.includes(sortBy)) throw new ApiError(400, `sortBy must be one of: ${TABLE_SORTS.join(', ')}`);
	const [field, direction] = sortBy.split(':');
	const readField = ({ name, createdAt, updatedAt }: N8nTable) => {
		const fields: Record<string, CellValue> = { name: name.toLowerCase(), createdAt, updatedAt, size: SIZE_BYTES };
		return fields[field];
	};
	const sign = direction === 'asc' ? 1 : -1;
	const tables = state.tables
		.filter(({ id, name }) => {
			if (filter.id && !filter.id.includes(id)) return false;
			if (filter.projectId && filter.projectId !== PROJECT_ID) return false;
			return (filter.name ?? []).every((part) => namePattern(part).test(name));
		})
		.reverse()
		.sort((first, second) => sign * compareStored(readField(first), readField(second)));
	const { data, nextCursor } = takePage(tables, page);
	return { data: data.map((table) => describeTable(table, false)), nextCursor };
}

/** Columns come by name, as SQLite's index finds them; their `index` has the order of the table. */
function describeTable({ id, name, columns, createdAt, updatedAt }: N8nTable, withTableId: boolean): unknown {
	const described = columns.map((column, index) => {
		const owner = withTableId ? { dataTableId: id } : {};
		return { updatedAt: createdAt, createdAt, id: column.id, ...owner, name: column.name, type: column.type, index };
	});
	described.sort((first, second) => compareStored(first.name, second.name));
	return { updatedAt, createdAt, id, name, projectId: PROJECT_ID, columns: described, sizeBytes: SIZE_BYTES };
}

interface TableDefinition {
	name: string;
	columns: ReadonlyArray<Pick<N8nColumn, 'name' | 'type'>>;
}

function addTable({ state, request }: Call): unknown {
	const given = TABLE_BODY.parse(request.body);
	const name = read(z.string().trim().min(1), given.name);
	const columns = read(z.array(COLUMN), given.columns);
	if (given.projectId && given.projectId !== PROJECT_ID) {
		throw new ApiError(400, `Project with ID "${given.projectId}" not found`);
	}
	if (state.tables.some((table) => table.name === name)) {
		throw new ApiError(409, `Data table with name '${name}' already exists in this project`);
	}
	for (const column of columns) {
		const isNamed = (other: string) => other.toLowerCase() === column.name.toLowerCase();
		if (SYSTEM_COLUMNS.some((system) => isNamed(system.name))) {
			throw new ApiError(400, `Column name "${column.name}" is reserved as a system column name.`);
		}
		if (isNamed('dryRunState')) {
			throw new ApiError(400, `Column name "${column.name}" is reserved as a testing column name.`);
		}
	}
	// Left to the database, which tells no names apart by their case.
	const distinct = new Set(columns.map((column) => column.name.toLowerCase()));
	if (distinct.size < columns.length) throw new ApiError(500, 'Internal server error');
	return describeTable(createTable(state, { name, columns }), true);
}

export function createTable(state: N8nState, { name, columns }: TableDefinition): N8nTable {
	const now = toIso(state);
	const table: N8nTable = {
		id: createRandomText(16),
		name,
		createdAt: now,
		updatedAt: now,
		columns: columns.map((column) => ({ id: createRandomText(16), name: column.name, type: column.type })),
		rows: [],
		lastRowId: 0,
	};
	state.tables.push(table);
	return table;
}

function findTable({ state, tableId }: Call): N8nTable {
	const table = state.tables.find(({ id }) => id === tableId);
	if (!table) throw new ApiError(404, `Could not find the data table: '${tableId}'`);
	return table;
}

function listRows(call: Call): unknown {
	const { query } = call.request;
	if (query.has('search')) throw new Error('The fake does not play "search"');
	const page = readPage(query);
	const given = readQueryFilter(FILTER, query.get('filter'));
	const sortBy = query.get('sortBy');
	const [field, sign] = sortBy === null ? ['id', 1] : readSort(sortBy);
	const table = findTable(call);
	const rows = selectRows(table, checkFilter(given, table));
	const column = allColumns(table).find(({ name }) => name.toLowerCase() === field.toLowerCase());
	// Left to the database too.
	if (!column) throw new ApiError(500, 'Internal server error');
	const readField = (row: N8nRow) => toStored(row[column.name], column.type);
	rows.sort((first, second) => sign * compareStored(readField(first), readField(second)) || first.id - second.id);
	const { data, nextCursor } = takePage(rows, page);
	return { data: data.map((row) => describeRow(row, table)), nextCursor };
}

function readSort(sortBy: string): [field: string, sign: number] {
	if (!sortBy.includes(':')) throw new ApiError(400, 'Invalid sort format, expected <columnName>:<asc/desc>');
	const [field, direction] = sortBy.split(':');
	const name = read(COLUMN_NAME, field);
	if (!['ASC', 'DESC'].includes(direction.toUpperCase())) throw new ApiError(400, 'Invalid sort direction');
	return [name, direction.toUpperCase() === 'ASC' ? 1 : -1];
}

function addRows(call: Call): unknown {
	const { data, returnType } = INSERT_BODY.parse(call.request.body);
	const given = read(z.array(CELLS), data);
	const table = findTable(call);
	const checked = given.map((cells) => checkCells(cells, table.columns));
	const rows = insertRows(call.state, table, checked);
	if (returnType === 'count') return { success: true, insertedRows: rows.length };
	return rows.map((row) => (returnType === 'id' ? { id: row.id } : describeRow(row, table)));
}

export function insertRows(state: N8nState, table: N8nTable, given: ReadonlyArray<Readonly<Cells>>): N8nRow[] {
	const now = toIso(state);
	const rows = given.map((values): N8nRow => {
		const cells = table.columns.map(({ name }): [string, CellValue] => [name, values[name] ?? null]);
		return { ...Object.fromEntries(cells), id: ++table.lastRowId, createdAt: now, updatedAt: now };
	});
	table.rows.push(...rows);
	touch(state, table);
	return rows;
}

function changeRows(call: Call): unknown {
	const { table, cells, rows, returnData, dryRun } = readChange(call);
	if (dryRun) return describeChange(rows, cells);
	updateRows(call.state, table, rows, cells);
	return returnData ? rows.map((row) => describeRow(row, table)) : true;
}

/** Inserts the given cells when it found no row; the values of the filter are no cells. */
function upsertRow(call: Call): unknown {
	const { table, cells, rows, returnData, dryRun } = readChange(call);
	if (dryRun) return describeChange(rows, cells);
	if (rows.length === 0) rows.push(...insertRows(call.state, table, [cells]));
	else updateRows(call.state, table, rows, cells);
	return returnData ? rows.map((row) => describeRow(row, table)) : true;
}

/** n8n 2.41.1, openapi.yml: without a filter nothing is deleted. */
function deleteRows(call: Call): unknown {
	const given = readQueryFilter(FILTER, call.request.query.get('filter'));
	if (given.filters.length === 0) throw new ApiError(400, 'Filter is required for delete operations');
	const table = findTable(call);
	const gone = new Set(selectRows(table, checkFilter(given, table)));
	table.rows = table.rows.filter((row) => !gone.has(row));
	touch(call.state, table);
	return true;
}

/** Each row before and after a change that is not made. */
function describeChange(rows: readonly N8nRow[], cells: Cells): unknown[] {
	return rows.flatMap((row) => [
		{ ...row, dryRunState: 'before' },
		{ ...row, ...cells, dryRunState: 'after' },
	]);
}

function readChange(call: Call): {
	table: N8nTable;
	cells: Cells;
	rows: N8nRow[];
	returnData?: boolean;
	dryRun?: boolean;
} {
	const { filter, data, returnData, dryRun } = CHANGE_BODY.parse(call.request.body);
	const givenFilter = read(FILTER, filter);
	const givenCells = read(CELLS, data);
	if (Object.keys(givenCells).length === 0) throw new ApiError(400, 'data must not be empty');
	const table = findTable(call);
	if (table.columns.length === 0) throw validationError('No columns found for this data table or data table not found');
	const cells = checkCells(givenCells, table.columns);
	return { table, cells, rows: selectRows(table, checkFilter(givenFilter, table)), returnData, dryRun };
}

function updateRows(state: N8nState, table: N8nTable, rows: readonly N8nRow[], cells: Cells): void {
	for (const row of rows) Object.assign(row, cells, { updatedAt: toIso(state) });
	touch(state, table);
}

/** Every write moves the table to the front of the list, also one that found no row. */
function touch(state: N8nState, table: N8nTable): void {
	table.updatedAt = toIso(state);
	state.tables = [...state.tables.filter((other) => other !== table), table];
}

function describeRow({ id, createdAt, updatedAt, ...cells }: N8nRow, { columns }: N8nTable): unknown {
	const entries = columns.map(({ name }) => [name, cells[name] ?? null]);
	return { ...Object.fromEntries(entries), id, createdAt, updatedAt };
}

function checkCells(cells: Cells, columns: readonly N8nColumn[]): Cells {
	const entries = Object.entries(cells).map(([name, value]): [string, CellValue] => {
		const column = findColumn(columns, name);
		const checked = checkCell(value, column);
		// SQLite keeps any value of a text column as text.
		return [name, column.type === 'string' ? toStored(checked, 'string') : checked];
	});
	return Object.fromEntries(entries);
}

function checkFilter({ type, filters }: Filter, table: N8nTable): Filter {
	const columns = allColumns(table);
	const checked = filters.map((filter) => {
		const value = checkCell(filter.value, findColumn(columns, filter.columnName));
		return { ...filter, value };
	});
	for (const { condition, value } of checked) {
		const isLike = ['like', 'ilike'].includes(condition);
		const subject = `${condition.toUpperCase()} filter value`;
		if (value === null && (isLike || ORDER_CONDITIONS.includes(condition))) {
			throw validationError(`${subject} cannot be null or undefined`);
		}
		if (isLike && typeof value !== 'string') throw validationError(`${subject} must be a string`);
	}
	return { type, filters: checked };
}

/** n8n accepts what it can convert, e.g. the text '5' for a number, and stores the converted value. */
function checkCell(value: CellValue, { name, type }: N8nColumn): CellValue {
	if (value === null) return null;
	const result = validateFieldType(name, value, FIELD_TYPES[type]);
	if (!result.valid) {
		throw validationError(`value '${String(value)}' does not match column type '${type}': ${result.errorMessage}`);
	}
	// The time of a date in milliseconds since 1970.
	return type === 'date' ? new Date(Number(result.newValue)).toISOString() : (result.newValue as CellValue);
}

function selectRows(table: N8nTable, { type, filters }: Filter): N8nRow[] {
	const columns = allColumns(table);
	return table.rows.filter((row) => {
		const matches = (filter: Condition) => matchesCondition(row, filter, findColumn(columns, filter.columnName));
		return type === 'or' && filters.length > 0 ? filters.some(matches) : filters.every(matches);
	});
}

function matchesCondition(row: N8nRow, { condition, value }: Condition, { name, type }: N8nColumn): boolean {
	const cell = toStored(row[name], type);
	const isEmpty = cell === null || (type === 'string' && cell === '');
	if (condition === 'isEmpty') return isEmpty;
	if (condition === 'isNotEmpty') return !isEmpty;
	if (value === null) return condition === 'eq' ? cell === null : cell !== null;
	if (cell === null) return condition === 'neq';
	if (condition === 'like' || condition === 'ilike') {
		const text = String(value);
		const pattern = text.includes('%') ? text : `%${text}%`;
		return cellPattern(pattern, condition === 'ilike' ? 'is' : 's').test(String(cell));
	}
	// The date of a filter keeps its T and Z: on SQLite it equals no stored date and is later than all of its own day.
	const order = compareStored(cell, type === 'date' ? value : toStored(value, type));
	switch (condition) {
		case 'eq':
			return order === 0;
		case 'neq':
			return order !== 0;
		case 'gt':
			return order > 0;
		case 'gte':
			return order >= 0;
		case 'lt':
			return order < 0;
		default:
			return order <= 0;
	}
}

/** As SQLite stores it: booleans as 0 and 1, dates as text without T and Z. */
function toStored(value: CellValue | undefined, type: ColumnType): string | number | null {
	if (value === null || value === undefined) return null;
	if (type === 'date') return String(value).replace('T', ' ').replace('Z', '');
	const plain = typeof value === 'boolean' ? Number(value) : value;
	return type === 'string' ? String(plain) : plain;
}

/** Empty cells first, text by its bytes. */
function compareStored(first: CellValue, second: CellValue): number {
	if (first === null || second === null) return Number(second === null) - Number(first === null);
	if (typeof first === 'number' && typeof second === 'number') return first - second;
	return Buffer.compare(Buffer.from(String(first)), Buffer.from(String(second)));
}

/** In filters of rows `%` stands for any text and nothing else is special. */
function cellPattern(text: string, flags: string): RegExp {
	return new RegExp(`^${text.split('%').map(escapeRegExp).join('.*')}$`, flags);
}

/** In the filter of tables `_` stands for any character too, and the name may go on at both ends. */
function namePattern(text: string): RegExp {
	return new RegExp(escapeRegExp(text).replaceAll('%', '.*').replaceAll('_', '.'), 'is');
}

function escapeRegExp(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function allColumns({ columns }: N8nTable): readonly N8nColumn[] {
	return [...SYSTEM_COLUMNS, ...columns];
}

function findColumn(columns: readonly N8nColumn[], name: string): N8nColumn {
	const column = columns.find((candidate) => candidate.name === name);
	if (!column) throw validationError(`unknown column name '${name}'`);
	return column;
}

function validationError(message: string): ApiError {
	return new ApiError(400, `Validation error with data table request: ${message}`);
}

/** Without a status the executions that are running are left out. Newest first. */
function listExecutions({ state, request: { query } }: Call): unknown {
	if (query.get('includeData') === 'true') throw new Error('The fake does not play "includeData"');
	const status = query.get('status');
	if (status !== null && !EXECUTION_STATUSES.some((known) => known === status)) {
		const expected = EXECUTION_STATUSES.map((known) => `'${known}'`).join(' | ');
		throw new ApiError(400, `request/query/status Invalid enum value. Expected ${expected}, received '${status}'`);
	}
	let limit = readCount('limit', query.get('limit'), DEFAULT_LIMIT, 'request/query/limit ');
	const cursor = query.get('cursor') ? decodeCursor(query.get('cursor') ?? '') : {};
	if (Number.isInteger(cursor.limit)) limit = Math.max(Number(cursor.limit), 1);
	limit = Math.min(limit, MAXIMUM_LIMIT);
	const lastId = cursor.lastId === undefined ? Infinity : Number(cursor.lastId);
	const workflowId = query.get('workflowId');
	const found = state.executions.filter(
		(execution) =>
			Number(execution.id) < lastId &&
			(status === null ? execution.status !== 'running' : execution.status === status) &&
			(!workflowId || execution.workflowId === workflowId),
	);
	found.reverse();
	const data = found.slice(0, limit === 0 ? undefined : limit);
	const nextCursor = data.length < found.length ? encodeCursor({ lastId: data[data.length - 1].id, limit }) : null;
	return { data, nextCursor };
}

interface Page {
	/** 0 = all. */
	limit: number;
	offset: number;
}

/** What the cursor says goes before what the query says. */
function readPage(query: URLSearchParams): Page {
	const cursor = query.get('cursor');
	const given = cursor === null ? { limit: query.get('limit'), offset: 0 } : decodeCursor(cursor);
	const limit = readCount('limit', given.limit, DEFAULT_LIMIT);
	return { limit: Math.min(limit, MAXIMUM_LIMIT), offset: readCount('offset', given.offset, 0) };
}

function readCount(name: string, value: unknown, fallback: number, place = ''): number {
	const text = String(value ?? '');
	const count = text === '' ? fallback : Number.parseInt(text, 10);
	if (Number.isNaN(count)) throw new ApiError(400, `${place}Param \`${name}\` must be a valid integer`);
	if (count < 0) throw new ApiError(400, `${place}Param \`${name}\` must be a non-negative integer`);
	return count;
}

function takePage<Item>(items: readonly Item[], { limit, offset }: Page): { data: Item[]; nextCursor: string | null } {
	const end = offset + limit;
	return {
		data: items.slice(offset, limit === 0 ? undefined : end),
		nextCursor: items.length > end ? encodeCursor({ limit, offset: end }) : null,
	};
}

function encodeCursor(cursor: Record<string, unknown>): string {
	return Buffer.from(JSON.stringify(cursor)).toString('base64');
}

function decodeCursor(text: string): Record<string, unknown> {
	const cursor = parseJson(Buffer.from(text, 'base64').toString());
	if (!isRecord(cursor)) throw new ApiError(400, 'An invalid cursor was provided');
	return cursor;
}

/** undefined for what is no JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toIso({ now }: N8nState): string {
	return new Date(now()).toISOString();
}
