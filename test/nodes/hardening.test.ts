/** Rare circumstances, each of which once cost a user a task, money or the key. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { INodeType } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { sampleVideo } from '../simulator/simulator';
import { singleNodeWorkflow } from '../support/engine';
import { errorText } from '../support/errorText';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };

const NOTHING_HERE = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

test('thirty items that are due at once do not stop the event loop, in real time', async () => {
	const created = await node.run(
		{ ...PROMPT, waitForCompletion: false },
		{ items: Array.from({ length: 30 }, () => ({ json: {} })) },
	);
	node.clock.advance(100_000);
	jest.restoreAllMocks();
	const { items } = await node.run(
		{ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}', downloadVideo: true },
		{ items: created.rows.map((json) => ({ json })) },
	);
	expect(items).toHaveLength(30);
	for (const item of items) expect(item.binary?.data.bytes).toBe(sampleVideo.length);
});

describe('an answer that HTTP itself cannot read', () => {
	/** A server that accepts everything and answers with these bytes. */
	async function answering(bytes: string) {
		let requests = 0;
		const server = createServer((socket) => {
			socket.on('error', () => {});
			socket.on('data', (data) => {
				if (data.toString('latin1').startsWith('GET')) {
					socket.end(NOTHING_HERE);
				} else {
					requests += 1;
					socket.end(bytes);
				}
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests, server };
	}

	test.each([
		['a bad header', 'HTTP/1.1 200 OK\r\nbad header\u0000\r\n\r\n'],
		['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n'],
		['bad compression', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain'],
		['nothing like HTTP', 'hello\r\n\r\n'],
	])('%s: the create counts as unknown, and is not repeated', async (_what, bytes) => {
		const { baseUrl, requests, server } = await answering(bytes);
		const { error } = await node.run({ ...PROMPT, options: { requestTimeout: 2 } }, { baseUrl, retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video/);
		expect(requests()).toBe(1);
		server.close();
	});
});

test('a status that drips does not outlive its time limit', async () => {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.on('data', (data) => {
			const text = data.toString('latin1');
			if (text.startsWith('POST')) {
				const body = '{"id":"task_1","status":"queued"}';
				socket.end(
					`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
				);
			} else if (text.includes('/api/models')) {
				socket.end(NOTHING_HERE);
			} else {
				socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{');
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { error } = await node.run(
		{ ...PROMPT, options: { requestTimeout: 1, timeout: 0.1, pollInterval: 6 } },
		{ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
	);
	expect(errorText(error)).toMatch(/could not be reached.*task_1 is unknown/);
	server.close();
});

describe('what concerns all items', () => {
	const items = [{ json: { row: 1 } }, { json: { row: 2 } }];

	test.each([
		['a limit of cost', { ...PROMPT, options: { maxEstimatedCost: 0.01 } }, {}, /more than Max Estimated Cost/],
		['a setting that cannot be', { ...PROMPT, options: { timeout: -1 } }, {}, /Timeout \(Minutes\) cannot be -1/],
		['an unencrypted base URL', PROMPT, { baseUrl: 'http://api.cometapi.com' }, /would send the API key unencrypted/],
	])('%s goes to the error output, once per item', async (_what, parameters, options, reads) => {
		const run = await node.run(parameters, { ...options, items, onError: 'continueErrorOutput' });
		expect(run.items).toEqual([]);
		expect(run.errorItems).toHaveLength(2);
		for (const { json } of run.errorItems) expect(String(json.error)).toMatch(reads);
		expect(node.creates()).toEqual([]);
	});
});

test('a task ID that nobody knows is called that, also when the wait is short', async () => {
	const { error } = await node.run({
		resource: 'task',
		operation: 'wait',
		taskId: 'task_typo',
		options: { timeout: 0.5 },
	});
	expect(errorText(error)).toMatch(/does not know the task task_typo.*Check the task ID/s);
});

test('a store that fails is not called a broken download, and the file is not fetched again', async () => {
	const { items } = await node.run({ ...PROMPT, waitForCompletion: false });
	node.clock.advance(100_000);
	const { BinaryDataService } = jest.requireActual<typeof import('n8n-core')>('n8n-core');
	jest.spyOn(BinaryDataService.prototype, 'store').mockImplementation(async (_location, stream) => {
		for await (const chunk of stream as AsyncIterable<Buffer>) void chunk;
		throw new Error('ENOSPC: no space left on device');
	});
	const { error } = await node.run({ resource: 'task', operation: 'download', taskId: String(items[0].json.taskId) });
	expect(errorText(error)).toMatch(/n8n could not store the file \(ENOSPC/);
	expect(node.simulator.resultRequests).toHaveLength(1);
});

test('a picture link with a stray percent sign is no obstacle', async () => {
	const { error } = await node.run({
		...PROMPT,
		mode: 'imageToVideo',
		imagesUrl: `${node.simulator.resultOrigin}/media/100%.png`,
	});
	expect(errorText(error)).toMatch(/could not be fetched/);
});

test('several files of one name in JSON are a list', async () => {
	await node.run({
		provider: 'custom',
		prompt: 'x',
		model: { __rl: true, mode: 'id', value: 'omni-fast-v2v' },
		bodyFormat: 'json',
		files: {
			file: [
				{ formField: 'video', source: 'url', url: `${node.simulator.resultOrigin}/media/image.png` },
				{ formField: 'video', source: 'url', url: `${node.simulator.resultOrigin}/media/second.png` },
			],
		},
	});
	const { video } = node.creates()[0].json as { video: string[] };
	expect(video).toHaveLength(2);
	expect(video[0]).not.toBe(video[1]);
});

test('a length of another model is refused, not replaced, when the model is fixed', async () => {
	const { error } = await node.run(
		{
			provider: 'sora',
			model: { __rl: true, mode: 'list', value: 'sora-2' },
			prompt: 'x',
			seconds: '={{ $json.seconds }}',
		},
		{ items: [{ json: { seconds: 10 } }] },
	);
	expect(errorText(error)).toMatch(/Duration cannot be 10 with the model sora-2/);
	expect(node.creates()).toEqual([]);
});

test('in a loop the same prompt makes another video each time', async () => {
	let rounds = 0;
	const loop: INodeType = {
		description: {
			...new CometApiVideo().description,
			name: 'loop',
			outputs: ['main', 'main'],
			properties: [],
			credentials: [],
		},
		async execute() {
			rounds += 1;
			return rounds < 3 ? [this.getInputData(), []] : [[], this.getInputData()];
		},
	};
	const { nodes, connections } = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: { ...PROMPT, downloadVideo: false },
	});
	const again = { ...nodes[1], id: 'loop', name: 'Loop', type: 'test.loop', parameters: {}, credentials: {} };
	const run = await node.engine({ nodeTypes: { [NODE_TYPE]: new CometApiVideo(), 'test.loop': loop } }).run(
		{
			nodes: [...nodes, again],
			connections: {
				...connections,
				Node: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
				Loop: { main: [[{ node: 'Node', type: 'main', index: 0 }]] },
			},
		},
		[{ json: {} }],
	);
	expect(run.run.data.resultData.error).toBeUndefined();
	expect(node.creates()).toHaveLength(3);
	expect(node.simulator.tasks.size).toBe(3);
});
