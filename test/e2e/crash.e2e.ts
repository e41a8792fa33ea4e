/** n8n is killed while the node waits: what is left in n8n, and how the recorded tasks are taken up. */
import { sampleVideo } from '../simulator/simulator';
import type { CredentialReference } from './host/n8nClient';
import { createTableCredential } from './host/tableCredential';
import { importWithTable, readHandedOver, readRows } from './dataTableScenario';
import { n8n, restartOwnN8n, scenario, tables, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';
import {
	chain,
	cometApi,
	dataTableTrigger,
	end,
	generate,
	GENERATE,
	manualTrigger,
	rows,
	waitFor,
} from './workflowParts';

const ROWS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }];
/** Polls come each minute. */
const POLL_TIMEOUT_MS = 90_000;

let credential: CredentialReference;

// At this speed the tasks end after 12 s: when n8n is up again.
useOwnN8n('crash', { speed: 5 });

beforeAll(async () => {
	credential = await createTableCredential(n8n.client);
});

const statuses = async () => (await readRows(tables))?.map(({ status }) => status);

/** Kills n8n while the node waits for two tasks, and starts it again. @returns the execution that was cut off */
async function crashDuringWait(): Promise<string> {
	const { simulator, client } = scenario;
	const looks = () => simulator.requests.filter(({ route }) => route === 'status').length;
	const known = { looks: looks(), tasks: simulator.tasks.size };
	const definition = chain(
		'Generate',
		manualTrigger(),
		...rows(ROWS),
		generate({ recordTasks: 'all', tableAccess: 'apiKey' }),
	);
	const { id, nodes } = await importWithTable(scenario, credential, definition);
	const executionId = await client.runWorkflow(id, nodes[0].name);
	await waitFor('the first look at each task', () => looks() >= known.looks + ROWS.length || undefined);
	await n8n.kill();
	await restartOwnN8n();
	expect(simulator.tasks.size).toBe(known.tasks + ROWS.length);
	return executionId;
}

test('after a crash n8n shows the execution as crashed, and Task > Wait gets the recorded videos', async () => {
	const { client, simulator } = scenario;
	const executionId = await crashDuringWait();
	const crashed = await client.waitForExecution(executionId);
	expect([crashed.status, crashed.errorText]).toEqual([
		'crashed',
		'Workflow did not finish, possible out-of-memory issue',
	]);
	expect(crashed.taskData(GENERATE)?.error?.message).toBe('Execution stopped at this node');
	expect(await statuses()).toEqual(['pending', 'pending']);

	const waitingOptions = { pollInterval: POLL_INTERVAL_SECONDS };
	const wait = cometApi('Wait', {
		resource: 'task',
		operation: 'wait',
		useRecordedTasks: true,
		tableAccess: 'apiKey',
		downloadVideo: true,
		waitingOptions,
	});
	const { id, nodes } = await importWithTable(scenario, credential, chain('Recover', manualTrigger(), wait));
	const recovered = await client.waitForExecution(await client.runWorkflow(id, nodes[0].name));
	expect([recovered.status, recovered.errorText]).toEqual(['success', '']);
	// The order of the table, whose rows are written at the same time.
	expect(
		recovered
			.output('Wait')[0]
			.map(({ json }) => json.taskId)
			.sort(),
	).toEqual([...simulator.tasks.keys()].sort());
	for (const { binary } of recovered.output('Wait')[0]) {
		if (!binary) throw new Error('An item has no file');
		expect((await client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
	expect(await statuses()).toEqual(['succeeded', 'succeeded']);
	expect(simulator.tasks.size).toBe(ROWS.length);
});

test('after a crash the trigger hands over the recorded videos', async () => {
	const { client, simulator } = scenario;
	const watcher = await importWithTable(scenario, credential, chain('Watch', dataTableTrigger(), end()));
	await client.publishWorkflow(watcher.id);
	await crashDuringWait();
	const expected = [...simulator.tasks.keys()].slice(-ROWS.length);
	const handedOver = async () => (await readHandedOver(client, watcher.id)).map(({ json }) => json.taskId);
	const isComplete = async () => (await handedOver()).length >= expected.length || undefined;
	await waitFor('the trigger to hand over the tasks', isComplete, POLL_TIMEOUT_MS);
	expect((await handedOver()).sort()).toEqual(expected.sort());
	const isMarked = async () => (await statuses())?.every((status) => status === 'succeeded') || undefined;
	await waitFor('the rows to say succeeded', isMarked, POLL_TIMEOUT_MS);
	expect((await handedOver()).sort()).toEqual(expected.sort());
	await client.unpublishWorkflow(watcher.id);
}, 300_000);
