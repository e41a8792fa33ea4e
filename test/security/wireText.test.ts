/** Names and texts of the user on the wire: none of them can become a header, another field, or a place on a disk. */
import fc from 'fast-check';
import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';
import { getAtPath, setAtPath } from '../../nodes/CometApiVideo/task/jsonPath';
import { samplePng } from '../simulator/sampleMedia';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { fuzzSettings } from '../support/fuzz';
import { Listener } from '../support/listener';
import { atLength } from '../support/longRun';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const CUSTOM = {
	provider: 'custom',
	model: { __rl: true, mode: 'id', value: 'doubao-seedance-2-0' },
	prompt: 'A lighthouse',
	waitForCompletion: false,
};

/** What ends a header or a quoted name, and letters that a header cannot have. */
const nastyName = fc
	.array(
		fc.constantFrom(
			'a',
			'"',
			'\r\n',
			'\n',
			'\r',
			'; name="model"',
			'X-Injected: 1',
			'\u4E16',
			'\u{1F6A4}',
			'\u202E',
			'%22',
			'\\',
			'/',
			'../',
			' ',
			"'",
			'\t',
		),
		{
			minLength: 1,
			maxLength: 8,
		},
	)
	.map((parts) => `n${parts.join('')}`);

/** A part's headers, as the service's parser sees them before any decoding. */
function headerLines(body: Buffer): string[] {
	const text = body.toString('utf8');
	const [boundary] = text.split('\r\n', 1);
	return text
		.split(boundary)
		.slice(1, -1)
		.flatMap((part) => part.split('\r\n\r\n', 1)[0].split('\r\n').filter(Boolean));
}

const HEADERS = /^Content-(Disposition: form-data; name="[^"\r\n]*"(; filename="[^"\r\n]*")?|Type: [\w/.+-]+)$/i;

test('file names, field names and prompts stay inside their part of a form', async () => {
	const given = fc.record({
		fileName: nastyName,
		formField: nastyName,
		fieldName: nastyName,
		prompt: nastyName,
		value: nastyName,
	});
	const property = fc.asyncProperty(given, async ({ fileName, formField, fieldName, prompt, value }) => {
		const binary: IBinaryKeyData = {
			data: { data: samplePng.toString('base64'), mimeType: 'image/png\r\nX-Injected: 1', fileName },
		};
		const before = node.creates().length;
		const parameters = {
			...{ ...CUSTOM, prompt },
			files: { file: [{ source: 'binary', binary: 'data', formField }] },
			formFields: { field: [{ name: fieldName, value }] },
		} as INodeParameters;
		await node.run(parameters, { items: [{ json: {}, binary }] });
		const [create] = node.creates().slice(before);
		expect(headerLines(create.body).filter((line) => !HEADERS.test(line))).toEqual([]);
		expect(create.form?.fields.map(([name]) => name)).toHaveLength(3);
		expect(create.form?.fields[1]).toEqual(['prompt', prompt.replace(/\r\n|\r|\n/g, '\r\n')]);
		expect(create.form?.files).toHaveLength(1);
		expect(create.headers).not.toHaveProperty('x-injected');
		expect(create.headers.authorization).toBe(`Bearer ${SIMULATOR_API_KEY}`);
	});
	await fc.assert(property, fuzzSettings(atLength(10, 30)));
});

describe('fields of the user own', () => {
	const run = async (field: INodeParameters[], more: INodeParameters = {}) =>
		await node.run({ ...CUSTOM, formFields: { field }, ...more });

	test.each<[string, INodeParameters[], INodeParameters, RegExp]>([
		[
			'a name twice',
			[
				{ name: 'seconds', value: '5' },
				{ name: ' seconds', value: '6' },
			],
			{},
			/Form Fields: the name "seconds" is used twice/,
		],
		['a second prompt', [{ name: 'prompt', value: 'A cat' }], {}, /Form Fields: "prompt" has a field of its own/],
		['a second model', [{ name: 'model', value: 'veo3' }], {}, /Form Fields: "model" has a field of its own/],
		['the root of all objects', [{ name: '__proto__', value: 'x' }], {}, /Form Fields: "__proto__" cannot be a name/],
	])('%s is refused: one of the two would be lost', async (_what, field, more, reads) => {
		const { error } = await run(field, more);
		expect(errorText(error)).toMatch(reads);
		expect(node.creates()).toEqual([]);
	});

	test.each(['__proto__.polluted', 'constructor.prototype.polluted', 'prompt', 'model.id', 'prompt.image', 'a..b'])(
		'a file cannot be put at %s of a JSON body',
		async (formField) => {
			const files = { file: [{ source: 'url', url: `${node.simulator.resultOrigin}/media/image.png`, formField }] };
			const { error } = await run([{ name: 'seconds', value: '5' }], { bodyFormat: 'json', files });
			expect(errorText(error)).toMatch(/Files: file 1 cannot have the form field name/);
			expect(node.creates()).toEqual([]);
			expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		},
	);
});

test('no path reaches what all objects share', () => {
	for (const path of [
		'__proto__.polluted',
		'a.__proto__.polluted',
		'constructor.prototype.polluted',
		'a.0.__proto__.x',
	]) {
		expect(() => setAtPath({}, path, 'x')).toThrow(/cannot be a name/);
		expect(getAtPath({}, path)).toBeUndefined();
	}
	expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('the name of a downloaded file', () => {
	test.each([
		['task_1?x=<script>', 'task_1_x__script_.mp4'],
		['a/b\\c..d', 'a_b_c..d.mp4'],
	])('is no path, though the ID that CometAPI gives is %j', async (id, expected) => {
		const task = { id, status: 'completed', video_url: `${node.simulator.resultOrigin}/media/clip.mp4` };
		const server = await Listener.start((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(task));
		});
		// A prompt without a word names no file, so the ID does.
		const { items, error } = await node.run({ prompt: '!' }, { baseUrl: server.origin });
		expect(errorText(error)).toBe('');
		expect(items.map(({ binary }) => binary?.data.fileName)).toEqual([expected]);
		// Nor does it lead to another route.
		for (const { url } of server.requests)
			expect(url).toMatch(/^\/(api\/models\?page=1&page_size=500|v1\/videos(\/[^/?]+)?)$/);
		await server.close();
	});

	test.each(['../../etc/cron.d/job', '..\\..\\windows\\a', 'a\r\nContent-Type: text/html'])(
		'an ID that leads elsewhere, such as %j, is shown and never asked for',
		async (id) => {
			const server = await Listener.start((_request, response) => {
				response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id, status: 'queued' }));
			});
			const { error } = await node.run({ prompt: 'x' }, { baseUrl: server.origin });
			expect(errorText(error)).toMatch(/^It is not known whether CometAPI created the video/);
			expect(errorText(error)).toContain(JSON.stringify(id).slice(1, 8));
			for (const { url } of server.requests) expect(url).toMatch(/^\/(api\/models\?page=1&page_size=500|v1\/videos)$/);
			await server.close();
		},
	);

	test.each(['a\r\nb.mp4', 'a\u0000.mp4', '..', 'con\u202Egpj.mp4'])('cannot be %j', async (fileName) => {
		const { error } = await node.run({ prompt: 'x', options: { fileName } });
		expect(errorText(error)).toMatch(/File Name cannot be/);
		expect(node.creates()).toEqual([]);
	});
});

test.each(['..', '../admin', 'a b', '\uD800', 'x'.repeat(501)])('%j is no task to remix', async (videoId) => {
	const { error } = await node.run(
		{ provider: 'sora', mode: 'remix', prompt: 'x', videoId: '={{ $json.videoId }}' },
		{ items: [{ json: { videoId } }] },
	);
	expect(errorText(error)).toMatch(/Video Task ID cannot be/);
	expect(node.creates()).toEqual([]);
});
