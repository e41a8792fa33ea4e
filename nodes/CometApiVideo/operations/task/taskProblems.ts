/**
 * What becomes of a recorded task that cannot be read, does not end in time or whose file cannot be fetched: a row, so that
 * it keeps none of the others from being taken up, and its row in the table stays unfinished.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toCometApiVideoError, toNodeError } from '../../task/errors';
import type { WaitedTask } from '../../wait/job';
import { toItemJson } from '../../task/row';
import type { TaskContext } from '../../task/types';
import { isAboutAccess, isOutOfReach } from '../../service/refusals';

interface TaskProblem {
	error: Error;
	/** Absent: the task was looked at once, which has failed. */
	waited?: WaitedTask;
	itemIndex: number;
	/** What the row shows besides the task's own fields. */
	row: Omit<TaskContext, 'includeRaw'>;
}

export interface TaskProblems {
	/** False: all tasks have the problem, or On Error decides, so it is an error as everywhere else. */
	concernsOneTask(error: Error): boolean;
	toRow(problem: TaskProblem): INodeExecutionData;
	/** @throws NodeApiError | NodeOperationError when CometAPI was out of reach for all of that many tasks */
	assertReached(taskCount: number): void;
}

/** The problems of one run. */
export function openTaskProblems(context: IExecuteFunctions, areRecorded: boolean, includeRaw: boolean): TaskProblems {
	const unreached: Error[] = [];
	return {
		concernsOneTask(error) {
			// What Stop has cut off is no problem of a task.
			const isStopped = context.getExecutionCancelSignal()?.aborted === true;
			return areRecorded && !context.continueOnFail() && !isStopped && !isAboutAccess(error);
		},
		toRow(problem) {
			const { error, waited } = problem;
			const isUnseen = waited?.task === undefined;
			if (isUnseen && isOutOfReach(waited?.lostContact ?? error)) unreached.push(error);
			return toProblemRow(problem, includeRaw);
		},
		assertReached(taskCount) {
			if (unreached.length > 0 && unreached.length === taskCount) throw toNodeError(context.getNode(), unreached[0]);
		},
	};
}

/** The row of a task as it was seen last, with the problem as its `failureReason`. */
export function toProblemRow({ error, waited, itemIndex, row }: TaskProblem, includeRaw: boolean): INodeExecutionData {
	const { task, started, waitedMs, pollCount = 1, timedOut } = waited ?? {};
	const json = toItemJson(task, {
		...row,
		ref: started?.ref ?? row.ref,
		waitedMs,
		pollCount,
		timedOut,
		problem: toCometApiVideoError(error).message,
		includeRaw,
	});
	return { json, pairedItem: { item: itemIndex } };
}
