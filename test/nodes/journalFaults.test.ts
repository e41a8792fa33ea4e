/** Record Tasks when n8n's own API does not do as it should after the create: the video comes all the same, and the keys stay secret. */
import type { IDataObject } from 'n8n-workflow';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { N8nFault, N8nRequest } from '../support/n8nApi';
import { N8N_API_KEY, N8N_SCOPES } from '../support/n8nApi';
import type { NodeRun } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const RECORD = { prompt: 'A lighthouse in a storm', recordTasks: 'all', tableAccess: 'apiKey' };
const NO_WAIT = { ...RECORD, waitForCompletion: false };
const COLUMNS = [
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
const rowsOf = () => node.n8nApi.table(TABLE).rows;
const isTrial = ({ body }: N8nRequest) => (body as { dryRun?: boolean } | undefined)?.dryRun === true;
const isWrite = (request: N8nRequest) => /\/rows\/(upsert|update)$/.test(request.path) && !isTrial(request);
const writes = () => node.n8nApi.requests.filter(isWrite);
const without = (scope: string) => N8N_SCOPES.filter((other) => other !== scope);
const detailsOf = ({ error }: NodeRun) => (error?.context as { details?: IDataObject } | undefined)?.details;

/** @param times 3 = all tries of one write */
function failWrites(fault: N8nFault, times = Infinity): void {
	node.n8nApi.addFault({ ...fault, when: isWrite, times });
}

describe('after the create', () => {
	const lost = (taskId: string) => `Task ${taskId} could not be recorded in the data table "${TABLE}": `;

	test.each<[string, N8nFault, RegExp]>([
		[
			'n8n cuts the connection',
			{ kind: 'reset' },
			/The connection to n8n at 127\.0\.0\.1:\d+ was lost \(ECONNRESET\)$/,
		],
		[
			'n8n has a fault of its own',
			{ kind: 'reply', status: 503 },
			/n8n could not work with the data table \(HTTP 503\)$/,
		],
		[
			'a web page answers',
			{ kind: 'html' },
			/There is no n8n API with data tables at http:\/\/127\.0\.0\.1:\d+ \(HTTP 200\)$/,
		],
		[
			'n8n refuses the row',
			{ kind: 'reply', status: 400, body: { message: 'too long' } },
			/n8n refused to work with the data table: too long$/,
		],
	])('%s: the video comes all the same, with a warning', async (_what, fault, reason) => {
		failWrites(fault);
		const { rows, items, error } = await node.run(RECORD);
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ status: 'succeeded', taskId: taskIds()[0] }]);
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(rows[0].recordWarning).toMatch(reason);
		expect(String(rows[0].recordWarning).startsWith(lost(taskIds()[0]))).toBe(true);
		expect(rows[0]).not.toHaveProperty('error');
		expect(node.creates()).toHaveLength(1);
	});

	test('n8n is gone altogether: the same', async () => {
		node.simulator.addFault({
			on: 'create',
			kind: 'html',
			when: () => {
				void node.n8nApi.close();
				return false;
			},
		});
		const { rows } = await node.run(RECORD);
		expect(rows).toMatchObject([{ status: 'succeeded', taskId: taskIds()[0] }]);
		expect(rows[0].recordWarning).toMatch(
			/could not be recorded.*n8n could not be reached at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
		);
	});

	test('the key loses its right to write rows: the warning names the scope', async () => {
		node.simulator.addFault({
			on: 'create',
			kind: 'html',
			when: () => {
				node.n8nApi.scopes = without('dataTableRow:upsert');
				return false;
			},
		});
		const { rows } = await node.run(RECORD);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rows[0].recordWarning).toMatch(/could not be recorded.*lacks the scope dataTableRow:upsert/);
	});

	test('the table is deleted while the task runs: the same', async () => {
		const deleteTable = () => node.n8nApi.deleteTable(node.n8nApi.table(TABLE).id);
		node.simulator.addFault({
			on: 'status',
			kind: 'html',
			when: () => {
				if (node.n8nApi.tables.length > 0) deleteTable();
				return false;
			},
		});
		const { rows } = await node.run(RECORD);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rows[0].recordWarning).toMatch(/could not be recorded.*Could not find the data table/);
	});

	test('a write that works at its second or third try leaves no warning', async () => {
		node.simulator.taskSeconds = 60;
		failWrites({ kind: 'reset' }, 1);
		failWrites({ kind: 'reply', status: 503 }, 1);
		const { rows } = await node.run(RECORD);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'succeeded' }]);
		// Three for the create, one on the way, one for the end.
		expect(writes()).toHaveLength(5);
	});

	test('the tries are a second apart', async () => {
		failWrites({ kind: 'reset' }, 2);
		await node.run(NO_WAIT);
		expect(node.clock.sleeps).toEqual([1000, 1000]);
	});

	test('a write that was done, but not answered, makes one row', async () => {
		failWrites({ kind: 'resetAfter' }, 1);
		const { rows } = await node.run(RECORD);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'succeeded' }]);
		expect(rowsOf()).toHaveLength(1);
	});

	test('a row that was not written at the create comes at the end, whole, and nothing is left to warn of', async () => {
		failWrites({ kind: 'reset' }, 3);
		const { rows } = await node.run(RECORD);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toMatchObject([
			{
				...{ taskId: taskIds()[0], status: 'succeeded', videoUrl: rows[0].videoUrl, prompt: RECORD.prompt },
				...{ workflowId: 'workflow', estimatedCostUsd: rows[0].estimatedCostUsd },
			},
		]);
	});

	test('without waiting the row carries the warning', async () => {
		failWrites({ kind: 'reset' });
		const { rows } = await node.run(NO_WAIT);
		expect(rows).toMatchObject([{ status: 'pending', taskId: taskIds()[0] }]);
		expect(String(rows[0].recordWarning).startsWith(lost(taskIds()[0]))).toBe(true);
	});

	test('each item has its own warning', async () => {
		const isFirst = (request: N8nRequest) => isWrite(request) && JSON.stringify(request.body).includes(taskIds()[0]);
		node.n8nApi.addFault({ kind: 'reset', when: isFirst, times: Infinity });
		const { rows } = await node.run(
			{ ...NO_WAIT, options: { maxTasksInFlight: 1 } },
			{ items: [{ json: {} }, { json: {} }] },
		);
		expect(rows.map(({ recordWarning }) => typeof recordWarning)).toEqual(['string', 'undefined']);
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[1] }]);
	});

	test('the record of another task goes on', async () => {
		failWrites({ kind: 'reset' }, 3);
		await node.run(NO_WAIT);
		await node.run(NO_WAIT);
		expect(rowsOf().map(({ taskId }) => taskId)).toEqual([taskIds()[1]]);
	});

	describe('an error says that the task is not recorded', () => {
		test.each(['stopWorkflow', 'continueErrorOutput'] as const)(
			'after a wait that was too short (%s)',
			async (onError) => {
				node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
				failWrites({ kind: 'reset' });
				const run = await node.run({ ...RECORD, options: { timeout: 1 } }, { onError });
				const details = onError === 'stopWorkflow' ? detailsOf(run) : (run.errorItems[0].json.details as IDataObject);
				expect(details).toMatchObject({
					taskId: taskIds()[0],
					recordWarning: expect.stringContaining(lost(taskIds()[0])) as unknown,
				});
			},
		);

		test('after a failure whose row could not be brought up to date', async () => {
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
			node.n8nApi.addFault({
				kind: 'reset',
				when: (request) => isWrite(request) && writes().length > 1,
				times: Infinity,
			});
			const run = await node.run(RECORD);
			expect(rowsOf()).toMatchObject([{ status: 'pending' }]);
			expect(run.error?.message).toMatch(/out of paint/);
			expect(detailsOf(run)).toMatchObject({ recordWarning: expect.stringContaining(lost(taskIds()[0])) as unknown });
		});

		test('but not if the row was written after all', async () => {
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
			failWrites({ kind: 'reset' }, 3);
			const run = await node.run(RECORD);
			expect(rowsOf()).toMatchObject([{ status: 'failed', failureReason: 'out of paint' }]);
			expect(detailsOf(run)).toMatchObject({ taskId: taskIds()[0] });
			expect(detailsOf(run)).not.toHaveProperty('recordWarning');
		});
	});

	test('what one try of Retry On Fail could not record, the next one records', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		failWrites({ kind: 'reset' }, 3);
		const { rows } = await node.run({ ...RECORD, options: { timeout: 1, onTimeout: 'return' } }, { retryOnFail: true });
		expect(rows).toMatchObject([{ status: 'pending', taskId: taskIds()[0] }]);
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending', prompt: RECORD.prompt }]);
	});

	test('Stop does not wait for an n8n that does not answer, and the task is named', async () => {
		let stoppedAt = Infinity;
		const run = await node.start(RECORD);
		node.n8nApi.addFault({
			kind: 'stall',
			times: Infinity,
			when: (request) => {
				if (!isWrite(request)) return false;
				if (writes().length === 1) stoppedAt = node.clock.now();
				run.cancel();
				return true;
			},
		});
		const { taskData } = await run.finished;
		await node.clock.sleep(0);
		expect(node.clock.now() - stoppedAt).toBeLessThanOrEqual(1000);
		expect(errorText(taskData('Node')?.error)).toContain(taskIds()[0]);
	});
});

describe('the keys', () => {
	/** All that one run has shown, and what n8n now holds. */
	const seen = (run: NodeRun) => JSON.stringify([run.engineRun.run, node.messages, node.n8nApi.tables]);
	const sent = (requests: readonly Sent[]) => requests.map(textOf).join('\n');

	interface Sent {
		path: string;
		query: URLSearchParams;
		headers: object;
		body?: unknown;
	}

	function textOf({ path, query, headers, body }: Sent): string {
		return [path, query, JSON.stringify(headers), body instanceof Buffer ? body : JSON.stringify(body)]
			.map(String)
			.join('\n');
	}

	function expectNoKey(run: NodeRun): void {
		for (const key of [SIMULATOR_API_KEY, N8N_API_KEY]) expect(seen(run)).not.toContain(key);
		expect(sent(node.simulator.requests)).not.toContain(N8N_API_KEY);
		expect(sent(node.simulator.resultRequests)).not.toContain(N8N_API_KEY);
		expect(sent(node.simulator.resultRequests)).not.toContain(SIMULATOR_API_KEY);
		expect(sent(node.n8nApi.requests)).not.toContain(SIMULATOR_API_KEY);
	}

	test('go to their own server and nowhere else', async () => {
		const run = await node.run(RECORD);
		expect(run.rows).toMatchObject([{ status: 'succeeded' }]);
		expectNoKey(run);
		expect(sent(node.n8nApi.requests)).toContain(N8N_API_KEY);
		expect(sent(node.simulator.requests)).toContain(SIMULATOR_API_KEY);
		for (const { headers } of node.n8nApi.requests) expect(headers).not.toHaveProperty('authorization');
	});

	test.each<[string, N8nFault]>([
		['a refusal', { kind: 'reply', status: 400, body: { message: 'no' } }],
		['a cut connection', { kind: 'reset' }],
		['a web page', { kind: 'html' }],
	])('are in no message about %s', async (_what, fault) => {
		failWrites(fault);
		expectNoKey(await node.run(RECORD));
		node.n8nApi.addFault(fault);
		expectNoKey(await node.run(RECORD));
	});

	test('do not follow a redirect', async () => {
		node.n8nApi.addTable(TABLE, COLUMNS);
		const before = node.simulator.requests.length;
		node.n8nApi.addFault({ kind: 'redirect', location: `${node.simulator.baseUrl}/v1/models`, times: Infinity });
		const run = await node.run(RECORD);
		expect(run.error).toBeDefined();
		expect(node.simulator.requests.slice(before).map(({ path }) => path)).toEqual(['/api/models']);
		expectNoKey(run);
	});

	test('do not follow a redirect of a write either', async () => {
		failWrites({ kind: 'redirect', location: `${node.simulator.baseUrl}/v1/models` });
		const run = await node.run(RECORD);
		expect(run.rows).toMatchObject([{ status: 'succeeded', recordWarning: expect.any(String) as unknown }]);
		expect(node.simulator.requests.map(({ path }) => path)).not.toContain('/v1/models');
		expectNoKey(run);
	});
});
