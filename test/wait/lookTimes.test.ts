/** Where looks are spent: what holds for any gap, and what whole waits cost and gain. */
import * as fc from 'fast-check';
import { MAX_POLL_INTERVAL_MS, USUAL_POLL_INTERVAL_MS } from '../../nodes/CometApiVideo/wait/job';
import { gapAt, seenRunTime } from '../../nodes/CometApiVideo/wait/lookTimes';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { Random } from '../soak/random';
import { fuzzSettings } from '../support/fuzz';
import type { FakeTask } from './fakeTasks';
import { REF, clock, options, taskOf } from './fakeTasks';

const MIN_POLL_INTERVAL_MS = 2000;
const ages = fc.integer({ min: 0, max: 3_600_000 });
const intervals = fc.integer({ min: MIN_POLL_INTERVAL_MS, max: 300_000 });
const runTimes = fc.option(fc.integer({ min: 0, max: 3_600_000 }), { nil: undefined });

function holds(check: (age: number, interval: number, seenRun?: number) => void) {
	fc.assert(fc.property(ages, intervals, runTimes, check), fuzzSettings(500));
}

describe('a gap', () => {
	test('is two seconds at least, and thirty at most or what the user has set', () => {
		holds((age, interval, seenRun) => {
			const gap = gapAt(age, interval, seenRun);
			expect(gap).toBeGreaterThanOrEqual(MIN_POLL_INTERVAL_MS);
			expect(gap).toBeLessThanOrEqual(Math.max(interval, MAX_POLL_INTERVAL_MS));
		});
	});

	test('is never shorter than an interval that is longer than usual', () => {
		holds((age, interval, seenRun) => {
			if (interval > USUAL_POLL_INTERVAL_MS) expect(gapAt(age, interval, seenRun)).toBeGreaterThanOrEqual(interval);
		});
	});

	test('is the interval at first, as long as no task has ended', () => {
		holds((_age, interval) => expect(gapAt(0, interval)).toBe(interval));
	});

	test('does not grow towards an end that was seen, nor shrink after it while the presumed one is far', () => {
		holds((age, interval, seenRun = 0) => {
			const [gap, next] = [age, age + 1000].map((at) => gapAt(at, interval, seenRun));
			if (age + 1000 < seenRun) expect(next).toBeLessThanOrEqual(gap);
			if (age >= seenRun && age > 180_000) expect(next).toBeGreaterThanOrEqual(gap);
		});
	});
});

describe('the time that tasks have run', () => {
	const details = { provider: 'kling', mode: 'textToVideo', model: 'kling-v3' };
	const watchOf = (ranForMs: number | undefined, more = {}) => ({
		started: { ref: REF, isNew: true, wait: true, details: { ...details, ...more } },
		...{ startedAt: 0, deadline: 0, gapMs: 0, pollCount: 1, ranForMs },
	});

	test('is the median of those of the same model, mode and provider', () => {
		const others = [{ model: 'kling-v1' }, { mode: 'avatar' }, { provider: 'wan' }].map((more) => watchOf(1, more));
		const { started } = watchOf(undefined);
		expect(seenRunTime([watchOf(900), ...others, watchOf(undefined), watchOf(100), watchOf(200)], started)).toBe(200);
		expect(seenRunTime(others, started)).toBeUndefined();
	});
});

/** Each look that was made, and how long after its end each task was seen. */
function sumUp(tasks: readonly FakeTask[], seconds: readonly number[]) {
	const delays = tasks.map(({ polledAt, startedAt }, index) => (polledAt.at(-1) ?? 0) - startedAt[0] - seconds[index]);
	return {
		meanDelay: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
		mostLooks: Math.max(...tasks.map(({ polledAt }) => polledAt.length)),
	};
}

const luck = new Random(1);
const unlike = () => ({ now: clock.now, sleep: clock.sleep, random: () => luck.next() });

test('a three-minute task at defaults: within 4 seconds in the mean, with 15 looks at most', async () => {
	const runs = Array.from({ length: 60 }, () => 170 + 20 * luck.next());
	const tasks = runs.map((seconds) => taskOf(seconds));
	for (const task of tasks) await runJobs([task], options({ clock: unlike() }));
	const { meanDelay, mostLooks } = sumUp(tasks, runs);
	expect(meanDelay).toBeLessThanOrEqual(4);
	expect(mostLooks).toBeLessThanOrEqual(15);
});

test('even if jitter shortens every gap there are 15 looks at a three-minute task', async () => {
	const task = taskOf(180);
	await runJobs([task], options({ clock: { now: clock.now, sleep: clock.sleep, random: () => 0 } }));
	expect(task.polledAt.length).toBeLessThanOrEqual(15);
});

test.each([25, 70, 420])(
	'tasks of %i seconds: those that come later are seen sooner, with few looks',
	async (usual) => {
		const runs = Array.from({ length: 24 }, () => usual * (0.97 + 0.06 * luck.next()));
		const tasks = runs.map((seconds) => taskOf(seconds));
		await runJobs(tasks, options({ clock: unlike(), maxTasksInFlight: 4, timeoutMs: 3_600_000 }));
		const [first, later] = [sumUp(tasks.slice(0, 4), runs), sumUp(tasks.slice(4), runs.slice(4))];
		expect(later.meanDelay).toBeLessThan(first.meanDelay);
		expect(later.meanDelay).toBeLessThanOrEqual(4);
		expect(later.mostLooks).toBeLessThanOrEqual(first.mostLooks + 8);
	},
);

test('a task that is later than the others were is not left alone', async () => {
	const tasks = [taskOf(30), taskOf(180)];
	await runJobs(tasks, options({ maxTasksInFlight: 1 }));
	expect(sumUp([tasks[1]], [180]).meanDelay).toBeLessThanOrEqual(8);
	expect(tasks[1].polledAt.length).toBeLessThanOrEqual(30);
});

test('a task that has failed early says nothing about how long others run', async () => {
	const failed = taskOf(0);
	const quick = {
		...failed,
		poll: async () =>
			await Promise.resolve({ ref: REF, raw: {}, status: 'failed' as const, rawStatus: 'failed', reason: '' }),
	};
	const second = taskOf(180);
	await runJobs([quick, second], options({ maxTasksInFlight: 1 }));
	expect(second.polledAt.length).toBeLessThanOrEqual(15);
	expect(second.polledAt[0] - second.startedAt[0]).toBe(10);
});
