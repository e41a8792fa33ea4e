/**
 * Replies of the native routes: the faults that each provider words in its own way, and the wrapper that CometAPI's
 * pages of March 2026 show around query replies. The documented wrapper stands in
 * https://apidoc.cometapi.com/api/video/xai/get-video-generation-results and
 * https://apidoc.cometapi.com/api/video/runway/official-format/runway-to-get-task-details (versions of March 2026).
 */
import type { Fault } from '../faults';
import { jsonReply, type Reply } from '../reply';
import type { Exchange, Route } from '../route';
import type { Service } from '../service';
import type { SimulatedTask, TaskState } from '../simulatedTask';

export type NativeBody = Record<string, unknown>;

type FaultKind = Fault['kind'];

const OWN_FAULTS: ReadonlySet<FaultKind> = new Set<FaultKind>([
	'wrapped',
	'uppercase',
	'unknownWord',
	'noVideoUrl',
	'metadataUrl',
	'businessError',
]);

type BusinessFault = Extract<Fault, { kind: 'businessError' }>;

/** The provider's words for "HTTP 200 but refused"; absent for providers that have none. */
export type BuildBusinessError = (fault: BusinessFault, exchange: Exchange) => NativeBody;

/** How one status reply departs from the usual one. */
export interface StatusLook {
	changeWord: (word: string) => string;
	hidesResult: boolean;
}

export function nativeRoute(route: Omit<Route, 'access' | 'ownFaults'>): Route {
	return { ...route, access: 'apiKey', ownFaults: OWN_FAULTS };
}

export function readLook(task: SimulatedTask, fault: Fault | undefined): StatusLook {
	return {
		changeWord: (word) => changeWord(word, fault),
		hidesResult: ['none', 'nowhere'].includes(task.details.traits.resultField ?? '') || fault?.kind === 'noVideoUrl',
	};
}

/**
 * Answers a create or a call that ends at once. `accept` makes what the request asks for and is not called when the
 * provider refuses by a fault.
 */
export function answerCall(
	exchange: Exchange,
	accept: () => NativeBody,
	options: { businessError?: BuildBusinessError; hasStatusWord?: boolean } = {},
): Reply {
	const { fault } = exchange;
	if (fault?.kind === 'businessError') return answerBusinessError(exchange, fault, options.businessError);
	const changesWord = fault?.kind === 'uppercase' || fault?.kind === 'unknownWord';
	if (fault?.kind === 'metadataUrl' || (changesWord && !options.hasStatusWord)) throw meaningless(exchange);
	const body = accept();
	return jsonReply(200, fault?.kind === 'wrapped' ? { code: 'success', message: '', data: body } : body);
}

export interface StatusAnswer {
	task: SimulatedTask;
	state: TaskState;
	body: NativeBody;
	wrapper: WrapperInput;
	businessError?: BuildBusinessError;
	/** In March 2026 this route wrapped its replies. */
	wasWrapped?: boolean;
}

export function answerStatus(service: Service, exchange: Exchange, answer: StatusAnswer): Reply {
	const { fault } = exchange;
	const { task, state, body, wrapper } = answer;
	switch (fault?.kind) {
		case 'businessError':
			return answerBusinessError(exchange, fault, answer.businessError);
		case 'metadataUrl':
			throw meaningless(exchange);
		default:
			break;
	}
	const isWrapped = fault?.kind === 'wrapped' || (service.envelopes === 'march2026' && answer.wasWrapped);
	return jsonReply(200, isWrapped ? { code: 'success', message: '', data: buildRow(task, state, wrapper) } : body);
}

export interface WrapperInput {
	action: string;
	/** What the provider sent; `data` of the row. */
	payload: NativeBody;
	/** Also set for successful xAI tasks, where it held the address of the video. */
	failReason: string;
}

/** The fields of the wrapper's `data`. */
export function buildRow(task: SimulatedTask, state: TaskState, wrapper: WrapperInput): NativeBody {
	const { action, payload, failReason } = wrapper;
	const { submittedMs, startedMs, endedMs } = task.timesAt(state);
	return {
		task_id: task.id,
		action,
		status: state.rowStatus,
		fail_reason: failReason,
		submit_time: toUnixSeconds(submittedMs),
		start_time: toUnixSeconds(startedMs),
		finish_time: toUnixSeconds(endedMs),
		progress: `${state.progressPercent}%`,
		// The gateway has nothing of the provider before its first update.
		data: state.rowStatus === 'NOT_START' ? null : payload,
	};
}

export function toUnixSeconds(milliseconds: number): number {
	return Math.floor(milliseconds / 1000);
}

function answerBusinessError(exchange: Exchange, fault: BusinessFault, build: BuildBusinessError | undefined): Reply {
	if (!build) throw meaningless(exchange);
	return jsonReply(200, build(fault, exchange));
}

function changeWord(word: string, fault: Fault | undefined): string {
	switch (fault?.kind) {
		case 'uppercase':
			// The words of Runway and Midjourney are upper case already.
			return word === word.toUpperCase() ? word.toLowerCase() : word.toUpperCase();
		case 'unknownWord':
			return fault.word;
		default:
			return word;
	}
}

/** Shows up as a defect of the test: such a fault would prove nothing. */
function meaningless({ fault, request }: Exchange): Error {
	return new Error(`The fault ${fault?.kind} has no meaning on ${request.path}`);
}
