/**
 * Kling's envelope on CometAPI's /kling/v1 routes: `{code: 0, message, request_id, data}`, or the gateway's wrapper of March 2026.
 * Sources: https://apidoc.cometapi.com/api/video/kling/individual-queries and /omni-query (2026-03 to 2026-06).
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { RequestError, UnexpectedResponseError, withReason } from '../../task/errors';
import type { RequestFailureKind } from '../../task/errors';
import {
	firstText,
	isLink,
	isObject,
	lenient,
	parseReply,
	readErrorBody,
	unwrapGatewayReply,
} from '../../service/replies';
import type { Asset, CreateRequest, CreatedTask, TaskApi, TaskRef, TaskState, VideoTask } from '../../task/types';

export const KLING = '/kling/v1';

const QUERY_ROUTES = [
	...['text2video', 'image2video', 'multi-image2video', 'omni-video', 'video-extend', 'effects', 'multi-elements'],
	...['avatar/image2video', 'advanced-lip-sync', 'lip-sync'],
].map((kind) => `${KLING}/videos/${kind}`);
const AUDIO_ROUTES = ['text-to-audio', 'video-to-audio'].map((kind) => `${KLING}/audio/${kind}`);

/** The pages of these kinds do not say where their tasks are queried; the second guess is by the documented template. */
const OTHER_ROUTES: Readonly<Record<string, readonly string[]>> = {
	[`${KLING}/videos/video-extend`]: [`${KLING}/videos/text2video`, `${KLING}/videos/image2video`],
	[`${KLING}/videos/advanced-lip-sync`]: [`${KLING}/videos/lip-sync`],
	[`${KLING}/videos/avatar/image2video`]: [`${KLING}/videos/image2video`],
};

const SUCCESS_WORDS = ['succeed', 'succeeded', 'success'];
const FAILURE_WORDS = ['failed', 'failure'];

/** Kling's business codes: 1302–1304 are rate limits, 5000–5002 its own faults, all others refusals. */
const THROTTLED_CODES = [1302, 1303, 1304];
const FAULT_CODES = [5000, 5001, 5002];
/** No such resource: as HTTP 404 would say. */
const UNKNOWN_CODES = [1202, 1203];

/** The last moment that a date can be. */
const MAX_TIME = 8.64e15;

const text = lenient(z.string());
const time = lenient(z.coerce.number().positive().max(MAX_TIME));
/** Longer than numbers can be exactly; one that came as such a number is no id. */
const id = lenient(z.union([z.string(), z.number().refine(Number.isSafeInteger)]).transform(String));

const seconds = lenient(z.coerce.number().finite());
const videoSchema = z.object({ id, url: text, duration: seconds }).passthrough();
/** Speech has `url` and `duration`, the other sounds the rest. */
const audioSchema = z
	.object({ id, url: text, url_mp3: text, url_wav: text, duration: seconds, duration_mp3: seconds })
	.passthrough();

const taskSchema = z
	.object({
		task_id: id,
		task_status: text,
		task_status_msg: text,
		task_result: lenient(
			z
				.object({ videos: lenient(z.array(lenient(videoSchema))), audios: lenient(z.array(lenient(audioSchema))) })
				.passthrough(),
		),
		created_at: time,
		updated_at: time,
	})
	.passthrough();

type KlingTask = z.infer<typeof taskSchema>;

export const klingTaskApi: TaskApi = {
	routes: [QUERY_ROUTES[0], ...QUERY_ROUTES.slice(1), ...AUDIO_ROUTES],

	parseCreated(body, request, provider): CreatedTask {
		const { data, raw } = openEnvelope(body);
		const task = parseReply(taskSchema, data, 'the new Kling task');
		const created = { taskId: task.task_id ?? '', route: request.path, rawStatus: task.task_status ?? '', raw };
		const outputs = readAnswerOfStep(request, data);
		// Where there is a task, it tells itself what has become of it.
		if (!outputs && task.task_id) return created;
		assertAccepted(raw);
		assertNoError(raw);
		if (!outputs) {
			throw new UnexpectedResponseError(
				'CometAPI accepted the request, but its answer names no task ("data.task_id")',
				'The task may exist and be billed, so the request was not sent again. Look for it in the CometAPI console.',
			);
		}
		const ref: TaskRef = { provider, taskId: created.taskId, route: request.path };
		const state = succeeded({ ...task, task_status: task.task_status ?? 'succeed' }, outputs);
		assertDone(request.path, raw, task, state.outputs ?? {});
		const finished: VideoTask = {
			...state,
			ref,
			durationSeconds: readSeconds(task),
			raw,
		};
		return { ...created, rawStatus: finished.rawStatus, finished };
	},

	statusRequest: ({ route, taskId }) => ({ method: 'GET', path: `${route}/${encodeURIComponent(taskId)}` }),

	otherRoutes: ({ route }) => OTHER_ROUTES[route] ?? [],

	parseTask(body, ref): VideoTask {
		const { payload, wrapper } = unwrapGatewayReply(body);
		const { data, raw } = wrapper ? { data: payload, raw: wrapper } : openEnvelope(body);
		if (!wrapper) assertAccepted(raw);
		const task = parseReply(taskSchema, data, `task ${ref.taskId}`);
		const wrapperStatus = typeof wrapper?.status === 'string' ? wrapper.status : undefined;
		const state = readState(task, wrapperStatus, firstText(wrapper?.fail_reason));
		if (state.status === 'succeeded' && state.assets.length === 0) {
			throw new UnexpectedResponseError(
				`CometAPI says that task ${ref.taskId} succeeded, but its answer has no link (task_result)`,
				'Read the task again with Task > Get. If the link stays away, give CometAPI support the task ID.',
			);
		}
		return {
			...state,
			ref,
			durationSeconds: readSeconds(task),
			createdAt: readMilliseconds(task.created_at),
			completedAt: state.status === 'pending' ? undefined : readMilliseconds(task.updated_at),
			raw,
		};
	},
};

function openEnvelope(body: unknown): { data: IDataObject; raw: IDataObject } {
	const raw = isObject(body) ? body : {};
	return { data: isObject(raw.data) ? raw.data : {}, raw };
}

/** @throws RequestError for HTTP 200 with a code that is a refusal, also in the nested form that text to speech has */
function assertAccepted(raw: IDataObject): void {
	const inner = isObject(raw.data) ? raw.data : {};
	const nested = isObject(inner.data) ? inner.data : {};
	const code = [raw.code, inner.code, nested.code].find(
		(candidate) => Number.isSafeInteger(candidate) && candidate !== 0,
	);
	if (typeof code === 'number') {
		throw new RequestError(
			kindOfCode(code),
			withReason(`Kling refused the request (code ${code})`, firstText(raw.message, inner.message, nested.message)),
			'Correct the field that the message names, then run the item again.',
			{
				errorCode: String(code),
				requestId: typeof raw.request_id === 'string' ? raw.request_id : undefined,
				...(UNKNOWN_CODES.includes(code) ? { httpStatus: 404 } : {}),
			},
		);
	}
}

/** HTTP 200 with CometAPI's own error inside. @throws RequestError */
function assertNoError(raw: IDataObject): void {
	const { message, code } = readErrorBody(raw);
	if (!raw.error || message === '') return;
	throw new RequestError(
		['invalid_request', 'model_not_found'].includes(code) ? 'refused' : 'transient',
		withReason('CometAPI answered with an error', message),
		'Correct what the message names, then run the item again.',
		{ errorCode: code },
	);
}

/** What a job that is done at once must have in its answer. */
const RESULT_OF_STEP: ReadonlyArray<[RegExp, string]> = [
	[/\/audio\/tts$/, 'audioId'],
	[/\/(identify-face|init-selection)$/, 'sessionId'],
];

/** @throws RequestError when it failed, UnexpectedResponseError when its result is missing */
function assertDone(path: string, raw: IDataObject, task: KlingTask, outputs: IDataObject): void {
	const status = task.task_status?.toLowerCase() ?? '';
	if (FAILURE_WORDS.includes(status)) {
		throw new RequestError(
			'refused',
			withReason('Kling could not do it', task.task_status_msg || `it ended as "${status}"`),
			'Correct what the message names, then run the item again.',
		);
	}
	const result = RESULT_OF_STEP.find(([step]) => step.test(path))?.[1];
	const isAnswered = result === undefined ? raw.code === 0 || isObject(raw.data) : Boolean(outputs[result]);
	if (isAnswered && (status === '' || SUCCESS_WORDS.includes(status))) return;
	throw new UnexpectedResponseError(
		withReason(`CometAPI's answer has no result${result ? ` (${result})` : ''}`, firstText(raw.message)),
		'Run the item again. If that does not help, give CometAPI support the request ID.',
	);
}

function kindOfCode(code: number): RequestFailureKind {
	if (THROTTLED_CODES.includes(code)) return 'throttled';
	return FAULT_CODES.includes(code) ? 'transient' : 'refused';
}

function readState(task: KlingTask, wrapperStatus: string | undefined, wrapperReason: string): TaskState {
	const rawStatus = task.task_status ?? wrapperStatus ?? '';
	const word = rawStatus.toLowerCase();
	if (SUCCESS_WORDS.includes(word)) return succeeded(task);
	if (FAILURE_WORDS.includes(word)) {
		return { status: 'failed', rawStatus, reason: task.task_status_msg || wrapperReason };
	}
	return { status: 'pending', rawStatus };
}

function succeeded(task: KlingTask, outputs: IDataObject = {}): TaskState & { status: 'succeeded' } {
	const { videos, audios } = task.task_result ?? {};
	const assets = [
		...(videos ?? []).flatMap((video) => asset('video', [video?.url])),
		...(audios ?? []).flatMap((audio) => asset('audio', [audio?.url_mp3, audio?.url, audio?.url_wav])),
	];
	return {
		status: 'succeeded',
		rawStatus: task.task_status ?? '',
		assets,
		outputs: {
			...(videos?.[0]?.id ? { videoId: videos[0].id } : {}),
			...(audios?.[0]?.id ? { audioId: audios[0].id } : {}),
			...outputs,
		},
	};
}

function asset(kind: Asset['kind'], places: readonly unknown[]): Asset[] {
	const url = places.find(isLink);
	return url ? [{ kind, sources: [{ at: 'url', url }] }] : [];
}

function readSeconds({ task_result: result }: KlingTask): number | undefined {
	const [video] = result?.videos ?? [];
	const [audio] = result?.audios ?? [];
	return video?.duration || audio?.duration || audio?.duration_mp3 || undefined;
}

function readMilliseconds(time: number | null | undefined): string | undefined {
	return time ? new Date(time).toISOString() : undefined;
}

/** What the calls that are done at once have found out, as columns; undefined for calls that make a task. */
function readAnswerOfStep({ path, body }: CreateRequest, data: IDataObject): IDataObject | undefined {
	const step = path.slice(KLING.length);
	if (step === '/audio/tts') return {};
	if (step === '/videos/identify-face') {
		const faces = (Array.isArray(data.face_data) ? data.face_data : []) as IDataObject[];
		return { sessionId: firstText(data.session_id) || null, faceId: firstText(faces[0]?.face_id) || null, faces };
	}
	if (!/^\/videos\/multi-elements\/.+-selection$/.test(step)) return undefined;
	const result = isObject(data.res) ? data.res : {};
	// Only the first step answers with the session; the later ones need it as much.
	const sessionId = firstText(data.session_id, body.session_id) || null;
	return { sessionId, previewUrl: result.video ?? null, selection: isObject(data.res) ? result : data };
}
