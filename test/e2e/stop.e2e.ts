/** The Stop button while the node waits, and what a retry of the stopped execution does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from './host/execution';
import { POLL_INTERVAL_SECONDS, Scenario } from './scenario';
import {
	callWebhook,
	chain,
	generate,
	GENERATE,
	manualTrigger,
	rows,
	splitRows,
	waitFor,
	webhook,
} from './workflowParts';

const ROWS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }];
const STOP_LIMIT_MS = 2000;

let scenario: Scenario;

beforeEach(async () => {
	scenario = await Scenario.start();
	scenario.simulator.addFault({ on: 'create', kind: 'neverEnds', times: ROWS.length });
});

afterEach(async () => {
	await scenario.close();
});

const countLooks = () => scenario.simulator.requests.filter(({ route }) => route === 'status').length;

/** Presses Stop when the node waits for its two tasks, and checks that it does not go on. */
async function stopDuringWait(executionId: string): Promise<Execution> {
	const { client, simulator } = scenario;
	await waitFor('the first look at each task', () => countLooks() >= ROWS.length || undefined);
	const pressedAt = Date.now();
	await client.stopExecution(executionId);
	const execution = await client.waitForExecution(executionId);
	expect(Date.now() - pressedAt).toBeLessThan(STOP_LIMIT_MS);
	const looksUntilStop = countLooks();
	// Long enough for a node that goes on to show it.
	await sleep(2.5 * POLL_INTERVAL_SECONDS * 1000);
	expect(countLooks()).toBe(looksUntilStop);
	expect(simulator.tasks.size).toBe(ROWS.length);
	return execution;
}

test('Stop ends a waiting node at once, and nothing is ordered or asked for any more', async () => {
	const { id, nodes } = await scenario.importWorkflow(chain('Stop', manualTrigger(), ...rows(ROWS), generate()));
	const execution = await stopDuringWait(await scenario.client.runWorkflow(id, nodes[0].name));
	expect([execution.status, execution.errorText]).toEqual(['canceled', 'The execution was cancelled manually']);
	// Nothing of what the nodes did is kept, so the task IDs are not to be found there.
	expect(execution.data.resultData.runData).toEqual({});
});

test('the retry of a stopped run of a published workflow orders all its videos anew', async () => {
	const { client, simulator } = scenario;
	const path = 'stop-and-retry';
	const { id } = await scenario.importWorkflow(
		chain('Stop and retry', webhook(path), splitRows('body.rows'), generate()),
	);
	await client.publishWorkflow(id);
	const stopped = await stopDuringWait(await callWebhook(client, id, path, { rows: ROWS }));
	expect([stopped.status, stopped.data.executionData?.contextData]).toEqual(['canceled', {}]);

	await client.retryExecution(stopped.id);
	const [summary] = await client.listExecutions({ workflowId: id });
	expect(summary).toMatchObject({ mode: 'retry', retryOf: stopped.id });
	const retry = await client.readExecution(summary.id);
	expect(retry.output(GENERATE)[0].map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
	expect(simulator.tasks.size).toBe(2 * ROWS.length);
	// n8n takes over the error of the run that was stopped.
	expect([retry.status, retry.errorText]).toEqual(['error', 'The execution was cancelled manually']);
	await client.unpublishWorkflow(id);
});
