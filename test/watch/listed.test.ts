/** The trigger on listed tasks, and how it treats CometAPI when there are many of them. */
import type { IDataObject } from 'n8n-workflow';
import { atLength } from '../support/longRun';
import type { TriggerOptions } from '../support/triggerNode';
import { TriggerNodeTest } from '../support/triggerNode';

let trigger: TriggerNodeTest;
/** Filled after the trigger exists: its tasks are created at the same simulator. */
const parameters: IDataObject = {};

async function watch(given: IDataObject = {}, options: TriggerOptions = {}) {
	for (const key of Object.keys(parameters)) delete parameters[key];
	trigger = await TriggerNodeTest.start(Object.assign(parameters, { watch: 'listed' }, given) as never, options);
}

function list(...tasks: unknown[]) {
	parameters.listAs = 'json';
	parameters.tasksJson = JSON.stringify(tasks);
}

afterEach(async () => {
	await trigger.close();
	jest.restoreAllMocks();
});

const looks = () => trigger.simulator.requests.filter(({ route }) => route === 'status');

test('each listed task starts the workflow once when it is finished', async () => {
	await watch();
	const ids = [await trigger.createTask(), await trigger.createTask()];
	list(...ids, ids[0]);
	await trigger.activate();
	const rows = await trigger.poll();
	expect(rows.map(({ taskId }) => taskId)).toEqual(ids);
	expect(rows).toMatchObject([{ status: 'succeeded', provider: 'seedance', route: '/v1/videos' }, {}]);
	const asked = looks().length;
	expect(await trigger.poll()).toEqual([]);
	expect(looks()).toHaveLength(asked);
	expect(await trigger.restart()).toEqual([]);
});

test('what n8n has stored with the first release is understood by this one: nothing is handed over again', async () => {
	await watch();
	const taskId = await trigger.createTask();
	list(taskId);
	const stored = { watched: 'listed', done: { [`=${taskId}`]: 1_790_000_000 }, lists: ['listed'] };
	trigger.stored = { 'node:Trigger': { handedOver: {}, floor: 0, newestSubmission: 0, ...stored } };
	trigger.clock.advance(120_000);
	expect(await trigger.restart()).toEqual([]);
	expect(await trigger.poll()).toEqual([]);
});

test('fields name a task as well, with provider and route', async () => {
	await watch();
	const taskId = await trigger.createTask();
	Object.assign(parameters, { tasks: { task: [{ taskId, provider: 'seedance', route: '/v1/videos' }] } });
	await trigger.activate();
	expect(await trigger.poll()).toMatchObject([{ taskId, provider: 'seedance' }]);
});

test('rows of the action node can be pasted as they are', async () => {
	await watch();
	const taskId = await trigger.createTask();
	list({ taskId, provider: 'seedance', route: '/v1/videos', status: 'pending', videoUrl: null });
	await trigger.activate();
	expect(await trigger.poll()).toMatchObject([{ taskId }]);
});

test('a task that was over when the workflow was switched on starts nothing', async () => {
	await watch();
	list(await trigger.createTask());
	trigger.clock.advance(120_000);
	await trigger.activate();
	await trigger.poll();
	expect(trigger.started).toEqual([]);
});

describe('what the look at publishing does not see finished is news', () => {
	/** Two tasks that are over. */
	async function listTwo() {
		await watch();
		const ids = [await trigger.createTask(), await trigger.createTask()];
		list(...ids);
		trigger.clock.advance(120_000);
		return ids;
	}

	test('because that look failed', async () => {
		const [, broken] = await listTwo();
		trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 500, when: ({ path }) => path.endsWith(broken) });
		await trigger.activate();
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId: broken }]);
	});

	test('a 429 is told instead: published again a little later, what is over is history', async () => {
		const [, refused] = await listTwo();
		trigger.simulator.addFault({
			on: 'status',
			kind: 'reply',
			status: 429,
			when: ({ path }) => path.endsWith(refused),
		});
		expect((await trigger.activationError()).message).toMatch(/limiting/);
		await trigger.activate();
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(trigger.started).toEqual([]);
	});
});

test('a task that is added later starts the workflow', async () => {
	await watch();
	const first = await trigger.createTask();
	list(first);
	await trigger.activate();
	await trigger.poll();
	const second = await trigger.createTask();
	list(first, second);
	await trigger.activate('update');
	expect(await trigger.poll()).toMatchObject([{ taskId: second }]);
});

describe('what is wrong is said when the workflow is switched on', () => {
	test.each<[string, () => void, RegExp]>([
		['nothing listed', () => list(), /^No task is listed$/],
		[
			'no JSON',
			() => Object.assign(parameters, { listAs: 'json', tasksJson: '[oops' }),
			/^Tasks \(JSON\) is not a list$/,
		],
		['no id', () => list('task_1', { provider: 'kling' }), /^Entry 2 of the list: Task ID is empty$/],
		['no possible id', () => list('https://example.com/1'), /^Entry 1 of the list: Task ID cannot be "https/],
		[
			'no such provider',
			() => list({ taskId: 'task_1', provider: 'pika' }),
			/^Entry 1 of the list: Provider "pika" does not exist$/,
		],
		[
			'no such route',
			() => list({ taskId: 'task_1', provider: 'kling', route: '/v1/videos' }),
			/^Entry 1 of the list: Kling has no route "\/v1\/videos"$/,
		],
		[
			'an id that has lost digits',
			() => list(8231234567890123456789),
			/^Entry 1 of the list: Task ID is the number .* too long to be exact$/,
		],
	])('%s', async (_what, spoil, message) => {
		await watch();
		spoil();
		expect((await trigger.activationError()).message).toMatch(message);
	});

	test('a wrong API key', async () => {
		await watch({}, { credential: { apiKey: 'sk-wrong' } });
		list('task_1');
		const error = await trigger.activationError();
		expect(error.message).toMatch(/^CometAPI does not accept the API key/);
		expect(JSON.stringify(error)).not.toContain('sk-wrong');
	});
});

describe('more tasks than one poll may ask for', () => {
	const TASKS = atLength(40, 1000);
	const POLLS = atLength(14, 100);
	/** Each poll before that asks for every task. */
	const TASK_SECONDS = atLength(180, 600);
	/** One poll fewer is too few for so many. */
	const [MANY, POLLS_FOR_MANY] = atLength([105, 2], [290, 3]);
	const MAX_REQUESTS = 100;

	/** Numbers that look random and are the same in every run. */
	function createRandom(seed: number): () => number {
		let state = seed;
		return () => {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			return state / 2 ** 32;
		};
	}

	test.each([1])('with random faults (seed %d): each finished one once, at most 100 requests a poll', async (seed) => {
		const random = createRandom(seed);
		await watch({}, { simulator: { taskSeconds: TASK_SECONDS } });
		const ids: string[] = [];
		for (let count = 0; count < TASKS; count++) {
			if (random() < 0.03) trigger.simulator.addFault({ on: 'create', kind: 'neverEnds' });
			else if (random() < 0.1) trigger.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'Too dark' });
			ids.push(await trigger.createTask());
		}
		list(...ids);
		await trigger.activate();
		for (let poll = 0; poll < POLLS; poll++) {
			trigger.simulator.clearFaults();
			const times = Math.floor(random() * 8);
			const kind = random();
			if (kind < 0.15) trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 429, times });
			else if (kind < 0.3) trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 500, times });
			else if (kind < 0.45) trigger.simulator.addFault({ on: 'status', kind: 'html', times });
			else if (kind < 0.6) trigger.simulator.addFault({ on: 'status', kind: 'resetBeforeAccept', times });
			const before = looks().length;
			await trigger.poll();
			expect(looks().length - before).toBeLessThanOrEqual(MAX_REQUESTS);
		}
		const finished = ids.filter((id) => trigger.simulator.tasks.get(id)?.details.traits.ending !== 'never');
		expect(finished.length).toBeGreaterThan(TASKS / 2);
		expect(trigger.started.map(({ taskId }) => String(taskId)).sort()).toEqual([...finished].sort());
		// Three polls in a row without any answer are worth a complaint, and the faults may have it so.
		for (const { message } of trigger.errors) expect(message).toMatch(/^None of \d+ tasks could be read/);
	});

	test('those wait longest that are asked next', async () => {
		await watch({}, { simulator: { taskSeconds: 3600 } });
		const ids: string[] = [];
		for (let count = 0; count < MANY; count++) ids.push(await trigger.createTask());
		// The look at publishing is at more of them.
		list(ids[0]);
		await trigger.activate();
		list(...ids);
		const asked = new Set<string>();
		for (let poll = 0; poll < POLLS_FOR_MANY; poll++) {
			const before = looks().length;
			if (poll === 0) await trigger.activate('update');
			else await trigger.poll();
			for (const { path } of looks().slice(before)) asked.add(path.split('/').at(-1) ?? '');
		}
		expect(asked.size).toBe(MANY);
	});
});

test('a server that never answers holds up a poll for less than a minute', async () => {
	await watch();
	const ids: string[] = [];
	// Six times five requests of 15 s.
	for (let count = 0; count < 30; count++) ids.push(await trigger.createTask());
	list(...ids);
	await trigger.activate();
	trigger.simulator.addFault({ on: 'status', kind: 'stall', times: Infinity });
	const limits = jest.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
		const limit = new AbortController();
		// Five requests are under way at a time, and they wait together.
		setImmediate(() => {
			trigger.clock.advance(milliseconds / 5);
			limit.abort();
		});
		return limit.signal;
	});
	trigger.clock.advance(60_000);
	const began = trigger.clock.now();
	await trigger.pollNow();
	expect(limits).toHaveBeenCalled();
	expect(trigger.clock.now() - began).toBeLessThan(60_000);
	limits.mockRestore();
	trigger.simulator.clearFaults();
	expect(await trigger.poll()).toHaveLength(30);
});

test('a test run in the editor shows the newest finished task', async () => {
	await watch();
	const ids = [await trigger.createTask(), await trigger.createTask()];
	list(...ids);
	expect((await trigger.sample()).map(({ json }) => json.status)).toEqual(['pending']);
	trigger.clock.advance(120_000);
	expect((await trigger.sample()).map(({ json }) => json.status)).toEqual(['succeeded']);
});
