/** Answers that are meant to fill the memory, or to be read for ever. */
import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { INodeParameters } from 'n8n-workflow';
import { errorText } from '../support/errorText';
import { Listener } from '../support/listener';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };
const MEMBER_MEGABYTES = 16;
const MEMBERS = 30;
/** Blanks before a JSON object, which are JSON: one member of a gzip file after the other, 480 MB of 480 kB. */
const BLANKS = gzipSync(Buffer.alloc(MEMBER_MEGABYTES * 1e6, ' '));
const BOMB = Buffer.concat([
	...Array.from({ length: MEMBERS }, () => BLANKS),
	gzipSync('{"id":"task_1","status":"queued"}'),
]);
const MOST_MEGABYTES = 200;

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

function sendBomb(response: ServerResponse, contentType = 'application/json') {
	response
		.writeHead(200, { 'content-type': contentType, 'content-encoding': 'gzip', 'content-length': BOMB.length })
		.end(BOMB);
}

/** The most memory that is held while this runs, over what was held before. */
async function peakMegabytes(work: () => Promise<void>): Promise<number> {
	const before = process.memoryUsage.rss();
	let peak = before;
	const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
	await work();
	clearInterval(timer);
	return (Math.max(peak, process.memoryUsage.rss()) - before) / 1e6;
}

test.each<[string, INodeParameters, RegExp]>([
	['create', PROMPT, /not known whether CometAPI created the video.*larger than 16 MB/s],
	['status', { resource: 'task', operation: 'get', taskId: 'task_1' }, /answer of CometAPI is larger than 16 MB/],
	['balance', { resource: 'account', operation: 'getBalance' }, /answer of CometAPI is larger than 16 MB/],
	['list of models', { resource: 'model', operation: 'getAll' }, /larger than 16 MB/],
])(
	'a small answer about the %s that grows to hundreds of megabytes is given up early',
	async (_what, parameters, reads) => {
		const server = await Listener.start((_request, response) => sendBomb(response));
		let text = '';
		const megabytes = await peakMegabytes(async () => {
			text = errorText((await node.run(parameters, { baseUrl: server.origin })).error);
		});
		expect(text).toMatch(reads);
		expect(megabytes).toBeLessThan(MOST_MEGABYTES);
		await server.close();
	},
);

test("so is one of n8n's own API", async () => {
	const server = await Listener.start((_request, response) => sendBomb(response));
	const table = { recordTasks: 'all', tableAccess: 'apiKey', dataTable: { __rl: true, mode: 'name', value: 'Videos' } };
	const { error } = await node.run({ ...PROMPT, ...table }, { n8nBaseUrl: server.origin });
	expect(errorText(error)).toMatch(/answer of n8n is larger than 16 MB/);
	expect(node.creates()).toEqual([]);
	await server.close();
});

test('a video that grows while it is unpacked is held to the maximum file size', async () => {
	const server = await Listener.start((_request, response) => sendBomb(response, 'video/mp4'));
	const body = { id: 'task_1', status: 'completed', video_url: `${server.origin}/video.mp4` };
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: Infinity });
	node.simulator.addFault({ on: 'content', kind: 'reply', status: 404, times: Infinity });
	let text = '';
	const megabytes = await peakMegabytes(async () => {
		text = errorText((await node.run({ ...PROMPT, options: { maxFileSize: 5 } })).error);
	});
	expect(text).toMatch(/larger than 5 MB|instead of a video/);
	expect(megabytes).toBeLessThan(MOST_MEGABYTES);
	await server.close();
});

test('a picture that grows while it is unpacked is held to the limit of its field', async () => {
	const server = await Listener.start((_request, response) => sendBomb(response, 'image/png'));
	let text = '';
	const megabytes = await peakMegabytes(async () => {
		text = errorText((await node.run({ ...PROMPT, mode: 'imageToVideo', imagesUrl: `${server.origin}/a.png` })).error);
	});
	expect(text).toMatch(/Images is larger than 30 MB/);
	expect(megabytes).toBeLessThan(MOST_MEGABYTES);
	expect(node.creates()).toEqual([]);
	await server.close();
});

test('a refused download whose explanation drips for ever is not read to its end', async () => {
	let hasDripped = false;
	const server = await Listener.start((_request, response) => {
		response.writeHead(403, { 'content-type': 'application/json' }).write('{"message":"');
		// In real time, so once; further tries are answered at once.
		if (hasDripped) return void response.end('"}');
		hasDripped = true;
		const drip = setInterval(() => response.write('x'), 100);
		response.on('close', () => clearInterval(drip));
	});
	const body = { id: 'task_1', status: 'completed', video_url: `${server.origin}/video.mp4` };
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: Infinity });
	node.simulator.addFault({ on: 'content', kind: 'reply', status: 404, times: Infinity });
	const { error } = await node.run({ ...PROMPT, options: { requestTimeout: 1 } });
	expect(errorText(error)).toMatch(/could not be downloaded \(HTTP 403\)/);
	await server.close();
});

test('an answer that has come is not kept until its time limit', async () => {
	const limits = jest.spyOn(AbortSignal, 'timeout');
	await node.run({ ...PROMPT, downloadVideo: false });
	const signals = limits.mock.results.map(({ value }) => value as AbortSignal);
	expect(signals.length).toBeGreaterThan(2);
	expect(signals.flatMap((signal) => getEventListeners(signal, 'abort'))).toEqual([]);
});
