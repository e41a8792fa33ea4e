/** Task > Get, Wait and Download, Model > Get Many, Account > Get Balance. */
import type { IDataObject } from 'n8n-workflow';
import type { Fault } from '../simulator/simulator';
import { documentedReplies, sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { UNREACHABLE, VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

/** A task that was created by another node and has been running for some seconds. */
async function createTask(parameters = {}) {
	const { rows } = await node.run({ prompt: 'A lighthouse', waitForCompletion: false, ...parameters });
	return rows[0];
}

const task = (operation: string, parameters = {}) => ({ resource: 'task', operation, ...parameters });
const SAME_ITEM = '={{ $json.taskId }}';

test('Generate without waiting gives the task at once', async () => {
	const row = await createTask();
	expect(row).toMatchObject({
		status: 'pending',
		provider: 'seedance',
		videoUrl: null,
	});
	expect(node.polls()).toEqual([]);
	expect(node.clock.sleeps).toEqual([]);
});

describe('Get', () => {
	test('reads a task once', async () => {
		node.simulator.taskSeconds = 60;
		const { taskId } = await createTask();
		node.clock.advance(20_000);
		const { rows } = await node.run(task('get', { taskId, options: { simplify: false } }));
		expect(rows).toMatchObject([{ taskId, status: 'pending', rawStatus: 'queued', progress: 10, completedAt: null }]);
		expect(node.polls()).toHaveLength(1);
	});

	test('keeps what the item already knew', async () => {
		const row = await createTask();
		node.clock.advance(100_000);
		const { rows } = await node.run(task('get', { taskId: SAME_ITEM }), { items: [{ json: row }] });
		expect(rows).toMatchObject([
			{
				status: 'succeeded',
				provider: 'seedance',
				model: row.model,
				prompt: row.prompt,
				estimatedCostUsd: row.estimatedCostUsd,
			},
		]);
	});

	test('finds the provider by the model in the answer', async () => {
		const { taskId } = await createTask({ provider: 'wan' });
		const { rows } = await node.run(task('get', { taskId }));
		expect(rows).toMatchObject([{ provider: 'wan', model: 'wan2.7' }]);
	});

	test('gives the raw answer without Simplify', async () => {
		const { taskId } = await createTask();
		const { rows } = await node.run(task('get', { taskId, options: { simplify: false } }));
		expect(rows[0].raw).toMatchObject({ id: taskId, object: 'video' });
	});

	test('says "not yet" for an answer that is empty', async () => {
		const { taskId } = await createTask();
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 202, body: '' });
		const { rows, error } = await node.run(task('get', { taskId }));
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId, status: 'pending' }]);
	});

	test('tells why a task failed', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' });
		const { taskId } = await createTask();
		node.clock.advance(100_000);
		const { rows } = await node.run(task('get', { taskId }));
		expect(rows).toMatchObject([{ status: 'failed', failureReason: expect.stringContaining('VIOLATION') }]);
	});

	test.each([
		["={{ '' }}", /Task ID is empty/],
		['https://api.cometapi.com/v1/videos/task_1', /Task ID cannot be "https.*Give the ID alone/s],
		['{{ $json.taskId }}', /looks like an expression that was not evaluated/],
		['task_doesNotExist', /task_not_exist.*Task ID: task_doesNotExist|Task ID: task_doesNotExist/s],
	])('of "%s" says what is wrong', async (taskId, reads) => {
		const { error } = await node.run(task('get', { taskId }));
		expect(errorText(error)).toMatch(reads);
	});

	test.each<[string, (taskId: string) => unknown]>([
		['a number', Number],
		['a text with blanks around it', (taskId) => ` ${taskId} `],
	])('knows the provider and the route of an item that gives the ID as %s', async (_what, given) => {
		const [taskId, route] = ['8', '/kling/v1/videos/image2video'];
		const json = { taskId: given(taskId), provider: 'kling', route, mode: 'imageToVideo' } as IDataObject;
		await node.run(task('get', { taskId: SAME_ITEM }), { items: [{ json }] });
		expect(node.polls().map(({ path }) => path)).toEqual([`${route}/${taskId}`]);
	});

	test('of an unknown task goes to the error output, the others go on', async () => {
		const { taskId } = await createTask();
		const { items, errorItems } = await node.run(task('get', { taskId: SAME_ITEM }), {
			onError: 'continueErrorOutput',
			items: [{ json: { taskId: 'task_unknown' } }, { json: { taskId } }],
		});
		expect(items).toMatchObject([{ json: { taskId }, pairedItem: { item: 1 } }]);
		expect(errorItems).toMatchObject([{ json: { details: { taskId: 'task_unknown' } } }]);
	});
});

describe('Wait', () => {
	test('looks at once, and waits for all tasks together', async () => {
		const rows = [await createTask(), await createTask(), await createTask({ provider: 'wan' })];
		const before = node.clock.now();
		const run = await node.run(task('wait', { taskId: SAME_ITEM, downloadVideo: true }), {
			items: rows.map((json) => ({ json })),
		});
		expect(run.rows).toMatchObject(rows.map(({ taskId, provider }) => ({ taskId, provider, status: 'succeeded' })));
		expect(node.clock.now() - before).toBeLessThan(75_000);
		expect((await node.engine().readBinary(run.items[2], 'data')).equals(sampleVideo)).toBe(true);
		expect(node.creates()).toHaveLength(3);
	});

	test('of a finished task takes one look and no time', async () => {
		const { taskId } = await createTask();
		node.clock.advance(100_000);
		const { rows } = await node.run(task('wait', { taskId, options: { simplify: false } }));
		expect(rows).toMatchObject([{ status: 'succeeded', pollCount: 1, waitedSeconds: 0 }]);
	});

	test('that is not long enough keeps the id', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { taskId } = await createTask();
		const { error } = await node.run(task('wait', { taskId, options: { timeout: 1 } }));
		expect(errorText(error)).toContain(String(taskId));
	});
});

describe('Download', () => {
	test('fetches the video of a finished task', async () => {
		const { taskId } = await createTask();
		node.clock.advance(100_000);
		const { items } = await node.run(task('download', { taskId, options: { binaryField: 'clip' } }));
		expect(items).toMatchObject([{ json: { taskId, status: 'succeeded' }, pairedItem: { item: 0 } }]);
		expect((await node.engine().readBinary(items[0], 'clip')).equals(sampleVideo)).toBe(true);
	});

	test('of a running task says how to wait for it', async () => {
		const { taskId } = await createTask();
		const { error } = await node.run(task('download', { taskId }));
		expect(errorText(error)).toMatch(/is not finished yet.*Task > Wait/s);
		expect(errorText(error)).toContain(String(taskId));
	});

	test('of a failed task says why', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { taskId } = await createTask();
		node.clock.advance(100_000);
		const { error } = await node.run(task('download', { taskId }));
		expect(errorText(error)).toMatch(/out of paint/);
		expect(errorText(error)).toContain(String(taskId));
	});
});

describe.each(['get', 'download'])('Task > %s of a finished task', (operation) => {
	const MENDED: Array<[string, Fault, number[]]> = [
		[
			'is throttled',
			{ on: 'status', ...documentedReplies.tooManyRequestsEmpty, times: 5 },
			[1500, 2500, 4500, 8500, 16_500],
		],
		['is throttled, for so long', { on: 'status', ...documentedReplies.tooManyRequests(7), times: 2 }, [7000, 7000]],
	];

	async function finishedTask() {
		const { taskId } = await createTask();
		node.clock.advance(100_000);
		return String(taskId);
	}

	test.each(MENDED)('that %s tries again', async (_what, fault, sleeps) => {
		const taskId = await finishedTask();
		node.simulator.addFault(fault);
		const { rows, error } = await node.run(task(operation, { taskId }));
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([{ taskId, status: 'succeeded' }]);
		expect(node.clock.sleeps).toEqual(sleeps);
	});

	test('that is throttled for ever gives up after five more tries', async () => {
		const taskId = await finishedTask();
		node.simulator.addFault({ on: 'status', ...documentedReplies.tooManyRequests(), times: Infinity });
		const { error } = await node.run(task(operation, { taskId }));
		expect(errorText(error)).toMatch(/limiting the number of requests/);
		expect(errorText(error)).toContain(taskId);
		expect(node.polls()).toHaveLength(6);
	});

	test('that cannot be reached tries again, but not as long for each further item', async () => {
		const taskId = await finishedTask();
		const items = [{ json: { taskId } }, { json: { taskId } }];
		const { rows } = await node.run(task(operation, { taskId: SAME_ITEM }), {
			items,
			onError: 'continueRegularOutput',
			baseUrl: UNREACHABLE,
		});
		for (const { error } of rows) expect(error).toMatch(/could not be reached.*ECONNREFUSED/);
		expect(node.clock.sleeps).toEqual([1500, 2500, 4500, 8500, 16_500]);
	});

	test.each([
		['an internal fault', documentedReplies.badGateway],
		['a refusal', documentedReplies.invalidKey],
	])('does not repeat after %s', async (_what, reply) => {
		const taskId = await finishedTask();
		node.simulator.addFault({ on: 'status', ...reply, times: Infinity });
		await node.run(task(operation, { taskId }));
		expect(node.polls()).toHaveLength(1);
	});

	test('tries nothing again after Stop', async () => {
		const taskId = await finishedTask();
		const run = await node.start(task(operation, { taskId }));
		node.simulator.addFault({
			...{ on: 'status', ...documentedReplies.tooManyRequests(), times: Infinity },
			when() {
				run.cancel();
				return true;
			},
		});
		await run.finished;
		await node.clock.sleep(0);
		expect(node.polls()).toHaveLength(1);
	});
});

describe('Model > Get Many', () => {
	const models = (parameters = {}) => ({ resource: 'model', operation: 'getAll', ...parameters });

	test('lists what can be called today, with prices', async () => {
		const { rows } = await node.run(models({ returnAll: true }));
		const ids = rows.map(({ id }) => id);
		expect(ids).toContain('doubao-seedance-2-0');
		expect(ids).not.toContain('veo4');
		expect(rows.find(({ id }) => id === 'wan3.0')).toMatchObject({
			provider: 'wan',
			fromUsdPerSecond: 0.04,
			route: '/v1/videos',
		});
	});

	test('says so when none of the providers has the route of a model', async () => {
		const endpoints = JSON.stringify({ video: { path: '/other/v1/videos', method: 'POST' } });
		const body = { data: [{ id: 'seedance-9', model_type: 'video', endpoints }] };
		node.simulator.addFault({ on: 'catalog', kind: 'reply', status: 200, body });
		expect((await node.run(models())).rows).toMatchObject([
			{ id: 'seedance-9', provider: '', route: '/other/v1/videos' },
		]);
	});

	test('says which provider a model belongs to', async () => {
		const providers = {
			'grok-imagine-video-1.5': 'xai',
			'kling-v3': 'kling',
			gen4_aleph: 'runway',
			// Found by its name alone: the catalogue names the create, the family's word is missing.
			upscale_v1: 'runway',
			'minimax-hailuo-02': 'minimax',
		};
		const { rows } = await node.run(models({ returnAll: true }));
		expect(Object.fromEntries(rows.map(({ id, provider }) => [id, provider]))).toMatchObject(providers);
	});

	test.each([
		[{ provider: 'seedance' }, /seedance/],
		[{ provider: 'happyhorse' }, /happyhorse/],
		[{ provider: 'Google' }, /veo/],
		[{ text: 'fast' }, /fast/],
	])('filters %j', async (filters, reads) => {
		const { rows } = await node.run(models({ filters }));
		expect(rows.length).toBeGreaterThan(0);
		for (const { id } of rows) expect(id).toMatch(reads);
	});

	test('filters by feature and keeps to the limit', async () => {
		const { rows } = await node.run(models({ limit: 3, filters: { feature: 'image-to-video' } }));
		expect(rows).toHaveLength(3);
		for (const { features } of rows) expect(features).toContain('image-to-video');
	});

	test('needs no key', async () => {
		await node.run(models());
		const [request] = node.simulator.requests.filter(({ path }) => path === '/api/models');
		expect(request.headers.authorization).toBeUndefined();
	});

	test('says why the list cannot be read', async () => {
		node.simulator.addFault({ on: 'catalog', ...documentedReplies.unavailable });
		expect(errorText((await node.run(models())).error)).toMatch(/could not be read from CometAPI \(HTTP 503\)/);
		expect(errorText((await node.run(models(), { baseUrl: UNREACHABLE })).error)).toMatch(
			/could not be reached at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
		);
	});

	test('says so when the list cannot be understood', async () => {
		node.simulator.addFault({ on: 'catalog', kind: 'html', times: Infinity });
		const { error } = await node.run(models());
		expect(errorText(error)).toMatch(/list of models could not be understood/);
	});
});

describe('Account > Get Balance', () => {
	const balance = { resource: 'account', operation: 'getBalance' };

	test('reads the credit of the key, which travels in a header', async () => {
		const { rows } = await node.run(balance);
		expect(rows).toMatchObject([{ isUnlimited: false, availableUsd: 10_000, usedUsd: 0 }]);
		const [request] = node.simulator.requests;
		expect(request.path).toMatch(/^\/api\/usage\/token\/?$/);
		expect([...request.query]).toEqual([]);
		expect(request.headers.authorization).toMatch(/^Bearer /);
	});

	test('follows the trailing slash of the gateway, and only that', async () => {
		node.simulator.addFault({ on: 'balance', kind: 'redirect', location: '/api/usage/token/' });
		expect((await node.run(balance)).rows).toMatchObject([{ availableUsd: 10_000 }]);
		node.simulator.addFault({
			on: 'balance',
			kind: 'redirect',
			location: `${node.simulator.resultOrigin}/api/usage/token/`,
		});
		expect(errorText((await node.run(balance)).error)).toMatch(/redirected the request elsewhere/);
		expect(node.simulator.resultRequests).toEqual([]);
	});

	test('with a wrong key', async () => {
		node.simulator.addFault({ on: 'balance', ...documentedReplies.invalidKey });
		expect(errorText((await node.run(balance)).error)).toMatch(/does not accept the API key/);
	});
});

test('an operation that does not exist is named', async () => {
	const { error } = await node.run({ resource: 'video', operation: '__CUSTOM_API_CALL__' });
	expect(errorText(error)).toMatch(/"__CUSTOM_API_CALL__" of "video" does not exist/);
});
