/** The finished video on its way into n8n: streamed, bounded, really a video, and the key stays at home. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { clock } from '../../nodes/CometApiVideo/task/clock';
import { downloadAsset } from '../../nodes/CometApiVideo/service/download';
import type { Fault } from '../simulator/simulator';
import { documentedReplies, sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };
const NAME = 'a-lighthouse-in-a-storm.mp4';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	await node.close();
});

const taskId = () => [...node.simulator.tasks.keys()][0];

test('the file is the video byte for byte, named after the prompt, and its host never sees the key', async () => {
	const { items } = await node.run(PROMPT);
	expect(items[0].binary?.data).toMatchObject({
		fileName: NAME,
		mimeType: 'video/mp4',
		bytes: sampleVideo.length,
	});
	expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
	expect(node.simulator.resultRequests).toHaveLength(1);
	expect(node.simulator.resultRequests[0].headers.authorization).toBeUndefined();
});

test('field and file name can be chosen', async () => {
	const names: Array<[string, string]> = [
		['campaign 42.mp4', 'campaign 42.mp4'],
		['\u{1F3AC} ролик 猫', '\u{1F3AC} ролик 猫.mp4'],
		['Vol. 2.1080', 'Vol. 2.1080.mp4'],
		['clip.mov', 'clip.mov'],
	];
	const { items } = await node.run(
		{ ...PROMPT, options: { binaryField: 'clip', fileName: '={{ $json.fileName }}' } },
		{ items: names.map(([fileName]) => ({ json: { fileName } })) },
	);
	expect(items.map(({ binary }) => binary?.clip.fileName)).toEqual(names.map(([, expected]) => expected));
});

test('a file name that cannot be is refused before anything is paid', async () => {
	const { error } = await node.run({ ...PROMPT, options: { fileName: '../etc/passwd' } });
	expect(errorText(error)).toMatch(/File Name cannot be "\.\.\/etc\/passwd"/);
	expect(node.creates()).toEqual([]);
});

test('without Download Video the link is enough', async () => {
	const { items } = await node.run({ ...PROMPT, downloadVideo: false });
	expect(items[0].binary).toBeUndefined();
	expect(items[0].json.videoUrl).toMatch(/^http:/);
	expect(node.simulator.resultRequests).toEqual([]);
});

test('a redirect from the content route to another host goes without the key', async () => {
	node.simulator.addFault({ on: 'create', kind: 'noVideoUrl' });
	node.simulator.addFault({
		on: 'content',
		kind: 'redirect',
		status: 302,
		location: `${node.simulator.resultOrigin}/media/clip.mp4`,
	});
	const { items } = await node.run(PROMPT);
	expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	expect(node.simulator.resultRequests[0].headers.authorization).toBeUndefined();
	expect(node.simulator.requests.find(({ path }) => path.endsWith('/content'))?.headers.authorization).toMatch(
		/^Bearer /,
	);
});

const MENDED: Array<{ what: string; faults: Fault[] }> = [
	{ what: 'a host that fails twice', faults: [{ on: 'result', ...documentedReplies.unavailable, times: 2 }] },
	{ what: 'a video that breaks off', faults: [{ on: 'result', kind: 'truncatedVideo' }] },
	{ what: 'a connection that is reset', faults: [{ on: 'result', kind: 'resetBeforeAccept' }] },
	{ what: 'a video that stops arriving', faults: [{ on: 'result', kind: 'stallVideo' }] },
	{ what: 'an expired link', faults: [{ on: 'result', kind: 'reply', status: 403, times: Infinity }] },
	{ what: 'a web page instead of the video', faults: [{ on: 'result', kind: 'notVideo', times: Infinity }] },
	{
		what: 'JSON instead of the video',
		faults: [
			{ on: 'result', kind: 'notVideo', body: { error: 'no' }, contentType: 'application/json', times: Infinity },
		],
	},
	{
		what: 'bytes that are no video, called one',
		faults: [{ on: 'result', kind: 'notVideo', body: 'x'.repeat(500), contentType: 'video/mp4', times: Infinity }],
	},
];

test.each(MENDED)('$what: another try or the content route gives the video', async ({ faults }) => {
	for (const fault of faults) node.simulator.addFault(fault);
	const { items, error } = await node.run({ ...PROMPT, options: { requestTimeout: 1 } });
	expect(errorText(error)).toBe('');
	expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
	expect(node.creates()).toHaveLength(1);
});

const LOST: Array<{ what: string; fault: Omit<Fault, 'on'>; reads: RegExp }> = [
	{
		what: 'a web page',
		fault: { kind: 'notVideo', times: Infinity },
		reads: /gives "text\/html.*instead of a video/,
	},
	{
		what: 'an empty file',
		fault: { kind: 'reply', status: 200, body: '', times: Infinity } as Fault,
		reads: /gives an empty file instead of a video/,
	},
	{
		what: 'a refusal',
		fault: { kind: 'reply', status: 410, body: { error: { message: 'gone' } }, times: Infinity } as Fault,
		reads: /could not be downloaded \(HTTP 410\): gone/,
	},
	{
		what: 'a server that fails',
		fault: { kind: 'reply', status: 500, times: Infinity } as Fault,
		reads: /could not be downloaded \(HTTP 500\)/,
	},
];

test.each(LOST)('$what everywhere: the message keeps the task id and the link', async ({ fault, reads }) => {
	node.simulator.addFault({ ...fault, on: 'result' } as Fault);
	node.simulator.addFault({ ...fault, on: 'content' } as Fault);
	const { error } = await node.run(PROMPT);
	expect(errorText(error)).toMatch(reads);
	expect(errorText(error)).toContain(taskId());
	expect(error?.context.details).toMatchObject({ taskId: taskId(), videoUrl: expect.stringContaining('/results/') });
	expect(node.creates()).toHaveLength(1);
});

test('a video above the cap is refused while it is read, with or without a length', async () => {
	for (const chunked of [false, true]) {
		node.simulator.addFault({ on: 'result', kind: 'largeVideo', bytes: 50_000_000, chunked });
		node.simulator.addFault({ on: 'content', kind: 'largeVideo', bytes: 50_000_000, chunked });
		const { error } = await node.run({ ...PROMPT, options: { maxFileSize: 3 } });
		expect(errorText(error)).toMatch(/larger than 3 MB.*Maximum File Size/s);
	}
});

test('several items are downloaded each to its own row', async () => {
	const { items } = await node.run(PROMPT, { items: [{ json: {} }, { json: {} }, { json: {} }] });
	expect(items.map(({ binary }) => binary?.data.fileName)).toEqual(items.map(() => NAME));
});

describe('a link into a private network', () => {
	const context = {
		getExecutionCancelSignal: () => undefined,
		helpers: {
			async httpRequest() {
				throw new Error('The link was fetched');
			},
		},
	} as unknown as IExecuteFunctions;

	const download = async (url: string, baseUrl: string) =>
		await downloadAsset(
			context,
			{ kind: 'video', sources: [{ at: 'url', url }] },
			{
				baseUrl,
				secrets: [],
				fileName: 'a.mp4',
				maxBytes: 1e6,
				clock,
				timeoutMs: 1000,
				lookUpLink: async () => await Promise.resolve(''),
			},
		);

	test.each([
		'http://127.0.0.1/a.mp4',
		'http://169.254.169.254/latest/meta-data',
		'https://[::1]/a.mp4',
		'http://2130706433/a.mp4',
		'http://localhost../a.mp4',
		'http://127.0.0.1../a.mp4',
		'http://printer.local../a.mp4',
	])('%s is not fetched', async (link) => {
		await expect(download(link, 'https://api.cometapi.com')).rejects.toThrow(/which is not fetched/);
	});

	test('is fetched if CometAPI itself is there', async () => {
		await expect(download('http://127.0.0.1/a.mp4', 'http://127.0.0.1:1')).rejects.toThrow(/The link was fetched/);
	});
});

describe('a link that is the file itself', () => {
	const download = async (url: string, maxBytes = 1e6) => {
		const stored: Array<[Buffer, string]> = [];
		const prepareBinaryData = async (bytes: Buffer, name: string) => await Promise.resolve(stored.push([bytes, name]));
		const context = { getExecutionCancelSignal: () => undefined, helpers: { prepareBinaryData } };
		const lookUpLink = async () => await Promise.resolve('');
		await downloadAsset(
			context as unknown as IExecuteFunctions,
			{ kind: 'video', sources: [{ at: 'url', url }] },
			{ baseUrl: 'https://api.cometapi.com', secrets: [], fileName: 'a', maxBytes, clock, timeoutMs: 1000, lookUpLink },
		);
		return stored;
	};
	const uri = (bytes: Buffer) => `data:video/mp4;base64,${bytes.toString('base64')}`;

	test('is stored', async () => {
		expect(await download(uri(sampleVideo))).toEqual([[sampleVideo, 'a.mp4']]);
	});

	test.each([
		['too large', uri(sampleVideo), 1000, /larger than 0 MB/],
		['no video', uri(Buffer.from('{"error":"no"}'.padEnd(100))), 1e6, /gives "video\/mp4" instead of a video/],
		['no base64', 'data:video/mp4,%00', 1e6, /data URI without base64/],
		['nothing', 'data:', 1e6, /data URI without base64/],
	])('is refused if it is %s', async (_what, link, maxBytes, reads) => {
		await expect(download(link, maxBytes)).rejects.toThrow(reads);
	});
});
