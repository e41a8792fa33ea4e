/**
 * The examples that begin or end in other services, on a complete n8n: those services are pinned, everything else runs, and what
 * the workflows say to them is checked against the node types of this n8n.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INode, INodeTypeDescription, IPinData } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { withSimulatorMedia } from '../support/exampleMedia';
import { EXAMPLE_FILES, readExample, withCredential, withPollInterval } from './exampleWorkflows';
import { locateN8n } from './host/installedN8n';
import type { WorkflowDefinition } from './host/n8nClient';
import { PACKAGE_NAME } from './host/projectFolder';
import { scenario, useOwnN8n } from './ownN8nSession';
import { POLL_INTERVAL_SECONDS } from './scenario';

interface Template {
	/** What the services answer, by node. */
	pins: Record<string, IDataObject[]>;
	/** Nodes and the number of items that they hand on. */
	expected: Record<string, number>;
	/** What the template before has created must have ended. */
	afterTasks?: boolean;
}

/** Longer than a task of the simulator takes. */
const TASK_MS = 6_000;

const PROMPT = 'A paper boat sails down a rainy street';

const TEMPLATES: Readonly<Record<string, Template>> = {
	'form-to-drive-and-mail.json': {
		pins: {
			'On form submission': [
				{ 'What should the video show?': PROMPT, Shape: '16:9', 'Your e-mail address': 'ada@example.com' },
			],
			'Upload to Drive': [{ webViewLink: 'drive.example.com/file' }],
			'Send the link': [{ id: '1' }],
		},
		expected: { 'Generate video': 1, 'Send the link': 1 },
	},
	'reels-from-google-sheets.json': {
		pins: {
			'Rows without a video': [
				{ row_number: 2, title: 'Boat', prompt: PROMPT, status: '' },
				{ row_number: 3, title: 'Nothing', prompt: '', status: '' },
			],
			'Upload to YouTube': [{ uploadId: 'abc' }],
			'Write back: done': [{}],
			'Write back: not published': [{}],
			'Write back: failed': [{}],
		},
		expected: { 'Make reels': 1, 'Upload to YouTube': 1, 'Write back: failed': 1 },
	},
	'product-photo-to-published-ad.json': {
		pins: {
			'On form submission': [{ Title: 'Our jacket' }],
			'Ask for approval': [{ data: { approved: true } }],
			'Upload to YouTube': [{ uploadId: 'abc' }],
		},
		expected: { 'Let it move': 1, 'Fetch the video': 1, 'Upload to YouTube': 1 },
	},
	'script-to-film.json': {
		pins: {
			'When chat message received': [{ chatInput: 'a day at sea' }],
			'Write the shots': [
				{ output: { shots: [{ prompt: PROMPT }, { prompt: 'Waves at noon' }, { prompt: 'Night' }] } },
			],
			'Upload to Drive': [{ id: '1' }],
		},
		expected: { 'Make shots': 3, 'Join shots': 1 },
	},
	'nightly-batch.json': {
		pins: {
			'Rows without a status': [
				{ row_number: 2, prompt: PROMPT, status: '' },
				{ row_number: 3, prompt: 'A lighthouse', status: '' },
				{ row_number: 4, prompt: '', status: '' },
			],
			'Write back: created': [{}, {}],
			'Write back: failed': [{}],
		},
		expected: { 'Create videos': 2, 'Write back: created': 2, 'Write back: failed': 1 },
	},
	'publish-on-a-schedule.json': {
		pins: {},
		expected: { 'Finished tasks': 2, Download: 2, 'Publish (replace me)': 2 },
		afterTasks: true,
	},
	'three-models-side-by-side.json': { pins: {}, expected: { Seedance: 1, Wan: 1, Veo: 1, 'All three': 3 } },
};

/** A form hands on files, which cannot be pinned. */
const LINKS_FOR_FILES = {
	personImageSource: 'url',
	personImageUrl: 'https://example.com/model.png',
	clothesImageSource: 'url',
	clothesImageUrl: 'https://example.com/jacket.png',
};

/** With a table that no other scenario writes to: what the nightly batch has recorded is published on a schedule. */
useOwnN8n('templates');

/** Node types of this n8n by name; several versions of a node may have descriptions of their own. */
function readNodeTypes(): INodeTypeDescription[] {
	const folder = join(locateN8n().hostFolder, 'node_modules');
	return ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'].flatMap((packageName) => {
		const text = readFileSync(join(folder, packageName, 'dist', 'types', 'nodes.json'), 'utf8');
		return (JSON.parse(text) as INodeTypeDescription[]).map((type) => ({
			...type,
			name: `${packageName}.${type.name}`,
		}));
	});
}

test.each(EXAMPLE_FILES)('%s: this n8n has the nodes, and knows what is said to them', (file) => {
	const types = readNodeTypes();
	for (const node of readExample(file).nodes.filter(({ type }) => !type.startsWith(PACKAGE_NAME))) {
		const description = types.find(
			({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
		);
		if (!description) throw new Error(`${node.name}: n8n has no ${node.type} ${node.typeVersion}`);
		expect([node.name, unknownParameters(node, description), issuesOf(node, description)]).toEqual([
			node.name,
			[],
			null,
		]);
	}
});

function shownParameters(node: INode, { properties, ...rest }: INodeTypeDescription) {
	return NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, { properties, ...rest }) ?? {};
}

function unknownParameters(node: INode, description: INodeTypeDescription): string[] {
	const shown = shownParameters(node, description);
	return Object.keys(node.parameters).filter((name) => !(name in shown));
}

function issuesOf(node: INode, description: INodeTypeDescription): unknown {
	const parameters = shownParameters(node, description);
	return NodeHelpers.getNodeParametersIssues(description.properties, { ...node, parameters }, description);
}

/** n8n starts no workflow with a node whose credential is not there, pinned or not. */
async function withServices(definition: WorkflowDefinition): Promise<WorkflowDefinition> {
	const types = new Set(definition.nodes.flatMap(({ credentials = {} }) => Object.keys(credentials)));
	types.delete('cometApiVideoApi');
	let chosen = definition;
	for (const type of types) {
		chosen = withCredential(chosen, await scenario.client.createCredential({ name: type, type, data: {} }));
	}
	return chosen;
}

test.each(Object.entries(TEMPLATES))('%s runs to its end', async (file, { pins, expected, afterTasks }) => {
	const example = withPollInterval(readExample(file), POLL_INTERVAL_SECONDS);
	const nodes = example.nodes.map((node) =>
		node.name === 'Try on' ? { ...node, parameters: { ...node.parameters, ...LINKS_FOR_FILES } } : node,
	);
	const pinData: IPinData = Object.fromEntries(
		Object.entries(pins).map(([name, rows]) => [name, rows.map((json) => ({ json }))]),
	);
	const workflow = await withServices(withSimulatorMedia({ ...example, nodes, pinData }, scenario.simulator));
	if (afterTasks) await sleep(TASK_MS);
	const trigger = pins[example.nodes[0].name]?.[0] ?? {};
	const execution = await scenario.run(workflow, trigger);
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	const counts = Object.keys(expected).map((name) => [name, execution.output(name)[0]?.length]);
	expect(Object.fromEntries(counts)).toEqual(expected);
});
