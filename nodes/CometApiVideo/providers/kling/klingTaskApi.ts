/**
 * Kling's envelope on CometAPI's /kling/v1 routes: `{code: 0, message, request_id, data}`, or the gateway's wrapper of March 2026.
 * Sources: https://apidoc.cometapi.com/api/video/kling/individual-queries and /omni-query (2026-03 to 2026-06).
 */
import type { IDataObject } from 'n8n-workflow';
import { RequestError, UnexpectedResponseError, withReason } from '../../task/errors';
import { firstText, isObject } from '../../task/json';
import { endingOf, idFrom } from '../../service/reader/layers';
import { assertAccepted, namesNoTask, readTaskId } from '../../service/reader/readCreated';
import { payloadOf, readTask } from '../../service/reader/readTask';
import type { TaskForm } from '../../service/reader/taskForm';
import { assetsAt, linksIn, picturesIn, textOf } from '../../service/reader/values';
import type { Asset, CreateRequest, CreatedTask, TaskApi, TaskRef, VideoTask } from '../../task/types';
import { taskPath } from '../unifiedTaskApi';

export const KLING = '/kling/v1';

/** Taken for a task of which only the ID is known. */
const USUAL_ROUTE = `${KLING}/videos/text2video`;
const OTHER_VIDEO_ROUTES = [
	...['image2video', 'multi-image2video', 'omni-video', 'video-extend', 'effects', 'multi-elements'],
	...['avatar/image2video', 'advanced-lip-sync', 'lip-sync'],
].map((kind) => `${KLING}/videos/${kind}`);
const IMAGE_ROUTES = ['generations', 'kolors-virtual-try-on'].map((kind) => `${KLING}/images/${kind}`);
const AUDIO_ROUTES = ['text-to-audio', 'video-to-audio'].map((kind) => `${KLING}/audio/${kind}`);

/** The pages of these kinds do not say where their tasks are queried; the second guess is by the documented template. */
const OTHER_ROUTES: Readonly<Record<string, readonly string[]>> = {
	[`${KLING}/videos/video-extend`]: [`${KLING}/videos/text2video`, `${KLING}/videos/image2video`],
	[`${KLING}/videos/advanced-lip-sync`]: [`${KLING}/videos/lip-sync`],
	[`${KLING}/videos/avatar/image2video`]: [`${KLING}/videos/image2video`],
};

/**
 * Kling's business codes: 1000–1004 and 1103 are about the key, 1202 and 1203 mean that there is no such resource, as HTTP 404
 * would say, 1302–1304 are rate limits, 5000–5002 its own faults; all others refusals.
 */
const FORM: TaskForm = {
	name: 'Kling',
	isPayloadFirst: true,
	meanings: {
		...{ 1000: 'access', 1001: 'access', 1002: 'access', 1003: 'access', 1004: 'access' },
		...{ 1202: 'unknownTask', 1203: 'unknownTask' },
		...{ 1302: 'throttled', 1303: 'throttled', 1304: 'throttled' },
		...{ 5000: 'transient', 5001: 'transient', 5002: 'transient' },
	},
};

function formOf({ route }: TaskRef): TaskForm {
	return IMAGE_ROUTES.includes(route) ? { ...FORM, mayMakePictures: true } : FORM;
}

export const klingTaskApi: TaskApi = {
	routes: [USUAL_ROUTE, ...OTHER_VIDEO_ROUTES, ...AUDIO_ROUTES, ...IMAGE_ROUTES],

	parseCreated(body, request, provider): CreatedTask {
		const raw = isObject(body) ? body : {};
		const task = payloadOf(body);
		const outputs = readAnswerOfStep(request, task);
		const taskId = readTaskId(body, FORM) ?? '';
		const created = { taskId, route: request.path, rawStatus: textOf(task.task_status), raw };
		// Where there is a task, it tells itself what has become of it.
		if (!outputs && taskId !== '') return created;
		assertAccepted(body, FORM);
		if (!outputs) throw namesNoTask(body);
		const ref: TaskRef = { provider, taskId, route: request.path };
		const done = withKlingResult(
			readTask({ ...task, status: textOf(task.task_status) || 'succeed' }, ref, FORM),
			task,
			outputs,
		);
		assertDone(request.path, raw, task, outputsOf(done));
		return { ...created, rawStatus: done.rawStatus, finished: { ...done, raw } };
	},

	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),

	otherRoutes: ({ route }) => OTHER_ROUTES[route] ?? [],

	parseTask(body, ref): VideoTask {
		const task = readTask(body, ref, formOf(ref));
		const raw = isObject(body) && typeof body.code !== 'string' ? body : task.raw;
		return withKlingResult({ ...task, raw }, payloadOf(body));
	},
};

/** Kling's own lists of results: their ids are what follow-up jobs need, and sounds come in two formats. */
function withKlingResult(task: VideoTask, { task_result: result }: IDataObject, ofStep: IDataObject = {}): VideoTask {
	if (task.status !== 'succeeded') return task;
	const [videos, audios] = [entriesOf(result, 'videos'), entriesOf(result, 'audios')];
	const own: Asset[] = [
		...videos.flatMap(({ url }) => assetsAt(linksIn(url).slice(0, 1))),
		...audios.flatMap((audio) => soundAt([audio.url_mp3, audio.url, audio.url_wav])),
		...entriesOf(result, 'images').flatMap(({ url }) => picturesIn(url, true)),
	];
	const { lacksFile, ...known } = task;
	const assets = own.length > 0 ? own : task.assets;
	const [videoId, audioId] = [idFrom(videos[0]?.id), idFrom(audios[0]?.id)];
	const seconds = [videos[0]?.duration, audios[0]?.duration, audios[0]?.duration_mp3]
		.map(Number)
		.find((each) => each > 0);
	const hasNoFile = lacksFile && assets.length === 0 && Object.keys(ofStep).length === 0;
	return {
		...known,
		assets,
		...(hasNoFile ? { lacksFile } : {}),
		durationSeconds: seconds ?? task.durationSeconds,
		outputs: { ...(videoId ? { videoId } : {}), ...(audioId ? { audioId } : {}), ...ofStep },
	};
}

function outputsOf(task: VideoTask): IDataObject {
	return (task.status === 'succeeded' ? task.outputs : undefined) ?? {};
}

function entriesOf(result: unknown, name: string): IDataObject[] {
	const list = isObject(result) ? result[name] : undefined;
	return Array.isArray(list) ? (list as unknown[]).filter(isObject) : [];
}

function soundAt(places: readonly unknown[]): Asset[] {
	const [first] = places.flatMap((place) => linksIn(place));
	return first ? [{ kind: 'audio', sources: [first] }] : [];
}

/** What a job that is done at once must have in its answer. */
const RESULT_OF_STEP: ReadonlyArray<[RegExp, string]> = [
	[/\/audio\/tts$/, 'audioId'],
	[/\/(identify-face|init-selection)$/, 'sessionId'],
	[/\/image-recognize$/, 'subjects'],
];

/** @throws RequestError when it failed, UnexpectedResponseError when its result is missing */
function assertDone(path: string, raw: IDataObject, task: IDataObject, outputs: IDataObject): void {
	const status = textOf(task.task_status);
	const ending = status === '' ? 'succeeded' : endingOf(status);
	if (ending === 'failed') {
		throw new RequestError(
			'refused',
			withReason('Kling could not do it', textOf(task.task_status_msg) || `it ended as "${status}"`),
			'Correct what the message names, then run the item again.',
		);
	}
	const result = RESULT_OF_STEP.find(([step]) => step.test(path))?.[1];
	const isAnswered = result === undefined ? raw.code === 0 || isObject(raw.data) : Boolean(outputs[result]);
	if (isAnswered && ending === 'succeeded') return;
	throw new UnexpectedResponseError(
		withReason(`CometAPI's answer has no result${result ? ` (${result})` : ''}`, firstText(raw.message)),
		'Run the item again. If that does not help, give CometAPI support the request ID.',
	);
}

/** What the calls that are done at once have found out, as columns; undefined for calls that make a task. */
function readAnswerOfStep({ path, body }: CreateRequest, data: IDataObject): IDataObject | undefined {
	const step = path.slice(KLING.length);
	if (step === '/audio/tts') return {};
	if (step === '/videos/identify-face') {
		const faces = (Array.isArray(data.face_data) ? data.face_data : []) as IDataObject[];
		return { sessionId: firstText(data.session_id) || null, faceId: firstText(faces[0]?.face_id) || null, faces };
	}
	if (step === '/videos/image-recognize') return readSubjects(data);
	if (!/^\/videos\/multi-elements\/.+-selection$/.test(step)) return undefined;
	const result = isObject(data.res) ? data.res : {};
	// Only the first step answers with the session; the later ones need it as much.
	const sessionId = firstText(data.session_id, body.session_id) || null;
	return { sessionId, previewUrl: result.video ?? null, selection: isObject(data.res) ? result : data };
}

/** By the `type` of what image recognition looks for. docs: /api/video/kling/image-recognize; upstream: cut-out pictures as `url` */
const SUBJECTS = {
	object_seg: 'hasSubject',
	head_seg: 'hasHead',
	face_seg: 'hasFace',
	cloth_seg: 'hasClothes',
} as const;

function readSubjects({ task_result: result }: IDataObject): IDataObject {
	const subjects = entriesOf(result, 'images');
	const found: IDataObject = { subjects: isObject(result) && Array.isArray(result.images) ? subjects : null };
	for (const [type, column] of Object.entries(SUBJECTS)) {
		found[column] = subjects.some((subject) => subject.type === type && subject.is_contain === true);
	}
	return found;
}
