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
import { atLength } from '../support/longRun';
import { WORLD_JOBS, type WorldJob } from './worldJobs';

const ORDINARY: DoubtfulWorld = { name: 'as documented', source: 'the pages', outcome: 'video' };

/** Kinds that share an order, each line a row of orders. A stray answer comes last: it is in the place of all that went before. */
const ROWS: ReadonlyArray<readonly WorldKind[]> = [
	['idPlace', 'successWord', 'link', 'stray'],
	['idForm', 'lateFile', 'time'],
	['openWord'],
	['wrap'],
	['failureWord', 'reason'],
	['unknownEnd'],
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
 * Jobs that share an envelope share the code that reads it: the first of `/v1/videos` walks through all orders, and the others deal
 * them out among themselves. The formats of their own share the reader and little else: each takes every fourth order, in the long run every second.
 */
export function worldsOf(job: WorldJob): DoubtfulWorld[] {
	const fits = ({ envelopes }: DoubtfulWorld) => envelopes?.includes(job.envelope) ?? true;
	if (WALKS_ALL) return [ORDINARY, ...DOUBTFUL_WORLDS.filter(fits)];
	const [first, ...unified] = WORLD_JOBS.filter(({ envelope }) => envelope === 'unified');
	const position = WORLD_JOBS.indexOf(job);
	const orders = ROWS.flatMap((kinds) => {
		return shareOrders(
			kinds.map((kind) => WORLDS_BY_KIND[kind].filter(fits)),
			position,
		);
	});
	if (job === first) return [ORDINARY, ...orders];
	const share = unified.includes(job) ? unified.length : atLength(4, 2);
	return [ORDINARY, ...orders.filter((_, index) => index % share === position % share)];
}

/** As many orders as the longest list has worlds; the shorter ones begin anew. */
function shareOrders(lists: ReadonlyArray<readonly DoubtfulWorld[]>, position: number): DoubtfulWorld[] {
	// By half, so that jobs which take every second order meet the odd and the even ones of the other lists.
	const turn = Math.floor(position / 2);
	const length = Math.max(...lists.map((list) => list.length));
	return Array.from({ length }, (_, index) => {
		const [first = ORDINARY, ...others] = lists.flatMap(
			(list, place) => list[(index + turn * place) % list.length] ?? [],
		);
		return combineWorlds(first, ...others);
	});
}
