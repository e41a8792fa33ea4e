/**
 * In n8n's editor each mode of each provider has the panel that the registry describes, and Add Option offers its options. A person goes through all of them in
 * one node by its drop-down lists, so nothing stays behind from what was chosen before. Pictures: out/e2e/panels/.
 */
import type { INodeParameters } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { OFFERED_RESOURCES } from '../../nodes/CometApiVideo/description/operationFields';
import { OFFERED_JOBS, modesFor, providersFor } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';
import type { JobId } from '../../nodes/CometApiVideo/providers/jobs';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { editor, scenario, useEditor } from './browser/editorSession';
import { expectPanel, readFields } from './browser/panelFields';
import { PanelPictures } from './panelPictures';
import { chain, cometApi } from './workflowParts';

const DESCRIPTION = new CometApiVideo().description;
const NODE = 'CometAPI Video';
/** Operations that create nothing at CometAPI: what to choose, in this order. */
const OTHERS: Array<[string, string, INodeParameters]> = [
	['Account', 'Check', { resource: 'account', operation: 'check' }],
	['Account', 'Get Balance', { resource: 'account', operation: 'getBalance' }],
	['Model', 'Get Many', { resource: 'model', operation: 'getAll' }],
	['Task', 'Download', { resource: 'task', operation: 'download' }],
	['Task', 'Get', { resource: 'task', operation: 'get' }],
	['Task', 'Get Many', { resource: 'task', operation: 'getAll' }],
	['Task', 'Wait', { resource: 'task', operation: 'wait' }],
	['Video', 'Join', { resource: 'video', operation: 'join' }],
];

const pictures = new PanelPictures();
useEditor({ width: 1200, height: 1900 });

beforeAll(async () => {
	const { id } = await scenario.importWorkflow(chain('Panels', cometApi(NODE, {})));
	await editor.openWorkflow(id);
	await editor.openNode(NODE);
});

afterAll(() => pictures.save());

async function comparePanel(title: string, picture: string, choices: INodeParameters): Promise<void> {
	const expected = expectPanel(DESCRIPTION, choices);
	const fields = await readFields(editor, expected.fields);
	await editor.takePanelPicture(pictures.add(title, picture, fields));
	expect({ fields, offered: await editor.readOffered() }).toEqual(expected);
}

const PLACES = OFFERED_JOBS.flatMap((job) =>
	providersFor(job).map((provider): [string, JobId, VideoProvider] => [
		`${job} ${provider.displayName}`,
		job,
		provider,
	]),
);

describe.each(PLACES)('%s', (_name, job, provider) => {
	const { resource, operation, displayName } = JOBS[job];
	const modes = modesFor(provider, job);

	beforeAll(async () => {
		await editor.choose('resource', labelOf(resource));
		await editor.choose('operation', displayName);
		await editor.choose('provider', provider.displayName);
	});

	test.each(modes.map((mode): [string, VideoMode] => [mode.displayName, mode]))(
		'%s shows its fields',
		async (_mode, mode) => {
			const isChoice = modes.length > 1;
			if (isChoice) await editor.choose('mode', mode.displayName);
			await comparePanel(`${provider.displayName}: ${mode.displayName}`, `${provider.id}-${mode.id}`, {
				...{ resource, operation, provider: provider.id },
				...(isChoice ? { mode: mode.id } : {}),
			});
		},
	);
});

function labelOf(resource: string): string {
	return OFFERED_RESOURCES.find(({ value }) => value === resource)?.name ?? resource;
}

describe('Other operations', () => {
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
