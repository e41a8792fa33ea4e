/** The same work done by this node, one item after the other, and all at once. */
import { documentedReplies } from '../simulator/simulator';
import { IN_FLIGHT, TASK_SECONDS } from './batch';
import type { Figure } from './figure';
import { takeMostRequestsAtOnce } from './requestsUnderWay';
import { NO_DOWNLOAD, buildItems, runVideos } from './videoRun';
import type { VirtualService } from './virtualService';
import { startVirtualService } from './virtualService';
import { waitInParallel, waitInSeries } from './waitingStyles';
import type { WaitingStyle } from './waitingStyles';

const REFUSED_EVERY = 10;

interface Outcome {
	wallByLife: number;
	looksPerTask: number;
	mostRequestsAtOnce: number;
	/** Tasks whose id is in no row. */
	lost: number;
	/** Items without a finished video. */
	unfinished: number;
}

/** Rows as text, and how many of them have a finished video. */
type Contestant = (count: number, service: VirtualService) => Promise<{ rows: string; finished: number }>;

const CONTESTANTS: Record<'ours' | 'serial' | 'parallel', Contestant> = {
	ours: async (count, { settings }) => {
		const parameters = { ...NO_DOWNLOAD, options: { maxTasksInFlight: IN_FLIGHT } };
		const run = await runVideos(parameters, buildItems(count), { ...settings, onError: 'continueErrorOutput' });
		return { rows: JSON.stringify([run.rows, run.errorRows]), finished: run.rows.length };
	},
	serial: contestantOf(waitInSeries),
	parallel: contestantOf(waitInParallel),
};

function contestantOf(style: WaitingStyle): Contestant {
	return async (count, { settings, clock }) => {
		const prompts = buildItems(count).map(({ json }) => String(json.prompt));
		const rows = await style(prompts, { baseUrl: settings.baseUrl, clock });
		return { rows: JSON.stringify(rows), finished: rows.filter(({ taskId }) => taskId !== undefined).length };
	};
}

export async function measureComparison(): Promise<Figure[]> {
	const small = await compare(20, false);
	const large = await compare(200, false);
	const refused = await compare(200, true);
	const figure = (what: string, outcomes: Record<string, Outcome>, field: keyof Outcome, bar?: number): Figure => {
		const [ours, serial, parallel] = [outcomes.ours[field], outcomes.serial[field], outcomes.parallel[field]];
		return { what, value: ours, bar, peers: { serial, parallel }, time: 'virtual' };
	};
	return [
		figure('20 tasks: wall time ÷ T', small, 'wallByLife'),
		figure('200 tasks: wall time ÷ T (ours: 20 in flight)', large, 'wallByLife'),
		figure('200 tasks: status requests per task', large, 'looksPerTask'),
		figure('200 tasks: highest number of requests at once', large, 'mostRequestsAtOnce'),
		figure('200 tasks, every 10th request refused (429): tasks lost', refused, 'lost', 0),
		figure('200 tasks, every 10th request refused (429): items without video', refused, 'unfinished'),
	];
}

async function compare(count: number, isRefusing: boolean): Promise<Record<string, Outcome>> {
	const outcomes: Record<string, Outcome> = {};
	for (const [name, contestant] of Object.entries(CONTESTANTS))
		outcomes[name] = await measure(contestant, count, isRefusing);
	return outcomes;
}

async function measure(contestant: Contestant, count: number, isRefusing: boolean): Promise<Outcome> {
	const service = await startVirtualService({ taskSeconds: TASK_SECONDS });
	const { simulator, clock } = service;
	let requests = 0;
	const when = () => {
		requests += 1;
		return isRefusing && requests % REFUSED_EVERY === 0;
	};
	for (const on of ['create', 'status'] as const) {
		simulator.addFault({ on, ...documentedReplies.tooManyRequests(), when, times: Infinity });
	}
	takeMostRequestsAtOnce();
	const startedAt = clock.now();
	const { rows, finished } = await contestant(count, service);
	const wallMs = clock.now() - startedAt;
	await simulator.close();
	const looks = simulator.requests.filter(({ route }) => route === 'status').length;
	return {
		wallByLife: wallMs / (TASK_SECONDS * 1000),
		looksPerTask: looks / simulator.tasks.size,
		mostRequestsAtOnce: takeMostRequestsAtOnce(),
		lost: [...simulator.tasks.keys()].filter((taskId) => !rows.includes(taskId)).length,
		unfinished: count - finished,
	};
}
