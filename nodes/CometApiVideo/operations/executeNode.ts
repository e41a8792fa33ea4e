/** One run of the node: a step of a wait that sleeps, or the chosen operation, and what becomes of an error that concerns all items. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { findOperation } from './index';
import {
	CanceledError,
	CometApiVideoError,
	toCometApiVideoError,
	toErrorRow,
	toNodeError,
	withLeftTasks,
} from '../task/errors';
import { ItemError } from './items/itemError';
import { readSleepStep } from './sleep/sleepStep';
import { takeSleepStep } from './sleep/takeSleepStep';

/** @throws NodeOperationError, with the index of the item that it concerns; nothing where On Error says to go on */
export async function executeNode(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const sleepStep = readSleepStep(context);
	if (sleepStep) return await takeSleepStep(context, sleepStep);
	try {
		return [await findOperation(context)(context)];
	} catch (thrown) {
		const { error: found, itemIndex } = thrown instanceof ItemError ? thrown : { error: thrown, itemIndex: undefined };
		const error = context.isToolExecution?.() === true ? asPlainError(found) : found;
		const isStopped = context.getExecutionCancelSignal()?.aborted === true;
		if (isStopped) throw toNodeError(context.getNode(), asCanceled(found));
		if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
		// What concerns all items is each item's error: n8n would pass the input items on as if they were results.
		return [[...context.getInputData().keys()].map((index) => toErrorRow(error, index))];
	}
}

/** Stop cuts requests off, which is not what the user has to read of. */
function asCanceled(thrown: unknown): CanceledError {
	if (thrown instanceof CanceledError) return thrown;
	const { details, leftTasks } = toCometApiVideoError(thrown);
	return withLeftTasks(new CanceledError('The run was canceled', '', details), leftTasks);
}

/** n8n hands on a tool's NodeOperationError as it is; in any other it replaces texts that hold a code such as ECONNRESET. */
function asPlainError(thrown: unknown): CometApiVideoError {
	const { message, advice, details, leftTasks } = toCometApiVideoError(thrown);
	return withLeftTasks(new CometApiVideoError(message, advice, details), leftTasks);
}
