/**
 * In n8n's editor each mode of each provider has the panel that the registry describes, and Add Option offers its options. A person chooses the provider and the
 * mode in the drop-down lists, so the panel also follows each choice. Pictures: out/e2e/panels/.
 */
import type { INodeParameters } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { editor, scenario, useEditor } from './browser/editorSession';
import { expectPanel, readFields } from './browser/panelFields';
import { PanelPictures } from './panelPictures';
import { chain, cometApi } from './workflowParts';

const DESCRIPTION = new CometApiVideo().description;
const NODE = 'CometAPI Video';
/** Other resources than Video: what to choose, in this order. */
const OTHERS: Array<[string, string, INodeParameters]> = [
	['Account', 'Get Balance', { resource: 'account', operation: 'getBalance' }],
	['Model', 'Get Many', { resource: 'model', operation: 'getAll' }],
	['Task', 'Download', { resource: 'task', operation: 'download' }],
	['Task', 'Get', { resource: 'task', operation: 'get' }],
	['Task', 'Wait', { resource: 'task', operation: 'wait' }],
];

const pictures = new PanelPictures();
useEditor({ width: 1200, height: 1900 });

afterAll(() => pictures.save());

/** A node with nothing chosen. */
async function openNewNode(): Promise<void> {
	const { id } = await scenario.importWorkflow(chain('Panels', cometApi(NODE, {})));
	await editor.openWorkflow(id);
	await editor.openNode(NODE);
}

async function comparePanel(title: string, picture: string, choices: INodeParameters): Promise<void> {
	const expected = expectPanel(DESCRIPTION, choices);
	const fields = await readFields(editor, expected.fields);
	await editor.takePanelPicture(pictures.add(title, picture, fields));
	expect({ fields, offered: await editor.readOffered() }).toEqual(expected);
}

describe.each(VIDEO_PROVIDERS.map((provider): [string, VideoProvider] => [provider.displayName, provider]))(
	'%s',
	(_name, provider) => {
		beforeAll(async () => {
			await openNewNode();
			await editor.choose('provider', provider.displayName);
		});

		test.each(provider.modes.map((mode): [string, VideoMode] => [mode.displayName, mode]))(
			'%s shows its fields',
			async (_mode, mode) => {
				await editor.choose('mode', mode.displayName);
				const title = `${provider.displayName}: ${mode.displayName}`;
				await comparePanel(title, `${provider.id}-${mode.id}`, { provider: provider.id, mode: mode.id });
			},
		);
	},
);

describe('Other resources', () => {
	beforeAll(openNewNode);

	test.each(OTHERS)('%s > %s shows its fields', async (resource, operation, choices) => {
		await editor.choose('resource', resource);
		await editor.choose('operation', operation);
		await comparePanel(
			`${resource}: ${operation}`,
			`${String(choices.resource)}-${String(choices.operation)}`,
			choices,
		);
	});
});
