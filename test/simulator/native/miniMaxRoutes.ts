/**
 * MiniMax's own format. CometAPI names the create and the file look-up on its model pages
 * (https://www.cometapi.com/models/minimax/minimax-files-retrieve/: 0.004 USD per look-up); everything else is
 * MiniMax's reference, https://platform.minimax.io/docs/api-reference/video-generation-download.
 * `callback_url` is taken but never called: whether CometAPI forwards it is unknown.
 */
import { toQuota } from '../quota';
import { refusals } from '../refusal';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import { sampleVideo } from '../sampleMedia';
import type { Service } from '../service';
import type { RowStatus, SimulatedTask, TaskState } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import { readImageAddressOrData } from './mediaInput';
import {
	answerCall,
	answerStatus,
	nativeRoute,
	readLook,
	toUnixSeconds,
	type BuildBusinessError,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { createDigits, findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';

interface MiniMaxModel {
	image: 'none' | 'optional' | 'required';
	lastImage?: true;
	durations: readonly number[];
	resolutions: readonly string[];
}

const LEGACY: Omit<MiniMaxModel, 'image'> = { durations: [6], resolutions: ['720P'] };
const HAILUO_02: MiniMaxModel = {
	image: 'optional',
	lastImage: true,
	durations: [6, 10],
	resolutions: ['512P', '768P', '1080P'],
};
const HAILUO_23: MiniMaxModel = { image: 'optional', durations: [6, 10], resolutions: ['768P', '1080P'] };

const MODELS: Readonly<Record<string, MiniMaxModel>> = {
	'minimax-hailuo-02': HAILUO_02,
	'MiniMax-Hailuo-02': HAILUO_02,
	'MiniMax-Hailuo-2.3': HAILUO_23,
	'MiniMax-Hailuo-2.3-Fast': { ...HAILUO_23, image: 'required' },
	'video-01': { ...LEGACY, image: 'optional' },
	'T2V-01': { ...LEGACY, image: 'none' },
};

const IMAGE_FORMATS = ['jpeg', 'png', 'webp'];
const FILE_PRICE_US_DOLLARS = 0.004;
const SUCCESS = { status_code: 0, status_msg: 'success' };

const STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'Queueing',
	QUEUED: 'Queueing',
	IN_PROGRESS: 'Processing',
	SUCCESS: 'Success',
	FAILURE: 'Fail',
};

const businessError: BuildBusinessError = ({ code = 1008, message = 'insufficient balance' }) => ({
	base_resp: { status_code: code, status_msg: message },
});

export function createMiniMaxRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/v1\/video_generation$/,
			handle: (exchange) => create(service, exchange),
		}),
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/v1\/query\/video_generation$/,
			handle: (exchange) => query(service, exchange),
		}),
		nativeRoute({
			target: 'file',
			method: 'GET',
			path: /^\/v1\/files\/retrieve$/,
			handle: (exchange) => retrieveFile(service, exchange),
		}),
	];
}

function create(service: Service, exchange: Exchange): Reply {
	const order = parseOrder(exchange);
	const accept = () => ({ task_id: openNativeTask(service, exchange, 'miniMax', order).id, base_resp: SUCCESS });
	return answerCall(exchange, accept, { businessError });
}

function parseOrder({ request }: Exchange): NativeOrder {
	const body = BodyReader.open(request, refusals.miniMaxParameter);
	const model = body.text('model');
	if (!model) throw refusals.missingModel();
	if (!Object.hasOwn(MODELS, model)) throw refusals.unknownModel(model);
	const rules = MODELS[model];
	const takesImage = rules.image !== 'none';
	const firstImage = takesImage ? readImageAddressOrData(body, 'first_frame_image', IMAGE_FORMATS) : undefined;
	if (rules.image === 'required' && !firstImage) throw body.refuse('first_frame_image is required');
	if (rules.lastImage) readImageAddressOrData(body, 'last_frame_image', IMAGE_FORMATS);
	// A picture alone says enough.
	const prompt = (firstImage ? body.text('prompt', 2000) : body.requiredText('prompt', 2000)) ?? '';
	const durationSeconds = body.integer('duration', { minimum: 1, maximum: 10 }) ?? 6;
	const resolution = body.choice('resolution', rules.resolutions);
	if (!rules.durations.includes(durationSeconds)) throw body.refuse(`duration ${durationSeconds} is not supported`);
	if (durationSeconds === 10 && resolution === '1080P') throw body.refuse('1080P supports 6 seconds only');
	body.flag('prompt_optimizer');
	body.flag('fast_pretreatment');
	body.flag('aigc_watermark');
	body.address('callback_url');
	body.end();
	return { kind: 'video_generation', model, prompt, durationSeconds, videoId: createDigits(18), resolution };
}

function query(service: Service, exchange: Exchange): Reply {
	const taskId = exchange.request.query.get('task_id');
	const task = findNativeTask(service, exchange, 'miniMax', taskId);
	if (!task) throw refusals.taskNotExist();
	const state = task.stateAt(service.now());
	const wrapper = buildMiniMaxWrapper(task, state, readLook(task, exchange.fault));
	return answerStatus(service, exchange, { task, state, body: wrapper.payload, wrapper, businessError });
}

export function buildMiniMaxWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	const { traits } = task.details;
	const hasFailed = state.rowStatus === 'FAILURE';
	const hasFile = state.rowStatus === 'SUCCESS' && !look.hidesResult;
	const word = (hasFailed ? traits.failedWord : undefined) ?? STATUS_WORDS[state.rowStatus];
	const { reason = 'output new_sensitive', reasonCode = '1027' } = traits;
	const failure = { status_code: Number(reasonCode), status_msg: reason };
	const payload = {
		task_id: task.id,
		status: look.changeWord(word),
		file_id: hasFile ? readNative(task).videoId : '',
		video_width: hasFile ? 1366 : 0,
		video_height: hasFile ? 768 : 0,
		base_resp: hasFailed ? failure : SUCCESS,
	};
	return { action: 'VIDEO_GENERATION', payload, failReason: hasFailed ? failure.status_msg : '' };
}

/** Each look-up costs money: a second one for the same file shows in the balance and in `requests`. */
function retrieveFile(service: Service, exchange: Exchange): Reply {
	const fileId = exchange.request.query.get('file_id');
	const task = [...service.tasks.values()].find(
		({ details }) => details.native?.provider === 'miniMax' && details.native.videoId === fileId,
	);
	const state = task?.stateAt(service.now());
	if (task?.details.ownerKey !== exchange.apiKey || state?.rowStatus !== 'SUCCESS') {
		throw refusals.miniMaxParameter('file not found');
	}
	const accept = () => {
		const fees = service.native.fees.get(exchange.apiKey) ?? 0;
		service.native.fees.set(exchange.apiKey, fees + toQuota(FILE_PRICE_US_DOLLARS));
		const file = {
			file_id: fileId,
			bytes: sampleVideo.length,
			created_at: toUnixSeconds(state.updatedAtMs ?? 0),
			filename: 'output.mp4',
			purpose: 'video_generation',
		};
		const isHidden = exchange.fault?.kind === 'noVideoUrl';
		return {
			file: isHidden ? file : { ...file, download_url: task.details.resultUrl },
			base_resp: SUCCESS,
		};
	};
	return answerCall(exchange, accept, { businessError });
}
