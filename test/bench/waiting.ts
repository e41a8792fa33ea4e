/**
 * What waiting for 100 tasks costs the n8n that waits: processor time of this whole process, less that of an idle one. The
 * node's own part is what is more than n8n takes to send the same requests at the same times.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from './figure';
import { recordRequests, repeatRequests } from './repeatedRequests';
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
	for (let count = 0; count < IDLE_WINDOWS; count++) idleShares.push(await measureShare(pause(IDLE_MS)));
	const idleShare = Math.min(...idleShares);
	const run = await startVideoRun({ ...NO_DOWNLOAD, options: { maxTasksInFlight: TASKS } }, buildItems(TASKS), {
		baseUrl,
	});
	await pause(CREATE_MS);
	const endRecord = recordRequests();
	const share = await measureShare(pause(WINDOW_MS));
	const requests = endRecord();
	run.cancel();
	await run.finished;
	await pause(IDLE_MS);
	const requestsShare = await measureShare(Promise.all([pause(WINDOW_MS), repeatRequests(requests, baseUrl)]));
	child.disconnect();
	const percent = { unit: '%', time: 'real' } as const;
	return [
		{
			what: "processor time of the node while 100 tasks wait 60 s, over n8n's for the same requests",
			value: (share - requestsShare) * 100,
			bar: 2,
			...percent,
		},
		{
			what: "processor time while 100 tasks wait 60 s, n8n's requests included, over idle",
			value: (share - idleShare) * 100,
			...percent,
		},
		{ what: 'looks in these 60 s', value: requests.length, time: 'real' },
	];
}

/** Of one core, until the end of what is waited for. */
async function measureShare(end: Promise<unknown>): Promise<number> {
	const before = process.cpuUsage();
	const startedAt = performance.now();
	await end;
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000 / (performance.now() - startedAt);
}
