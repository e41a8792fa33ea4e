/** A part of the soak with a world of its own: batches through the action node, and one trigger that watches meanwhile. */
import { createHash } from 'node:crypto';
import type { SimulatorOptions, TaskListForm } from '../simulator/simulator';
import type { VirtualClock } from '../support/virtualClock';
import { failClientSocket, watchClientSockets } from '../support/clientSockets';
import type { World } from '../support/world';
import { startWorld } from '../support/world';
import type { Finding } from './ledger';
import { Ledger } from './ledger';
import { orderBatch } from './orderBatch';
import type { Random } from './random';
import { TriggerWatch, WATCHES } from './triggerWatch';

export interface ChapterContext {
	clock: VirtualClock;
	random: Random;
	number: number;
	/** The chapter ends when the simulator has made as many tasks. */
	taskCount: number;
	firstOrder: number;
	/** Called after each batch. */
	onProgress?(tasks: number): void;
}

export interface ChapterResult {
	tasks: number;
	orders: number;
	emitted: number;
	requests: number;
	/** Requests that met a fault of the simulator, by its kind. */
	faults: Map<string, number>;
	/** Of all requests, what was asked for whom and how it was answered: the same for the same seed. */
	fingerprint: string;
	findings: Finding[];
}

const MAX_ITEMS = 25;
const LIST_FORMS: readonly TaskListForm[] = ['paged', 'bareArray', 'nestedData', 'nullItems'];

/** Runs one chapter to its end and judges it. */
export async function runChapter(context: ChapterContext): Promise<ChapterResult> {
	const { clock, random, number } = context;
	const settings: SimulatorOptions = {
		profile: random.pick(['comet', 'comet', 'upstream-strict']),
		envelopes: random.pick(['newest', 'march2026']),
		klingQueryPaths: random.pick(['ownPath', 'twoSegments']),
		resultUrlField: random.pick(['failReason', 'resultUrl', 'both']),
		taskListForm: random.pick(LIST_FORMS),
		taskSeconds: random.pick([30, 60, 150]),
	};
	watchClientSockets();
	// In turn, so that a short soak has them all.
	const watch = WATCHES[number % WATCHES.length];
	const durableCursors = random.chance(0.3);
	const world = await startWorld(clock, { ...settings, failClient: failClientSocket });
	const name = `chapter ${number} (${watch}${durableCursors ? ', durable' : ''}, ${Object.values(settings).join(' ')})`;
	const ledger = new Ledger(world, name);
	const trigger = await TriggerWatch.start(ledger, random, { watch, durableCursors });
	let orders = 0;
	try {
		while (world.simulator.tasks.size < context.taskCount) {
			const firstOrder = context.firstOrder + orders;
			const pollTrigger = async () => await trigger.pollNow();
			const batch = await orderBatch({
				world,
				random,
				ledger,
				firstOrder,
				maxItems: MAX_ITEMS,
				mayStall: true,
				pollTrigger,
			});
			orders += batch.record.orders.length;
			await trigger.afterBatch(batch.rows);
			for (let polls = random.integer(0, 3); polls > 0; polls--) await trigger.poll();
			context.onProgress?.(world.simulator.tasks.size);
		}
		await trigger.finish();
	} catch (error) {
		throw new Error(`${name} broke off after ${orders} orders`, { cause: error });
	} finally {
		await trigger.close();
	}
	return {
		tasks: world.simulator.tasks.size,
		orders,
		emitted: trigger.started.length,
		findings: ledger.findings,
		...sumUpRequests(world, ledger),
	};
}

/** Sorted, because which of several requests at the same time comes first is up to the machine. */
function sumUpRequests(
	{ simulator, n8nApi }: World,
	ledger: Ledger,
): Pick<ChapterResult, 'requests' | 'faults' | 'fingerprint'> {
	const faults = new Map<string, number>();
	const ofSimulator = [...simulator.requests, ...simulator.resultRequests].map((request) => {
		const { route, fault, status } = request;
		if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1);
		return [ledger.orderOfRequest(request), route, fault, status].join(' ');
	});
	const lines = [...ofSimulator, ...n8nApi.requests.map(({ method, status }) => `n8n ${method} ${status}`)];
	const fingerprint = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
	return { requests: lines.length, faults, fingerprint };
}
