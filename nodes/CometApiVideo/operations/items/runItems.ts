/**
 * What every operation does around its own work: one outcome per item, errors as On Error wants them, order kept, and the
 * wait of all items in one loop.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../../task/clock';
import { toErrorRow } from '../../task/errors';
import type { Job, JobOutcome, Rest, WaitedTask } from '../../wait/job';
import { runJobs } from '../../wait/runJobs';
import type { RunSettings } from '../input/runSettings';
import { ItemError } from './itemError';

/** What came of one piece of work, and the input item that it belongs to. */
export type ItemOutcome<Value> = { itemIndex: number } & ({ ok: true; value: Value } | { ok: false; error: Error });

/** The work on one item in the common loop. */
export interface ItemJob extends Omit<Job<INodeExecutionData>, 'itemIndex'> {
	/** The row of a job that has failed and lets the others go on. */
	problemRow?(error: Error, waited?: WaitedTask): INodeExecutionData;
}

/** When and to whom the wait is handed over, with all rows as they are by then. */
export interface RowsRest extends Omit<Rest<INodeExecutionData>, 'handOver'> {
	handOver(rows: INodeExecutionData[]): Promise<boolean>;
}

/**
 * Runs `work` for each input item, one after the other.
 * @throws ItemError of the first item that fails, unless On Error says to go on
 */
export async function tryEachItem<Value>(
	context: IExecuteFunctions,
	work: (itemIndex: number) => Promise<Value> | Value,
): Promise<Array<ItemOutcome<Value>>> {
	const items = [...context.getInputData().keys()].map((itemIndex) => ({ itemIndex }));
	return await tryEachPiece(context, items, async ({ itemIndex }) => await work(itemIndex));
}

/**
 * Runs `work` for each piece of work, one after the other, where the pieces are not the items.
 * @throws ItemError of the first piece that fails, unless On Error says to go on
 */
export async function tryEachPiece<Piece extends { itemIndex: number }, Value>(
	context: IExecuteFunctions,
	pieces: readonly Piece[],
	work: (piece: Piece, position: number) => Promise<Value> | Value,
): Promise<Array<ItemOutcome<Value>>> {
	const outcomes: Array<ItemOutcome<Value>> = [];
	for (const [position, piece] of pieces.entries()) {
		const { itemIndex } = piece;
		try {
			outcomes.push({ itemIndex, ok: true, value: await work(piece, position) });
		} catch (error) {
			if (!context.continueOnFail()) throw toItemError(context, error, itemIndex);
			outcomes.push({ itemIndex, ok: false, error: error as Error });
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
	toJob: (ready: Ready, position: number) => ItemJob,
	rest?: RowsRest,
): Promise<INodeExecutionData[]> {
	const readyPieces = pieces.flatMap((piece, position) => (piece.ok ? [{ ...piece, position }] : []));
	const jobs = readyPieces.map(({ position, value, itemIndex }) => ({ ...toJob(value, position), itemIndex }));
	const lastShown = new Map<string, string>();
	const toEnds = (outcomes: readonly RowOutcome[]) => {
		const withProblemRows = jobs.map((job, jobIndex) => withProblemRow(outcomes[jobIndex], job));
		const byPiece = new Map(readyPieces.map(({ position }, jobIndex) => [position, withProblemRows[jobIndex]]));
		return pieces.map((piece, position) => {
			const outcome = byPiece.get(position);
			return { itemIndex: piece.itemIndex, outcome, failure: piece.ok ? failureOf(outcome) : piece.error };
		});
	};
	const toRowsOf = (ends: ReturnType<typeof toEnds>) =>
		ends.map(({ itemIndex, outcome, failure }) => (outcome?.ok ? outcome.result : toErrorRow(failure, itemIndex)));
	const outcomes = await runJobs(jobs, {
		...settings,
		rest: rest && { ...rest, handOver: async (rows) => await rest.handOver(toRowsOf(toEnds(rows))) },
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
	const ends = toEnds(outcomes);
	const first = ends.find(({ failure }) => failure !== undefined);
	if (first && !context.continueOnFail()) throw toItemError(context, first.failure, first.itemIndex);
	return toRowsOf(ends);
}

type RowOutcome = JobOutcome<INodeExecutionData> | undefined;

function withProblemRow(outcome: RowOutcome, { letsOthersGoOn, problemRow }: ItemJob): RowOutcome {
	if (outcome?.ok !== false || !problemRow || !letsOthersGoOn?.(outcome.error)) return outcome;
	return { ok: true, result: problemRow(outcome.error, outcome.waited) };
}

function failureOf(outcome: JobOutcome<unknown> | undefined): Error | undefined {
	return outcome?.ok === false ? outcome.error : undefined;
}

/** The rows of `tryEachItem` or `tryEachPiece`, for operations whose work ends there. */
export function toRows(outcomes: ReadonlyArray<ItemOutcome<INodeExecutionData>>): INodeExecutionData[] {
	return outcomes.map((outcome) => (outcome.ok ? outcome.value : toErrorRow(outcome.error, outcome.itemIndex)));
}

function toItemError(context: IExecuteFunctions, thrown: unknown, itemIndex: number): ItemError {
	return ItemError.of(thrown, itemIndex, context.getInputData().length);
}
