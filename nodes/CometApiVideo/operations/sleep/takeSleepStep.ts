/** The two nodes of the sleeping sub-workflow: one sleeps, the other looks at all tasks together, once. It can create nothing. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readChosenTable } from '../../journal/chosenTable';
import { HOLD_COLUMN } from '../../journal/rowHold';
import { hasDataTables } from '../../journal/tablesOfThisN8n';
import { openJournal } from '../../journal/taskJournal';
import { foundAt, readStoredReference } from '../../providers/taskReference';
import { createCometApiClient } from '../../service/client';
import type { CometApiClient } from '../../service/client';
import { isObject } from '../../task/json';
import { asText } from '../../task/asText';
import { clock } from '../../task/clock';
import { toCometApiVideoError, toErrorRow } from '../../task/errors';
import type { WaitedTask } from '../../wait/job';
import { finishTask } from '../items/finishTask';
import { runItems } from '../items/runItems';
import type { ItemJob } from '../items/runItems';
import { TaskFiles } from '../items/taskFiles';
import { toProblemRow } from '../task/taskProblems';
import { pendingRow, readSleepingTask, toSleepingRow } from './sleepingRow';
import type { SleepingTask } from './sleepingRow';
import type { SleepSettings, SleepStep } from './sleepStep';
import { MIN_SLEEP_MS, deadlineOf, wakeUpTime } from './wakeUpTime';

/** Several starts, one after the other; whoever has no tables by then has switched them off. With the last sleep less than the parent waits after its last time-out. */
const LONGEST_START_MS = 8 * 60_000;

/** @returns two outputs: the rows when all tasks have ended, or else the rows as they are by now */
export async function takeSleepStep(context: IExecuteFunctions, step: SleepStep): Promise<INodeExecutionData[][]> {
	const rows = context.getInputData();
	if (step.is === 'sleep') {
		const waits = rows.flatMap((row) => readSleepingTask(row)?.wait ?? []);
		await context.putExecutionToWait(new Date(wakeUpTime(waits, clock.now())));
		return [rows];
	}
	if (isTooEarly(context, step.settings)) return [[], rows];
	if (await isParentStopped(context, step.settings)) {
		await leaveRows(context, step.settings, rows, 'stopped');
		return [[], []];
	}
	const seen = await lookAtAll(context, rows, step.settings);
	if (seen.some(readSleepingTask)) return [[], seen];
	await leaveRows(context, step.settings, seen, 'handedOver');
	return [seen, []];
}

/**
 * Starting, n8n wakes what is due before its Data Tables are there, and an execution that began without them never gets them. What is
 * handed over would stay in the table, and be handed over once more: a sleep longer, they are there.
 */
function isTooEarly(context: IExecuteFunctions, { recordIn }: SleepSettings): boolean {
	const memory = context.getContext('node');
	const lacksTables = recordIn?.hasKey === false && !hasDataTables(context);
	memory.lacksTablesSince = lacksTables ? Number(memory.lacksTablesSince ?? clock.now()) : undefined;
	return lacksTables && clock.now() - Number(memory.lacksTablesSince) < LONGEST_START_MS;
}

/** A person who stops an execution does not see that there is another one. */
async function isParentStopped(context: IExecuteFunctions, { parentExecutionId }: SleepSettings): Promise<boolean> {
	// What cannot be read may still wait for the rows.
	const data = await context.getExecutionDataById(parentExecutionId).catch(() => undefined);
	return data?.resultData.error !== undefined;
}

interface Place {
	position: number;
	sleeping: SleepingTask;
}

async function lookAtAll(
	context: IExecuteFunctions,
	rows: readonly INodeExecutionData[],
	settings: SleepSettings,
): Promise<INodeExecutionData[]> {
	const places: Place[] = rows.flatMap((row, position) => {
		const sleeping = readSleepingTask(row);
		return sleeping ? [{ position, sleeping }] : [];
	});
	// What goes wrong before any look, such as reading the credential, may pass, and would not have touched a wait awake.
	const seen = await lookAt(context, places, settings).catch((error: unknown) =>
		places.map(({ sleeping }) =>
			clock.now() < deadlineOf(sleeping.wait) ? undefined : problemRow(sleeping, error, settings),
		),
	);
	const byPosition = new Map(places.map(({ position }, index) => [position, seen[index]]));
	return rows.map((row, position) => byPosition.get(position) ?? row);
}

async function lookAt(
	context: IExecuteFunctions,
	places: readonly Place[],
	settings: SleepSettings,
): Promise<INodeExecutionData[]> {
	const client = await createCometApiClient(context, settings);
	const pieces = places.map(({ sleeping }) => ({
		itemIndex: sleeping.itemIndex,
		ok: true as const,
		value: sleeping,
	}));
	// One look at each; who waits still is put down at once.
	const rest = { afterMs: 0, minimumMs: MIN_SLEEP_MS, handOver: async () => await Promise.resolve(true) };
	return await runItems(context, settings, pieces, (sleeping) => toJob(context, client, sleeping, settings), rest);
}

function toJob(
	context: IExecuteFunctions,
	client: CometApiClient,
	sleeping: SleepingTask,
	settings: SleepSettings,
): ItemJob {
	const { itemIndex, wait, details, row, download } = sleeping;
	const reference = readStoredReference(sleeping.ref);
	const files = download && new TaskFiles(context, client, download, settings, row.prompt);
	let found = reference;
	return {
		start: async () => await Promise.resolve({ ref: reference.ref, isNew: false, wait: true, details, earlier: wait }),
		async poll() {
			const { task, taskApi } = await client.findTask(found);
			found = foundAt(found, task, taskApi);
			return task;
		},
		rest: ({ ref }, earlier) =>
			toSleepingRow({ ...sleeping, ref: found.isGuess ? sleeping.ref : ref, wait: earlier }, ref, settings.includeRaw),
		finish: async (waited) =>
			await finishTask(waited, {
				context,
				client,
				settings,
				taskApi: found.taskApi,
				itemIndex,
				files,
				row,
				record: async (json) => await recordEnd(context, settings, json),
			}),
		// With On Error = stop nothing can be thrown any more: the rows are those of Return the Task.
		letsOthersGoOn: () => !settings.hasErrorRows,
		problemRow: (error, waited) => problemRow(sleeping, error, settings, waited),
	};
}

/** @returns what to tell the user when that did not succeed */
async function recordEnd(
	context: IExecuteFunctions,
	{ recordIn }: SleepSettings,
	json: IDataObject,
): Promise<string | undefined> {
	if (!recordIn) return undefined;
	const taskId = asText(json.taskId);
	try {
		const journal = await openRecord(context);
		if (recordIn.keeps === 'all')
			return await journal.entryOfTask(taskId, {}, true).write({ ...json, [HOLD_COLUMN]: null });
		// A safety net. What has succeeded leaves it when it is handed over, and n8n may be killed before that.
		if (json.status === 'failed') await journal.remove([taskId]);
		return undefined;
	} catch (error) {
		if (recordIn.keeps === 'none') return undefined;
		return `Task ${taskId} could not be recorded: ${toCometApiVideoError(error).message}`;
	}
}

async function openRecord(context: IExecuteFunctions) {
	const { tables, locator } = await readChosenTable(context);
	return await openJournal(tables, locator, context.getExecutionCancelSignal());
}

/** The last thing before the rows go out, or do not: what nobody is given may be taken up by anybody. */
async function leaveRows(
	context: IExecuteFunctions,
	{ recordIn }: SleepSettings,
	rows: readonly INodeExecutionData[],
	outcome: 'handedOver' | 'stopped',
): Promise<void> {
	if (!recordIn) return;
	const isOver = ({ json }: INodeExecutionData) => outcome === 'handedOver' && json.status === 'succeeded';
	const idsOf = (some: readonly INodeExecutionData[]) => some.flatMap((row) => taskIdOf(row) ?? []);
	try {
		const journal = await openRecord(context);
		if (recordIn.keeps === 'none') await journal.remove(idsOf(rows.filter(isOver)));
		const left = idsOf(rows.filter((row) => !isOver(row)));
		await journal.update(left.map((taskId) => ({ taskId, known: { [HOLD_COLUMN]: null } })));
	} catch (error) {
		// The holds run out by themselves.
		context.logger.warn(toCometApiVideoError(error).message);
	}
}

function taskIdOf({ json: { taskId, details } }: INodeExecutionData): string | undefined {
	return asText(taskId ?? (isObject(details) ? details.taskId : '')) || undefined;
}

/** The row of a task that cannot be waited for any longer. */
function problemRow(
	sleeping: SleepingTask,
	thrown: unknown,
	{ hasErrorRows, includeRaw }: SleepSettings,
	waited?: WaitedTask,
): INodeExecutionData {
	const { itemIndex, row } = sleeping;
	const error = toCometApiVideoError(thrown);
	if (hasErrorRows) return toErrorRow(error, itemIndex);
	if (waited) return toProblemRow({ error, waited, itemIndex, row: { ...row, ref: waited.started.ref } }, includeRaw);
	return { json: pendingRow(sleeping, includeRaw, { problem: error.message }), pairedItem: { item: itemIndex } };
}
