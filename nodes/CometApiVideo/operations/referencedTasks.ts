/** The tasks that Task > Get and Task > Wait work on: one per input item, or the unfinished ones of a data table. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { toTableLocator } from '../journal/chosenTable';
import { createDataTableClient } from '../journal/dataTableApi';
import { openJournal, readUnfinishedRows, toOutputRow } from '../journal/taskJournal';
import { readStoredReference } from '../references/taskReference';
import type { TaskReference } from '../references/taskReference';
import { readNumber } from './runSettings';
import { readTaskReference } from './taskReference';

export interface ReferencedTasks {
	/** Input item that each task's row belongs to. */
	itemIndexes: number[];
	/** @throws InvalidInputError when what is named there cannot be a task */
	read(index: number): TaskReference;
	/** Writes the row of a task into the table; gives what to tell the user if that did not succeed. */
	record?(index: number, json: IDataObject): Promise<string | undefined>;
}

/** @throws InvalidInputError, RequestError when the data table cannot be read */
export async function findReferencedTasks(context: IExecuteFunctions): Promise<ReferencedTasks> {
	if (context.getNodeParameter('recordTasks', 0, false) !== true) {
		return {
			itemIndexes: [...context.getInputData().keys()],
			read: (itemIndex) => readTaskReference(context, itemIndex),
		};
	}
	const client = await createDataTableClient(context);
	const locator = toTableLocator(context.getNodeParameter('dataTable', 0));
	const journal = await openJournal(client, locator, context.getExecutionCancelSignal());
	const limit = readNumber({ limit: context.getNodeParameter('limit', 0, 50) as number }, 'limit', 'Limit', 50, 1);
	const rows = (await readUnfinishedRows(client, journal.table, {}))
		// A row without an ID is no task, e.g. one that a person has begun to type.
		.filter(({ taskId }) => taskId !== null && taskId !== undefined && taskId !== '')
		.slice(0, limit);
	return {
		itemIndexes: rows.map(() => 0),
		read: (index) => readStoredReference(toOutputRow(rows[index], {})),
		record: async (index, json) => await journal.write(String(json.taskId), json, rows[index].id),
	};
}
