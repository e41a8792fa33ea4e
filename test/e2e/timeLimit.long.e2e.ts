/** What a time limit of the workflow makes of an execution that sleeps. Real time: two minutes awake, and then the rest of the limit. */
import { openTables, readRows } from './dataTableScenario';
import type { DataTablesClient } from './host/dataTablesClient';
import type { RunningN8n } from './host/startN8n';
import { startFreshN8n } from './host/testRun';
import { Scenario } from './scenario';
import { chain, end, generate, manualTrigger, rows } from './workflowParts';

const START_TIMEOUT_MS = 600_000;
const TEST_TIMEOUT_MS = 900_000;
/** Beyond the two minutes awake, and before the end of the first sleep. */
const WORKFLOW_LIMIT_SECONDS = 150;
const SLEEP = { downloadVideo: true, options: { whileWaiting: 'sleep' } };

let n8n: RunningN8n;
let scenario: Scenario;
/** A look into the table only; the nodes have no key. */
let tables: DataTablesClient;

beforeAll(async () => {
	n8n = await startFreshN8n({ name: 'timeLimit' });
	scenario = await Scenario.start({ speed: 1, taskSeconds: 1 }, n8n.client);
	tables = await openTables(n8n.client);
}, START_TIMEOUT_MS);

afterAll(async () => {
	await scenario?.close();
	await n8n?.stop();
}, START_TIMEOUT_MS);

test(
	'a time limit that passes asleep ends the execution when it is woken; its video is in the execution of the sub-workflow',
	async () => {
		const { client, simulator } = scenario;
		simulator.addFault({ on: 'create', kind: 'neverEnds', times: Infinity });
		const definition = chain('Limited', manualTrigger(), ...rows([{ prompt: 'A lighthouse' }]), generate(SLEEP), end());
		const { id, nodes } = await scenario.importWorkflow({
			...definition,
			settings: { ...definition.settings, executionTimeout: WORKFLOW_LIMIT_SECONDS },
		});
		const executionId = await client.runWorkflow(id, nodes[0].name);
		await client.waitForExecution(executionId, ({ status }) => status === 'waiting', TEST_TIMEOUT_MS);
		for (const { details } of simulator.tasks.values()) details.traits.ending = 'success';
		const ended = await client.waitForExecution(executionId, undefined, TEST_TIMEOUT_MS);
		expect(ended.status).toBe('canceled');
		expect(await readRows(tables)).toEqual([]);
		const [taskId] = simulator.tasks.keys();
		const executions = await client.listExecutions({ workflowId: id, status: ['success'] });
		const looks = await Promise.all(executions.map(async (execution) => await client.readExecution(execution.id)));
		const found = looks.flatMap((execution) => execution.output('Look at the tasks').flat());
		expect(found.map(({ json }) => [json.taskId, json.status])).toEqual([[taskId, 'succeeded']]);
	},
	TEST_TIMEOUT_MS,
);
