/**
 * ByteDance's own format. https://apidoc.cometapi.com/api/video/bytedance/bytedance-video and …/bytedance-video-get
 * (March 2026). The page shows no picture item and of the status words only `succeeded`: both are taken from
 * https://www.volcengine.com/docs/82379/1520757.
 */
import { refusals } from '../refusal';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import { decodeId } from '../taskId';
import type { RowStatus, SimulatedTask, TaskState } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import {
	answerCall,
	answerStatus,
	nativeRoute,
	readLook,
	toUnixSeconds,
	type NativeBody,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';

/** How many pictures a model takes. */
const IMAGES_BY_MODEL: Readonly<Record<string, { minimum: number; maximum: number }>> = {
	'doubao-seedance-1-5-pro-251215': { minimum: 0, maximum: 2 },
	'bytedance-seedance-1-0-pro': { minimum: 0, maximum: 2 },
	'bytedance-seedance-1-0-lite-t2v-250428': { minimum: 0, maximum: 0 },
	'bytedance-seedance-1-0-lite-i2v-250428': { minimum: 1, maximum: 2 },
	'doubao-seedance-1-0-lite-t2v-250428': { minimum: 0, maximum: 0 },
	'doubao-seedance-1-0-lite-i2v-250428': { minimum: 1, maximum: 2 },
	'doubao-seedance-2-pro': { minimum: 0, maximum: 2 },
};

const DEFAULT_SECONDS = 5;

const STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'queued',
	QUEUED: 'queued',
	IN_PROGRESS: 'running',
	SUCCESS: 'succeeded',
	FAILURE: 'failed',
};

/** Options ride in the text. */
const FLAG_FORMS: Readonly<Record<string, RegExp>> = {
	duration: /^(?:[2-9]|1[0-5])$/,
	dur: /^(?:[2-9]|1[0-5])$/,
	ratio: /^(?:16:9|4:3|1:1|3:4|9:16|21:9|adaptive)$/,
	rt: /^(?:16:9|4:3|1:1|3:4|9:16|21:9|adaptive)$/,
	resolution: /^(?:480p|720p|1080p)$/,
	rs: /^(?:480p|720p|1080p)$/,
	framespersecond: /^24$/,
	fps: /^24$/,
	seed: /^-?\d+$/,
	camerafixed: /^(?:true|false)$/,
	cf: /^(?:true|false)$/,
	watermark: /^(?:true|false)$/,
	wm: /^(?:true|false)$/,
};

export function createVolcRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/volc\/v3\/contents\/generations\/tasks$/,
			handle: (exchange) => create(service, exchange),
		}),
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/volc\/v3\/contents\/generations\/tasks\/([^/]+)$/,
			handle: (exchange) => query(service, exchange),
		}),
	];
}

function create(service: Service, exchange: Exchange): Reply {
	const { callbackUrl, ...order } = parseOrder(exchange);
	return answerCall(exchange, () => {
		const task = openNativeTask(service, exchange, 'volc', order);
		if (callbackUrl !== undefined) {
			const look = readLook(task, undefined);
			service.callbacks.watch({
				task,
				url: callbackUrl,
				readWord: ({ rowStatus }) => STATUS_WORDS[rowStatus],
				// No page shows the body: the task as the query shows it.
				buildBody: (state) => buildTask(task, state, look),
			});
		}
		return { id: task.id };
	});
}

function parseOrder({ request }: Exchange): NativeOrder & { callbackUrl?: string } {
	const body = BodyReader.open(request, refusals.invalidRequest);
	const model = body.text('model');
	if (!model) throw refusals.missingModel();
	if (!Object.hasOwn(IMAGES_BY_MODEL, model)) throw refusals.unknownModel(model);
	const [first, ...others] = body.list('content', { minimum: 1, maximum: 3 });
	first.requiredChoice('type', ['text']);
	const text = first.requiredText('text');
	first.end();
	const flags = readFlags(text);
	const roles = others.map(readImageItem);
	const { minimum, maximum } = IMAGES_BY_MODEL[model];
	if (roles.length < minimum || roles.length > maximum) {
		throw refusals.invalidRequest(`content: ${model} takes ${minimum} to ${maximum} images`);
	}
	const isPair = roles.length < 2 || (roles[0] === 'first_frame' && roles[1] === 'last_frame');
	if (!isPair || roles[0] === 'last_frame') {
		throw refusals.invalidRequest('content: roles must be first_frame, last_frame');
	}
	const callbackUrl = body.address('callback_url');
	body.end();
	return {
		kind: 'tasks',
		model,
		prompt: text,
		durationSeconds: Number(flags.get('duration') ?? flags.get('dur') ?? DEFAULT_SECONDS),
		ratio: flags.get('ratio') ?? flags.get('rt') ?? '16:9',
		resolution: flags.get('resolution') ?? flags.get('rs') ?? '720p',
		callbackUrl,
	};
}

function readImageItem(item: BodyReader): string | undefined {
	item.requiredChoice('type', ['image_url']);
	const image = item.requiredObject('image_url');
	image.requiredAddress('url');
	image.end();
	const role = item.choice('role', ['first_frame', 'last_frame']);
	item.end();
	return role;
}

function readFlags(text: string): Map<string, string> {
	const flags = new Map<string, string>();
	for (const [, name, value] of text.matchAll(/(?:^|\s)--([a-z]+)(?:\s+([^\s-]\S*|-\d+))?/g)) {
		if (!Object.hasOwn(FLAG_FORMS, name)) throw refusals.invalidRequest(`unknown option --${name}`);
		if (!FLAG_FORMS[name].test(value ?? '')) throw refusals.invalidRequest(`invalid value of --${name}`);
		flags.set(name, value);
	}
	return flags;
}

function query(service: Service, exchange: Exchange): Reply {
	const task = findNativeTask(service, exchange, 'volc', decodeId(exchange.parameters[0]));
	if (!task) throw refusals.taskNotExist();
	const state = task.stateAt(service.now());
	const wrapper = buildVolcWrapper(task, state, readLook(task, exchange.fault));
	return answerStatus(service, exchange, { task, state, body: wrapper.payload, wrapper });
}

export function buildVolcWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	return {
		action: 'VIDEO_GENERATION',
		payload: buildTask(task, state, look),
		failReason: state.rowStatus === 'FAILURE' ? (task.details.traits.reason ?? '') : '',
	};
}

function buildTask(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	const { model, traits, createdAtMs, resultUrl } = task.details;
	const { resolution, ratio, durationSeconds } = readNative(task);
	const hasFailed = state.rowStatus === 'FAILURE';
	const common = {
		id: task.id,
		model,
		status: look.changeWord((hasFailed ? traits.failedWord : undefined) ?? STATUS_WORDS[state.rowStatus]),
		created_at: toUnixSeconds(createdAtMs),
		updated_at: toUnixSeconds(state.updatedAtMs ?? createdAtMs),
	};
	if (hasFailed) {
		const { reason = 'The service encountered an unexpected internal error.', reasonCode } = traits;
		return { ...common, error: { code: reasonCode ?? 'InternalServiceError', message: reason } };
	}
	if (state.rowStatus !== 'SUCCESS') return common;
	const content = look.hidesResult ? {} : { video_url: resultUrl };
	return { ...common, content, resolution, duration: durationSeconds, ratio, framespersecond: 24 };
}
