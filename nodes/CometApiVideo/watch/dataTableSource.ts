/**
 * Watches the rows of an n8n Data Table whose task has not ended as far as the table knows. The table alone says what is
 * history: a row that is pending there is handed over when its task is finished, however long ago that was.
 *
 * When a finished row is marked in the table, and why then:
 * 1. The state decides whether a task has been handed over, not the row. n8n stores the state with the start of the workflow
 *    (in one transaction with durable poll cursors, otherwise just before), and both happen after poll() has returned, if at
 *    all: n8n drops the result of a poll whose workflow has been changed meanwhile. A row that was marked before would be lost
 *    then, because marked rows are not read again.
 * 2. So the row is marked by the next poll that knows of the hand-over. Until then the state keeps the task from being handed
 *    over twice.
 * 3. Without durable poll cursors n8n may end between storing the state and starting the workflow. After a restart, tasks that
 *    the state calls handed over while their row is not marked are such cases, or n8n ended before the next poll. The list of
 *    the workflow's executions tells them apart, if the API key may read it and n8n keeps executions that succeed; if not, the
 *    task counts as handed over.
 *
 * A poll takes up the rows where the last one has stopped, so that any number of them is looked at in turn.
 */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { toTableLocator } from '../journal/chosenTable';
import { createDataTableClient } from '../journal/dataTableApi';
import type { DataTableClient, Execution } from '../journal/dataTableApi';
import type { DataTable, DataTableRow } from '../journal/dataTables';
import { isHeld } from '../journal/rowHold';
import { readTableTime } from '../journal/tableTime';
import {
	GONE,
	JOURNAL_COLUMNS,
	endColumns,
	fitColumns,
	openTable,
	statusOf,
	toOutputRow,
} from '../journal/taskJournal';
import type { ColumnNames } from '../journal/taskJournal';
import { readUnfinishedRows } from '../journal/unfinishedRows';
import type { RowCursor } from '../journal/unfinishedRows';
import { VIDEO_PROVIDERS } from '../providers';
import { readStoredReference } from '../providers/taskReference';
import { createCometApiClient } from '../service/client';
import { isNotFound } from '../service/refusals';
import { clock } from '../task/clock';
import { RequestError, toCometApiVideoError } from '../task/errors';
import { toRecordedJson } from '../task/row';
import { LOOKS_AT_ONCE, MAX_LOOKS_PER_POLL, isDue, isUnknownForLong, lookAtTasks } from './lookAtTasks';
import type { Looks, WatchedTask } from './lookAtTasks';
import type { OpenTaskSource, PollRound, WatchSettings } from './taskSource';
import { newestOf, passesFilters } from './taskSource';
import { createWatchMemory, forgetOthers } from './watchMemory';
import type { TableSweep, WatchMemory } from './watchMemory';
import { asText } from '../task/asText';

const REQUEST_TIMEOUT_SECONDS = 15;
/** 5,000 rows, where few of them can be looked at; the next poll goes on behind them. */
const MAX_PAGES_PER_POLL = 20;
/** CometAPI's gateway gives up on tasks after a day. */
const UNKNOWN_FOR_GOOD_MS = 24 * 3_600_000;
const MAX_SAMPLES = 10;
/** How the execution of a node ends that has handed nothing over. */
const DIED = ['error', 'crashed', 'canceled'];
/** n8n notes the start of an execution by a database's clock, and may round it, so that it lies a little before the hand-over. */
const EXECUTION_MARGIN_MS = 5000;

interface RowTask extends WatchedTask {
	rows: DataTableRow[];
}

interface NextTasks {
	/** In the order of their rows, with where to go on reading if a task is not looked at; absent: at the beginning. */
	tasks: Array<RowTask & { cursor?: RowCursor }>;
	/** Where to go on behind them; absent: these were the last. */
	next?: RowCursor;
}

/** @throws InvalidInputError, RequestError when the table cannot be used */
export const openDataTableSource: OpenTaskSource = async (context, settings, isByHand) => {
	const client = await createCometApiClient(context, { requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS });
	const tables = await createDataTableClient(context);
	const names = readColumnNames(context);
	const locator = toTableLocator(context.getNodeParameter('dataTable'));
	// Columns of other names are those of a table that is somebody's own.
	const isToBeMade = isByHand && locator.by === 'name' && Object.keys(names).length === 0;
	if (isToBeMade) await tables.findOrCreateTable(locator.value, JOURNAL_COLUMNS);
	const table = await openTable(tables, locator, names);
	const otherProviders = findOtherProviders(settings);

	/** Unless somebody has changed the status meanwhile. */
	const mark = async (row: DataTableRow, columns: IDataObject) => {
		const where = { id: row.id, [names.status ?? 'status']: statusOf(row, names) };
		await tables.updateRows(table.id, [{ where, data: fitColumns(table, columns, names) }]);
	};

	/**
	 * The next tasks that are to be looked at, as many as a poll may. A page that n8n does not give ends the reading; the next
	 * poll begins with it.
	 */
	const readTasks = async ({ memory, until }: PollRound, sweep: TableSweep): Promise<NextTasks> => {
		const tasks = new Map<string, NextTasks['tasks'][number]>();
		const upTo = (next: RowCursor | undefined) => ({ tasks: [...tasks.values()], next });
		let { cursor } = sweep;
		const isAwaited = findAwaited(tables, names);
		for (let pages = 0; pages < MAX_PAGES_PER_POLL && (pages === 0 || clock.now() < until); pages++) {
			const page = await readUnfinishedRows(tables, table, { names, otherProviders }, cursor).catch(
				(error: unknown) => {
					if (pages === 0) throw error;
					return undefined;
				},
			);
			if (!page) break;
			for (const row of page.rows) {
				const task = toWatchedTask(row, names, (error) => nameRow(context, memory, table, row, error));
				if (task && passesFilters(settings, filterColumns(task))) {
					const known = tasks.get(task.key);
					if (!known && tasks.size >= MAX_LOOKS_PER_POLL) return upTo(cursor);
					sweep.seen.add(task.key);
					// Two rows may name one task: it is looked at once, and both are marked.
					if (known) known.rows.push(row);
					else if (isDue(memory, task.key) && !(await isAwaited(row))) tasks.set(task.key, { ...task, cursor });
				}
				cursor = page.cursorAfter(row);
			}
			if (!page.next) return upTo(undefined);
			cursor = page.next;
		}
		return upTo(cursor);
	};

	/** A task that CometAPI has not known for a day will not be known again; its rows leave the watch. */
	const giveUpUnknown = async (tasks: readonly RowTask[], { failures }: Looks, memory: WatchMemory) => {
		for (const failure of failures) {
			const task = tasks.find(({ key }) => key === failure.details.taskId);
			// A clock that is wrong makes a new task look old, so age alone does not count.
			if (!task || !isUnknownForLong(memory, task.key)) continue;
			if (!(failure instanceof RequestError) || !isNotFound(failure)) continue;
			for (const row of task.rows) {
				const enteredAt = readTableTime(row.createdAt);
				if (enteredAt === undefined || clock.now() - enteredAt <= UNKNOWN_FOR_GOOD_MS) continue;
				await mark(row, { status: GONE, failureReason: failure.message });
			}
		}
	};

	return {
		watched: `dataTable:${table.id}`,
		lists: [],
		/** Marking comes long after activation; that the key may do it must be known now. */
		check: async () => await tables.assertMayWrite(table.id, 'update', names.status ?? 'status'),
		async look(round) {
			const { memory, until } = round;
			const of = JSON.stringify([table.id, names, otherProviders]);
			const sweep = memory.sweep?.of === of ? memory.sweep : { of, seen: new Set<string>() };
			const { tasks, next } = await readTasks(round, sweep);
			const looks = await lookAtTasks(client, tasks, memory, { maxLooks: MAX_LOOKS_PER_POLL, until });
			await giveUpUnknown(tasks, looks, memory).catch(() => undefined);
			const left = tasks.find(({ key }) => !looks.looked.has(key));
			const isComplete = !left && !next;
			memory.sweep = isComplete ? undefined : { ...sweep, cursor: left ? left.cursor : next };
			if (isComplete) forgetOthers(memory, (key) => sweep.seen.has(key));
			return { ...looks, forgettable: { canComeUpAgain: (key) => !isComplete || sweep.seen.has(key) } };
		},
		marks: {
			async markFinished(readings, until) {
				const marked: string[] = [];
				let failure: unknown;
				const work = readings[Symbol.iterator]();
				const markOn = async () => {
					for (const { key, task, failureReason, rows = [] } of work) {
						if (clock.now() >= until) return;
						const json = toRecordedJson(task, { ref: task.ref, failureReason });
						try {
							for (const row of rows) await mark(row, endColumns(json, toOutputRow(row, names)));
							marked.push(key);
						} catch (error) {
							failure ??= error;
						}
					}
				};
				await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, markOn));
				return { marked, failure };
			},
			/** See 3. above. */
			async findCutOff(handedOver) {
				if (handedOver.size === 0) return [];
				const executions = await tables.readExecutions(String(context.getWorkflow().id)).catch(() => []);
				const areKept = executions.some(({ mode, status }) => mode === 'trigger' && status === 'success');
				if (!areKept) return [];
				return [...handedOver].flatMap(([key, seconds]) => {
					const sinceMs = seconds * 1000 - EXECUTION_MARGIN_MS;
					return executions.some((execution) => hasBegunSince(execution, sinceMs)) ? [] : [key];
				});
			},
		},
		async sample() {
			const memory = createWatchMemory();
			const rows = await tables.readNewestRows(table.id, MAX_SAMPLES);
			const tasks = rows.flatMap(
				(row) => toWatchedTask(row, names, (error) => nameRow(context, memory, table, row, error)) ?? [],
			);
			const wanted = tasks.filter((task) => passesFilters(settings, filterColumns(task)));
			const { readings, failures } = await lookAtTasks(client, wanted, memory, {
				maxLooks: MAX_SAMPLES,
				until: Infinity,
			});
			const [failure] = failures;
			if (readings.length === 0 && failure) throw failure;
			return newestOf(readings);
		},
	};
};

/**
 * Tells whether the node that has created a row's task still waits for it, and hands it over itself. A hold that has not run out says so,
 * unless n8n's list of executions, if the key may read it, has the node's execution among those that have failed. (One that has succeeded
 * frees its rows itself, which may happen while they are read here.)
 */
function findAwaited(tables: DataTableClient, names: ColumnNames): (row: DataTableRow) => Promise<boolean> {
	const lists = new Map<string, Promise<Execution[]>>();
	return async (row) => {
		if (!isHeld(row, names, clock.now())) return false;
		const { workflowId, executionId } = toOutputRow(row, names);
		const workflow = asText(workflowId);
		if (workflow === '') return true;
		const listed = lists.get(workflow) ?? tables.readExecutions(workflow).catch(() => []);
		lists.set(workflow, listed);
		return !(await listed).some(({ id, status }) => id === executionId && DIED.includes(status));
	};
}

/** One without a start waits for it, unless it is over: n8n makes such an execution of a poll that has failed. */
function hasBegunSince({ startedAt, status }: Execution, timeMs: number): boolean {
	if (startedAt !== undefined) return startedAt >= timeMs;
	return !['success', ...DIED].includes(status);
}

/** Names that the user has given to columns, by the names that the nodes use. */
function readColumnNames(context: IPollFunctions): ColumnNames {
	const given = context.getNodeParameter('columnNames', {}) as Record<string, unknown>;
	return Object.fromEntries(
		Object.entries(given).flatMap(([name, column]) => {
			const text = asText(column).trim();
			return text === '' ? [] : [[name, text]];
		}),
	);
}

/** Those whose rows n8n need not even give. */
function findOtherProviders({ filters: { providers } }: WatchSettings): string[] {
	if (providers.length === 0) return [];
	return VIDEO_PROVIDERS.map(({ id }) => id).filter((id) => !providers.includes(id));
}

/** A row can be filtered by the provider that it names, not by one that is only a guess. */
function filterColumns({ reference: { ref, isGuess, row } }: WatchedTask) {
	return { provider: isGuess ? undefined : ref.provider, model: row.model };
}

/**
 * @param refuse told why what the row has for an ID cannot be one
 * @returns undefined for a row without a task
 */
function toWatchedTask(row: DataTableRow, names: ColumnNames, refuse: (error: unknown) => void): RowTask | undefined {
	const json = toOutputRow(row, names);
	if (json.taskId === null || json.taskId === undefined || json.taskId === '') return undefined;
	try {
		const reference = readStoredReference(json);
		const seconds = Math.floor(clock.now() / 1000);
		return { key: reference.ref.taskId, known: reference.row, seconds, rows: [row], reference };
	} catch (error) {
		refuse(error);
		return undefined;
	}
}

/** Once per row, or the log would hold little else. */
function nameRow(
	context: IPollFunctions,
	{ namedRows }: WatchMemory,
	table: DataTable,
	{ id }: DataTableRow,
	error: unknown,
): void {
	const name = `${table.id}:${id}`;
	if (namedRows.has(name)) return;
	namedRows.add(name);
	context.logger.warn(
		`Row ${id} of the data table "${table.name}" is not watched: ${toCometApiVideoError(error).message}`,
	);
}
