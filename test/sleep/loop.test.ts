import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { clock, options, taskOf } from '../wait/fakeTasks';
jest.setTimeout(4000);
test('refused', async () => {
	const task = taskOf(400, { rest: () => ({}) as never });
	let asked = 0;
	const [outcome] = await runJobs([task], options({ rest: { afterMs: 120_000, minimumMs: 65_000, async handOver() { asked++; await clock.sleep(1000); return false; } } }));
	console.log(outcome, asked, task.polledAt);
});
