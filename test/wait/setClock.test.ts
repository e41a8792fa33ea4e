/** The computer's clock is set while tasks are waited for: the wait goes on as if it had not been. */
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { PENDING, clock, options, taskOf } from './fakeTasks';

const HOUR_MS = 3_600_000;

test.each([
	['back by an hour', -HOUR_MS],
	['back by a day', -24 * HOUR_MS],
	['forward by an hour', HOUR_MS],
	['forward by a day', 24 * HOUR_MS],
])('%s: as many looks as otherwise, and the same end', async (_what, milliseconds) => {
	const run = async (jump: number) => {
		let looks = 0;
		const sleptBefore = clock.sleeps.length;
		const task = taskOf(0, {
			async poll() {
				looks += 1;
				if (looks === 2) clock.advance(jump);
				return await Promise.resolve(PENDING);
			},
		});
		const [outcome] = await runJobs([task], options({ timeoutMs: 300_000 }));
		const slept = clock.sleeps.slice(sleptBefore).reduce((sum, time) => sum + time, 0);
		return { looks, outcome, slept };
	};
	const usual = await run(0);
	const other = await run(milliseconds);
	expect(other.outcome).toMatchObject({ ok: true, result: { timedOut: true } });
	expect(Math.abs(other.looks - usual.looks)).toBeLessThanOrEqual(4);
	// A minute of a leap forward may count as time that has passed.
	expect(Math.abs(other.slept - usual.slept)).toBeLessThanOrEqual(61_000);
});

test('a clock that is set back by a day during a download does not keep a slot for ever', async () => {
	const jobs = Array.from({ length: 6 }, () => taskOf(10));
	let isFirst = true;
	for (const job of jobs) {
		const { finish } = job;
		job.finish = async (waited) => {
			if (isFirst) clock.advance(-24 * HOUR_MS);
			isFirst = false;
			return await finish(waited);
		};
	}
	const outcomes = await runJobs(jobs, options({ maxTasksInFlight: 6 }));
	expect(outcomes.every((outcome) => outcome?.ok)).toBe(true);
});
