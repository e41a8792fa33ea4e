/** A trigger that watches the orders of a chapter, with faults, crashes and restarts by chance between its polls. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import type { Fault, RecordedRequest } from '../simulator/simulator';
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_USER_ID, documentedReplies } from '../simulator/simulator';
import type { CrashPoint } from '../support/triggerNode';
import { TriggerNodeTest } from '../support/triggerNode';
import { orderNumber, planTableFaults } from './tableFaults';
import type { Ledger } from './ledger';
import type { Random } from './random';
import { judgeTable, judgeTrigger } from './triggerJudgement';

export const WATCHES = ['dataTable', 'account', 'listed'] as const;
type Watch = (typeof WATCHES)[number];

export interface TriggerWatchOptions {
	watch: Watch;
	/** n8n stores the trigger's state after each poll. */
	durableCursors: boolean;
}

const TABLE = 'CometAPI Tasks';
/** Longer than any pause of the trigger. */
const FINAL_POLL_GAP_MS = 900_000;
const FINAL_POLLS = 8;

export class TriggerWatch {
	/** Tasks that must start the workflow once they have ended. */
	private readonly expected = new Set<string>();

	private listed: IDataObject[] = [];

	private constructor(
		private readonly ledger: Ledger,
		private readonly random: Random,
		private readonly options: TriggerWatchOptions,
		private readonly parameters: INodeParameters,
		private readonly trigger: TriggerNodeTest,
	) {}

	/** Makes the table and switches the trigger's workflow on. */
	static async start(ledger: Ledger, random: Random, options: TriggerWatchOptions): Promise<TriggerWatch> {
		const { watch, durableCursors } = options;
		const parameters: INodeParameters = { watch, triggerOn: 'both' };
		if (watch === 'account') parameters.options = { includeMidjourney: true };
		const credential = { accessToken: SIMULATOR_ACCESS_TOKEN, userId: String(SIMULATOR_USER_ID) };
		const trigger = TriggerNodeTest.in(ledger.world, parameters, { credential, durableCursors });
		ledger.world.n8nApi.addTable(TABLE, [...JOURNAL_COLUMNS]);
		const watching = new TriggerWatch(ledger, random, options, parameters, trigger);
		if (watch === 'listed') {
			parameters.listAs = 'json';
			// A list without a task is refused.
			watching.list([{ taskId: await trigger.createTask() }]);
		}
		await trigger.activate();
		return watching;
	}

	/** Rows that the workflow was started with. */
	get started(): readonly IDataObject[] {
		return this.trigger.started;
	}

	/** Ends the world of the trigger as well. */
	async close(): Promise<void> {
		await this.trigger.close();
	}

	/** @param rows what the action node has put out */
	async afterBatch(rows: readonly IDataObject[]): Promise<void> {
		const { watch } = this.options;
		if (watch === 'listed' && this.random.chance(0.5)) {
			const open = rows.filter(({ taskId, status }) => taskId && status === 'pending');
			if (open.length === 0) return;
			this.list(open.map(({ taskId, provider, route }) => ({ taskId, provider, route })));
			// What n8n does when an active workflow is saved.
			await this.trigger.activate('update');
		}
		if (watch === 'dataTable') this.expectRowsOfTable();
		if (watch === 'account') for (const taskId of this.ledger.world.simulator.tasks.keys()) this.expected.add(taskId);
	}

	/** One poll as things are. */
	async pollNow(): Promise<void> {
		await this.trigger.pollNow();
	}

	/** One poll under faults by chance, now and then cut off by the end of n8n. */
	async poll(): Promise<void> {
		const { random, trigger, ledger } = this;
		const { simulator, n8nApi } = ledger.world;
		if (random.chance(0.3)) simulator.addFault(this.planFault());
		if (random.chance(0.3)) for (const fault of planTableFaults(random, ledger)) n8nApi.addFault(fault);
		const crashes = random.chance(0.1);
		if (crashes) trigger.crashAt = random.pick(this.crashPoints());
		await trigger.poll(random.pick([60_000, 60_000, 300_000]));
		simulator.clearFaults();
		n8nApi.clearFaults();
		if (crashes || random.chance(0.1)) await trigger.restart();
	}

	/** Gives the trigger time without faults, then judges all that it has done. */
	async finish(): Promise<void> {
		const { trigger, ledger } = this;
		for (let polls = 0; polls < FINAL_POLLS; polls++) await trigger.poll(FINAL_POLL_GAP_MS);
		const { rows } = ledger.world.n8nApi.table(TABLE);
		judgeTable(ledger, rows, this.options.watch === 'dataTable');
		judgeTrigger(ledger, {
			watch: this.options.watch,
			started: trigger.started,
			errors: trigger.errors,
			expected: this.expected,
		});
	}

	/** Rows that no node has brought to their end are the trigger's; those that one has are nobody's any more. */
	private expectRowsOfTable() {
		const started = new Set(this.trigger.started.map(({ taskId }) => taskId));
		for (const { taskId, status } of this.ledger.world.n8nApi.table(TABLE).rows) {
			if (status === 'pending') this.expected.add(String(taskId));
			else if (!started.has(taskId)) this.expected.delete(String(taskId));
		}
	}

	private list(references: readonly IDataObject[]) {
		this.listed = [...this.listed, ...references];
		this.parameters.tasksJson = JSON.stringify(this.listed);
		for (const { taskId } of references) this.expected.add(String(taskId));
	}

	/** Where n8n may end without losing anything, by the README. */
	private crashPoints(): CrashPoint[] {
		const { watch, durableCursors } = this.options;
		const isNoticed = watch === 'dataTable' && !durableCursors && this.trigger.started.length > 0;
		return ['beforeStore', 'afterStart', ...(isNoticed ? (['afterStore'] as const) : [])];
	}

	private planFault(): Fault {
		const { random, ledger } = this;
		const isAccount = this.options.watch === 'account';
		const on = isAccount ? random.pick(['taskList', 'midjourneyList'] as const) : 'status';
		const share = random.integer(1, 3);
		// By the order, because it is not to matter which of several requests at the same time comes first.
		const when = (request: RecordedRequest) => isAccount || orderNumber(ledger.orderOfRequest(request)) % share === 0;
		const times = isAccount ? random.integer(1, 2) : Infinity;
		const fault = random.pick<Fault>([
			{ on, ...documentedReplies.badGateway },
			{ on, ...documentedReplies.tooManyRequests(20) },
			{ on, ...documentedReplies.tooManyRequestsEmpty },
			{ on, ...documentedReplies.invalidKey },
			{ on, kind: 'html' },
			{ on, kind: 'redirect', location: 'https://www.cometapi.com/' },
			{ on, kind: 'resetBeforeAccept' },
			{ on, kind: 'truncatedJson' },
			{ on, kind: 'reply', status: 200, body: 'null' },
			{ on: 'status', kind: 'taskNotExist' },
			{ on: 'status', kind: 'wrapped' },
		]);
		return { ...fault, times, when };
	}
}
