/**
 * A Kling task in its own envelope. Create and query: https://apidoc.cometapi.com/api/video/kling/text-to-video,
 * …/individual-queries, …/omni-query; sounds: https://app.klingai.com/global/dev/document-api.
 */
import type { RowStatus, SimulatedTask, TaskState } from '../../simulatedTask';
import type { NativeBody, StatusLook, WrapperInput } from '../nativeReply';
import { readNative } from '../nativeTask';

export const KLING_STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'submitted',
	QUEUED: 'submitted',
	IN_PROGRESS: 'processing',
	SUCCESS: 'succeed',
	FAILURE: 'failed',
};

/** Their examples of a create reply have no `request_id`. */
const KINDS_WITHOUT_REQUEST_ID: ReadonlySet<string> = new Set(['image2video', 'effects', 'multi-image2video']);

export function wrapKlingCreate(task: SimulatedTask, requestId: string, look: StatusLook): NativeBody {
	const { createdAtMs } = task.details;
	return {
		code: 0,
		message: 'success',
		...(KINDS_WITHOUT_REQUEST_ID.has(readNative(task).kind) ? {} : { request_id: requestId }),
		data: {
			task_id: task.id,
			task_status: look.changeWord('submitted'),
			task_info: buildTaskInfo(task),
			created_at: createdAtMs,
			updated_at: createdAtMs,
		},
	};
}

/** The same success with another word: the pages have both. */
export function wrapKling(data: NativeBody, requestId: string): NativeBody {
	return { code: 0, message: 'SUCCEED', request_id: requestId, data };
}

/** `data` of a query. While the task runs, `task_result` is there but empty. */
function buildKlingTask(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	const { traits, createdAtMs } = task.details;
	const hasFailed = state.rowStatus === 'FAILURE';
	const word = (hasFailed ? traits.failedWord : undefined) ?? KLING_STATUS_WORDS[state.rowStatus];
	return {
		task_id: task.id,
		task_status: look.changeWord(word),
		...(hasFailed ? { task_status_msg: readKlingReason(task) } : {}),
		task_info: buildTaskInfo(task),
		task_result: state.rowStatus === 'SUCCESS' && !look.hidesResult ? buildResult(task) : {},
		created_at: createdAtMs,
		updated_at: Math.floor(state.updatedAtMs ?? createdAtMs),
	};
}

/** What is posted to `callback_url`: no envelope. https://apidoc.cometapi.com/api/video/kling/callback_url */
export function buildKlingCallback(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	return { task_status_msg: '', ...buildKlingTask(task, state, look) };
}

export function buildKlingWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	return {
		action: readNative(task).kind === 'omni-video' ? 'OMNI_VIDEO' : 'VIDEO_GENERATION',
		payload: buildKlingTask(task, state, look),
		failReason: state.rowStatus === 'FAILURE' ? readKlingReason(task) : '',
	};
}

function readKlingReason({ details }: SimulatedTask): string {
	return details.traits.reason ?? 'Failure to pass the risk control system';
}

function buildTaskInfo(task: SimulatedTask): NativeBody {
	const { externalTaskId, parentVideo } = readNative(task);
	return {
		...(externalTaskId === undefined ? {} : { external_task_id: externalTaskId }),
		...(parentVideo ? { parent_video: parentVideo } : {}),
	};
}

function buildResult(task: SimulatedTask): NativeBody {
	const { kind, fileUrls, imageUrls, videoId, audioId, durationSeconds } = readNative(task);
	if (imageUrls) return { images: imageUrls.map((url, index) => ({ index, url })) };
	const duration = String(durationSeconds);
	// Kling's videos of effects have no length.
	const length = kind === 'effects' ? {} : { duration };
	const { mp4, mp3, wav } = fileUrls;
	const sound = { id: audioId, duration_mp3: duration, duration_wav: duration };
	return {
		...(mp4 === undefined ? {} : { videos: [{ id: videoId, url: mp4, ...length }] }),
		...(mp3 === undefined ? {} : { audios: [{ ...sound, url_mp3: mp3, url_wav: wav }] }),
	};
}
