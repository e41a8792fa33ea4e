/** A part of the soak with a world of its own: batches through the action node, and one trigger that watches meanwhile. */
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import type { Fault, SimulatorOptions, TaskListForm } from '../simulator/simulator';
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_USER_ID, documentedReplies } from '../simulator/simulator';
import type { CrashPoint } from '../support/triggerNode';
import { TriggerNodeTest } from '../support/triggerNode';
import type { VirtualClock } from '../support/virtualClock';
import type { World } from '../support/world';
import { startWorld } from '../support/world';
import type { Finding } from './ledger';
import { Ledger } from './ledger';
import { orderBatch } from './orderBatch';
import type { Random } from './random';
import { planTableFaults } from './tableFaults';

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
	findings: Finding[];
}

const MAX_ITEMS = 25;
const TABLE = 'CometAPI Tasks';
/** Longer than any pause of the trigger. */
const FINAL_POLL_GAP_MS = 900_000;
const FINAL_POLLS = 8;

const LIST_FORMS: readonly TaskListForm[] = ['paged', 'bareArray', 'nestedData', 'nullItems'];

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
	const watch = random.pick(['dataTable', 'account']);
	const durableCursors = random.chance(0.3);
	const world = await startWorld(clock, settings);
	const ledger = new Ledger(world, `chapter ${number} (${watch}${durableCursors ? ', durable' : ''}, ${Object.values(settings).join(' ')})`);
	const parameters = { watch, triggerOn: 'both', ...(watch === 'account' ? { options: { includeMidjourney: true } } : {}) };
	const credential = { accessToken: SIMULATOR_ACCESS_TOKEN, userId: String(SIMULATOR_USER_ID) };
	const trigger = TriggerNodeTest.in(world, parameters, { credential, durableCursors });
	world.n8nApi.addTable(TABLE, [...JOURNAL_COLUMNS]);
	const expected = new Set<string>();
	let orders = 0;
	try {
		await trigger.activate();
		while (world.simulator.tasks.size < context.taskCount) {
			const mayStall = random.chance(0.05);
			const batch = await orderBatch({ world, random, ledger, firstOrder: context.firstOrder + orders, maxItems: MAX_ITEMS, mayStall });
			orders += batch.itemCount;
			if (batch.wasTableTakenUp) expected.clear();
			for (const taskId of batch.leftToTrigger) expected.add(taskId);
			for (let polls = random.integer(0, 3); polls > 0; polls--) await pollOnce(trigger, world, random, watch, durableCursors);
			context.onProgress?.(world.simulator.tasks.size);
		}
		await pollToTheEnd(trigger, world);
		judgeTable(world, ledger);
		judgeTrigger(trigger, world, ledger, watch === 'account' ? undefined : expected);
	} finally {
		await trigger.close();
	}
	const { simulator, n8nApi } = world;
	const requests = simulator.requests.length + simulator.resultRequests.length + n8nApi.requests.length;
	return { tasks: simulator.tasks.size, orders, emitted: trigger.started.length, requests, findings: ledger.findings };
}

async function pollOnce(trigger: TriggerNodeTest, world: World, random: Random, watch: string, durableCursors: boolean) {
	if (random.chance(0.3)) for (const fault of planPollFaults(random, watch)) world.simulator.addFault(fault);
	if (random.chance(0.3)) for (const fault of planTableFaults(random)) world.n8nApi.addFault(fault);
	const ends = random.chance(0.1);
	if (ends) trigger.crashAt = random.pick(crashPoints(trigger, watch, durableCursors));
	await trigger.poll(random.pick([60_000, 60_000, 300_000]));
	world.simulator.clearFaults();
	world.n8nApi.clearFaults();
	if (ends) await trigger.restart();
}

/** Where n8n may end without losing anything, by the README. */
function crashPoints({ started }: TriggerNodeTest, watch: string, durableCursors: boolean): CrashPoint[] {
	const isNoticed = watch === 'dataTable' && !durableCursors && started.length > 0;
	return ['beforeStore', 'afterStart', ...(isNoticed ? (['afterStore'] as const) : [])];
}

function planPollFaults(random: Random, watch: string): Fault[] {
	const on = watch === 'account' ? random.pick(['taskList', 'midjourneyList'] as const) : 'status';
	const fault = random.pick<Fault>([
		{ on, ...documentedReplies.badGateway },
		{ on, ...documentedReplies.tooManyRequests(20) },
		{ on, ...documentedReplies.tooManyRequestsEmpty },
		{ on, ...documentedReplies.invalidKey },
		{ on, kind: 'html' },
		{ on, kind: 'resetBeforeAccept' },
		{ on, kind: 'truncatedJson' },
		{ on, kind: 'reply', status: 200, body: 'null' },
		{ on: 'status', kind: 'taskNotExist', times: 3 },
		{ on: 'status', kind: 'wrapped', times: 3 },
	]);
	return [fault];
}

async function pollToTheEnd(trigger: TriggerNodeTest, world: World) {
	world.simulator.clearFaults();
	world.n8nApi.clearFaults();
	trigger.crashAt = undefined;
	for (let polls = 0; polls < FINAL_POLLS; polls++) await trigger.poll(FINAL_POLL_GAP_MS);
}

/** What the table says at the end; rows that nobody has brought up to date may still say that the task runs. */
function judgeTable({ n8nApi }: World, ledger: Ledger) {
	for (const row of n8nApi.table(TABLE).rows) ledger.judgeRow({ ...row }, 'table');
}

/** @param expected tasks that must have started the workflow; absent: all that have ended */
function judgeTrigger(trigger: TriggerNodeTest, world: World, ledger: Ledger, expected?: ReadonlySet<string>) {
	const counts = new Map<string, number>();
	for (const row of trigger.started) {
		const taskId = String(row.taskId);
		counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
		ledger.judgeRow(row, 'trigger');
		if (!world.simulator.tasks.has(taskId)) ledger.report('wrong', 'trigger', `${taskId} is no task`);
		if (row.status === 'pending') ledger.report('wrong', 'trigger', `${taskId} came out unfinished`);
	}
	for (const [taskId, count] of counts) {
		if (count > 1) ledger.report('emittedTwice', 'trigger', `${taskId} came out ${count} times`);
	}
	const recorded = new Set(world.n8nApi.table(TABLE).rows.map(({ taskId }) => taskId));
	for (const [taskId, task] of world.simulator.tasks) {
		if (task.details.traits.ending === 'never' || counts.has(taskId)) continue;
		if (expected ? expected.has(taskId) && recorded.has(taskId) : true) {
			ledger.report('neverEmitted', 'trigger', `${taskId} (${task.details.family}, ${task.details.traits.ending}) has not come out`);
		}
	}
}
