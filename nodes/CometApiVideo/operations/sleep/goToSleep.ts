/**
 * The node puts itself to sleep: hands its open tasks to a sub-workflow that looks at them now and then, and is parked in n8n's
 * database. n8n goes on with the rows of the sub-workflow without running the node again.
 */
import { WAIT_FOR_SUB_EXECUTION, validateWorkflowHasTriggerLikeNode } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { START, runSubWorkflow } from '../../subWorkflow/runSubWorkflow';
import type { SubWorkflow } from '../../subWorkflow/runSubWorkflow';
import { TaskTimeoutError, toErrorRow } from '../../task/errors';
import { isToolOfAgent } from '../generate/createdTasks';
import type { RecordPlace } from '../generate/runRecord';
import { pendingRow, readSleepingTask } from './sleepingRow';
import type { SleepingTask } from './sleepingRow';
import { writeSleepStep } from './sleepStep';
import type { SleepSettings } from './sleepStep';
import { deadlineOf } from './wakeUpTime';

/** Long enough for the last look and a long download: whoever comes out by this time has not been woken, and will not be. */
const MARGIN_MS = 10 * 60_000;
/** What the nodes before this one may have taken: n8n tells none when its execution began. */
const NODES_BEFORE_MS = 5 * 60_000;
const LOOK = 'Look at the tasks';
const SLEEP = 'Sleep';
const NOT_WOKEN =
	'n8n was interrupted while it waited for this task. The video was paid for and may be finished: fetch it with Task > Wait, and do not create it again';

/**
 * @param rows all rows of the run; those that are not done are sleeping rows
 * @param startedAt when the run began, in milliseconds since 1970
 * @param whyNot why this run has to stay awake
 * @returns until when n8n lets the node wait, in milliseconds since 1970; undefined if it has to stay awake, which a hint explains:
 *   nothing has happened then
 */
export async function goToSleep(
	context: IExecuteFunctions,
	rows: readonly INodeExecutionData[],
	settings: SleepSettings,
	startedAt: number,
	whyNot?: string,
): Promise<number | undefined> {
	const deadline = Math.max(...rows.flatMap((row) => readSleepingTask(row) ?? []).map(({ wait }) => deadlineOf(wait)));
	const reason =
		whyNot ??
		whyAwake(context, isToolOfAgent(context)) ??
		whyLimited(context, deadline - startedAt) ??
		(await beginSubWorkflow(context, rows, settings, deadline + MARGIN_MS));
	if (typeof reason === 'number') return reason;
	context.addExecutionHints?.({
		message: `While Waiting is set to sleep, but the workflow was kept running: ${reason}.`,
		type: 'info',
		location: 'outputPane',
	});
	return undefined;
}

/** @returns why this n8n offers no sleep here, as the end of a sentence; undefined where the node may try */
function whyAwake(context: IExecuteFunctions, isTool: boolean): string | undefined {
	if (isTool) return 'an AI agent waits for the answer of its tool';
	if (typeof context.putExecutionToWait !== 'function' || typeof context.getExecuteData !== 'function')
		return 'this n8n does not offer it';
	// Before 2.0 n8n gives the node the input of a sub-workflow that has waited, not its output. Both came with 2.0 or later.
	const isNewEnough = [validateWorkflowHasTriggerLikeNode, WAIT_FOR_SUB_EXECUTION].some((it) => it !== undefined);
	return isNewEnough ? undefined : 'it needs n8n 2.0 or newer';
}

/**
 * n8n cancels what has slept past the limit of its workflow only when it wakes it: then the rows have left the table, and go nowhere. One
 * that is cancelled awake leaves its tasks in the table.
 * @param longestMs from the beginning of the run to its last time-out
 * @returns as `whyAwake`
 */
function whyLimited(context: IExecuteFunctions, longestMs: number): string | undefined {
	const neededMs = longestMs + NODES_BEFORE_MS;
	// In seconds; -1 is none. Since n8n 2.5 a node may read it, but never the limit that n8n's environment sets.
	const limit = context.getWorkflowSettings?.().executionTimeout ?? -1;
	if (limit <= 0 || limit * 1000 >= neededMs) return undefined;
	return `its time limit (Workflow Settings > Timeout Workflow) could pass before the last video is finished. To let it sleep, allow ${Math.ceil(neededMs / 60_000)} minutes or more there, or lower Timeout (Minutes)`;
}

/**
 * @param until when the node goes on if nobody wakes it: a sub-workflow that ends without a word, because n8n was killed just then,
 *   would leave it waiting for ever
 * @returns why it does not run, or until when the node is parked
 */
async function beginSubWorkflow(
	context: IExecuteFunctions,
	rows: readonly INodeExecutionData[],
	settings: SleepSettings,
	until: number,
): Promise<string | number> {
	const outcome = await runSubWorkflow(context, sleepingWorkflow(context, settings), [...rows]);
	if (outcome.is === 'refused') return outcome.reason;
	if (outcome.is !== 'waiting')
		return outcome.is === 'failed' ? outcome.error.message : 'the sub-workflow did not wait';
	// At this time n8n passes on the input of the node, as if it were the output: prompts must not go out as results.
	context.getExecuteData().data.main = [rows.map((row) => rowAtDeadline(row, settings))];
	await context.putExecutionToWait(new Date(until));
	return until;
}

function rowAtDeadline(row: INodeExecutionData, settings: SleepSettings): INodeExecutionData {
	const sleeping = readSleepingTask(row);
	if (!sleeping) return row;
	const { itemIndex } = sleeping;
	if (settings.hasErrorRows && !settings.returnOnTimeout) return toErrorRow(notWoken(sleeping), itemIndex);
	const json = pendingRow(sleeping, settings.includeRaw, { timedOut: true, problem: NOT_WOKEN });
	return { json, pairedItem: { item: itemIndex } };
}

function notWoken({ ref, details, wait }: SleepingTask): TaskTimeoutError {
	return new TaskTimeoutError(`The end of task ${ref.taskId} is unknown`, `${NOT_WOKEN}.`, {
		...details,
		...ref,
		rawStatus: wait.task?.rawStatus,
	});
}

function tableParameters({ hasKey, tableId }: RecordPlace): INodeParameters {
	return {
		tableAccess: hasKey ? 'apiKey' : 'thisN8n',
		// Never by the name: what begins with `=` would be an expression here.
		dataTable: { __rl: true, mode: 'id', value: tableId },
	};
}

/** Sleep, look, and again, until all tasks have ended: then the look is the last node, and its first output the result. */
function sleepingWorkflow(context: IExecuteFunctions, settings: SleepSettings): SubWorkflow {
	const { type, typeVersion, credentials } = context.getNode();
	const node = (name: string, sleepStep: string) => ({
		name,
		type,
		typeVersion,
		credentials,
		parameters: {
			resource: 'task',
			operation: 'wait',
			useRecordedTasks: settings.recordIn !== undefined,
			...(settings.recordIn ? tableParameters(settings.recordIn) : {}),
			// Required in the panel, and not read: n8n runs no node without it.
			taskId: 'of the items',
			sleepStep,
		},
		onError: 'continueRegularOutput' as const,
	});
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	return {
		name: 'CometAPI Video: wait for tasks',
		nodes: [node(SLEEP, writeSleepStep({ is: 'sleep' })), node(LOOK, writeSleepStep({ is: 'look', settings }))],
		connections: { [START]: { main: [to(SLEEP)] }, [SLEEP]: { main: [to(LOOK)] }, [LOOK]: { main: [[], to(SLEEP)] } },
		// Files belong to the execution that has fetched them, and would go with it.
		settings: { saveDataSuccessExecution: 'all', saveDataErrorExecution: 'all' },
		shouldResume: true,
	};
}
