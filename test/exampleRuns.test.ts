/** The workflows in `examples/` on n8n's engine, with the media of the simulator in the place of their links. */
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { detectMedia } from '../nodes/CometApiVideo/task/media';
import { samplePng, secondSamplePng } from './simulator/sampleMedia';
import type { RecordedRequest } from './simulator/simulator';
import { sampleVideo } from './simulator/simulator';
import { googleSheet, youTube } from './support/exampleServices';
import { TOOL_TYPE, readExample, runExample, runWorkflow } from './support/exampleWorkflows';
import { TRIGGER_TYPE, TriggerNodeTest } from './support/triggerNode';
import { VideoNodeTest } from './support/videoNode';

const TABLE = 'CometAPI Tasks';

const rowsOf = (items: INodeExecutionData[]) => items.map(({ json }) => json);
/** Picks the creates whose prompt has the word. */
const about =
	(word: string) =>
	({ form }: RecordedRequest) =>
		form?.fields.some(([, value]) => value.includes(word)) ?? false;

describe('alone:', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	/** Tasks of the simulator by the last part of their create path. */
	const taskOf = (kind: string) =>
		[...node.simulator.tasks.values()].find(({ details }) => details.native?.kind === kind);

	test('text-to-video.json makes a video', async () => {
		const { row, file } = await runExample('text-to-video.json', node);
		expect(row('Generate video')).toMatchObject({ status: 'succeeded', provider: 'seedance', estimatedCostUsd: 0.684 });
		expect((await file('Generate video')).equals(sampleVideo)).toBe(true);
	});

	test('own-route.json makes a video by the paths of a system', async () => {
		const { row, file } = await runExample('own-route.json', node);
		expect(node.creates().map(({ path, json }) => [path, json])).toEqual([
			['/grok/v1/videos/generations', expect.objectContaining({ model: 'grok-imagine-video', duration: 5 })],
		]);
		expect(row('Generate by paths')).toMatchObject({ status: 'succeeded', route: '/grok/v1/videos/{taskId}' });
		expect((await file('Generate by paths')).equals(sampleVideo)).toBe(true);
	});

	test('first-and-last-frame.json sends both pictures, the first one first', async () => {
		const { row, file } = await runExample('first-and-last-frame.json', node);
		const [create, ...others] = node.creates();
		expect([create.path, create.status, others]).toEqual(['/v1/videos', 200, []]);
		expect(Object.fromEntries(create.form?.fields ?? [])).toMatchObject({
			model: 'veo3.1-fast',
			seconds: '4',
			size: '1280x720',
		});
		expect(create.form?.files.map(({ bytes }) => bytes)).toEqual([samplePng, secondSamplePng]);
		expect(row('From picture to picture')).toMatchObject({
			status: 'succeeded',
			estimatedCostUsd: 0.32,
		});
		expect((await file('From picture to picture')).equals(sampleVideo)).toBe(true);
	});

	test('join-clips.json makes three videos and one film of them', async () => {
		const { row, items, file } = await runExample('join-clips.json', node);
		expect(rowsOf(items('Make shots')).map(({ status }) => status)).toEqual(Array(3).fill('succeeded'));
		expect(row('Keep the video (replace me)')).toEqual({
			status: 'succeeded',
			fileName: 'sneaker-ad.mp4',
			clips: 3,
			durationSeconds: 6,
			width: 320,
			height: 180,
			hasSound: true,
			fileSizeBytes: (await file('Keep the video (replace me)')).length,
		});
	});

	test('talking-presenter.json makes a speech, an avatar that says it, a longer video, and its sound', async () => {
		const { row, file } = await runExample('talking-presenter.json', node);
		expect(node.creates().map(({ path, status }) => [path, status])).toEqual([
			['/kling/v1/audio/tts', 200],
			['/kling/v1/videos/avatar/image2video', 200],
			['/kling/v1/videos/video-extend', 200],
			['/kling/v1/audio/video-to-audio', 200],
		]);
		expect(node.creates()[1].json).toMatchObject({ audio_id: row('Speak').audioId });
		expect(node.creates()[2].json).toMatchObject({ task_id: row('Avatar').taskId, video_id: row('Avatar').videoId });
		expect(node.creates()[3].json).toEqual({ video_id: row('Extend').videoId });
		expect(row('Add sound')).toMatchObject({
			status: 'succeeded',
			taskId: taskOf('video-to-audio')?.id,
		});
		expect((await file('Add sound')).equals(sampleVideo)).toBe(true);
		expect(detectMedia(await file('Add sound', 'data_1'))?.mimeType).toBe('audio/mpeg');
	});

	test('clothes-to-video.json puts clothes on a person, and makes a video that begins with the picture', async () => {
		const { row, file } = await runExample('clothes-to-video.json', node);
		expect(node.creates().map(({ path, status }) => [path, status])).toEqual([
			['/kling/v1/images/kolors-virtual-try-on', 200],
			['/kling/v1/videos/image2video', 200],
		]);
		expect(row('Try on').imageUrl).toMatch(/\.jpg\?signature=/);
		expect(node.creates()[1].json).toMatchObject({ image: row('Try on').imageUrl });
		expect((await file('Let it move')).equals(sampleVideo)).toBe(true);
	});

	test('lip-sync.json makes a speech, finds a face, and moves its lips', async () => {
		const { row, file } = await runExample('lip-sync.json', node);
		expect(node.creates().map(({ path, status }) => [path, status])).toEqual([
			['/kling/v1/audio/tts', 200],
			['/kling/v1/videos/identify-face', 200],
			['/kling/v1/videos/advanced-lip-sync', 200],
		]);
		expect(node.creates()[2].json).toMatchObject({
			session_id: row('Identify faces').sessionId,
			face_choose: [
				{
					face_id: row('Identify faces').faceId,
					audio_id: row('Speak').audioId,
					sound_end_time: String(Number(row('Speak').durationSeconds) * 1000),
				},
			],
		});
		expect(row('Move the lips')).toMatchObject({ status: 'succeeded', taskId: taskOf('advanced-lip-sync')?.id });
		expect((await file('Move the lips')).equals(sampleVideo)).toBe(true);
	});

	test('resume-by-callback.json creates without waiting, gives the address of n8n to Kling, and reads the truth when it goes on', async () => {
		const { row, file } = await runExample('resume-by-callback.json', node);
		expect(node.creates()).toHaveLength(1);
		const { callback_url: callbackUrl } = node.creates()[0].json as { callback_url: string };
		expect(callbackUrl).toMatch(/^http:\/\/localhost\/webhook-waiting\/execution-\d+/);
		expect(row('Create')).toMatchObject({ status: 'pending' });
		const { taskId } = row('Create');
		const route = '/kling/v1/videos/text2video';
		expect(row('Wait for the rest')).toMatchObject({ status: 'succeeded', provider: 'kling', taskId, route });
		expect(new Set(node.polls().map(({ path }) => path))).toEqual(new Set([`${route}/${String(taskId)}`]));
		expect((await file('Wait for the rest')).equals(sampleVideo)).toBe(true);
	});

	describe('batch-from-a-sheet.json', () => {
		const WRITTEN = 'Results for the sheet';

		test('makes a video of each row, three at a time, with the name and shape that the row gives', async () => {
			const { items, file } = await runExample('batch-from-a-sheet.json', node);
			const starts = [...node.simulator.tasks.values()].map(({ details }) => details.createdAtMs);
			expect(starts.filter((start) => start === starts[0])).toHaveLength(3);
			const rows = rowsOf(items('Rows'));
			const forms = node.creates().map(({ form }) => Object.fromEntries(form?.fields ?? []));
			const sizes = ['1280x720', '1280x720', '720x1280', '1470x630', '960x960'];
			expect(forms.map(({ prompt, size }) => [prompt, size])).toEqual(
				rows.map(({ prompt }, index) => [prompt, sizes[index]]),
			);
			expect(items('Make videos').map(({ binary }) => binary?.data.fileName)).toEqual(
				rows.map(({ title }) => `${String(title)}.mp4`),
			);
			for (const index of rows.keys())
				expect((await file('Make videos', 'data', index)).equals(sampleVideo)).toBe(true);
			const made = rowsOf(items('Make videos'));
			expect(rowsOf(items(WRITTEN))).toEqual(
				made.map(({ videoUrl, taskId }, index) => ({
					title: rows[index].title,
					status: 'succeeded',
					videoUrl,
					taskId,
					problem: '',
				})),
			);
			expect(made.reduce((sum, { estimatedCostUsd }) => sum + Number(estimatedCostUsd), 0)).toBeCloseTo(2.7);
		});

		test('a row that cannot be right, one that CometAPI refuses and one whose video fails do not stop the others', async () => {
			const example = readExample('batch-from-a-sheet.json');
			const { parameters } = example.nodes.find(({ name }) => name === 'Rows') as INode;
			parameters.jsCode = String(parameters.jsCode)
				.replace('`21:9`', '`banner`')
				.replace('`Sneaker`', '`Sneaker/white`')
				// Columns that an earlier run has filled in: n8n puts them into the rows of the error output as well.
				.replaceAll('title:', "status: 'todo', taskId: 'old', videoUrl: 'old', title:");
			const refusal = { error: { message: 'not a word about boats' } };
			node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: refusal, when: about('boat') });
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: about('wok') });
			const { items } = await runWorkflow(example, node);
			const written = Object.fromEntries(rowsOf(items(WRITTEN)).map((row) => [String(row.title), row]));
			expect(items(WRITTEN)).toHaveLength(5);
			const failed = { status: 'failed', taskId: '', videoUrl: '' };
			expect(written['Paper boat']).toMatchObject({
				...failed,
				problem: expect.stringContaining('not a word about boats'),
			});
			expect(written['Mountain lake']).toMatchObject({ ...failed, problem: expect.stringContaining('banner') });
			const [{ id }] = [...node.simulator.tasks.values()].filter(({ details }) => details.prompt.includes('wok'));
			expect(written['Street food']).toMatchObject({
				...failed,
				taskId: id,
				problem: expect.stringContaining('out of paint'),
			});
			for (const title of ['Lighthouse', 'Sneaker/white']) {
				expect(written[title]).toMatchObject({
					status: 'succeeded',
					problem: '',
					videoUrl: expect.stringContaining('/results/'),
				});
			}
			expect(items('Make videos').flatMap(({ binary }) => binary?.data.fileName ?? [])).toEqual([
				'Lighthouse.mp4',
				'Sneaker-white.mp4',
			]);
		});
	});

	describe('alert-when-a-video-fails.json', () => {
		const run = async () => await runExample('alert-when-a-video-fails.json', node);

		test('goes on with the video', async () => {
			const { row, file, items } = await run();
			expect(row('Go on (replace me)')).toMatchObject({ status: 'succeeded' });
			expect((await file('Go on (replace me)')).equals(sampleVideo)).toBe(true);
			expect(items('Send alert (replace me)')).toEqual([]);
		});

		test('tells of a video that failed, with its task', async () => {
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
			const { row, items } = await run();
			const [{ id }] = node.simulator.tasks.values();
			expect(items('Go on (replace me)')).toEqual([]);
			const { subject, text } = row('Send alert (replace me)') as Record<string, string>;
			expect(subject).toBe(`A video could not be made: CometAPI could not make the video of task ${id}: out of paint`);
			const [message, , ...rest] = text.split('\n');
			expect(message).toMatch(/out of paint.* Run the item again, or try another model\./);
			expect(rest).toEqual([
				`Task: ${id}`,
				'Provider and model: seedance, doubao-seedance-2-0-fast',
				expect.stringMatching(/^Workflow: Workflow, execution execution-\d+$/),
			]);
		});

		test('tells of an order that was refused, without a task', async () => {
			node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: { error: { message: 'no boats' } } });
			const { row } = await run();
			expect(row('Send alert (replace me)').text).toMatch(
				/no boats[\s\S]*\nTask: none is known\nProvider and model: seedance, doubao/,
			);
		});
	});

	test('recover-unfinished-videos.json fetches what another workflow has recorded, once, and tells the rest apart', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: about('lighthouse') });
		const ordered = rowsOf((await runExample('create-now-publish-later.json', node)).items('Create videos'));
		expect(ordered.map(({ status }) => status)).toEqual(Array(3).fill('pending'));
		const { items, file } = await runExample('recover-unfinished-videos.json', node);
		const kept = 'Keep the videos (replace me)';
		expect(rowsOf(items(kept)).map(({ taskId }) => taskId)).toEqual([ordered[0].taskId, ordered[2].taskId]);
		for (const index of [0, 1]) expect((await file(kept, 'data', index)).equals(sampleVideo)).toBe(true);
		const [rest, ...others] = rowsOf(items('Look at the rest (replace me)'));
		expect(others).toEqual([]);
		expect(rest).toMatchObject({ taskId: ordered[1].taskId, failureReason: 'out of paint' });
		expect(node.n8nApi.table(TABLE).rows.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'succeeded']);
		expect(node.creates()).toHaveLength(3);
		const again = await runExample('recover-unfinished-videos.json', node);
		expect(again.items('Wait for what was left')).toEqual([]);
	});

	describe('examples with a sheet:', () => {
		const PROMPTS = ['A paper boat', 'A lighthouse at night', 'A lake'];
		const refuseBoats = () => {
			const body = { error: { message: 'not a word about boats' } };
			node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body, when: about('boat') });
		};

		test('nightly-batch.json creates the videos of the rows without a status, and none of them in the next night', async () => {
			const done = { prompt: 'A kite', status: 'created', taskId: 'task_earlier' };
			const rows: IDataObject[] = [done, ...PROMPTS.map((prompt) => ({ prompt, status: '', taskId: '' }))];
			refuseBoats();
			const run = async () => await runExample('nightly-batch.json', node, undefined, googleSheet(rows));
			const created = rowsOf((await run()).items('Create videos')).flatMap(({ taskId }) => taskId || []);
			expect(created).toHaveLength(2);
			expect(rows).toEqual([
				done,
				{ prompt: PROMPTS[0], status: expect.stringMatching(/^failed: .*not a word about boats/), taskId: '' },
				...[0, 1].map((index) => ({ prompt: PROMPTS[index + 1], status: 'created', taskId: created[index] })),
			]);
			expect(node.n8nApi.table(TABLE).rows.map(({ taskId }) => taskId)).toEqual(created);
			const creates = node.creates().length;
			await run();
			expect(node.creates()).toHaveLength(creates);
		});

		test('nightly-batch.json tells in each row that a night would cost too much, and creates nothing', async () => {
			const rows: IDataObject[] = Array.from({ length: 19 }, () => ({ prompt: 'A kite', status: '', taskId: '' }));
			await runExample('nightly-batch.json', node, undefined, googleSheet(rows));
			expect(node.creates()).toEqual([]);
			for (const { status } of rows) expect(status).toMatch(/^failed: 19 videos would cost .*nothing was created/);
		});

		test('reels-from-google-sheets.json writes back what became of each row, and makes no row twice', async () => {
			const rows: IDataObject[] = PROMPTS.map((prompt) => ({ title: prompt, prompt, status: '', link: '' }));
			refuseBoats();
			const services = { ...googleSheet(rows), ...youTube((title) => title.includes('lighthouse')) };
			const run = async () => await runExample('reels-from-google-sheets.json', node, undefined, services);
			const { items } = await run();
			const videoUrl = rowsOf(items('Make reels')).find(({ title }) => title === PROMPTS[1])?.videoUrl;
			expect(videoUrl).toMatch(/^http/);
			expect(rows.map(({ status, link }) => ({ status, link }))).toEqual([
				{ status: expect.stringMatching(/^failed: .*not a word about boats/), link: '' },
				{ status: 'not published: quotaExceeded', link: videoUrl },
				{ status: 'published', link: 'youtu.be/upload-A lake' },
			]);
			const creates = node.creates().length;
			await run();
			expect(node.creates()).toHaveLength(creates);
		});
	});

	test('publish-on-a-schedule.json hands over each finished video once; one that cannot be downloaded holds up no other', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: about('lighthouse') });
		const ordered = rowsOf((await runExample('create-now-publish-later.json', node)).items('Create videos'));
		const [boat, lighthouse, lake] = ordered.map(({ taskId }) => String(taskId));
		node.clock.advance(120_000);
		const isOfBoat = ({ path }: RecordedRequest) => path.includes(boat);
		node.simulator.addFault({ on: 'result', kind: 'notVideo', times: Infinity, when: isOfBoat });
		node.simulator.addFault({ on: 'content', kind: 'notVideo', times: Infinity });
		const run = async () => await runExample('publish-on-a-schedule.json', node);
		const { row, items } = await run();
		expect(row('Publish (replace me)').taskId).toBe(lake);
		const told = rowsOf(items('Tell somebody (replace me)'));
		expect(told).toHaveLength(2);
		expect(told).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ taskId: lighthouse, failureReason: 'out of paint' }),
				expect.objectContaining({ taskId: boat, message: expect.stringContaining('instead of a video') }),
			]),
		);
		expect((await run()).items('Finished tasks')).toEqual([]);
	});

	test('the tool of agent-in-a-chat.json makes the video that the agent asks for, and gives the link alone', async () => {
		const example = readExample('agent-in-a-chat.json');
		const [tool] = example.nodes.filter(({ type }) => type === TOOL_TYPE);
		const prompt = 'A red kite over the dunes, wide shot';
		const { items, row } = await runWorkflow({ ...example, nodes: [tool], connections: {} }, node, [
			{ json: { query: { prompt } } },
		]);
		expect(node.creates().map(({ form }) => Object.fromEntries(form?.fields ?? []))).toMatchObject([
			{ prompt, seconds: '5', size: '1280x720' },
		]);
		expect(row(tool.name)).toMatchObject({
			status: 'succeeded',
			videoUrl: expect.stringMatching(/^http.*\.mp4/),
			estimatedCostUsd: 0.54,
		});
		expect(items(tool.name)[0].binary).toBeUndefined();
	});
});

describe('create-now-publish-later.json and publish-when-finished.json together', () => {
	const PUBLISHED = 'Publish (replace me)';
	const TOLD = 'Tell somebody (replace me)';
	let trigger: TriggerNodeTest;

	beforeEach(async () => {
		const [{ type, parameters }] = readExample('publish-when-finished.json').nodes;
		expect(type).toBe(TRIGGER_TYPE);
		trigger = await TriggerNodeTest.start(parameters);
	});

	afterEach(async () => {
		await trigger.close();
	});

	const order = async () => rowsOf((await runExample('create-now-publish-later.json', trigger)).items('Create videos'));
	const statuses = () => trigger.n8nApi.table(TABLE).rows.map(({ taskId, status }) => [taskId, status]);

	/** What n8n does when the trigger has found something. */
	async function publish(found: Awaited<ReturnType<typeof trigger.poll>>) {
		return await runExample(
			'publish-when-finished.json',
			trigger,
			found.map((json) => ({ json })),
		);
	}

	test('the trigger makes the table, so that it can be published first', async () => {
		await trigger.activate();
		expect(trigger.n8nApi.tables.map(({ name }) => name)).toEqual([TABLE]);
	});

	test('each video is created, recorded, found, downloaded and published once, and a failed one is told', async () => {
		trigger.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: about('lighthouse') });
		const [boat, lighthouse, lake] = await order();
		expect(statuses()).toEqual([boat, lighthouse, lake].map(({ taskId }) => [taskId, 'pending']));
		await trigger.activate();
		expect(trigger.started).toEqual([]);
		const found = await trigger.poll(120_000);
		expect(found).toHaveLength(3);

		const { items, file } = await publish(found);
		expect(rowsOf(items(PUBLISHED)).map(({ taskId, status }) => [taskId, status])).toEqual([
			[boat.taskId, 'succeeded'],
			[lake.taskId, 'succeeded'],
		]);
		for (const index of [0, 1]) expect((await file(PUBLISHED, 'data', index)).equals(sampleVideo)).toBe(true);
		expect(rowsOf(items(TOLD))).toMatchObject([
			{
				taskId: lighthouse.taskId,
				failureReason: 'out of paint',
				row: { prompt: expect.stringContaining('lighthouse') },
			},
		]);

		expect(await trigger.poll()).toEqual([]);
		await trigger.settle();
		expect(statuses()).toEqual([
			[boat.taskId, 'succeeded'],
			[lighthouse.taskId, 'failed'],
			[lake.taskId, 'succeeded'],
		]);
	});

	test('a video that cannot be downloaded does not hold up the others', async () => {
		const [boat, ...others] = await order();
		await trigger.activate();
		const found = await trigger.poll(120_000);
		trigger.simulator.addFault({
			on: 'result',
			kind: 'notVideo',
			times: Infinity,
			when: ({ path }) => path.includes(String(boat.taskId)),
		});
		trigger.simulator.addFault({ on: 'content', kind: 'notVideo', times: Infinity });
		const { items } = await publish(found);
		expect(rowsOf(items(PUBLISHED)).map(({ taskId }) => taskId)).toEqual(others.map(({ taskId }) => taskId));
		expect(rowsOf(items(TOLD))).toMatchObject([
			{ message: expect.stringContaining('instead of a video'), details: { taskId: boat.taskId } },
		]);
	});

	test('videos that are finished while n8n is down are published after it has started', async () => {
		await order();
		await trigger.activate();
		await publish(await trigger.poll(120_000));
		await trigger.settle();
		const later = await order();
		trigger.clock.advance(600_000);
		const found = await trigger.restart();
		expect(found.map(({ taskId }) => taskId)).toEqual(later.map(({ taskId }) => taskId));
		expect((await publish(found)).items(PUBLISHED)).toHaveLength(3);
		expect(trigger.started).toHaveLength(6);
	});
});
