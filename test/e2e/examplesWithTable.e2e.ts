/** Workflows of `examples/` that share a data table, as a person runs them after the import. Polls come each minute. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { sampleVideo } from '../simulator/simulator';
import { importWithTable, readHandedOver, readRows } from './dataTableScenario';
import { readExample, withPollInterval } from './exampleWorkflows';
import type { Execution } from './host/execution';
import type { CredentialReference, StoredWorkflow } from './host/n8nClient';
import { createTableCredential } from './host/tableCredential';
import { n8n, scenario, tables, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { waitFor } from './workflowParts';

/** A poll comes each minute, and takes a moment. */
const POLL_TIMEOUT_MS = 90_000;

let credential: CredentialReference;

useOwnN8n('examples');

beforeAll(async () => {
	credential = await createTableCredential(n8n.client);
});

async function importExample(file: string): Promise<StoredWorkflow> {
	return await importWithTable(scenario, credential, withPollInterval(readExample(file), POLL_INTERVAL_SECONDS));
}

async function runExample(file: string): Promise<Execution> {
	const { id, nodes } = await importExample(file);
	const execution = await n8n.client.waitForExecution(await n8n.client.runWorkflow(id, nodes[0].name));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	return execution;
}

/** Orders the three videos of the example, of which the lighthouse comes to nothing. */
async function order(): Promise<Record<'boat' | 'lighthouse' | 'lake', string>> {
	const isLighthouse = ({ form }: { form?: { fields: Array<[string, string]> } }) =>
		form?.fields.some(([, value]) => value.includes('lighthouse')) ?? false;
	scenario.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: isLighthouse });
	const ordered = (await runExample('create-now-publish-later.json')).output('Create videos')[0];
	expect(ordered.map(({ json }) => json.status)).toEqual(['pending', 'pending', 'pending']);
	const [boat, lighthouse, lake] = ordered.map(({ json }) => String(json.taskId));
	return { boat, lighthouse, lake };
}

const taskIds = (items: INodeExecutionData[]) => items.map(({ json }) => String(json.taskId)).sort();

async function expectVideos(items: INodeExecutionData[], expected: string[]): Promise<void> {
	expect(taskIds(items)).toEqual([...expected].sort());
	for (const { binary } of items) {
		if (!binary) throw new Error('An item has no file');
		expect((await n8n.client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
}

const readStatuses = async (ids: string[]) => {
	const rows: IDataObject[] = (await readRows(tables)) ?? [];
	return ids.map((id) => rows.find(({ taskId }) => taskId === id)?.status);
};

test('recover-unfinished-videos.json gets the videos that create-now-publish-later.json has recorded', async () => {
	const { boat, lighthouse, lake } = await order();
	const execution = await runExample('recover-unfinished-videos.json');
	await expectVideos(execution.output('Keep the videos (replace me)').flat(), [boat, lake]);
	expect(taskIds(execution.output('Look at the rest (replace me)').flat())).toEqual([lighthouse]);
	expect(await readStatuses([boat, lighthouse, lake])).toEqual(['succeeded', 'failed', 'succeeded']);
	expect((await runExample('recover-unfinished-videos.json')).output('Wait for what was left').flat()).toEqual([]);
});

test('publish-when-finished.json downloads and publishes what create-now-publish-later.json has ordered', async () => {
	const { boat, lighthouse, lake } = await order();
	const { id } = await importExample('publish-when-finished.json');
	await n8n.client.publishWorkflow(id);
	const read = async (node: string) => await readHandedOver(n8n.client, id, node);
	const isComplete = async () => (await read('When a video is finished')).length >= 3 || undefined;
	await waitFor('the trigger to hand over the tasks', isComplete, POLL_TIMEOUT_MS);
	await expectVideos(await read('Publish (replace me)'), [boat, lake]);
	expect(taskIds(await read('Tell somebody (replace me)'))).toEqual([lighthouse]);
	const isMarked = async () =>
		(await readStatuses([boat, lighthouse, lake])).every((status) => status !== 'pending') || undefined;
	await waitFor('the rows to be marked', isMarked, POLL_TIMEOUT_MS);
	expect(await readStatuses([boat, lighthouse, lake])).toEqual(['succeeded', 'failed', 'succeeded']);
	expect(taskIds(await read('When a video is finished'))).toEqual([boat, lighthouse, lake].sort());
	await n8n.client.unpublishWorkflow(id);
}, 300_000);
