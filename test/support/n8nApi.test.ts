/** The fake of n8n's public API answers with what n8n 2.40.7 answered to the same requests. */
import { N8N_API_KEY, N8nApi, type N8nTable } from './n8nApi';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const UNKNOWN_ID = 'Abcdefghijklmnop';
const VALIDATION = 'Validation error with data table request:';
const COLUMN_NAME_RULE =
	'Only alphabetical characters and non-leading numbers and underscores are allowed for column names, and the maximum length is 63 characters.';

let now: number;
let api: N8nApi;
let table: N8nTable;

beforeEach(async () => {
	now = NOW;
	api = await N8nApi.start({ now: () => now });
	table = api.addTable('Prompts', [
		{ name: 'prompt', type: 'string' },
		{ name: 'count', type: 'number' },
		{ name: 'done', type: 'boolean' },
		{ name: 'at', type: 'date' },
	]);
});

afterEach(async () => {
	await api.close();
});

interface Answer {
	status: number;
	body: unknown;
}

interface CallOptions {
	query?: Record<string, string>;
	body?: unknown;
	/** null = no header. */
	key?: string | null;
	signal?: AbortSignal;
}

async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
	const { query = {}, body, key = N8N_API_KEY, signal } = options;
	const pairs = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`);
	const response = await fetch(`${api.baseUrl}/api/v1${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`, {
		method,
		headers: {
			...(key === null ? {} : { 'X-N8N-API-KEY': key }),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		body: body === undefined ? undefined : JSON.stringify(body),
		redirect: 'manual',
		signal,
	});
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.startsWith('application/json');
	return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** `encodeURIComponent` leaves characters that n8n refuses. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

const refusal = (status: number, message: string): Answer => ({ status, body: { message } });
const rowsPath = () => `/data-tables/${table.id}/rows`;
const condition = (columnName: string, operator: string, value: unknown) => ({
	columnName,
	condition: operator,
	value,
});

async function findIds(type: string, ...filters: unknown[]): Promise<unknown> {
	const { body } = await call('GET', rowsPath(), { query: { filter: JSON.stringify({ type, filters }) } });
	const { data, message } = body as { data?: Array<{ id: number }>; message?: string };
	return data?.map(({ id }) => id) ?? message;
}

describe('keys, scopes and paths', () => {
	test.each([
		['no key', '/data-tables', null, refusal(401, "'X-N8N-API-KEY' header required")],
		['a wrong key', '/data-tables', 'nonsense', refusal(401, 'unauthorized')],
		['no key for executions', '/executions', null, refusal(401, 'Unauthorized')],
		['a wrong key for executions', '/executions', 'nonsense', refusal(401, 'Unauthorized')],
		['an unknown path', '/nothing', null, refusal(404, 'not found')],
		[
			'a table that is not there',
			`/data-tables/${UNKNOWN_ID}`,
			N8N_API_KEY,
			refusal(404, `Could not find the data table: '${UNKNOWN_ID}'`),
		],
		[
			'an id that is none',
			'/data-tables/x',
			N8N_API_KEY,
			refusal(400, 'request/params/dataTableId must match format "nanoid"'),
		],
	])('%s', async (_, path, key, expected) => {
		expect(await call('GET', path, { key })).toEqual(expected);
	});

	test('a method that is not there', async () => {
		expect(await call('PUT', '/data-tables', { body: {} })).toEqual(refusal(405, 'PUT method not allowed'));
	});

	test('a missing scope is refused after the description is checked', async () => {
		api.scopes = ['dataTable:list'];
		expect(await call('GET', rowsPath())).toEqual(refusal(403, 'Forbidden'));
		expect(await call('GET', '/executions')).toEqual(refusal(403, 'Forbidden'));
		expect(await call('POST', rowsPath(), { body: {} })).toEqual(
			refusal(400, "request/body must have required property 'data'"),
		);
		expect((await call('GET', '/data-tables')).status).toBe(200);
	});

	test('outside the API the web server answers', async () => {
		const page = await fetch(`${api.baseUrl}/data-tables`);
		expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
		expect((await fetch(`${api.baseUrl}/data-tables`, { method: 'POST' })).status).toBe(404);
	});

	test('a body must be JSON', async () => {
		const send = async (contentType: string, body: string) => {
			const headers = { 'x-n8n-api-key': N8N_API_KEY, 'content-type': contentType };
			const response = await fetch(`${api.baseUrl}/api/v1/data-tables`, { method: 'POST', headers, body });
			return [response.status, await response.text()];
		};
		expect(await send('text/plain', '{}')).toEqual([415, '{"message":"unsupported media type text/plain"}']);
		expect(await send('application/json', '{')).toEqual([500, expect.stringContaining('<!doctype html>')]);
		expect(await send('application/json', `"${'y'.repeat(16 * 1024 * 1024)}"`)).toEqual([
			413,
			expect.stringContaining('<!doctype html>'),
		]);
	});
});

describe('query parameters', () => {
	test.each<[query: string, message: string | undefined]>([
		['limit=250', undefined],
		['limit=251', 'request/query/limit must be <= 250'],
		['limit=x', 'request/query/limit must be number'],
		['limit=-1', 'Param `limit` must be a non-negative integer'],
		['limit=', "Empty value found for query parameter 'limit'"],
		['limit=1&limit=2', 'request/query/limit must be number'],
		['offset=1', "Unknown query parameter 'offset'"],
		['cursor=nonsense', 'An invalid cursor was provided'],
		['cursor=NQ%3D%3D', 'An invalid cursor was provided'],
		['filter=name', 'request/query/filter must match format "jsonString"'],
		['filter=%7B%22nam%22%3A%22x%22%7D', 'Invalid filter fields'],
		['filter=%7B%22name%22%3A%22it%27s%20%28x%29%2A%21%22%7D', undefined],
		...[':', ',', '+', '(', '*', '!'].map((character): [query: string, message: string] => [
			`filter=%7B%22name%22%3A%22${character}%22%7D`,
			"Parameter 'filter' must be url encoded. Its value may not contain reserved characters.",
		]),
		[
			'sortBy=name',
			'sortBy must be one of: name:asc, name:desc, createdAt:asc, createdAt:desc, updatedAt:asc, updatedAt:desc, size:asc, size:desc',
		],
	])('%s', async (query, message) => {
		const response = await fetch(`${api.baseUrl}/api/v1/data-tables?${query}`, {
			headers: { 'x-n8n-api-key': N8N_API_KEY },
		});
		expect(response.status).toBe(message === undefined ? 200 : 400);
		expect(await response.json()).toEqual(
			message === undefined ? { data: expect.any(Array), nextCursor: null } : { message },
		);
	});
});

describe('tables', () => {
	test('are described with their columns by name', async () => {
		const time = '2026-11-21T12:00:00.000Z';
		const column = (name: string, type: string, index: number) => ({
			...{ id: expect.stringMatching(/^[A-Za-z0-9]{16}$/), name, type, index, createdAt: time, updatedAt: time },
		});
		const columns = [
			column('at', 'date', 3),
			column('count', 'number', 1),
			column('done', 'boolean', 2),
			column('prompt', 'string', 0),
		];
		const described = {
			id: table.id,
			name: 'Prompts',
			projectId: expect.any(String),
			createdAt: time,
			updatedAt: time,
			sizeBytes: 4096,
		};
		expect(await call('GET', '/data-tables')).toEqual({
			status: 200,
			body: { data: [{ ...described, columns }], nextCursor: null },
		});
		expect(await call('GET', `/data-tables/${table.id}`)).toEqual({
			status: 200,
			body: { ...described, columns: columns.map((entry) => ({ ...entry, dataTableId: table.id })) },
		});
	});

	test('are created with status 201', async () => {
		const { status, body } = await call('POST', '/data-tables', {
			body: { name: ' Results ', columns: [{ name: ' url ', type: 'string' }] },
		});
		expect(status).toBe(201);
		const { id } = api.table('Results');
		expect(body).toMatchObject({
			id,
			name: 'Results',
			columns: [{ name: 'url', type: 'string', index: 0, dataTableId: id }],
		});
	});

	test.each([
		[
			'a taken name',
			{ name: 'Prompts', columns: [] },
			409,
			"Data table with name 'Prompts' already exists in this project",
		],
		[
			'a column of the system',
			{ columns: [{ name: 'createdAt', type: 'string' }] },
			400,
			'Column name "createdAt" is reserved as a system column name.',
		],
		[
			'the same in other letters',
			{ columns: [{ name: 'ID', type: 'string' }] },
			400,
			'Column name "ID" is reserved as a system column name.',
		],
		[
			'a column twice',
			{
				columns: [
					{ name: 'a', type: 'string' },
					{ name: 'A', type: 'date' },
				],
			},
			500,
			'Internal server error',
		],
		['a column name with a space', { columns: [{ name: 'a b', type: 'string' }] }, 400, COLUMN_NAME_RULE],
		[
			'a long column name',
			{ columns: [{ name: 'a'.repeat(64), type: 'string' }] },
			400,
			'String must contain at most 63 character(s)',
		],
		[
			'no column name',
			{ columns: [{ name: '', type: 'string' }] },
			400,
			'request/body/columns/0/name must NOT have fewer than 1 characters',
		],
		[
			'an unknown type',
			{ columns: [{ name: 'a', type: 'text' }] },
			400,
			'request/body/columns/0/type must be equal to one of the allowed values: string, number, boolean, date, json',
		],
		[
			'a type that only the description has',
			{ columns: [{ name: 'a', type: 'json' }] },
			400,
			"Invalid enum value. Expected 'string' | 'number' | 'boolean' | 'date', received 'json'",
		],
		['no type', { columns: [{ name: 'a' }] }, 400, "request/body/columns/0 must have required property 'type'"],
		['no columns', { columns: undefined }, 400, "request/body must have required property 'columns'"],
		['a name that is no text', { name: 5, columns: [] }, 400, 'request/body/name must be string'],
		[
			'a long name',
			{ name: 'n'.repeat(129), columns: [] },
			400,
			'request/body/name must NOT have more than 128 characters',
		],
		['an unknown project', { columns: [], projectId: 'nope' }, 400, 'Project with ID "nope" not found'],
	])('are refused with %s', async (_, body, status, message) => {
		expect(await call('POST', '/data-tables', { body: { name: 'New', ...body } })).toEqual(refusal(status, message));
		expect(api.tables).toEqual([table]);
	});

	test('are found by a part of the name, the one that was written to last first', async () => {
		now += 1000;
		const other = api.addTable('prompts of June', []);
		const names = async (query: Record<string, string>) => {
			const { body } = await call('GET', '/data-tables', { query });
			return (body as { data: Array<{ name: string }> }).data.map(({ name }) => name);
		};
		expect(await names({ filter: '{"name":"ROMP"}' })).toEqual(['prompts of June', 'Prompts']);
		expect(await names({ filter: '{"name":"Prompt_"}', sortBy: 'createdAt:asc' })).toEqual([
			'Prompts',
			'prompts of June',
		]);
		expect(await names({ filter: '{"name":["prompts","june"]}' })).toEqual(['prompts of June']);
		expect(await names({ filter: JSON.stringify({ id: [other.id, UNKNOWN_ID] }) })).toEqual(['prompts of June']);
		expect(await names({ filter: '{"name":"zzz"}' })).toEqual([]);
		now += 1000;
		await call('POST', rowsPath(), { body: { data: [{}] } });
		expect(await names({})).toEqual(['Prompts', 'prompts of June']);
		api.deleteTable(other.id);
		expect(await names({})).toEqual(['Prompts']);
		expect(() => api.table(other.id)).toThrow('no table');
	});
});

describe('inserted rows', () => {
	const insert = async (data: unknown, returnType = 'all') =>
		await call('POST', rowsPath(), { body: { data, returnType } });

	test('are counted, named or returned', async () => {
		expect(await insert([{ prompt: 'a' }], 'count')).toEqual({ status: 200, body: { success: true, insertedRows: 1 } });
		expect(await insert([{ prompt: 'b' }, {}], 'id')).toEqual({ status: 200, body: [{ id: 2 }, { id: 3 }] });
		const time = '2026-11-21T12:00:00.000Z';
		const empty = { prompt: null, count: null, done: null, at: null };
		expect(await insert([{ prompt: 'c' }])).toEqual({
			status: 200,
			body: [{ ...empty, prompt: 'c', id: 4, createdAt: time, updatedAt: time }],
		});
		expect(table.rows.map(({ prompt }) => prompt)).toEqual(['a', 'b', null, 'c']);
	});

	test.each([
		['count', '5', 5],
		['count', '', 0],
		['count', true, 1],
		['done', 'TRUE', true],
		['done', 0, false],
		['prompt', 5, '5'],
		['prompt', true, '1'],
		['at', '2026-11-21T12:00:00+02:00', '2026-11-21T10:00:00.000Z'],
		['at', '2026-11-21T12:00:00.123456Z', '2026-11-21T12:00:00.123Z'],
		['at', null, null],
	])('convert %s %j', async (name, value, stored) => {
		expect((await insert([{ [name]: value }])).body).toMatchObject([{ [name]: stored }]);
	});

	test.each([
		['an unknown column', [{}, { nope: 1 }], `${VALIDATION} unknown column name 'nope'`],
		['a column in other letters', [{ Prompt: 'x' }], `${VALIDATION} unknown column name 'Prompt'`],
		[
			'a column of the system',
			[{ createdAt: '2026-01-01T00:00:00Z' }],
			`${VALIDATION} unknown column name 'createdAt'`,
		],
		['no column name', [{ 'a b': 1 }], COLUMN_NAME_RULE],
		['an object', [{ prompt: {} }], 'Invalid input'],
		[
			'no number',
			[{ count: 'x' }],
			`${VALIDATION} value 'x' does not match column type 'number': 'count' expects a number but we got 'x'`,
		],
		[
			'no boolean',
			[{ done: 2 }],
			`${VALIDATION} value '2' does not match column type 'boolean': 'done' expects a boolean but we got '2'`,
		],
		[
			'no date',
			[{ at: 'x' }],
			`${VALIDATION} value 'x' does not match column type 'date': 'at' expects a dateTime but we got 'x' <br/><br/> Consider using <a href="https://moment.github.io/luxon/api-docs/index.html#datetimefromformat" target="_blank"><code>DateTime.fromFormat</code></a> to work with custom date formats.`,
		],
		['no rows', [], 'request/body/data must NOT have fewer than 1 items'],
		['rows that are none', ['x'], 'request/body/data/0 must be object'],
		['no list', {}, 'request/body/data must be array'],
	])('are refused with %s', async (_, data, message) => {
		expect(await insert(data)).toEqual(refusal(400, message));
		expect(table.rows).toEqual([]);
	});

	test('may be as long as the body', async () => {
		expect((await insert([{ prompt: 'y'.repeat(1_000_000) }], 'id')).status).toBe(200);
	});

	test('need a table', async () => {
		const body = { data: [{ prompt: 'x' }] };
		const path = `/data-tables/${UNKNOWN_ID}/rows`;
		expect(await call('POST', path, { body })).toEqual(refusal(404, `Could not find the data table: '${UNKNOWN_ID}'`));
		expect(await call('POST', '/data-tables/x/rows', { body: {} })).toEqual(
			refusal(
				400,
				'request/params/dataTableId must match format "nanoid", request/body must have required property \'data\'',
			),
		);
	});
});

describe('found rows', () => {
	beforeEach(() => {
		api.addRows('Prompts', [
			{ prompt: 'pending', count: 7, done: true, at: '2026-03-01T00:00:00.000Z' },
			{ prompt: 'Pending', count: 1, done: false, at: '2026-01-02T03:04:05.678Z' },
			{ prompt: '', count: 3 },
			{ count: 2 },
		]);
	});

	test.each([
		['eq', 'pending', [1]],
		['eq', null, [4]],
		['neq', 'pending', [2, 3, 4]],
		['neq', null, [1, 2, 3]],
		['like', 'end', [1, 2]],
		['like', 'P%', [2]],
		['like', 'p_nding', []],
		['ilike', 'P%', [1, 2]],
		['gt', 'Pending', [1]],
		['lte', 'Pending', [2, 3]],
		['isEmpty', null, [3, 4]],
		['isNotEmpty', null, [1, 2]],
		['gt', null, `${VALIDATION} GT filter value cannot be null or undefined`],
		['ilike', null, `${VALIDATION} ILIKE filter value cannot be null or undefined`],
		['like', 5, `${VALIDATION} LIKE filter value must be a string`],
		['equals', 'pending', 'Invalid filter fields'],
		['eq', {}, 'Invalid filter fields'],
		['eq', undefined, 'Invalid filter fields'],
	])('prompt %s %j', async (operator, value, expected) => {
		expect(await findIds('and', condition('prompt', operator, value))).toEqual(expected);
	});

	test.each([
		['count', 'gte', '3', [1, 3]],
		['count', 'lt', 3, [2, 4]],
		[
			'count',
			'eq',
			'x',
			`${VALIDATION} value 'x' does not match column type 'number': 'count' expects a number but we got 'x'`,
		],
		['done', 'eq', 'true', [1]],
		['done', 'neq', true, [2, 3, 4]],
		['id', 'gt', 2, [3, 4]],
		['createdAt', 'lt', '2100-01-01T00:00:00Z', [1, 2, 3, 4]],
		// Dates are compared as text that differs in form.
		['at', 'eq', '2026-03-01T00:00:00.000Z', []],
		['at', 'gte', '2026-03-01', []],
		['at', 'lt', '2026-02-01', [2]],
		['nope', 'eq', 'a', `${VALIDATION} unknown column name 'nope'`],
	])('%s %s %j', async (name, operator, value, expected) => {
		expect(await findIds('and', condition(name, operator, value))).toEqual(expected);
	});

	test('conditions are combined', async () => {
		const pending = condition('prompt', 'eq', 'pending');
		expect(await findIds('or', pending, condition('prompt', 'eq', null))).toEqual([1, 4]);
		expect(await findIds('and', condition('count', 'gt', 1), condition('count', 'lt', 7))).toEqual([3, 4]);
		expect(await findIds('or')).toEqual([1, 2, 3, 4]);
		expect(await findIds('xor', pending)).toBe('Invalid filter fields');
	});

	test.each([
		['prompt:asc', [4, 3, 2, 1]],
		['count:desc', [1, 3, 4, 2]],
		['done:asc', [3, 4, 2, 1]],
		['at:desc', [1, 2, 3, 4]],
		['createdAt:desc', [1, 2, 3, 4]],
		['Id:DESC', [4, 3, 2, 1]],
	])('sorted by %s', async (sortBy, ids) => {
		const { body } = await call('GET', rowsPath(), { query: { sortBy } });
		expect((body as { data: Array<{ id: number }> }).data.map(({ id }) => id)).toEqual(ids);
	});

	test.each([
		['nope:asc', 500, 'Internal server error'],
		['prompt', 400, 'Invalid sort format, expected <columnName>:<asc/desc>'],
		['prompt:up', 400, 'Invalid sort direction'],
		['a b:asc', 400, COLUMN_NAME_RULE],
	])('not sorted by %s', async (sortBy, status, message) => {
		expect(await call('GET', rowsPath(), { query: { sortBy } })).toEqual(refusal(status, message));
	});

	test('come in pages of the size that the cursor names, 100 without a limit', async () => {
		api.addRows(
			table.id,
			Array.from({ length: 250 }, (_, index) => ({ count: index })),
		);
		const page = async (query: Record<string, string>) => {
			const { body } = await call('GET', rowsPath(), { query });
			const { data, nextCursor } = body as { data: Array<{ id: number }>; nextCursor: string | null };
			return { ids: [data[0].id, data[data.length - 1].id], nextCursor };
		};
		const first = await page({});
		expect(first).toEqual({ ids: [1, 100], nextCursor: Buffer.from('{"limit":100,"offset":100}').toString('base64') });
		const second = await page({ cursor: first.nextCursor ?? '', limit: '1' });
		expect(second.ids).toEqual([101, 200]);
		expect(await page({ cursor: second.nextCursor ?? '' })).toEqual({ ids: [201, 254], nextCursor: null });
		expect((await page({ limit: '250' })).ids).toEqual([1, 250]);
		expect((await page({ limit: '0' })).ids).toEqual([1, 254]);
	});
});

describe('changed rows', () => {
	const pending = { type: 'and', filters: [condition('prompt', 'eq', 'pending')] };
	const none = { filters: [condition('prompt', 'eq', 'none')] };
	const update = async (body: unknown) => await call('PATCH', `${rowsPath()}/update`, { body });
	const upsert = async (body: unknown) => await call('POST', `${rowsPath()}/upsert`, { body });

	beforeEach(() => {
		api.addRows('Prompts', [{ prompt: 'pending', count: 1 }, { prompt: 'pending', count: 2 }, { prompt: 'other' }]);
		now += 5000;
	});

	test('are updated, also with null', async () => {
		expect(await update({ filter: pending, data: { done: true, count: null, at: '2026-11-21T12:00:00Z' } })).toEqual({
			status: 200,
			body: true,
		});
		const changed = { count: null, done: true, at: '2026-11-21T12:00:00.000Z', updatedAt: '2026-11-21T12:00:05.000Z' };
		expect(table.rows).toMatchObject([
			changed,
			changed,
			{ prompt: 'other', done: null, updatedAt: '2026-11-21T12:00:00.000Z' },
		]);
		expect((await update({ filter: pending, data: { prompt: null }, returnData: true })).body).toMatchObject([
			{ id: 1, prompt: null },
			{ id: 2, prompt: null },
		]);
	});

	test('may be none', async () => {
		expect(await update({ filter: none, data: { count: 1 } })).toEqual({ status: 200, body: true });
		expect(await update({ filter: none, data: { count: 1 }, returnData: true })).toEqual({ status: 200, body: [] });
	});

	test('are updated or inserted by upsert, which returns a list', async () => {
		expect(await upsert({ filter: pending, data: { count: 8 } })).toEqual({ status: 200, body: true });
		expect((await upsert({ filter: none, data: { count: 9 }, returnData: true })).body).toMatchObject([
			{ id: 4, prompt: null, count: 9 },
		]);
		expect(table.rows.map(({ count }) => count)).toEqual([8, 8, null, 9]);
	});

	test.each([
		['an unknown column', { data: { nope: 1 } }, `${VALIDATION} unknown column name 'nope'`],
		[
			'an unknown column in the filter',
			{ filter: { filters: [condition('nope', 'eq', 1)] } },
			`${VALIDATION} unknown column name 'nope'`,
		],
		[
			'a wrong type',
			{ data: { count: 'x' } },
			`${VALIDATION} value 'x' does not match column type 'number': 'count' expects a number but we got 'x'`,
		],
		['an object', { data: { prompt: { a: 1 } } }, 'Invalid input'],
		['no data', { data: {} }, 'data must not be empty'],
		['no conditions', { filter: { filters: [] } }, 'request/body/filter/filters must NOT have fewer than 1 items'],
		['no filter', { filter: undefined }, "request/body must have required property 'filter'"],
		[
			'no value',
			{ filter: { filters: [condition('id', 'eq', undefined)] } },
			"request/body/filter/filters/0 must have required property 'value'",
		],
		[
			'an unknown condition',
			{ filter: { filters: [condition('id', 'isEmpty', null)] } },
			'request/body/filter/filters/0/condition must be equal to one of the allowed values: eq, neq, like, ilike, gt, gte, lt, lte',
		],
		['returnData that is no boolean', { returnData: 'yes' }, 'request/body/returnData must be boolean'],
	])('are refused with %s', async (_, body, message) => {
		const before = structuredClone(table.rows);
		expect(await update({ filter: pending, data: { count: 5 }, ...body })).toEqual(refusal(400, message));
		expect(await upsert({ filter: pending, data: { count: 5 }, ...body })).toEqual(refusal(400, message));
		expect(table.rows).toEqual(before);
	});

	test('need columns', async () => {
		const empty = api.addTable('Empty', []);
		expect(
			await call('PATCH', `/data-tables/${empty.id}/rows/update`, { body: { filter: pending, data: { a: 1 } } }),
		).toEqual(refusal(400, `${VALIDATION} No columns found for this data table or data table not found`));
	});
});

describe('executions', () => {
	beforeEach(() => {
		for (const minute of [1, 2, 3]) api.addExecution({ workflowId: 'one', startedAt: `2026-11-21T12:0${minute}:00Z` });
		api.addExecution({ workflowId: 'two', startedAt: '2026-11-21T12:04:00Z', mode: 'manual', status: 'running' });
	});

	const list = async (query: Record<string, string>) => {
		const { body } = await call('GET', '/executions', { query });
		const { data, nextCursor } = body as { data: Array<{ id: string }>; nextCursor: string | null };
		return { ids: data.map(({ id }) => id), nextCursor };
	};

	test('come newest first, without those that are running', async () => {
		expect(await list({})).toEqual({ ids: ['3', '2', '1'], nextCursor: null });
		expect(await list({ status: 'running' })).toEqual({ ids: ['4'], nextCursor: null });
		expect(await list({ workflowId: 'two' })).toEqual({ ids: [], nextCursor: null });
		expect(await list({ workflowId: 'nope' })).toEqual({ ids: [], nextCursor: null });
	});

	test('come in pages', async () => {
		const first = await list({ workflowId: 'one', limit: '2' });
		expect(first).toEqual({ ids: ['3', '2'], nextCursor: Buffer.from('{"lastId":"2","limit":2}').toString('base64') });
		expect(await list({ workflowId: 'one', cursor: first.nextCursor ?? '' })).toEqual({ ids: ['1'], nextCursor: null });
	});

	test('are described', async () => {
		const { body } = await call('GET', '/executions', { query: { status: 'running' } });
		expect(body).toEqual({
			data: [
				{
					id: '4',
					finished: false,
					mode: 'manual',
					retryOf: null,
					retrySuccessId: null,
					status: 'running',
					startedAt: '2026-11-21T12:04:00.000Z',
					stoppedAt: null,
					workflowId: 'two',
					waitTill: null,
				},
			],
			nextCursor: null,
		});
	});

	test.each([
		[
			{ status: 'bad' },
			"request/query/status Invalid enum value. Expected 'canceled' | 'crashed' | 'error' | 'new' | 'running' | 'success' | 'unknown' | 'waiting', received 'bad'",
		],
		[{ limit: 'x' }, 'request/query/limit Param `limit` must be a valid integer'],
		[{ cursor: 'nonsense' }, 'An invalid cursor was provided'],
	])('are refused with %j', async (query, message) => {
		expect(await call('GET', '/executions', { query })).toEqual(refusal(400, message));
	});
});

describe('faults and recording', () => {
	const body = { data: [{ prompt: 'a' }] };

	test('a reply takes the place of n8n for as many requests as it says', async () => {
		api.addFault({
			kind: 'reply',
			status: 429,
			body: { message: 'slow' },
			times: 2,
			when: ({ method }) => method === 'POST',
		});
		api.addFault({ kind: 'reply', status: 502 });
		expect(await call('POST', rowsPath(), { body })).toEqual(refusal(429, 'slow'));
		expect(await call('GET', rowsPath())).toEqual({ status: 502, body: '' });
		expect(await call('POST', rowsPath(), { body })).toEqual(refusal(429, 'slow'));
		expect((await call('POST', rowsPath(), { body })).status).toBe(200);
		expect(api.requests.map(({ method, status }) => [method, status])).toEqual([
			['POST', 429],
			['GET', 502],
			['POST', 429],
			['POST', 200],
		]);
	});

	test('a page, a redirect, and none after clearFaults', async () => {
		api.addFault({ kind: 'html' });
		expect(await call('GET', '/data-tables')).toEqual({ status: 200, body: expect.stringContaining('<html>') });
		api.addFault({ kind: 'redirect', location: 'https://elsewhere.example/' });
		expect((await call('GET', '/data-tables')).status).toBe(302);
		api.addFault({ kind: 'html', times: Infinity });
		api.clearFaults();
		expect((await call('GET', '/data-tables')).body).toMatchObject({ nextCursor: null });
	});

	test('a cut connection, before and after the change', async () => {
		api.addFault({ kind: 'reset' });
		await expect(call('POST', rowsPath(), { body })).rejects.toThrow('fetch failed');
		expect(table.rows).toHaveLength(0);
		api.addFault({ kind: 'resetAfter' });
		await expect(call('POST', rowsPath(), { body })).rejects.toThrow('fetch failed');
		expect(table.rows).toHaveLength(1);
		expect(api.requests.map(({ status }) => status)).toEqual([undefined, undefined]);
		expect(api.openRequests).toBe(0);
	});

	test('silence counts as answered', async () => {
		const openAtArrival: number[] = [];
		const arrived = new Promise<void>((resolve) => {
			api.addFault({
				kind: 'stall',
				when: () => {
					openAtArrival.push(api.openRequests);
					setImmediate(resolve);
					return true;
				},
			});
		});
		const controller = new AbortController();
		const answer = call('GET', '/data-tables', { signal: controller.signal });
		await arrived;
		expect([openAtArrival, api.openRequests]).toEqual([[1], 0]);
		controller.abort();
		await expect(answer).rejects.toThrow('aborted');
	});

	test('requests are kept as they came', async () => {
		await call('PATCH', `${rowsPath()}/update`, { body: { filter: {} } });
		await call('GET', '/data-tables', { query: { filter: '{"name":"x y"}' } });
		const [change, list] = api.requests;
		expect(change).toMatchObject({
			method: 'PATCH',
			path: `/api/v1${rowsPath()}/update`,
			body: { filter: {} },
			status: 400,
		});
		expect(change.headers['x-n8n-api-key']).toBe(N8N_API_KEY);
		expect([list.path, list.query.get('filter'), list.body]).toEqual([
			'/api/v1/data-tables',
			'{"name":"x y"}',
			undefined,
		]);
	});

	test.each([
		['search', async () => await call('GET', rowsPath(), { query: { search: 'x' } })],
		['includeData', async () => await call('GET', '/executions', { query: { includeData: 'true' } })],
	])('what the fake does not play fails loudly: %s', async (name, send) => {
		expect(await send()).toEqual({
			status: 500,
			body: { fakeDefect: expect.stringContaining(`does not play "${name}"`) },
		});
	});
});
