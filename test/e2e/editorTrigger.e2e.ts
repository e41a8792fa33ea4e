/** A person sets the trigger up in n8n's editor: each choice of Watch has its fields, and a test event brings a row. */
import type { INodeParameters } from 'n8n-workflow';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { editor, scenario, useEditor } from './browser/editorSession';
import { expectPanel, readFields } from './browser/panelFields';
import { importWithTable } from './dataTableScenario';
import type { CredentialReference } from './host/n8nClient';
import { createTableCredential } from './host/tableCredential';
import { chain, dataTableTrigger, end, generate, manualTrigger, TRIGGER } from './workflowParts';

const DESCRIPTION = new CometApiVideoTrigger().description;
/** n8n's own, above those of the trigger. */
const POLL_TIMES = ['Poll Times (pollTimes)'];

let credential: CredentialReference;

useEditor({ width: 1400, height: 1400 });

beforeAll(async () => {
	credential = await createTableCredential(scenario.client);
});

async function openTrigger(parameters: INodeParameters = {}): Promise<void> {
	const { id } = await importWithTable(scenario, credential, chain('Watch', dataTableTrigger(parameters), end()));
	await editor.openWorkflow(id);
	await editor.openNode(TRIGGER);
}

test.each([
	['All Tasks of the Account', 'account'],
	['Listed Tasks', 'listed'],
	['Tasks in a Data Table', 'dataTable'],
])('Watch: %s shows its fields', async (label, watch) => {
	await openTrigger();
	await editor.choose('watch', label);
	const expected = [...POLL_TIMES, ...expectPanel(DESCRIPTION, { watch }).fields];
	expect(await readFields(editor, expected)).toEqual(expected);
});

test('Fetch Test Event brings a finished task of the table', async () => {
	const { client } = scenario;
	// Of its own, because the tests share one n8n.
	const dataTable = { __rl: true, mode: 'name', value: 'Tasks for a test event' };
	const ordering = generate({ prompt: 'A paper boat', recordTasks: 'all', tableAccess: 'apiKey', dataTable });
	const order = await importWithTable(scenario, credential, chain('Order', manualTrigger(), ordering));
	const { status } = await client.waitForExecution(await client.runWorkflow(order.id, order.nodes[0].name));
	expect(status).toBe('success');

	await openTrigger({ dataTable });
	await editor.element('trigger-execute-button').click();
	const [taskId] = scenario.simulator.tasks.keys();
	await editor.output.getByText(taskId).first().waitFor();
	await editor.output.getByText('succeeded').first().waitFor();
});
