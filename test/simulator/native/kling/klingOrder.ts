/** What all creates of Kling share: the order that their readers return, and the fields that several of them have. */
import type { Exchange } from '../../route';
import type { Service } from '../../service';
import type { SimulatedTask } from '../../simulatedTask';
import type { BodyReader } from '../bodyReader';
import type { FileFormat, NativeDetails } from '../nativeDetails';
import { findNativeTask, readNative } from '../nativeTask';

export interface KlingOrder {
	model: string;
	prompt: string;
	durationSeconds: number;
	callbackUrl?: string;
	externalTaskId?: string;
	parentVideo?: NativeDetails['parentVideo'];
	/** Default: one video. */
	formats?: readonly FileFormat[];
	imageCount?: number;
}

export interface KlingContext {
	service: Service;
	exchange: Exchange;
}

/** Reads all fields of one create; the caller refuses those that it did not ask for. */
export type ReadKlingOrder = (body: BodyReader, context: KlingContext) => KlingOrder;

export function readCallback(body: BodyReader): Pick<KlingOrder, 'callbackUrl'> {
	return { callbackUrl: body.address('callback_url') };
}

/** `callback_url`, and `external_task_id`, which must be new to the account. */
export function readCallbackAndId(
	body: BodyReader,
	context: KlingContext,
): Pick<KlingOrder, 'callbackUrl' | 'externalTaskId'> {
	const externalTaskId = body.text('external_task_id');
	if (externalTaskId !== undefined) {
		if (!externalTaskId) throw body.refuse('external_task_id must not be empty');
		if (findByExternalId(context, externalTaskId)) throw body.refuse('external_task_id must be unique');
	}
	return { ...readCallback(body), externalTaskId };
}

function findByExternalId(context: KlingContext, externalTaskId: string): SimulatedTask | undefined {
	const { service, exchange } = context;
	return [...service.tasks.values()].find(
		({ details }) =>
			details.ownerKey === exchange.apiKey &&
			details.native?.provider === 'kling' &&
			details.native.externalTaskId === externalTaskId,
	);
}

export function readWatermark(body: BodyReader): void {
	const watermark = body.object('watermark_info');
	if (watermark && watermark.flag('enabled') === undefined) throw body.refuse('watermark_info.enabled is required');
	watermark?.end();
}

/** The finished Kling video with this id, of whatever kind. */
function findKlingVideo({ service, exchange }: KlingContext, videoId: string): SimulatedTask | undefined {
	return [...service.tasks.values()].find((task) => {
		const { native, ownerKey } = task.details;
		if (native?.provider !== 'kling' || ownerKey !== exchange.apiKey || native.videoId !== videoId) return false;
		return task.stateAt(service.now()).rowStatus === 'SUCCESS';
	});
}

/**
 * The video that a call starts from: `video_id` of a finished Kling task or `video_url`, exactly one of them.
 * Returns the length in seconds; undefined for an address, which nobody looks at.
 */
export function readSourceVideo(body: BodyReader, context: KlingContext): number | undefined {
	if (body.oneOf(['video_id', 'video_url']) === 'video_url') {
		body.requiredAddress('video_url');
		return undefined;
	}
	return readVideoById(body, context).durationSeconds;
}

export function readVideoById(body: BodyReader, context: KlingContext): NativeDetails & { taskId: string } {
	const videoId = body.requiredText('video_id');
	const task = findKlingVideo(context, videoId);
	if (!task) throw body.refuse(`video_id ${videoId} not found or not finished`);
	return { ...readNative(task), taskId: task.id };
}

/** The length of a sound made before: speech, or a sound of a finished task. Undefined when there is none. */
export function findSoundSeconds({ service, exchange }: KlingContext, audioId: string): number | undefined {
	const speech = service.native.speeches.get(audioId);
	if (speech) return speech.ownerKey === exchange.apiKey ? speech.durationSeconds : undefined;
	return [...service.tasks.values()].find((task) => {
		const isMine = task.details.native?.audioId === audioId && task.details.ownerKey === exchange.apiKey;
		return isMine && task.stateAt(service.now()).rowStatus === 'SUCCESS';
	})?.details.native?.durationSeconds;
}

/** `findNativeTask` for Kling, also by the id that the caller gave the task. */
export function findKlingTask(context: KlingContext, id: string): SimulatedTask | undefined {
	return findNativeTask(context.service, context.exchange, 'kling', id) ?? findByExternalId(context, id);
}
