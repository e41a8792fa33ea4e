/**
 * While Waiting: Sleep After Two Minutes, for videos that take an hour: what it holds of n8n, and what is left when n8n is killed while it looks
 * at the tasks. On n8n's engine with a database in small (test/support/parking.ts); a complete n8n is killed by `npm run test:long`.
 */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { Simulator } from '../simulator/simulator';
import { Random } from '../soak/random';
import { VirtualClock } from '../support/virtualClock';
import { loadCompiledPackage } from './compiledPackage';
import type { Figure } from './figure';
import { mean } from './figure';
import type { RunSettings, VideoRun } from './videoRun';
import { NO_DOWNLOAD, assertSucceeded, buildItems, runVideos } from './videoRun';

const TASK_SECONDS = 3600;
const TASKS = 20;
const KILLS = 10;
/** Of each execution that is killed. */
const KILLED_TASKS = 3;
const SEED = 1;
const OPTIONS = { whileWaiting: 'sleep', timeout: 90, maxTasksInFlight: TASKS, simplify: false };
const GENERATE: INodeParameters = { ...NO_DOWNLOAD, options: OPTIONS };
const TAKE_UP: INodeParameters = {
	...{ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}', downloadVideo: false },
	options: { ...OPTIONS, whileWaiting: 'awake' },
};

export async function measureSleep(): Promise<Figure[]> {
	const virtual = { time: 'virtual' } as const;
	const { awakeMs, held, wakes, run } = await sleepAnHour();
	const column = (name: string) => run.rows.map(({ json }) => Number(json[name]));
	const killed = await killTenTimes(wakes);
	return [
		{ what: `${TASKS} videos of an hour, asleep: executions held`, value: held, bar: 0, ...virtual },
		{ what: 'time awake of this hour', value: awakeMs / 1000, unit: 's', ...virtual },
		{ what: 'looks at each of them', value: mean(column('pollCount')), ...virtual },
		{
			what: 'delay after their end',
			value: mean(column('waitedSeconds')) - TASK_SECONDS,
			...{ unit: 's', ...virtual },
		},
		{ what: `n8n killed in ${KILLS} of their looks: tasks lost`, value: killed.lost, bar: 0, ...virtual },
		{ what: 'created twice', value: killed.twice, bar: 0, ...virtual },
		{ what: 'executions without an end', value: killed.endless, bar: 0, ...virtual },
		{ what: 'videos that Task > Wait does not bring', value: killed.notBrought, bar: 0, ...virtual },
	];
}

interface World {
	simulator: Simulator;
	settings: Pick<RunSettings, 'baseUrl' | 'now' | 'parkingClock'>;
	clock: VirtualClock;
}

async function startWorld(): Promise<World> {
	const clock = new VirtualClock();
	Object.assign(loadCompiledPackage().clock, { now: clock.now, sleep: clock.sleep, random: clock.random });
	const simulator = await Simulator.start({ now: clock.now, taskSeconds: TASK_SECONDS });
	clock.openRequests = () => simulator.openRequests;
	return { simulator, clock, settings: { baseUrl: simulator.baseUrl, now: clock.now, parkingClock: clock } };
}

async function sleepAnHour() {
	const { simulator, clock, settings } = await startWorld();
	const began = clock.now();
	let held = 0;
	let wakes = 0;
	const run = await runVideos(GENERATE, buildItems(TASKS), {
		...settings,
		onParking(parking, executing) {
			parking.onWake = (_id, isParent) => {
				held = Math.max(held, executing());
				if (!isParent) wakes += 1;
				return 'wake';
			};
		},
	});
	await simulator.close();
	assertSucceeded(run, TASKS);
	const asleepMs = run.engine.parking?.asleepMs ?? 0;
	return { awakeMs: clock.now() - began - asleepMs, held, wakes, run };
}

interface Killed {
	lost: number;
	twice: number;
	endless: number;
	notBrought: number;
}

/** Each in another of the looks, which are as many as those of the run that nobody kills. */
async function killTenTimes(wakes: number): Promise<Killed> {
	const random = new Random(SEED);
	const sum: Killed = { lost: 0, twice: 0, endless: 0, notBrought: 0 };
	for (let kill = 0; kill < KILLS; kill++) {
		const { simulator, settings } = await startWorld();
		const fatal = random.integer(1, wakes);
		let wake = 0;
		const killedRun = await runVideos(GENERATE, buildItems(KILLED_TASKS), {
			...settings,
			onParking(parking) {
				parking.onWake = (_id, isParent) => (!isParent && ++wake === fatal ? 'lose' : 'wake');
			},
		}).catch(() => undefined);
		const ids = [...simulator.tasks.keys()];
		const named = new Set(killedRun?.rows.map(({ json }) => json.taskId));
		sum.endless += killedRun ? 0 : 1;
		sum.lost += ids.filter((id) => !named.has(id)).length;
		sum.notBrought += KILLED_TASKS - countSucceeded(await takeUp(killedRun, settings));
		sum.twice += simulator.tasks.size - KILLED_TASKS;
		await simulator.close();
	}
	return sum;
}

async function takeUp(run: VideoRun | undefined, settings: RunSettings): Promise<INodeExecutionData[]> {
	const items = (run?.rows ?? []).map(({ json }) => ({ json }));
	return items.length === 0 ? [] : (await runVideos(TAKE_UP, items, settings)).rows;
}

function countSucceeded(rows: readonly INodeExecutionData[]): number {
	return rows.filter(({ json }) => json.status === 'succeeded').length;
}
