/** A person changes the provider of a node that is filled in: the model is the recommended one again, and no choice stays that the new one lacks. */
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { editor, scenario, useEditor } from './browser/editorSession';
import { expectPanel, readFields } from './browser/panelFields';
import { chain, generate, GENERATE, manualTrigger } from './workflowParts';

const DESCRIPTION = new CometApiVideo().description;
const FILLED_IN = { prompt: 'A paper boat' };
const list = (value: string, cachedResultName: string) => ({ __rl: true, mode: 'list', value, cachedResultName });

useEditor({ width: 1400, height: 1400 });

async function openFilledIn(parameters: Parameters<typeof generate>[0]): Promise<void> {
	const { id } = await scenario.importWorkflow(
		chain('Switch', manualTrigger(), generate({ ...FILLED_IN, ...parameters })),
	);
	await editor.openWorkflow(id);
	await editor.openNode(GENERATE);
}

test.each([
	['Veo', 'veo', 'veo3.1-fast', 8],
	['Wan', 'wan', 'wan2.7', 8],
	['Kling', 'kling', 'kling-v3', 10],
])(
	'from Seedance to %s: the model is the recommended one, the prompt stays, and the video is made',
	async (name, provider, model, seconds) => {
		await openFilledIn({ seconds, model: list('doubao-seedance-1-0-pro', 'Seedance 1.0 Pro') });
		await editor.choose('provider', name);
		const { fields } = expectPanel(DESCRIPTION, { provider, mode: 'textToVideo' });
		expect(await readFields(editor, fields)).toEqual(fields);
		expect([await editor.readValue('prompt'), await editor.readValue('model')]).toEqual([FILLED_IN.prompt, '']);
		expect(await editor.element('parameter-issues', editor.panel).count()).toBe(0);
		await editor.closeNode();
		expect(await editor.element('node-issues').count()).toBe(0);

		await editor.execute();
		await editor.openNode(GENERATE);
		await editor
			.element('ndv-view-binary-data')
			.or(editor.element('node-error-message', editor.output))
			.first()
			.waitFor();
		expect(await editor.element('node-error-message', editor.output).allInnerTexts()).toEqual([]);
		const orders = scenario.simulator.requests
			.filter(({ route }) => route === 'create')
			.map(({ form, json }) => form?.fields ?? json);
		expect(JSON.stringify(orders.at(-1))).toContain(JSON.stringify(model));
	},
);

test('what a new provider or operation does not have is its own default again', async () => {
	await openFilledIn({ aspectRatio: '21:9', mode: 'imageToVideo' });
	const issues = editor.element('parameter-issues', editor.panel);
	await editor.choose('provider', 'Wan');
	expect(await editor.readValue('aspectRatio')).not.toContain('21:9');
	expect(await issues.getByText('is not supported').count()).toBe(0);
	await editor.choose('operation', 'Animate');
	await editor.parameter('provider').waitFor();
	expect([await editor.readValue('provider'), await editor.readValue('mode')]).toEqual(['Kling', 'Avatar']);
});

test('a model of another provider in a workflow that was imported is named by the run, and nothing is ordered', async () => {
	const before = scenario.simulator.tasks.size;
	await openFilledIn({ provider: 'wan', model: list('doubao-seedance-1-0-pro', 'Seedance 1.0 Pro') });
	await editor.closeNode();
	await editor.execute();
	await editor.openNode(GENERATE);
	const message = editor.element('node-error-message', editor.output);
	await message.waitFor();
	expect(await message.innerText()).toContain('The model doubao-seedance-1-0-pro belongs to Seedance');
	expect(scenario.simulator.tasks.size).toBe(before);
});
