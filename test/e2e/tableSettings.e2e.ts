/** What a person reads who publishes the trigger, or runs the node, with a table or a key that cannot be used. */
import { createTableCredential, importWithTable, NODE_SCOPES, openTables } from './dataTableScenario';
import { N8nRefusal } from './host/n8nHttp';
import { Scenario } from './scenario';
import { chain, dataTableTrigger, end, generate, manualTrigger, rows } from './workflowParts';

const COLUMNS = [
	{ name: 'taskId', type: 'string' },
	{ name: 'status', type: 'string' },
] as const;

let scenario: Scenario;

beforeEach(async () => {
	scenario = await Scenario.start();
});

afterEach(async () => {
	await scenario.close();
});

/** @returns what n8n answers to the attempt */
async function publish(dataTable: { mode: 'id' | 'name'; value: string }, scopes = NODE_SCOPES): Promise<string> {
	const { client } = scenario;
	const credential = await createTableCredential(client, scopes);
	const watch = chain('Watch', dataTableTrigger({ dataTable: { __rl: true, ...dataTable } }), end());
	const { id } = await importWithTable(scenario, credential, watch);
	const outcome = await client.publishWorkflow(id).catch((error: unknown) => error);
	if (outcome instanceof Error) return `${outcome instanceof N8nRefusal} ${outcome.message}`;
	await client.unpublishWorkflow(id);
	return 'published';
}

test('publishing the trigger fails with a table that was deleted, and says so', async () => {
	const tables = await openTables(scenario.client);
	const table = await tables.createTable('Gone', [...COLUMNS]);
	expect(await publish({ mode: 'id', value: table.id })).toBe('published');
	await tables.deleteTable(table.id);
	console.log(await publish({ mode: 'id', value: table.id }));
	console.log(await publish({ mode: 'name', value: 'Gone' }));
});

test.each(['dataTable:list', 'dataTableRow:read', 'dataTableRow:update'])('publishing the trigger with a key without the scope %s names the scope', async (scope) => {
	const tables = await openTables(scenario.client);
	const table = await tables.createTable(`Without ${scope}`, [...COLUMNS]);
	console.log(await publish({ mode: 'name', value: table.name }, NODE_SCOPES.filter((name) => name !== scope)));
	await tables.deleteTable(table.id);
});

test('with a key that may not write rows nothing is ordered', async () => {
	const scopes = NODE_SCOPES.filter((name) => name !== 'dataTableRow:upsert');
	const credential = await createTableCredential(scenario.client, scopes);
	const definition = chain('Record', manualTrigger(), ...rows([{ prompt: 'A paper boat' }]), generate({ recordTasks: true }));
	const { id, nodes } = await importWithTable(scenario, credential, definition);
	const execution = await scenario.client.waitForExecution(await scenario.client.runWorkflow(id, nodes[0].name));
	console.log(execution.status, execution.errorText);
	expect(scenario.simulator.tasks.size).toBe(0);
});
