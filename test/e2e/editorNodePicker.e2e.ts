/** A person adds the node in n8n's editor: finds it by what it is for, and needs nothing but a prompt. */
import { defaultProviderFor } from '../../nodes/CometApiVideo/providers';
import { OFFERED_RESOURCES, operationsOf } from '../../nodes/CometApiVideo/description/operationFields';
import { editor, scenario, useEditor } from './browser/editorSession';

const NODE = 'CometAPI Video';
const ACTIONS = OFFERED_RESOURCES.flatMap(({ value }) => operationsOf(String(value)).map(({ action = '' }) => action));
/** What people type who want a video: jobs, providers, their makers, what the video is for. */
const SEARCHES = [
	...['cometapi', 'generate video', 'make video', 'create video', 'video generation', 'ai video'],
	...['text to video', 't2v', 'image to video', 'i2v'],
	...['kling', 'kuaishou', 'veo', 'veo3', 'google veo', 'seedance', 'bytedance', 'doubao', 'wan', 'alibaba', 'runway'],
	...['grok', 'grok imagine', 'xai', 'hailuo', 'minimax', 'vidu', 'shengshu', 'sora', 'sora2', 'openai sora'],
	...['midjourney', 'flux', 'black forest labs', 'happyhorse', 'omni', 'gemini omni'],
	...['avatar', 'talking head', 'lip sync', 'ugc', 'tiktok', 'reels', 'shorts', 'animation', 'ad'],
];
/** From an empty canvas to a running node. */
const MOST_CLICKS = 6;
const PROMPT = 'A paper boat sails down a rainy street';

useEditor({ ownN8n: 'node-picker' });

async function openWithManualTrigger(): Promise<void> {
	await editor.openNewWorkflow();
	await editor.element('node-creator-plus-button').click();
	await editor.pick('Trigger manually');
	await editor.element('canvas-node').waitFor();
}

describe('in a workflow that has a trigger', () => {
	beforeAll(async () => {
		await openWithManualTrigger();
		await editor.openPicker();
	});

	test.each(SEARCHES)('the search for "%s" finds the node', async (search) => {
		await editor.searchInPicker(search);
		await editor.element('node-creator').getByText(NODE, { exact: true }).waitFor();
	});
});

describe('in a workflow that has a trigger, the picker', () => {
	beforeEach(openWithManualTrigger);

	test('shows the actions, the job first', async () => {
		const lines = await editor.findInPicker('generate video', NODE);
		const shown = lines.slice(
			lines.indexOf('VIDEO ACTIONS'),
			lines.findIndex((line) => line.startsWith('Triggers')),
		);
		expect(shown.filter((line) => !line.endsWith(' ACTIONS'))).toEqual(ACTIONS);
	});

	test('offers the triggers as well', async () => {
		const lines = await editor.findInPicker('cometapi', NODE);
		await editor.pick(lines.find((line) => line.startsWith('Triggers')) ?? 'Triggers');
		for (const event of ['Video succeeded', 'Video failed', 'Video finished (succeeded or failed)']) {
			await editor.element('node-creator').getByText(event, { exact: true }).waitFor();
		}
	});
});

test(`an empty canvas, the job, a prompt and a video: in at most ${MOST_CLICKS} clicks`, async () => {
	await editor.openNewWorkflow();
	const clicks = await editor.countClicks();
	const lines = await editor.findInPicker('generate video', NODE);
	// Without a trigger in the workflow n8n shows those first, and adds one of its own to an action.
	await editor.pick(lines.find((line) => line.startsWith('Actions')) ?? 'Actions');
	await editor.pick('Generate a video');
	await editor.field('prompt').click();
	await editor.field('prompt').fill(PROMPT);
	await editor.element('node-execute-button').click();
	await editor.waitForFile();
	expect([...scenario.simulator.tasks.values()].map(({ details }) => details.prompt)).toEqual([PROMPT]);
	expect(await clicks()).toBeLessThanOrEqual(MOST_CLICKS);
});

test('a new node makes a video from a prompt alone', async () => {
	await openWithManualTrigger();
	const before = scenario.simulator.tasks.size;
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
	await editor.field('prompt').fill(PROMPT);
	await editor.closeNode();
	expect(await editor.element('node-issues').count()).toBe(0);
	const subtitle = editor.nodeOnCanvas('Generate a video');
	expect((await subtitle.innerText()).split('\n')).toContain('Seedance · Text to Video');

	await editor.execute();
	await editor.openNode('Generate a video');
	await editor.waitForFile();
	expect(scenario.simulator.tasks.size).toBe(before + 1);
});
