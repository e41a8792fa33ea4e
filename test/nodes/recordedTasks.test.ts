/** Use Recorded Tasks of Task > Get and Task > Wait: the unfinished tasks of an n8n Data Table, whatever has become of n8n. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength } from '../support/longRun';
import type { Cells, N8nTable } from '../support/n8nApi';
import { N8N_SCOPES } from '../support/n8nApi';
import { VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const OPERATIONS = [['get'], ['wait']];
const PICTURE = 'https://example.com/picture.png';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const recorded = (operation: string, parameters: INodeParameters = {}) => ({
	...{ resource: 'task', operation, useRecordedTasks: true, tableAccess: 'apiKey' },
	...parameters,
});
const table = () => node.n8nApi.table(TABLE);
const rowOf = (taskId: unknown) => table().rows.find((row) => row.taskId === taskId);
const lookedAt = () => node.polls().map(({ path }) => path.split('/').at(-1));

/** A task as Video > Generate records it; the simulator ends it after a minute. */
async function record(parameters: INodeParameters = {}): Promise<IDataObject & { taskId: string }> {
	const { rows, error } = await node.run({
		prompt: 'A lighthouse',
		waitForCompletion: false,
		recordTasks: 'all',
		tableAccess: 'apiKey',
		...parameters,
	});
	if (error) throw error;
	return { ...rows[0], taskId: String(rows[0].taskId) };
}

/** A task that is in no table. */
async function create(parameters: INodeParameters = {}): Promise<string> {
	return (await record({ recordTasks: 'off', ...parameters })).taskId;
}

/** The table as a person makes it. */
function makeTable(columns: readonly string[], rows: readonly Cells[] = []): N8nTable {
	const made = node.n8nApi.addTable(
		TABLE,
		columns.map((name) => ({ name, type: 'string' })),
	);
	node.n8nApi.addRows(made.id, rows);
	return made;
}

/** Lets all tasks end. */
const runOf =
	(operation: string) =>
	async (parameters: INodeParameters = {}, options: Parameters<VideoNodeTest['run']>[1] = {}) => {
		node.clock.advance(100_000);
		return await node.run(recorded(operation, parameters), options);
	};

describe.each(OPERATIONS)('Task > %s', (operation) => {
	const run = runOf(operation);

	test('takes all unfinished rows, in the order of the table, and writes down how they ended', async () => {
		const first = await record({ prompt: 'one' });
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const second = await record({ prompt: 'two', provider: 'wan' });
		const third = await record({ prompt: 'three', seconds: 10 });
		const { rows, items } = await run({ options: { onFailure: 'return' } });
		expect(rows).toMatchObject([
			{ taskId: first.taskId, status: 'succeeded', provider: 'seedance' },
			{ taskId: second.taskId, status: 'failed', provider: 'wan', failureReason: 'out of paint' },
			{ taskId: third.taskId, status: 'succeeded', durationSeconds: 10 },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 0 }]);
		for (const row of rows) {
			const { status, videoUrl, completedAt, failureReason } = row;
			const rawStatus = status === 'failed' ? 'failed' : 'completed';
			expect(rowOf(row.taskId)).toMatchObject({ status, videoUrl, completedAt, failureReason, rawStatus });
			expect(row).not.toHaveProperty('recordWarning');
		}
		expect(table().rows.map(({ prompt, workflowId }) => [prompt, workflowId])).toEqual(
			['one', 'two', 'three'].map((prompt) => [prompt, 'workflow']),
		);
		expect(rowOf(third.taskId)?.videoUrl).toMatch(/^http/);
	});

	test('keeps what the table knows of the task', async () => {
		const { taskId, model, estimatedCostUsd, durationSeconds } = await record({ seconds: 10 });
		const mode = rowOf(taskId)?.mode;
		expect(mode).toEqual(expect.any(String));
		expect(estimatedCostUsd).toBeGreaterThan(0);
		const { rows } = await run({ options: { simplify: false } });
		expect(rows).toMatchObject([{ taskId, model, mode, estimatedCostUsd, durationSeconds }]);
		expect(rowOf(taskId)).toMatchObject({ model, mode, estimatedCostUsd, durationSeconds });
	});

	test('runs once, whatever the input', async () => {
		const { taskId } = await record();
		const items = Array.from({ length: 3 }, () => ({ json: { taskId: 'task_of_the_item' } }));
		const { rows } = await run({ taskId: 'task_of_before' }, { items });
		expect(rows).toMatchObject([{ taskId }]);
		expect(lookedAt()).toEqual([taskId]);
	});

	describe('a broken row', () => {
		test('of a task that CometAPI does not know any more comes out as failed, and does not stop the others', async () => {
			const [first, last] = [await create(), await create()];
			makeTable(
				['taskId', 'status'],
				[first, 'task_unknown', last].map((taskId) => ({ taskId, status: 'pending' })),
			);
			node.clock.advance(3_600_000);
			const { items, rows } = await run();
			expect(rows).toMatchObject([
				{ taskId: first, status: 'succeeded' },
				{
					taskId: 'task_unknown',
					status: 'failed',
					failureReason: expect.stringMatching(/task_not_exist/),
				},
				{ taskId: last, status: 'succeeded' },
			]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 0 }]);
			expect(table().rows.map(({ status }) => status)).toEqual(['succeeded', 'pending', 'succeeded']);
		});

		test('of a task that has been unknown for a day is given up', async () => {
			makeTable(['taskId', 'status'], [{ taskId: 'task_unknown', status: 'pending' }]);
			node.clock.advance(25 * 3_600_000);
			await run();
			expect(table().rows).toMatchObject([{ status: 'unknown' }]);
			expect((await run()).rows).toEqual([]);
		});

		test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
			'a wrong key is no broken row (%s)',
			async (onError) => {
				makeTable(['taskId', 'status'], [{ taskId: await create(), status: 'pending' }]);
				const { rows, error } = await run({}, { onError, apiKey: 'sk-wrong' });
				expect(onError === 'stopWorkflow' ? errorText(error) : String(rows[0].error)).toMatch(
					/^CometAPI does not accept the API key/,
				);
				expect(table().rows).toMatchObject([{ status: 'pending' }]);
			},
		);
	});

	test('a row that cannot be brought up to date is a warning', async () => {
		const { taskId } = await record();
		node.n8nApi.addFault({ kind: 'reset', times: Infinity, when: ({ path }) => path.endsWith('/rows/update') });
		const { rows, error } = await run();
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId, status: 'succeeded' }]);
		expect(rows[0].recordWarning).toMatch(
			new RegExp(`^Task ${taskId} could not be recorded in the data table "${TABLE}": The connection to n8n`),
		);
		expect(rowOf(taskId)).toMatchObject({ status: 'pending' });
	});
});

/** Both operations read the table, and write into it, in the same way. */
describe.each(atLength(OPERATIONS.slice(0, 1), OPERATIONS))('the rows that Task > %s takes', (operation) => {
	const run = runOf(operation);

	test('leaves finished rows alone', async () => {
		const { taskId } = await record();
		const finished = ['succeeded', 'failed', 'archived'].map((status) => ({ taskId: `task_${status}`, status }));
		node.n8nApi.addRows(TABLE, finished);
		const before = structuredClone(table().rows.slice(1));
		const { rows } = await run();
		expect(rows).toMatchObject([{ taskId }]);
		expect(lookedAt()).toEqual([taskId]);
		expect(table().rows.slice(1)).toEqual(before);
	});

	test('takes rows whose status is empty: never filled in, or cleared', async () => {
		const [first, second] = [await create(), await create()];
		makeTable(
			['taskId', 'status'],
			[
				{ taskId: first, status: null },
				{ taskId: second, status: '' },
			],
		);
		const { rows } = await run();
		const ended = [first, second].map((taskId) => ({ taskId, status: 'succeeded' }));
		expect(rows).toMatchObject(ended.map((row) => ({ ...row, provider: 'seedance' })));
		expect(table().rows).toMatchObject(ended);
	});

	test('skips rows without a task ID', async () => {
		const taskId = await create();
		makeTable(
			['taskId', 'status', 'prompt'],
			[
				{ taskId: null, status: null, prompt: 'still to do' },
				{ taskId: '', status: 'pending' },
				{ taskId, status: 'pending' },
			],
		);
		const { rows, error } = await run();
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId }]);
		expect(table().rows).toMatchObject([
			{ status: null, prompt: 'still to do' },
			{ status: 'pending' },
			{ status: 'succeeded' },
		]);
		expect(table().rows).toHaveLength(3);
	});

	test('takes no more than the limit, the oldest first', async () => {
		const taskIds = [(await record()).taskId, (await record()).taskId, (await record()).taskId];
		expect((await run({ limit: 2 })).rows.map(({ taskId }) => taskId)).toEqual(taskIds.slice(0, 2));
		expect(table().rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'pending']);
		expect((await run({ limit: 2 })).rows).toMatchObject([{ taskId: taskIds[2] }]);
	});

	test('rows without a task ID do not use the limit up', async () => {
		const taskId = await create();
		makeTable(['taskId', 'status'], [{ taskId: null }, { taskId: '' }, { taskId, status: 'pending' }]);
		expect((await run({ limit: 1 })).rows).toMatchObject([{ taskId }]);
	});

	test.each([0, -1, 'many'])('refuses the limit %j', async (limit) => {
		await record();
		const { error } = await run({ limit: `={{ ${JSON.stringify(limit)} }}` });
		expect(errorText(error)).toMatch(/^Limit cannot be .*Allowed: whole numbers of at least 1\./s);
		expect(node.polls()).toEqual([]);
	});

	test('of an empty table, or one with finished tasks only, gives no items', async () => {
		makeTable(['taskId', 'status']);
		expect(await run()).toMatchObject({ items: [], error: undefined });
		node.n8nApi.addRows(TABLE, [{ taskId: 'task_done', status: 'succeeded' }]);
		expect(await run()).toMatchObject({ items: [], error: undefined });
		expect(node.polls()).toEqual([]);
	});

	test('finds the task of a row that was pasted in with blanks, and finishes that row', async () => {
		const taskId = await create();
		makeTable(['taskId', 'status'], [{ taskId: ` ${taskId} `, status: 'pending' }]);
		const { rows } = await run();
		expect(rows).toMatchObject([{ taskId, status: 'succeeded' }]);
		expect(table().rows).toHaveLength(1);
		expect(table().rows).toMatchObject([{ status: 'succeeded' }]);
	});

	test('two rows of one task are both brought up to date', async () => {
		const taskId = await create();
		makeTable(
			['taskId', 'status'],
			[
				{ taskId, status: 'pending' },
				{ taskId, status: 'pending' },
			],
		);
		await run();
		expect(table().rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
	});

	test('asks on the route that the row names', async () => {
		const { taskId } = await record({ provider: 'kling', mode: 'imageToVideo', prompt: 'x', imageUrl: PICTURE });
		const { rows } = await run();
		expect(rows).toMatchObject([{ taskId, provider: 'kling', status: 'succeeded' }]);
		expect(node.polls().map(({ path }) => path)).toEqual([`/kling/v1/videos/image2video/${taskId}`]);
		expect(rowOf(taskId)).toMatchObject({
			status: 'succeeded',
			mode: 'imageToVideo',
			route: '/kling/v1/videos/image2video',
		});
	});

	test('finds the route itself if the table does not name it', async () => {
		const taskId = await create({ provider: 'kling', mode: 'imageToVideo', prompt: 'x', imageUrl: PICTURE });
		makeTable(['taskId', 'status', 'provider'], [{ taskId, status: 'pending', provider: 'kling' }]);
		const { rows } = await run();
		expect(rows).toMatchObject([
			{ taskId, provider: 'kling', route: '/kling/v1/videos/image2video', status: 'succeeded' },
		]);
		expect(rowOf(taskId)).toMatchObject({ status: 'succeeded' });
	});

	test('a route or provider that does not exist is no obstacle', async () => {
		const [first, second] = [await create(), await create()];
		makeTable(
			['taskId', 'status', 'provider', 'route'],
			[
				{ taskId: first, provider: 'bytedance', route: '/v9/clips' },
				{ taskId: second, provider: 'seedance', route: '/v9/clips' },
			],
		);
		const { rows } = await run();
		expect(rows).toMatchObject(
			[first, second].map((taskId) => ({ taskId, provider: 'seedance', route: '/v1/videos', status: 'succeeded' })),
		);
	});

	describe('a table that cannot be used', () => {
		const withoutReading = () => {
			makeTable(['taskId', 'status']);
			node.n8nApi.scopes = N8N_SCOPES.filter((scope) => scope !== 'dataTableRow:read');
		};

		test.each<[string, () => void, RegExp]>([
			['does not exist', () => {}, /^The data table "CometAPI Tasks" does not exist\n.*Record Tasks/s],
			[
				'has no column status',
				() => makeTable(['taskId']),
				/^The data table "CometAPI Tasks" has no column "status"; its columns are: taskId\n/,
			],
			[
				'is not to be read with this key',
				withoutReading,
				/lacks the scope dataTableRow:read, or its owner may not use the data table\nCreate a key/,
			],
			[
				'is at an n8n that does not answer',
				() => node.n8nApi.addFault({ kind: 'reset' }),
				/^The connection to n8n at 127\.0\.0\.1:\d+ was lost/,
			],
		])('because it %s is an error, and no table is made', async (_what, spoil, reads) => {
			spoil();
			const before = node.n8nApi.tables.length;
			const { error, items } = await run();
			expect(errorText(error)).toMatch(reads);
			expect(items).toEqual([]);
			expect(node.n8nApi.tables).toHaveLength(before);
			expect(node.polls()).toEqual([]);
		});
	});

	test('a row with something else than an ID is left out', async () => {
		const taskId = await create();
		makeTable(
			['taskId', 'status'],
			[
				{ taskId: 'https://api.cometapi.com/v1/videos/task_1', status: 'pending' },
				{ taskId, status: 'pending' },
			],
		);
		const { rows, error } = await run();
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId, status: 'succeeded' }]);
		expect(table().rows.map(({ status }) => status)).toEqual(['pending', 'succeeded']);
	});
});

/** Rows without a task cost no request to CometAPI. */
test('fifty rows are taken unless told otherwise, and also those beyond what n8n gives at once', async () => {
	const taskId = await create();
	const rows = (count: number, cells: Cells) => Array.from({ length: count }, () => cells);
	makeTable(
		['taskId', 'status'],
		[...rows(251, { taskId: '', status: 'pending' }), ...rows(52, { taskId, status: 'pending' })],
	);
	node.clock.advance(100_000);
	expect((await node.run(recorded('get'))).rows).toHaveLength(50);
	expect((await node.run(recorded('get', { limit: 280 }))).rows).toHaveLength(2);
});

test('Task > Get writes down how far a running task is', async () => {
	node.simulator.taskSeconds = 60;
	const { taskId } = await record();
	node.clock.advance(30_000);
	const { rows } = await node.run(recorded('get'));
	expect(rows).toMatchObject([{ taskId, status: 'pending', completedAt: null }]);
	expect(rowOf(taskId)).toMatchObject({
		status: 'pending',
		rawStatus: 'in_progress',
		completedAt: null,
		prompt: 'A lighthouse',
	});
});

describe('Task > Wait', () => {
	test('waits for all tasks together', async () => {
		const created = [await record(), await record(), await record()];
		const before = node.clock.now();
		const { rows } = await node.run(recorded('wait'));
		expect(rows).toMatchObject(created.map(({ taskId }) => ({ taskId, status: 'succeeded' })));
		expect(node.clock.now() - before).toBeLessThan(75_000);
	});

	test('leaves a task pending that does not end in time', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const slow = await record();
		const fast = await record();
		const { rows } = await node.run(recorded('wait', { options: { timeout: 2, onTimeout: 'return' } }));
		expect(rows).toMatchObject([
			{ taskId: slow.taskId, timedOut: true },
			{ taskId: fast.taskId, status: 'succeeded' },
		]);
		expect(table().rows.map(({ status }) => status)).toEqual(['pending', 'succeeded']);
	});

	test('a task that has failed comes out as a row, and is written down', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { taskId } = await record();
		const { rows, error } = await node.run(recorded('wait'));
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId, status: 'failed', failureReason: 'out of paint' }]);
		expect(rowOf(taskId)).toMatchObject({ status: 'failed', failureReason: 'out of paint' });
	});

	test('resumes what an n8n that has ended was waiting for, and fetches the videos', async () => {
		// Nothing is handed over but the table: each run has an engine of its own and no input.
		const ordered = await node.run(
			{ prompt: '={{ $json.prompt }}', waitForCompletion: false, recordTasks: 'all', tableAccess: 'apiKey' },
			{ items: [{ json: { prompt: 'one' } }, { json: { prompt: 'two' } }] },
		);
		const { items, rows } = await node.run(recorded('wait', { options: { binaryField: 'clip' } }));
		expect(rows.map(({ taskId }) => taskId).sort()).toEqual(ordered.rows.map(({ taskId }) => taskId).sort());
		for (const item of items) {
			expect(item.json).toMatchObject({ status: 'succeeded' });
			expect((await node.engine().readBinary(item, 'clip')).equals(sampleVideo)).toBe(true);
		}
		expect(table().rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
		expect(node.creates()).toHaveLength(2);
		expect((await node.run(recorded('wait'))).items).toEqual([]);
	});

	test('resumes after Stop', async () => {
		const run = await node.start({ prompt: 'A lighthouse', recordTasks: 'all', tableAccess: 'apiKey' });
		let isStopped = false;
		node.simulator.addFault({
			on: 'status',
			kind: 'html',
			when: () => {
				if (!isStopped) run.cancel();
				isStopped = true;
				return false;
			},
		});
		await run.finished;
		await node.clock.sleep(0);
		const { rows } = await node.run(recorded('wait'));
		expect(rows).toMatchObject([{ taskId: [...node.simulator.tasks.keys()][0], status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(1);
	});
});

test('a table that is chosen by its ID or its name is the one that is used', async () => {
	const { taskId } = await record({ dataTable: { __rl: true, mode: 'name', value: 'Spring' } });
	await record({ dataTable: { __rl: true, mode: 'name', value: 'Summer' } });
	const spring = { __rl: true, mode: 'id', value: node.n8nApi.table('Spring').id };
	expect((await node.run(recorded('get', { dataTable: spring }))).rows).toMatchObject([{ taskId }]);
	expect(
		(await node.run(recorded('get', { dataTable: { ...spring, mode: 'name', value: 'Spring' } }))).rows,
	).toMatchObject([{ taskId }]);
	expect(lookedAt()).toEqual([taskId, taskId]);
});

test('Download takes its task ID, whatever is left over from Record Tasks', async () => {
	await record();
	const taskId = await create();
	node.clock.advance(100_000);
	const { rows } = await node.run(recorded('download', { taskId }));
	expect(rows).toMatchObject([{ taskId, status: 'succeeded' }]);
	expect(lookedAt()).toEqual([taskId]);
});
