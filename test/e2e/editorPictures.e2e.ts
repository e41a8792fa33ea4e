/**
 * The pictures of the README and of docs/, taken from n8n's editor after real runs. They go to out/e2e/pictures/, and with
 * `npm run pictures` to docs/images/.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_MS } from './browser/editor';
import type { Part } from './browser/editor';
import { editor, scenario, useEditor } from './browser/editorSession';
import { importWithTable } from './dataTableScenario';
import { readExample, withPollInterval } from './exampleWorkflows';
import { PROJECT_FOLDER, REPORT_FOLDER } from './host/projectFolder';
import { createTableCredential } from './host/tableCredential';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { chain, cometApi, dataTableTrigger, generate, GENERATE, manualTrigger, rows, TRIGGER } from './workflowParts';

const FOLDER = process.env.UPDATE_PICTURES ? join(PROJECT_FOLDER, 'docs', 'images') : join(REPORT_FOLDER, 'pictures');
const LARGEST_BYTES = 120_000;
const PROMPT = 'A paper boat sails down a rainy street, close-up, soft light';
/** Readable where the README shows it 800 pixels wide. */
const SIZE = { width: 1100, height: 760 };

useEditor(SIZE);

/**
 * The window or a part of it, without the notes that n8n shows for some seconds.
 * @param isOpen a list or a hint is to be seen, which a move of the mouse would close
 */
async function takePicture(name: string, part?: Part, isOpen = false): Promise<void> {
	const file = join(FOLDER, `${name}.png`);
	if (!isOpen) await editor.closeNotifications();
	await editor.takePicture(file, part);
	expect(statSync(file).size).toBeLessThan(LARGEST_BYTES);
}

/** With the names below the nodes, which lie outside of their boxes. */
async function nodesOnCanvas(): Promise<Part> {
	return await editor.boxAround(editor.element('canvas-node').or(editor.element('sticky')), 40);
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
	await editor.nodeOnCanvas('Results for the sheet').getByText('5 items').waitFor({ timeout: RUN_MS });
	await editor.element('zoom-to-fit').click();
	await takePicture('batch');
});

test('join: three shots, and the film that they became', async () => {
	const definition = withPollInterval(readExample('join-clips.json'), POLL_INTERVAL_SECONDS);
	const { id } = await scenario.importWorkflow(definition);
	await editor.openWorkflow(id);
	await editor.execute();
	await editor.nodeOnCanvas('Keep the video (replace me)').getByText('1 item').waitFor({ timeout: RUN_MS });
	await editor.element('zoom-to-fit').click();
	await takePicture('join', await nodesOnCanvas());
});

test('models: what each costs, in the list of models', async () => {
	const { id } = await scenario.importWorkflow(chain('Models', manualTrigger(), generate({ prompt: PROMPT })));
	await editor.openWorkflow(id);
	await editor.openNode(GENERATE);
	await editor.element('rlc-input', editor.parameter('model')).click();
	await editor.element('rlc-item').nth(3).waitFor();
	await takePicture('models', await editor.boxAround(editor.panel), true);
});

test('dryRun: what rows would cost, before anything is created', async () => {
	const list = ['A paper boat', 'A lighthouse', 'A market at dawn'].map((prompt) => ({ prompt }));
	const node = generate({ dryRun: true }, { name: 'Dry run' });
	const { id } = await scenario.importWorkflow(chain('Dry run', manualTrigger(), ...rows(list), node));
	await editor.openWorkflow(id);
	await editor.execute();
	await editor.nodeOnCanvas('Dry run').getByText('3 items').waitFor({ timeout: RUN_MS });
	await editor.openNode('Dry run');
	await editor.output.getByText('estimatedCostUsd', { exact: true }).first().waitFor();
	await takePicture('dry-run', await editor.boxAround(editor.output));
});

test('prompt: a fixed part, and one from the sheet', async () => {
	const prompt = '=A {{ $json.product }} on a wooden table, morning light, the camera circles it slowly.';
	const list = [{ product: 'red sneaker' }];
	const node = generate({ prompt, dryRun: true }, { name: 'Generate a video' });
	const { id } = await scenario.importWorkflow(chain('Prompt', manualTrigger(), ...rows(list), node));
	await editor.openWorkflow(id);
	await editor.execute();
	await editor.nodeOnCanvas('Generate a video').getByText('1 item').waitFor({ timeout: RUN_MS });
	await editor.openNode('Generate a video');
	await editor.parameter('prompt').click();
	await editor.page.getByText('A red sneaker on a wooden table').first().waitFor();
	await takePicture('prompt', await editor.boxAround(editor.panel), true);
});

test('reels: from a sheet to YouTube and back', async () => {
	const { id } = await scenario.importWorkflow(readExample('reels-from-google-sheets.json'));
	await editor.openWorkflow(id);
	await editor.element('zoom-to-fit').click();
	await takePicture('reels');
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
