/** One batch of items through the action node, with chance in its settings and in what goes wrong, and its judgement. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SimulatedTask } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { NodeRun, OnError, RunOptions } from '../support/videoNode';
import { toNodeRun, VideoNodeTest } from '../support/videoNode';
import type { World } from '../support/world';
import type { FaultPlan } from './faultPlans';
import { planCommonFault, planFaults } from './faultPlans';
import type { Job } from './jobs';
import { listJobs } from './jobs';
import type { Ledger } from './ledger';
import { planTableFaults } from './tableFaults';
import type { Random } from './random';

export interface BatchContext {
	world: World;
	random: Random;
	ledger: Ledger;
	/** Number of the first order. */
	firstOrder: number;
	maxItems: number;
	/** Whether requests may meet silence, which takes real seconds. */
	mayStall: boolean;
}

export interface BatchResult {
	itemCount: number;
	/** Recorded tasks of the batch that no node waits for. */
	leftToTrigger: string[];
	/** A node has taken up what the table held, from this batch and earlier ones. */
	wasTableTakenUp: boolean;
}

interface Order {
	prompt: string;
	plan: FaultPlan;
}

interface BatchSettings {
	job: Job;
	parameters: INodeParameters;
	onError: OnError;
	retryOnFail: boolean;
	isRecorded: boolean;
	isStopped: boolean;
}

const UNKNOWN = 'not known whether';

export async function orderBatch(context: BatchContext): Promise<BatchResult> {
	const { world, random, firstOrder } = context;
	const node = VideoNodeTest.in(world);
	const settings = chooseSettings(context);
	const orders = Array.from({ length: random.integer(1, context.maxItems) }, (_, index): Order => {
		const mayStall = context.mayStall && index === 0;
		return { prompt: orderName(firstOrder + index), plan: planFaults(random, settings.job, mayStall) };
	});
	const { parameters } = settings;
	if (orders.some(({ plan }) => plan.stalls)) parameters.options = { ...(parameters.options as IDataObject), requestTimeout: 1 } as never;
	addFaults(context, settings, orders);
	const where = `orders ${orders[0].prompt} to ${orders[orders.length - 1].prompt} (${JSON.stringify({ ...settings, job: settings.job.parameters.provider })})`;

	const options: RunOptions = {
		items: orders.map(({ prompt }) => ({ json: { prompt: `A lighthouse ${prompt}` } })),
		onError: settings.onError,
		retryOnFail: settings.retryOnFail,
	};
	const runs = [await runOnce(node, context, settings, options)];
	world.simulator.clearFaults();
	world.n8nApi.clearFaults();
	judgeRun(context, node, settings, orders, runs, where);
	if (runs[0].error && !settings.isStopped && random.chance(0.4)) {
		runs.push(await node.run(parameters, { ...options, retryOf: runs[0] }));
		judgeRun(context, node, settings, orders, runs, `${where}, retried by a person`);
	}
	judgePayments(context, orders, runs.length > 1, where);
	const wasTakenUp = await takeUp(context, node, runs[runs.length - 1], where);
	const waits = parameters.waitForCompletion !== false;
	const left = wasTakenUp || waits || !settings.isRecorded ? [] : tasksOf(context, orders).map(({ id }) => id);
	return { itemCount: orders.length, leftToTrigger: left, wasTableTakenUp: wasTakenUp };
}

const orderName = (number: number) => `soak-${String(number).padStart(7, '0')}`;

function chooseSettings({ world, random }: BatchContext): BatchSettings {
	const job = random.pick(listJobs(`${world.simulator.resultOrigin}/media`));
	const isRecorded = random.chance(0.5);
	const parameters: INodeParameters = {
		...job.parameters,
		prompt: '={{ $json.prompt }}',
		waitForCompletion: random.chance(0.7),
		downloadVideo: random.chance(0.4),
		recordTasks: isRecorded,
		options: {
			onFailure: random.pick(['error', 'return']),
			onTimeout: random.pick(['error', 'return']),
			timeout: random.pick([1, 2, 5]),
			maxTasksInFlight: random.pick([1, 3, 5, 20]),
			pollInterval: random.pick([5, 10, 20]),
			simplify: random.chance(0.8),
		},
	};
	return {
		job,
		parameters,
		onError: random.pick<OnError>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']),
		retryOnFail: random.chance(0.3),
		isRecorded,
		isStopped: random.chance(0.04),
	};
}

function addFaults({ world, random, ledger }: BatchContext, { job, isRecorded }: BatchSettings, orders: readonly Order[]) {
	for (const { prompt, plan } of orders) {
		for (const fault of plan.faults) {
			world.simulator.addFault({ ...fault, when: (request) => ledger.orderOfRequest(request) === prompt });
		}
	}
	const common = planCommonFault(random, job);
	if (common) world.simulator.addFault(common);
	if (isRecorded) for (const fault of planTableFaults(random)) world.n8nApi.addFault(fault);
}

async function runOnce(node: VideoNodeTest, { world, random }: BatchContext, settings: BatchSettings, options: RunOptions) {
	const started = await node.start(settings.parameters, options);
	if (settings.isStopped) {
		let left = random.integer(0, 10);
		// Watches only: a fault that never fits.
		world.simulator.addFault({
			on: 'status',
			kind: 'html',
			when: () => {
				if (left-- === 0) started.cancel();
				return false;
			},
		});
	}
	const run = await toNodeRun(started);
	// What was under way when n8n ended the execution.
	if (settings.isStopped) await world.clock.sleep(0);
	return run;
}

function tasksOf({ world, ledger }: BatchContext, orders: readonly Order[]): SimulatedTask[] {
	const prompts = new Set(orders.map(({ prompt }) => prompt));
	return [...world.simulator.tasks.values()].filter((task) => prompts.has(ledger.orderOf(task)));
}

function judgeRun(
	context: BatchContext,
	node: VideoNodeTest,
	settings: BatchSettings,
	orders: readonly Order[],
	runs: readonly NodeRun[],
	where: string,
) {
	const { world, ledger } = context;
	const run = runs[runs.length - 1];
	const rowsOfItem = new Map<number, IDataObject[]>();
	for (const { json, pairedItem } of [...run.items, ...run.errorItems]) {
		const { item } = pairedItem as { item: number };
		rowsOfItem.set(item, [...(rowsOfItem.get(item) ?? []), json]);
		ledger.judgeRow(json, where);
		ledger.judgeText(JSON.stringify(json), where);
		const task = world.simulator.tasks.get(String(json.taskId));
		if (task && ledger.orderOf(task) !== orders[item].prompt) ledger.report('wrong', where, `item ${item} has the task of another item`);
		const isWaitedFor = settings.parameters.waitForCompletion !== false;
		if (isWaitedFor && json.status === 'pending' && json.timedOut !== true) ledger.report('wrong', where, `item ${item} was not waited for`);
	}
	if (!run.error && !settings.isStopped) {
		orders.forEach((_, item) => {
			const count = rowsOfItem.get(item)?.length ?? 0;
			if (count !== 1) ledger.report('broken', where, `item ${item} came out ${count} times`);
		});
	}
	const stoppedWith = run.error ? `${errorText(run.error)} ${JSON.stringify(run.error.context ?? {})}` : '';
	ledger.judgeText(stoppedWith, where);
	const earlier = runs.slice(0, -1).map(({ error }) => errorText(error)).join(' ');
	// After Stop the browser's console is the place that names the tasks.
	const console = settings.isStopped ? node.messages.join('\n') : '';
	const text = `${stoppedWith} ${earlier} ${console} ${JSON.stringify([...rowsOfItem.values()])}`;
	const recorded = new Set(world.n8nApi.tables.flatMap(({ rows }) => rows.map(({ taskId }) => taskId)));
	for (const task of tasksOf(context, orders)) {
		const item = orders.findIndex(({ prompt }) => prompt === ledger.orderOf(task));
		const rows = rowsOfItem.get(item) ?? [];
		const isNamed = text.includes(task.id) || recorded.has(task.id);
		const itemText = JSON.stringify(rows);
		const isToldUnknown = itemText.includes(UNKNOWN) || saysUnknown(`${stoppedWith} ${earlier}`, item, run);
		if (!isNamed && !isToldUnknown) ledger.report('lost', where, `nobody names ${task.id} of item ${item}; the node says: ${stoppedWith.slice(0, 600)}`);
		const isInRow = rows.some((row) => row.taskId === task.id);
		if (settings.isRecorded && isInRow && !recorded.has(task.id) && !itemText.includes('recordWarning')) {
			ledger.report('notRecorded', where, `${task.id} is in no table, and no row says so`);
		}
	}
}

/** Whether the error that stopped the node tells that the outcome of this item's order is unknown. */
function saysUnknown(text: string, item: number, { error }: NodeRun): boolean {
	if (!text.includes(UNKNOWN)) return false;
	return error?.context.itemIndex === item || new RegExp(`${UNKNOWN}[^.]*(item |, )${item}\\b`).test(text) || / \d+ more exist/.test(text);
}

/** Only a person who has read what happened may order again, and only what has failed or may not exist. */
function judgePayments(context: BatchContext, orders: readonly Order[], isRetriedByPerson: boolean, where: string) {
	const { ledger } = context;
	const tasks = tasksOf(context, orders);
	for (const { prompt, plan } of orders) {
		const own = tasks.filter((task) => ledger.orderOf(task) === prompt);
		const isExcused = own.slice(0, -1).every(({ details }) => isRetriedByPerson && (plan.isAmbiguous || details.traits.ending === 'failure'));
		if (!isExcused) ledger.report('paidTwice', where, `${prompt} made ${own.map(({ id }) => id).join(' and ')}`);
	}
}

/** Another run takes the open tasks up, in one of the documented ways. Gives whether the table's tasks were waited for. */
async function takeUp({ random, ledger }: BatchContext, node: VideoNodeTest, run: NodeRun, where: string): Promise<boolean> {
	const open = run.rows.filter(({ status, taskId }) => status === 'pending' && taskId);
	const isByTable = random.chance(0.1);
	if (!isByTable && (open.length === 0 || random.chance(0.6))) return false;
	const operation = random.pick(['wait', 'get']);
	const parameters: INodeParameters = isByTable
		? { resource: 'task', operation, recordTasks: true, options: { timeout: 2, onTimeout: 'return' } }
		: { resource: 'task', operation, taskId: '={{ $json.taskId }}', downloadVideo: random.chance(0.3), options: { timeout: 2 } };
	const again = await node.run(parameters, { items: isByTable ? [{ json: {} }] : open.map((json) => ({ json })), onError: 'continueRegularOutput' });
	for (const { json } of again.items) {
		ledger.judgeRow(json, `${where}, Task > ${operation}`);
		ledger.judgeText(JSON.stringify(json), `${where}, Task > ${operation}`);
	}
	return isByTable;
}
