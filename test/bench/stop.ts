/** How long the node goes on after Stop, in real time and in the situations that differ for it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import type { Fault } from '../simulator/simulator';
import { Simulator } from '../simulator/simulator';
import type { Figure } from './figure';
import { NO_DOWNLOAD, PROMPT_OF_ITEM, buildItems, startVideoRun } from './videoRun';

const ITEMS = 20;

interface Situation {
	what: string;
	parameters: INodeParameters;
	taskSeconds: number;
	fault?: Fault;
	isReached(simulator: Simulator): boolean;
	tries: number;
}

const options = { maxTasksInFlight: ITEMS, pollInterval: 2 };

const SITUATIONS: Situation[] = [
	{
		what: 'while it sleeps',
		parameters: { ...NO_DOWNLOAD, options },
		taskSeconds: 600,
		isReached: (simulator) => simulator.tasks.size === ITEMS && simulator.openRequests === 0,
		tries: 7,
	},
	{
		what: 'while polls hang',
		parameters: { ...NO_DOWNLOAD, options },
		taskSeconds: 600,
		fault: { on: 'status', kind: 'stall', times: Infinity },
		isReached: (simulator) => simulator.requests.some(({ route }) => route === 'status'),
		tries: 3,
	},
	{
		what: 'while creates hang',
		parameters: { ...NO_DOWNLOAD, options },
		taskSeconds: 600,
		fault: { on: 'create', kind: 'stall', accept: true, times: Infinity },
		isReached: (simulator) => simulator.tasks.size > 0,
		tries: 3,
	},
	{
		what: 'while downloads hang',
		parameters: { ...PROMPT_OF_ITEM, options },
		taskSeconds: 1,
		fault: { on: 'result', kind: 'stallVideo', times: Infinity },
		isReached: (simulator) => simulator.resultRequests.length > 0,
		tries: 3,
	},
];

export async function measureStop(): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const situation of SITUATIONS) {
		const milliseconds: number[] = [];
		for (let tries = 0; tries < situation.tries; tries++)
			milliseconds.push(await stopOnce(situation, tries / situation.tries));
		figures.push({
			what: `Stop to end of node ${situation.what}, longest of ${situation.tries}`,
			value: Math.max(...milliseconds),
			unit: 'ms',
			bar: 1000,
			time: 'real',
		});
	}
	return figures;
}

/** @param share of half a second, after which Stop follows: the node looks at the signal twice a second */
async function stopOnce({ parameters, taskSeconds, fault, isReached }: Situation, share: number): Promise<number> {
	const simulator = await Simulator.start({ taskSeconds });
	if (fault) simulator.addFault(fault);
	const run = await startVideoRun(parameters, buildItems(ITEMS), { baseUrl: simulator.baseUrl });
	while (!isReached(simulator)) await pause(10);
	await pause(500 * share);
	const stoppedAt = Date.now();
	run.cancel();
	const { endedAt, status } = await run.finished;
	await simulator.close();
	if (status !== 'canceled') throw new Error(`The run ended as ${status}`);
	return endedAt - stoppedAt;
}
