/** Other Model > Own Route: a system that the node does not know, by its paths. */
import type { IDataObject } from 'n8n-workflow';
import { errorText } from '../support/errorText';
import { TriggerNodeTest } from '../support/triggerNode';
import { VideoNodeTest } from '../support/videoNode';

const GROK = {
	provider: 'custom',
	mode: 'ownRoute',
	prompt: 'A fox in the snow',
	createPath: '/grok/v1/videos/generations',
	statusPath: '/grok/v1/videos/{taskId}',
	formFields: {
		field: [
			{ name: 'model', value: 'grok-imagine-video-1.5' },
			{ name: 'duration', value: '5' },
		],
	},
};

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	await node.close();
});

const imageUrl = () => `${node.simulator.resultOrigin}/media/image.png`;
const withImage = () => ({ files: { file: [{ formField: 'image.url', source: 'url', url: imageUrl() }] } });
const withOptions = (options: IDataObject) => ({ ...GROK, ...withImage(), options }) as typeof GROK;

test.each(['newest', 'march2026'] as const)(
	'creates, waits and downloads where answers are as of %s',
	async (envelopes) => {
		await node.close();
		node = await VideoNodeTest.start({ taskSeconds: 20, envelopes });
		const { rows, items, error } = await node.run({ ...GROK, ...withImage() });
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ status: 'succeeded', videoUrl: expect.stringContaining('/results/') }]);
		expect(items[0].binary?.data.mimeType).toBe('video/mp4');
	},
);

test('numbers and links are sent as such', async () => {
	const { rows } = await node.run({ ...GROK, ...withImage(), waitForCompletion: false });
	expect(node.creates()[0].json).toEqual({
		prompt: 'A fox in the snow',
		model: 'grok-imagine-video-1.5',
		duration: 5,
		image: { url: imageUrl() },
	});
	expect(rows).toMatchObject([{ provider: 'custom', route: '/grok/v1/videos/{taskId}' }]);
});

test.each(['get', 'wait', 'download'])('Task > %s takes its row up', async (operation) => {
	const { rows } = await node.run({ ...GROK, ...withImage(), waitForCompletion: false });
	node.clock.advance(60_000);
	const after = await node.run(
		{ resource: 'task', operation, taskId: '={{ $json.taskId }}' },
		{ items: [{ json: rows[0] }] },
	);
	expect(errorText(after.error)).toBe('');
	expect(after.rows[0]).toMatchObject({ status: 'succeeded', taskId: rows[0].taskId, route: GROK.statusPath });
});

test('the trigger takes it up from a list', async () => {
	const { rows } = await node.run({ ...GROK, ...withImage(), waitForCompletion: false });
	const { taskId, provider, route } = rows[0];
	const trigger = TriggerNodeTest.in(
		{ simulator: node.simulator, n8nApi: node.n8nApi, clock: node.clock },
		{ watch: 'listed', listAs: 'json', tasksJson: JSON.stringify([{ taskId, provider, route }]) },
	);
	await trigger.activate();
	const found = await trigger.poll(120_000);
	expect(found).toMatchObject([{ taskId, status: 'succeeded', route: GROK.statusPath }]);
});

test('the places of ID and link can be given, and go along in the route', async () => {
	const body = { odd: { handle: 'odd-1' } };
	node.simulator.addFault({ on: 'create', kind: 'reply', status: 200, body });
	const video = `${node.simulator.resultOrigin}/media/clip.mp4`;
	const answer = { state: 'done', files: { main: [{ where: video }] }, video_url: imageUrl() };
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body: answer, times: Infinity });
	const { rows, error } = await node.run(withOptions({ taskIdAt: 'odd.handle', videoLinkAt: 'files.main.0.where' }));
	expect(errorText(error)).toBe('');
	expect(rows[0]).toMatchObject({
		taskId: 'odd-1',
		route: '/grok/v1/videos/{taskId}#files.main.0.where',
		videoUrl: video,
	});
	const { rows: again } = await node.run(
		{ resource: 'task', operation: 'get', taskId: 'odd-1' },
		{ items: [{ json: rows[0] }] },
	);
	expect(again[0]).toMatchObject({ videoUrl: video });
});

const ELSEWHERE = [
	'//evil.example/x',
	'/\\evil.example/x',
	'\\\\evil.example',
	'https://evil.example/x',
	'@evil.example/x',
	'/x@evil.example',
	'/v1/../api/token',
	'/v1/./x',
	'/..',
	'/%2e%2e/api/token',
	'/%2f%2fevil.example',
	'/%252e%252e/x',
	'/%5cevil.example',
	'/x%40evil.example',
	'.evil.example/x',
	':8080/x',
	'/v1/videos#x',
	'/v1/videos\r\nHost: evil.example',
	'/v1/vid eos',
	'／／evil.example',
	'/api/token/',
	'/API/task/self',
];

test('a path that leads elsewhere is refused before anything is sent', async () => {
	const { createPath, statusPath } = GROK;
	const wrong = ELSEWHERE.flatMap((path) => [
		{ path, createPath: path, statusPath },
		{ path, createPath, statusPath: `${path}/{taskId}` },
	]);
	const { rows } = await node.run(
		{ ...GROK, createPath: '={{ $json.createPath }}', statusPath: '={{ $json.statusPath }}' },
		{ items: wrong.map((json) => ({ json })), onError: 'continueRegularOutput' },
	);
	for (const [index, json] of wrong.entries()) {
		const said = expect.stringMatching(/(Create|Status) Path/) as unknown;
		expect({ ...json, error: rows[index].error }).toEqual({ ...json, error: said });
	}
	expect(node.simulator.requests.filter(({ route }) => route !== 'catalog')).toEqual([]);
	expect(node.simulator.resultRequests).toEqual([]);
});

test.each([
	'/x',
	'/x/{taskId}/{taskId}',
	'/x/{id}',
	'//evil.example/{taskId}',
	'/api/token/{taskId}',
	'/x/%2e%2e/{taskId}',
])('a route %j of a row or an option is refused before anything is sent', async (route) => {
	const row = { taskId: 'task_1', provider: 'custom', route };
	const get = { resource: 'task', operation: 'get', taskId: 'task_1' };
	const { error } = await node.run(get, { items: [{ json: row }] });
	expect(errorText(error)).not.toBe('');
	expect(node.simulator.requests).toEqual([]);
});

test.each<[string, Array<{ name: string; value: string }>]>([
	[
		'inside one another',
		[
			{ name: 'a', value: '1' },
			{ name: 'a.b', value: '2' },
		],
	],
	['of a list with a hole', [{ name: 'a.4000000000', value: '1' }]],
	['that all objects share', [{ name: 'a.__proto__.b', value: '1' }]],
	[
		'twice',
		[
			{ name: 'a', value: '1' },
			{ name: 'a', value: '2' },
		],
	],
	['with a field of its own', [{ name: 'prompt', value: 'x' }]],
	['without a name', [{ name: '', value: 'x' }]],
])('names %s are refused', async (_what, field) => {
	const { error } = await node.run({ ...GROK, formFields: { field } });
	expect(errorText(error)).toMatch(/Form Fields/);
	expect(node.creates()).toEqual([]);
});

test('a form is sent as one, with links as links', async () => {
	const fields = [
		{ name: 'model', value: 'wan2.6' },
		{ name: 'seconds', value: '5' },
	];
	const { error, rows } = await node.run({
		...{ provider: 'custom', mode: 'ownRoute', prompt: 'A fox', createPath: '/v1/videos', bodyFormat: 'multipart' },
		...{ statusPath: '/v1/videos/{taskId}', formFields: { field: fields } },
		files: { file: [{ formField: 'reference_urls', source: 'url', url: imageUrl() }] },
	});
	expect(errorText(error)).toBe('');
	expect(node.creates()[0].form?.fields).toEqual([
		['prompt', 'A fox'],
		['model', 'wan2.6'],
		['seconds', '5'],
		['reference_urls', imageUrl()],
	]);
	expect(rows[0]).toMatchObject({ status: 'succeeded' });
});
