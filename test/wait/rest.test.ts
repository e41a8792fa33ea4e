/** A wait that one loop puts down and another takes up, on a virtual clock and without HTTP. */
import { MIN_SLEEP_MS, wakeUpTime } from '../../nodes/CometApiVideo/operations/sleep/wakeUpTime';
import type { EarlierWait, Job, JobOutcome, StartedTask, WaitedTask } from '../../nodes/CometApiVideo/wait/job';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { REF, clock, options, secondsNow, taskOf } from './fakeTasks';

type Put = { started: StartedTask; wait: EarlierWait };

/** The jobs' rest is what they are told. */
const resting = (task: Job<WaitedTask>): Job<WaitedTask | Put> => ({
	...task,
	rest: (started, wait) => ({ started, wait }),
});

function restAfter(afterMs: number, isTaken = true) {
	const handedOver: Array<ReadonlyArray<JobOutcome<WaitedTask | Put>>> = [];
	const handedOverAt: number[] = [];
	const handOver = async (outcomes: ReadonlyArray<JobOutcome<WaitedTask | Put>>) => {
		handedOver.push(outcomes);
		handedOverAt.push(secondsNow());
		return await Promise.resolve(isTaken);
	};
	return { handedOver, handedOverAt, rest: { afterMs, minimumMs: MIN_SLEEP_MS, handOver } };
}

test('after its time the loop ends, with the state of the waits', async () => {
	const { rest, handedOverAt } = restAfter(120_000);
	const outcomes = await runJobs([resting(taskOf(50)), resting(taskOf(400))], { ...options(), rest });
	expect(handedOverAt).toHaveLength(1);
	expect(handedOverAt[0]).toBeGreaterThanOrEqual(120);
	expect(outcomes).toMatchObject([
		{ ok: true, result: { timedOut: false } },
		{
			ok: true,
			result: { started: { ref: REF }, wait: { waitedMs: handedOverAt[0] * 1000, task: { status: 'pending' } } },
		},
	]);
});

test('another loop goes on: deadline, gaps and number of looks are those of one wait', async () => {
	const first = restAfter(120_000);
	const task = taskOf(400);
	const [outcome] = await runJobs([resting(task)], { ...options({ timeoutMs: 300_000 }), rest: first.rest });
	const { wait } = outcome?.ok ? (outcome.result as Put) : never();
	clock.advance(100_000);
	const later = taskOf(1e9, {
		start: async () => await Promise.resolve({ ref: REF, isNew: false, wait: true, details: {}, earlier: wait }),
	});
	const looksBefore = wait.pollCount;
	const [end] = await runJobs([later], options());
	expect(later.polledAt[0]).toBeCloseTo(first.handedOverAt[0] + 100, 0);
	expect(later.polledAt.at(-1)).toBe(300);
	expect(end).toMatchObject({
		result: { timedOut: true, waitedMs: 300_000, pollCount: looksBefore + later.polledAt.length },
	});
});

test('a task that exists is looked at once before it is put down', async () => {
	const { rest } = restAfter(0);
	const ended = resting(taskOf(0, { isNew: false }));
	const running = taskOf(400, { isNew: false });
	const outcomes = await runJobs([ended, resting(running)], { ...options(), rest });
	expect(running.polledAt).toEqual([0]);
	expect(outcomes).toMatchObject([
		{ result: { task: { status: 'succeeded' } } },
		{ result: { wait: { pollCount: 1 } } },
	]);
});

test('nothing is put down as long as a task waits to be created', async () => {
	const { rest, handedOverAt } = restAfter(120_000);
	await runJobs([resting(taskOf(300)), resting(taskOf(300))], { ...options({ maxTasksInFlight: 1 }), rest });
	expect(handedOverAt[0]).toBeGreaterThanOrEqual(300);
});

test('a time-out that is near is waited for', async () => {
	const { rest, handedOver } = restAfter(120_000);
	const [outcome] = await runJobs([resting(taskOf(1e9))], { ...options({ timeoutMs: 150_000 }), rest });
	expect(handedOver).toEqual([]);
	expect(outcome).toMatchObject({ result: { timedOut: true, waitedMs: 150_000 } });
});

test('if nobody takes it the loop goes on, with the same looks, and does not ask again', async () => {
	const undisturbed = taskOf(400);
	await runJobs([undisturbed], options());
	const before = secondsNow();
	const { rest, handedOver } = restAfter(120_000, false);
	const task = taskOf(400);
	await runJobs([resting(task)], { ...options(), rest });
	expect(handedOver).toHaveLength(1);
	expect(task.polledAt.map((at) => at - before)).toEqual(undisturbed.polledAt);
});

describe('the time of the next look', () => {
	const now = Date.parse('2026-11-21T12:00:00Z');
	const waitOf = (waitedMs: number, leftMs = 1e9): EarlierWait => ({
		restedAt: now,
		waitedMs,
		leftMs,
		gapMs: 1,
		pollCount: 1,
	});

	test.each([
		['65 seconds at first', [waitOf(120_000)], 65],
		['a twentieth of the wait', [waitOf(3_600_000)], 180],
		['a quarter of an hour at most', [waitOf(86_400_000)], 900],
		['by the youngest task', [waitOf(86_400_000), waitOf(120_000)], 65],
		['65 seconds before a time-out', [waitOf(3_600_000, 200_000)], 135],
		['never sooner than n8n can', [waitOf(120_000, 70_000)], 65],
	])('%s', (_name, waits, seconds) => {
		expect((wakeUpTime(waits, now) - now) / 1000).toBe(seconds);
	});
});

function never(): never {
	throw new Error('The wait was not put down');
}
