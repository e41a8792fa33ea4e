/**
 * Runway, compatibility format. https://apidoc.cometapi.com/api/video/runway/compatibility-format/{generate,
 * image-to-video,video-to-video-style-redraw,act-one-expression-migration,feed-get-task}, in March 2026 below
 * …/runway/reverse-format/. The key of the end frame is that of three other gateways with this format.
 */
import { refusals } from '../refusal';
import { jsonReply, type Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import type { SimulatedTask, TaskState } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import {
	answerCall,
	answerStatus,
	buildRow,
	nativeRoute,
	readLook,
	type BuildBusinessError,
	type NativeBody,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';
import { assertRunwayKnown, RUNWAY_RATIOS } from './runwayRoutes';

const MODELS = ['gen4', 'gen4_turbo'];
const ASSUMED_SOURCE_SECONDS = 5;
const TEXT_RATIOS = ['16:9', '9:16', '1:1'];
const MOTIONS = ['x', 'y', 'z', 'r', 'bg_x_pan', 'bg_y_pan'];
/** No page names their range. */
const ANY_NUMBER = { minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY };

/** The page shows no refusal; the envelope is that of the success. */
const businessError: BuildBusinessError = ({ code = 400, message = 'generation refused' }) => ({
	code,
	msg: message,
	data: null,
	exec_time: 0.1,
});

export function createRunwayCompatRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/runway\/pro\/generate$/,
			handle: (exchange) => create(service, exchange, parseOrder(exchange)),
		}),
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/runway\/pro\/video2video$/,
			handle: (exchange) => create(service, exchange, parseStyleRedraw(exchange)),
		}),
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/runway\/pro\/act_one$/,
			handle: (exchange) => create(service, exchange, parseActOne(exchange)),
		}),
		nativeRoute({
			target: 'status',
			method: 'POST',
			path: /^\/runway\/feed$/,
			handle: (exchange) => query(service, exchange),
		}),
	];
}

type CompatOrder = NativeOrder & { callbackUrl: string };

function create(service: Service, exchange: Exchange, { callbackUrl, ...order }: CompatOrder): Reply {
	const accept = () => {
		const task = openNativeTask(service, exchange, 'runwayCompat', order);
		const look = readLook(task, undefined);
		service.callbacks.watch({
			task,
			url: callbackUrl,
			endOnly: true,
			readWord: ({ rowStatus }) => rowStatus,
			// No page shows the body: the task as the query shows it.
			buildBody: (state) => buildFeed(task, state, look),
		});
		return { code: 200, msg: '成功', data: { task_id: task.id }, exec_time: 0.1 };
	};
	return answerCall(exchange, accept, { businessError });
}

function openBody(request: Exchange['request']): { body: BodyReader; callbackUrl: string } {
	const body = BodyReader.open(request, refusals.invalidRequest);
	if (!body.text('callback_url')) throw refusals.callbackUrlEmpty();
	return { body, callbackUrl: body.requiredAddress('callback_url') };
}

function parseStyleRedraw({ request }: Exchange): CompatOrder {
	const { body, callbackUrl } = openBody(request);
	const model = body.requiredChoice('model', ['gen4']);
	const prompt = body.requiredText('prompt');
	body.requiredAddress('video');
	const options = body.requiredObject('options');
	options.number('structure_transformation', { minimum: 0, maximum: 1 });
	options.flag('flip');
	// Only since the newest page.
	const durationSeconds = options.integer('seconds', { minimum: 5, maximum: 10 });
	if (durationSeconds !== 5 && durationSeconds !== 10) throw body.refuse('options.seconds must be 5 or 10');
	options.end();
	body.end();
	return { kind: 'video', model, prompt, durationSeconds, callbackUrl };
}

function parseActOne({ request }: Exchange): CompatOrder {
	const { body, callbackUrl } = openBody(request);
	body.requiredAddress('video');
	body.requiredAddress('image');
	body.end();
	return { kind: 'video', model: 'act_one', prompt: '', durationSeconds: ASSUMED_SOURCE_SECONDS, callbackUrl };
}

/** Text and picture share the path; `image` tells them apart. */
function parseOrder({ request }: Exchange): CompatOrder {
	const { body, callbackUrl } = openBody(request);
	const model = body.text('model');
	if (!model) throw refusals.missingModel();
	if (!MODELS.includes(model)) throw refusals.unknownModel(model);
	const prompt = body.requiredText('prompt');
	const hasImage = body.has('image');
	if (hasImage) {
		body.requiredAddress('image');
		body.address('last_image');
		body.requiredChoice('ratio', RUNWAY_RATIOS);
		body.text('style');
	} else {
		body.requiredChoice('ratio', TEXT_RATIOS);
		body.requiredText('style');
	}
	const durationSeconds = readOptions(body, !hasImage);
	body.end();
	return { kind: hasImage ? 'image' : 'text', model, prompt, durationSeconds, callbackUrl };
}

function readOptions(body: BodyReader, isRequired: boolean): number {
	const options = isRequired ? body.requiredObject('options') : body.object('options');
	if (!options) return 5;
	const seconds = options.integer('seconds', { minimum: 5, maximum: 10 });
	if (seconds === undefined && isRequired) throw body.refuse('options.seconds is required');
	if (seconds !== undefined && seconds !== 5 && seconds !== 10) throw body.refuse('options.seconds must be 5 or 10');
	const motion = options.object('motion_vector');
	for (const name of MOTIONS) motion?.number(name, ANY_NUMBER);
	motion?.end();
	options.end();
	return seconds ?? 5;
}

function query(service: Service, exchange: Exchange): Reply {
	const body = BodyReader.open(exchange.request, refusals.invalidRequest);
	const taskId = body.requiredText('task_id');
	body.end();
	const task = findNativeTask(service, exchange, 'runwayCompat', taskId);
	assertRunwayKnown(service, task);
	const state = task.stateAt(service.now());
	const look = readLook(task, exchange.fault);
	const row = buildFeed(task, state, look);
	const wrapper = buildRunwayCompatWrapper(task, state, look);
	const reply = answerStatus(service, exchange, { task, state, body: row, wrapper, businessError, wasWrapped: true });
	// A task that was just accepted may echo its id alone.
	const isFresh = service.envelopes === 'newest' && !exchange.fault && state.rowStatus === 'NOT_START';
	return isFresh ? jsonReply(200, { task_id: task.id }) : reply;
}

/** Since May 2026: the fields of the former wrapper's `data`, flat, and `result_url`. */
function buildFeed(task: SimulatedTask, state: TaskState, look: StatusLook): NativeBody {
	const wrapper = buildRunwayCompatWrapper(task, state, look);
	const { task_id, action, status, fail_reason, ...rest } = buildRow(task, state, wrapper);
	const hasResult = state.rowStatus === 'SUCCESS' && !look.hidesResult;
	const word = (state.rowStatus === 'FAILURE' ? task.details.traits.failedWord : undefined) ?? String(status);
	return {
		task_id,
		action,
		status: look.changeWord(word),
		fail_reason,
		result_url: hasResult ? task.details.resultUrl : '',
		...rest,
	};
}

export function buildRunwayCompatWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	const { traits, resultUrl } = task.details;
	const hasResult = state.rowStatus === 'SUCCESS' && !look.hidesResult;
	const payload = hasResult
		? { task_id: task.id, video_url: resultUrl, poster: `${new URL(resultUrl).origin}/media/image.jpg` }
		: { task_id: task.id };
	return {
		action: readNative(task).kind === 'image' ? 'IMAGE_TO_VIDEO' : 'VIDEO_GENERATION',
		payload,
		failReason: state.rowStatus === 'FAILURE' ? (traits.reason ?? 'generation failed') : '',
	};
}
