/** Providers with routes of their own: refusals, failures, places and results, each in the provider's own words. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Fault, SimulatorOptions } from '../simulator/simulator';
import { SIMULATOR_API_KEY, documentedReplies, sampleMp3, sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = 'A lighthouse in a storm';
const HOOK = 'https://hooks.example.com/video';
const PICTURE = 'https://example.com/picture.png';
const CLIP = 'https://example.com/clip.mp4';
const CLIP_BY_LINK = { videoSource: 'url', videoUrl: CLIP };
const VOICE = { soundFileSource: 'url', soundFileUrl: 'https://example.com/voice.mp3' };

/** How long the sound behind a link is, nobody can tell before it is fetched. */
const LINKED_SOUND = { soundEnd: 5 };

const KLING = { provider: 'kling', prompt: PROMPT };
const OMNI = { provider: 'kling', mode: 'omniVideo', prompt: PROMPT };
const SPEECH = {
	provider: 'kling',
	mode: 'textToSpeech',
	text: 'Welcome to our spring sale',
	voiceId: 'oversea_male1',
};
const FACES = { provider: 'kling', mode: 'identifyFace', ...CLIP_BY_LINK };
const SELECTION = { provider: 'kling', mode: 'initSelection', ...CLIP_BY_LINK };
const LIP_SYNC = { provider: 'kling', mode: 'lipSync', ...CLIP_BY_LINK, ...VOICE, options: LINKED_SOUND };
const AVATAR = { provider: 'kling', mode: 'avatar', prompt: PROMPT, imageUrl: PICTURE, ...VOICE };
const SOUND = { provider: 'kling', mode: 'textToAudio', prompt: 'Waves' };
const RUNWAY = { provider: 'runway', prompt: PROMPT, imageUrl: PICTURE };
const RUNWAY_FEED = { provider: 'runway', mode: 'textToVideoCompatibility', prompt: PROMPT, callbackUrl: HOOK };
const XAI = { provider: 'xai', mode: 'textToVideo', prompt: PROMPT };
const HAILUO = { provider: 'minimax', mode: 'textToVideoHailuo', prompt: PROMPT };
const MIDJOURNEY = { provider: 'midjourney', prompt: PROMPT, imageUrl: PICTURE };
const LEGACY_SEEDANCE = { provider: 'seedance', mode: 'textToVideoNative', prompt: PROMPT };

/** One order per envelope. */
const ORDERS: Array<[string, INodeParameters]> = [
	['Kling', KLING],
	['Kling omni video', OMNI],
	['Runway', RUNWAY],
	['Runway compatibility', RUNWAY_FEED],
	['xAI', XAI],
	['MiniMax Hailuo', HAILUO],
	['Midjourney', MIDJOURNEY],
	['Seedance legacy', LEGACY_SEEDANCE],
];

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	await node.close();
});

/** In the place of the usual simulator. */
async function restart(options: SimulatorOptions) {
	await node.close();
	node = await VideoNodeTest.start(options);
}

const task = (operation: string, parameters: INodeParameters = {}) => ({ resource: 'task', operation, ...parameters });

/** A task that another node has made and that is finished by now. */
async function finishedTask(order: INodeParameters) {
	const { rows } = await node.run({ ...order, waitForCompletion: false });
	node.clock.advance(100_000);
	const [row] = rows as [IDataObject];
	return Object.assign(row, { taskId: String(row.taskId) });
}

/** Requests to the API, without the free look at the price list. */
function paths(): string[] {
	return node.simulator.requests.map(({ path }) => path).filter((path) => path !== '/api/models');
}

function pollPathsOf(taskId: unknown): string[] {
	return node.simulator.requests
		.filter(({ method, path }) => method === 'GET' && path.endsWith(`/${String(taskId)}`))
		.map(({ path }) => path.slice(0, path.lastIndexOf('/')));
}

const hasText =
	(text: string): NonNullable<Fault['when']> =>
	({ json }) => {
		const body = json as { prompt?: string; text?: string };
		return (body.prompt ?? body.text) === text;
	};

describe('HTTP 200 with a refusal in it', () => {
	interface Refusal {
		what: string;
		order: INodeParameters;
		fault: Fault;
		reads: RegExp;
		errorCode: string;
	}

	const REFUSALS: Refusal[] = [
		{
			what: 'Kling',
			order: KLING,
			fault: { on: 'create', kind: 'businessError' },
			reads:
				/The content check refused the request: The content may contain sensitive information; nothing was created/,
			errorCode: '1301',
		},
		{
			what: 'Kling omni video',
			order: OMNI,
			fault: { on: 'create', kind: 'businessError', code: 1102, message: 'Account balance not enough' },
			reads: /Your CometAPI account is out of credit: Account balance not enough/,
			errorCode: '1102',
		},
		{
			what: 'Kling speech, nested twice',
			order: SPEECH,
			fault: { on: 'sync', kind: 'businessError' },
			reads: /Kling refused the request \(code 1201\): Voice id not found/,
			errorCode: '1201',
		},
		{
			what: 'MiniMax',
			order: HAILUO,
			fault: { on: 'create', kind: 'businessError' },
			reads: /Your CometAPI account is out of credit: insufficient balance/,
			errorCode: '1008',
		},
		{
			what: 'Runway compatibility',
			order: RUNWAY_FEED,
			fault: { on: 'create', kind: 'businessError' },
			reads: /CometAPI refused the request \(code 400\): generation refused/,
			errorCode: '400',
		},
		{
			what: 'Midjourney',
			order: MIDJOURNEY,
			fault: { on: 'create', kind: 'businessError' },
			reads: /The content check refused the request: The prompt may contain sensitive words; nothing was created/,
			errorCode: '24',
		},
	];

	describe.each(REFUSALS)('$what', ({ order, fault, reads, errorCode }) => {
		const words = 'text' in order ? 'text' : 'prompt';

		test('stops with the words of the provider, after one create', async () => {
			node.simulator.addFault(fault);
			const { error, items } = await node.run(order);
			expect(errorText(error)).toMatch(reads);
			expect(errorText(error)).toMatch(/Request ID: \w+/);
			expect(error?.context.details).toMatchObject({ provider: order.provider, errorCode });
			expect(items).toEqual([]);
			expect(node.creates()).toHaveLength(1);
			expect(node.simulator.tasks.size).toBe(0);
			expect(node.clock.sleeps).toEqual([]);
		});

		test('arrives at the error output, while the other item gets its result', async () => {
			node.simulator.addFault({ ...fault, when: hasText('bad') });
			const { items, errorItems } = await node.run(
				{ ...order, [words]: '={{ $json.words }}' },
				{ onError: 'continueErrorOutput', items: [{ json: { words: 'bad' } }, { json: { words: 'good' } }] },
			);
			expect(items).toMatchObject([{ json: { status: 'succeeded' }, pairedItem: { item: 1 } }]);
			expect(errorItems).toMatchObject([
				{ json: { words: 'bad', details: { provider: order.provider, errorCode } }, pairedItem: { item: 0 } },
			]);
			expect(String(errorItems[0].json.message)).toMatch(reads);
			expect(node.creates()).toHaveLength(2);
		});
	});

	test.each([1302, 1303, 1304])('code %i of Kling limits the rate, so the create is sent again', async (code) => {
		node.simulator.addFault({
			on: 'create',
			kind: 'businessError',
			code,
			message: 'parallel task over resource pack limit',
		});
		const { rows } = await node.run(KLING);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
		expect(node.simulator.tasks.size).toBe(1);
		expect(node.clock.sleeps[0]).toBe(1500);
	});

	test('code 1303 of Kling during the wait only slows the wait down', async () => {
		node.simulator.addFault({ on: 'status', kind: 'businessError', code: 1303, times: 2 });
		const { rows } = await node.run(KLING);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(1);
	});

	test('a fault inside Kling (5000) leaves the outcome unknown, and the create is not repeated', async () => {
		node.simulator.addFault({ on: 'create', kind: 'businessError', code: 5000, message: 'internal error' });
		const { error } = await node.run(KLING, { retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video.*code 5000.*internal error/s);
		expect(node.creates()).toHaveLength(1);
	});

	test('a refusal during the wait ends it, and keeps the task', async () => {
		node.simulator.addFault({
			on: 'status',
			kind: 'businessError',
			code: 1003,
			message: 'authorization is not active',
		});
		const { error } = await node.run(KLING);
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toMatch(/code 1003\): authorization is not active/);
		expect(error?.context.details).toMatchObject({ taskId, route: '/kling/v1/videos/text2video' });
	});

	test('a refusal of the compatibility format during the wait ends it as well', async () => {
		node.simulator.addFault({
			on: 'status',
			kind: 'businessError',
			code: 403,
			message: 'no access to this task',
			times: Infinity,
		});
		const { error } = await node.run(RUNWAY_FEED);
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toMatch(/code 403\): no access to this task/);
		expect(error?.context.details).toMatchObject({ taskId });
	});
});

describe('a Runway task that is not known yet', () => {
	test.each([
		['official', RUNWAY],
		['compatibility', RUNWAY_FEED],
	])('is waited for (%s format)', async (_format, order) => {
		await restart({ runwayUnknownSeconds: 50 });
		const { rows } = await node.run(order);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		const statuses = node.polls().map(({ status }) => status);
		expect(statuses.filter((status) => status === 400).length).toBeGreaterThanOrEqual(3);
		expect(statuses.slice(0, 3)).toEqual([400, 400, 400]);
		expect(node.creates()).toHaveLength(1);
	});

	test('may be said with HTTP 200 in the compatibility format, whose errors are on no page', async () => {
		const body = { code: 400, msg: 'task_not_exist', data: null };
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: 2 });
		const { rows } = await node.run(RUNWAY_FEED);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(
			node
				.polls()
				.map(({ fault }) => fault)
				.slice(0, 3),
		).toEqual(['reply', 'reply', undefined]);
	});

	test('is given up after a minute, with its ID and without a second create', async () => {
		node.simulator.addFault({ on: 'status', kind: 'taskNotExist', times: Infinity });
		const before = node.clock.now();
		const { error } = await node.run(RUNWAY, { retryOnFail: true });
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toMatch(/task_not_exist/);
		expect(errorText(error)).toContain(taskId);
		expect(node.clock.now() - before).toBeGreaterThanOrEqual(60_000);
		expect(node.creates()).toHaveLength(1);
	});
});

describe('xAI', () => {
	test('a video that moderation holds back is a failure, although it is "done"', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', moderated: true });
		const { error } = await node.run(XAI);
		expect(errorText(error)).toMatch(
			/The content check refused this video.*blocked by xAI's moderation.*Reword the prompt/s,
		);
		expect(node.simulator.resultRequests).toEqual([]);
	});

	test('… also as a row', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', moderated: true });
		const { rows, items } = await node.run({ ...XAI, options: { onFailure: 'return', simplify: false } });
		expect(rows).toMatchObject([
			{ status: 'failed', rawStatus: 'done', videoUrl: null, failureReason: expect.stringContaining('moderation') },
		]);
		expect(items[0].binary).toBeUndefined();
	});

	test('an expired task is a failure', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', failedWord: 'expired' });
		const { error } = await node.run(XAI);
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toMatch(/ended as "expired" without a reason/);
		expect(errorText(error)).toContain(taskId);
	});

	test('an answer of nothing but the ID means that the task still runs', async () => {
		const { rows } = await node.run({ ...XAI, waitForCompletion: false });
		const read = await node.run(task('get', { taskId: '={{ $json.taskId }}', options: { simplify: false } }), {
			items: [{ json: rows[0] }],
		});
		expect(read.rows).toMatchObject([{ status: 'pending', rawStatus: '', raw: { request_id: rows[0].taskId } }]);
		expect(Object.keys(read.rows[0].raw as object)).toEqual(['request_id']);
	});
});

describe('why a task failed', () => {
	const WORDS: Readonly<Record<string, string>> = {
		Kling: 'failed',
		'Kling omni video': 'failed',
		Runway: 'FAILED',
		'Runway compatibility': 'FAILURE',
		xAI: 'failed',
		'MiniMax Hailuo': 'Fail',
		Midjourney: 'FAILURE',
		'Seedance legacy': 'failed',
	};

	test.each(ORDERS)('%s: the reason reaches the user, as an error, in a row and by Task > Get', async (name, order) => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { error } = await node.run(order, { retryOnFail: true });
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toContain(`CometAPI could not make the video of task ${taskId}: out of paint`);
		expect(error?.context.details).toMatchObject({ taskId, provider: order.provider });
		expect(node.creates()).toHaveLength(1);

		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { rows } = await node.run({ ...order, options: { onFailure: 'return', simplify: false } });
		expect(rows).toMatchObject([
			{
				status: 'failed',
				rawStatus: WORDS[name],
				failureReason: 'out of paint',
				provider: order.provider,
				videoUrl: null,
			},
		]);
		const { taskId: itsId, route } = rows[0];
		const read = await node.run(task('get', { taskId: '={{ $json.taskId }}' }), {
			items: [{ json: { taskId: itsId, route, provider: order.provider } }],
		});
		expect(read.rows).toMatchObject([{ taskId: itsId, status: 'failed', failureReason: 'out of paint', route }]);
	});
});

describe('a finished task whose answer lacks the file', () => {
	test.each(ORDERS)('%s: costs no second create', async (_name, order) => {
		node.simulator.addFault({ on: 'create', kind: 'noVideoUrl' });
		await node.run(order);
		expect(node.creates()).toHaveLength(1);
	});
});

describe('the file of a Hailuo video, whose look-up is billed', () => {
	const lookups = () => node.simulator.requests.filter(({ route }) => route === 'file');
	const fileIds = () => [...node.simulator.tasks.values()].map(({ details }) => details.native?.videoId);

	test('is not looked up without Download Video; the row has its ID', async () => {
		await restart({ taskSeconds: 60 });
		const { rows, items } = await node.run({ ...HAILUO, downloadVideo: false });
		expect(rows).toMatchObject([{ status: 'succeeded', fileId: fileIds()[0], videoUrl: null }]);
		expect(items[0].binary).toBeUndefined();
		expect(node.polls().length).toBeGreaterThan(3);
		expect(lookups()).toEqual([]);
	});

	test('is looked up once with it, after the last look at the task', async () => {
		const { items } = await node.run(HAILUO);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
		expect(lookups().map(({ query }) => query.get('file_id'))).toEqual(fileIds());
		expect(paths().at(-1)).toBe('/v1/files/retrieve');
	});

	test('is looked up once although the host of the file fails twice', async () => {
		node.simulator.addFault({ on: 'result', ...documentedReplies.unavailable, times: 2 });
		const { items } = await node.run(HAILUO);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
		expect(node.simulator.resultRequests).toHaveLength(3);
		expect(lookups()).toHaveLength(1);
	});

	test('is looked up by Task > Download and by Task > Wait with Download Video only', async () => {
		const row = await finishedTask(HAILUO);
		const items = [{ json: row }];
		const same = { taskId: '={{ $json.taskId }}' };
		expect((await node.run(task('get', same), { items })).rows).toMatchObject([
			{ status: 'succeeded', fileId: fileIds()[0] },
		]);
		expect((await node.run(task('wait', { ...same, downloadVideo: false }), { items })).rows).toMatchObject([
			{ status: 'succeeded', fileId: fileIds()[0] },
		]);
		expect(lookups()).toHaveLength(0);
		const download = await node.run(task('download', same), { items });
		expect(download.items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(lookups()).toHaveLength(1);
		const wait = await node.run(task('wait', same), { items });
		expect(wait.items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(lookups()).toHaveLength(2);
	});

	test.each<[string, Fault, RegExp]>([
		[
			'refuses',
			{ on: 'file', kind: 'businessError', message: 'insufficient balance' },
			/names no link for the file.*insufficient balance/,
		],
		['names no link', { on: 'file', kind: 'noVideoUrl' }, /names no link for the file/],
		['gets lost', { on: 'file', kind: 'resetAfterAccept' }, /connection to CometAPI.*was lost \(ECONNRESET\)/],
		[
			'is not allowed',
			{ on: 'file', ...documentedReplies.noCredit },
			/Your CometAPI account is out of credit: user quota is not enough/,
		],
	])('a look-up that %s is not repeated; the message keeps the task', async (_what, fault, reads) => {
		node.simulator.addFault(fault);
		const { error } = await node.run(HAILUO);
		const [taskId] = node.simulator.tasks.keys();
		expect(errorText(error)).toMatch(reads);
		expect(errorText(error)).toContain(taskId);
		expect(lookups()).toHaveLength(1);
		expect(node.simulator.resultRequests).toEqual([]);
		expect(node.creates()).toHaveLength(1);
	});

	test('a look-up that was limited is made again', async () => {
		node.simulator.addFault({ on: 'file', ...documentedReplies.tooManyRequests() });
		const { items } = await node.run(HAILUO);
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(lookups().map(({ status }) => status)).toEqual([429, 200]);
	});
});

describe('Kling tasks whose place is on no page', () => {
	const VIDEOS = '/kling/v1/videos';

	async function extendOrder(): Promise<INodeParameters> {
		const { rows } = await node.run({
			...KLING,
			model: { __rl: true, mode: 'list', value: 'kling-v1-6' },
			downloadVideo: false,
		});
		return {
			provider: 'kling',
			mode: 'extendVideo',
			parentTaskId: String(rows[0].taskId),
			videoId: String(rows[0].videoId),
		};
	}

	interface Place {
		what: string;
		order: () => INodeParameters | Promise<INodeParameters>;
		own: string;
		other: string;
	}

	const PLACES: Place[] = [
		{ what: 'avatar', order: () => AVATAR, own: `${VIDEOS}/avatar/image2video`, other: `${VIDEOS}/image2video` },
		{ what: 'extend', order: extendOrder, own: `${VIDEOS}/video-extend`, other: `${VIDEOS}/text2video` },
		{ what: 'lip sync', order: () => LIP_SYNC, own: `${VIDEOS}/advanced-lip-sync`, other: `${VIDEOS}/lip-sync` },
	];

	describe.each(PLACES)('$what', ({ order, own, other }) => {
		test('is found on its own path', async () => {
			const { rows, error } = await node.run(await order());
			expect(errorText(error)).toBe('');
			expect(rows).toMatchObject([{ status: 'succeeded', route: own }]);
			expect(new Set(pollPathsOf(rows[0].taskId))).toEqual(new Set([own]));
		});

		test('is found on the path of two segments, which later looks take first', async () => {
			await restart({ klingQueryPaths: 'twoSegments', taskSeconds: 60 });
			const { rows, items, error } = await node.run(await order());
			expect(errorText(error)).toBe('');
			expect(rows).toMatchObject([{ status: 'succeeded', route: other }]);
			expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
			const polled = pollPathsOf(rows[0].taskId);
			expect(polled.length).toBeGreaterThan(3);
			expect(polled).toEqual([own, ...polled.slice(1).map(() => other)]);
			const before = polled.length;
			await node.run(task('get', { taskId: '={{ $json.taskId }}' }), { items: [{ json: rows[0] }] });
			expect(pollPathsOf(rows[0].taskId).slice(before)).toEqual([other]);
		});

		test('is found by its ID alone, on either path', async () => {
			for (const klingQueryPaths of ['ownPath', 'twoSegments'] as const) {
				await restart({ klingQueryPaths });
				const { taskId } = await finishedTask(await order());
				const { rows, error } = await node.run(task('get', { taskId, taskProvider: 'kling' }));
				expect(errorText(error)).toBe('');
				expect(rows).toMatchObject([
					{ status: 'succeeded', taskId, route: klingQueryPaths === 'ownPath' ? own : other },
				]);
			}
		});

		test('that nobody knows is refused with its ID, and not waited for', async () => {
			await restart({ klingQueryPaths: 'twoSegments' });
			const { error } = await node.run(
				task('get', { taskId: '878106242831892487', taskProvider: 'kling', options: { route: own } }),
			);
			expect(errorText(error)).toMatch(/task_not_exist.*878106242831892487/s);
		});
	});

	test('a hiccup of the right path is not taken for an unknown task', async () => {
		await restart({ klingQueryPaths: 'twoSegments', taskSeconds: 200 });
		node.simulator.addFault({
			on: 'status',
			...documentedReplies.badGateway,
			times: 8,
			when: ({ path }) => path.startsWith(`${VIDEOS}/lip-sync/`),
		});
		const { rows } = await node.run({ ...LIP_SYNC, options: { ...LINKED_SOUND, simplify: false } });
		expect(rows).toMatchObject([{ status: 'succeeded', route: `${VIDEOS}/lip-sync` }]);
		expect(Number(rows[0].pollCount)).toBeGreaterThan(8);
	});
});

describe('Task operations', () => {
	/** With the place where each provider's own task is found. */
	const PLACES: Array<[string, INodeParameters, string]> = [
		['Kling text', KLING, '/kling/v1/videos/text2video'],
		['Kling omni', OMNI, '/kling/v1/videos/omni-video'],
		['Kling sound', SOUND, '/kling/v1/audio/text-to-audio'],
		['Runway', RUNWAY, '/runwayml/v1/tasks'],
		['Runway compatibility', RUNWAY_FEED, '/runway/feed'],
		['xAI', XAI, '/grok/v1/videos'],
		['MiniMax Hailuo', HAILUO, '/v1/query/video_generation'],
		['Midjourney', MIDJOURNEY, '/mj/task'],
		['Seedance legacy', LEGACY_SEEDANCE, '/volc/v3/contents/generations/tasks'],
	];

	describe.each(PLACES)('%s', (_name, order, route) => {
		const taskProvider = String(order.provider);

		test('Get, Wait and Download find the task by provider and ID', async () => {
			const { taskId } = await finishedTask(order);
			for (const operation of ['get', 'wait']) {
				const { rows, error } = await node.run(task(operation, { taskId, taskProvider }));
				expect(errorText(error)).toBe('');
				expect(rows).toMatchObject([{ taskId, provider: taskProvider, route, status: 'succeeded' }]);
			}
			const { items, error } = await node.run(task('download', { taskId, taskProvider }));
			expect(errorText(error)).toBe('');
			const bytes = await node.engine().readBinary(items[0], 'data');
			expect(bytes.equals(order.mode === 'textToAudio' ? sampleMp3 : sampleVideo)).toBe(true);
		});

		test('the item of Generate leads straight to its route; so does the option Route, which may lack its slash', async () => {
			const row = await finishedTask(order);
			expect(row.route).toBe(route);
			const before = paths().length;
			const { rows } = await node.run(task('get', { taskId: '={{ $json.taskId }}' }), { items: [{ json: row }] });
			expect(rows).toMatchObject([{ taskId: row.taskId, provider: taskProvider, route, status: 'succeeded' }]);
			expect(paths().slice(before)).toHaveLength(1);
			const { taskId } = row;
			const given = [route, `${route.slice(1)}/`];
			const asked = await node.run(task('get', { taskId, taskProvider, options: { route: '={{ $json.given }}' } }), {
				items: given.map((each) => ({ json: { given: each } })),
			});
			expect(asked.rows).toMatchObject(given.map(() => ({ taskId, route, status: 'succeeded' })));
			expect(paths().slice(before)).toHaveLength(3);
		});

		test('a wrong Route is refused with the right ones', async () => {
			const { error } = await node.run(task('get', { taskId: '1', taskProvider, options: { route: '/v1/elsewhere' } }));
			expect(errorText(error)).toMatch(/has no route "\/v1\/elsewhere".*Allowed: /s);
			expect(errorText(error)).toContain(route);
			expect(paths()).toEqual([]);
		});
	});

	test('the option Route wins over the route of the item, which counts for its own provider only', async () => {
		const { error } = await node.run(
			task('get', {
				taskId: '878106242831892487',
				taskProvider: 'kling',
				options: { route: '/kling/v1/videos/effects' },
			}),
			{
				items: [{ json: { taskId: '878106242831892487', provider: 'kling', route: '/kling/v1/videos/text2video' } }],
			},
		);
		expect(error?.context.details).toMatchObject({ route: '/kling/v1/videos/effects' });
		const other = await node.run(task('get', { taskId: 'task_1', taskProvider: 'kling' }), {
			items: [{ json: { taskId: 'task_1', provider: 'wan', route: '/v1/videos' } }],
		});
		expect(errorText(other.error)).not.toMatch(/has no route/);
	});

	test('Wait looks for a running task on all routes once, and then on its own', async () => {
		await restart({ taskSeconds: 60 });
		const { rows: created } = await node.run({ ...SOUND, waitForCompletion: false });
		const taskId = String(created[0].taskId);
		const { rows } = await node.run(task('wait', { taskId, taskProvider: 'kling' }));
		expect(rows).toMatchObject([{ status: 'succeeded', route: '/kling/v1/audio/text-to-audio' }]);
		const polled = pollPathsOf(taskId);
		const first = polled.indexOf('/kling/v1/audio/text-to-audio');
		expect(first).toBeGreaterThan(5);
		expect(new Set(polled.slice(0, first)).size).toBe(first);
		expect(new Set(polled.slice(first))).toEqual(new Set(['/kling/v1/audio/text-to-audio']));
		expect(polled.slice(first).length).toBeGreaterThan(3);
	});

	test('of an ID that no route of Kling knows says so', async () => {
		const { error } = await node.run(task('get', { taskId: '878106242831892487', taskProvider: 'kling' }));
		expect(errorText(error)).toMatch(/task_not_exist.*Task ID: 878106242831892487/s);
	});
});

describe('IDs beyond what a number can hold', () => {
	test('stay as they are, from the answer to the next node', async () => {
		const { rows } = await node.run({
			...KLING,
			model: { __rl: true, mode: 'list', value: 'kling-v1-6' },
			downloadVideo: false,
		});
		const [row] = rows;
		const made = [...node.simulator.tasks.values()][0];
		expect(row.taskId).toBe(made.id);
		expect(row.videoId).toBe(made.details.native?.videoId);
		expect(Number.isSafeInteger(Number(row.taskId))).toBe(false);
		const extended = await node.run(
			{ provider: 'kling', mode: 'extendVideo', parentTaskId: '={{ $json.taskId }}', videoId: '={{ $json.videoId }}' },
			{ items: [{ json: row }] },
		);
		expect(extended.rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()[1].json).toEqual({ task_id: made.id, video_id: made.details.native?.videoId });
	});

	test.each<[string, INodeParameters]>([
		['MiniMax', HAILUO],
		['Midjourney', MIDJOURNEY],
		['Seedance legacy', LEGACY_SEEDANCE],
	])('of %s as well', async (_name, order) => {
		const { rows } = await node.run({ ...order, downloadVideo: false });
		expect(rows.map(({ taskId }) => taskId)).toEqual([...node.simulator.tasks.keys()]);
	});

	test('an ID that came as an inexact number is none, and the create is not repeated', async () => {
		const body = '{"code":0,"message":"success","data":{"task_id":878106242831892487,"task_status":"submitted"}}';
		node.simulator.addFault({ on: 'create', kind: 'reply', status: 200, body });
		const { error } = await node.run(KLING, { retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video.*names no task/s);
		expect(node.creates()).toHaveLength(1);
	});
});

describe('the wrapper of March 2026', () => {
	const WRAPPED: Array<[string, INodeParameters]> = [
		['Kling omni video', OMNI],
		['Runway', RUNWAY],
		['Runway compatibility', RUNWAY_FEED],
		['xAI', XAI],
	];

	beforeEach(async () => {
		await restart({ envelopes: 'march2026' });
	});

	test.each(WRAPPED)('%s: the video comes out', async (_name, order) => {
		const { rows, items, error } = await node.run(order);
		const [made] = node.simulator.tasks.values();
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([
			{ status: 'succeeded', taskId: made.id, videoUrl: made.details.resultUrl, failureReason: null },
		]);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
	});

	test.each(WRAPPED)(
		'%s: a running task is pending, before and after the first word of the provider',
		async (_name, order) => {
			node.simulator.taskSeconds = 60;
			const { rows } = await node.run({ ...order, waitForCompletion: false });
			for (const seconds of [10, 10, 15]) {
				node.clock.advance(seconds * 1000);
				const get = task('get', { taskId: '={{ $json.taskId }}', options: { simplify: false } });
				const read = await node.run(get, { items: [{ json: rows[0] }] });
				expect(read.rows).toMatchObject([{ status: 'pending', videoUrl: null, failureReason: null }]);
				expect(read.rows[0].rawStatus).not.toBe('');
			}
		},
	);

	test.each(WRAPPED)('%s: the reason of a failure comes out', async (_name, order) => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { error } = await node.run(order);
		expect(errorText(error)).toMatch(/: out of paint/);
	});

	test('Kling: other kinds, which were never wrapped, work beside it', async () => {
		expect((await node.run(KLING)).rows).toMatchObject([{ status: 'succeeded' }]);
	});

	test.each<[string, INodeParameters]>([
		['Kling', KLING],
		['Seedance legacy', LEGACY_SEEDANCE],
		['Midjourney', MIDJOURNEY],
	])('%s: is understood as well should it come there', async (_name, order) => {
		node.simulator.addFault({ on: 'status', kind: 'wrapped', times: Infinity });
		const { rows } = await node.run(order);
		const [made] = node.simulator.tasks.values();
		expect(rows).toMatchObject([{ status: 'succeeded', videoUrl: made.details.resultUrl }]);
	});

	test('MiniMax Hailuo: is understood as well should it come there', async () => {
		node.simulator.addFault({ on: 'status', kind: 'wrapped', times: Infinity });
		const { rows } = await node.run(HAILUO);
		expect(rows).toMatchObject([{ status: 'succeeded', fileId: expect.stringMatching(/^\d+$/) as string }]);
	});
});

describe('jobs that are done at once', () => {
	test('speech costs one request and no wait', async () => {
		const { rows, items } = await node.run({ ...SPEECH, options: { simplify: false } });
		const [[audioId, speech]] = await speeches();
		expect(rows).toMatchObject([
			{
				status: 'succeeded',
				rawStatus: 'succeed',
				mode: 'textToSpeech',
				audioUrl: speech,
				audioId,
				durationSeconds: 2,
				pollCount: 0,
				waitedSeconds: 0,
			},
		]);
		expect(paths()).toEqual(['/kling/v1/audio/tts']);
		expect(node.clock.sleeps).toEqual([]);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleMp3)).toBe(true);
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'audio/mpeg' });
	});

	/** By the files that were fetched: id and link of each. */
	async function speeches(): Promise<Array<[string, string]>> {
		return await Promise.resolve(
			node.simulator.resultRequests.map(({ path, query }) => [
				/\/results\/(\d+)\.mp3/.exec(path)?.[1] ?? '',
				`${node.simulator.resultOrigin}${path}?${query.toString()}`,
			]),
		);
	}

	test('is finished also without Wait for Completion', async () => {
		const { rows } = await node.run({ ...SPEECH, waitForCompletion: false });
		expect(rows).toMatchObject([{ status: 'succeeded', audioId: expect.stringMatching(/^\d{18}$/) }]);
		expect(paths()).toHaveLength(1);
	});

	test('faces are columns of the row', async () => {
		const { rows, items, error } = await node.run(FACES);
		expect(errorText(error)).toBe('');
		const faces = rows[0].faces as Array<{ face_id: string }>;
		expect(faces).toHaveLength(2);
		expect(rows).toMatchObject([
			{ status: 'succeeded', faceId: faces[0].face_id, sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
		]);
		expect(items[0].binary ?? {}).toEqual({});
		expect(paths()).toEqual(['/kling/v1/videos/identify-face']);
	});

	test('the steps of editing lead from a video to an edited one, a request each', async () => {
		const opened = await node.run(SELECTION);
		const { sessionId } = opened.rows[0];
		const step = async (mode: string, more: INodeParameters = {}) =>
			await node.run({ provider: 'kling', mode, sessionId: String(sessionId), options: { simplify: false }, ...more });
		const points = {
			point: [
				{ x: 0.25, y: 0.5 },
				{ x: 0.75, y: 0.5 },
			],
		};
		for (const [mode, more] of [
			['addSelection', { points }],
			['deleteSelection', { points: { point: [{ x: 0.75, y: 0.5 }] } }],
			['clearSelection', {}],
			['addSelection', { frameIndex: 7, points }],
			['previewSelection', {}],
		] as Array<[string, INodeParameters]>) {
			const { rows, error } = await step(mode, more);
			expect(errorText(error)).toBe('');
			expect(rows).toMatchObject([{ status: 'succeeded', mode, pollCount: 0 }]);
		}
		expect(paths()).toHaveLength(6);
		const edited = await step('multimodalEdit', { prompt: 'Remove it', editMode: 'removal' });
		expect(edited.rows).toMatchObject([{ status: 'succeeded', route: '/kling/v1/videos/multi-elements' }]);
		expect(edited.items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	});

	test('Retry On Fail does not buy a speech again whose file could not be fetched at first', async () => {
		node.simulator.addFault({ on: 'result', ...documentedReplies.unavailable, times: 8 });
		const { rows, items } = await node.run({ ...SPEECH, options: { simplify: false } }, { retryOnFail: true });
		expect(rows).toMatchObject([{ status: 'succeeded', audioId: expect.any(String), raw: { code: 0 } }]);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleMp3)).toBe(true);
		expect(node.simulator.resultRequests).toHaveLength(9);
		expect(paths()).toEqual(['/kling/v1/audio/tts']);
	});

	test('Retry On Fail does not buy again what was done before another item failed', async () => {
		node.simulator.addFault({ on: 'sync', kind: 'businessError', when: hasText('two') });
		const { rows } = await node.run(
			{ ...SPEECH, text: '={{ $json.text }}', downloadVideo: false },
			{ retryOnFail: true, items: [{ json: { text: 'one' } }, { json: { text: 'two' } }, { json: { text: 'three' } }] },
		);
		expect(rows).toHaveLength(3);
		expect(new Set(rows.map(({ audioId }) => audioId)).size).toBe(3);
		const texts = node.creates().map(({ json }) => (json as { text: string }).text);
		expect(texts.sort()).toEqual(['one', 'three', 'two', 'two']);
	});

	test('nor does a person who retries the execution', async () => {
		node.simulator.addFault({ on: 'result', ...documentedReplies.unavailable, times: 8 });
		const failed = await node.run(SPEECH);
		expect(errorText(failed.error)).toMatch(/could not be downloaded \(HTTP 503\)/);
		const { rows } = await node.run(SPEECH, { retryOf: failed });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(paths()).toEqual(['/kling/v1/audio/tts']);
	});

	test('a message about other tasks names only those that can be fetched', async () => {
		node.simulator.addFault({
			on: 'sync',
			kind: 'businessError',
			when: ({ json }) => (json as { video_url: string }).video_url.endsWith('bad.mp4'),
		});
		const { error } = await node.run(
			{ ...FACES, videoUrl: '={{ $json.link }}' },
			{ items: [{ json: { link: CLIP } }, { json: { link: 'https://example.com/bad.mp4' } }] },
		);
		expect(errorText(error)).toMatch(/The content check refused the request/);
		expect(error?.context.details).toMatchObject({ errorCode: '1301' });
		expect(errorText(error)).not.toMatch(/Other tasks of this run/);
	});
});

describe('Lip Sync, guided', () => {
	const facesReply = (count: number): Fault => ({
		on: 'sync',
		kind: 'reply',
		status: 200,
		body: {
			code: 0,
			message: 'SUCCEED',
			data: {
				session_id: 'session-1',
				face_data: Array.from({ length: count }, (_, index) => ({ face_id: `face-${index + 1}` })),
			},
		},
	});
	const lipSyncs = () => node.simulator.requests.filter(({ path }) => path === '/kling/v1/videos/advanced-lip-sync');

	test('finds the faces and moves the lips of the first', async () => {
		const { rows, items, error } = await node.run(LIP_SYNC);
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ status: 'succeeded', route: '/kling/v1/videos/advanced-lip-sync' }]);
		expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
		expect(node.creates().map(({ path }) => path)).toEqual([
			'/kling/v1/videos/identify-face',
			'/kling/v1/videos/advanced-lip-sync',
		]);
		expect(node.creates()[0].json).toEqual({ video_url: CLIP });
		expect(node.simulator.tasks.size).toBe(1);
	});

	test.each([1, 2, 3])('takes face number %i of those that are found', async (faceNumber) => {
		node.simulator.addFault(facesReply(3));
		await node.run({ ...LIP_SYNC, faceNumber, options: { ...LINKED_SOUND, insertAt: 0.5 } });
		expect(lipSyncs().map(({ json }) => json)).toEqual([
			{
				session_id: 'session-1',
				face_choose: [
					{
						face_id: `face-${faceNumber}`,
						sound_file: VOICE.soundFileUrl,
						sound_start_time: '0',
						sound_end_time: '5000',
						sound_insert_time: '500',
					},
				],
			},
		]);
	});

	test('takes the options and Extra Body Fields along to the second request', async () => {
		node.simulator.addFault(facesReply(1));
		const options = {
			...LINKED_SOUND,
			callbackUrl: HOOK,
			externalTaskId: 'order-42',
			soundVolume: 0,
			extraBodyFields: '{"watermark_info":{"enabled":true}}',
		};
		await node.run({ ...LIP_SYNC, options });
		expect(lipSyncs()[0].json).toMatchObject({
			face_choose: [{ sound_volume: 0 }],
			callback_url: HOOK,
			external_task_id: 'order-42',
			watermark_info: { enabled: true },
		});
	});

	test.each<[string, Fault | undefined, number, RegExp]>([
		[
			'a Face Number that is too high',
			undefined,
			3,
			/Face Number 3 does not exist: Kling found 2 faces.*another Face Number/s,
		],
		['a video without a face', facesReply(0), 1, /found no face in the video.*Choose another video/s],
		[
			'a refused search',
			{ on: 'sync', kind: 'businessError', code: 1201, message: 'video is too long' },
			1,
			/code 1201\): video is too long/,
		],
	])('%s creates no lip sync', async (_what, fault, faceNumber, reads) => {
		if (fault) node.simulator.addFault(fault);
		const { error } = await node.run({ ...LIP_SYNC, faceNumber });
		expect(errorText(error)).toMatch(reads);
		expect(node.creates()).toHaveLength(1);
		expect(lipSyncs()).toEqual([]);
		expect(node.simulator.tasks.size).toBe(0);
	});

	test('an incomplete answer about the faces leaves nothing in doubt', async () => {
		const data = { session_id: 'session-1', face_data: [{ start_time: 0 }] };
		node.simulator.addFault({ on: 'sync', kind: 'reply', status: 200, body: { code: 0, message: 'SUCCEED', data } });
		const { error } = await node.run(LIP_SYNC);
		expect(errorText(error)).toMatch(
			/answer about the faces of the video is incomplete \(face_id\).*nothing was created yet/s,
		);
		expect(errorText(error)).not.toMatch(/not known/);
		expect(lipSyncs()).toEqual([]);
	});

	test('a lost search is made again: nothing was created yet', async () => {
		node.simulator.addFault({ on: 'sync', kind: 'resetAfterAccept' });
		const { rows } = await node.run(LIP_SYNC);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(lipSyncs()).toHaveLength(1);
	});

	test('a limited lip sync does not search again', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(1), times: 2 });
		const { rows } = await node.run(LIP_SYNC);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates().filter(({ path }) => path.endsWith('/identify-face'))).toHaveLength(1);
	});

	test('a limited search is made again', async () => {
		node.simulator.addFault({ on: 'sync', kind: 'businessError', code: 1303, message: 'too many' });
		const { rows } = await node.run(LIP_SYNC);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(lipSyncs()).toHaveLength(1);
	});

	test('a retry of the same job takes up its task; another video is another job', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const failed = await node.run(LIP_SYNC);
		const [taskId] = node.simulator.tasks.keys();
		const same = await node.run(LIP_SYNC, { retryOf: failed });
		expect(same.rows).toMatchObject([{ status: 'succeeded', taskId }]);
		expect(node.creates()).toHaveLength(2);
		const other = await node.run({ ...LIP_SYNC, videoUrl: 'https://example.com/other.mp4' }, { retryOf: failed });
		expect(other.rows).toMatchObject([{ status: 'succeeded' }]);
		expect(other.rows[0].taskId).not.toBe(taskId);
		const otherFace = await node.run({ ...LIP_SYNC, faceNumber: 2 }, { retryOf: failed });
		expect(otherFace.rows[0].taskId).not.toBe(taskId);
		expect(node.simulator.tasks.size).toBe(3);
	});
});

describe('callbacks', () => {
	beforeEach(async () => {
		await restart({ taskSeconds: 60 });
	});

	/** A server of the user; `calls` has what was posted to it. */
	async function receiver() {
		const calls: unknown[] = [];
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				calls.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
				expect(request.headers.authorization).toBeUndefined();
				response.end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return {
			url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
			calls,
			close: () => server.close(),
		};
	}

	test.each<[string, INodeParameters, boolean, object[]]>([
		['Kling', KLING, true, [{ task_status: 'processing' }, { task_status: 'succeed', task_result: { videos: [{}] } }]],
		['Kling avatar', AVATAR, true, [{ task_status: 'processing' }, { task_status: 'succeed' }]],
		['Kling lip sync', LIP_SYNC, true, [{ task_status: 'processing' }, { task_status: 'succeed' }]],
		['Runway compatibility', RUNWAY_FEED, false, [{ status: 'SUCCESS' }]],
		['Seedance legacy', LEGACY_SEEDANCE, true, [{ status: 'running' }, { status: 'succeeded' }]],
	])('%s: the address is called, and reading the task gives the truth', async (_name, order, isOption, bodies) => {
		const { url, calls, close } = await receiver();
		const { rows, error } = await node.run({
			...order,
			...(isOption ? { options: { ...(order.options as INodeParameters), callbackUrl: url } } : { callbackUrl: url }),
			waitForCompletion: false,
		});
		expect(errorText(error)).toBe('');
		expect(node.creates().at(-1)?.json).toMatchObject({ callback_url: url });
		await node.simulator.deliverCallbacks();
		expect(calls).toEqual([]);

		node.clock.advance(40_000);
		await node.simulator.deliverCallbacks();
		const early = await node.run(task('get', { taskId: '={{ $json.taskId }}' }), { items: [{ json: rows[0] }] });
		expect(early.rows).toMatchObject([{ status: 'pending' }]);
		node.clock.advance(60_000);
		await node.simulator.deliverCallbacks();
		expect(calls).toMatchObject(bodies);
		expect(node.simulator.callbacks.map(({ status }) => status)).toEqual(bodies.map(() => 200));

		const { rows: read } = await node.run(task('get', { taskId: '={{ $json.taskId }}' }), {
			items: [{ json: rows[0] }],
		});
		const [made] = node.simulator.tasks.values();
		expect(read).toMatchObject([{ taskId: made.id, status: 'succeeded', videoUrl: made.details.resultUrl }]);
		close();
	});

	test('MiniMax gets the address as well', async () => {
		await node.run({ ...HAILUO, options: { callbackUrl: HOOK }, waitForCompletion: false });
		expect(node.creates()[0].json).toMatchObject({ callback_url: HOOK });
	});
});

describe('the API key', () => {
	test.each([...ORDERS, ['Kling speech', SPEECH], ['Kling sound', SOUND]] as Array<[string, INodeParameters]>)(
		'%s: goes with every request to CometAPI, and never to the host of the result',
		async (_name, order) => {
			await node.run(order);
			const toApi = node.simulator.requests.filter(({ path }) => path !== '/api/models');
			for (const { headers } of toApi) expect(headers.authorization).toBe(`Bearer ${SIMULATOR_API_KEY}`);
			expect(node.simulator.resultRequests.length).toBeGreaterThan(0);
			for (const { headers, query } of node.simulator.resultRequests) {
				expect(JSON.stringify([headers, [...query]])).not.toContain(SIMULATOR_API_KEY);
			}
		},
	);
});

describe('a create whose outcome is unknown', () => {
	const ALL = [...ORDERS, ['Kling speech', SPEECH], ['Kling faces', FACES]] as Array<[string, INodeParameters]>;
	const faultOf = (order: INodeParameters, kind: 'resetAfterAccept' | 'truncatedJson'): Fault => ({
		on: order === SPEECH || order === FACES ? 'sync' : 'create',
		kind,
	});

	test.each(ALL)('%s: is not repeated, not even by Retry On Fail', async (_name, order) => {
		for (const kind of ['resetAfterAccept', 'truncatedJson'] as const) {
			await restart({});
			node.simulator.addFault(faultOf(order, kind));
			const { error } = await node.run(order, { retryOnFail: true });
			expect(errorText(error)).toMatch(/not known whether CometAPI created the (video|sound).*was not sent again/s);
			expect(node.creates()).toHaveLength(1);
		}
	});
});

describe('answers that say less than they should', () => {
	const SPEECH = {
		provider: 'kling',
		mode: 'textToSpeech',
		text: 'Hello',
		voiceId: 'oversea_male1',
		downloadVideo: false,
	};

	test.each([
		['an error word for a code', { code: 'fail_to_fetch_task', message: 'no channel', data: null }],
		['a speech without a sound', { code: 0, data: { task_status: 'submitted' } }],
		['nothing', {}],
	])('%s is no speech, and is not bought again', async (_what, body) => {
		node.simulator.addFault({ on: 'sync', kind: 'reply', status: 200, body });
		const { error, rows } = await node.run(SPEECH, { retryOnFail: true });
		expect(rows).toEqual([]);
		expect(errorText(error)).toMatch(/not known whether CometAPI created the sound/);
		expect(node.creates()).toHaveLength(1);
	});

	test('a speech that failed says why', async () => {
		node.simulator.addFault({
			on: 'sync',
			kind: 'reply',
			status: 200,
			body: { code: 0, data: { task_status: 'failed', task_status_msg: 'bad voice' } },
		});
		expect(errorText((await node.run(SPEECH)).error)).toMatch(/Kling refused the request: bad voice/);
	});

	test('an error inside HTTP 200 is shown', async () => {
		node.simulator.addFault({
			on: 'create',
			kind: 'reply',
			status: 200,
			body: { error: { message: 'no channel', code: 'invalid_request' } },
		});
		const { error } = await node.run({ provider: 'kling', prompt: 'x' });
		expect(errorText(error)).toMatch(/Kling refused the request \(code invalid_request\): no channel/);
	});

	test('a Hailuo task id counts more than the code beside it', async () => {
		node.simulator.addFault({
			on: 'create',
			kind: 'reply',
			status: 200,
			body: { task_id: '991', base_resp: { status_code: 1001, status_msg: 'timeout' } },
		});
		const { rows } = await node.run({
			provider: 'minimax',
			mode: 'textToVideoHailuo',
			prompt: 'x',
			waitForCompletion: false,
		});
		expect(rows).toMatchObject([{ taskId: '991', status: 'pending' }]);
	});

	test('Kling\'s "no such resource" is put up with at first, as HTTP 404 is', async () => {
		node.simulator.addFault({
			on: 'status',
			kind: 'businessError',
			code: 1203,
			message: 'resource not found',
			times: 3,
		});
		const { rows } = await node.run({ provider: 'kling', prompt: 'x', downloadVideo: false });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
	});

	test.each([RUNWAY, RUNWAY_FEED])(
		"Runway's task_not_exist inside HTTP 200 is put up with at first, and not for ever",
		async (order) => {
			node.simulator.addFault({
				on: 'status',
				kind: 'reply',
				status: 200,
				body: { status: 'task_not_exist' },
				times: 2,
			});
			expect((await node.run({ ...order, downloadVideo: false })).rows).toMatchObject([{ status: 'succeeded' }]);
			node.simulator.addFault({
				on: 'status',
				kind: 'reply',
				status: 200,
				body: { code: 'task_not_exist', message: 'task_not_exist' },
				times: Infinity,
			});
			const { error } = await node.run({ ...order, downloadVideo: false });
			expect(errorText(error)).toMatch(/does not know the task \S+ \(task_not_exist\)/);
		},
	);

	test('a refused look does not advise to create the video again at once', async () => {
		node.simulator.addFault({ on: 'status', kind: 'businessError', code: 1201, message: 'bad parameter' });
		const { error } = await node.run({ provider: 'kling', prompt: 'x', downloadVideo: false });
		expect(errorText(error)).toMatch(/bad parameter.*Look at the task with Task > Get before you create it again/s);
	});
});

test('an id that came as a number has lost its last digits, which is said before anything is sent', async () => {
	const items = [{ json: { taskId: 878106242831892487 } }];
	for (const parameters of [
		{ resource: 'task', operation: 'get', taskId: '={{ $json.taskId }}', taskProvider: 'kling' },
		{ provider: 'kling', mode: 'extendVideo', parentTaskId: '={{ $json.taskId }}', videoId: '1', prompt: 'x' },
	]) {
		const { error } = await node.run(parameters, { items });
		expect(errorText(error)).toMatch(/too long to be exact.*format it as text/s);
	}
	expect(node.creates()).toEqual([]);
});
