/** The end of a wait as an output item: failed or late tasks as an error or a row, the file if wanted. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { resultNounOf } from '../../providers';
import { FailedDownload } from '../../service/downloadFailure';
import { AFTER_CONTENT_CHECK } from '../../service/reader/refusal';
import { isAboutContent } from '../../service/reader/refusalWords';
import type { CometApiClient } from '../../service/client';
import {
	CometApiVideoError,
	FileNotReadyError,
	TaskFailedError,
	toCometApiVideoError,
	withDetails,
	withReason,
} from '../../task/errors';
import { asFailedWithoutFile } from '../../task/missingFile';
import { toItemJson, toRecordedJson } from '../../task/row';
import { resultUrls } from '../../task/rowColumns';
import type { TaskContext } from '../../task/types';
import { ERROR_ONLY } from '../../task/types';
import type { TaskApi, VideoTask } from '../../task/types';
import { timeoutError } from '../../wait/timeoutError';
import type { WaitedTask } from '../../wait/job';
import type { RunSettings } from '../input/runSettings';
import { fetchWithinGrace, mayComeLater, namesNoFile } from './taskFiles';
import type { BinaryFields, TaskFiles } from './taskFiles';
import { picturesAdvice } from '../../service/refusals';

export interface FinishContext {
	context: IExecuteFunctions;
	client: CometApiClient;
	settings: RunSettings;
	taskApi: TaskApi;
	itemIndex: number;
	/** Absent: the file is not wanted. */
	files?: TaskFiles;
	/** What the row shows besides the task's own fields. */
	row: Omit<TaskContext, 'ref' | 'includeRaw'>;
	/** Writes the columns of a task that has ended into the journal; gives what to tell the user if that did not succeed. */
	record?(json: IDataObject): Promise<string | undefined>;
}

/**
 * @throws TaskTimeoutError, TaskFailedError, as the options say; DownloadError; FileNotReadyError if the file may come later
 * and this is not the last try
 */
export async function finishTask(waited: WaitedTask, finish: FinishContext): Promise<INodeExecutionData> {
	const { client, settings, taskApi, itemIndex } = finish;
	if (waited.timedOut && !settings.returnOnTimeout) throw timeoutError(waited);
	const { task, binary, lostFile } = await withFiles(waited, finish);
	let { failureReason } = finish.row;
	if (task?.status === 'failed') failureReason = task.reason || (await client.readFailureReason(taskApi, task.ref));
	const row = {
		...finish.row,
		ref: waited.started.ref,
		failureReason,
		waitedMs: waited.waitedMs,
		pollCount: waited.pollCount,
		timedOut: waited.timedOut,
		includeRaw: settings.includeRaw,
	};
	// Somebody may still be able to open it.
	const lostLink = lostFile && linkOf(waited.task, lostFile);
	const json: IDataObject = { ...toItemJson(task, row), ...lostLink };
	// Last, so that a task whose file was being fetched when n8n ended still counts as unfinished.
	const recordWarning =
		task && task.status !== 'pending'
			? await finish.record?.({ ...toRecordedJson(task, row), ...lostLink })
			: undefined;
	if (task?.status === 'failed' && !settings.returnOnFailure) {
		const noun = resultNounOf(task.ref.provider, finish.row.mode);
		const error = lostFile ? lostFileError(task, lostFile) : failedError(task, failureReason ?? '', noun);
		throw withDetails(error, { recordWarning });
	}
	return {
		json: recordWarning ? { ...json, recordWarning } : json,
		...(binary && { binary }),
		pairedItem: { item: itemIndex },
	};
}

interface TaskWithFiles {
	/** Failed if its file never came. */
	task: VideoTask | undefined;
	binary?: BinaryFields;
	/** Why the file never came. */
	lostFile?: CometApiVideoError;
}

async function withFiles(waited: WaitedTask, finish: FinishContext): Promise<TaskWithFiles> {
	const { task, started, isLastTry } = waited;
	const { context, files } = finish;
	if (task?.status !== 'succeeded' || (!files && !task.lacksFile)) return { task };
	// What was done at once has left no task that could be looked at again, or be called failed.
	if (files && started.finished) {
		const sameTask = async () => await Promise.resolve(task);
		return await fetchWithinGrace(files, task, sameTask, context.getExecutionCancelSignal());
	}
	const outcome = files ? await files.fetch(task).catch(toCometApiVideoError) : namesNoFile(task);
	if (!(outcome instanceof CometApiVideoError)) return { task: files?.withLinks(task) ?? task, binary: outcome };
	if (!mayComeLater(outcome)) throw outcome;
	if (!isLastTry) throw new FileNotReadyError(outcome.message, outcome.advice, outcome.details);
	if (files && !files.isLost(outcome)) throw outcome;
	const said = outcome instanceof FailedDownload ? outcome.message : undefined;
	return { task: asFailedWithoutFile(task, said), lostFile: outcome };
}

function linkOf(task: VideoTask | undefined, { details }: CometApiVideoError): IDataObject {
	const [imageUrl] = resultUrls(task, 'image');
	return imageUrl ? { imageUrl } : { videoUrl: resultUrls(task, 'video')[0] ?? details.videoUrl ?? null };
}

function lostFileError(task: VideoTask, { message, details }: CometApiVideoError): TaskFailedError {
	return new TaskFailedError(
		`Task ${task.ref.taskId} is finished at CometAPI, but its file is not there: ${message}`,
		'Open the link of the result in a browser if there is one, look at the task once more with Task > Download, or ask CometAPI about it.',
		{ ...task.ref, model: task.model, rawStatus: task.rawStatus, ...details },
	);
}

/**
 * The reason that CometAPI gives for a failed task, in words.
 * @param noun what it was to make
 */
export function failedError(task: VideoTask, reason: string, noun: string): TaskFailedError {
	const isRefused = isRefusedContent(task, reason);
	const headline = isRefused
		? `The content check refused this ${noun} (task ${task.ref.taskId})`
		: `CometAPI could not make the ${noun} of task ${task.ref.taskId}`;
	return new TaskFailedError(
		withReason(headline, reason || `it ended as "${task.rawStatus}" without a reason`),
		isRefused ? AFTER_CONTENT_CHECK : adviceAfter(task, reason),
		{ ...task.ref, model: task.model, rawStatus: task.rawStatus },
	);
}

/** A task that has failed was in order as a request, so single words tell it. */
function isRefusedContent({ rawStatus }: VideoTask, reason: string): boolean {
	return /violation|moderat|sensitive|policy|nsfw/i.test(`${rawStatus} ${reason}`) || isAboutContent(reason);
}

function adviceAfter({ rawStatus }: VideoTask, reason: string): string {
	// An answer of nothing but an error may be about the look, while the task, which was paid for, goes on.
	if (rawStatus === ERROR_ONLY)
		return 'Look at the task with Task > Get before you create it again: it may go on all the same.';
	return (
		picturesAdvice(reason) ||
		'Run the item again, or try another model. Whether it is charged stands in the CometAPI console.'
	);
}
