/** Record Tasks on a fresh n8n, without any key for n8n's API: the table comes about, says what happens, and brings videos back. */
import type { IDataObject } from 'n8n-workflow';
import { sampleVideo } from '../simulator/simulator';
import { readRows } from './dataTableScenario';
import { scenario, tables, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { GENERATE, chain, cometApi, generate, manualTrigger, rows, waitFor } from './workflowParts';

const ROWS = [{ prompt: 'A paper boat' }, { prompt: 'A red kite' }];

useOwnN8n('record-without-key', { speed: 5 });

async function start(definition: ReturnType<typeof chain>): Promise<{ workflowId: string; executionId: string }> {
	const { id, nodes } = await scenario.importWorkflow(definition);
	return { workflowId: id, executionId: await scenario.client.runWorkflow(id, nodes[0].name) };
}

const statuses = async (): Promise<unknown[] | undefined> => (await readRows(tables))?.map(({ status }) => status);

test('the table is made, its rows are there while the node waits, and gone when the videos are handed over', async () => {
	const { client, simulator } = scenario;
	const { workflowId, executionId } = await start(chain('Record', manualTrigger(), ...rows(ROWS), generate()));
	const seen = await waitFor('the rows', async () => {
		const found = await readRows(tables);
		return found?.length === ROWS.length ? found : undefined;
	});
	expect(seen.map(({ taskId }) => taskId).sort()).toEqual([...simulator.tasks.keys()].sort());
	expect(seen).toMatchObject(
		ROWS.map((): IDataObject => ({
			status: 'pending',
			executionId,
			workflowId,
			heldUntil: expect.any(String) as never,
		})),
	);
	const execution = await client.waitForExecution(executionId);
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	expect(execution.output(GENERATE)[0].map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
	// The cost of the run, and nothing about the table.
	expect(execution.taskData(GENERATE)?.hints).toHaveLength(1);
	expect(await readRows(tables)).toEqual([]);
	// Nothing of it is left in n8n's list.
	expect((await client.listExecutions({})).map(({ id }) => id)).toEqual([executionId]);
});

test('after Stop the ids are in the table, and Task > Wait brings the files', async () => {
	const { client, simulator } = scenario;
	const before = simulator.tasks.size;
	const { executionId } = await start(chain('Stop', manualTrigger(), ...rows(ROWS), generate()));
	await waitFor('the rows', async () => ((await statuses())?.length === ROWS.length ? true : undefined));
	await client.stopExecution(executionId);
	expect((await client.waitForExecution(executionId)).status).toBe('canceled');
	expect(await statuses()).toEqual(['pending', 'pending']);

	const wait = cometApi('Wait', {
		...{ resource: 'task', operation: 'wait', useRecordedTasks: true, downloadVideo: true },
		options: { pollInterval: POLL_INTERVAL_SECONDS },
	});
	const recovery = await start(chain('Recover', manualTrigger(), wait));
	const recovered = await client.waitForExecution(recovery.executionId);
	expect([recovered.status, recovered.errorText]).toEqual(['success', '']);
	const items = recovered.output('Wait')[0];
	expect(items.map(({ json }) => json.taskId).sort()).toEqual([...simulator.tasks.keys()].slice(before).sort());
	for (const { binary } of items) {
		if (!binary) throw new Error('An item has no file');
		expect((await client.downloadBinary(binary.data)).equals(sampleVideo)).toBe(true);
	}
	expect(await statuses()).toEqual(['succeeded', 'succeeded']);
});

test('All Tasks: a table that lacks its columns keeps videos from being created, and says so in our words', async () => {
	await tables.createTable('No columns', [{ name: 'other', type: 'string' }]);
	const before = scenario.simulator.tasks.size;
	const dataTable = { __rl: true, mode: 'name', value: 'No columns' };
	const { executionId } = await start(
		chain('Refused', manualTrigger(), ...rows(ROWS), generate({ recordTasks: 'all', dataTable })),
	);
	const execution = await scenario.client.waitForExecution(executionId);
	expect(execution.status).toBe('error');
	expect(execution.errorText).toContain('The data table "No columns" has no column "status"');
	expect(scenario.simulator.tasks.size).toBe(before);
});

test('All Tasks: the history has the ends', async () => {
	const dataTable = { __rl: true, mode: 'name', value: 'History' };
	const { executionId } = await start(
		chain('History', manualTrigger(), ...rows(ROWS), generate({ recordTasks: 'all', dataTable })),
	);
	const execution = await scenario.client.waitForExecution(executionId);
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	const history = await readRows(tables, 'History');
	expect(history).toMatchObject(
		ROWS.map(() => ({ status: 'succeeded', progress: 100, completedAt: expect.any(String) as never, heldUntil: null })),
	);
});
