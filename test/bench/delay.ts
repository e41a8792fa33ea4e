/**
 * How long after its end a task is noticed, and with how many looks: the node's loop with its defaults, and beside it the fixed
 * gaps of other nodes. On a virtual clock and without HTTP; that it is so with HTTP too is measured by `batch`.
 */
import type { Job, WaitedTask } from '../../nodes/CometApiVideo/wait/job';
import { USUAL_POLL_INTERVAL_MS } from '../../nodes/CometApiVideo/wait/job';
import { runJobs } from '../../nodes/CometApiVideo/wait/runJobs';
import { Random } from '../soak/random';
import { VirtualClock } from '../support/virtualClock';
import type { Figure } from './figure';
import { mean } from './figure';

const RUNS = 200;
const SEED = 1;
/** About three minutes: the phase between looks and ends is left to chance. */
const TASK_SECONDS = { from: 170, to: 190 };
const FIXED_GAPS_SECONDS = [2, 5, 10];

interface Sight {
	delaySeconds: number;
	looks: number;
}

export async function measureDelay(): Promise<Figure[]> {
	const random = new Random(SEED);
	const runs = Array.from({ length: RUNS }, () => {
		return TASK_SECONDS.from + (TASK_SECONDS.to - TASK_SECONDS.from) * random.next();
	});
	const alone: Sight[] = [];
	for (const seconds of runs) alone.push(...(await watchTasks([seconds], random)));
	// In five places, one after the other; the first five have nobody to learn from.
	const inRow = (await watchTasks(runs, random)).slice(5);
	const virtual = { time: 'virtual' } as const;
	return [
		{
			what: 'delay after the end of a three-minute task at defaults, mean',
			value: mean(alone.map(({ delaySeconds }) => delaySeconds)),
			...{ unit: 's', bar: 4, ...virtual },
		},
		{ what: 'looks for it, most', value: Math.max(...alone.map(({ looks }) => looks)), bar: 15, ...virtual },
		{
			what: 'delay of the later ones of many in a run, mean',
			value: mean(inRow.map(({ delaySeconds }) => delaySeconds)),
			...{ unit: 's', ...virtual },
		},
		{ what: 'looks for each of them, mean', value: mean(inRow.map(({ looks }) => looks)), ...virtual },
		...FIXED_GAPS_SECONDS.flatMap((gap): Figure[] => {
			const looks = runs.map((seconds) => Math.ceil(seconds / gap));
			const delays = runs.map((seconds, index) => (looks[index] ?? 0) * gap - seconds);
			return [
				{ what: `delay with a fixed gap of ${gap} s, mean`, value: mean(delays), unit: 's', ...virtual },
				{ what: `looks with a fixed gap of ${gap} s, mean`, value: mean(looks), ...virtual },
			];
		}),
	];
}

/** Tasks of one run of the node. */
async function watchTasks(seconds: readonly number[], random: Random): Promise<Sight[]> {
	const clock = new VirtualClock();
	const sights: Sight[] = [];
	const jobs = seconds.map((length, index): Job<WaitedTask> => {
		const ref = { provider: 'seedance', taskId: `task_${index}`, route: '/v1/videos' };
		let endsAt = Infinity;
		return {
			itemIndex: index,
			async start() {
				endsAt = clock.now() + length * 1000;
				return await Promise.resolve({ ref, isNew: true, wait: true, details: {} });
			},
			async poll() {
				const task = { ref, raw: {}, rawStatus: '' };
				if (clock.now() < endsAt) return await Promise.resolve({ ...task, status: 'pending' });
				return await Promise.resolve({ ...task, status: 'succeeded', assets: [] });
			},
			async finish(waited) {
				sights[index] = { delaySeconds: (clock.now() - endsAt) / 1000, looks: waited.pollCount };
				return await Promise.resolve(waited);
			},
		};
	});
	await runJobs(jobs, {
		pollIntervalMs: USUAL_POLL_INTERVAL_MS,
		timeoutMs: 20 * 60_000,
		maxTasksInFlight: 5,
		stopOnError: true,
		clock: { now: clock.now, sleep: clock.sleep, random: () => random.next() },
	});
	return sights;
}
