/** One batch of items through the action node, with chance in its settings and in what goes wrong. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { FaultTarget } from '../simulator/simulator';
import type { RunOptions } from '../support/videoNode';
import { toNodeRun, VideoNodeTest } from '../support/videoNode';
import type { OnError } from '../support/videoNode';
import type { World } from '../support/world';
import { judgeBatch } from './batchJudgement';
import type { BatchRecord, BatchSettings, Order } from './batchRecord';
import { toTelling } from './batchRecord';
import { planCommonFault, planFaults } from './faultPlans';
import type { FaultPlan } from './faultPlans';
import type { Job } from './jobs';
import { listJobs } from './jobs';
import type { Ledger } from './ledger';
import { orderName } from './ledger';
import type { Random } from './random';
import { planTableFaults } from './tableFaults';

export interface BatchContext {
	world: World;
	random: Random;
	ledger: Ledger;
	/** Number of the first order. */
	firstOrder: number;
	maxItems: number;
	/** Whether requests may meet silence, which takes real seconds. */
	mayStall: boolean;
	/** A poll of the trigger, while the node is under way. */
	pollTrigger(): Promise<void>;
}

export interface BatchResult {
	record: BatchRecord;
	/** Rows of tasks, as the next nodes of a workflow get them. */
	rows: IDataObject[];
}

interface BatchPlan {
	job: Job;
	parameters: INodeParameters;
	settings: BatchSettings;
	orders: Order[];
}

const STALL_SHARE = 0.05;
/** In seconds; what is silent is given up in real time. */
const TIME_LIMIT_OF_SILENCE = 1;

/** What passes for the node between two bytes of a server that drips. */
const DRIP_MS = 20_000;

/** Orders a batch, perhaps retries it as a person would, takes up what it left, and enters in the ledger what was wrong. */
export async function orderBatch(context: BatchContext): Promise<BatchResult> {
	const { world, random, ledger } = context;
	const node = VideoNodeTest.in(world);
	const plan = planBatch(context);
	const { parameters, settings, orders } = plan;
	const options: RunOptions = {
		items: orders.map(({ name }) => ({ json: { prompt: `A lighthouse ${name}` } })),
		onError: settings.onError,
		retryOnFail: settings.retryOnFail,
	};
	let run = await runOnce(context, node, plan, options);
	world.simulator.clearFaults();
	world.n8nApi.clearFaults();
	const tellings = [toTelling(run, [...node.messages])];
	if (run.error && !settings.isStopped && random.chance(0.4)) {
		run = await node.run(parameters, { ...options, retryOf: run });
		tellings.push(toTelling(run, []));
	}
	const recorded = new Set(world.n8nApi.tables.flatMap(({ rows }) => rows.map(({ taskId }) => taskId)));
	const record: BatchRecord = { where: describe(orders, settings, parameters), settings, orders, tellings, recorded };
	judgeBatch(ledger, record);
	await takeUp(context, node, run.rows, record.where);
	return { record, rows: run.rows };
}

function planBatch(context: BatchContext): BatchPlan {
	const { world, random, ledger } = context;
	const job = random.pick(listJobs(`${world.simulator.resultOrigin}/media`));
	// Alone, because others would go on in virtual time while it waits in real time.
	const stalls = context.mayStall && random.chance(STALL_SHARE);
	const orders = Array.from({ length: stalls ? 1 : random.integer(1, context.maxItems) }, (_, index): Order => {
		return { name: orderName(context.firstOrder + index), plan: planFaults(random, job, stalls) };
	});
	const [waits, downloads, isRecorded] = [random.chance(0.7), random.chance(0.4), random.chance(0.5)];
	const onFailure = random.pick(['error', 'return']);
	const timeout = random.pick([1, 2, 5]);
	const parameters: INodeParameters = {
		...job.parameters,
		prompt: '={{ $json.prompt }}',
		waitForCompletion: waits,
		downloadVideo: downloads,
		...(isRecorded ? { recordTasks: 'all', tableAccess: 'apiKey' } : { recordTasks: 'off' }),
		options: {
			onFailure,
			onTimeout: random.pick(['error', 'return']),
			timeout,
			maxTasksInFlight: random.pick([1, 3, 5, 20]),
			pollInterval: random.pick([5, 10, 20]),
			simplify: random.chance(0.8),
			...(stalls ? { requestTimeout: TIME_LIMIT_OF_SILENCE } : {}),
		},
	};
	const settings: BatchSettings = {
		what: `${String(job.parameters.provider)} ${String(job.parameters.mode)}`,
		onError: random.pick<OnError>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']),
		retryOnFail: random.chance(0.3),
		waits,
		timeoutMs: timeout * 60_000,
		downloads,
		returnsFailures: onFailure === 'return',
		isRecorded,
		isStopped: random.chance(0.04),
		hasCommonFaults: false,
	};
	for (const order of orders) {
		for (const fault of order.plan.faults) {
			const drips = fault.kind === 'dripVideo' ? { onByte: () => world.clock.advance(DRIP_MS) } : {};
			world.simulator.addFault({
				...fault,
				...drips,
				when: (request) => ledger.orderOfRequest(request) === order.name,
			});
		}
		// A look-up costs money, so it is made for a download only.
		const hidesLink =
			job.looksUpFiles === true || order.plan.faults.some(({ kind }) => kind === 'noVideoUrl' || kind === 'noFile');
		if (hidesLink) ledger.withoutLink.add(order.name);
		if (downloads && order.plan.faults.some(neverGivesFile)) ledger.withDeadLink.add(order.name);
	}
	const common = planCommonFault(random, job);
	if (common) world.simulator.addFault(common);
	const tableFaults = isRecorded ? planTableFaults(random, ledger) : [];
	for (const fault of tableFaults) world.n8nApi.addFault(fault);
	settings.hasCommonFaults = common !== undefined || tableFaults.length > 0;
	return { job, parameters, settings, orders };
}

/** A server that has a fault of its own (5xx) is not believed that there is no file. */
function neverGivesFile({ on, kind, times, ...fault }: FaultPlan['faults'][number]): boolean {
	const saysNothingIsThere = kind === 'notVideo' || (kind === 'reply' && 'status' in fault && fault.status === 403);
	return on === 'result' && times === Infinity && saysNothingIsThere;
}

async function runOnce(
	context: BatchContext,
	node: VideoNodeTest,
	{ parameters, settings, orders }: BatchPlan,
	options: RunOptions,
) {
	const { random, world } = context;
	const polls: Array<Promise<void>> = [];
	if (random.chance(0.5)) atRequestOf(context, orders, 'status', () => polls.push(context.pollTrigger()));
	const started = await node.start(parameters, options);
	if (settings.isStopped) atRequestOf(context, orders, random.pick(['status', 'create']), () => started.cancel());
	const run = await toNodeRun(started);
	await Promise.all(polls);
	// What was under way when n8n ended the execution.
	if (settings.isStopped) await world.clock.sleep(0);
	return run;
}

/** Calls back at one of the first requests about one of the orders, if it comes to that. */
function atRequestOf(
	{ world, random, ledger }: BatchContext,
	orders: readonly Order[],
	on: FaultTarget,
	callback: () => void,
) {
	const { name } = random.pick(orders);
	let left = random.integer(0, 5);
	// A fault that never fits, so that it only watches.
	world.simulator.addFault({
		on,
		kind: 'html',
		when(request) {
			if (ledger.orderOfRequest(request) === name && left-- === 0) callback();
			return false;
		},
	});
}

function describe(
	orders: readonly Order[],
	{ what, onError, retryOnFail, isStopped }: BatchSettings,
	{ options, ...parameters }: INodeParameters,
) {
	const { waitForCompletion, downloadVideo, recordTasks } = parameters;
	const flags = { waitForCompletion, downloadVideo, recordTasks, retryOnFail, isStopped };
	const set = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
	return `${orders[0].name} and ${orders.length - 1} more (${[what, onError, ...set, JSON.stringify(options)].join(' ')})`;
}

/** Another run takes the open tasks up, in one of the documented ways. */
async function takeUp(
	{ random, ledger }: BatchContext,
	node: VideoNodeTest,
	rows: readonly IDataObject[],
	where: string,
) {
	const open = rows.filter(({ status, taskId }) => status === 'pending' && taskId);
	const isByTable = random.chance(0.1) && node.n8nApi.tables.length > 0;
	if (!isByTable && (open.length === 0 || random.chance(0.6))) return;
	const operation = random.pick(['wait', 'get']);
	const parameters: INodeParameters = isByTable
		? {
				resource: 'task',
				operation,
				useRecordedTasks: true,
				tableAccess: 'apiKey',
				options: { timeout: 2, onTimeout: 'return' },
			}
		: {
				resource: 'task',
				operation,
				taskId: '={{ $json.taskId }}',
				downloadVideo: random.chance(0.3),
				options: { timeout: 2 },
			};
	const items = isByTable ? [{ json: {} }] : open.map((json) => ({ json }));
	const again = await node.run(parameters, { items, onError: 'continueRegularOutput' });
	for (const { json } of again.items) {
		ledger.judgeRow(json, `${where}, Task > ${operation}`);
		ledger.judgeText(JSON.stringify(json), `${where}, Task > ${operation}`);
	}
}
