/** Compares what the trigger has started, and what the table says in the end, with what has happened. */
import type { IDataObject } from 'n8n-workflow';
import { errorText } from '../support/errorText';
import type { Ledger } from './ledger';

export interface TriggerRecord {
	/** What was watched; the account's list cannot tell a task without a file from one whose link it leaves out. */
	watch: string;
	/** Rows that the workflow was started with. */
	started: readonly IDataObject[];
	/** Errors of polls, which n8n shows as failed executions. */
	errors: readonly Error[];
	/** Tasks that should have started the workflow, if they have ended. */
	expected: ReadonlySet<string>;
}

/** Each task that is over comes out once, and as it is. */
export function judgeTrigger(ledger: Ledger, { watch, started, errors, expected }: TriggerRecord): void {
	const counts = new Map<string, number>();
	for (const row of started) {
		const taskId = String(row.taskId);
		counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
		ledger.judgeRow(row, 'trigger', watch === 'account');
		if (row.status === 'pending') ledger.report('wrong', 'trigger', `${taskId} came out unfinished`);
	}
	for (const [taskId, count] of counts) {
		if (count > 1) ledger.report('emittedTwice', 'trigger', `${taskId} came out ${count} times`);
	}
	for (const taskId of expected) {
		const task = ledger.task(taskId);
		if (!task || !ledger.hasEnded(task) || counts.has(taskId)) continue;
		const { family, traits } = task.details;
		ledger.report(
			'neverEmitted',
			'trigger',
			`${taskId} (${family}, ${traits.ending}, ${ledger.orderOf(task)}) has not come out`,
		);
	}
	for (const error of errors) ledger.judgeText(errorText(error as never), 'an error of the trigger');
}

/**
 * @param rows of the journal's table
 * @param isWatched a trigger has brought the rows up to date; else rows of tasks that nobody waited for may be old
 */
export function judgeTable(ledger: Ledger, rows: readonly IDataObject[], isWatched: boolean): void {
	const seen = new Set<unknown>();
	for (const row of rows) {
		const { taskId, status } = row;
		ledger.judgeRow(row, 'table');
		if (seen.has(taskId)) ledger.report('wrong', 'table', `${String(taskId)} has two rows`);
		seen.add(taskId);
		const task = ledger.task(taskId);
		const isOld = task && status === 'pending' && ledger.hasEnded(task);
		if (isWatched && isOld)
			ledger.report('wrong', 'table', `${task.id} (${ledger.orderOf(task)}) is over, its row says pending`);
		const prompt = String(row.prompt ?? '');
		if (task && prompt !== '' && !prompt.includes(ledger.orderOf(task)))
			ledger.report('wrong', 'table', `${task.id} has the prompt "${prompt}"`);
	}
}
