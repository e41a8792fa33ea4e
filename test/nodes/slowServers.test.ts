/** Servers that drip, hang or send too much: given up in bounded time, once, with the link; the key stays at home. */
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { Listener } from '../support/listener';
import type { Answer } from '../support/tinyService';
import { sendJson, sendVideo, startTinyService } from '../support/tinyService';
import { VideoNodeTest, toNodeRun } from '../support/videoNode';

const PICTURE = { prompt: 'A lighthouse in a storm', mode: 'imageToVideo', waitForCompletion: false };

let node: VideoNodeTest;
let server: Listener;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await Promise.all([node.close(), server.close()]);
});

/** Writes a piece when the reader has had time to take the last one, and lets the clock's time pass for each. */
function drip(response: ServerResponse, piece: Buffer, gapMs: number, contentType = 'video/mp4'): true {
	response.writeHead(200, { 'content-type': contentType }).write(sampleVideo.subarray(0, 64));
	const timer = setInterval(() => {
		node.clock.advance(gapMs);
		response.write(piece);
	}, 3);
	response.on('close', () => clearInterval(timer));
	return true;
}

async function serveLink(link: (origin: string) => string, answer: Answer): Promise<void> {
	server = await startTinyService(node.clock, (request, response) => {
		if (request.url !== '/v1/videos/task_1') return answer(request, response);
		return sendJson(response, { id: 'task_1', status: 'completed', video_url: link(server.origin) });
	});
}

const download = async (options = {}) =>
	await node.run(
		{ resource: 'task', operation: 'download', taskId: 'task_1', taskProvider: 'seedance', options },
		{ baseUrl: server.origin },
	);

const asked = (path: string) => server.requests.filter(({ url }) => url.split('?')[0] === path);

test.each([
	['drips', Buffer.alloc(8), 10_000, 2 * 60],
	// Ten minutes, and a second for each 50 kB: on a busy machine more is read at once than in the gaps that are counted.
	['is a little faster, but would take for days', Buffer.alloc(110_000), 10_000, 10 * 60],
])('a download that %s is given up in bounded time, once, with the link', async (_what, piece, gapMs, mostSeconds) => {
	await serveLink(
		(origin) => `${origin}/slow`,
		({ url }, response) => url === '/slow' && drip(response, piece, gapMs),
	);
	const { error } = await download();
	expect(errorText(error)).toMatch(/comes too slowly.*Task > Download/s);
	expect(error?.context.details).toMatchObject({ videoUrl: `${server.origin}/slow` });
	expect(asked('/slow')).toHaveLength(1);
	// As the node has counted them: on a busy machine the clock of the test runs ahead of what is read.
	const [, amount, unit, seconds] = / (\d+) (kB|bytes) in (\d+) seconds/.exec(errorText(error)) ?? [];
	const kilobytes = unit === 'kB' ? Number(amount) : 0;
	expect(Number(seconds)).toBeLessThan(mostSeconds + kilobytes / 50 + (2 * gapMs) / 1000);
});

test('four downloads that drip keep none of the others waiting, and each ends with its link', async () => {
	const events: string[] = [];
	let dripping = 0;
	/** They take no time at first, so that it is the others' turn however busy this machine is. */
	const MOST_DRIPS_WITHOUT_TIME = 400;
	server = await startTinyService(node.clock, ({ url }, response) => {
		const [, place, number] = /^\/(v1\/videos|slow|file)\/(\d+)$/.exec(url) ?? [];
		if (place === 'v1/videos') {
			const video_url = `${server.origin}/${Number(number) <= 4 ? 'slow' : 'file'}/${number}`;
			return sendJson(response, { id: number, status: 'completed', video_url });
		}
		if (place === 'file') {
			events.push('fetched');
			return sendVideo(response, sampleVideo);
		}
		if (place !== 'slow') return false;
		dripping += 1;
		let drips = 0;
		response.writeHead(200, { 'content-type': 'video/mp4' }).write(sampleVideo.subarray(0, 64));
		const timer = setInterval(() => {
			const isTime = events.length >= 6 || ++drips > MOST_DRIPS_WITHOUT_TIME;
			if (isTime) node.clock.advance(2000);
			response.write(Buffer.alloc(8));
		}, 3);
		response.on('close', () => {
			clearInterval(timer);
			dripping -= 1;
			events.push('given up');
		});
		return true;
	});
	const openRequests = node.clock.openRequests;
	// Time goes on although they are never answered to the end.
	node.clock.openRequests = () => openRequests() - dripping;
	const { rows } = await node.run(
		{ resource: 'task', operation: 'wait', taskId: '={{ $json.id }}', taskProvider: 'seedance', downloadVideo: true },
		{
			baseUrl: server.origin,
			onError: 'continueRegularOutput',
			items: Array.from({ length: 10 }, (_, index) => ({ json: { id: String(index + 1) } })),
		},
	);
	expect(events).toEqual([...Array<string>(6).fill('fetched'), ...Array<string>(4).fill('given up')]);
	expect(rows.slice(4).map(({ status }) => status)).toEqual(Array<string>(6).fill('succeeded'));
	for (const [index, row] of rows.slice(0, 4).entries()) {
		expect(row.error).toMatch(/comes too slowly/);
		expect(row.details).toMatchObject({ taskId: String(index + 1), videoUrl: `${server.origin}/slow/${index + 1}` });
	}
});

test('a clock that jumps once is no slow server', async () => {
	await serveLink(
		(origin) => `${origin}/file`,
		({ url }, response) => {
			if (url !== '/file') return false;
			response.writeHead(200, { 'content-type': 'video/mp4' }).write(sampleVideo.subarray(0, 100), () => {
				node.clock.advance(3_600_000);
				response.end(sampleVideo.subarray(100));
			});
			return true;
		},
	);
	expect((await download()).items[0].binary?.data.bytes).toBe(sampleVideo.length);
});

test('a link that drips does not keep the content route from giving the video', async () => {
	await serveLink(
		(origin) => `${origin}/slow`,
		({ url }, response) =>
			url === '/slow'
				? drip(response, Buffer.alloc(8), 10_000)
				: url.endsWith('/content') && sendVideo(response, sampleVideo),
	);
	expect((await download()).items[0].binary?.data.bytes).toBe(sampleVideo.length);
});

test('what the server calls too large is not fetched, neither again nor from elsewhere', async () => {
	let sent = 0;
	await serveLink(
		(origin) => `${origin}/large`,
		(_request, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 5_000_000 });
			response.write(Buffer.alloc(64), () => (sent += 64));
			return true;
		},
	);
	const { error } = await download({ maxFileSize: 3 });
	expect(errorText(error)).toMatch(/larger than 3 MB.*Maximum File Size/s);
	expect(server.requests.map(({ url }) => url)).toEqual(['/v1/videos/task_1', '/large']);
	expect(sent).toBeLessThanOrEqual(64);
});

test('what proves too large on the way is not fetched again either', async () => {
	await serveLink(
		(origin) => `${origin}/large`,
		(_request, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4' });
			response.write(sampleVideo);
			response.end(Buffer.alloc(4_000_000));
			return true;
		},
	);
	const { error } = await download({ maxFileSize: 3 });
	expect(errorText(error)).toMatch(/larger than 3 MB/);
	expect(server.requests.map(({ url }) => url)).toEqual(['/v1/videos/task_1', '/large']);
});

describe('a link', () => {
	const wantsKey: Answer = ({ headers }, response) =>
		headers.authorization ? sendVideo(response, sampleVideo) : sendJson(response, { message: 'No key' }, 401);

	test("on the API's own host is asked for with the key", async () => {
		await serveLink((origin) => `${origin}/files/a.mp4`, wantsKey);
		const { items, error } = await download();
		expect(errorText(error)).toBe('');
		expect(items[0].binary?.data.bytes).toBe(sampleVideo.length);
	});

	test('there that redirects within the host keeps the key, one that leads away loses it', async () => {
		const stranger = await Listener.start((_request, response) => sendVideo(response, sampleVideo));
		await serveLink(
			(origin) => `${origin}/files/1`,
			(request, response) => {
				const to = request.url === '/files/1' ? '/files/2' : `${stranger.origin}/a.mp4`;
				if (request.headers.authorization) response.writeHead(302, { location: to }).end();
				return request.headers.authorization !== undefined;
			},
		);
		const { items } = await download();
		expect(items[0].binary?.data.bytes).toBe(sampleVideo.length);
		expect(asked('/files/2')).toHaveLength(1);
		expect(stranger.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
		await stranger.close();
	});

	test("into the account's own routes gets no key", async () => {
		await serveLink(
			(origin) => `${origin}/api/user/token`,
			(request, response) => request.url === '/api/user/token' && wantsKey(request, response),
		);
		const { error } = await download();
		expect(errorText(error)).toMatch(/HTTP 401/);
		expect(asked('/api/user/token').map(({ headers }) => headers.authorization)).toEqual([undefined]);
	});
});

describe('a picture link', () => {
	test('that drips is given up before anything is created', async () => {
		server = await startTinyService(node.clock, (_request, response) =>
			drip(response, Buffer.alloc(8), 10_000, 'image/png'),
		);
		const { error } = await node.run({ ...PICTURE, imagesUrl: `${server.origin}/a.png?signature=secret` });
		expect(errorText(error)).toMatch(
			/Images could not be fetched from http:\/\/127\.0\.0\.1:\d+\/a\.png\?… \(.*slowly/,
		);
		expect(errorText(error)).not.toContain('secret');
		expect(node.creates()).toEqual([]);
	});

	test('that announces too much is not read', async () => {
		server = await Listener.start((_request, response) => {
			response.writeHead(200, { 'content-type': 'image/png', 'content-length': 31_000_000 }).write('x');
		});
		const { error } = await node.run({ ...PICTURE, imagesUrl: `${server.origin}/a.png` });
		expect(errorText(error)).toMatch(/Images is larger than 30 MB/);
	});

	test.each([
		['an answer', true],
		['a connection', false],
	])('that hangs without %s hears Stop within a second', async (_what, accepts) => {
		let arrive = () => {};
		const hasArrived = new Promise<void>((resolve) => {
			arrive = resolve;
		});
		server = await Listener.start(() => arrive());
		// Nobody accepts what waits behind the first connection.
		const deaf = createServer({ pauseOnConnect: true }, () => arrive()).listen(0, '127.0.0.1');
		await new Promise((resolve) => deaf.once('listening', resolve));
		const origin = accepts ? server.origin : `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
		const run = await node.start({ ...PICTURE, imagesUrl: `${origin}/a.png` });
		await hasArrived;
		const stoppedAt = Date.now();
		run.cancel();
		const { engineRun } = await toNodeRun(run);
		expect(Date.now() - stoppedAt).toBeLessThan(1000);
		expect(engineRun.run.status).toBe('canceled');
		expect(node.creates()).toEqual([]);
		deaf.close();
	});
});
