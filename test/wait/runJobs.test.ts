/** The loop itself, on a virtual clock and without HTTP: gaps, deadlines, slots and the end. */
import { RequestError, TaskFailedError, UnknownOutcomeError } from '../../nodes/CometApiVideo/task/errors';
import type { VideoTask } from '../../nodes/CometApiVideo/task/types';
import { MAX_POLL_INTERVAL_MS } from '../../nodes/CometApiVideo/wait/job';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { DONE, PENDING, REF, clock, options, secondsNow, taskOf } from './fakeTasks';

describe('the gap between two looks', () => {
	test('is one interval before the first look at a new task, nothing before an existing one', async () => {
		const fresh = taskOf(0);
		const existing = taskOf(0, { isNew: false });
		await runJobs([fresh, existing], options());
		expect(fresh.polledAt).toEqual([10]);
		expect(existing.polledAt).toEqual([0]);
	});

	test('is one interval at first, and thirty seconds in the end', async () => {
		const task = taskOf(1_190);
		await runJobs([task], options());
		const gaps = task.polledAt.map((at, index) => at - (task.polledAt[index - 1] ?? 0));
		expect(gaps[0]).toBe(10);
		expect(Math.max(...gaps)).toBe(MAX_POLL_INTERVAL_MS / 1000);
		expect(gaps.at(-2)).toBe(MAX_POLL_INTERVAL_MS / 1000);
	});

	test('grows slowly at an existing task, whose age is not known', async () => {
		const task = taskOf(600, { isNew: false });
		await runJobs([task], options());
		const gaps = task.polledAt.slice(1).map((at, index) => at - task.polledAt[index]);
		expect(gaps[0]).toBeLessThanOrEqual(11);
		for (const [index, gap] of gaps.slice(1, -1).entries()) expect(gap).toBeGreaterThanOrEqual(gaps[index]);
		expect(gaps.at(-2)).toBe(30);
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
		await runJobs(
			[early, late],
			options({ clock: { now: clock.now, sleep: clock.sleep, random: () => numbers.shift() ?? 0.5 } }),
		);
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
		expect(outcome).toMatchObject({ ok: true, result: { timedOut: true, waitedMs: 25_000, pollCount: 2 } });
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
		expect(outcome).toMatchObject({
			ok: true,
			result: { timedOut: true, waitedMs: 45_000, lostContact: { kind: 'throttled' } },
		});
	});
});

test('a clock that is set back does not stop the loop', async () => {
	const release: Array<() => void> = [];
	const jobs = Array.from({ length: 5 }, () =>
		taskOf(10, {
			async finish(waited) {
				if (release.length < 4) await new Promise<void>((resolve) => release.push(resolve));
				return waited;
			},
		}),
	);
	const run = runJobs(jobs, options());
	while (release.length < 4) await new Promise((resolve) => setImmediate(resolve));
	clock.advance(-60_000);
	for (const resolve of release) resolve();
	expect(await run).toHaveLength(5);
});

describe('slots', () => {
	test('new tasks start as soon as others end, never more than allowed', async () => {
		const tasks = [taskOf(30), taskOf(60), taskOf(30), taskOf(30)];
		await runJobs(tasks, options({ maxTasksInFlight: 2 }));
		expect(tasks.map((task) => Math.round(task.startedAt[0]))).toEqual([0, 0, expect.any(Number), expect.any(Number)]);
		expect(tasks[2].startedAt[0]).toBeGreaterThanOrEqual(30);
		expect(tasks[2].startedAt[0]).toBeLessThan(50);
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

	test('by a stop at the first error names the others in the error that is shown, also if it came last', async () => {
		let endCreate = () => {};
		const late = taskOf(0, {
			start: async () =>
				await new Promise((_resolve, reject) => {
					endCreate = () => reject(new UnknownOutcomeError('the line broke', {}));
				}),
		});
		const ref = { ...REF, taskId: 'task_2' };
		const running = taskOf(100, {
			start: async () => await Promise.resolve({ ref, isNew: true, wait: true, details: {} }),
			poll: async () => await Promise.resolve({ ...PENDING, ref }),
		});
		const failing = taskOf(10, {
			async finish() {
				setImmediate(() => endCreate());
				return await Promise.reject(new TaskFailedError('no paint', ''));
			},
		});
		const jobs = [late, running, failing].map((job, itemIndex) => ({ ...job, itemIndex }));
		const [shown] = await runJobs(jobs, options({ stopOnError: true }));
		expect(shown).toMatchObject({
			ok: false,
			error: { leftTasks: expect.stringMatching(/task_2 \(item 2\), task_1 \(item 3\)/) },
		});
	});

	test('of nothing is nothing', async () => {
		expect(await runJobs([], options())).toEqual([]);
	});
});
