/** How long a batch takes, how soon a finished task is noticed, and how often it is asked for. */
import type { Figure } from './figure';
import { mean } from './figure';
import { NO_DOWNLOAD, assertSucceeded, buildItems, runVideos } from './videoRun';
import { startVirtualService } from './virtualService';

export const TASK_SECONDS = 180;
export const IN_FLIGHT = 20;
/** The panel's default. */
const POLL_INTERVAL_MS = 10_000;
const DETECTION_TASKS = 120;
const SHORTEST_TASK_SECONDS = 30;

export async function measureBatch(): Promise<Figure[]> {
	const { wallMs, pollCounts } = await runBatch(20);
	const large = await runBatch(200);
	const detection = await measureDetection();
	return [
		{
			what: 'batch of 20, 20 in flight: wall time ÷ T',
			value: wallMs / (TASK_SECONDS * 1000),
			bar: 1.15,
			time: 'virtual',
		},
		{
			what: 'batch of 200, 20 in flight: wall time ÷ 10 T',
			value: large.wallMs / (10 * TASK_SECONDS * 1000),
			bar: 1.15,
			time: 'virtual',
		},
		{
			what: 'detection delay ÷ gap between polls at that time, mean',
			value: mean(detection.toGap),
			bar: 0.6,
			time: 'virtual',
		},
		{ what: 'detection delay ÷ Poll Interval setting (10 s), mean', value: mean(detection.toSetting), time: 'virtual' },
		{ what: 'polls per 3-minute task at defaults, most', value: Math.max(...pollCounts), bar: 15, time: 'virtual' },
	];
}

async function runBatch(count: number) {
	const { simulator, settings } = await startVirtualService({ taskSeconds: TASK_SECONDS });
	const run = await runVideos(
		{ ...NO_DOWNLOAD, options: { maxTasksInFlight: IN_FLIGHT, simplify: false } },
		buildItems(count),
		settings,
	);
	await simulator.close();
	assertSucceeded(run, count);
	return { wallMs: run.wallMs, pollCounts: run.rows.map(({ json }) => Number(json.pollCount)) };
}

/** Single tasks of 30 s to 180 s, so that their ends fall anywhere between two polls. */
async function measureDetection() {
	const toGap: number[] = [];
	const toSetting: number[] = [];
	for (let index = 0; index < DETECTION_TASKS; index++) {
		const share = (index + 0.5) / DETECTION_TASKS;
		const taskSeconds = SHORTEST_TASK_SECONDS + share * (TASK_SECONDS - SHORTEST_TASK_SECONDS);
		const { simulator, clock, settings } = await startVirtualService({ taskSeconds });
		const looks: number[] = [];
		simulator.addFault({ on: 'status', kind: 'html', when: () => looks.push(clock.now()) < 0 });
		const run = await runVideos(NO_DOWNLOAD, buildItems(1), settings);
		await simulator.close();
		assertSucceeded(run, 1);
		const [task] = simulator.tasks.values();
		const delayMs = run.endedAt - (task.details.createdAtMs + taskSeconds * 1000);
		const [before = task.details.createdAtMs, last] = looks.slice(-2);
		toGap.push(delayMs / (last - before));
		toSetting.push(delayMs / POLL_INTERVAL_MS);
	}
	return { toGap, toSetting };
}
