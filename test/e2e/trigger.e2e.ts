/** Two workflows that share a data table: one orders videos, the other starts when they are finished. Polls come each minute. */
import { sampleVideo } from '../simulator/simulator';
import type { StoredWorkflow } from './host/n8nClient';
import { createTableCredential } from './host/tableCredential';
import { importWithTable, readHandedOver, readRows } from './dataTableScenario';
import { n8n, restartOwnN8n, scenario, tables, useOwnN8n } from './ownN8nSession';
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

const COLUMNS = [
	{ name: 'taskId', type: 'string' },
	{ name: 'status', type: 'string' },
] as const;
const ROWS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }, { prompt: 'A lighthouse' }];
const DOWNLOAD = 'Download';
/** A poll comes each minute, and takes a moment. */
const POLL_TIMEOUT_MS = 90_000;

useOwnN8n('trigger');

/** Orders the videos of all rows and ends before they are finished. */
async function order({ id, nodes }: StoredWorkflow): Promise<string[]> {
	const execution = await scenario.client.waitForExecution(await scenario.client.runWorkflow(id, nodes[0].name));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	expect(execution.output(GENERATE)[0].map(({ json }) => json.status)).toEqual(['pending', 'pending', 'pending']);
	return execution.output(GENERATE)[0].map(({ json }) => String(json.taskId));
}

/** Waits until B has got these tasks and one more poll has marked their rows. */
async function expectHandedOver({ id: workflowId }: StoredWorkflow, taskIds: string[]): Promise<void> {
	const { client } = scenario;
	const handedOver = async () => (await readHandedOver(client, workflowId)).map(({ json }) => String(json.taskId));
	const isComplete = async () => (await handedOver()).length >= taskIds.length || undefined;
	await waitFor('the trigger to hand over the tasks', isComplete, POLL_TIMEOUT_MS);
	const isMarked = async () => (await readRows(tables))?.every(({ status }) => status === 'succeeded') || undefined;
	await waitFor('the rows to say succeeded', isMarked, POLL_TIMEOUT_MS);
	expect((await handedOver()).sort()).toEqual([...taskIds].sort());
}

test('the trigger starts the second workflow once for each video, also across a restart of n8n', async () => {
	const { client, simulator } = scenario;
	const credential = await createTableCredential(client);
	const ordering = generate({ waitForCompletion: false, recordTasks: 'all', tableAccess: 'apiKey' });
	const a = await importWithTable(scenario, credential, chain('Order', manualTrigger(), ...rows(ROWS), ordering));
	const first = await order(a);
	const download = cometApi(DOWNLOAD, { resource: 'task', operation: 'download', taskId: '={{ $json.taskId }}' });
	const b = await importWithTable(scenario, credential, chain('Publish', dataTableTrigger(), download));
	await client.publishWorkflow(b.id);
	await expectHandedOver(b, first);

	await n8n.stop();
	await restartOwnN8n();
	const second = await order(a);
	await expectHandedOver(b, [...first, ...second]);

	const files = await readHandedOver(client, b.id, DOWNLOAD);
	expect(files.map(({ json }) => json.status)).toEqual(Array(2 * ROWS.length).fill('succeeded'));
	for (const { binary } of files) {
		if (!binary) throw new Error('An item has no file');
		expect((await client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
	const recorded = (await readRows(tables))?.map(({ prompt }) => String(prompt)).sort();
	expect(recorded).toEqual([...ROWS, ...ROWS].map(({ prompt }) => prompt).sort());
	expect([...simulator.tasks.keys()].sort()).toEqual([...first, ...second].sort());
	await client.unpublishWorkflow(b.id);
}, 360_000);

test('a table that is deleted while the trigger watches it shows as a failed execution at the next poll', async () => {
	const { client } = scenario;
	const { id: tableId } = await tables.createTable('Soon gone', [...COLUMNS]);
	const dataTable = { __rl: true, mode: 'id', value: tableId };
	const credential = await createTableCredential(client);
	const { id: workflowId } = await importWithTable(
		scenario,
		credential,
		chain('Watch', dataTableTrigger({ dataTable }), end()),
	);
	await client.publishWorkflow(workflowId);
	await tables.deleteTable(tableId);
	const readFailed = async () => (await client.listExecutions({ workflowId, status: ['error'] })).at(0);
	const failed = await waitFor('a failed poll', readFailed, POLL_TIMEOUT_MS);
	const execution = await client.waitForExecution(failed.id);
	expect([execution.status, execution.summary.mode]).toEqual(['error', 'trigger']);
	expect(execution.errorText).toBe(
		[
			`n8n refused to work with the data table: Could not find the data table: '${tableId}'`,
			'The table may have been deleted, or moved to a project that the owner of the API key cannot see. Choose the table again.',
		].join('\n'),
	);
	// n8n never fills this in for a poll that failed, though the execution is over.
	expect(execution.summary.startedAt).toBeNull();
	await client.unpublishWorkflow(workflowId);
});
