/**
 * What sleeping executions leave to others, and what n8n's own limits make of them. Real time: with one place for production
 * executions each is awake for two minutes before the next one begins.
 */
import { openTables, readRows } from './dataTableScenario';
import type { DataTablesClient } from './host/dataTablesClient';
import type { RunningN8n } from './host/startN8n';
import { startFreshN8n } from './host/testRun';
import { Scenario } from './scenario';
import {
	GENERATE,
	callWebhook,
	chain,
	end,
	generate,
	manualTrigger,
	rows,
	splitRows,
	waitFor,
	webhook,
} from './workflowParts';

const START_TIMEOUT_MS = 600_000;
const TEST_TIMEOUT_MS = 40 * 60_000;
const QUICK_MS = 5_000;
const SLEEPERS = ['first', 'second', 'third', 'fourth', 'fifth'];
/** Beyond the two minutes awake, and before the end of the first sleep. */
const WORKFLOW_LIMIT_SECONDS = 150;
const SLEEP = { downloadVideo: true, options: { whileWaiting: 'sleep' } };
const ENDED = ['success', 'error', 'canceled', 'crashed'];

let n8n: RunningN8n;
let scenario: Scenario;
/** A look into the table only; the nodes have no key. */
let tables: DataTablesClient;

beforeAll(async () => {
	n8n = await startFreshN8n({ name: 'sleepers', environment: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } });
	scenario = await Scenario.start({ speed: 1, taskSeconds: 1 }, n8n.client);
	tables = await openTables(n8n.client);
}, START_TIMEOUT_MS);

afterAll(async () => {
	await scenario?.close();
	await n8n?.stop();
}, START_TIMEOUT_MS);

/** From now on tasks end when a test says so. */
function keepTasksOpen(): () => void {
	const { simulator } = scenario;
	simulator.clearFaults();
	simulator.addFault({ on: 'create', kind: 'neverEnds', times: Infinity });
	return () => {
		simulator.clearFaults();
		for (const { details } of simulator.tasks.values()) details.traits.ending = 'success';
	};
}

test(
	'five executions sleep at once where n8n runs one at a time, and another webhook answers at once',
	async () => {
		const { client, simulator } = scenario;
		const endTasks = keepTasksOpen();
		const sleeper = await scenario.importWorkflow(
			chain('Sleeper', webhook('sleep'), splitRows('body.rows'), generate(SLEEP), end()),
		);
		const quick = await scenario.importWorkflow(chain('Quick', webhook('quick'), end()));
		await client.publishWorkflow(sleeper.id);
		await client.publishWorkflow(quick.id);
		const ids: string[] = [];
		for (const name of SLEEPERS) {
			const id = await callWebhook(client, sleeper.id, 'sleep', { rows: [{ prompt: `The ${name} sleeper` }] });
			await client.waitForExecution(id, ({ status }) => status === 'waiting', TEST_TIMEOUT_MS);
			ids.push(id);
		}
		const asleep = async () => {
			const waiting = await client.listExecutions({ workflowId: sleeper.id, status: ['waiting'] });
			return ids.every((id) => waiting.some((execution) => execution.id === id)) || undefined;
		};
		await waitFor('all five to sleep', asleep, TEST_TIMEOUT_MS);
		const calledAt = Date.now();
		await client.waitForExecution(await callWebhook(client, quick.id, 'quick', {}));
		expect(Date.now() - calledAt).toBeLessThan(QUICK_MS);

		endTasks();
		for (const id of ids) {
			const execution = await client.waitForExecution(id, undefined, TEST_TIMEOUT_MS);
			expect([execution.status, execution.errorText]).toEqual(['success', '']);
			expect(execution.output(GENERATE)[0].map(({ json }) => json.status)).toEqual(['succeeded']);
			expect(execution.output(GENERATE)[0][0].binary?.data).toBeDefined();
		}
		expect(simulator.tasks.size).toBe(SLEEPERS.length);
		expect(await readRows(tables)).toEqual([]);
		await client.unpublishWorkflow(sleeper.id);
		await client.unpublishWorkflow(quick.id);
	},
	TEST_TIMEOUT_MS,
);

test(
	'a time limit of the workflow counts the sleep; the task stays in the table',
	async () => {
		const { client, simulator } = scenario;
		const before = simulator.tasks.size;
		keepTasksOpen();
		const definition = chain('Limited', manualTrigger(), ...rows([{ prompt: 'A lighthouse' }]), generate(SLEEP), end());
		const { id, nodes } = await scenario.importWorkflow({
			...definition,
			settings: { ...definition.settings, executionTimeout: WORKFLOW_LIMIT_SECONDS },
		});
		const executionId = await client.runWorkflow(id, nodes[0].name);
		await client.waitForExecution(executionId, ({ status }) => status === 'waiting', TEST_TIMEOUT_MS);
		const ended = await client.waitForExecution(executionId, ({ status }) => ENDED.includes(status), TEST_TIMEOUT_MS);
		process.stdout.write(`${ended.status}: ${ended.errorText}\n`);
		expect(ended.status).toBe('canceled');
		expect(simulator.tasks.size).toBe(before + 1);
		expect((await readRows(tables))?.map(({ status, prompt }) => [status, prompt])).toEqual([
			['pending', 'A lighthouse'],
		]);
	},
	TEST_TIMEOUT_MS,
);
