/**
 * The nodes in n8n's queue mode, with two workers of which one dies. Nothing may be ordered twice, and everything that was
 * ordered must be found again by the table.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleVideo } from '../simulator/simulator';
import { DATA_TABLE_SCOPES, DataTablesClient } from './host/dataTablesClient';
import type { N8nClient, WorkflowDefinition } from './host/n8nClient';
import { QueueMode } from './host/queueMode';
import type { Credentials } from './queueWorkflows';
import { GENERATE, START, WAIT, orderByWebhook, recoverByHand, watchTable } from './queueWorkflows';
import { POLL_INTERVAL_SECONDS, Scenario } from './scenario';

const START_TIMEOUT_MS = 600_000;
const TEST_TIMEOUT_MS = 300_000;
const TASK_SECONDS = 600;
const CONDITION_TIMEOUT_MS = 90_000;
const CHECK_MS = 500;
/** So long a stopped node may go on. */
const STOP_MS = 3000;
/** In whose words n8n ends the executions of a worker that is gone, although each was begun once. */
const STALL_MESSAGE = 'This execution failed to be processed too many times and will no longer retry';
const STALL_TIMEOUT_MS = 120_000;
/** Items of one execution. */
const BATCH = 5;
/** A worker that does not renew its locks counts as dead after 20 to 40 seconds instead of n8n's 60 to 120. */
const STALL_SETTINGS = {
	// Restarted executions, each of them from its beginning, until n8n 2.0 took the setting away.
	QUEUE_WORKER_MAX_STALLED_COUNT: '3',
	QUEUE_WORKER_LOCK_DURATION: '20000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
	QUEUE_WORKER_STALLED_INTERVAL: '10000',
};

let queue: QueueMode;
let client: N8nClient;
let scenario: Scenario;
let tables: DataTablesClient;
let credentials: Credentials;
/** Tasks end when a test says so. */
let clockMs = Date.now();

beforeAll(async () => {
	// No worker can run all eight executions: the other one gets some.
	queue = await QueueMode.start({ workers: 2, concurrency: 5, environment: STALL_SETTINGS });
	client = queue.main.client;
}, START_TIMEOUT_MS);

afterAll(async () => {
	await queue?.stop();
}, TEST_TIMEOUT_MS);

beforeEach(async () => {
	scenario = await Scenario.start({ now: () => clockMs, speed: 1, taskSeconds: TASK_SECONDS }, client);
	const apiKey = await client.createApiKey(`Tables ${Date.now()}`, [
		...DATA_TABLE_SCOPES,
		'dataTableRow:upsert',
		'execution:list',
	]);
	tables = new DataTablesClient(queue.main.baseUrl, apiKey);
	const data = { apiKey, baseUrl: queue.main.baseUrl };
	const dataTable = await client.createCredential({ name: 'Data tables', type: 'n8nDataTableApi', data });
	credentials = { cometApi: scenario.credential, dataTable };
});

afterEach(async () => {
	await scenario.close();
});

const endAllTasks = () => {
	clockMs += 2 * TASK_SECONDS * 1000;
};

async function publish(definition: WorkflowDefinition): Promise<string> {
	const { id } = await client.createWorkflow(definition);
	await client.publishWorkflow(id);
	return id;
}

async function order(path: string, prompts: string[]): Promise<void> {
	const response = await fetch(`${queue.main.baseUrl}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ prompts }),
	});
	if (!response.ok) throw new Error(`The webhook answered with ${response.status}: ${await response.text()}`);
}

async function listRows(tableName: string) {
	const table = (await tables.listTables()).find(({ name }) => name === tableName);
	return table ? await tables.listRows(table.id) : [];
}

async function waitUntil(
	what: string,
	isReached: () => boolean | Promise<boolean>,
	timeoutMs = CONDITION_TIMEOUT_MS,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await isReached())) {
		if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
		await sleep(CHECK_MS);
	}
}

const promptsOf = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);
const orderedPrompts = () => [...scenario.simulator.tasks.values()].map(({ details }) => details.prompt).sort();
const taskIds = () => [...scenario.simulator.tasks.keys()].sort();

test(
	'Stop ends the wait of a worker',
	async () => {
		const table = 'Stopped';
		const workflowId = await publish(orderByWebhook('stopped', table, credentials));
		await order('stopped', promptsOf(2, 'A stopped kite'));
		await waitUntil('two rows', async () => (await listRows(table)).length === 2);
		const [{ id }] = await client.listExecutions({ workflowId });
		await waitUntil('a look at the tasks', () => scenario.simulator.requests.some(({ route }) => route === 'status'));
		const worker = queue.workerOf(id);

		await client.stopExecution(id);
		expect((await client.waitForExecution(id)).status).toBe('canceled');
		await sleep(STOP_MS);
		const asked = scenario.simulator.requests.length;
		await sleep(4 * POLL_INTERVAL_SECONDS * 1000);
		expect(scenario.simulator.requests).toHaveLength(asked);
		expect(worker.log).toContain(`Worker errored while running execution ${id} `);
		expect((await listRows(table)).map(({ status }) => status)).toEqual(['pending', 'pending']);
	},
	TEST_TIMEOUT_MS,
);

test(
	'the trigger on a data table starts each task once',
	async () => {
		const table = 'Watched';
		const prompts = promptsOf(4, 'A watched kite');
		const orderId = await publish(orderByWebhook('watched', table, credentials, false));
		await order('watched', prompts);
		await waitUntil('four rows', async () => (await listRows(table)).length === prompts.length);
		const [{ id }] = await client.listExecutions({ workflowId: orderId });
		expect((await client.waitForExecution(id)).status).toBe('success');

		const workflowId = await publish(watchTable(table, credentials));
		endAllTasks();
		const readHandedOver = async () => {
			const executions = await client.listExecutions({ workflowId });
			const ended = await Promise.all(executions.map(async ({ id: one }) => await client.waitForExecution(one)));
			expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 'success'));
			// The main process polls, a worker runs what follows.
			expect(ended.map(({ id: one }) => queue.workers.includes(queue.workerOf(one)))).toEqual(ended.map(() => true));
			return ended.flatMap((execution) =>
				execution
					.output('Go on')
					.flat()
					.map(({ json }) => String(json.taskId)),
			);
		};
		await waitUntil('four tasks handed over', async () => (await readHandedOver()).length >= prompts.length, 150_000);
		// One more poll.
		await sleep(65_000);
		expect((await readHandedOver()).sort()).toEqual(taskIds());
		expect((await listRows(table)).map(({ status }) => status)).toEqual(prompts.map(() => 'succeeded'));
		await client.unpublishWorkflow(workflowId);
	},
	TEST_TIMEOUT_MS,
);

test(
	'a worker that dies loses no task, and nobody orders one again',
	async () => {
		const table = 'Survived';
		const prompts = promptsOf(40, 'A kite');
		const workflowId = await publish(orderByWebhook('survived', table, credentials));
		const batches = Array.from({ length: prompts.length / BATCH }, (_, index) =>
			prompts.slice(index * BATCH, (index + 1) * BATCH),
		);
		// All at once, and none of them finds the table.
		await Promise.all(batches.map(async (batch) => await order('survived', batch)));
		await waitUntil('40 rows', async () => (await listRows(table)).length === prompts.length);
		const executions = (await client.listExecutions({ workflowId })).map(({ id }) => id);
		expect(executions).toHaveLength(8);
		expect(orderedPrompts()).toEqual([...prompts].sort());

		const [dying, surviving] = queue.workers;
		const lost = executions.filter((id) => queue.workerOf(id) === dying);
		const kept = executions.filter((id) => queue.workerOf(id) === surviving);
		expect(Math.min(lost.length, kept.length)).toBeGreaterThan(0);
		await dying.kill();

		// n8n gives the jobs up once their locks have run out, and hands them to nobody.
		for (const id of lost) {
			const execution = await client.waitForExecution(id, undefined, STALL_TIMEOUT_MS);
			expect([execution.status, execution.errorText]).toEqual(['error', expect.stringContaining(STALL_MESSAGE)]);
			expect(execution.data.resultData.runData).toEqual({});
		}
		expect(surviving.startedExecutions.filter((id) => lost.includes(id))).toEqual([]);
		expect(orderedPrompts()).toEqual([...prompts].sort());

		endAllTasks();
		for (const id of kept) {
			const execution = await client.waitForExecution(id);
			expect([execution.status, execution.errorText]).toEqual(['success', '']);
			expect(execution.output(GENERATE).flat()).toHaveLength(BATCH);
			// Downloaded by the worker, handed out by the main process.
			expect((await client.downloadBinary(execution.file(GENERATE))).equals(sampleVideo)).toBe(true);
		}
		const rows = await listRows(table);
		expect(rows.map(({ taskId }) => String(taskId)).sort()).toEqual(taskIds());
		expect(rows.filter(({ status }) => status === 'pending')).toHaveLength(lost.length * BATCH);
		expect(rows.filter(({ status }) => status === 'succeeded')).toHaveLength(kept.length * BATCH);

		const recovery = await client.createWorkflow(recoverByHand(table, credentials));
		const recovered = await client.waitForExecution(await client.runWorkflow(recovery.id, START));
		expect([recovered.status, recovered.errorText]).toEqual(['success', '']);
		expect(queue.workerOf(recovered.id)).toBe(surviving);
		const recoveredIds = recovered
			.output(WAIT)
			.flat()
			.map(({ json }) => json.taskId);
		expect(recoveredIds.sort()).toEqual(
			rows
				.filter(({ status }) => status === 'pending')
				.map(({ taskId }) => taskId)
				.sort(),
		);
		expect((await client.downloadBinary(recovered.file(WAIT))).equals(sampleVideo)).toBe(true);
		expect((await listRows(table)).map(({ status }) => status)).toEqual(prompts.map(() => 'succeeded'));

		// n8n has kept nothing of these executions that it could run again.
		await client.retryExecution(lost[0]);
		const [retried] = await client.listExecutions({ workflowId });
		expect(retried).toMatchObject({ mode: 'retry', status: 'error', retryOf: lost[0] });
		expect((await client.readExecution(retried.id)).data.resultData.runData).toEqual({});
		expect(orderedPrompts()).toEqual([...prompts].sort());
	},
	TEST_TIMEOUT_MS,
);
