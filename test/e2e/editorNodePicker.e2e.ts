/** A person adds the node in n8n's editor: finds it by what it is for, and needs nothing but a prompt. */
import { defaultProviderFor } from '../../nodes/CometApiVideo/providers';
import { OFFERED_RESOURCES, operationsOf } from '../../nodes/CometApiVideo/description/operationFields';
import { editor, scenario, useEditor } from './browser/editorSession';

const NODE = 'CometAPI Video';
const ACTIONS = OFFERED_RESOURCES.flatMap(({ value }) => operationsOf(String(value)).map(({ action = '' }) => action));
const SEARCHES = [
	...['cometapi', 'generate video', 'make video', 'ai video', 'text to video', 't2v', 'image to video', 'i2v'],
	...['kling', 'veo3', 'google veo', 'seedance', 'bytedance', 'wan', 'runway', 'grok imagine', 'hailuo', 'vidu'],
	...['avatar', 'talking head', 'lip sync', 'ugc', 'tiktok', 'reels', 'shorts', 'animation'],
];

useEditor();

beforeEach(async () => {
	await editor.openNewWorkflow();
	await editor.element('node-creator-plus-button').click();
	await editor.pick('Trigger manually');
	await editor.element('canvas-node').waitFor();
});

test.each(SEARCHES)('the search for "%s" finds the node, with its actions', async (search) => {
	const lines = await editor.findInPicker(search, NODE);
	const shown = lines.slice(
		lines.indexOf('VIDEO ACTIONS'),
		lines.findIndex((line) => line.startsWith('Triggers')),
	);
	expect(shown.filter((line) => !line.endsWith(' ACTIONS'))).toEqual(ACTIONS);
});

test('its triggers are offered as well', async () => {
	const lines = await editor.findInPicker('cometapi', NODE);
	await editor.pick(lines.find((line) => line.startsWith('Triggers')) ?? 'Triggers');
	for (const event of ['Video succeeded', 'Video failed', 'Video finished (succeeded or failed)']) {
		await editor.element('node-creator').getByText(event, { exact: true }).waitFor();
	}
});

test('a new node makes a video from a prompt alone', async () => {
	await editor.findInPicker('cometapi', NODE);
	await editor.pick('Generate a video');
	await editor.parameterItems.first().waitFor();
	const values = ['resource', 'operation', 'provider', 'mode', 'model', 'prompt', 'seconds'];
	expect(await Promise.all(values.map(async (name) => await editor.readValue(name)))).toEqual([
		'Video',
		'Generate',
		defaultProviderFor('video.generate').displayName,
		'Text to Video',
		'Recommended',
		'',
		'5',
	]);
	// The credential is the newest of its type: n8n chooses that itself.
	await editor.field('prompt').fill('A paper boat sails down a rainy street');
	await editor.closeNode();
	expect(await editor.element('node-issues').count()).toBe(0);
	const subtitle = editor.nodeOnCanvas('Generate a video');
	expect((await subtitle.innerText()).split('\n')).toContain('Seedance · Text to Video');

	await editor.execute();
	await editor.openNode('Generate a video');
	await editor.element('ndv-view-binary-data').waitFor();
	expect([...scenario.simulator.tasks.values()]).toHaveLength(1);
});
