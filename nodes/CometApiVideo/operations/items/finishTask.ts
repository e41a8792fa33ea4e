/** The end of a wait as an output item: failed or late tasks as an error or a row, the file if wanted. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { CometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { downloadAsset } from '../../service/download';
import { TaskFailedError, withDetails, withReason } from '../../task/errors';
import { resultUrls, toItemJson } from '../../task/row';
import type { TaskContext } from '../../task/row';
import type { TaskApi, VideoTask } from '../../task/types';
import { timeoutError } from '../../wait/timeoutError';
import type { WaitedTask } from '../../wait/job';
import type { DownloadSettings, RunSettings } from '../input/runSettings';

const DOWNLOAD_STALL_SECONDS = 60;
const MAX_NAME_LENGTH = 200;

export interface FinishContext {
	context: IExecuteFunctions;
	client: CometApiClient;
	settings: RunSettings;
	taskApi: TaskApi;
	itemIndex: number;
	/** Absent: the file is not wanted. */
	download?: DownloadSettings;
	/** What the row shows besides the task's own fields. */
	row: Omit<TaskContext, 'ref' | 'includeRaw'>;
	/** Writes the row of a task that has ended into the journal; gives what to tell the user if that did not succeed. */
	record?(json: IDataObject): Promise<string | undefined>;
}

/** @throws TaskTimeoutError, TaskFailedError, DownloadError, as the options say */
export async function finishTask(waited: WaitedTask, finish: FinishContext): Promise<INodeExecutionData> {
	const { context, client, settings, taskApi, itemIndex } = finish;
	const { task, started } = waited;
	if (waited.timedOut && !settings.returnOnTimeout) throw timeoutError(waited);
	let { failureReason } = finish.row;
	if (task?.status === 'failed') failureReason = task.reason || (await client.readFailureReason(taskApi, task.ref));
	const json = toItemJson(task, {
		...finish.row,
		ref: started.ref,
		failureReason,
		waitedMs: waited.waitedMs,
		pollCount: waited.pollCount,
		timedOut: waited.timedOut,
		includeRaw: settings.includeRaw,
	});
	const item: INodeExecutionData = { json, pairedItem: { item: itemIndex } };
	// Last, so that a task whose file was being fetched when n8n ended still counts as unfinished.
	const record = async () => (task && task.status !== 'pending' ? await finish.record?.(json) : undefined);
	try {
		if (task?.status === 'failed' && !settings.returnOnFailure) throw failedError(task, failureReason ?? '');
		if (finish.download && task?.status === 'succeeded') {
			item.binary = await downloadAssets(context, client, task, finish.download, settings);
		}
	} catch (error) {
		// A video whose file is still to be fetched stays unfinished, so that it can be taken up again.
		throw withDetails(error, task?.status === 'failed' ? { recordWarning: await record() } : {});
	}
	const recordWarning = await record();
	if (recordWarning) json.recordWarning = recordWarning;
	return item;
}

/** The reason that CometAPI gives for a failed task, in words. */
export function failedError(task: VideoTask, reason: string): TaskFailedError {
	const isModerated = /violation|moderation|sensitive|policy/i.test(reason);
	return new TaskFailedError(
		withReason(
			`CometAPI could not make the video of task ${task.ref.taskId}`,
			reason || `it ended as "${task.rawStatus}" without a reason`,
		),
		isModerated
			? 'The content check refused the prompt, a picture or the result. Reword the prompt or use another picture.'
			: 'Run the item again, or try another model. Whether a failed task is charged is up to CometAPI; see its console.',
		{ ...task.ref, model: task.model, rawStatus: task.rawStatus },
	);
}

/** An ID comes from an answer; what is no part of a plain name could lead into another folder. */
function toFileName(taskId: string): string {
	return taskId.replace(/[^\w.-]/g, '_').slice(0, MAX_NAME_LENGTH);
}

/** The files of a succeeded task as binary fields: `data`, then `data_1`, `data_2` … @throws DownloadError */
export async function downloadAssets(
	context: IExecuteFunctions,
	client: CometApiClient,
	task: VideoTask & { status: 'succeeded' },
	{ binaryField, fileName, maxBytes }: DownloadSettings,
	{ requestTimeoutSeconds }: RunSettings,
): Promise<NonNullable<INodeExecutionData['binary']>> {
	const name = fileName || toFileName(task.ref.taskId) || 'result';
	const binary: NonNullable<INodeExecutionData['binary']> = {};
	for (const [index, asset] of task.assets.entries()) {
		try {
			binary[index === 0 ? binaryField : `${binaryField}_${index}`] = await downloadAsset(context, asset, {
				baseUrl: client.baseUrl,
				fileName: index === 0 ? name : name.replace(/(\.[^.]*)?$/, `_${index}$1`),
				maxBytes,
				clock,
				lookUpLink: async (path, urlPath) => await client.lookUpLink(path, urlPath),
				timeoutMs: (requestTimeoutSeconds ?? DOWNLOAD_STALL_SECONDS) * 1000,
			});
		} catch (error) {
			throw withDetails(error, {
				...task.ref,
				model: task.model,
				rawStatus: task.rawStatus,
				videoUrl: resultUrls(task, asset.kind)[0],
			});
		}
	}
	return binary;
}
