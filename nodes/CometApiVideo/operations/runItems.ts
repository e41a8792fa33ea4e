/**
 * What every operation does around its own work: one outcome per item, errors as On Error wants them, order kept, and the
 * wait of all items in one loop.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../tasks/clock';
import { toErrorRow, toNodeError } from '../tasks/errors';
import { runJobs } from '../tasks/waitForTasks';
import type { Job, JobOutcome } from '../tasks/waitForTasks';
import type { RunSettings } from './runSettings';

export type ItemOutcome<Value> = { ok: true; value: Value } | { ok: false; error: Error };

/**
 * Runs `work` for each item, one after the other.
 * @throws NodeApiError | NodeOperationError of the first item that fails, unless On Error says to go on
 */
export async function tryEachItem<Value>(
	context: IExecuteFunctions,
	work: (itemIndex: number) => Promise<Value> | Value,
): Promise<Array<ItemOutcome<Value>>> {
	const outcomes: Array<ItemOutcome<Value>> = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			outcomes.push({ ok: true, value: await work(itemIndex) });
		} catch (error) {
			if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
			outcomes.push({ ok: false, error: error as Error });
		}
	}
	return outcomes;
}

/**
 * Runs the jobs of the items that are ready in one loop, and puts their rows and the error rows in the order of the items.
 * @throws NodeApiError | NodeOperationError of the first item that fails, unless On Error says to go on
 */
export async function runItems<Ready>(
	context: IExecuteFunctions,
	settings: RunSettings,
	items: ReadonlyArray<ItemOutcome<Ready>>,
	toJob: (ready: Ready, itemIndex: number) => Omit<Job<INodeExecutionData>, 'itemIndex'>,
): Promise<INodeExecutionData[]> {
	const jobs = items.flatMap((item, itemIndex) => (item.ok ? [{ ...toJob(item.value, itemIndex), itemIndex }] : []));
	const lastShown = new Map<number, string>();
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
			if (lastShown.get(itemIndex) === text) return;
			lastShown.set(itemIndex, text);
			context.sendMessageToUI(`Item ${itemIndex}: task ${text}`);
		},
	}).catch((error: unknown) => {
		throw toNodeError(context.getNode(), error);
	});
	const byItem = new Map(jobs.map(({ itemIndex }, jobIndex) => [itemIndex, outcomes[jobIndex]]));
	const failures = items.map((item, itemIndex) => (item.ok ? failureOf(byItem.get(itemIndex)) : item.error));
	const first = failures.findIndex((failure) => failure !== undefined);
	if (first >= 0 && !context.continueOnFail()) throw toNodeError(context.getNode(), failures[first], first);
	return items.map((_, itemIndex) => {
		const outcome = byItem.get(itemIndex);
		return outcome?.ok ? outcome.result : toErrorRow(failures[itemIndex], itemIndex);
	});
}

function failureOf(outcome: JobOutcome<unknown> | undefined): Error | undefined {
	return outcome?.ok === false ? outcome.error : undefined;
}

/** The rows of `tryEachItem`, for operations whose work ends there. */
export function toRows(outcomes: ReadonlyArray<ItemOutcome<INodeExecutionData>>): INodeExecutionData[] {
	return outcomes.map((outcome, itemIndex) => (outcome.ok ? outcome.value : toErrorRow(outcome.error, itemIndex)));
}
