/** The workflows in `examples/`: n8n takes them as they are, and those of Kling run to their end. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodeType,
	INodeTypes,
	IPinData,
	IWorkflowSettings,
} from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import { CometApiVideo } from '../nodes/CometApiVideo/CometApiVideo.node';
import { detectMedia } from '../nodes/CometApiVideo/tasks/media';
import { sampleVideo } from './simulator/simulator';
import type { WorkflowDefinition } from './support/engine';
import { errorText } from './support/errorText';
import { NODE_TYPE, VideoNodeTest } from './support/videoNode';

const FOLDER = join(__dirname, '..', 'examples');
const FILES = readdirSync(FOLDER).filter((name) => /\.json$/.test(name) && !name.startsWith('tsconfig'));

const WAIT_TYPE = 'n8n-nodes-base.wait';
const TRIGGER_TYPE = 'n8n-nodes-base.manualTrigger';

const cometApiVideo = new CometApiVideo();

/** Stands for a node of n8n itself: hands on its items. Only what the examples use of the Wait node is described. */
function passThrough(displayName: string, properties: INodeProperties[] = []): INodeType {
	return {
		description: {
			displayName,
			name: displayName.toLowerCase(),
			group: ['transform'],
			version: [1, 1.1],
			description: 'Hands on its items',
			defaults: { name: displayName },
			inputs: ['main'],
			outputs: ['main'],
			properties,
		},
		async execute() {
			return await Promise.resolve([this.getInputData()]);
		},
	};
}

const NODE_TYPES: Readonly<Record<string, INodeType>> = {
	[NODE_TYPE]: cometApiVideo,
	[TRIGGER_TYPE]: passThrough('Trigger'),
	[WAIT_TYPE]: passThrough('Wait'),
};

const nodeTypes: INodeTypes = {
	getByName: (type) => NODE_TYPES[type],
	getByNameAndVersion: (type) => NODE_TYPES[type],
	getKnownTypes: () => ({}),
};

interface Example extends WorkflowDefinition {
	name: string;
	settings: IWorkflowSettings;
	pinData: IPinData;
}

function readExample(file: string): Example {
	return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example;
}

function ownNodes({ nodes }: WorkflowDefinition): INode[] {
	return nodes.filter(({ type }) => type === NODE_TYPE);
}

/** Parameters of a node that n8n would show, with their values; what n8n does not know or would hide is left out. */
function shownParameters(node: INode): INodeParameters {
	const { description } = cometApiVideo;
	return NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
}

/** Options that can be added to the node as it is set. */
function shownOptions(node: INode): string[] {
	const { description } = cometApiVideo;
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter({ ...shownParameters(node) }, property, node, description);
	const [collection] = description.properties.filter((property) => property.name === 'options' && isShown(property));
	const options = (collection?.options ?? []) as INodeProperties[];
	return options
		.filter((option) => NodeHelpers.displayParameterPath(node.parameters, option, 'options', node, description))
		.map(({ name }) => name);
}

function unknownParameters(node: INode): string[] {
	const shown = shownParameters(node);
	const options = Object.keys((node.parameters.options ?? {}) as INodeParameters);
	return [
		...Object.keys(node.parameters).filter((name) => !(name in shown)),
		...options.filter((name) => !shownOptions(node).includes(name)).map((name) => `options.${name}`),
	];
}

function issuesOf(node: INode): unknown {
	const { description } = cometApiVideo;
	return NodeHelpers.getNodeParametersIssues(description.properties, node, description);
}

test('the examples are there', () => {
	expect(FILES.sort()).toEqual(['kling-lip-sync.json', 'kling-talking-avatar.json', 'resume-by-callback.json', 'text-to-video.json']);
});

describe.each(FILES)('%s', (file) => {
	const example = readExample(file);
	const own = ownNodes(example).map((node): [string, INode] => [node.name, node]);

	test('is a workflow that n8n takes, of nodes that it knows', () => {
		const workflow = new Workflow({ id: '1', ...example, active: false, nodeTypes });
		expect(example.name).not.toBe('');
		expect(example.pinData).toEqual({});
		const types = example.nodes.map(({ type }) => type);
		expect(types.filter((type) => !(type in NODE_TYPES))).toEqual([]);
		expect(types[0]).toBe(TRIGGER_TYPE);
		for (const key of ['id', 'name'] as const) {
			const values = example.nodes.map((node) => node[key]);
			expect(values).toEqual([...new Set(values)]);
		}
		// One chain: each node leads to the next one.
		const names = example.nodes.map(({ name }) => name);
		expect(names.slice(0, -1).map((name) => workflow.getChildNodes(name, 'main', 1))).toEqual(names.slice(1).map((name) => [name]));
		expect(Object.keys(example.connections)).toEqual(names.slice(0, -1));
	});

	test.each(own)('%s: n8n knows and shows each parameter', (_name, node) => {
		expect(node.typeVersion).toBe(cometApiVideo.description.version);
		expect(unknownParameters(node)).toEqual([]);
	});

	test.each(own)('%s: nothing is missing', (_name, node) => {
		expect(issuesOf(node)).toBeNull();
	});

	test.each(own)('%s: the credential is to be chosen, and no secret is in the file', (_name, node) => {
		expect(node.credentials).toEqual({ cometApiVideoApi: { id: '', name: 'CometAPI account' } });
	});

	test('holds no key and no address but placeholders', () => {
		const text = readFileSync(join(FOLDER, file), 'utf8');
		expect(text).not.toMatch(/sk-|bearer|apiKey/i);
		const hosts = [...text.matchAll(/https?:\/\/([^/"\s]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => host !== 'example.com')).toEqual([]);
	});

	test('expressions name nodes that come before', () => {
		example.nodes.forEach((node, index) => {
			const earlier = example.nodes.slice(0, index).map(({ name }) => name);
			const named = [...JSON.stringify(node.parameters).matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
			expect(named.filter((name) => !earlier.includes(name))).toEqual([]);
		});
	});
});

describe('these checks notice', () => {
	const [create] = ownNodes(readExample('text-to-video.json'));
	const withParameters = (parameters: INodeParameters): INode => ({ ...create, parameters: { ...create.parameters, ...parameters } });

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

	test('the options that exist', () => {
		const names = ((cometApiVideo.description.properties.find(({ name }) => name === 'options')?.options ?? []) as Array<
			INodeProperties | INodePropertyCollection
		>).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['timeout', 'callbackUrl']));
		expect(unknownParameters(withParameters({ options: { timeout: 5 } }))).toEqual([]);
	});
});

describe('on the engine, with the media of the simulator in the place of the links,', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	const MEDIA: Readonly<Record<string, string>> = {
		'https://example.com/presenter.png': 'image.png',
		'https://example.com/speaker.mp4': 'clip.mp4',
	};

	function withMedia(example: Example): Example {
		const text = JSON.stringify(example).replaceAll(/https:\/\/example\.com\/[^"]*/g, (link) => {
			if (!MEDIA[link]) throw new Error(`No medium stands for ${link}`);
			return `${node.simulator.resultOrigin}/media/${MEDIA[link]}`;
		});
		return JSON.parse(text) as Example;
	}

	async function runExample(file: string) {
		const example = withMedia(readExample(file));
		const engine = node.engine({ nodeTypes: { ...NODE_TYPES } });
		const run = await engine.run(example, [{ json: {} }]);
		for (const { name } of ownNodes(example)) expect([name, errorText(run.taskData(name)?.error)]).toEqual([name, '']);
		const row = (name: string) => run.output(name)[0][0].json;
		const fileOf = async (name: string, field: string) => await engine.readBinary(run.output(name)[0][0], field);
		return { row, fileOf, last: example.nodes[example.nodes.length - 1].name };
	}

	/** Tasks of the simulator by the last part of their create path. */
	const taskOf = (kind: string) => [...node.simulator.tasks.values()].find(({ details }) => details.native?.kind === kind);

	test('kling-talking-avatar.json makes a speech, an avatar that says it, a longer video, and its sound', async () => {
		const { row, fileOf, last } = await runExample('kling-talking-avatar.json');
		expect(node.creates().map(({ path, status }) => [path, status])).toEqual([
			['/kling/v1/audio/tts', 200],
			['/kling/v1/videos/avatar/image2video', 200],
			['/kling/v1/videos/video-extend', 200],
			['/kling/v1/audio/video-to-audio', 200],
		]);
		expect(node.creates()[1].json).toMatchObject({ audio_id: row('Speak').audioId });
		expect(node.creates()[2].json).toMatchObject({ task_id: row('Avatar').taskId, video_id: row('Avatar').videoId });
		expect(node.creates()[3].json).toEqual({ video_id: row('Extend').videoId });
		expect(row(last)).toMatchObject({ status: 'succeeded', mode: 'videoToAudio', taskId: taskOf('video-to-audio')?.id });
		const video = await fileOf(last, 'data');
		expect(video.equals(sampleVideo)).toBe(true);
		expect(detectMedia(video)?.mimeType).toBe('video/mp4');
		expect(detectMedia(await fileOf(last, 'data_1'))?.mimeType).toBe('audio/mpeg');
	});

	test('kling-lip-sync.json makes a speech, finds a face, and moves its lips', async () => {
		const { row, fileOf, last } = await runExample('kling-lip-sync.json');
		expect(node.creates().map(({ path, status }) => [path, status])).toEqual([
			['/kling/v1/audio/tts', 200],
			['/kling/v1/videos/identify-face', 200],
			['/kling/v1/videos/advanced-lip-sync', 200],
		]);
		expect(node.creates()[2].json).toMatchObject({
			session_id: row('Identify faces').sessionId,
			face_choose: [
				{
					face_id: row('Identify faces').faceId,
					audio_id: row('Speak').audioId,
					sound_end_time: String(Number(row('Speak').durationSeconds) * 1000),
				},
			],
		});
		expect(row(last)).toMatchObject({ status: 'succeeded', taskId: taskOf('advanced-lip-sync')?.id });
		const video = await fileOf(last, 'data');
		expect(video.equals(sampleVideo)).toBe(true);
		expect(detectMedia(video)?.mimeType).toBe('video/mp4');
	});

	test('resume-by-callback.json creates without waiting, gives the address of n8n to Kling, and reads the truth when it goes on', async () => {
		const { row, fileOf, last } = await runExample('resume-by-callback.json');
		expect(node.creates()).toHaveLength(1);
		const { callback_url: callbackUrl } = node.creates()[0].json as { callback_url: string };
		expect(callbackUrl).toMatch(/^http:\/\/localhost\/webhook-waiting\/execution-\d+/);
		expect(row('Create')).toMatchObject({ status: 'pending', pollCount: 0, mode: 'textToVideo' });
		expect(row(last)).toMatchObject({
			status: 'succeeded',
			provider: 'kling',
			taskId: row('Create').taskId,
			route: '/kling/v1/videos/text2video',
		});
		expect(new Set(node.polls().map(({ path }) => path))).toEqual(
			new Set([`/kling/v1/videos/text2video/${String(row('Create').taskId)}`]),
		);
		expect((await fileOf(last, 'data')).equals(sampleVideo)).toBe(true);
	});

	test('text-to-video.json makes a video', async () => {
		const { row, fileOf, last } = await runExample('text-to-video.json');
		expect(row(last)).toMatchObject({ status: 'succeeded', provider: 'seedance' });
		expect((await fileOf(last, 'data')).equals(sampleVideo)).toBe(true);
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
