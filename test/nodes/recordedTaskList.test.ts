/** Task > Get Many on recorded tasks: what is listed, and what is taken once. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const LIST = { resource: 'task', operation: 'getAll' };
const TAKE = { ...LIST, takeFinishedOnce: true };

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
	node.giveDataTables();
});

afterEach(async () => {
	await node.close();
});

const rowsOf = () => node.n8nApi.table(TABLE).rows;
const list = async (parameters: INodeParameters = {}) => (await node.run({ ...LIST, ...parameters })).rows;
const taskIdsOf = (rows: readonly IDataObject[]) => rows.map(({ taskId }) => taskId);

/** Recorded, and waited for by nobody. */
async function order(...prompts: string[]): Promise<unknown[]> {
	const items = prompts.map((prompt) => ({ json: { prompt } }));
	return taskIdsOf((await node.run({ prompt: '={{ $json.prompt }}', waitForCompletion: false }, { items })).rows);
}

test('tasks are listed with their true status, the newest first, and nothing is marked', async () => {
	const [first] = await order('one');
	node.clock.advance(600_000);
	const [second] = await order('two');
	expect(await list()).toMatchObject([
		{ taskId: second, status: 'pending', provider: 'seedance' },
		{ taskId: first, status: 'succeeded', videoUrl: expect.stringMatching(/^http/) as unknown },
	]);
	expect(rowsOf().map(({ status }) => status)).toEqual(['pending', 'pending']);
	expect(taskIdsOf(await list({ taskStatus: 'pending' }))).toEqual([second]);
	expect(taskIdsOf(await list({ taskStatus: 'succeeded' }))).toEqual([first]);
	expect(taskIdsOf(await list({ limit: 1 }))).toEqual([second]);
	expect(await list({ recordedProvider: 'kling' })).toEqual([]);
});

test('finished tasks are taken once, the oldest first; the others stay for the next time', async () => {
	const early = await order('one', 'two');
	node.clock.advance(600_000);
	const [late] = await order('three');
	expect(taskIdsOf((await node.run({ ...TAKE, limit: 1 })).rows)).toEqual([early[0]]);
	expect(taskIdsOf((await node.run(TAKE)).rows)).toEqual([early[1]]);
	expect((await node.run(TAKE)).rows).toEqual([]);
	node.clock.advance(600_000);
	expect(taskIdsOf((await node.run(TAKE)).rows)).toEqual([late]);
	expect(rowsOf().map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	const looks = node.polls().length;
	expect(await list()).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }, { status: 'succeeded' }]);
	expect(node.polls()).toHaveLength(looks);
});

test('what a living node waits for is not taken, but listed', async () => {
	const [taskId] = await order('one');
	rowsOf()[0].heldUntil = new Date(node.clock.now() + 900_000).toISOString();
	node.clock.advance(600_000);
	expect((await node.run(TAKE)).rows).toEqual([]);
	expect(await list()).toMatchObject([{ taskId, status: 'succeeded' }]);
	node.clock.advance(400_000);
	expect(taskIdsOf((await node.run(TAKE)).rows)).toEqual([taskId]);
});
