/** What a person reads who publishes the trigger, or runs the node, with a table or a key that cannot be used. */
import { importWithTable, openTables } from './dataTableScenario';
import { createTableCredential, NODE_SCOPES } from './host/tableCredential';
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

/** n8n answers with the node's message, without its advice. */
const refusedWith = (message: string): unknown =>
	expect.stringContaining(`There was a problem activating the workflow: "${message}"`);

/** @returns what n8n answers to the attempt */
async function publish(dataTable: { mode: 'id' | 'name'; value: string }, scopes = NODE_SCOPES): Promise<string> {
	const { client } = scenario;
	const credential = await createTableCredential(client, scopes);
	const watch = chain('Watch', dataTableTrigger({ dataTable: { __rl: true, ...dataTable } }), end());
	const { id } = await importWithTable(scenario, credential, watch);
	const refusal = await client.publishWorkflow(id).then(
		() => undefined,
		(error: Error) => error.message,
	);
	// n8n leaves the workflow switched on also when it has refused; its triggers do not run then.
	expect((await client.readWorkflow(id)).active).toBe(true);
	await client.unpublishWorkflow(id);
	return refusal ?? 'published';
}

test('publishing the trigger fails with a table whose ID does not exist any more; one of a name is made', async () => {
	const tables = await openTables(scenario.client);
	const table = await tables.createTable('Gone', [...COLUMNS]);
	expect(await publish({ mode: 'id', value: table.id })).toBe('published');
	await tables.deleteTable(table.id);
	expect(
		await Promise.all([publish({ mode: 'id', value: table.id }), publish({ mode: 'name', value: 'Gone' })]),
	).toEqual([
		refusedWith(`n8n refused to work with the data table: Could not find the data table: '${table.id}'`),
		'published',
	]);
});

test('publishing the trigger with a key that lacks a scope names the scope', async () => {
	const tables = await openTables(scenario.client);
	const { id } = await tables.createTable('Watched', [...COLUMNS]);
	const needed = ['dataTable:read', 'dataTableRow:read', 'dataTableRow:update'];
	const without = async (scope: string) =>
		await publish(
			{ mode: 'id', value: id },
			NODE_SCOPES.filter((name) => name !== scope),
		);
	expect(await Promise.all(needed.map(without))).toEqual(
		needed.map((scope) =>
			refusedWith(
				`The API key of the credential "N8n Data Table API" lacks the scope ${scope}, or its owner may not use the data table`,
			),
		),
	);
	await tables.deleteTable(id);
});

test('with a key that may not write rows nothing is ordered', async () => {
	const scopes = NODE_SCOPES.filter((name) => name !== 'dataTableRow:upsert');
	const credential = await createTableCredential(scenario.client, scopes);
	const definition = chain(
		'Record',
		manualTrigger(),
		...rows([{ prompt: 'A paper boat' }]),
		generate({ recordTasks: 'all', tableAccess: 'apiKey' }),
	);
	const { id, nodes } = await importWithTable(scenario, credential, definition);
	const execution = await scenario.client.waitForExecution(await scenario.client.runWorkflow(id, nodes[0].name));
	expect([execution.status, execution.errorText]).toEqual([
		'error',
		expect.stringMatching(/ lacks the scope dataTableRow:upsert, /),
	]);
	expect(execution.errorText).toContain('Create a key with this scope in n8n under Settings > n8n API');
	expect(scenario.simulator.tasks.size).toBe(0);
});
