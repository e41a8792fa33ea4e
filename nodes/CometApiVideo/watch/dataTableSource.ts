/**
 * Watches the rows of an n8n Data Table whose task has not ended as far as the table knows.
 *
 * When a finished row is marked in the table, and why then:
 * 1. The state decides whether a task has been handed over, not the row. n8n stores the state with the start of the workflow
 *    (in one transaction with durable poll cursors, otherwise just before), and both happen after poll() has returned. A row
 *    that was marked before would be lost if n8n ended in between, because marked rows are not read again.
 * 2. So the row is marked some seconds after the hand-over, and again by the next poll if that did not succeed. Until then
 *    the row is read again, and the state keeps the task from being handed over twice.
 * 3. Without durable poll cursors n8n may end between storing the state and starting the workflow. After a restart, tasks that
 *    the state calls done while their row is not marked are such cases, or n8n ended right after the start. The list of the
 *    workflow's executions tells them apart, if the API key may read it; if not, the task counts as handed over.
 */
import type { IPollFunctions } from 'n8n-workflow';
import { toTableLocator } from '../journal/chosenTable';
import { createDataTableClient } from '../journal/dataTableApi';
import type { DataTableRow } from '../journal/dataTableApi';
import { MAX_UNFINISHED_ROWS, fitColumns, openTable, readUnfinishedRows, toOutputRow } from '../journal/taskJournal';
import type { ColumnNames } from '../journal/taskJournal';
import { readStoredReference } from '../references/taskReference';
import { createCometApiClient } from '../tasks/client';
import { clock } from '../tasks/clock';
import { toCometApiVideoError } from '../tasks/errors';
import { toItemJson } from '../tasks/output';
import type { WatchState } from './finishedTasks';
import { MAX_FIRST_LOOKS, MAX_LOOKS_PER_POLL, lookAtTasks } from './lookAtTasks';
import type { WatchedTask } from './lookAtTasks';
import type { OpenTaskSource, WatchSettings } from './taskSource';
import { newestOf, passesFilters } from './taskSource';
import { createWatchMemory } from './watchMemory';

const REQUEST_TIMEOUT_SECONDS = 15;
const MAX_SAMPLES = 10;
/** n8n notes the start of an execution this much after the hand-over, or before by its rounding. */
const EXECUTION_MARGIN_MS = 5000;

/** @throws InvalidInputError, RequestError when the table cannot be used */
export const openDataTableSource: OpenTaskSource = async (context, settings) => {
	const client = await createCometApiClient(context, { requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS });
	const tables = await createDataTableClient(context);
	const names = readColumnNames(context);
	const table = await openTable(tables, toTableLocator(context.getNodeParameter('dataTable')), names);
	const toTasks = (rows: readonly DataTableRow[]) => rows.flatMap((row) => toWatchedTask(context, settings, row, names) ?? []);
	/** Two rows may name one task: it is watched once, and both are marked. */
	const rowIds = new Map<string, number[]>();
	let isComplete = false;

	/** See 3. above. */
	const takeBackWhatWasCutOff = async (tasks: readonly WatchedTask[], { done }: WatchState) => {
		const doubtful = tasks.filter(({ key }) => Object.hasOwn(done, key));
		if (doubtful.length === 0) return;
		const starts = await tables.readExecutionStarts(String(context.getWorkflow().id)).catch(() => []);
		// An empty list may also mean that n8n does not keep executions.
		if (starts.length === 0) return;
		for (const { key } of doubtful) {
			if (!starts.some((start) => start >= done[key] * 1000 - EXECUTION_MARGIN_MS)) delete done[key];
		}
	};

	return {
		watched: `dataTable:${table.id}`,
		async look({ state, memory, isFirstLook, isAfterRestart, until }) {
			const rows = await readUnfinishedRows(tables, table, names);
			const tasks = toTasks(rows).filter(({ key, row }) => {
				const known = rowIds.get(key);
				rowIds.set(key, [...(known ?? []), ...(row ? [row.id] : [])]);
				return !known;
			});
			isComplete = rows.length < MAX_UNFINISHED_ROWS;
			if (isAfterRestart) await takeBackWhatWasCutOff(tasks, state);
			const maxLooks = isFirstLook ? MAX_FIRST_LOOKS : MAX_LOOKS_PER_POLL;
			return await lookAtTasks(client, tasks, memory, { maxLooks, until });
		},
		canComeUpAgain: (key) => !isComplete || rowIds.has(key),
		async markFinished(readings) {
			for (const { key, task, known, failureReason } of readings) {
				const json = toItemJson(task, { ...known, ref: task.ref, failureReason, includeRaw: false });
				const data = fitColumns(table, json, names);
				for (const rowId of rowIds.get(key) ?? []) await tables.updateRow(table.id, rowId, data);
			}
		},
		async sample() {
			const tasks = toTasks(await tables.readRows(table.id, { limit: MAX_SAMPLES, newestFirst: true }));
			const limits = { maxLooks: MAX_SAMPLES, until: Infinity };
			const { readings, failures } = await lookAtTasks(client, tasks, createWatchMemory(), limits);
			if (readings.length === 0 && failures.length > 0) throw failures[0];
			return newestOf(readings);
		},
	};
};

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
): WatchedTask | undefined {
	const json = toOutputRow(row, names);
	if (json.taskId === null || json.taskId === undefined || json.taskId === '') return undefined;
	try {
		const reference = readStoredReference(json);
		const { ref, isGuess, row: known } = reference;
		if (!passesFilters(settings, { provider: isGuess ? undefined : ref.provider, model: known.model })) return undefined;
		const enteredAt = typeof row.createdAt === 'string' ? Date.parse(row.createdAt) : NaN;
		return {
			key: ref.taskId,
			known,
			seconds: Math.floor(clock.now() / 1000),
			enteredAt: Number.isNaN(enteredAt) ? undefined : enteredAt,
			row,
			reference,
		};
	} catch (error) {
		context.logger.warn(`Row ${row.id} of the data table is not watched: ${toCometApiVideoError(error).message}`);
		return undefined;
	}
}
