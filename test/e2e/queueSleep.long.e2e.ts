/**
 * Without a key in n8n's queue mode, where workers run the workflows and files lie in the database: tasks are recorded, and executions
 * sleep, whichever worker dies meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleVideo } from '../simulator/simulator';
import { openTables, readRows } from './dataTableScenario';
import type { DataTablesClient } from './host/dataTablesClient';
import type { Execution } from './host/execution';
import type { N8nClient } from './host/n8nClient';
import { QueueMode } from './host/queueMode';
import { POLL_INTERVAL_SECONDS, Scenario } from './scenario';
import {
	GENERATE,
	callWebhook,
	chain,
	cometApi,
	end,
	generate,
	manualTrigger,
	rows,
	splitRows,
	waitFor,
	webhook,
} from './workflowParts';

const START_TIMEOUT_MS = 900_000;
const TEST_TIMEOUT_MS = 900_000;
/** Two minutes awake, a sleep, and n8n's looks for what is due. */
const SLEEP_TIMEOUT_MS = 480_000;
const ROWS_TIMEOUT_MS = 120_000;
const TASK_SECONDS = 600;
/** When the simulator says 50 %. */
const HALFWAY_MS = 50_000;
const STOP_AFTER_MS = 7000;
const RECOVER = 'Recover';
const PROMPTS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }];
/** Executions that sleep; two workers share them. */
const SLEEPING = ['first', 'second', 'third'];

let queue: QueueMode;
let client: N8nClient;
let scenario: Scenario;
/** A look into the table only; the nodes have no key. */
let tables: DataTablesClient;
/** Tasks end when a test says so. */
let clockMs = Date.now();

beforeAll(async () => {
	queue = await QueueMode.start({ workers: 2, concurrency: 5 });
	client = queue.main.client;
	scenario = await Scenario.start({ now: () => clockMs, speed: 1, taskSeconds: TASK_SECONDS }, client);
	tables = await openTables(client);
}, START_TIMEOUT_MS);

afterAll(async () => {
	await scenario?.close();
	await queue?.stop();
}, START_TIMEOUT_MS);

const endAllTasks = () => {
	clockMs += 2 * TASK_SECONDS * 1000;
};

async function waitForRows(
	what: string,
	isReached: (found: NonNullable<Awaited<ReturnType<typeof readRows>>>) => boolean,
) {
	return await waitFor(
		what,
		async () => {
			const found = await readRows(tables);
			return found && isReached(found) ? found : undefined;
		},
		ROWS_TIMEOUT_MS,
	);
}

async function expectFiles(execution: Execution, nodeName: string): Promise<void> {
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	for (const { json, binary } of execution.output(nodeName).flat()) {
		if (!binary) throw new Error('An item has no file');
		expect([json.status, binary.data.id?.split(':')[0]]).toEqual(['succeeded', 'database']);
		expect((await client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
}

test(
	'the table is made, its rows follow the tasks, and after Stop Task > Wait brings the files',
	async () => {
		const { id, nodes } = await scenario.importWorkflow(chain('Record', manualTrigger(), ...rows(PROMPTS), generate()));
		const executionId = await client.runWorkflow(id, nodes[0].name);
		const began = Date.now();
		const recorded = await waitForRows('the rows', ({ length }) => length === PROMPTS.length);
		expect(recorded).toMatchObject(PROMPTS.map(() => ({ status: 'pending', executionId, workflowId: id })));
		clockMs += HALFWAY_MS;
		await waitForRows('their progress', (found) => found.every(({ progress }) => progress === 50));
		await sleep(Math.max(0, began + STOP_AFTER_MS - Date.now()));

		await client.stopExecution(executionId);
		expect((await client.waitForExecution(executionId)).status).toBe('canceled');
		expect((await readRows(tables))?.map(({ status }) => status)).toEqual(['pending', 'pending']);
		endAllTasks();
		const wait = cometApi(RECOVER, {
			...{ resource: 'task', operation: 'wait', useRecordedTasks: true, downloadVideo: true },
			options: { pollInterval: POLL_INTERVAL_SECONDS },
		});
		const recovery = await scenario.run(chain('Recover', manualTrigger(), wait));
		await expectFiles(recovery, RECOVER);
		const ids = recovery.output(RECOVER)[0].map(({ json }) => json.taskId);
		expect(ids.sort()).toEqual([...scenario.simulator.tasks.keys()].sort());
		expect((await readRows(tables))?.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
	},
	TEST_TIMEOUT_MS,
);

test(
	'executions sleep on when a worker dies, and the other worker brings their videos',
	async () => {
		const { simulator } = scenario;
		const before = simulator.tasks.size;
		const path = 'sleep';
		const options = { whileWaiting: 'sleep' };
		const { id: workflowId } = await scenario.importWorkflow(
			chain('Sleep', webhook(path), splitRows('body.rows'), generate({ downloadVideo: true, options }), end()),
		);
		await client.publishWorkflow(workflowId);
		const ids: string[] = [];
		for (const name of SLEEPING)
			ids.push(await callWebhook(client, workflowId, path, { rows: [{ prompt: `The ${name} sleeper` }] }));
		for (const id of ids) await client.waitForExecution(id, ({ status }) => status === 'waiting', SLEEP_TIMEOUT_MS);
		const dying = queue.workerOf(ids[0]);
		await dying.kill();
		endAllTasks();
		const survivor = queue.workers.find((worker) => worker !== dying);
		for (const id of ids) {
			const execution = await client.waitForExecution(id, undefined, SLEEP_TIMEOUT_MS);
			await expectFiles(execution, GENERATE);
			expect(execution.output('End').flat()).toHaveLength(1);
			expect(survivor?.startedExecutions).toContain(id);
		}
		expect(simulator.tasks.size).toBe(before + SLEEPING.length);
		const open = (await readRows(tables))?.filter(({ status }) => status === 'pending');
		expect(open).toEqual([]);
		await client.unpublishWorkflow(workflowId);
	},
	TEST_TIMEOUT_MS,
);
