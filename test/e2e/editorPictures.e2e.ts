/**
 * The pictures of the README, taken from n8n's editor after real runs. They go to out/e2e/pictures/, and with
 * `npm run pictures` to docs/images/.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { editor, scenario, useEditor } from './browser/editorSession';
import { importWithTable } from './dataTableScenario';
import { readExample, withPollInterval } from './exampleWorkflows';
import { PROJECT_FOLDER, REPORT_FOLDER } from './host/projectFolder';
import { createTableCredential } from './host/tableCredential';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { chain, cometApi, dataTableTrigger, generate, manualTrigger, TRIGGER } from './workflowParts';

const FOLDER = process.env.UPDATE_PICTURES ? join(PROJECT_FOLDER, 'docs', 'images') : join(REPORT_FOLDER, 'pictures');
const LARGEST_BYTES = 120_000;
const PROMPT = 'A paper boat sails down a rainy street, close-up, soft light';
/** Readable where the README shows it 800 pixels wide. */
const SIZE = { width: 1100, height: 760 };

useEditor(SIZE);

/** The whole window, without the notes that n8n shows for some seconds. */
async function takePicture(name: string): Promise<void> {
	const file = join(FOLDER, `${name}.png`);
	await editor.closeNotifications();
	await editor.takePicture(file);
	expect(statSync(file).size).toBeLessThan(LARGEST_BYTES);
}

test('panel: a prompt, and the video that was made of it', async () => {
	const node = generate({ prompt: PROMPT }, { name: 'Generate a video' });
	const { id } = await scenario.importWorkflow(chain('Video from a prompt', manualTrigger(), node));
	await editor.openWorkflow(id);
	await editor.execute();
	await editor.openNode('Generate a video');
	await editor.element('ndv-view-binary-data').click();
	await editor.output.locator('video').waitFor();
	await takePicture('panel');
});

test('batch: five rows of a sheet, all with their videos', async () => {
	const definition = withPollInterval(readExample('batch-from-a-sheet.json'), POLL_INTERVAL_SECONDS);
	const { id } = await scenario.importWorkflow(definition);
	await editor.openWorkflow(id);
	await editor.execute();
	const last = definition.nodes.find(({ name }) => name.startsWith('Write back'))?.name ?? '';
	await editor.nodeOnCanvas(last).getByText('5 items').waitFor();
	await editor.element('zoom-to-fit').click();
	await takePicture('batch');
});

test('trigger: a finished task of a data table', async () => {
	const { client } = scenario;
	const credential = await createTableCredential(client);
	const order = await importWithTable(
		scenario,
		credential,
		chain('Order', manualTrigger(), generate({ prompt: PROMPT, recordTasks: 'all', tableAccess: 'apiKey' })),
	);
	await client.waitForExecution(await client.runWorkflow(order.id, order.nodes[0].name));
	const download = cometApi('Download', { resource: 'task', operation: 'download', taskId: '={{ $json.taskId }}' });
	const { id } = await importWithTable(
		scenario,
		credential,
		chain('When a video is finished', dataTableTrigger(), download),
	);
	await editor.openWorkflow(id);
	await editor.openNode(TRIGGER);
	await editor.element('trigger-execute-button').click();
	await editor.output.getByText('completedAt', { exact: true }).first().waitFor();
	await takePicture('trigger');
});
