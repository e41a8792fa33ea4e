/** Answers to looks that something in front of CometAPI gives: one is waited out, many in a row end the wait. */
import { RequestError } from '../../nodes/CometApiVideo/task/errors';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { DONE, options, secondsNow, taskOf } from './fakeTasks';

const page = (httpStatus: number) => new RequestError('transient', `page ${httpStatus}`, '', { httpStatus });

/** A task whose looks are answered by `answers` in turn; the last one stays. */
function answering(...answers: Array<RequestError | typeof DONE>) {
	let looks = 0;
	return taskOf(0, {
		async poll() {
			const answer = answers[Math.min(looks++, answers.length - 1)];
			if (answer instanceof RequestError) throw answer;
			return await Promise.resolve(answer);
		},
	});
}

test.each([401, 403, 404])('web pages with %d end the wait after five in a row over two minutes', async (status) => {
	const [outcome] = await runJobs([answering(page(status))], options());
	expect(outcome).toMatchObject({ ok: false, error: { details: { httpStatus: status, taskId: 'task_1' } } });
	expect(secondsNow()).toBeGreaterThanOrEqual(130);
	expect(secondsNow()).toBeLessThan(160);
});

test('five in a row within less than two minutes do not', async () => {
	const five = Array.from({ length: 5 }, () => page(403));
	const [outcome] = await runJobs([answering(...five, DONE)], options());
	expect(outcome).toMatchObject({ ok: true, result: { pollCount: 6 } });
});

test('four in a row over more than two minutes do not', async () => {
	const four = Array.from({ length: 4 }, () => page(403));
	const [outcome] = await runJobs([answering(...four, DONE)], options({ pollIntervalMs: 60_000 }));
	expect(outcome).toMatchObject({ ok: true });
});

test('an answer of another kind between them begins the count anew', async () => {
	const other = new RequestError('transient', 'HTTP 502', '', { httpStatus: 502 });
	const four = Array.from({ length: 4 }, () => page(404));
	const looks = [...four, other, ...four, other, ...four, other, DONE];
	const [outcome] = await runJobs([answering(...looks)], options({ pollIntervalMs: 30_000 }));
	expect(outcome).toMatchObject({ ok: true, result: { pollCount: looks.length } });
});

test('pages with other statuses never end a wait before its time', async () => {
	const [outcome] = await runJobs([answering(page(503))], options());
	expect(outcome).toMatchObject({ ok: true, result: { timedOut: true, waitedMs: 1_200_000 } });
});
