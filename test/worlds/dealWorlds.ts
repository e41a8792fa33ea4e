/**
 * Which worlds a job walks through. Orders cost time, so worlds that do not get in each other's way share one: the place of the id
 * with a stray answer, a word and the place of the link. Which of them meet differs from job to job.
 */
import {
	DOUBTFUL_WORLDS,
	WORLDS_BY_KIND,
	combineWorlds,
	type DoubtfulWorld,
	type WorldKind,
} from '../simulator/worlds';
import { WORLD_JOBS, type WorldJob } from './worldJobs';

const ORDINARY: DoubtfulWorld = { name: 'as documented', source: 'the pages', outcome: 'video' };

/** Kinds that share an order; each line is one row of orders. */
const ROWS: ReadonlyArray<readonly WorldKind[]> = [
	['idPlace', 'stray', 'successWord', 'link'],
	['idForm', 'lateFile', 'time'],
	['openWord'],
	['wrap'],
	['failureWord', 'reason'],
	['refusedLook'],
	['noFile'],
	['unknownOutcome'],
	['refusedCreate'],
	['noCredit'],
	['keyEcho'],
];

/** `WORLDS=all`: each world alone with each job, to find out which of those that shared an order was to blame. */
const WALKS_ALL = process.env.WORLDS === 'all';

/**
 * Every world that the job's envelope can have. Jobs that share an envelope share the code that reads it too, so the first of them
 * walks through all, and the others deal them out among themselves.
 */
export function worldsOf(job: WorldJob): DoubtfulWorld[] {
	const fits = ({ envelopes }: DoubtfulWorld) => envelopes?.includes(job.envelope) ?? true;
	if (WALKS_ALL) return [ORDINARY, ...DOUBTFUL_WORLDS.filter(fits)];
	const shift = WORLD_JOBS.indexOf(job);
	const orders = ROWS.flatMap((kinds) =>
		shareOrders(
			kinds.map((kind) => WORLDS_BY_KIND[kind].filter(fits)),
			shift,
		),
	);
	const [first, ...others] = WORLD_JOBS.filter(({ envelope }) => envelope === job.envelope);
	const hand = others.indexOf(job);
	const own = job === first ? orders : orders.filter((_, index) => index % others.length === hand);
	return [ORDINARY, ...own];
}

/** As many orders as the longest list has worlds; the shorter ones begin anew. */
function shareOrders(lists: ReadonlyArray<readonly DoubtfulWorld[]>, shift: number): DoubtfulWorld[] {
	const length = Math.max(...lists.map((list) => list.length));
	return Array.from({ length }, (_, index) => {
		const [first = ORDINARY, ...others] = lists.flatMap(
			(list, place) => list[(index + shift * place) % list.length] ?? [],
		);
		return combineWorlds(first, ...others);
	});
}
