/** The loop itself, on a virtual clock and without HTTP: gaps, deadlines, slots and pauses. */
import { RequestError, TaskFailedError } from '../../nodes/CometApiVideo/tasks/errors';
import type { VideoTask } from '../../nodes/CometApiVideo/tasks/types';
import type { Job, WaitedTask, WaitOptions } from '../../nodes/CometApiVideo/tasks/waitForTasks';
import { MAX_POLL_INTERVAL_MS, runJobs } from '../../nodes/CometApiVideo/tasks/waitForTasks';
import { VirtualClock } from '../support/virtualClock';

let clock: VirtualClock;
let startedAt: number;

beforeEach(() => {
	clock = new VirtualClock();
	startedAt = clock.now();
});

const secondsNow = () => (clock.now() - startedAt) / 1000;

function options(overrides: Partial<WaitOptions> = {}): WaitOptions {
	return { pollIntervalMs: 10_000, timeoutMs: 1_200_000, maxTasksInFlight: 5, stopOnError: false, clock, ...overrides };
}

const REF = { provider: 'seedance', taskId: 'task_1', route: '/v1/videos' };
const PENDING: VideoTask = { ref: REF, raw: {}, status: 'pending', rawStatus: 'in_progress' };
const DONE: VideoTask = {
	ref: REF,
	raw: {},
	status: 'succeeded',
	rawStatus: 'completed',
	assets: [{ kind: 'video', sources: [{ at: 'url', url: 'https://example.com/a.mp4' }] }],
};

interface FakeTask extends Job<WaitedTask> {
	polledAt: number[];
	startedAt: number[];
}

/** A task that ends `seconds` after its creation; `isNew: false` is a task that exists already. */
function taskOf(seconds: number, overrides: Partial<Omit<Job<WaitedTask>, 'itemIndex'>> & { isNew?: boolean } = {}): FakeTask {
	const { isNew = true, ...steps } = overrides;
	const fake: FakeTask = {
		itemIndex: 0,
		polledAt: [],
		startedAt: [],
		async start() {
			fake.startedAt.push(secondsNow());
			return await Promise.resolve({ ref: REF, isNew, wait: true, details: {} });
		},
		async poll() {
			fake.polledAt.push(secondsNow());
			return await Promise.resolve(secondsNow() - fake.startedAt[0] >= seconds ? DONE : PENDING);
		},
		finish: async (waited) => await Promise.resolve(waited),
		...steps,
	};
	return fake;
}

describe('the gap between two looks', () => {
	test('is one interval before the first look at a new task, nothing before an existing one', async () => {
		const fresh = taskOf(0);
		const existing = taskOf(0, { isNew: false });
		await runJobs([fresh, existing], options());
		expect(fresh.polledAt).toEqual([10]);
		expect(existing.polledAt).toEqual([0]);
	});

	test('grows slowly, and never beyond thirty seconds', async () => {
		const task = taskOf(1_190);
		await runJobs([task], options());
		const gaps = task.polledAt.map((at, index) => at - (task.polledAt[index - 1] ?? 0));
		expect(gaps[0]).toBe(10);
		for (const [index, gap] of gaps.slice(1, -1).entries()) expect(gap).toBeGreaterThanOrEqual(gaps[index] - 1e-6);
		expect(Math.max(...gaps)).toBeCloseTo(MAX_POLL_INTERVAL_MS / 1000);
		expect(task.polledAt.filter((at) => at <= 180).length).toBeLessThanOrEqual(15);
	});

	test('stays as it is when the user wants more than thirty seconds', async () => {
		const task = taskOf(300);
		await runJobs([task], options({ pollIntervalMs: 60_000 }));
		expect(task.polledAt).toEqual([60, 120, 180, 240, 300]);
	});

	test('differs by up to a tenth, so that many tasks do not ask at once', async () => {
		const numbers = [0, 0.999];
		const early = taskOf(0);
		const late = taskOf(0);
		await runJobs([early, late], options({ clock: { ...clock, now: clock.now, sleep: clock.sleep, random: () => numbers.shift() ?? 0.5 } }));
		expect(early.polledAt[0]).toBeCloseTo(9);
		expect(late.polledAt[0]).toBeCloseTo(10.998);
	});
});

describe('the deadline', () => {
	test('cuts the last gap: the last look is at the deadline', async () => {
		const task = taskOf(1e9);
		const [outcome] = await runJobs([task], options({ timeoutMs: 25_000 }));
		expect(task.polledAt.at(-1)).toBe(25);
		expect(outcome).toMatchObject({ ok: true, result: { timedOut: true, waitedMs: 25_000, pollCount: 3 } });
	});

	test('is met by a task that ends exactly then', async () => {
		const [outcome] = await runJobs([taskOf(25)], options({ timeoutMs: 25_000 }));
		expect(outcome).toMatchObject({ ok: true, result: { timedOut: false } });
	});

	test('counts from the creation of each task, not of the first', async () => {
		const [first, second] = [taskOf(100), taskOf(100)];
		const outcomes = await runJobs([first, second], options({ maxTasksInFlight: 1, timeoutMs: 130_000 }));
		expect(outcomes).toMatchObject([{ result: { timedOut: false } }, { result: { timedOut: false } }]);
		expect(second.startedAt[0]).toBeGreaterThanOrEqual(100);
	});

	test('is not moved by a long Retry-After', async () => {
		const task = taskOf(1e9, {
			poll: async () => await Promise.reject(new RequestError('throttled', 'slow down', '', {}, 60_000)),
		});
		const [outcome] = await runJobs([task], options({ timeoutMs: 45_000 }));
		expect(outcome).toMatchObject({ ok: true, result: { timedOut: true, waitedMs: 45_000, lostContact: { kind: 'throttled' } } });
	});
});

describe('a 429 while waiting', () => {
	test('holds back all tasks for the time that it names', async () => {
		let isFirst = true;
		const limited = taskOf(15, {
			async poll() {
				if (!isFirst) return await Promise.resolve(DONE);
				isFirst = false;
				throw new RequestError('throttled', 'slow down', '', {}, 40_000);
			},
		});
		const other = taskOf(15);
		await runJobs([limited, other], options());
		expect(other.polledAt).toEqual([10, 50]);
	});
});

describe('slots', () => {
	test('new tasks start as soon as others end, never more than allowed', async () => {
		const tasks = [taskOf(30), taskOf(60), taskOf(30), taskOf(30)];
		await runJobs(tasks, options({ maxTasksInFlight: 2 }));
		expect(tasks.map((task) => Math.round(task.startedAt[0]))).toEqual([0, 0, expect.any(Number), expect.any(Number)]);
		expect(tasks[2].startedAt[0]).toBeGreaterThanOrEqual(30);
		expect(tasks[2].startedAt[0]).toBeLessThan(35);
		expect(tasks[3].startedAt[0]).toBeGreaterThanOrEqual(60);
	});

	test('a failed create frees its slot', async () => {
		const bad = taskOf(0, { start: async () => await Promise.reject(new RequestError('refused', 'no', '')) });
		const good = taskOf(10);
		const outcomes = await runJobs([bad, good], options({ maxTasksInFlight: 1 }));
		expect(outcomes).toMatchObject([{ ok: false }, { ok: true }]);
		expect(good.startedAt).toEqual([0]);
	});

	test('without waiting a task holds its slot only while it is created', async () => {
		const quick = () =>
			taskOf(0, { start: async () => await Promise.resolve({ ref: REF, isNew: true, wait: false, details: {} }) });
		await runJobs([quick(), quick(), quick()], options({ maxTasksInFlight: 1 }));
		expect(secondsNow()).toBe(0);
	});
});

describe('the end', () => {
	test('of one task does not wait for another that hangs', async () => {
		let release: (task: VideoTask) => void = () => {};
		const finished: number[] = [];
		const hanging = taskOf(0, { poll: async () => await new Promise((resolve) => (release = resolve)) });
		const quick = taskOf(10, {
			async finish(waited) {
				finished.push(secondsNow());
				release(DONE);
				return await Promise.resolve(waited);
			},
		});
		await runJobs([hanging, quick], options());
		expect(finished).toEqual([10]);
	});

	test('by a stop at the first error leaves the others without outcome', async () => {
		const failing = taskOf(10, { finish: async () => await Promise.reject(new TaskFailedError('no paint', '')) });
		const outcomes = await runJobs([failing, taskOf(100)], options({ stopOnError: true }));
		expect(outcomes).toMatchObject([{ ok: false, error: { message: 'no paint' } }, undefined]);
		expect(secondsNow()).toBe(10);
	});

	test('of nothing is nothing', async () => {
		expect(await runJobs([], options())).toEqual([]);
	});
});
