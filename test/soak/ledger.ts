/**
 * The soak's book of what is true and what was found: it knows from the simulator which task was made for which order and how
 * it ends, and judges single rows and messages by that. Knows nothing of how the runs were made.
 */
import type { IDataObject } from 'n8n-workflow';
import type { SimulatedTask } from '../simulator/simulator';
import type { World } from '../support/world';

export const FINDING_KINDS = [
	/** An order made two tasks, and nobody had been told that the first failed or may not exist. */
	'paidTwice',
	/** Nothing that the user sees names a task, or says that there may be one. */
	'lost',
	/** A task is in no table although it should be, and its row does not say so. */
	'notRecorded',
	/** A row or a message says what is not so. */
	'wrong',
	'emittedTwice',
	'neverEmitted',
	/** Rows or messages that cannot be used at all. */
	'broken',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
	kind: FindingKind;
	text: string;
}

/** Marks each order; part of its prompt. */
const ORDER_PATTERN = /soak-\d{7}/;

/** The mark of an order. */
export const orderName = (number: number): string => `soak-${String(number).padStart(7, '0')}`;

export class Ledger {
	readonly findings: Finding[] = [];

	/** Orders whose finished task may be shown without its link, because of a fault. */
	readonly withoutLink = new Set<string>();

	/** Orders whose link never gives a file, because of a fault. */
	readonly withDeadLink = new Set<string>();

	private readonly orders = new WeakMap<SimulatedTask, string>();

	constructor(
		readonly world: World,
		/** Where in the soak a finding belongs. */
		private readonly chapter: string,
	) {}

	report(kind: FindingKind, where: string, text: string): void {
		this.findings.push({ kind, text: `${this.chapter}, ${where}: ${text}` });
	}

	task(taskId: unknown): SimulatedTask | undefined {
		return this.world.simulator.tasks.get(String(taskId));
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

	/** The order that a text is about, by its mark or by the task that it names; '' for none. */
	orderInText(text: string): string {
		const own = ORDER_PATTERN.exec(text)?.[0];
		if (own) return own;
		const words = text.match(/[\w-]{8,}/g) ?? [];
		const task = words.map((word) => this.task(word)).find((found) => found !== undefined);
		return task ? this.orderOf(task) : '';
	}

	/** The order that a request to the simulator is about. */
	orderOfRequest({ path, query, body }: { path: string; query: URLSearchParams; body: Buffer }): string {
		return this.orderInText([path, ...query.values(), body.toString('latin1')].join(' '));
	}

	/** Tasks that were made for the orders, oldest first. */
	tasksFor(orders: ReadonlySet<string>): SimulatedTask[] {
		return [...this.world.simulator.tasks.values()].filter((task) => orders.has(this.orderOf(task)));
	}

	hasEnded(task: SimulatedTask): boolean {
		return task.details.traits.ending !== 'never' && task.stateAt(this.world.clock.now()).progressPercent === 100;
	}

	/**
	 * Whether the task counts as failed once somebody has asked for its file: it ends as one that has failed, or nowhere is a file, or
	 * the file's only place never gives it. On /v1/videos there is a second place.
	 */
	hasFailed(task: SimulatedTask): boolean {
		const { traits, native } = task.details;
		const isLinkDead = native !== undefined && this.withDeadLink.has(this.orderOf(task));
		return traits.ending === 'failure' || traits.resultField === 'nowhere' || isLinkDead;
	}

	/** Whether a row about a task tells the truth. @param isOfList it is made from a list that may leave links out */
	judgeRow(row: IDataObject, where: string, isOfList = false): void {
		const { taskId, status } = row;
		if (typeof status !== 'string' || taskId === null) return;
		const task = this.task(taskId);
		if (!task) {
			this.report('wrong', where, `a row names ${String(taskId)}, which is no task`);
			return;
		}
		const { ending, resultField } = task.details.traits;
		const hasNoFile = resultField === 'nowhere';
		// `/content` may have the file, for all that a row without a link can know.
		const mayHaveFile = !hasNoFile || ((isOfList || task.details.native === undefined) && !row.videoUrl);
		const hasEnded = this.hasEnded(task);
		const isTrue: Record<string, boolean> = {
			succeeded: ending === 'success' && hasEnded && mayHaveFile,
			failed: hasEnded && this.hasFailed(task),
			pending: true,
		};
		if (!isTrue[status])
			this.report('wrong', where, `the row of ${task.id} says ${status}, the task ends in ${ending}`);
		const url = String(row.videoUrl ?? '');
		const isForeign = url.includes('/results/') && !url.includes(task.details.resultUrl.split('?')[0]);
		if (isForeign) this.report('wrong', where, `the row of ${task.id} has the link of another task: ${url}`);
		if (
			status === 'succeeded' &&
			url === '' &&
			resultField === undefined &&
			!this.withoutLink.has(this.orderOf(task))
		) {
			this.report(
				'wrong',
				where,
				`the row of ${task.id} says succeeded and has no link: ${JSON.stringify(row).slice(0, 900)}`,
			);
		}
		if (status === 'pending' && url !== '')
			this.report('wrong', where, `the row of ${task.id} is pending and has a link`);
	}

	/** Whether a message tells the truth, in words that a user can read. */
	judgeText(text: string, where: string): void {
		for (const [, taskId] of text.matchAll(/could not make the video of task ([\w-]+)/g)) {
			const task = this.task(taskId);
			if (task && !this.hasFailed(task)) {
				this.report(
					'wrong',
					where,
					`a message says that ${taskId} failed; the task ends in ${task.details.traits.ending}`,
				);
			}
		}
		for (const [, taskId, minutes] of text.matchAll(/Task ([\w-]+) was still running after ([\d.]+) minutes/g)) {
			const task = this.task(taskId);
			// The message rounds to a tenth of a minute.
			const leastAgeMs = Number(minutes) * 60_000 - 6000;
			const hadEnded =
				task && task.details.traits.ending !== 'never' && stateAtAge(task, leastAgeMs).progressPercent === 100;
			if (hadEnded)
				this.report('wrong', where, `a message says that ${taskId} still ran after ${minutes} minutes; it had ended`);
		}
		const waste = /simulatorDefect|\[object |\bundefined\b|\bNaN\b|Cannot read propert|is not a function/.exec(text);
		if (waste) this.report('broken', where, `a message with "${waste[0]}": ${text.slice(0, 500)}`);
	}
}

function stateAtAge(task: SimulatedTask, ageMs: number) {
	return task.stateAt(task.details.createdAtMs + ageMs);
}
