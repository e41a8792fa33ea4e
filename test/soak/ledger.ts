/**
 * The soak's judgement: compares what the nodes say with what the simulator knows. Owns the findings; knows nothing of how
 * the runs were made.
 */
import type { IDataObject } from 'n8n-workflow';
import type { SimulatedTask } from '../simulator/simulator';
import type { World } from '../support/world';

export const FINDING_KINDS = ['paidTwice', 'lost', 'notRecorded', 'wrong', 'emittedTwice', 'neverEmitted', 'broken'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
	kind: FindingKind;
	text: string;
}

/** Marks each order; part of its prompt. */
export const ORDER_PATTERN = /soak-\d{7}/;

export class Ledger {
	readonly findings: Finding[] = [];

	private readonly orders = new WeakMap<SimulatedTask, string>();

	constructor(
		private readonly world: World,
		/** Where in the soak a finding belongs. */
		private readonly chapter: string,
	) {}

	report(kind: FindingKind, where: string, text: string): void {
		this.findings.push({ kind, text: `${this.chapter}, ${where}: ${text}` });
	}

	/** The order that a task was made for; '' when nobody ordered it. */
	orderOf(task: SimulatedTask): string {
		let order = this.orders.get(task);
		if (order === undefined) {
			order = ORDER_PATTERN.exec(task.details.request.body.toString('latin1'))?.[0] ?? '';
			this.orders.set(task, order);
		}
		return order;
	}

	/** The order that a request is about, by what it carries or by the task it names. */
	orderOfRequest({ path, query, body }: { path: string; query: URLSearchParams; body: Buffer }): string {
		const own = ORDER_PATTERN.exec(body.toString('latin1'))?.[0];
		if (own) return own;
		const words = [...path.split('/').map((part) => part.replace(/\.\w+$/, '')), ...query.values(), ...(body.toString('utf8').match(/[\w-]{8,}/g) ?? [])];
		const task = words.map((word) => this.world.simulator.tasks.get(word)).find((found) => found !== undefined);
		return task ? this.orderOf(task) : '';
	}

	/** Whether a row about a task tells the truth. */
	judgeRow(row: IDataObject, where: string): void {
		const task = this.world.simulator.tasks.get(String(row.taskId));
		if (!task || typeof row.status !== 'string') return;
		const { ending } = task.details.traits;
		const hasEnded = ending !== 'never' && task.stateAt(this.world.clock.now()).progressPercent === 100;
		const isTrue = {
			succeeded: ending === 'success' && hasEnded,
			failed: (ending === 'failure' && hasEnded) || row.rawStatus === 'unknown',
			pending: true,
		}[row.status];
		if (!isTrue) this.report('wrong', where, `the row of ${task.id} says ${row.status}, the task ends in ${ending}`);
		const url = String(row.videoUrl ?? '');
		const isForeign = url.includes('/results/') && !url.includes(task.details.resultUrl.split('?')[0]);
		if (isForeign) this.report('wrong', where, `the row of ${task.id} has the link of another task: ${url}`);
	}

	/** Whether messages about failures tell the truth. */
	judgeText(text: string, where: string): void {
		for (const [, taskId] of text.matchAll(/could not make the video of task ([\w-]+)/g)) {
			const task = this.world.simulator.tasks.get(taskId);
			if (task && task.details.traits.ending !== 'failure') {
				this.report('wrong', where, `a message says that ${taskId} failed; the task ends in ${task.details.traits.ending}`);
			}
		}
	}
}
