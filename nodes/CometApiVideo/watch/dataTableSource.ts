/**
 * Watches the rows of an n8n Data Table whose task has not ended as far as the table knows.
 *
 * When a finished row is marked in the table, and why then:
 * 1. The state decides whether a task has been handed over, not the row. n8n stores the state with the start of the workflow
 *    (in one transaction with durable poll cursors, otherwise just before), and both happen after poll() has returned, if at
 *    all: n8n drops the result of a poll whose workflow has been changed meanwhile. A row that was marked before would be lost
 *    then, because marked rows are not read again.
 * 2. So the row is marked by the next poll that knows of the hand-over. Until then the row is read again, and the state keeps
 *    the task from being handed over twice.
 * 3. Without durable poll cursors n8n may end between storing the state and starting the workflow. After a restart, tasks that
 *    the state calls handed over while their row is not marked are such cases, or n8n ended before the next poll. The list of
 *    the workflow's executions tells them apart, if the API key may read it and n8n keeps executions that succeed; if not, the
 *    task counts as handed over.
 */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { toTableLocator } from '../journal/chosenTable';
import { createDataTableClient } from '../journal/dataTableApi';
import type { DataTableRow, Execution } from '../journal/dataTableApi';
import {
	MAX_UNFINISHED_ROWS,
	UNKNOWN,
	endColumns,
	fitColumns,
	openTable,
	readUnfinishedRows,
	statusOf,
	toOutputRow,
} from '../journal/taskJournal';
import type { ColumnNames } from '../journal/taskJournal';
import { readStoredReference } from '../providers/taskReference';
import { createCometApiClient } from '../service/client';
import { clock } from '../task/clock';
import { toCometApiVideoError } from '../task/errors';
import { toItemJson } from '../task/row';
import type { WatchState } from './finishedTasks';
import { LOOKS_AT_ONCE, MAX_FIRST_LOOKS, MAX_LOOKS_PER_POLL, lookAtTasks } from './lookAtTasks';
import type { Looks, WatchedTask } from './lookAtTasks';
import type { OpenTaskSource, WatchSettings } from './taskSource';
import { newestOf, passesFilters } from './taskSource';
import { createWatchMemory } from './watchMemory';

const REQUEST_TIMEOUT_SECONDS = 15;
/** CometAPI's gateway gives up on tasks after a day. */
const UNKNOWN_FOR_GOOD_MS = 24 * 3_600_000;
const MAX_SAMPLES = 10;
/** n8n notes the start of an execution this much after the hand-over, or before by its rounding. */
const EXECUTION_MARGIN_MS = 5000;

/** @throws InvalidInputError, RequestError when the table cannot be used */
export const openDataTableSource: OpenTaskSource = async (context, settings) => {
	const client = await createCometApiClient(context, { requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS });
	const tables = await createDataTableClient(context);
	const names = readColumnNames(context);
	const table = await openTable(tables, toTableLocator(context.getNodeParameter('dataTable')), names);
	const toTasks = (rows: readonly DataTableRow[]) =>
		rows.flatMap((row) => toWatchedTask(context, settings, row, names, table.id) ?? []);
	/** Two rows may name one task: it is watched once, and both are marked. */
	const rowsByTask = new Map<string, DataTableRow[]>();
	let isComplete = false;

	/** Unless somebody has changed the status meanwhile. */
	const mark = async (row: DataTableRow, columns: IDataObject) => {
		const where = { id: row.id, [names.status ?? 'status']: statusOf(row, names) };
		await tables.updateRows(table.id, where, fitColumns(table, columns, names));
	};

	/** See 3. above. */
	const takeBackWhatWasCutOff = async (tasks: readonly WatchedTask[], { done, handedOver }: WatchState) => {
		const doubtful = tasks.filter(({ key }) => Object.hasOwn(handedOver, key));
		if (doubtful.length === 0) return;
		const executions = await tables.readExecutions(String(context.getWorkflow().id)).catch(() => []);
		const areKept = executions.some(({ mode, status }) => mode === 'trigger' && status === 'success');
		if (!areKept) return;
		for (const { key } of doubtful) {
			const handedOverMs = handedOver[key] * 1000 - EXECUTION_MARGIN_MS;
			if (executions.some((execution) => hasBegunSince(execution, handedOverMs))) continue;
			delete done[key];
			delete handedOver[key];
		}
	};

	/** A task that CometAPI does not know after a day will not be known again; its row leaves the watch. */
	const giveUpUnknown = async (tasks: ReadonlyArray<WatchedTask & { row: DataTableRow }>, { failures }: Looks) => {
		for (const failure of failures) {
			const { taskId, httpStatus = 0 } = failure.details;
			const task = tasks.find(({ key }) => key === taskId);
			const isOld = task?.enteredAt !== undefined && clock.now() - task.enteredAt > UNKNOWN_FOR_GOOD_MS;
			if (!task || !isOld || ![400, 404].includes(httpStatus)) continue;
			await mark(task.row, { status: UNKNOWN, failureReason: failure.message });
		}
	};

	return {
		watched: `dataTable:${table.id}`,
		lists: [table.id],
		forgettable: { canComeUpAgain: (key) => !isComplete || rowsByTask.has(key) },
		/** Marking comes long after activation; that the key may do it must be known now. */
		check: async () => await tables.assertMayWrite(table.id, 'update', names.status ?? 'status'),
		async look({ state, memory, isFirstLook, isAfterRestart, until }) {
			const rows = await readUnfinishedRows(tables, table, names);
			const tasks = toTasks(rows).filter(({ key, row }) => {
				const known = rowsByTask.get(key);
				rowsByTask.set(key, [...(known ?? []), row]);
				return !known;
			});
			isComplete = rows.length < MAX_UNFINISHED_ROWS;
			if (isAfterRestart) await takeBackWhatWasCutOff(tasks, state);
			const maxLooks = isFirstLook ? MAX_FIRST_LOOKS : MAX_LOOKS_PER_POLL;
			const looks = await lookAtTasks(client, tasks, memory, { maxLooks, until, isFirstLook });
			await giveUpUnknown(tasks, looks).catch(() => undefined);
			return looks;
		},
		async markFinished(readings, until) {
			const work = readings[Symbol.iterator]();
			const markOn = async () => {
				for (const { key, task, failureReason } of work) {
					if (clock.now() >= until) return;
					const json = toItemJson(task, { ref: task.ref, failureReason, includeRaw: false });
					for (const row of rowsByTask.get(key) ?? []) await mark(row, endColumns(json, toOutputRow(row, names)));
				}
			};
			await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, markOn));
		},
		async sample() {
			const tasks = toTasks(await tables.readNewestRows(table.id, MAX_SAMPLES));
			const limits = { maxLooks: MAX_SAMPLES, until: Infinity };
			const { readings, failures } = await lookAtTasks(client, tasks, createWatchMemory(), limits);
			if (readings.length === 0 && failures.length > 0) throw failures[0];
			return newestOf(readings);
		},
	};
};

/** One without a start waits for it, unless it is over: n8n makes such an execution of a poll that has failed. */
function hasBegunSince({ startedAt, status }: Execution, timeMs: number): boolean {
	if (startedAt !== undefined) return startedAt >= timeMs;
	return !['success', 'error', 'crashed', 'canceled'].includes(status);
}

/** Names that the user has given to columns, by the names that the nodes use. */
function readColumnNames(context: IPollFunctions): ColumnNames {
	const given = context.getNodeParameter('columnNames', {}) as Record<string, unknown>;
	return Object.fromEntries(
		Object.entries(given).flatMap(([name, column]) => {
			const text = String(column ?? '').trim();
			return text === '' ? [] : [[name, text]];
		}),
	);
}

/** Undefined for a row without a task, and for one that the filters leave to others. */
function toWatchedTask(
	context: IPollFunctions,
	settings: WatchSettings,
	row: DataTableRow,
	names: ColumnNames,
	list: string,
): (WatchedTask & { row: DataTableRow }) | undefined {
	const json = toOutputRow(row, names);
	if (json.taskId === null || json.taskId === undefined || json.taskId === '') return undefined;
	try {
		const reference = readStoredReference(json);
		const { ref, isGuess, row: known } = reference;
		if (!passesFilters(settings, { provider: isGuess ? undefined : ref.provider, model: known.model }))
			return undefined;
		const enteredAt = typeof row.createdAt === 'string' ? Date.parse(row.createdAt) : NaN;
		return {
			key: ref.taskId,
			known,
			seconds: Math.floor(clock.now() / 1000),
			enteredAt: Number.isNaN(enteredAt) ? undefined : enteredAt,
			list,
			row,
			reference,
		};
	} catch (error) {
		context.logger.warn(`Row ${row.id} of the data table is not watched: ${toCometApiVideoError(error).message}`);
		return undefined;
	}
}
