/** The file of a finished task that is not there yet: another look for about a minute, and what is lost then is said. */
import { FileNotReadyError, RequestError } from '../../nodes/CometApiVideo/task/errors';
import type { WaitedTask } from '../../nodes/CometApiVideo/wait/job';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { PENDING, options, secondsNow, taskOf } from './fakeTasks';

/** A task whose file is there `seconds` after the first try, with the times of all tries. */
function lateFile(seconds: number, overrides: Parameters<typeof taskOf>[1] = {}) {
	const tries: Array<{ at: number; isLastTry: boolean }> = [];
	const job = taskOf(10, {
		async finish(waited: WaitedTask) {
			tries.push({ at: secondsNow(), isLastTry: waited.isLastTry });
			const isThere = secondsNow() - tries[0].at >= seconds;
			if (!isThere && !waited.isLastTry) throw new FileNotReadyError('not there yet', '');
			return await Promise.resolve(waited);
		},
		...overrides,
	});
	return { job, tries };
}

test('a file that comes late is fetched after another look, without the rest of the minute', async () => {
	const { job, tries } = lateFile(15);
	const [outcome] = await runJobs([job], options());
	expect(outcome).toMatchObject({ ok: true, result: { isLastTry: false, task: { status: 'succeeded' } } });
	expect(tries[1].at - tries[0].at).toBe(5);
	expect(tries.at(-1)?.at).toBeLessThan(tries[0].at + 20);
	expect(job.polledAt).toHaveLength(tries.length);
});

test('a file that never comes is tried a last time after a minute, also where the time for the wait was shorter', async () => {
	const { job, tries } = lateFile(Infinity);
	await runJobs([job], options({ timeoutMs: 12_000 }));
	expect(tries.at(-1)).toEqual({ at: tries[0].at + 60, isLastTry: true });
	expect(tries.filter(({ isLastTry }) => isLastTry)).toHaveLength(1);
	expect(tries.length).toBeLessThan(10);
});

test('neither a look that fails nor a status that falls back ends it', async () => {
	let looks = 0;
	const { job } = lateFile(25, {
		async poll() {
			looks += 1;
			if (looks === 2) throw new RequestError('refused', 'no', '', { httpStatus: 401 });
			return await Promise.resolve(looks === 3 ? PENDING : { ...PENDING, status: 'succeeded', assets: [] });
		},
	});
	const [outcome] = await runJobs([job], options());
	expect(outcome).toMatchObject({ ok: true, result: { task: { status: 'succeeded' } } });
	expect(looks).toBeGreaterThan(3);
});

test('a task whose file is late holds no place among those that may run', async () => {
	const { job } = lateFile(50);
	const next = taskOf(5);
	await runJobs([job, next], options({ maxTasksInFlight: 1 }));
	expect(next.startedAt[0]).toBeLessThan(15);
});

test('what is not waited for is tried once', async () => {
	const { tries, job } = lateFile(0, {
		start: async () =>
			await Promise.resolve({ ref: { provider: 'x', taskId: '', route: '' }, isNew: true, wait: false, details: {} }),
	});
	await runJobs([job], options());
	expect(tries).toMatchObject([{ isLastTry: true }]);
});
