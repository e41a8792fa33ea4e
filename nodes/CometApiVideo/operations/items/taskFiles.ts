/** The files of one finished task as binary fields, over several tries if need be: what has come is not fetched again. */
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { CometApiClient } from '../../service/client';
import { downloadAsset } from '../../service/download';
import { FailedDownload } from '../../service/downloadFailure';
import { clock } from '../../task/clock';
import { CanceledError, DownloadError, FileNotReadyError, withDetails } from '../../task/errors';
import type { ErrorDetails } from '../../task/errors';
import { FILE_GRACE_MS } from '../../task/missingFile';
import { resultUrls } from '../../task/rowColumns';
import { toFileName } from '../../task/fileName';
import type { Asset, VideoTask } from '../../task/types';
import type { DownloadSettings, RunSettings } from '../input/runSettings';

const DOWNLOAD_STALL_SECONDS = 60;
/** Between two tries of an operation that waits for nothing else. */
const FIRST_PAUSE_MS = 5_000;
const PAUSE_GROWTH = 1.2;

export type SucceededTask = VideoTask & { status: 'succeeded' };
export type BinaryFields = NonNullable<INodeExecutionData['binary']>;

export class TaskFiles {
	private readonly fetched = new Map<number, IBinaryData>();

	/** By path of the look-up. It may be billed, so one link serves all tries. */
	private readonly lookedUp = new Map<string, string>();

	private hasBeenMissing = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly client: CometApiClient,
		private readonly target: DownloadSettings,
		private readonly settings: RunSettings,
		/** Of the video; names the files unless File Name does. */
		private readonly prompt: string | undefined,
	) {}

	/**
	 * Tries once: `data`, then `data_1`, `data_2` …
	 * @throws FileNotReadyError if CometAPI names no file yet; DownloadError, a FailedDownload if it is about the transfer
	 */
	async fetch(task: SucceededTask): Promise<BinaryFields> {
		if (task.lacksFile) throw namesNoFile(task);
		const binary: BinaryFields = {};
		for (const [index, asset] of task.assets.entries()) {
			const { binaryField } = this.target;
			binary[index === 0 ? binaryField : `${binaryField}_${index}`] = await this.fetchOne(task, asset, index);
		}
		return binary;
	}

	/** The task with the links that were looked up for its files. */
	withLinks(task: SucceededTask): SucceededTask {
		const assets = task.assets.map((asset): Asset => {
			const [link] = asset.sources.flatMap((source) =>
				source.at === 'lookup' ? (this.lookedUp.get(source.path) ?? []) : [],
			);
			return link === undefined ? asset : { ...asset, sources: [...asset.sources, { at: 'url', url: link }] };
		});
		return { ...task, assets };
	}

	/**
	 * Whether the file is not there, so that its task counts as failed; of a last try.
	 * @returns false if it is only servers and connections that were at fault, all the time
	 */
	isLost(error: Error): boolean {
		if (!(error instanceof FailedDownload)) return error instanceof FileNotReadyError;
		return error.kind === 'missing' || (error.kind === 'fault' && this.hasBeenMissing);
	}

	private async fetchOne(task: SucceededTask, asset: Asset, index: number): Promise<IBinaryData> {
		const known = this.fetched.get(index);
		if (known) return known;
		const name = this.target.fileName || toFileName(this.prompt, task.ref.taskId);
		try {
			const file = await downloadAsset(this.context, asset, {
				baseUrl: this.client.baseUrl,
				secrets: this.client.secrets,
				fileName: index === 0 ? name : name.replace(/(\.[^.]*)?$/, `_${index}$1`),
				maxBytes: this.target.maxBytes,
				clock,
				lookUpLink: async (path, urlPath) => await this.lookUpLink(path, urlPath),
				timeoutMs: (this.settings.requestTimeoutSeconds ?? DOWNLOAD_STALL_SECONDS) * 1000,
			});
			this.fetched.set(index, file);
			return file;
		} catch (error) {
			this.hasBeenMissing ||= error instanceof FailedDownload && error.kind === 'missing';
			const videoUrl = resultUrls(task, asset.kind)[0] ?? [...this.lookedUp.values()].at(-1);
			throw withDetails(error, { ...detailsOf(task), videoUrl });
		}
	}

	private async lookUpLink(path: string, urlPath: string): Promise<string> {
		const link = this.lookedUp.get(path) ?? (await this.client.lookUpLink(path, urlPath));
		this.lookedUp.set(path, link);
		return link;
	}
}

/**
 * For about a minute, as long as the file may still come.
 * @param lookAgain reads the task once more, for a fresh link
 * @throws DownloadError; CanceledError after Stop
 */
export async function fetchWithinGrace(
	files: TaskFiles,
	task: SucceededTask,
	lookAgain: (task: SucceededTask) => Promise<SucceededTask>,
	signal: AbortSignal | undefined,
): Promise<{ task: SucceededTask; binary: BinaryFields }> {
	let current = task;
	let pauseMs = FIRST_PAUSE_MS;
	for (let firstFailureAt: number | undefined; ;) {
		const outcome = await files.fetch(current).catch((error: Error) => error);
		if (!(outcome instanceof Error)) return { task: current, binary: outcome };
		firstFailureAt ??= clock.now();
		if (!mayComeLater(outcome) || clock.now() - firstFailureAt >= FILE_GRACE_MS) throw asDownloadError(outcome);
		if (!signal?.aborted) await clock.sleep(pauseMs, signal);
		if (signal?.aborted) throw new CanceledError('The download was canceled', '', { ...task.ref });
		pauseMs *= PAUSE_GROWTH;
		current = await lookAgain(current);
	}
}

export function namesNoFile(task: SucceededTask): FileNotReadyError {
	return new FileNotReadyError('CometAPI names no file for the finished task yet', '', detailsOf(task));
}

/** Whether the file that could not be fetched may be there a moment later. */
export function mayComeLater(error: Error): boolean {
	return error instanceof FileNotReadyError || (error instanceof FailedDownload && error.mayPass);
}

function asDownloadError(error: Error): Error {
	if (!(error instanceof FileNotReadyError)) return error;
	return new DownloadError(
		`CometAPI says that task ${String(error.details.taskId)} is finished, but names no file`,
		'Look at the task again later. If there is still no file, ask CometAPI about it.',
		error.details,
	);
}

function detailsOf(task: VideoTask): ErrorDetails {
	return { ...task.ref, model: task.model, rawStatus: task.rawStatus };
}
