/** In n8n's editor each mode of each provider has the panel that the registry describes. Pictures: out/e2e/panels/. */
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { Editor } from './browser/editor';
import { expectFields, readFields } from './browser/panelFields';
import { PACKAGE_NAME, REPORT_FOLDER } from './host/projectFolder';
import { Scenario } from './scenario';

const DESCRIPTION = new CometApiVideo().description;
const PICTURES = join(REPORT_FOLDER, 'panels');
const COLUMNS = 4;
const GRID = 240;

let scenario: Scenario;
let editor: Editor;

beforeAll(async () => {
	scenario = await Scenario.start();
	editor = await Editor.open({ width: 1200, height: 1500 });
});

afterAll(async () => {
	await editor.close();
	await scenario.close();
});

const nodeName = (provider: VideoProvider, mode: VideoMode) => `${provider.displayName}: ${mode.displayName}`;

function createNode(provider: VideoProvider, mode: VideoMode, index: number): INode {
	return {
		id: `${provider.id}-${mode.id}`,
		name: nodeName(provider, mode),
		type: `${PACKAGE_NAME}.${DESCRIPTION.name}`,
		typeVersion: 1,
		position: [(index % COLUMNS) * GRID, Math.floor(index / COLUMNS) * GRID],
		parameters: { provider: provider.id, mode: mode.id },
		credentials: { cometApiVideoApi: { id: '', name: '' } },
	};
}

describe.each(VIDEO_PROVIDERS.map((provider): [string, VideoProvider] => [provider.displayName, provider]))('%s', (_name, provider) => {
	beforeAll(async () => {
		const nodes = provider.modes.map((mode, index) => createNode(provider, mode, index));
		const { id } = await scenario.importWorkflow({ name: `Panels of ${provider.displayName}`, nodes, connections: {} });
		await editor.openWorkflow(id);
	});

	test.each(provider.modes.map((mode): [string, VideoMode] => [mode.displayName, mode]))('%s shows its fields', async (_mode, mode) => {
		await editor.openNode(nodeName(provider, mode));
		await editor.takePanelPicture(join(PICTURES, `${provider.id}-${mode.id}.png`));
		expect(await readFields(editor)).toEqual(expectFields(DESCRIPTION, { provider: provider.id, mode: mode.id }));
		await editor.closeNode();
	});
});
