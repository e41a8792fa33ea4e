/**
 * Midjourney. https://apidoc.cometapi.com/api/image/midjourney/submit-video and
 * …/task-fetching-api/{fetch-single-task,list-by-condition}. The number of success is not on the page: 1 is the custom of the software
 * behind such routes (https://github.com/novicezk/midjourney-proxy), as are the numbers of refusals.
 */
import { refusals } from '../refusal';
import { jsonReply, type Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import { decodeId } from '../taskId';
import type { RowStatus, SimulatedTask } from '../simulatedTask';
import { BodyReader } from './bodyReader';
import { readImageAddressOrData } from './mediaInput';
import { answerCall, answerStatus, nativeRoute, readLook, type BuildBusinessError } from './nativeReply';
import { findNativeTask, openNativeTask, readNative, type NativeOrder } from './nativeTask';

const VIDEO_SECONDS = 5;
const VARIANTS = 4;

export const MIDJOURNEY_STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'NOT_START',
	QUEUED: 'SUBMITTED',
	IN_PROGRESS: 'IN_PROGRESS',
	SUCCESS: 'SUCCESS',
	FAILURE: 'FAILURE',
};

const businessError: BuildBusinessError = ({ code = 24, message = 'The prompt may contain sensitive words' }) => ({
	code,
	description: message,
	result: '',
	properties: {},
});

export function createMidjourneyRoutes(service: Service): Route[] {
	return [
		nativeRoute({
			target: 'create',
			method: 'POST',
			path: /^\/mj\/submit\/video$/,
			handle: (exchange) => create(service, exchange),
		}),
		nativeRoute({
			target: 'status',
			method: 'GET',
			path: /^\/mj\/task\/([^/]+)\/fetch$/,
			handle: (exchange) => query(service, exchange),
		}),
		nativeRoute({
			target: 'status',
			method: 'POST',
			path: /^\/mj\/task\/list-by-condition$/,
			handle: (exchange) => list(service, exchange),
		}),
	];
}

function create(service: Service, exchange: Exchange): Reply {
	const order = parseOrder(service, exchange);
	const accept = () => ({
		code: 1,
		description: 'Submit success',
		result: openNativeTask(service, exchange, 'midjourney', order).id,
		properties: { prompt: order.prompt },
	});
	return answerCall(exchange, accept, { businessError });
}

function parseOrder(service: Service, exchange: Exchange): NativeOrder {
	const body = BodyReader.open(exchange.request, refusals.invalidRequest);
	body.requiredChoice('motion', ['low', 'high']);
	const image = readImageAddressOrData(body, 'image', ['jpeg', 'png', 'webp']);
	const prompt = body.text('prompt') ?? '';
	const state = body.text('state');
	// The page lists no values of `action`.
	const action = body.text('action') || undefined;
	if (action !== undefined) {
		readParent(service, exchange, body);
	} else if (body.has('index') || body.has('taskId')) {
		throw body.refuse('index and taskId need an action');
	} else if (!image) {
		// The page marks it as required; a continued task brings its own picture.
		throw body.refuse('image is required');
	}
	body.end();
	return { kind: 'video', model: 'midjourney', prompt, durationSeconds: VIDEO_SECONDS, state };
}

function readParent(service: Service, exchange: Exchange, body: BodyReader): void {
	const parent = findNativeTask(service, exchange, 'midjourney', body.requiredText('taskId'));
	if (parent?.stateAt(service.now()).rowStatus !== 'SUCCESS') {
		throw body.refuse('taskId must name a finished video task');
	}
	const index = body.integer('index', { minimum: 0, maximum: VARIANTS - 1 });
	if (index === undefined) throw body.refuse('index is required');
}

function query(service: Service, exchange: Exchange): Reply {
	const task = findNativeTask(service, exchange, 'midjourney', decodeId(exchange.parameters[0]));
	if (!task) throw refusals.taskNotExist();
	const { state, body, failReason } = buildTask(service, exchange, task);
	const wrapper = { action: 'VIDEO', payload: body, failReason };
	return answerStatus(service, exchange, { task, state, body, wrapper, businessError });
}

/** Tasks of a doubtful world are left out: each of them is asked for alone. */
function list(service: Service, exchange: Exchange): Reply {
	const body = BodyReader.open(exchange.request, refusals.invalidRequest);
	const ids = body.items('ids', { minimum: 1, maximum: 100 });
	body.end();
	const tasks = ids.flatMap((id) => findNativeTask(service, exchange, 'midjourney', id) ?? []);
	const known = tasks.filter(({ details }) => details.world === undefined);
	return jsonReply(
		200,
		known.map((task) => buildTask(service, exchange, task).body),
	);
}

function buildTask(service: Service, exchange: Exchange, task: SimulatedTask) {
	const state = task.stateAt(service.now());
	const look = readLook(task, exchange.fault);
	const { traits, prompt, resultUrl } = task.details;
	const { rowStatus } = state;
	const { submittedMs, startedMs, endedMs } = task.timesAt(state);
	const isDone = rowStatus === 'SUCCESS';
	const hasFailed = rowStatus === 'FAILURE';
	const word = (hasFailed ? traits.failedWord : undefined) ?? MIDJOURNEY_STATUS_WORDS[rowStatus];
	const failReason = hasFailed ? (traits.reason ?? 'Task failed') : '';
	const body = {
		id: task.id,
		action: 'VIDEO',
		status: look.changeWord(word),
		progress: `${state.progressPercent}%`,
		prompt,
		description: 'Submit success',
		state: readNative(task).state ?? '',
		submitTime: submittedMs,
		startTime: startedMs,
		finishTime: endedMs,
		imageUrl: isDone ? `${service.resultOrigin}/media/image.jpg` : '',
		videoUrl: isDone && !look.hidesResult ? resultUrl : '',
		failReason,
		buttons: [],
		properties: {},
	};
	return { state, body, failReason };
}
