/** The tasks that Task > Get and Task > Wait work on: one per input item, or the unfinished ones of a data table. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { toTableLocator } from '../../journal/chosenTable';
import { createDataTableClient } from '../../journal/dataTableApi';
import type { DataTableRow } from '../../journal/dataTableApi';
import { UNKNOWN, openJournal, readUnfinishedRows, toOutputRow } from '../../journal/taskJournal';
import { readReferencedTask, readStoredReference } from '../../providers/taskReference';
import type { TaskReference } from '../../providers/taskReference';
import type { CometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { toCometApiVideoError } from '../../task/errors';
import { isUnknownTask } from '../../service/refusals';
import type { VideoTask } from '../../task/types';
import { readSwitch } from '../input/readSwitch';
import { readLimit } from '../input/limits';
import { readTaskReference } from './readTaskReference';

export interface ReferencedTasks {
	/** Input item that each task's row belongs to. */
	itemIndexes: number[];
	/** True: one task that has failed, cannot be read or is not known any more must not keep the others from being taken up. */
	areRecorded: boolean;
	/** @throws InvalidInputError when what is named there cannot be a task */
	read(index: number): TaskReference;
	/** @throws RequestError, UnexpectedResponseError */
	readTask(client: CometApiClient, reference: TaskReference, index: number): Promise<VideoTask>;
	/** Notes what the table shall say of a task once its row has reached the workflow. */
	handOn(index: number, json: IDataObject): void;
	/**
	 * Writes that down. The last thing of a run, when nothing can fail any more: nobody takes up a task again that the table
	 * calls finished. A row that cannot be written says so in `recordWarning`.
	 */
	recordHandedOn(): Promise<void>;
}

/** A new task may be unknown for some seconds, and n8n may have been restarted just then. */
const NEW_TASK_MS = 10 * 60_000;
/** CometAPI's gateway gives up on tasks after a day. */
const UNKNOWN_FOR_GOOD_MS = 24 * 3_600_000;

/** @throws InvalidInputError, RequestError when the data table cannot be read */
export async function findReferencedTasks(context: IExecuteFunctions): Promise<ReferencedTasks> {
	if (!readSwitch(context, 'recordTasks', 0, 'Use Recorded Tasks')) {
		return {
			itemIndexes: [...context.getInputData().keys()],
			areRecorded: false,
			read: (itemIndex) => readTaskReference(context, itemIndex),
			readTask: async (client, reference) => await readReferencedTask(client, reference),
			handOn() {},
			async recordHandedOn() {},
		};
	}
	const client = await createDataTableClient(context);
	const locator = toTableLocator(context.getNodeParameter('dataTable', 0));
	const signal = context.getExecutionCancelSignal();
	const journal = await openJournal(client, locator, signal);
	const limit = readLimit(context, 0);
	const rows = (await readUnfinishedRows(client, journal.table, {}))
		.filter((row) => isTask(context, row))
		.slice(0, limit);
	const record = async (row: DataTableRow, json: IDataObject) => {
		if (json.rawStatus !== UNKNOWN) return await journal.finish(row, json);
		// The credential may be that of another account, so a row is not given up at once.
		if (ageOf(row) < UNKNOWN_FOR_GOOD_MS) return undefined;
		return await journal.finish(row, { ...json, status: UNKNOWN });
	};
	const handedOn: Array<{ row: DataTableRow; json: IDataObject }> = [];
	return {
		itemIndexes: rows.map(() => 0),
		areRecorded: true,
		read: (index) => readStoredReference(toOutputRow(rows[index], {})),
		readTask: async (cometApi, reference, index) => await readRecordedTask(cometApi, reference, rows[index]),
		handOn: (index, json) => void handedOn.push({ row: rows[index], json }),
		async recordHandedOn() {
			for (const { row, json } of handedOn) {
				// What a stopped node has made goes nowhere.
				if (signal?.aborted) return;
				const recordWarning = await record(row, json);
				if (recordWarning) json.recordWarning = recordWarning;
			}
		},
	};
}

/** A row without an ID is no task, e.g. one that a person has begun to type; nor is one with something else there. */
function isTask(context: IExecuteFunctions, row: DataTableRow): boolean {
	if (row.taskId === null || row.taskId === undefined || row.taskId === '') return false;
	try {
		readStoredReference(toOutputRow(row, {}));
		return true;
	} catch (error) {
		context.logger.warn(`Row ${row.id} of the data table is left out: ${toCometApiVideoError(error).message}`);
		return false;
	}
}

/** A task that CometAPI does not know any more comes out as a failed one. */
async function readRecordedTask(
	client: CometApiClient,
	reference: TaskReference,
	row: DataTableRow,
): Promise<VideoTask> {
	const outcome = await readReferencedTask(client, reference).catch((error: Error) => error);
	if (!(outcome instanceof Error)) return outcome;
	if (!isUnknownTask(outcome) || ageOf(row) < NEW_TASK_MS) throw outcome;
	return { ref: reference.ref, status: 'failed', rawStatus: UNKNOWN, reason: outcome.message, raw: {} };
}

/** Milliseconds since the row was entered. */
function ageOf({ createdAt }: DataTableRow): number {
	return typeof createdAt === 'string' ? clock.now() - Date.parse(createdAt) : Infinity;
}
