/** Task > Get Many from the account: the same list as the trigger's, as rows like those of Task > Get. */
import type { INodeParameters } from 'n8n-workflow';
import type { TaskListForm } from '../simulator/simulator';
import { SIMULATOR_ACCESS_TOKEN } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { RunOptions } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const GET_MANY = { resource: 'task', operation: 'getAll', source: 'account', returnAll: true };

const list = async (parameters: INodeParameters = {}, options: RunOptions = {}) =>
	await node.run({ ...GET_MANY, ...parameters }, { accessToken: SIMULATOR_ACCESS_TOKEN, ...options });

const seconds = () => Math.floor(node.clock.now() / 1000);

test('a task of the node is there with its state, and can be downloaded from its row', async () => {
	const { rows: created } = await node.run({ provider: 'wan', prompt: 'A lighthouse', waitForCompletion: false });
	expect((await list()).rows).toMatchObject([{ taskId: created[0].taskId, status: 'pending' }]);
	node.clock.advance(120_000);
	const { rows } = await list();
	expect(rows).toMatchObject([
		{ taskId: created[0].taskId, status: 'succeeded', provider: 'wan', model: 'wan2.7', route: '/v1/videos' },
	]);
	const got = await node.run(
		{ resource: 'task', operation: 'download', taskId: '={{ $json.taskId }}' },
		{ items: [{ json: rows[0] }] },
	);
	expect(errorText(got.error)).toBe('');
	expect(got.items[0].binary?.data.mimeType).toBe('video/mp4');
});

test.each<TaskListForm>(['paged', 'bareArray', 'nestedData'])(
	'%s: all pages are read, newest first, none twice, music left out',
	async (form) => {
		node.simulator.taskListForm = form;
		for (let index = 0; index < 120; index++) node.simulator.addTaskRow({ submit_time: seconds() - 1000 + index });
		node.simulator.addTaskRow({ platform: 'suno', action: 'MUSIC' });
		const { rows, error } = await list();
		expect(errorText(error)).toBe('');
		expect(new Set(rows.map(({ taskId }) => taskId)).size).toBe(120);
		expect(rows).toHaveLength(120);
		const times = rows.map(({ createdAt }) => String(createdAt));
		expect(times).toEqual([...times].sort().reverse());
	},
);

test('the limit ends the reading', async () => {
	for (let index = 0; index < 250; index++) node.simulator.addTaskRow();
	const { rows } = await list({ returnAll: false, limit: 7 });
	expect(rows).toHaveLength(7);
	expect(node.simulator.requests).toHaveLength(1);
});

test('filters: state, provider, age, and the list that Midjourney has of its own', async () => {
	const model = (origin_model_name: string) => ({ input: '', origin_model_name });
	const fields = { submit_time: seconds() - 60, created_at: seconds() - 60 };
	const failed = node.simulator.addTaskRow({ ...fields, status: 'FAILURE', properties: model('wan2.7') });
	const old = node.simulator.addTaskRow({
		...{ submit_time: seconds() - 7200, created_at: seconds() - 7200, properties: model('veo3.1-fast') },
	});
	const midjourney = node.simulator.addMidjourneyRow({ action: 'VIDEO' });
	const ids = async (taskFilters: INodeParameters) => (await list({ taskFilters })).rows.map(({ taskId }) => taskId);
	expect(await ids({ status: 'failed' })).toEqual([failed.task_id]);
	expect(await ids({ provider: 'veo' })).toEqual([old.task_id]);
	expect(await ids({ createdWithin: 1 })).toEqual([failed.task_id]);
	expect(await ids({ provider: 'midjourney' })).toEqual([midjourney.mj_id]);
	expect(new Set(await ids({ includeMidjourney: true }))).toEqual(
		new Set([failed.task_id, old.task_id, midjourney.mj_id]),
	);
});

test.each<[string, RunOptions, RegExp]>([
	['no access token', { accessToken: '' }, /no Access Token[^]*Personal Settings[^]*Task > Get and Task > Wait/],
	['an API key in its place', { accessToken: 'sk-0123456789abcdef' }, /is an API key/],
	['a wrong one', { accessToken: 'anotherAccessTokenThatIsWrong000' }, /does not accept the access token/],
])('%s: the message says what to do', async (_what, options, words) => {
	const { error } = await list({}, options);
	expect(errorText(error)).toMatch(words);
});

test.each([
	['Status', { status: 'done' }],
	['Created Within (Hours)', { createdWithin: 'a day' }],
])('%s from an expression that is none of the choices is refused', async (label, taskFilters) => {
	const { error } = await list({ taskFilters });
	expect(errorText(error)).toContain(label);
	expect(node.simulator.requests).toEqual([]);
});

test('where CometAPI has no such list it says so, without words about the trigger', async () => {
	node.simulator.taskListForm = 'absent';
	const { error } = await list();
	expect(errorText(error)).toMatch(/does not offer the list/);
	expect(errorText(error)).not.toMatch(/[Ww]atch/);
});
