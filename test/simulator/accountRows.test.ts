/** What the rows of the account's lists show of its tasks. */
import { AccountTest, MIDJOURNEY, PICTURE, START_MS, START_SECONDS, TASKS, TOKEN, type Item } from './accountTest';
import { SIMULATOR_USER_ID } from './simulator';

let account: AccountTest;

beforeEach(async () => {
	account = new AccountTest();
	await account.start();
});

afterEach(async () => {
	await account.close();
});

describe('a row of a task', () => {
	test('has all fields and follows the life of the task', async () => {
		const taskId = await account.createVideo({ seconds: '4' });
		expect(await account.readItems(TASKS)).toEqual([
			{
				id: 1,
				created_at: START_SECONDS,
				updated_at: START_SECONDS,
				task_id: taskId,
				platform: '55',
				user_id: SIMULATOR_USER_ID,
				group: 'default',
				channel_id: 0,
				quota: account.simulator.tasks.get(taskId)?.details.quota,
				action: 'textGenerate',
				status: 'NOT_START',
				fail_reason: '',
				submit_time: START_SECONDS,
				start_time: 0,
				finish_time: 0,
				progress: '0%',
				properties: { input: '', origin_model_name: 'sora-2' },
				data: null,
			},
		]);
		account.pass(15);
		expect(await account.readItems(TASKS)).toMatchObject([
			{ status: 'QUEUED', progress: '20%', updated_at: START_SECONDS + 15, start_time: 0 },
		]);
		account.pass(20);
		expect(await account.readItems(TASKS)).toMatchObject([
			{ status: 'IN_PROGRESS', progress: '30%', start_time: START_SECONDS + 30, finish_time: 0 },
		]);
		account.pass(60);
		expect(await account.readItems(TASKS)).toMatchObject([
			{
				status: 'SUCCESS',
				progress: '100%',
				fail_reason: account.resultUrl(taskId),
				submit_time: START_SECONDS,
				start_time: START_SECONDS + 30,
				finish_time: START_SECONDS + 60,
				updated_at: START_SECONDS + 60,
				data: { id: taskId, status: 'completed' },
			},
		]);
	});

	test('of a failed task has the reason', async () => {
		account.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'Moderation' });
		await account.createVideo();
		account.pass(60);
		const [row] = await account.readItems(TASKS);
		expect(row).toMatchObject({ status: 'FAILURE', progress: '100%', fail_reason: 'Moderation' });
		expect(row.finish_time).toBe(START_SECONDS + 60);
		expect(row).not.toHaveProperty('result_url');
	});

	test.each([
		['failReason', { fail: true, result: false }],
		['resultUrl', { fail: false, result: true }],
		['both', { fail: true, result: true }],
	] as const)('has the address where %s says', async (resultUrlField, { fail, result }) => {
		await account.start({ resultUrlField });
		const taskId = await account.createVideo();
		account.pass(60);
		const [row] = await account.readItems(TASKS);
		const url = account.resultUrl(taskId);
		expect(row.fail_reason).toBe(fail ? url : '');
		expect(row.result_url).toBe(result ? url : undefined);
	});

	test('has no address when the task shows none', async () => {
		account.simulator.addFault({ on: 'create', kind: 'noVideoUrl' });
		await account.createVideo();
		account.pass(60);
		expect(await account.readItems(TASKS)).toMatchObject([{ status: 'SUCCESS', fail_reason: '' }]);
	});

	test('upstream-strict: repeats the failure text as result_url', async () => {
		await account.start({ profile: 'upstream-strict' });
		account.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'Moderation' });
		await account.createVideo();
		const done = await account.createVideo();
		account.pass(60);
		const headers = { ...TOKEN, 'new-api-user': String(SIMULATOR_USER_ID) };
		expect(await account.readItems(TASKS, headers)).toMatchObject([
			{ status: 'SUCCESS', fail_reason: '', result_url: account.resultUrl(done) },
			{ status: 'FAILURE', fail_reason: 'Moderation', result_url: 'Moderation' },
		]);
	});

	test('names the kind of work and the channel', async () => {
		const response = await fetch(`${account.simulator.resultOrigin}/media/1280x720.png`);
		const picture = Buffer.from(await response.arrayBuffer());
		await account.createVideo({ size: '1280x720' }, picture);
		const source = await account.createVideo({ model: 'sora-2' });
		await account.createVideo({ model: 'doubao-seedance-2-0' });
		await account.createVideo({ model: 'happyhorse-1.1' });
		account.pass(60);
		await account.post(`/v1/videos/${source}/remix`, { prompt: 'At night' });
		const rows = (await account.readItems(TASKS)).map(({ platform, action }) => [platform, action]);
		expect(rows).toEqual([
			['55', 'remixGenerate'],
			['0', 'textGenerate'],
			['54', 'textGenerate'],
			['55', 'textGenerate'],
			['55', 'generate'],
		]);
	});

	test('of a native task has the words and the body of its provider', async () => {
		const grok = { model: 'grok-imagine-video', prompt: 'A boat', duration: 5 };
		await account.post('/grok/v1/videos/generations', grok);
		const kling = await account.post('/kling/v1/videos/text2video', { model_name: 'kling-v3', prompt: 'A boat' });
		await account.post(
			'/runwayml/v1/image_to_video',
			{ model: 'gen4_turbo', promptImage: PICTURE, promptText: 'A boat' },
			{ 'x-runway-version': '2024-11-06' },
		);
		await account.post('/runway/pro/generate', {
			callback_url: `${account.simulator.resultOrigin}/media/page.html`,
			model: 'gen4',
			prompt: 'A boat',
			image: PICTURE,
			ratio: '1280:720',
		});
		const text = [{ type: 'text', text: 'A boat' }];
		await account.post('/volc/v3/contents/generations/tasks', { model: 'doubao-seedance-2-pro', content: text });
		await account.post('/v1/video_generation', { model: 'MiniMax-Hailuo-2.3', prompt: 'A boat' });
		await account.createMidjourneyVideo();
		account.pass(60);
		const rows = await account.readItems(TASKS);
		const { task_id: klingId } = kling.data as Item;
		expect(rows).toMatchObject([
			{ platform: '35', action: 'VIDEO_GENERATION', data: { status: 'Success' } },
			{ platform: '45', action: 'VIDEO_GENERATION', data: { status: 'succeeded' } },
			{
				platform: '0',
				action: 'IMAGE_TO_VIDEO',
				data: { poster: `${account.simulator.resultOrigin}/media/image.jpg` },
			},
			{ platform: '0', action: 'IMAGE_TO_VIDEO', data: { status: 'SUCCEEDED' } },
			{ platform: '50', action: 'VIDEO_GENERATION', task_id: klingId, data: { task_status: 'succeed' } },
			{ platform: '0', action: 'VIDEO_GENERATION', data: { status: 'done' } },
		]);
		for (const { task_id: id, fail_reason: address } of rows) {
			expect(address).toBe(account.resultUrl(id));
		}
	});
});

describe('Midjourney', () => {
	test('has a list of its own, in milliseconds', async () => {
		const taskId = await account.createMidjourneyVideo();
		expect(await account.readItems(TASKS)).toEqual([]);
		expect(await account.readItems(MIDJOURNEY)).toMatchObject([
			{
				id: 1,
				mj_id: taskId,
				status: 'NOT_START',
				submit_time: START_MS,
				start_time: 0,
				finish_time: 0,
				video_url: '',
			},
		]);
		account.pass(60);
		const url = account.resultUrl(taskId);
		expect(await account.readItems(MIDJOURNEY)).toEqual([
			{
				id: 1,
				code: 1,
				user_id: SIMULATOR_USER_ID,
				action: 'VIDEO',
				mj_id: taskId,
				prompt: 'A boat',
				prompt_en: '',
				description: 'Submit success',
				state: '',
				submit_time: START_MS,
				start_time: START_MS + 30_000,
				finish_time: START_MS + 60_000,
				image_url: `${account.simulator.resultOrigin}/media/image.jpg`,
				video_url: url,
				video_urls: JSON.stringify([{ url }]),
				status: 'SUCCESS',
				progress: '100%',
				fail_reason: '',
				channel_id: 0,
				quota: account.simulator.tasks.get(taskId)?.details.quota,
				buttons: '',
				properties: '',
			},
		]);
	});

	test('filters by id and by milliseconds, but not by status', async () => {
		const first = account.simulator.addMidjourneyRow({ action: 'IMAGINE' });
		account.pass(1);
		const second = account.simulator.addMidjourneyRow();
		const read = async (query: string) => await account.readIds(`${MIDJOURNEY}?${query}`);
		expect(await read(`mj_id=${first.mj_id}`)).toEqual([first.id]);
		expect(await read(`start_timestamp=${START_MS + 1}`)).toEqual([second.id]);
		expect(await read(`end_timestamp=${START_MS}`)).toEqual([first.id]);
		expect(await read('status=SUCCESS&action=IMAGINE')).toEqual([second.id, first.id]);
	});

	test('counts its rows by itself, and they can be finished later', async () => {
		account.simulator.addTaskRow();
		const row = account.simulator.addMidjourneyRow();
		expect(row).toMatchObject({ id: 1, status: 'NOT_START', submit_time: START_MS });
		row.status = 'SUCCESS';
		expect(await account.readItems(MIDJOURNEY)).toEqual([row]);
	});

	test('of a failed task has the reason', async () => {
		account.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'Banned prompt' });
		await account.createMidjourneyVideo();
		account.pass(60);
		expect(await account.readItems(MIDJOURNEY)).toMatchObject([
			{ status: 'FAILURE', fail_reason: 'Banned prompt', video_url: '' },
		]);
	});
});

test.each([3600, -3600])('a clock that is %i seconds off shows in all times and in the filters', async (offset) => {
	await account.start({ accountClockOffsetSeconds: offset });
	await account.createVideo();
	await account.createMidjourneyVideo();
	expect(await account.readItems(TASKS)).toMatchObject([
		{ submit_time: START_SECONDS + offset, start_time: 0, finish_time: 0 },
	]);
	account.pass(60);
	const written = account.simulator.addTaskRow();
	expect(written.submit_time).toBe(START_SECONDS + offset + 60);
	expect(await account.readItems(TASKS)).toMatchObject([
		{ id: 2 },
		{
			created_at: START_SECONDS + offset,
			submit_time: START_SECONDS + offset,
			start_time: START_SECONDS + offset + 30,
			finish_time: START_SECONDS + offset + 60,
			updated_at: START_SECONDS + offset + 60,
		},
	]);
	expect(await account.readIds(`${TASKS}?start_timestamp=${START_SECONDS + offset + 1}`)).toEqual([2]);
	expect(await account.readIds(`${TASKS}?end_timestamp=${START_SECONDS + offset}`)).toEqual([1]);
	expect(await account.readItems(MIDJOURNEY)).toMatchObject([
		{
			submit_time: START_MS + offset * 1000,
			start_time: START_MS + (offset + 30) * 1000,
			finish_time: START_MS + (offset + 60) * 1000,
		},
	]);
});
