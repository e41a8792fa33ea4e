/** A person changes the provider of a node that is filled in: what belonged to the old one does no harm, or is named. */
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { Editor } from './browser/editor';
import { expectPanel, readFields } from './browser/panelFields';
import { Scenario } from './scenario';
import { chain, generate, GENERATE, manualTrigger } from './workflowParts';

const DESCRIPTION = new CometApiVideo().description;
const FILLED_IN = { prompt: 'A paper boat', seconds: 8 };
const list = (value: string, cachedResultName: string) => ({ __rl: true, mode: 'list', value, cachedResultName });

let scenario: Scenario;
let editor: Editor;

beforeAll(async () => {
	scenario = await Scenario.start();
	editor = await Editor.open({ width: 1400, height: 1400 });
});

afterAll(async () => {
	await editor?.close();
	await scenario?.close();
});

async function openFilledIn(parameters: Parameters<typeof generate>[0]): Promise<void> {
	const { id } = await scenario.importWorkflow(chain('Switch', manualTrigger(), generate({ ...FILLED_IN, ...parameters })));
	await editor.openWorkflow(id);
	await editor.openNode(GENERATE);
}

/** Neither a field of the panel nor the node is marked. */
async function expectNoIssues(): Promise<void> {
	expect(await editor.element('parameter-issues', editor.panel).count()).toBe(0);
	await editor.closeNode();
	expect(await editor.element('node-issues').count()).toBe(0);
}

test.each([
	['Veo', 'veo'],
	['Wan', 'wan'],
	['Kling', 'kling'],
])('from Seedance to %s: a new panel, the prompt stays, and the video is made', async (name, provider) => {
	await openFilledIn({});
	await editor.choose('provider', name);
	const { fields } = expectPanel(DESCRIPTION, { provider, mode: 'textToVideo' });
	expect(await readFields(editor, fields)).toEqual(fields);
	expect(await editor.readValue('prompt')).toBe(FILLED_IN.prompt);
	await expectNoIssues();

	await editor.execute();
	await editor.openNode(GENERATE);
	await editor.output.getByText('1 item', { exact: true }).waitFor();
});

test('a size that the new provider does not have is marked at its field until another one is chosen', async () => {
	await openFilledIn({ size: '9:16' });
	await editor.choose('provider', 'Wan');
	const issues = editor.element('parameter-issues', editor.panel);
	await issues.waitFor();
	await issues.hover();
	await editor.page.getByText('The value "9:16" is not supported!').waitFor();
	await editor.choose('size', 'Portrait 1080 × 1920');
	await issues.waitFor({ state: 'detached' });
});

test('a model of the old provider that somebody had chosen is named by the run, and nothing is ordered', async () => {
	const before = scenario.simulator.tasks.size;
	await openFilledIn({ model: list('doubao-seedance-1-0-pro', 'Seedance 1.0 Pro') });
	await editor.choose('provider', 'Wan');
	await expectNoIssues();
	await editor.execute();
	await editor.openNode(GENERATE);
	const message = editor.element('node-error-message', editor.output);
	await message.waitFor();
	expect(await message.innerText()).toContain('The model doubao-seedance-1-0-pro belongs to Seedance');
	expect(scenario.simulator.tasks.size).toBe(before);
});
