/**
 * Veo's route of 2025. https://apidoc.cometapi.com/submit-video-generation-task-18941528e0 and CometAPI's blog of that year; the
 * ratio is a third party's. Queries have always come in the wrapper.
 */
import { refusals } from '../refusal';
import type { Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import type { RowStatus, SimulatedTask, TaskState } from '../simulatedTask';
import { decodeId } from '../taskId';
import { BodyReader } from './bodyReader';
import {
	answerCall,
	answerStatus,
	buildRow,
	nativeRoute,
	readLook,
	type StatusLook,
	type WrapperInput,
} from './nativeReply';
import { findNativeTask, openNativeTask, type NativeOrder } from './nativeTask';

const MODELS = ['veo3', 'veo3-pro', 'veo3.1'];
const VIDEO_SECONDS = 8;

const STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'pending',
	QUEUED: 'pending',
	IN_PROGRESS: 'processing',
	SUCCESS: 'completed',
	FAILURE: 'failed',
};

export function createVeoLegacyRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/veo\/v1\/video\/create$/,
			handle: (exchange) => create(service, exchange),
		}),
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/veo\/v1\/video\/query\/([^/]+)$/,
			handle: (exchange) => query(service, exchange),
		}),
	];
}

function create(service: Service, exchange: Exchange): Reply {
	const order = parseOrder(exchange);
	const accept = () => {
		const task = openNativeTask(service, exchange, 'veoLegacy', order);
		return { id: task.id, status: readLook(task, exchange.fault).changeWord('pending') };
	};
	return answerCall(exchange, accept, { hasStatusWord: true });
}

function parseOrder({ request }: Exchange): NativeOrder {
	const body = BodyReader.open(request, refusals.invalidRequest);
	const model = body.text('model');
	if (!model) throw refusals.missingModel();
	if (!MODELS.includes(model)) throw refusals.unknownModel(model);
	const prompt = body.requiredText('prompt');
	body.flag('enhance_prompt');
	body.choice('aspect_ratio', ['16:9', '9:16']);
	body.end();
	return { kind: 'create', model, prompt, durationSeconds: VIDEO_SECONDS };
}

function query(service: Service, exchange: Exchange): Reply {
	const task = findNativeTask(service, exchange, 'veoLegacy', decodeId(exchange.parameters[0]));
	if (!task) throw refusals.taskNotExist();
	const state = task.stateAt(service.now());
	const wrapper = buildVeoLegacyWrapper(task, state, readLook(task, exchange.fault));
	const row = buildRow(task, state, wrapper);
	const status = state.rowStatus === 'FAILURE' ? 'FAILED' : row.status;
	const body = { code: 'success', message: '', data: { ...row, status } };
	return answerStatus(service, exchange, { task, state, body, wrapper });
}

export function buildVeoLegacyWrapper(task: SimulatedTask, state: TaskState, look: StatusLook): WrapperInput {
	const { traits, resultUrl } = task.details;
	const hasFailed = state.rowStatus === 'FAILURE';
	const hasResult = state.rowStatus === 'SUCCESS' && !look.hidesResult;
	const word = (hasFailed ? traits.failedWord : undefined) ?? STATUS_WORDS[state.rowStatus];
	return {
		action: 'VIDEO_GENERATION',
		payload: { status: look.changeWord(word), ...(hasResult ? { video_url: resultUrl } : {}) },
		failReason: hasFailed ? (traits.reason ?? 'generation failed') : '',
	};
}
