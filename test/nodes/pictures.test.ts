/** Pictures on their way to CometAPI: fetched once for all items of a run, sent as they are, and no name or link comes back whole. */
import { sampleJpeg } from '../simulator/sampleMedia';
import { errorText } from '../support/errorText';
import { Listener } from '../support/listener';
import { VideoNodeTest } from '../support/videoNode';

const PICTURE = { prompt: 'A lighthouse in a storm', mode: 'imageToVideo', waitForCompletion: false };
const ITEMS = Array.from({ length: 8 }, () => ({ json: {} }));

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

/** More than one piece, and no multiple of three bytes. */
const LARGE = Buffer.concat([sampleJpeg, Buffer.alloc(1_500_001, 7)]);

test.each([
	['a form', PICTURE, (body: Buffer) => body.includes(LARGE)],
	[
		'JSON',
		{ ...PICTURE, provider: 'kling' },
		(body: Buffer) =>
			body.includes(LARGE.toString('base64')) &&
			(JSON.parse(body.toString()) as { prompt?: string }).prompt === PICTURE.prompt,
	],
])('a picture that eight items share is fetched once and arrives whole in %s', async (what, parameters, isWhole) => {
	const service = await Listener.start((request, response) => {
		const id = `task_${service.requests.length}`;
		const isPicture = request.url === '/a.jpg';
		response.writeHead(200, { 'content-type': isPicture ? 'image/jpeg' : 'application/json' });
		response.end(isPicture ? LARGE : JSON.stringify({ id, status: 'queued', code: 0, data: { task_id: id } }));
	});
	const input =
		what === 'JSON' ? { binary: { data: { data: LARGE.toString('base64'), mimeType: 'image/jpeg' } } } : undefined;
	const source = input ? { imageSource: 'binary', imageBinaryField: 'data' } : { imagesUrl: `${service.origin}/a.jpg` };
	const { rows, error } = await node.run(
		{ ...parameters, ...source },
		{ baseUrl: service.origin, items: ITEMS.map((item) => ({ ...item, ...input })) },
	);
	expect(errorText(error)).toBe('');
	expect(rows).toHaveLength(8);
	const creates = service.requests.filter(({ method }) => method === 'POST');
	expect(creates.map(({ body }) => isWhole(body))).toEqual(ITEMS.map(() => true));
	expect(creates.map(({ headers, body }) => Number(headers['content-length']) - body.length)).toEqual(
		ITEMS.map(() => 0),
	);
	expect(service.requests.filter(({ url }) => url === '/a.jpg')).toHaveLength(input ? 0 : 1);
	await service.close();
});

const ftyp = (brand: string) =>
	Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(64)]);

test.each([
	['avif', ftyp('avif')],
	['heic', ftyp('heic')],
	['gif', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(64)])],
])('a picture of the type %s is refused with the way out', async (type, bytes) => {
	const data = { data: bytes.toString('base64'), mimeType: 'image/jpeg', fileName: `${'x'.repeat(5000)}.jpg` };
	const { error } = await node.run(
		{ ...PICTURE, imagesSource: 'binary', imagesBinaryField: 'data' },
		{ items: [{ json: {}, binary: { data } }] },
	);
	expect(errorText(error)).toMatch(new RegExp(`of the type image/${type}.*Edit Image`, 's'));
	expect(errorText(error).length).toBeLessThan(500);
});

test.each([
	['a link', { imagesUrl: `ftp://example.com/${'x'.repeat(100_000)}` }],
	['a field name', { imagesSource: 'binary', imagesBinaryField: 'x'.repeat(100_000) }],
])('%s of 100,000 characters does not come back whole', async (_what, parameters) => {
	const { error } = await node.run({ ...PICTURE, ...parameters });
	expect(errorText(error).length).toBeLessThan(500);
	expect(node.creates()).toEqual([]);
});
