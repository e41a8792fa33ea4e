/** A person runs the node in n8n's editor: the video plays in the output panel, and what is wrong is said there. */
import { editor, scenario, useEditor } from './browser/editorSession';
import { chain, generate, GENERATE, manualTrigger, waitFor } from './workflowParts';

const PROMPT = { prompt: 'A paper boat sails down a rainy street' };

useEditor();

async function openGenerate(parameters: Parameters<typeof generate>[0]): Promise<void> {
	const { id } = await scenario.importWorkflow(chain('Run', manualTrigger(), generate({ ...PROMPT, ...parameters })));
	await editor.openWorkflow(id);
}

test('the video of a run plays in the output panel', async () => {
	await openGenerate({});
	await editor.execute();
	await editor.openNode(GENERATE);
	await editor.output.getByText('About 0.68 USD for 1 video by list prices; your bill may differ.').waitFor();
	await editor.element('ndv-view-binary-data').click();
	const video = editor.output.locator('video');
	await video.waitFor();
	const read = async (name: string) =>
		await video.evaluate((player, property) => Reflect.get(player, property) as unknown, name);
	// HAVE_CURRENT_DATA and more: a frame has been decoded (HTML standard, media elements).
	await waitFor('a frame of the video', async () => Number(await read('readyState')) >= 2 || undefined);
	expect([await read('error'), await read('duration'), await read('videoWidth')]).toEqual([null, 2, 320]);
});

test('a value that is not allowed is named with what is allowed, and nothing is created', async () => {
	const before = scenario.simulator.tasks.size;
	await openGenerate({ seconds: '={{ 99 }}' });
	await editor.execute();
	await editor.openNode(GENERATE);
	const message = editor.element('node-error-message', editor.output);
	await message.waitFor();
	expect(await message.innerText()).toContain('Duration (Seconds) cannot be 99 with the model doubao-seedance-2-0');
	expect(await editor.element('node-error-description', editor.output).innerText()).toMatch(/4.*15/);
	expect(scenario.simulator.tasks.size).toBe(before);
});

test('the model list can be searched, and what is picked is what is ordered', async () => {
	await openGenerate({});
	await editor.openNode(GENERATE);
	const entries = editor.element('rlc-item');
	await editor.element('rlc-input', editor.parameter('model')).click();
	await entries.filter({ hasText: '2.0 Mini' }).waitFor();
	const all = await entries.count();
	await editor.element('rlc-search').fill('mini');
	await entries.filter({ hasText: '1.5 Pro' }).waitFor({ state: 'detached' });
	expect(await entries.count()).toBeLessThan(all);
	await entries.filter({ hasText: '2.0 Mini' }).click();
	await editor.closeNode();
	await editor.nodeOnCanvas(GENERATE).getByText('Seedance · Text to Video').waitFor();
	await editor.execute();
	await editor.openNode(GENERATE);
	await editor.waitForFile();
	const orders = scenario.simulator.requests.filter(({ route }) => route === 'create');
	expect(orders.at(-1)?.form?.fields).toContainEqual(['model', 'doubao-seedance-2-0-mini']);
});
