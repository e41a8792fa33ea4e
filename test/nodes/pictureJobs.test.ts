/** Jobs whose results are pictures, covers of videos, and the one look at many Midjourney tasks. */
import { mediaBytes } from '../support/mediaInput';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

const LIST = '/mj/task/list-by-condition';

let node: VideoNodeTest;

afterEach(async () => {
	await node.close();
});

const pictureUrl = (name = 'image.png') => `${node.simulator.resultOrigin}/media/${name}`;

describe('pictures', () => {
	beforeEach(async () => {
		node = await VideoNodeTest.start({ taskSeconds: 8 });
	});

	test('several pictures of one task have a link and a file each, and the next node takes the link', async () => {
		const made = await node.run({ provider: 'kling', mode: 'textToImage', prompt: 'A red bag', imageCount: 3 });

		expect(errorText(made.error)).toBe('');
		const [row] = made.rows;
		expect(row).toMatchObject({ status: 'succeeded', videoUrl: null });
		expect(row).not.toHaveProperty('videoUrls');
		expect(new Set(row.imageUrls as string[]).size).toBe(3);
		expect(row.imageUrl).toBe((row.imageUrls as string[])[0]);
		const binary = made.items[0].binary ?? {};
		expect(Object.keys(binary)).toEqual(['data', 'data_1', 'data_2']);
		for (const [field, suffix] of Object.entries({ data: '', data_1: '_1', data_2: '_2' })) {
			const fileName = `a-red-bag${suffix}.png`;
			expect(binary[field]).toMatchObject({ mimeType: 'image/png', fileExtension: 'png', fileName });
			expect((await node.engine().readBinary(made.items[0], field)).equals(mediaBytes('image.png'))).toBe(true);
		}

		const video = await node.run(
			{ provider: 'kling', mode: 'imageToVideo', prompt: 'It swings', imageUrl: '={{ $json.imageUrl }}' },
			{ items: made.items },
		);
		expect(errorText(video.error)).toBe('');
		expect(video.rows).toMatchObject([{ status: 'succeeded', provider: 'kling' }]);
		expect(node.creates().at(-1)?.json).toMatchObject({ image: row.imageUrl });
	});

	test('the file of a picture is the next picture as well', async () => {
		const made = await node.run({
			...{ provider: 'kling', mode: 'virtualTryOn' },
			...{ personImageUrl: pictureUrl(), clothesImageUrl: pictureUrl('second.png') },
		});
		expect(made.items[0].binary?.data).toMatchObject({ mimeType: 'image/jpeg', fileExtension: 'jpg' });

		const video = await node.run(
			{ provider: 'kling', mode: 'imageToVideo', prompt: 'She turns', imageSource: 'binary' },
			{ items: made.items },
		);
		expect(errorText(video.error)).toBe('');
		const { image } = node.creates().at(-1)?.json as { image: string };
		expect(Buffer.from(image, 'base64').equals(mediaBytes('image.jpg'))).toBe(true);
	});

	test('a message about a picture does not speak of a video', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const failed = await node.run({ provider: 'kling', mode: 'textToImage', prompt: 'A red bag' });
		expect(errorText(failed.error)).toContain('CometAPI could not make the picture of task');

		node.simulator.addFault({ on: 'result', kind: 'notVideo', times: 99 });
		const wrong = await node.run({ provider: 'kling', mode: 'textToImage', prompt: 'A blue bag' });
		expect(errorText(wrong.error)).toMatch(/instead of a picture/);

		node.simulator.addFault({ on: 'create', kind: 'businessError' });
		const refused = await node.run({ provider: 'kling', mode: 'textToImage', prompt: 'A bag' });
		expect(errorText(refused.error)).toMatch(/^The content check refused the request/);
		expect(errorText(refused.error)).not.toMatch(/video/);

		const empty = await node.run({ provider: 'kling', mode: 'textToImage', prompt: '={{ $json.nothing }}' });
		expect(errorText(empty.error)).toContain('Describe the picture in the field "Prompt".');
	});

	test('a negative prompt beside a picture is refused before anything is sent', async () => {
		const { error } = await node.run({
			...{ provider: 'kling', mode: 'textToImage', prompt: 'A red bag', options: { negativePrompt: 'text' } },
			...{ referenceImageSource: 'url', referenceImageUrl: pictureUrl() },
		});
		expect(errorText(error)).toContain('Negative Prompt and Reference Image exclude each other');
		expect(node.creates()).toEqual([]);
	});
});

test('what is found in a picture comes with its cut-outs where Kling sends them', async () => {
	node = await VideoNodeTest.start({ profile: 'upstream-strict' });
	const { rows, items, error } = await node.run({ provider: 'kling', mode: 'recognizeImage', imageUrl: pictureUrl() });
	expect(errorText(error)).toBe('');
	expect(rows).toMatchObject([{ hasSubject: true, hasClothes: false, imageUrl: pictureUrl() }]);
	expect(rows[0].subjects).toHaveLength(4);
	expect(items[0].binary?.data).toMatchObject({ mimeType: 'image/png' });
});

describe('many Midjourney tasks', () => {
	beforeEach(async () => {
		node = await VideoNodeTest.start({ taskSeconds: 60 });
	});

	const runThree = async () =>
		await node.run(
			{
				...{ provider: 'midjourney', prompt: 'Leaves drift by', imageUrl: pictureUrl(), downloadVideo: false },
				options: { simplify: false },
			},
			{ items: [{ json: {} }, { json: {} }, { json: {} }] },
		);
	const looks = () => node.polls().map(({ path }) => path === LIST);

	test('are looked at in one request, and their covers come out', async () => {
		const { rows, error } = await runThree();
		expect(errorText(error)).toBe('');
		const thumbnailUrl = pictureUrl('image.jpg');
		expect(rows).toMatchObject(Array(3).fill({ status: 'succeeded', thumbnailUrl }));
		expect(new Set(rows.map(({ videoUrl }) => videoUrl)).size).toBe(3);
		expect(looks().filter(Boolean).length).toBeGreaterThan(0);
		expect(looks().length).toBeLessThan(rows.reduce((sum, { pollCount }) => sum + Number(pollCount), 0));
	});

	test('are looked at one by one where the list route is refused, which is asked once', async () => {
		const refusal = { status: 404, body: { error: { message: 'Invalid URL' } } };
		const when = ({ path }: { path: string }) => path === LIST;
		node.simulator.addFault({ on: 'status', kind: 'reply', ...refusal, when, times: 99 });
		const { rows, error } = await runThree();
		expect(errorText(error)).toBe('');
		expect(rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(looks().filter(Boolean)).toHaveLength(1);
	});
});
