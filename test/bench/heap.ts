/** Whether anything piles up in a long wait or in a day of polls: the heap after garbage collection, first third against last. */
import type { Figure } from './figure';
import { mean } from './figure';
import { createTasks, startTrigger } from './triggerRun';
import { NO_DOWNLOAD, buildItems, runVideos } from './videoRun';
import type { VirtualService } from './virtualService';
import { startVirtualService } from './virtualService';

const MIB = 1024 * 1024;
const SAMPLES = 12;
const BAR_MIB = 5;
const WAITING_TASKS = 200;
/** Of virtual time: thousands of looks. */
const WAIT_MINUTES = 15;
const DAY_POLLS = 1440;
const WATCHED_TASKS = 50;

export async function measureWaitHeap(): Promise<Figure[]> {
	const what = `${WAITING_TASKS} tasks wait ${WAIT_MINUTES} minutes: heap growth`;
	return [{ what, value: await measureWait(), unit: 'MiB', bar: BAR_MIB, time: 'virtual' }];
}

export async function measureTriggerHeap(): Promise<Figure[]> {
	const what = `24 h of trigger polls (${DAY_POLLS}), ${WATCHED_TASKS} watched: heap growth`;
	return [{ what, value: await measureDay(), unit: 'MiB', bar: BAR_MIB, time: 'virtual' }];
}

async function measureWait(): Promise<number> {
	const service = await startEndlessService();
	const { simulator, clock, settings } = service;
	const samples: number[] = [];
	const gapMs = (WAIT_MINUTES * 60_000) / (SAMPLES + 1);
	let nextAt = clock.now() + gapMs;
	clock.onMove = (nowMs) => {
		if (nowMs < nextAt) return;
		nextAt += gapMs;
		samples.push(readHeap(service));
	};
	const options = { maxTasksInFlight: WAITING_TASKS, timeout: WAIT_MINUTES, onTimeout: 'return' };
	const { rows } = await runVideos({ ...NO_DOWNLOAD, options }, buildItems(WAITING_TASKS), settings);
	clock.onMove = () => {};
	await simulator.close();
	if (rows.length !== WAITING_TASKS) throw new Error(`${rows.length} of ${WAITING_TASKS} tasks were waited for`);
	return growthOf(samples);
}

async function measureDay(): Promise<number> {
	const service = await startEndlessService();
	const trigger = await startTrigger(await createTasks(WATCHED_TASKS, service), service);
	const samples: number[] = [];
	let looks = 0;
	for (let polls = 1; polls <= DAY_POLLS; polls++) {
		await trigger.poll();
		looks += service.simulator.requests.length;
		service.simulator.requests.length = 0;
		if (polls % (DAY_POLLS / SAMPLES) === 0) samples.push(readHeap(service));
	}
	await service.simulator.close();
	if (looks < DAY_POLLS * WATCHED_TASKS) throw new Error(`Only ${looks} looks were taken`);
	return growthOf(samples);
}

async function startEndlessService(): Promise<VirtualService> {
	const service = await startVirtualService();
	service.simulator.addFault({ on: 'create', kind: 'neverEnds', times: Infinity });
	return service;
}

/** Bytes, without what the simulator has recorded. */
function readHeap({ simulator }: VirtualService): number {
	simulator.requests.length = 0;
	if (!globalThis.gc) throw new Error('Start Node with --expose-gc');
	globalThis.gc();
	globalThis.gc();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** MiB between the means of the first and the last third. */
function growthOf(samples: readonly number[]): number {
	const third = Math.floor(samples.length / 3);
	return (mean(samples.slice(-third)) - mean(samples.slice(0, third))) / MIB;
}
