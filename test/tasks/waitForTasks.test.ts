/** The loop itself, on a virtual clock and without HTTP: gaps, deadlines, slots and pauses. */
import { RequestError, TaskFailedError } from '../../nodes/CometApiVideo/tasks/errors';
import type { Job, WaitedTask, WaitOptions } from '../../nodes/CometApiVideo/tasks/job';
import type { VideoTask } from '../../nodes/CometApiVideo/tasks/types';
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

test('looks that fall due within the same second go out together', async () => {
	let number = 0;
	const spread = { now: clock.now, sleep: clock.sleep, random: () => (number++ % 97) / 97 };
	const tasks = Array.from({ length: 30 }, () => taskOf(100));
	await runJobs(tasks, options({ maxTasksInFlight: 30, clock: spread }));
	const times = tasks.flatMap(({ polledAt }) => polledAt);
	expect(times.filter((at) => !Number.isInteger(at))).toEqual([]);
	expect(new Set(times).size).toBeLessThan(times.length / 3);
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

	test('that names no time holds them back for a moment at first, then for longer', async () => {
		const polledAt: number[] = [];
		const limited = taskOf(0, {
			async poll() {
				polledAt.push(secondsNow());
				if (polledAt.length > 6) return await Promise.resolve(DONE);
				throw new RequestError('throttled', 'slow down', '');
			},
		});
		await runJobs([limited], options());
		const gaps = polledAt.slice(1).map((at, index) => at - polledAt[index]);
		expect(gaps).toEqual([1.5, 2.5, 4.5, 8.5, 16.5, 30.5]);
	});

	test('counts as one for all that were asked together', async () => {
		const polledAt: number[] = [];
		let refusals = 10;
		const limited = () =>
			taskOf(0, {
				async poll() {
					polledAt.push(secondsNow());
					if (refusals-- > 0) throw new RequestError('throttled', 'slow down', '');
					return await Promise.resolve(DONE);
				},
			});
		await runJobs(Array.from({ length: 10 }, limited), options({ maxTasksInFlight: 10 }));
		expect(new Set(polledAt)).toEqual(new Set([10, 11.5]));
	});

	test('of an hour ago does not make the next pause longer', async () => {
		const polledAt: number[] = [];
		const limited = taskOf(0, {
			async poll() {
				polledAt.push(secondsNow());
				if ([3, 8].includes(polledAt.length)) throw new RequestError('throttled', 'slow down', '');
				return await Promise.resolve(polledAt.length < 10 ? PENDING : DONE);
			},
		});
		await runJobs([limited], options());
		expect([polledAt[3] - polledAt[2], polledAt[8] - polledAt[7]]).toEqual([1.5, 1.5]);
	});

	test('over and over makes no task wait for the others to end', async () => {
		// Ten looks in each full minute, where forty tasks want two hundred.
		const looks: number[] = [];
		const lookedAt = new Map<number, number[]>();
		const limited = (_: unknown, number: number) =>
			taskOf(0, {
				async poll() {
					const now = secondsNow();
					const minute = Math.floor(now / 60);
					if (looks.filter((at) => Math.floor(at / 60) === minute).length >= 10) {
						throw new RequestError('throttled', 'slow down', '', {}, ((minute + 1) * 60 - now) * 1000);
					}
					looks.push(now);
					lookedAt.set(number, [...(lookedAt.get(number) ?? []), now]);
					return await Promise.resolve(now < 600 ? PENDING : DONE);
				},
			});
		await runJobs(Array.from({ length: 40 }, limited), options({ maxTasksInFlight: 40 }));
		const gaps = [...lookedAt.values()].flatMap((times) => times.map((at, index) => at - (times[index - 1] ?? 0)));
		expect(Math.max(...gaps)).toBeLessThan(310);
		expect(secondsNow()).toBeLessThan(860);
	});
});

describe('a 429 to a create', () => {
	test('while other tasks run means waiting for one of them to end', async () => {
		let running = 0;
		const limited = () => {
			let endsAt = 0;
			return taskOf(0, {
				async start() {
					if (running >= 2) throw new RequestError('throttled', 'too many tasks', '');
					running += 1;
					endsAt = secondsNow() + 300;
					return await Promise.resolve({ ref: REF, isNew: true, wait: true, details: {} });
				},
				async poll() {
					if (secondsNow() < endsAt) return await Promise.resolve(PENDING);
					running -= 1;
					return await Promise.resolve(DONE);
				},
			});
		};
		const outcomes = await runJobs(Array.from({ length: 6 }, limited), options());
		expect(outcomes.map((outcome) => outcome?.ok)).toEqual([true, true, true, true, true, true]);
	});

	test('with nothing running is the end after six tries', async () => {
		let tries = 0;
		const refused = taskOf(0, {
			async start() {
				tries += 1;
				return await Promise.reject(new RequestError('throttled', 'too many requests', ''));
			},
		});
		const [outcome] = await runJobs([refused], options());
		expect(outcome).toMatchObject({ ok: false, error: { kind: 'throttled' } });
		expect(tries).toBe(6);
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
