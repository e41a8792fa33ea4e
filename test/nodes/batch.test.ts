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

test('twenty items of three minutes take about three minutes, in the order of the items', async () => {
	const startedAt = node.clock.now();
	const { rows, items } = await node.run({ ...PARAMETERS, options: { maxTasksInFlight: 20 } }, { items: itemsOf(20) });
	expect(minutesOf(startedAt)).toBeLessThan(3.5);
	expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'succeeded'));
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(itemsOf(20).map((_, item) => ({ item })));
	const promptOf = new Map(
		[...node.simulator.tasks.values()].map((task) => [
			task.id,
			task.details.request.form?.fields.find(([name]) => name === 'prompt')?.[1],
		]),
	);
	expect(rows.map(({ taskId }) => promptOf.get(String(taskId)))).toEqual(itemsOf(20).map(({ json }) => json.prompt));
});

test('a three-minute task is looked at no more than fifteen times', async () => {
	const { rows } = await node.run({ ...PARAMETERS, options: { simplify: false } }, { items: itemsOf(1) });
	expect(rows[0].pollCount).toBeLessThanOrEqual(15);
	expect(rows[0].pollCount).toBe(node.polls().length);
});

test('no more than five run at CometAPI at once unless the user says so', async () => {
	const startedAt = node.clock.now();
	const { rows } = await node.run(PARAMETERS, { items: itemsOf(12) });
	expect(rows).toHaveLength(12);
	const tasks = [...node.simulator.tasks.values()];
	const running = tasks.map(
		({ details: { createdAtMs } }) => tasks.filter((task) => isRunningAt(task, createdAtMs)).length,
	);
	expect(Math.max(...running)).toBe(5);
	expect(minutesOf(startedAt)).toBeGreaterThan(9);
	expect(minutesOf(startedAt)).toBeLessThan(10.5);
});

/** More than are in flight at once; two hundred in long runs. */
const MANY = atLength(30, 200);

test(`${MANY} items, some refused, none lost and none doubled`, async () => {
	node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(5), times: 7 });
	node.simulator.addFault({ on: 'status', ...documentedReplies.badGateway, times: 20 });
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
	/** Runs in real time, while the simulator's clock stands still: no task ever ends. */
	async function stopWhile(isReached: () => boolean, parameters = {}) {
		jest.restoreAllMocks();
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

	test('ends the wait within a second, and no request follows', async () => {
		const { status, milliseconds } = await stopWhile(
			() => node.simulator.tasks.size === 3 && node.simulator.openRequests === 0,
		);
		expect(milliseconds).toBeLessThan(1000);
		expect(status).toBe('canceled');
		expect(node.polls()).toEqual([]);
	});

	test('ends a hanging request', async () => {
		node.simulator.addFault({ on: 'status', kind: 'stall', times: Infinity });
		const { milliseconds } = await stopWhile(() => node.polls().length > 0, { options: { pollInterval: 2 } });
		expect(milliseconds).toBeLessThan(1000);
	});

	test.each(['catalog', 'media'] as const)(
		'is heard while the answer to a request hangs (%s), before anything is created',
		async (on) => {
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
		const { error } = await stopWhile(() => node.polls().length === 3 && node.simulator.openRequests === 0, {
			options: { pollInterval: 2 },
		});
		const text = errorText(error);
		for (const taskId of node.simulator.tasks.keys()) expect(text).toContain(taskId);
	});

	test('tells of a create that n8n cut off', async () => {
		node.simulator.addFault({ on: 'create', kind: 'stall', accept: true, times: 3 });
		const { error } = await stopWhile(() => node.simulator.tasks.size === 3);
		expect(errorText(error)).toMatch(/not known whether the videos of items 1, 2, 3 were created/);
	});
});
