/** Many items: together, bounded, in order; and Stop. */
import type { INodeType } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import type { SimulatedTask } from '../simulator/simulator';
import { documentedReplies } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength } from '../support/longRun';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 180 });
});

afterEach(async () => {
	await node.close();
});

const itemsOf = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ json: { prompt: `Scene ${index}` } }));
const PARAMETERS = { prompt: '={{ $json.prompt }}', downloadVideo: false };
const isRunningAt = (task: SimulatedTask, time: number) =>
	task.details.createdAtMs <= time && task.stateAt(time).progressPercent < 100;
const minutesOf = (since: number) => (node.clock.now() - since) / 60_000;

/** In the place of tasks of three minutes. */
async function startWithShortTasks() {
	await node.close();
	node = await VideoNodeTest.start({ taskSeconds: 60 });
}

/** More than the requests that the node sends at the same time. */
const TOGETHER = atLength(12, 20);

test(`${TOGETHER} items of a minute take about a minute, in the order of the items`, async () => {
	await startWithShortTasks();
	const given = itemsOf(TOGETHER);
	const startedAt = node.clock.now();
	const { rows, items } = await node.run({ ...PARAMETERS, options: { maxTasksInFlight: TOGETHER } }, { items: given });
	expect(minutesOf(startedAt)).toBeLessThan(1.5);
	expect(rows.map(({ status }) => status)).toEqual(given.map(() => 'succeeded'));
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(given.map((_, item) => ({ item })));
	const promptOf = new Map(
		[...node.simulator.tasks.values()].map((task) => [
			task.id,
			task.details.request.form?.fields.find(([name]) => name === 'prompt')?.[1],
		]),
	);
	expect(rows.map(({ taskId }) => promptOf.get(String(taskId)))).toEqual(given.map(({ json }) => json.prompt));
});

test('a three-minute task is looked at no more than fifteen times', async () => {
	const { rows } = await node.run({ ...PARAMETERS, options: { simplify: false } }, { items: itemsOf(1) });
	expect(rows[0].pollCount).toBeLessThanOrEqual(15);
	expect(rows[0].pollCount).toBe(node.polls().length);
});

test('no more than five run at CometAPI at once unless the user says so', async () => {
	await startWithShortTasks();
	const count = atLength(7, 12);
	const startedAt = node.clock.now();
	const { rows } = await node.run(PARAMETERS, { items: itemsOf(count) });
	expect(rows).toHaveLength(count);
	const tasks = [...node.simulator.tasks.values()];
	const running = tasks.map(
		({ details: { createdAtMs } }) => tasks.filter((task) => isRunningAt(task, createdAtMs)).length,
	);
	expect(Math.max(...running)).toBe(5);
	const rounds = Math.ceil(count / 5);
	expect(minutesOf(startedAt)).toBeGreaterThan(rounds);
	expect(minutesOf(startedAt)).toBeLessThan(rounds * 1.2);
});

/** More than are in flight at once; two hundred in long runs. */
const MANY = atLength(12, 200);

test(`${MANY} items, some refused, none lost and none doubled`, async () => {
	await startWithShortTasks();
	node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(5), times: atLength(4, 7) });
	node.simulator.addFault({ on: 'status', ...documentedReplies.badGateway, times: atLength(8, 20) });
	node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', times: 3 });
	const { items, errorItems } = await node.run(
		{ ...PARAMETERS, options: { maxTasksInFlight: MANY / 2 } },
		{ items: itemsOf(MANY), onError: 'continueErrorOutput' },
	);
	expect(items).toHaveLength(MANY - 3);
	expect(errorItems).toHaveLength(3);
	expect(node.simulator.tasks.size).toBe(MANY);
	const known = [
		...items.map(({ json }) => json.taskId),
		...errorItems.map(({ json }) => (json.details as { taskId: string }).taskId),
	];
	expect(new Set(known)).toEqual(new Set(node.simulator.tasks.keys()));
});

test('progress is shown to the one who waits', async () => {
	await node.run(PARAMETERS, { items: itemsOf(1) });
	const [taskId] = node.simulator.tasks.keys();
	expect(node.messages.at(-1)).toBe(`Item 1: task ${taskId}: completed, 100 %`);
	expect(new Set(node.messages).size).toBe(node.messages.length);
});

describe('Stop', () => {
	let endedAt = 0;
	const type: INodeType = new CometApiVideo();
	const { execute } = type;
	type.execute = async function (...args) {
		try {
			return (await execute?.call(this, ...args)) ?? null;
		} finally {
			endedAt = Date.now();
		}
	};

	async function stopWhile(isReached: () => boolean, parameters = {}) {
		endedAt = 0;
		const run = await node.start(
			{ ...PARAMETERS, ...parameters },
			{ items: itemsOf(3), nodeTypes: { [NODE_TYPE]: type } },
		);
		while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
		const stoppedAt = Date.now();
		run.cancel();
		const { run: result, taskData } = await run.finished;
		while (endedAt === 0) await new Promise((resolve) => setImmediate(resolve));
		return { status: result.status, error: taskData('Node')?.error, milliseconds: endedAt - stoppedAt };
	}

	/** The node in real time, while the simulator's clock stands still: no task ever ends. */
	const letTimePass = () => void jest.restoreAllMocks();

	test('ends the wait within a second, and no request follows', async () => {
		letTimePass();
		const { status, milliseconds } = await stopWhile(
			() => node.simulator.tasks.size === 3 && node.simulator.openRequests === 0,
		);
		expect(milliseconds).toBeLessThan(1000);
		expect(status).toBe('canceled');
		expect(node.polls()).toEqual([]);
	});

	test('ends a hanging request', async () => {
		node.simulator.addFault({ on: 'status', kind: 'stall', times: Infinity });
		const { error, milliseconds } = await stopWhile(() => node.polls().length > 0);
		expect(milliseconds).toBeLessThan(1000);
		expect(errorText(error)).toMatch(/wait for CometAPI was canceled/);
	});

	test.each(['catalog', 'media'] as const)(
		'is heard while the answer to a request hangs (%s), before anything is created',
		async (on) => {
			letTimePass();
			node.simulator.addFault({ on, kind: 'stall', times: Infinity });
			const image = { mode: 'imageToVideo', imagesUrl: `${node.simulator.resultOrigin}/media/image.png` };
			const isHanging = () =>
				[...node.simulator.requests, ...node.simulator.resultRequests].some(({ fault }) => fault === 'stall');
			const { status, error, milliseconds } = await stopWhile(isHanging, on === 'media' ? image : {});
			expect(milliseconds).toBeLessThan(1000);
			expect(status).toBe('canceled');
			expect(errorText(error)).toMatch(/canceled/);
			expect(node.creates()).toEqual([]);
		},
	);

	test('names the tasks that exist', async () => {
		const { error } = await stopWhile(() => node.polls().length === 3 && node.simulator.openRequests === 0);
		const text = errorText(error);
		expect(text).toMatch(/wait for CometAPI was canceled/);
		expect(node.polls()).toHaveLength(3);
		for (const taskId of node.simulator.tasks.keys()) expect(text).toContain(taskId);
	});

	test('tells of a create that n8n cut off', async () => {
		letTimePass();
		node.simulator.addFault({ on: 'create', kind: 'stall', accept: true, times: 3 });
		const { error } = await stopWhile(() => node.simulator.tasks.size === 3);
		expect(errorText(error)).toMatch(/not known whether the videos of items 1, 2, 3 were created/);
	});
});
