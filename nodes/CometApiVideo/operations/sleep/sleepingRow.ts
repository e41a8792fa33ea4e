/**
 * A row whose task is waited for asleep: the row as it is by now, with task ID and true status, and beside its columns what
 * it takes to go on with the wait. Plain data, for it lies in n8n's database between two looks.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ErrorDetails } from '../../task/errors';
import { toItemJson } from '../../task/row';
import type { TaskContext } from '../../task/types';
import type { TaskRef } from '../../task/types';
import { isObject } from '../../task/json';
import type { EarlierWait } from '../../wait/job';
import type { DownloadSettings } from '../input/runSettings';

export interface SleepingTask {
	/** Input item of the node that the row belongs to. */
	itemIndex: number;
	/** Nothing but what names the task: who sleeps can create none. The provider is absent where nobody knows it yet. */
	ref: Pick<TaskRef, 'taskId'> & Partial<TaskRef>;
	wait: EarlierWait;
	/** For errors. */
	details: ErrorDetails;
	/** What the row shows besides the task's own fields. */
	row: Omit<TaskContext, 'ref' | 'includeRaw'>;
	/** Absent: the file is not wanted. */
	download?: DownloadSettings;
}

/** No column of a row, of a user or ours, has this name. */
const KEY = 'cometApiVideoSleep';

export function toSleepingRow(sleeping: SleepingTask, ref: TaskRef, includeRaw: boolean): INodeExecutionData {
	const { wait, itemIndex } = sleeping;
	const row = pendingRow({ ...sleeping, ref }, includeRaw);
	const task = wait.task && { ...wait.task, raw: includeRaw ? wait.task.raw : {} };
	// A copy: getters become values, and what is not there is left out, as it will be after the database.
	const stored = JSON.parse(JSON.stringify({ ...sleeping, wait: { ...wait, task } })) as IDataObject;
	return { json: { ...row, [KEY]: stored }, pairedItem: { item: itemIndex } };
}

/** The row of a task that has not ended as far as is known. @param more e.g. why nobody knows more */
export function pendingRow(
	{ wait, row, ref }: SleepingTask,
	includeRaw: boolean,
	more: Pick<TaskContext, 'timedOut' | 'problem'> = {},
): IDataObject {
	const { task, waitedMs, pollCount } = wait;
	const known = { provider: '', route: '', ...ref };
	return { ...toItemJson(task, { ...row, ref: known, waitedMs, pollCount, includeRaw, ...more }) };
}

/** Undefined for a row that is done. */
export function readSleepingTask({ json }: INodeExecutionData): SleepingTask | undefined {
	const stored = json[KEY];
	return isObject(stored) ? (stored as unknown as SleepingTask) : undefined;
}

/** The row as a user may see it. */
export function withoutSleep(item: INodeExecutionData): INodeExecutionData {
	const { [KEY]: _, ...json } = item.json;
	return { ...item, json };
}
