/** Record Tasks of Video > Generate: which n8n Data Table is used or made; if none can be, no money is spent. */
import type { INodeParameters } from 'n8n-workflow';
import { errorText } from '../support/errorText';
import { atLength } from '../support/longRun';
import { N8N_SCOPES } from '../support/n8nApi';
import type { RunOptions } from '../support/videoNode';
import { NODE_TYPE, UNREACHABLE, VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const RECORD = { prompt: 'A lighthouse in a storm', recordTasks: 'all', tableAccess: 'apiKey' };
const NO_WAIT = { ...RECORD, waitForCompletion: false };

const MINIMAL = [
	{ name: 'taskId', type: 'string' },
	{ name: 'status', type: 'string' },
] as const;

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const taskIds = () => [...node.simulator.tasks.keys()];
const rowsOf = (table = TABLE) => node.n8nApi.table(table).rows;
const tableNames = () => node.n8nApi.tables.map(({ name }) => name).sort();
const without = (scope: string) => N8N_SCOPES.filter((other) => other !== scope);
const choose = (mode: 'name' | 'id' | 'list', value: string): INodeParameters => ({
	dataTable: { __rl: true, mode, value },
});

describe('the table', () => {
	test('is made with all columns if there is none of the name', async () => {
		await node.run(NO_WAIT);
		expect(tableNames()).toEqual([TABLE]);
		const { columns } = node.n8nApi.table(TABLE);
		// In the order in which n8n's editor shows them; `id`, `createdAt` and `updatedAt` are n8n's own.
		expect(columns.map(({ name, type }) => `${name}: ${type}`)).toMatchSnapshot();
		expect(rowsOf()).toHaveLength(1);
	});

	test('is made once for two runs', async () => {
		await node.run(NO_WAIT);
		await node.run(NO_WAIT);
		expect(tableNames()).toEqual([TABLE]);
		expect(rowsOf().map(({ taskId }) => taskId)).toEqual(taskIds());
	});

	test('is shared by two runs that start at the same moment', async () => {
		// The other run is the faster one: its table comes about between this run's look and its own request.
		node.n8nApi.addFault({
			kind: 'reset',
			when: ({ method, path }) => {
				const isMaking = method === 'POST' && path === '/api/v1/data-tables';
				if (isMaking) node.n8nApi.addTable(TABLE, MINIMAL);
				return false;
			},
		});
		const { rows, error } = await node.run(NO_WAIT);
		expect(errorText(error)).toBe('');
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(node.n8nApi.requests.filter(({ status }) => status === 409)).toHaveLength(1);
		expect(tableNames()).toEqual([TABLE]);
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending' }]);
	});

	test('is shared as well when the database noticed first, which n8n calls a fault of its own', async () => {
		node.n8nApi.addFault({
			kind: 'reply',
			status: 500,
			body: { message: 'Internal server error' },
			when: ({ method, path }) => {
				const isMaking = method === 'POST' && path === '/api/v1/data-tables';
				if (isMaking) node.n8nApi.addTable(TABLE, MINIMAL);
				return isMaking;
			},
		});
		const { error } = await node.run(NO_WAIT);
		expect(errorText(error)).toBe('');
		expect(tableNames()).toEqual([TABLE]);
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending' }]);
	});

	test('is not made when nothing shall be recorded', async () => {
		await node.run({ prompt: RECORD.prompt, waitForCompletion: false });
		expect(node.simulator.tasks.size).toBe(1);
		expect(node.n8nApi.requests).toEqual([]);
	});

	test('has the name that is given', async () => {
		await node.run({ ...NO_WAIT, ...choose('name', ' Spring & "sale" #1 ') });
		expect(tableNames()).toEqual(['Spring & "sale" #1']);
		expect(rowsOf('Spring & "sale" #1')).toHaveLength(1);
	});

	test('is none of those that only resemble the name', async () => {
		const similar = [`Old ${TABLE}`, `${TABLE} 2025`, TABLE.toLowerCase(), 'CometAPI_Tasks'];
		for (const name of similar) node.n8nApi.addTable(name, MINIMAL);
		await node.run(NO_WAIT);
		expect(tableNames()).toEqual([TABLE, ...similar].sort());
		for (const name of similar) expect(rowsOf(name)).toEqual([]);
		expect(rowsOf()).toHaveLength(1);
	});

	test('is found among many of a similar name', async () => {
		node.n8nApi.addTable(TABLE, MINIMAL);
		for (const year of [2021, 2022, 2023, 2024]) node.n8nApi.addTable(`${TABLE} ${year}`, MINIMAL);
		await node.run(NO_WAIT);
		expect(node.n8nApi.tables).toHaveLength(5);
		expect(rowsOf()).toHaveLength(1);
	});

	test.each(['id', 'list'] as const)('is used when it is chosen (%s)', async (mode) => {
		node.n8nApi.addTable('Another', MINIMAL);
		const { id } = node.n8nApi.addTable('My videos', MINIMAL);
		await node.run({ ...NO_WAIT, ...choose(mode, id) });
		expect(tableNames()).toEqual(['Another', 'My videos']);
		expect(rowsOf('My videos')).toMatchObject([{ taskId: taskIds()[0] }]);
		expect(rowsOf('Another')).toEqual([]);
	});

	test('is found by the address of its page in n8n', async () => {
		const { id } = node.n8nApi.addTable('My videos', MINIMAL);
		await node.run({ ...NO_WAIT, ...choose('id', `https://n8n.example.com/projects/aB3/datatables/${id}`) });
		expect(rowsOf('My videos')).toHaveLength(1);
	});

	test('is reached with the address of the API as well as with that of n8n', async () => {
		const ends = ['/api', '/api/v1/', '/', '/api/v1'].slice(0, atLength(2, 4));
		for (const end of ends) await node.run(NO_WAIT, { n8nBaseUrl: `${node.n8nApi.baseUrl}${end}` });
		expect(rowsOf()).toHaveLength(ends.length);
	});

	test('is chosen from a list of all tables, which can be searched', async () => {
		for (let count = 0; count < 300; count++) node.n8nApi.addTable(`Table ${String(count).padStart(3, '0')}`, MINIMAL);
		const { id } = node.n8nApi.addTable('My videos', MINIMAL);
		const inEditor = {
			...{ id: 'node', name: 'Node', type: NODE_TYPE, typeVersion: 1, position: [0, 0] as [number, number] },
			// The editor fills in the defaults.
			parameters: { resource: 'video', operation: 'generate', ...RECORD },
			credentials: { n8nDataTableApi: { id: '2', name: 'n8n' } },
		};
		const all = await node.engine().searchList(inEditor, 'searchDataTables');
		expect(all.results).toHaveLength(301);
		expect(all.results.map(({ name }) => name)).toEqual(node.n8nApi.tables.map(({ name }) => name).sort());
		const found = await node.engine().searchList(inEditor, 'searchDataTables', ' VIDEO');
		expect(found.results).toEqual([{ name: 'My videos', value: id }]);
	});

	test('of somebody else keeps its other columns and rows', async () => {
		const { id } = node.n8nApi.addTable(TABLE, [...MINIMAL, { name: 'client', type: 'string' }]);
		const [other] = node.n8nApi.addRows(id, [{ taskId: 'task_other', status: 'pending', client: 'Ms Lee' }]);
		const before = structuredClone(other);
		// Somebody fills it in while the task runs.
		const fillIn = () => {
			Object.assign(rowsOf()[1], { client: 'Mr Miller' });
			return false;
		};
		node.simulator.addFault({ on: 'status', kind: 'html', when: fillIn });
		await node.run(RECORD);
		expect(rowsOf()).toMatchObject([before, { taskId: taskIds()[0], status: 'succeeded', client: 'Mr Miller' }]);
	});

	test('with nothing but the columns taskId and status gets only these', async () => {
		node.n8nApi.addTable(TABLE, MINIMAL);
		await node.run(RECORD);
		const [{ id, createdAt, updatedAt, ...cells }] = rowsOf();
		expect(cells).toEqual({ taskId: taskIds()[0], status: 'succeeded' });
	});

	test('whose columns have other types gets what they can hold', async () => {
		node.n8nApi.addTable(TABLE, [
			...MINIMAL,
			{ name: 'durationSeconds', type: 'string' },
			{ name: 'prompt', type: 'number' },
			{ name: 'completedAt', type: 'string' },
			{ name: 'videoUrls', type: 'string' },
			{ name: 'timedOut', type: 'boolean' },
			{ name: 'model', type: 'date' },
		]);
		const { rows } = await node.run(RECORD);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toMatchObject([
			{
				...{ status: 'succeeded', durationSeconds: '5', prompt: null, model: null, timedOut: null },
				...{ completedAt: rows[0].completedAt, videoUrls: JSON.stringify([rows[0].videoUrl]) },
			},
		]);
	});
});

type Special = { parameters?: INodeParameters; options?: RunOptions } | void;

interface Trouble {
	what: string;
	/** Gives what is special about the run. */
	arrange: () => Special;
	message: RegExp;
	description: RegExp;
}

const TROUBLES: Trouble[] = [
	{
		what: 'n8n cannot be reached',
		arrange: () => ({ options: { n8nBaseUrl: UNREACHABLE } }),
		message: /^n8n could not be reached at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/,
		description: /the Base URL in the credential/,
	},
	{
		what: 'n8n cuts the connection',
		arrange: () => node.n8nApi.addFault({ kind: 'reset' }),
		message: /^The connection to n8n at 127\.0\.0\.1:\d+ was lost \(ECONNRESET\)$/,
		description: /whether n8n reports an outage/,
	},
	{
		what: 'n8n has a fault of its own',
		arrange: () => node.n8nApi.addFault({ kind: 'reply', status: 500, body: { message: 'database is locked' } }),
		message: /^n8n could not work with the data table \(HTTP 500\): database is locked$/,
		description: /look into the log of n8n/,
	},
	{
		what: 'the key is wrong',
		arrange: () => ({ options: { n8nApiKey: 'not-the-key' } }),
		message: /^n8n does not accept the API key of the credential "N8n Data Table API"$/,
		description: /Settings > n8n API, paste it into the credential/,
	},
	{
		what: 'the key may not list tables',
		arrange: () => void (node.n8nApi.scopes = without('dataTable:list')),
		message: /^The API key of the credential "N8n Data Table API" lacks the scope dataTable:list, or its owner/,
		description: /Create a key with this scope in n8n/,
	},
	{
		what: 'the key may not make the table',
		arrange: () => void (node.n8nApi.scopes = without('dataTable:create')),
		message: /lacks the scope dataTable:create, or its owner may not use the data table$/,
		description: /Create a key with this scope in n8n/,
	},
	{
		what: 'the key may not read the chosen table',
		arrange: () => {
			node.n8nApi.scopes = without('dataTable:read');
			return { parameters: choose('id', node.n8nApi.addTable(TABLE, MINIMAL).id) };
		},
		message: /lacks the scope dataTable:read, or its owner may not use the data table$/,
		description: /Create a key with this scope in n8n/,
	},
	{
		what: 'the chosen table was deleted',
		arrange: () => {
			const { id } = node.n8nApi.addTable(TABLE, MINIMAL);
			node.n8nApi.deleteTable(id);
			return { parameters: choose('list', id) };
		},
		message: /^n8n refused to work with the data table: Could not find the data table: '\w{16}'$/,
		description: /may have been deleted.*Choose the table again/,
	},
	{
		what: 'two tables have the name',
		arrange: () => {
			node.n8nApi.addTable(TABLE, MINIMAL);
			node.n8nApi.addTable(TABLE, MINIMAL);
		},
		message: /^There are several data tables with the name "CometAPI Tasks", in different projects of n8n$/,
		description: /Choose the table from the list, or give its ID/,
	},
	{
		what: 'the table has no column taskId',
		arrange: () => void node.n8nApi.addTable(TABLE, [{ name: 'Title', type: 'string' }, MINIMAL[1]]),
		message: /^The data table "CometAPI Tasks" has no column "taskId"; its columns are: (Title, status|status, Title)$/,
		description: /^Add a column "taskId" of the type string in n8n/,
	},
	{
		what: 'the chosen table has no column status',
		arrange: () => ({ parameters: choose('id', node.n8nApi.addTable('Jobs', [MINIMAL[0]]).id) }),
		message: /^The data table "Jobs" has no column "status"; its columns are: taskId$/,
		description: /^Add a column "status" of the type string in n8n/,
	},
	{
		what: 'the column taskId holds numbers',
		arrange: () => void node.n8nApi.addTable(TABLE, [{ name: 'taskId', type: 'number' }, MINIMAL[1]]),
		message: /^The column "taskId" of the data table "CometAPI Tasks" has the type number; it must be string$/,
		description: /Make a new column with this type in n8n/,
	},
	{
		what: 'the Base URL would send the key unencrypted through the internet',
		arrange: () => ({ options: { n8nBaseUrl: 'http://n8n.example.com' } }),
		message:
			/^The Base URL "http:\/\/n8n\.example\.com" of the N8n Data Table API credential starts with http:\/\/.*unencrypted; use https/,
		description: /Open the credential "N8n Data Table API" and correct the Base URL/,
	},
	{
		what: 'the Base URL is no address',
		arrange: () => ({ options: { n8nBaseUrl: 'n8n.example.com' } }),
		message: /^The Base URL of the N8n Data Table API credential is not a web address, e\.g\. https:/,
		description: /Open the credential "N8n Data Table API" and correct the Base URL/,
	},
	{
		what: 'a web page answers at the Base URL',
		arrange: () => node.n8nApi.addFault({ kind: 'html' }),
		message: /^There is no n8n API with data tables at http:\/\/127\.0\.0\.1:\d+ \(HTTP 200\)$/,
		description: /Check the Base URL of the credential "N8n Data Table API"/,
	},
	{
		what: 'the Base URL leads elsewhere',
		arrange: () => node.n8nApi.addFault({ kind: 'redirect', location: `${node.simulator.baseUrl}/api/v1/data-tables` }),
		message: /^There is no n8n API with data tables at http:\/\/127\.0\.0\.1:\d+ \(HTTP 302\)$/,
		description: /Check the Base URL of the credential "N8n Data Table API"/,
	},
	{
		what: 'no table is given',
		arrange: () => ({ parameters: choose('name', ' ') }),
		message: /^Data Table is empty$/,
		description: /Choose a table from the list, or give its name/,
	},
	{
		what: 'the name is an expression that was not evaluated',
		arrange: () => ({ parameters: choose('name', 'Jobs of {{ $json.client }}') }),
		message: /^Data Table contains the text \{\{ \$json\.client \}\}, which looks like an expression/,
		description: /from Fixed to Expression/,
	},
	{
		what: 'the ID cannot be one',
		arrange: () => ({ parameters: choose('id', 'CometAPI Tasks') }),
		message: /^The ID of the data table cannot be "CometAPI Tasks"$/,
		description: /Choose the table from the list, or give its name/,
	},
];

describe('before money is spent', () => {
	test.each(TROUBLES)('$what: the node says so, and creates nothing', async ({ arrange, message, description }) => {
		const { parameters = {}, options } = arrange() ?? {};
		const { error, items } = await node.run({ ...RECORD, ...parameters }, options);
		expect(error?.message).toMatch(message);
		expect(error && 'description' in error && error.description).toMatch(description);
		expect(items).toEqual([]);
		expect(node.creates()).toEqual([]);
		expect(node.simulator.tasks.size).toBe(0);
		expect(node.n8nApi.tables.flatMap(({ rows }) => rows)).toEqual([]);
	});

	test('it is the error of each item with On Error = continue', async () => {
		const options: RunOptions = {
			n8nApiKey: 'not-the-key',
			onError: 'continueErrorOutput',
			items: [{ json: {} }, { json: {} }],
		};
		const { items, errorItems } = await node.run(RECORD, options);
		expect(items).toEqual([]);
		expect(errorItems).toHaveLength(2);
		for (const { json } of errorItems) expect(json.error).toMatch(/^n8n does not accept the API key/);
		expect(node.creates()).toEqual([]);
	});

	test('a key that may not write rows is noticed before anything is ordered, and nothing is written to try', async () => {
		node.n8nApi.scopes = node.n8nApi.scopes.filter((scope) => scope !== 'dataTableRow:upsert');
		expect(errorText((await node.run(RECORD)).error)).toMatch(/lacks the scope dataTableRow:upsert/);
		expect(node.creates()).toEqual([]);
		expect(node.n8nApi.table(TABLE).rows).toEqual([]);
	});

	test('Generate gives no advice about fields that it does not have', async () => {
		node.n8nApi.addTable(TABLE, [{ name: 'Title', type: 'string' }]);
		expect(errorText((await node.run(RECORD)).error)).not.toMatch(/Column Names/i);
	});
});
