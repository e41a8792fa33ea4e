/** Record Tasks of Video > Generate: which rows come about in the n8n Data Table, when, and what they say. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { documentedReplies } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { N8nRow } from '../support/n8nApi';
import { VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const RECORD = { prompt: 'A lighthouse in a storm', recordTasks: 'all', tableAccess: 'apiKey' };
const NO_WAIT = { ...RECORD, waitForCompletion: false };
const EACH_PROMPT = { ...RECORD, prompt: '={{ $json.prompt }}' };
const FACES = { provider: 'kling', mode: 'identifyFace', videoSource: 'url', videoUrl: 'https://example.com/clip.mp4' };
const SPEECH = {
	provider: 'kling',
	mode: 'textToSpeech',
	text: 'Welcome to our spring sale',
	voiceId: 'oversea_male1',
};

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const taskIds = () => [...node.simulator.tasks.keys()];
const rowsOf = () => node.n8nApi.table(TABLE).rows;
const itemsOf = (...prompts: string[]) => prompts.map((prompt) => ({ json: { prompt } }));

/** Looks at the world whenever a request of this kind has arrived, before it is answered. */
function onRequest(target: 'create' | 'status' | 'result', look: () => void): void {
	node.simulator.addFault({
		on: target,
		kind: 'html',
		when: () => {
			look();
			return false;
		},
	});
}

describe('the row of a task', () => {
	/** The rows as they were when CometAPI was first asked about the task. */
	async function rowsAtFirstLook(parameters: INodeParameters): Promise<IDataObject[]> {
		let seen: N8nRow[] | undefined;
		onRequest('status', () => (seen ??= structuredClone(rowsOf())));
		await node.run(parameters);
		if (!seen) throw new Error('CometAPI was not asked about the task');
		return seen;
	}

	test('is there, pending, before CometAPI is asked about the task', async () => {
		const [row] = await rowsAtFirstLook({ ...RECORD, seconds: 10 });
		expect(row).toMatchObject({
			...{ taskId: taskIds()[0], status: 'pending', rawStatus: 'queued', prompt: RECORD.prompt },
			...{ provider: 'seedance', model: 'doubao-seedance-2-0', mode: 'textToVideo', route: '/v1/videos' },
			...{ durationSeconds: 10, videoUrl: null, failureReason: null, completedAt: null },
			...{ workflowId: 'workflow', executionId: expect.stringMatching(/^execution-\d+$/) as unknown },
		});
		expect(row.estimatedCostUsd).toBeGreaterThan(0);
	});

	test('comes right after the create, and the table right before it', async () => {
		const order: string[] = [];
		onRequest('create', () => order.push('create'));
		onRequest('status', () => order.push('status'));
		node.n8nApi.addFault({
			kind: 'reset',
			when: ({ method, path, body }) => {
				const isTrial = (body as { dryRun?: boolean } | undefined)?.dryRun === true;
				order.push(`${isTrial ? 'trial ' : ''}${method} ${path.split('/').at(-1)}`);
				return false;
			},
		});
		await node.run(RECORD);
		expect(order.slice(0, 7)).toEqual([
			...['GET data-tables', 'POST data-tables', 'trial POST upsert'],
			...['trial PATCH update', 'create', 'POST upsert', 'status'],
		]);
		expect(order.at(-1)).toBe('PATCH update');
		expect(order.filter((request) => request === 'POST upsert')).toHaveLength(1);
	});

	test('says at the end where the video is', async () => {
		const { rows } = await node.run(RECORD);
		expect(rows[0].videoUrl).toMatch(/^http/);
		const { videoUrl, completedAt, estimatedCostUsd } = rows[0];
		expect(rowsOf()).toMatchObject([
			{
				taskId: taskIds()[0],
				status: 'succeeded',
				rawStatus: 'completed',
				videoUrl,
				completedAt,
				estimatedCostUsd,
				prompt: RECORD.prompt,
			},
		]);
		expect(completedAt).toEqual(expect.any(String));
		expect(estimatedCostUsd).toBeGreaterThan(0);
	});

	test('stays pending until the file is there: what n8n was fetching when it ended is fetched again', async () => {
		const statuses: unknown[] = [];
		onRequest('result', () => statuses.push(rowsOf()[0].status));
		await node.run(RECORD);
		expect(statuses).toEqual(['pending']);
		expect(rowsOf()).toMatchObject([{ status: 'succeeded' }]);
	});

	test('says failed, with the link, when the file never came', async () => {
		for (const on of ['result', 'content'] as const) node.simulator.addFault({ on, kind: 'notVideo', times: Infinity });
		const { error } = await node.run(RECORD);
		expect(errorText(error)).toContain(taskIds()[0]);
		expect(rowsOf()).toMatchObject([{ status: 'failed', videoUrl: expect.stringMatching(/^http/) as unknown }]);
	});

	test('stays pending when only the download failed, so that Task > Wait takes the video up', async () => {
		for (const on of ['result', 'content'] as const) {
			node.simulator.addFault({ on, kind: 'reply', status: 503, times: Infinity });
		}
		const { error } = await node.run(RECORD);
		expect(errorText(error)).toContain(taskIds()[0]);
		expect(rowsOf()).toMatchObject([{ status: 'pending' }]);
		node.simulator.clearFaults();
		const { items } = await node.run({
			resource: 'task',
			operation: 'wait',
			useRecordedTasks: true,
			tableAccess: 'apiKey',
		});
		expect(items).toMatchObject([{ json: { taskId: taskIds()[0] }, binary: { data: { mimeType: 'video/mp4' } } }]);
		expect(rowsOf()).toMatchObject([{ status: 'succeeded', videoUrl: expect.stringMatching(/^http/) as unknown }]);
	});

	test.each(['error', 'return'])('says why there is no video (On Failure: %s)', async (onFailure) => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'the model ran out of paint' });
		const { error } = await node.run({ ...RECORD, options: { onFailure } });
		expect(error !== undefined).toBe(onFailure === 'error');
		expect(rowsOf()).toMatchObject([
			{ taskId: taskIds()[0], status: 'failed', failureReason: 'the model ran out of paint', videoUrl: null },
		]);
		expect(rowsOf()[0].completedAt).toEqual(expect.any(String));
	});

	test.each(['error', 'return'])('stays pending when the wait was too short (On Timeout: %s)', async (onTimeout) => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { error } = await node.run({ ...RECORD, options: { timeout: 1, onTimeout } });
		expect(error !== undefined).toBe(onTimeout === 'error');
		expect(node.polls().length).toBeGreaterThan(0);
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending', videoUrl: null, completedAt: null }]);
	});

	test('stays pending when nobody waits', async () => {
		const { rows } = await node.run(NO_WAIT);
		expect(rowsOf()).toMatchObject([{ taskId: rows[0].taskId, status: 'pending', rawStatus: 'queued' }]);
	});

	test('stays pending after Stop', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const run = await node.start(RECORD);
		onRequest('status', () => run.cancel());
		const { run: result } = await run.finished;
		await node.clock.sleep(0);
		expect(result.status).toBe('canceled');
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending' }]);
	});

	test('shows the beginning of the prompt, with its line breaks and pictures', async () => {
		const prompt = `${'🎬 Scene\n'.repeat(20)}${'A boat. '.repeat(228)}`.slice(0, 2000);
		expect(prompt).toHaveLength(2000);
		await node.run({ ...NO_WAIT, prompt });
		const recorded = String(rowsOf()[0].prompt);
		expect(recorded).toBe(`${prompt.slice(0, 199)}…`);
		const [, sent] = node.creates()[0].form?.fields.find(([name]) => name === 'prompt') ?? [];
		expect(sent?.replace(/\r\n/g, '\n').trim()).toBe(prompt.trim());
	});

	test.each([0, 1])('is never cut in the middle of a picture (%i)', async (shift) => {
		await node.run({ ...NO_WAIT, prompt: `${'x'.repeat(shift)}${'🎬'.repeat(1000)}` });
		const recorded = String(rowsOf()[0].prompt);
		expect(recorded.length).toBeLessThanOrEqual(200);
		expect(recorded).toMatch(/^x?(?:🎬){99}…$/u);
	});

	test('shows a prompt of 200 characters whole', async () => {
		const prompt = 'ü'.repeat(200);
		await node.run({ ...NO_WAIT, prompt });
		expect(rowsOf()).toMatchObject([{ prompt }]);
	});
});

describe('several items', () => {
	test('have one row each', async () => {
		const { rows } = await node.run(EACH_PROMPT, { items: itemsOf('one', 'two', 'three') });
		const byPrompt = new Map(rowsOf().map((row) => [row.prompt, row]));
		expect(rowsOf()).toHaveLength(3);
		expect(rows.map(({ taskId }) => taskId)).toEqual(
			['one', 'two', 'three'].map((prompt) => byPrompt.get(prompt)?.taskId),
		);
		for (const row of rowsOf()) expect(row).toMatchObject({ status: 'succeeded' });
	});

	test('an item that fails its checks has none', async () => {
		const { rows } = await node.run(EACH_PROMPT, {
			items: itemsOf('one', '', 'three'),
			onError: 'continueRegularOutput',
		});
		expect(rows[1]).toHaveProperty('error');
		expect(
			rowsOf()
				.map(({ prompt }) => prompt)
				.sort(),
		).toEqual(['one', 'three']);
	});

	test.each([
		['was refused', documentedReplies.noCredit],
		['has an unknown outcome', documentedReplies.badGateway],
	])('an item whose create %s has none', async (_what, reply) => {
		const isSecond = (value: string) => value === 'two';
		node.simulator.addFault({
			on: 'create',
			...reply,
			when: ({ form }) => form?.fields.some(([, value]) => isSecond(value)) ?? false,
		});
		const { rows } = await node.run(EACH_PROMPT, { items: itemsOf('one', 'two'), onError: 'continueRegularOutput' });
		expect(rows[1]).toHaveProperty('error');
		expect(rowsOf()).toMatchObject([{ prompt: 'one', status: 'succeeded' }]);
	});

	test('items that come to different ends have different rows', async () => {
		const isPrompt =
			(prompt: string) =>
			({ form }: { form?: { fields: Array<[string, string]> } }) =>
				form?.fields.some(([, value]) => value === prompt) ?? false;
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: isPrompt('two') });
		node.simulator.addFault({ on: 'create', kind: 'neverEnds', when: isPrompt('three') });
		await node.run(
			{ ...EACH_PROMPT, options: { timeout: 2 } },
			{ items: itemsOf('one', 'two', 'three'), onError: 'continueRegularOutput' },
		);
		expect(Object.fromEntries(rowsOf().map(({ prompt, status }) => [prompt, status]))).toEqual({
			one: 'succeeded',
			two: 'failed',
			three: 'pending',
		});
	});
});

describe('one task has one row', () => {
	test('with Retry On Fail', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const { rows } = await node.run(EACH_PROMPT, { retryOnFail: true, items: itemsOf('one', 'two') });
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(rowsOf().map(({ taskId, status }) => [taskId, status])).toEqual(
			taskIds().map((taskId) => [taskId, 'succeeded']),
		);
		expect(taskIds()).toHaveLength(2);
	});

	test('which a retry does not set back', async () => {
		onRequest('result', () => (rowsOf()[0].status = 'mine'));
		node.simulator.addFault({ on: 'result', kind: 'notVideo' });
		node.simulator.addFault({ on: 'content', kind: 'notVideo' });
		const { rows } = await node.run(RECORD, { retryOnFail: true });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rowsOf()).toMatchObject([{ status: 'mine' }]);
	});

	test('when a person retries the execution', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const failed = await node.run(RECORD);
		expect(rowsOf()).toMatchObject([{ status: 'pending' }]);
		await node.run(RECORD, { retryOf: failed });
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'succeeded' }]);
		expect(rowsOf()).toHaveLength(1);
		expect(taskIds()).toHaveLength(1);
	});

	test('and a job that is done at once has its row at the end', async () => {
		const { rows } = await node.run({ ...SPEECH, recordTasks: 'all', tableAccess: 'apiKey' });
		expect(rows).toMatchObject([{ status: 'succeeded', taskId: expect.stringMatching(/^\d+$/) as unknown }]);
		expect(rowsOf()).toMatchObject([{ taskId: rows[0].taskId, status: 'succeeded', mode: 'textToSpeech' }]);
		expect(rowsOf()).toHaveLength(1);
	});

	test('a job without a task has none, and is no failure', async () => {
		const { rows, error } = await node.run({ ...FACES, recordTasks: 'all', tableAccess: 'apiKey' });
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ status: 'succeeded', taskId: null }]);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toEqual([]);
	});
});

describe('a row that somebody changes while the file is fetched', () => {
	test.each<[string, (rows: N8nRow[]) => void, IDataObject[]]>([
		[
			'keeps its status',
			(rows) => Object.assign(rows[0], { status: 'published' }),
			[{ status: 'published', videoUrl: null }],
		],
		['is not made anew', (rows) => rows.splice(0), []],
	])('%s', async (_what, change, expected) => {
		onRequest('result', () => change(rowsOf()));
		const { rows } = await node.run(RECORD);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(rowsOf()).toHaveLength(expected.length);
		expect(rowsOf()).toMatchObject(expected);
	});
});
