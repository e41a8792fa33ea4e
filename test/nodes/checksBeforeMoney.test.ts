/** What can be known to be wrong is said before the first create, for all items. */
import type { INodeParameters } from 'n8n-workflow';
import { samplePng, secondSamplePng } from '../simulator/sampleMedia';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

const beginningOfMp4 = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'latin1').toString('base64');

const REFUSED: Array<[string, INodeParameters, RegExp]> = [
	['an empty prompt', { prompt: '  ' }, /Prompt is empty.*Seedance > Text to Video needs a prompt/s],
	[
		'an expression left as text',
		{ prompt: 'A {{ $json.animal }} in the rain' },
		/Prompt contains the text \{\{ \$json\.animal \}\}.*Switch the field "Prompt" from Fixed to Expression/s,
	],
	[
		'a long expression left as text',
		{ prompt: `{{ $json.${'x'.repeat(2000)} }}` },
		/^Prompt contains the text \{\{ \$json\.x{10,50}…, which looks like an expression that was not evaluated;/,
	],
	[
		'a length that the model does not have',
		{ prompt: 'x', seconds: 16 },
		/Duration \(Seconds\) cannot be 16 with the model doubao-seedance-2-0.*a whole number from 4 to 15/s,
	],
	['half a second', { prompt: 'x', seconds: 5.5 }, /Duration \(Seconds\) cannot be 5\.5.*whole number/s],
	['words for a number', { prompt: 'x', seconds: 'five' }, /Duration \(Seconds\) cannot be "five"/],
	[
		'a size that the model does not have',
		{ prompt: 'x', model: byId('doubao-seedance-2-0-fast'), resolution: '1080p' },
		/Resolution cannot be "1080p" with the model doubao-seedance-2-0-fast.*480p, 720p/s,
	],
	[
		'a model of another provider',
		{ prompt: 'x', model: byId('veo3.1') },
		/The model veo3\.1 belongs to Veo, not to Seedance.*set Provider to Veo/s,
	],
	[
		'a model that cannot do the mode',
		{
			prompt: 'x',
			mode: 'imageToVideo',
			model: byId('doubao-seedance-1-0-pro'),
			imagesUrl: 'https://example.com/a.png',
		},
		/does not support Image to Video/,
	],
	['no model', { prompt: 'x', model: byId("={{ '' }}") }, /Model is empty/],
	[
		'a missing picture',
		{ prompt: 'x', mode: 'imageToVideo', imagesUrl: '={{ [] }}' },
		/Images is missing.*one to 9 files/s,
	],
	[
		'a link that is none',
		{ prompt: 'x', mode: 'imageToVideo', imagesUrl: 'picture.png' },
		/Image URLs: "picture\.png" is not a web address/,
	],
	[
		'an input field that is not there',
		{ prompt: 'x', mode: 'imageToVideo', imagesSource: 'binary', imagesBinaryField: 'photo' },
		/Image: Input Data Field Names: the input item has no file in the field "photo"/,
	],
	[
		'text that is no picture',
		{ prompt: 'x', mode: 'imageToVideo', imagesSource: 'data', imagesData: 'not base64!' },
		/neither a data URI nor base64/,
	],
	[
		'data that is no picture',
		{
			prompt: 'x',
			mode: 'imageToVideo',
			imagesSource: 'data',
			imagesData: 'data:image/png;base64,aGVsbG8gd29ybGQgaGVsbG8=',
		},
		/is no file of a known type.*Allowed: image\/jpeg, image\/png, image\/webp/s,
	],
	[
		'a photo of a telephone',
		{ prompt: 'x', mode: 'imageToVideo', imagesSource: 'data', imagesData: beginningOfMp4('heic') },
		/is of the type image\/heic.*Allowed: image\/jpeg/s,
	],
	[
		'a sound that begins like a video',
		{
			provider: 'omni',
			mode: 'videoToVideo',
			model: byId('omni-fast-v2v'),
			prompt: 'x',
			videoSource: 'data',
			videoData: beginningOfMp4('M4A '),
		},
		/is of the type audio\/mp4.*Allowed: video\/mp4/s,
	],
	['a stale mode of another provider', { prompt: 'x', provider: 'wan', mode: 'remix' }, /Wan has no mode "remix"/],
	[
		'an extra field that is no object',
		{ prompt: 'x', options: { extraBodyFields: '[1]' } },
		/Extra Body Fields is not a JSON object/,
	],
	[
		'a poll interval below two seconds',
		{ prompt: 'x', options: { pollInterval: 0.1 } },
		/Check Every \(Seconds\) cannot be 0\.1.*at least 2/s,
	],
	['a timeout of nothing', { prompt: 'x', options: { timeout: 0 } }, /Timeout \(Minutes\) cannot be 0/],
	[
		'a shot without a length',
		{ provider: 'sora', mode: 'storyboard', shots: { shot: [{ duration: 'long', scene: 'A cat' }] } },
		/Shots: Duration \(Seconds\) of shot 1 cannot be "long"; nothing was created.*a number of at least 0\.1/s,
	],
	[
		'a switch that is neither on nor off',
		{ prompt: 'x', waitForCompletion: "={{ 'maybe' }}" },
		/Wait for Completion cannot be "maybe".*true, false/s,
	],
	['a storyboard without shots', { provider: 'sora', mode: 'storyboard' }, /Shots is empty/],
	[
		'timestamps that are none',
		{
			provider: 'sora',
			model: byId('sora-2-all'),
			prompt: 'x',
			seconds: 10,
			aspectRatio: '9:16',
			options: { characterUrl: 'https://example.com/a.mp4', characterTimestamps: '1-3' },
		},
		/Character Timestamps cannot be "1-3".*e\.g\. 1,3/s,
	],
	[
		'a body format that does not exist',
		{ provider: 'custom', prompt: 'x', model: byId('wan2.7'), bodyFormat: "={{ 'JSON' }}" },
		/Body Format cannot be "JSON".*multipart, json/s,
	],
	['a prompt that is no number', { prompt: '={{ NaN }}' }, /Prompt is the text NaN.*value that is missing/s],
	['a prompt that is missing in a sheet', { prompt: "={{ 'undefined' }}" }, /Prompt is the text undefined/],
	['a cell with a broken formula', { prompt: "={{ '#REF!' }}" }, /Prompt is the text #REF!/],
	['an object in the middle of a prompt', { prompt: "={{ 'A ' + {} }}" }, /Prompt contains the text \[object Object\]/],
	[
		'an empty cell for the length',
		{ prompt: 'x', seconds: "={{ '' }}" },
		/Duration \(Seconds\) is empty; nothing was created.*\{\{ \$json\.seconds \|\| 5 \}\}/s,
	],
	['an empty cell for the shape', { prompt: 'x', aspectRatio: '={{ null }}' }, /Aspect Ratio is empty/],
	[
		'a shape that there is not in this resolution',
		{ prompt: 'x', provider: 'wan', aspectRatio: '1:1', resolution: '720p' },
		/Resolution cannot be 720p with the Aspect Ratio Square 1:1 with the model wan2\.7; nothing was created.*Allowed with Square 1:1: 1080p/s,
	],
	[
		'an exact size that the model does not have',
		{ prompt: 'x', options: { exactSize: '1000x1000' } },
		/Exact Size cannot be "1000x1000" with the model doubao-seedance-2-0.*1280x720/s,
	],
	[
		'a file for a model that takes links',
		{
			prompt: 'x',
			provider: 'wan',
			mode: 'referenceToVideo',
			imagesSource: 'data',
			imagesData: samplePng.toString('base64'),
		},
		/Images: the model wan2\.6 takes pictures as public links.*Send Pictures As/s,
	],
	[
		'one picture for a scene of two people',
		{ provider: 'kling', mode: 'effects', effectScene: 'hug_pro', imagesUrl: 'https://example.com/a.png' },
		/Images: the scene Hug \(Two People\) takes two pictures, not 1/,
	],
	[
		'a link to a picture of a telephone',
		{ provider: 'kling', mode: 'imageToVideo', prompt: 'x', imageUrl: 'https://example.com/a.HEIC' },
		/Image URL: CometAPI takes no HEIC pictures.*Edit Image/s,
	],
	[
		'a speech of unknown length',
		{ provider: 'kling', mode: 'lipSync', videoId: '1', audioId: '2' },
		/Sound Length \(Seconds\) is empty/,
	],
	...(
		[
			[5000, /Videos at the Same Time cannot be 5000.*whole numbers from 1 to 200/s],
			[1.5, /Videos at the Same Time cannot be 1\.5/],
			['many', /Videos at the Same Time cannot be "many"/],
		] as Array<[number | string, RegExp]>
	).map(([value, reads]): [string, INodeParameters, RegExp] => [
		`${value} tasks in flight`,
		{ prompt: 'x', options: { maxTasksInFlight: `={{ ${JSON.stringify(value)} }}` } },
		reads,
	]),
	[
		'a timeout for requests that would be over at once',
		{ prompt: 'x', options: { requestTimeout: 3_000_000 } },
		/Request Timeout \(Seconds\) cannot be 3000000.*from 1 to 3600/s,
	],
	['a choice that does not exist', { prompt: 'x', options: { onFailure: "={{ 'retrun' }}" } }, /On Failure cannot be/],
	[
		'a switch among the options',
		{ prompt: 'x', options: { simplify: "={{ 'maybe' }}" } },
		/Simplify cannot be "maybe"/,
	],
	[
		'a movement of the camera that would be dropped',
		{ provider: 'kling', prompt: 'x', model: byId('kling-v1'), options: { cameraMovement: 'pan' } },
		/Camera Movement is set, but Camera is not One Movement/,
	],
	[
		'shots for a model that has none',
		{
			provider: 'kling',
			prompt: 'x',
			model: byId('kling-v1-6'),
			options: { shots: { shot: [{ duration: 5, scene: 'A cat' }] } },
		},
		/Shots cannot be used with the model kling-v1-6.*kling-v3/s,
	],
	[
		'a quality for a model from a sheet that has none',
		{ provider: 'kling', prompt: 'x', model: byId("={{ 'kling-v2-master' }}"), quality: "={{ 'pro' }}" },
		/Quality cannot be used with the model kling-v2-master/,
	],
	[
		'a quality for an effect with one person',
		{
			provider: 'kling',
			mode: 'effects',
			effectScene: 'squish',
			imagesUrl: 'https://example.com/a.png',
			options: { quality: 'pro' },
		},
		/Quality cannot be chosen for a scene with one person/,
	],
	[
		'a length that Kling O1 has with a reference only',
		{ provider: 'kling', mode: 'omniVideo', model: byId('kling-video-o1'), prompt: 'x', seconds: 3 },
		/Duration cannot be 3 seconds with the model kling-video-o1 without a reference/,
	],
	[
		'a continuation without a picture',
		{ provider: 'midjourney', mode: 'continueVideo', videoId: '1762547298152655', imageUrl: "={{ '' }}" },
		/Image is missing/,
	],
	[
		'a file without a link',
		{
			provider: 'custom',
			prompt: 'x',
			model: byId('wan2.7'),
			files: { file: [{ formField: 'input_reference', source: 'url', url: '' }] },
		},
		/Files: file 1 is empty/,
	],
	[
		'a place in JSON that would fill the memory',
		{
			provider: 'custom',
			prompt: 'x',
			model: byId('wan2.7'),
			bodyFormat: 'json',
			files: { file: [{ formField: 'images.999999999.url', source: 'data', data: samplePng.toString('base64') }] },
		},
		/Files: file 1 cannot have the form field name "images\.999999999\.url" in JSON/,
	],
	[
		'a remix of nothing',
		{ provider: 'sora', mode: 'remix', prompt: 'x', videoId: '={{ $json.taskId }}' },
		/Video Task ID is empty/,
	],
];

test.each(REFUSED)('%s', async (_what, parameters, reads) => {
	const { error } = await node.run(parameters);
	expect(errorText(error)).toMatch(reads);
	expect(error?.context.itemIndex ?? 0).toBe(0);
	expect(node.creates()).toEqual([]);
});

test('a picture of another size than the Sora video', async () => {
	const { error } = await node.run({
		provider: 'sora',
		mode: 'imageToVideo',
		prompt: 'x',
		imageUrl: `${node.simulator.resultOrigin}/media/720x1280.png`,
	});
	expect(errorText(error)).toMatch(/Image is 720 × 1280 pixels, but the video is 1280 × 720.*resize the picture/s);
	expect(node.creates()).toEqual([]);
});

test.each([
	['a web page', '/media/page.html', /is no file of a known type/],
	['a video', '/media/clip.mp4', /is of the type video\/mp4/],
	['nothing (404)', '/media/nothing.png', /could not be fetched from .*\(HTTP 404\)/],
])('a link to %s', async (_what, path, reads) => {
	const { error } = await node.run({
		mode: 'imageToVideo',
		prompt: 'x',
		imagesUrl: `${node.simulator.resultOrigin}${path}`,
	});
	expect(errorText(error)).toMatch(reads);
	expect(node.creates()).toEqual([]);
});

test('a picture that is too large is not read to its end', async () => {
	node.simulator.addFault({ on: 'media', kind: 'largeVideo', bytes: 500_000_000, chunked: true });
	const { error } = await node.run({
		mode: 'imageToVideo',
		prompt: 'x',
		imagesUrl: `${node.simulator.resultOrigin}/media/image.png`,
	});
	expect(errorText(error)).toMatch(/Images is larger than 30 MB/);
	expect(node.creates()).toEqual([]);
});

test('more pictures than the model takes', async () => {
	const link = `${node.simulator.resultOrigin}/media/image.png`;
	const { error } = await node.run({
		mode: 'imageToVideo',
		prompt: 'x',
		imagesUrl: Array.from({ length: 10 }, () => link).join('\n'),
	});
	expect(errorText(error)).toMatch(/Images: 10 files are too many.*at most 9/s);
	expect(node.creates()).toEqual([]);
	const five = Array.from({ length: 10 }, () => link);
	const { rows } = await node.run({
		mode: 'imageToVideo',
		model: byId('seedance-2-5'),
		prompt: 'x',
		imagesUrl: `={{ ${JSON.stringify(five)} }}`,
	});
	expect(rows).toMatchObject([{ status: 'succeeded' }]);
});

describe('with several items', () => {
	const items = [{ json: { seconds: 5 } }, { json: { seconds: 99 } }, { json: { seconds: 6 } }];
	const parameters = { prompt: 'x', seconds: '={{ $json.seconds }}' };

	test('one bad item stops all before anything is paid', async () => {
		const { error } = await node.run(parameters, { items });
		expect(error?.message).toMatch(
			/^Duration \(Seconds\) cannot be 99 with the model doubao-seedance-2-0 in item 2; nothing was created$/,
		);
		// n8n would show it behind the message, counted from 0.
		expect(error?.context.itemIndex).toBeUndefined();
		expect(node.creates()).toEqual([]);
	});

	test('one bad item is a row of its own with On Error = continue', async () => {
		const { rows } = await node.run(parameters, { items, onError: 'continueRegularOutput' });
		expect(rows).toMatchObject([
			{ status: 'succeeded' },
			{ error: expect.stringMatching(/99.* in item 2; nothing was created for it$/) },
			{ status: 'succeeded' },
		]);
		expect(node.creates()).toHaveLength(2);
	});
});

describe('what a run has cost is said below its output', () => {
	test('for all videos together', async () => {
		const { hints } = await node.run({ prompt: 'x' }, { items: [{ json: {} }, { json: {} }] });
		expect(hints).toEqual(['About 1.37 USD for 2 videos by list prices; your bill may differ.']);
	});

	test('but not when nothing was created', async () => {
		node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: { error: { message: 'no' } } });
		const { hints } = await node.run({ prompt: 'x' }, { onError: 'continueRegularOutput' });
		expect(hints).toEqual([]);
	});
});

describe('Max Estimated Cost', () => {
	test('stops all when the sum is above it', async () => {
		const { error } = await node.run(
			{ prompt: 'x', options: { maxEstimatedCost: 1 } },
			{ items: [{ json: {} }, { json: {} }] },
		);
		expect(errorText(error)).toMatch(
			/2 videos would cost about 1\.37 USD, more than Max Estimated Cost \(USD\) of 1\.00; nothing was created/,
		);
		expect(node.creates()).toEqual([]);
	});

	test('lets through what is below it', async () => {
		const { rows } = await node.run({ prompt: 'x', options: { maxEstimatedCost: 1 } });
		expect(rows).toMatchObject([{ estimatedCostUsd: 0.684 }]);
	});

	const UNKNOWN = { prompt: 'x', model: byId('doubao-seedance-1-0-pro') };

	test('goes on without a price if that is wanted', async () => {
		const options = { maxEstimatedCost: 1, ifPriceUnknown: 'continue' };
		const { rows } = await node.run({ ...UNKNOWN, waitForCompletion: false, options });
		expect(rows).toMatchObject([{ estimatedCostUsd: null }]);
	});

	test.each([
		['cannot be read', { status: 500, body: {} }],
		['is none', { status: 200, body: { data: [null, { name: 'x' }] } }],
	])('refuses all when the price list %s', async (_what, reply) => {
		node.simulator.addFault({ on: 'catalog', kind: 'reply', ...reply, times: 5 });
		const parameters = { prompt: 'x', waitForCompletion: false };
		const { error } = await node.run({ ...parameters, options: { maxEstimatedCost: 100 } });
		expect(error?.message).toMatch(/price list of CometAPI could not be read.*nothing was created/);
		expect(node.creates()).toEqual([]);
		const options = { maxEstimatedCost: 100, ifPriceUnknown: 'continue' };
		expect((await node.run({ ...parameters, options })).rows).toHaveLength(1);
	});

	test('counts what Extra Body Fields say of length and size', async () => {
		const options = { maxEstimatedCost: 1, extraBodyFields: '{ "seconds": "15", "size": "1920x1080" }' };
		const { error } = await node.run({ prompt: 'x', options });
		expect(error?.message).toMatch(/would cost about 5\.05 USD/);
	});

	test('does not take the price of a smaller size', async () => {
		const parameters = { prompt: 'x', model: byId('doubao-seedance-2-0-mini'), size: '1280x720' };
		const { error } = await node.run({ ...parameters, options: { maxEstimatedCost: 100 } });
		expect(error?.message).toMatch(/cannot be estimated/);
	});

	test('refuses what has no price', async () => {
		const { error } = await node.run({
			prompt: 'x',
			model: byId('doubao-seedance-9'),
			options: { maxEstimatedCost: 100 },
		});
		expect(errorText(error)).toMatch(/cannot be estimated/);
		expect(node.creates()).toEqual([]);
	});
});

describe('what is not wrong', () => {
	test('a number as text', async () => {
		const { rows } = await node.run(
			{ prompt: 'x', seconds: '={{ $json.seconds }}' },
			{ items: [{ json: { seconds: '7' } }] },
		);
		expect(rows).toMatchObject([{ status: 'succeeded', durationSeconds: 7 }]);
	});

	test('an expression as model, with untouched fields of another model', async () => {
		const { rows } = await node.run(
			{ prompt: 'x', model: { __rl: true, mode: 'id', value: '={{ $json.model }}' } },
			{ items: [{ json: { model: 'seedance-2-5' } }, { json: { model: 'doubao-seedance-1-0-pro' } }] },
		);
		expect(rows).toMatchObject([
			{ status: 'succeeded', model: 'seedance-2-5' },
			{ status: 'succeeded', model: 'doubao-seedance-1-0-pro' },
		]);
	});

	test('a model that is newer than this package', async () => {
		const { rows } = await node.run({ provider: 'wan', prompt: 'x', model: byId('wan3.1') });
		expect(rows).toMatchObject([{ status: 'succeeded', model: 'wan3.1' }]);
	});

	test('braces that come from data', async () => {
		const prompt = 'A sign that reads {{ name }}';
		await node.run({ prompt: '={{ $json.prompt }}', waitForCompletion: false }, { items: [{ json: { prompt } }] });
		expect(node.creates()[0].form?.fields).toContainEqual(['prompt', prompt]);
	});

	test('an emoji, quotes, line breaks and a very long prompt arrive as they are', async () => {
		const prompt = `"🚤" — naïve\nÜber & <b>\r\n${'x'.repeat(20_000)}`;
		await node.run({ prompt: '={{ $json.prompt }}', waitForCompletion: false }, { items: [{ json: { prompt } }] });
		const sent = node.creates()[0].form?.fields.find(([name]) => name === 'prompt')?.[1];
		expect(sent?.replace(/\r?\n/g, '\n')).toBe(prompt.replace(/\r?\n/g, '\n'));
	});

	test("fields of the user's own go over the fields of the panel", async () => {
		await node.run({ prompt: 'x', options: { extraBodyFields: '{ "seconds": "6" }' }, waitForCompletion: false });
		expect(node.creates()[0].form?.fields).toContainEqual(['seconds', '6']);
	});
});

describe('values that expressions give as text', () => {
	const START = { prompt: 'x', waitForCompletion: false };

	test('switches', async () => {
		const parameters = {
			...START,
			waitForCompletion: "={{ 'FALSE' }}",
			recordTasks: "={{ 'all' }}",
			tableAccess: 'apiKey',
		};
		const { rows } = await node.run(parameters);
		expect(rows).toMatchObject([{ status: 'pending' }]);
		expect(node.n8nApi.table('CometAPI Tasks').rows).toHaveLength(1);
	});

	test('the shots of a storyboard', async () => {
		const shots = { shot: [{ duration: "={{ '5' }}", scene: '={{ 42 }}' }] };
		await node.run({ ...START, provider: 'sora', mode: 'storyboard', shots });
		const [{ form }] = node.creates();
		expect(Object.fromEntries(form?.fields ?? []).prompt).toMatch(/^Shot 1:\s+duration: 5\.0sec\s+Scene: 42$/);
	});

	test('the name and value of a form field', async () => {
		const formFields = { field: [{ name: '={{ 7 }}', value: '={{ 8 }}' }] };
		await node.run({ ...START, provider: 'custom', model: byId('wan2.7'), formFields });
		expect(node.creates()[0].form?.fields).toContainEqual(['7', '8']);
	});
});

describe('base64 text that is wrapped', () => {
	const wrap = (bytes: Buffer, length = 76) =>
		bytes.toString('base64').replace(new RegExp(`.{${length}}`, 'g'), '$&\n');
	const PICTURES = { prompt: 'x', mode: 'imageToVideo', imagesSource: 'data', waitForCompletion: false };

	test.each([
		['one file', wrap(samplePng), [samplePng]],
		['lines that end with a line break of Windows', wrap(samplePng).replaceAll('\n', '\r\n'), [samplePng]],
		[
			'two files with an empty line between',
			`${wrap(samplePng, 64)}\n\n${wrap(secondSamplePng, 64)}`,
			[samplePng, secondSamplePng],
		],
		[
			'two data URIs',
			[samplePng, secondSamplePng].map((bytes) => `data:image/png;base64,${wrap(bytes)}`).join('\n'),
			[samplePng, secondSamplePng],
		],
		[
			'two files on a line each',
			[samplePng, secondSamplePng].map((bytes) => bytes.toString('base64')).join('\n'),
			[samplePng, secondSamplePng],
		],
	])('%s', async (_what, imagesData, files) => {
		await node.run({ ...PICTURES, imagesData });
		expect(node.creates()[0].form?.files.map(({ bytes }) => bytes)).toEqual(files);
	});
});
