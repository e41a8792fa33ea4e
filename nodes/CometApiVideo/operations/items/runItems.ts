/**
 * What every operation does around its own work: one outcome per item, errors as On Error wants them, order kept, and the
 * wait of all items in one loop.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../../task/clock';
import { toErrorRow } from '../../task/errors';
import type { Job, JobOutcome, WaitedTask } from '../../wait/job';
import { runJobs } from '../../wait/runJobs';
import type { RunSettings } from '../input/runSettings';
import { ItemError } from './itemError';

export type ItemOutcome<Value> = { ok: true; value: Value } | { ok: false; error: Error };

/** The work on one item in the common loop. */
export interface ItemJob extends Omit<Job<INodeExecutionData>, 'itemIndex'> {
	/** The row of a job that has ended with a problem of its own. */
	problemRow?(error: Error, waited?: WaitedTask): INodeExecutionData;
}

/**
 * Runs `work` for each piece of work, one after the other.
 * @param itemIndexes the input item that each piece belongs to; usually the pieces are the items
 * @throws ItemError of the first piece that fails, unless On Error says to go on
 */
export async function tryEachItem<Value>(
	context: IExecuteFunctions,
	work: (index: number) => Promise<Value> | Value,
	itemIndexes: readonly number[] = allItems(context),
): Promise<Array<ItemOutcome<Value>>> {
	const outcomes: Array<ItemOutcome<Value>> = [];
	for (const [index, itemIndex] of itemIndexes.entries()) {
		try {
			outcomes.push({ ok: true, value: await work(index) });
		} catch (error) {
			if (!context.continueOnFail()) throw toItemError(context, error, itemIndex);
			outcomes.push({ ok: false, error: error as Error });
		}
	}
	return outcomes;
}

/**
 * Runs the jobs of the pieces that are ready in one loop, and puts their rows and the error rows in the order of the pieces.
 * @throws CanceledError at Stop; ItemError of the first piece that fails, unless On Error says to go on
 */
export async function runItems<Ready>(
	context: IExecuteFunctions,
	settings: RunSettings,
	pieces: ReadonlyArray<ItemOutcome<Ready>>,
	toJob: (ready: Ready, index: number) => ItemJob,
	itemIndexes: readonly number[] = allItems(context),
): Promise<INodeExecutionData[]> {
	const readyPieces = pieces.flatMap((piece, index) => (piece.ok ? [{ index, ready: piece.value }] : []));
	const jobs = readyPieces.map(({ index, ready }) => ({ ...toJob(ready, index), itemIndex: itemIndexes[index] }));
	const lastShown = new Map<string, string>();
	const outcomes = await runJobs(jobs, {
		...settings,
		stopOnError: !context.continueOnFail(),
		clock,
		signal: context.getExecutionCancelSignal(),
		onProgress(itemIndex, { taskId }, task) {
			if (taskId === '') return;
			// Shown in the browser console of a manual run; after Stop it is the only place that names the tasks for sure.
			const progress = task?.progressPercent === undefined ? '' : `, ${task.progressPercent} %`;
			const text = `${taskId}: ${task ? task.rawStatus || 'waiting' : 'created'}${progress}`;
			if (lastShown.get(taskId) === text) return;
			lastShown.set(taskId, text);
			context.sendMessageToUI(`Item ${itemIndex + 1}: task ${text}`);
		},
	});
	const withProblemRows = outcomes.map((outcome, jobIndex) => withProblemRow(outcome, jobs[jobIndex]));
	const byPiece = new Map(readyPieces.map(({ index }, jobIndex) => [index, withProblemRows[jobIndex]]));
	const failures = pieces.map((piece, index) => (piece.ok ? failureOf(byPiece.get(index)) : piece.error));
	const first = failures.findIndex((failure) => failure !== undefined);
	if (first >= 0 && !context.continueOnFail()) throw toItemError(context, failures[first], itemIndexes[first]);
	return pieces.map((_, index) => {
		const outcome = byPiece.get(index);
		return outcome?.ok ? outcome.result : toErrorRow(failures[index], itemIndexes[index]);
	});
}

type RowOutcome = JobOutcome<INodeExecutionData> | undefined;

function withProblemRow(outcome: RowOutcome, { isOwnProblem, problemRow }: ItemJob): RowOutcome {
	if (outcome?.ok !== false || !problemRow || !isOwnProblem?.(outcome.error)) return outcome;
	return { ok: true, result: problemRow(outcome.error, outcome.waited) };
}

function failureOf(outcome: JobOutcome<unknown> | undefined): Error | undefined {
	return outcome?.ok === false ? outcome.error : undefined;
}

/** The rows of `tryEachItem`, for operations whose work ends there. */
export function toRows(
	context: IExecuteFunctions,
	outcomes: ReadonlyArray<ItemOutcome<INodeExecutionData>>,
	itemIndexes: readonly number[] = allItems(context),
): INodeExecutionData[] {
	return outcomes.map((outcome, index) => (outcome.ok ? outcome.value : toErrorRow(outcome.error, itemIndexes[index])));
}

function toItemError(context: IExecuteFunctions, thrown: unknown, itemIndex: number): ItemError {
	return ItemError.of(thrown, itemIndex, context.getInputData().length);
}

function allItems(context: IExecuteFunctions): number[] {
	return [...context.getInputData().keys()];
}
