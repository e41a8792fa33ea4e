/** The workflows in `examples/`: n8n takes them as they are, nothing is missing, and a person finds out what they are for. */
import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import type { Example } from './support/exampleWorkflows';
import {
	AGENT_TYPE,
	ALL_TYPES,
	CODE_TYPE,
	EXAMPLES,
	OWN_TYPES,
	TOOL_TYPE,
	TRIGGER_TYPES,
	WAIT_TYPE,
	isSticky,
	nodeTypes,
	readExample,
	readExampleText,
} from './support/exampleWorkflows';
import { NODE_TYPE } from './support/videoNode';

const CREDENTIALS: Readonly<Record<string, string>> = {
	cometApiVideoApi: 'CometAPI account',
	n8nDataTableApi: 'n8n account',
	gmailOAuth2: 'Gmail account',
	googleDriveOAuth2Api: 'Google Drive account',
	googleSheetsOAuth2Api: 'Google Sheets account',
	openAiApi: 'OpenAI account',
	slackApi: 'Slack account',
	youTubeOAuth2Api: 'YouTube account',
};

/** Of a node on n8n's canvas, with its name below; the agent is the widest. */
const NODE_SIZE = { width: 100, height: 140 };
const AGENT_WIDTH = 256;
const GRID = { x: 110, y: 200 };

/** They begin the paragraphs of the first note, after what the workflow does. */
const OVERVIEW_LABELS = ['Connect:', 'Cost:', 'Change:'];

const descriptionOf = ({ type }: INode): INodeTypeDescription => ALL_TYPES[type].description;

function ownNodes({ nodes }: Example): INode[] {
	return nodes.filter(({ type }) => type in OWN_TYPES);
}

function stepsOf({ nodes }: Example): INode[] {
	return nodes.filter((node) => !isSticky(node));
}

/** Of a copy, for n8n takes away what it does not know. */
function toWorkflow(example: Example): Workflow {
	return new Workflow({ id: '1', ...structuredClone(example), active: false, nodeTypes });
}

/** Parameters of a node that n8n would show, with their values; what n8n does not know or would hide is left out. */
function shownParameters(node: INode): INodeParameters {
	const description = descriptionOf(node);
	return NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
}

function unknownParameters(node: INode): string[] {
	const shown = shownParameters(node);
	const unknownMembers = ['options', 'filters', 'columnNames'].flatMap((name) => {
		const [given, known] = [node.parameters[name], shown[name]].map((collection) =>
			Object.keys((collection ?? {}) as INodeParameters),
		);
		return given.filter((member) => !known.includes(member)).map((member) => `${name}.${member}`);
	});
	return [...Object.keys(node.parameters).filter((name) => !(name in shown)), ...unknownMembers];
}

function issuesOf(node: INode): unknown {
	const description = descriptionOf(node);
	return NodeHelpers.getNodeParametersIssues(description.properties, node, description);
}

function neededCredentials(node: INode): string[] {
	const description = descriptionOf(node);
	return (description.credentials ?? [])
		.filter((credential) => NodeHelpers.displayParameter(shownParameters(node), credential, node, description))
		.map(({ name }) => name);
}

/** Nodes that run when the workflow is started, and the sub-nodes that they use. */
function reachableNodes(example: Example): string[] {
	const workflow = toWorkflow(example);
	const [{ name: start }] = example.nodes;
	const steps = [start, ...workflow.getChildNodes(start, 'main')];
	return [...new Set([...steps, ...steps.flatMap((name) => workflow.getParentNodes(name, 'ALL_NON_MAIN'))])];
}

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

function boxOf(node: INode): Box {
	const [left, top] = node.position;
	const { width, height } = (isSticky(node) ? node.parameters : NODE_SIZE) as typeof NODE_SIZE;
	return {
		name: node.name,
		left,
		top,
		right: left + (node.type === AGENT_TYPE ? AGENT_WIDTH : width),
		bottom: top + height,
	};
}

function overlaps(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

test('the examples are there', () => {
	expect(EXAMPLES).toEqual([
		'agent-in-a-chat.json',
		'alert-when-a-video-fails.json',
		'batch-from-a-sheet.json',
		'clothes-to-video.json',
		'create-now-publish-later.json',
		'first-and-last-frame.json',
		'form-to-drive-and-mail.json',
		'join-clips.json',
		'lip-sync.json',
		'nightly-batch.json',
		'own-route.json',
		'product-photo-to-published-ad.json',
		'publish-on-a-schedule.json',
		'publish-when-finished.json',
		'recover-unfinished-videos.json',
		'reels-from-google-sheets.json',
		'resume-by-callback.json',
		'script-to-film.json',
		'talking-presenter.json',
		'text-to-video.json',
		'three-models-side-by-side.json',
	]);
	expect(new Set(EXAMPLES.map((file) => readExample(file).name)).size).toBe(EXAMPLES.length);
});

describe.each(EXAMPLES)('%s', (file) => {
	const example = readExample(file);
	const own = ownNodes(example).map((node): [string, INode] => [node.name, node]);
	const stickies = example.nodes.filter(isSticky);

	test('is a workflow that n8n takes, of nodes that it knows', () => {
		expect(example.name).not.toBe('');
		expect([example.pinData, example.settings]).toEqual([{}, { executionOrder: 'v1' }]);
		const types = example.nodes.map(({ type }) => type);
		expect(types.filter((type) => !(type in ALL_TYPES))).toEqual([]);
		expect(types.filter((type) => TRIGGER_TYPES.includes(type))).toEqual([types[0]]);
		for (const node of example.nodes) {
			expect([node.name, [descriptionOf(node).version].flat()]).toEqual([
				node.name,
				expect.arrayContaining([node.typeVersion]),
			]);
			expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
		}
		for (const key of ['id', 'name'] as const) {
			const values = example.nodes.map((node) => node[key]);
			expect(values).toEqual([...new Set(values)]);
		}
	});

	test('each node is reached from the trigger, and each connection leads to a node', () => {
		const names = stepsOf(example).map(({ name }) => name);
		expect(reachableNodes(example).sort()).toEqual([...names].sort());
		const ends = Object.values(example.connections).flatMap((outputs) => Object.values(outputs).flat(2));
		expect(
			[...Object.keys(example.connections), ...ends.map((end) => end?.node)].filter(
				(name) => !names.includes(name ?? ''),
			),
		).toEqual([]);
	});

	test('an error output is connected, and only where On Error gives one', () => {
		for (const { name, onError } of example.nodes) {
			const outputs = example.connections[name]?.main ?? [];
			const isOwn = own.some(([ownName]) => ownName === name);
			if (isOwn)
				expect([name, outputs.length]).toEqual([
					name,
					onError === 'continueErrorOutput' ? 2 : Math.min(outputs.length, 1),
				]);
		}
	});

	test.each(own)('%s: n8n knows and shows each parameter', (_name, node) => {
		expect(node.typeVersion).toBe(descriptionOf(node).version);
		expect(unknownParameters(node)).toEqual([]);
	});

	test.each(own)('%s: nothing is missing', (_name, node) => {
		expect(issuesOf(node)).toBeNull();
	});

	test.each(own)('%s: has all credentials that it needs', (_name, node) => {
		expect(Object.keys(node.credentials ?? {}).sort()).toEqual(neededCredentials(node).sort());
	});

	test('the credentials are to be chosen, and no secret is in the file', () => {
		for (const { credentials = {} } of example.nodes) {
			for (const [type, credential] of Object.entries(credentials))
				expect(credential).toEqual({ id: '', name: CREDENTIALS[type] });
		}
		expect(readExampleText(file)).not.toMatch(/sk-|bearer|apiKey/i);
	});

	test('holds no address but placeholders', () => {
		const hosts = [...readExampleText(file).matchAll(/https?:\/\/([^/"\s]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => host !== 'example.com')).toEqual([]);
	});

	test('expressions name nodes that come before', () => {
		const workflow = toWorkflow(example);
		for (const { name, parameters } of stepsOf(example)) {
			const named = [...JSON.stringify(parameters).matchAll(/\$\('([^']+)'\)/g)].map(([, other]) => other);
			expect([name, named.filter((other) => !workflow.getParentNodes(name).includes(other))]).toEqual([name, []]);
		}
	});

	test('a note says what it does, what to connect, what it costs and what to change, in a few sentences', () => {
		const [{ name, parameters }] = stickies;
		expect(name).toBe('Overview');
		const parts = String(parameters.content).split('\n\n');
		expect(parts).toEqual([
			expect.stringMatching(/^## \S/),
			expect.stringMatching(/^[^*]/),
			...OVERVIEW_LABELS.map((label) => expect.stringContaining(`**${label}** `) as string),
		]);
		expect(parts[2]).toMatch(/credential/);
		expect(parts[3]).toMatch(/USD|price|nothing/);
		const sentences = stickies.map((sticky) => String(sticky.parameters.content).match(/[.!?](?=\s|$)/g)?.length ?? 0);
		expect(Math.max(...sentences)).toBeLessThanOrEqual(7);
	});

	test('what the notes name in bold is there', () => {
		const labels = new Set([
			...stepsOf(example).flatMap(({ name }) => [name, name.replace(' (replace me)', '')]),
			...ownNodes(example).flatMap((node) => labelsOf(descriptionOf(node).properties)),
			...OVERVIEW_LABELS,
			...['Execute workflow', 'Execute step', 'Options'],
			'Settings > n8n API',
		]);
		const named = stickies.flatMap(({ parameters }) =>
			[...String(parameters.content).matchAll(/\*\*(.+?)\*\*/g)].map(([, label]) => label),
		);
		expect(named.filter((label) => !labels.has(label))).toEqual([]);
	});

	test('texts that people change in a Code node may hold apostrophes, quotes and line breaks', () => {
		for (const { parameters } of example.nodes.filter(({ type }) => type === CODE_TYPE)) {
			const [, hint, ...lines] = String(parameters.jsCode).split('\n');
			expect(hint).toBe('// Change only the text between the quotes.');
			expect(lines.join('\n')).not.toMatch(/['"]/);
		}
	});

	test('is laid out tidily: nodes on a grid, nothing on top of anything, the overview at the left top', () => {
		for (const {
			name,
			position: [x, y],
		} of stepsOf(example))
			expect([name, Math.abs(x % GRID.x), Math.abs(y % GRID.y)]).toEqual([name, 0, 0]);
		const boxes = example.nodes.map(boxOf);
		const collisions = boxes.flatMap((box, index) =>
			boxes.slice(index + 1).flatMap((other) => (overlaps(box, other) ? [[box.name, other.name]] : [])),
		);
		expect(collisions).toEqual([]);
		const overview = boxOf(stickies[0]);
		for (const step of stepsOf(example).map(boxOf)) {
			expect(overview.right).toBeLessThanOrEqual(step.left);
			expect(overview.top).toBeLessThanOrEqual(step.top);
		}
	});
});

function labelsOf(properties: ReadonlyArray<{ displayName?: string; options?: unknown }>): string[] {
	return properties.flatMap(({ displayName, options }) => [
		displayName ?? '',
		...labelsOf(Array.isArray(options) ? (options as Array<{ displayName?: string }>) : []),
	]);
}

describe('these checks notice', () => {
	const [create] = ownNodes(readExample('text-to-video.json'));
	const withParameters = (parameters: INodeParameters): INode => ({
		...create,
		parameters: { ...create.parameters, ...parameters },
	});

	test.each<[string, INodeParameters, string[]]>([
		['a parameter that does not exist', { colour: 'red' }, ['colour']],
		['a parameter of another provider', { voiceId: 'x' }, ['voiceId']],
		['an option that does not exist', { options: { colour: 'red' } }, ['options.colour']],
		['an option of another provider', { options: { callbackUrl: 'https://example.com' } }, ['options.callbackUrl']],
	])('%s', (_what, parameters, unknown) => {
		expect(unknownParameters(withParameters(parameters))).toEqual(unknown);
	});

	test('a required parameter that is empty', () => {
		expect(issuesOf(withParameters({ prompt: '' }))).toMatchObject({ parameters: { prompt: expect.any(Array) } });
	});

	test('a credential that the parameters call for', () => {
		expect(neededCredentials(create)).toEqual(['cometApiVideoApi']);
		expect(neededCredentials(withParameters({ recordTasks: 'all', tableAccess: 'apiKey' }))).toEqual([
			'cometApiVideoApi',
			'n8nDataTableApi',
		]);
	});

	test('a node that nothing leads to', () => {
		const example = readExample('alert-when-a-video-fails.json');
		example.connections['Generate video'].main.pop();
		expect(reachableNodes(example)).not.toContain('Send alert (replace me)');
	});

	test('the options that exist', () => {
		const { properties } = ALL_TYPES[NODE_TYPE].description;
		const names = (
			(properties.find(({ name }) => name === 'options')?.options ?? []) as Array<
				INodeProperties | INodePropertyCollection
			>
		).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['maxEstimatedCost', 'fileName']));
		expect(unknownParameters(withParameters({ options: { maxFileSize: 5 } }))).toEqual([]);
		expect(unknownParameters(withParameters({ options: { timeout: 5 } }))).not.toEqual([]);
		expect(unknownParameters(withParameters({ waitingOptions: { timeout: 5 } }))).toEqual([]);
	});
});

test('resume-by-callback.json waits for one call by POST, but not for ever', () => {
	const { nodes } = readExample('resume-by-callback.json');
	const wait = nodes.find(({ type }) => type === WAIT_TYPE);
	expect(wait).toMatchObject({
		typeVersion: 1.1,
		parameters: {
			resume: 'webhook',
			httpMethod: 'POST',
			limitWaitTime: true,
			limitType: 'afterTimeInterval',
			resumeAmount: expect.any(Number),
			resumeUnit: 'minutes',
		},
		webhookId: expect.stringMatching(/^[0-9a-f-]{36}$/),
	});
});

test('agent-in-a-chat.json gives the agent a model and the tool, which asks it for the prompt alone and knows a limit', () => {
	const { nodes, connections } = readExample('agent-in-a-chat.json');
	const agent = nodes.find(({ type }) => type === AGENT_TYPE);
	const tool = nodes.find(({ type }) => type === TOOL_TYPE);
	for (const [name, type] of [
		['OpenAI Chat Model', 'ai_languageModel'],
		[String(tool?.name), 'ai_tool'],
	]) {
		expect(connections[name]).toEqual({ [type]: [[{ node: agent?.name, type, index: 0 }]] });
	}
	expect(tool?.parameters).toMatchObject({
		downloadVideo: false,
		waitForCompletion: true,
		options: { maxEstimatedCost: 1 },
	});
	expect(JSON.stringify(tool?.parameters).match(/\$fromAI\('\w+'/g)).toEqual(["$fromAI('prompt'"]);
	expect(JSON.stringify(agent?.parameters)).toContain(String(tool?.name));
});
