/**
 * xAI (Grok Imagine video). https://apidoc.cometapi.com/api/video/xai/video-generation,
 * …/video-edit and …/get-video-generation-results; the `error` object: https://docs.x.ai/docs/api-reference
 */
import { refusals } from '../refusal';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import { decodeId } from '../taskId';
import type { SimulatedTask, TaskState } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import { readImageAddressOrData } from './mediaInput';
import {
	answerCall,
	answerStatus,
	nativeRoute,
	readLook,
	type NativeBody,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';

/** Image-to-video on the newest page; the older model takes text alone, too. */
const NEWEST_MODEL = 'grok-imagine-video-1.5';
const OLDER_MODEL = 'grok-imagine-video';

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'];
const RESOLUTIONS: Readonly<Record<string, readonly string[]>> = {
	[OLDER_MODEL]: ['480p', '720p'],
	[NEWEST_MODEL]: ['480p', '720p', '1080p'],
};
/** What is made, and billed, when the field is absent. */
const DEFAULT_SECONDS: Readonly<Record<string, number>> = { [OLDER_MODEL]: 1, [NEWEST_MODEL]: 8 };
const EDIT_SECONDS = 8;
const COST_TICKS = 500_000_000;

export function createXaiRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/grok\/v1\/videos\/generations$/,
			handle: (exchange) => create(service, exchange, parseGeneration(exchange)),
		}),
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/grok\/v1\/videos\/edits$/,
			handle: (exchange) => create(service, exchange, parseEdit(exchange)),
		}),
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/grok\/v1\/videos\/([^/]+)$/,
			handle: (exchange) => query(service, exchange),
		}),
	];
}

function create(service: Service, exchange: Exchange, order: NativeOrder): Reply {
	return answerCall(exchange, () => ({ request_id: openNativeTask(service, exchange, 'xai', order).id }));
}

function parseGeneration({ request }: Exchange): NativeOrder {
	const body = BodyReader.open(request, refusals.invalidRequest);
	const model = readModel(body);
	const prompt = body.requiredText('prompt');
	const image = body.object('image');
	if (image && !readImageAddressOrData(image, 'url', ['jpeg', 'png', 'webp'])) {
		throw refusals.invalidRequest('image.url is required');
	}
	image?.end();
	const durationSeconds = body.integer('duration', { minimum: 1, maximum: 15 }) ?? DEFAULT_SECONDS[model];
	body.choice('resolution', RESOLUTIONS[model]);
	body.choice('aspect_ratio', RATIOS);
	readDelivery(body);
	body.end();
	return { kind: 'generations', model, prompt, durationSeconds };
}

function parseEdit({ request }: Exchange): NativeOrder {
	const body = BodyReader.open(request, refusals.invalidRequest);
	const model = readModel(body);
	const prompt = body.requiredText('prompt');
	const video = body.requiredObject('video');
	video.requiredAddress('url');
	video.end();
	readDelivery(body);
	body.end();
	return { kind: 'edits', model, prompt, durationSeconds: EDIT_SECONDS };
}

function readModel(body: BodyReader): string {
	// The default that the pages of March and May 2026 name; the newest page names none.
	const model = body.text('model') ?? OLDER_MODEL;
	if (!Object.hasOwn(RESOLUTIONS, model)) throw refusals.unknownModel(model);
	return model;
}

/** `output` and `user` are on the pages without details; `upload_url` is xAI's own. */
function readDelivery(body: BodyReader): void {
	const output = body.object('output');
	output?.address('upload_url');
	output?.end();
	body.text('user');
}

function query(service: Service, exchange: Exchange): Reply {
	const task = findNativeTask(service, exchange, 'xai', decodeId(exchange.parameters[0]));
	if (!task) throw refusals.taskNotExist();
	const state = task.stateAt(service.now());
	const wrapper = buildXaiWrapper(task, state, readLook(task, exchange.fault));
	return answerStatus(service, exchange, { task, state, body: wrapper.payload, wrapper, wasWrapped: true });
}

export function buildXaiWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	const payload = buildPayload(task, state, look);
	const { url } = (payload.video ?? {}) as { url?: string };
	const { message } = (payload.error ?? {}) as { message?: string };
	// On success the address of the video stands where a reason is expected.
	return { action: 'VIDEO_GENERATION', payload, failReason: message ?? url ?? '' };
}

/** At first only the id, without any status. */
function buildPayload(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	const { model, traits } = task.details;
	const status = (word: string) => look.changeWord(word);
	switch (state.rowStatus) {
		case 'NOT_START':
			return { request_id: task.id };
		case 'QUEUED':
			return { status: status('queued'), model, progress: 0 };
		case 'IN_PROGRESS':
			return { status: status('processing'), model, progress: state.progressPercent };
		case 'SUCCESS':
			return buildDone(task, look, true);
		case 'FAILURE': {
			if (traits.moderated) return buildDone(task, look, false);
			const word = traits.failedWord ?? 'failed';
			const { reason = 'Generation failed', reasonCode = 'internal_error' } = traits;
			const error = { code: reasonCode, message: reason };
			return { status: status(word), model, ...(word === 'expired' ? {} : { error }) };
		}
	}
}

/** A video that moderation holds back is "done" as well: only `respect_moderation` tells. */
function buildDone(task: SimulatedTask, look: StatusLook, isAllowed: boolean): NativeBody {
	const { model, resultUrl } = task.details;
	const url = isAllowed ? resultUrl : '';
	return {
		status: look.changeWord('done'),
		model,
		progress: 100,
		video: {
			...(look.hidesResult ? {} : { url }),
			duration: readNative(task).durationSeconds,
			respect_moderation: isAllowed,
		},
		usage: { cost_in_usd_ticks: COST_TICKS },
	};
}
