/** What waiting costs the n8n that waits: processor time of this whole process while 100 tasks run, less that of an idle one. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from './figure';
import { startDistantSimulator } from './simulatorProcess';
import { NO_DOWNLOAD, buildItems, startVideoRun } from './videoRun';

const TASKS = 100;
const WINDOW_MS = 60_000;
const IDLE_MS = 2_000;
const IDLE_WINDOWS = 3;
/** Some hundred polls: an n8n that has run for a while has its code compiled. */
const WARM_UP_MS = 12_000;
/** Creates are no part of the wait. */
const CREATE_MS = 5_000;

export async function measureWaiting(): Promise<Figure[]> {
	// No task ends within the window.
	const { baseUrl, child } = await startDistantSimulator({ taskSeconds: 600 });
	const warmUpOptions = { maxTasksInFlight: TASKS, pollInterval: 2 };
	const warmUp = await startVideoRun({ ...NO_DOWNLOAD, options: warmUpOptions }, buildItems(TASKS), { baseUrl });
	await pause(WARM_UP_MS);
	warmUp.cancel();
	await warmUp.finished;
	await pause(IDLE_MS);
	const idleShares: number[] = [];
	for (let count = 0; count < IDLE_WINDOWS; count++) idleShares.push(await measureShare(IDLE_MS));
	const idleShare = Math.min(...idleShares);
	const run = await startVideoRun({ ...NO_DOWNLOAD, options: { maxTasksInFlight: TASKS } }, buildItems(TASKS), { baseUrl });
	await pause(CREATE_MS);
	const share = await measureShare(WINDOW_MS);
	run.cancel();
	await run.finished;
	child.disconnect();
	return [
		{ what: 'processor time while 100 tasks wait 60 s, over idle', value: (share - idleShare) * 100, unit: '%', bar: 2, time: 'real' },
		{ what: 'processor time of the idle process', value: idleShare * 100, unit: '%', time: 'real' },
	];
}

/** Of one core. */
async function measureShare(milliseconds: number): Promise<number> {
	const before = process.cpuUsage();
	const startedAt = performance.now();
	await pause(milliseconds);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000 / (performance.now() - startedAt);
}
