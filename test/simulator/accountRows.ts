/**
 * The account's tasks as rows of its two lists. CometAPI documents neither; the fields are those of the public gateway
 * software (https://docs.newapi.pro/en/api/fei-task-center), nine of which CometAPI's wrapper of March 2026 showed
 * (`native/nativeReply.ts`).
 */
import type { Account } from './account';
import { MIDJOURNEY_STATUS_WORDS } from './native/midjourneyRoutes';
import { readLook, toUnixSeconds, type WrapperInput } from './native/nativeReply';
import { createDigits, readNative } from './native/nativeTask';
import { buildNativeWrapper } from './native/nativeWrapper';
import { createRandomText } from './requestId';
import type { Service } from './service';
import type { SimulatedTask, TaskState } from './simulatedTask';
import { buildRetrievedVideo } from './videoObject';

/** 0 = not yet. Text and null only in odd rows. */
type RowTime = number | string | null;

/** Rows of tasks hold what the types name first; the rest, and other fields, is for odd rows that a test writes. */
export interface TaskRow {
	id: number | string;
	/** All times of this list are unix seconds. */
	created_at: RowTime;
	updated_at: RowTime;
	task_id: string | null;
	/** A number of the gateway as text, or `suno`. */
	platform: string | null;
	user_id: number;
	group: string;
	channel_id: number;
	/** 500 000 are 1 USD. */
	quota: number;
	action: string | null;
	status: string | null;
	fail_reason: string | null;
	result_url?: string | null;
	submit_time: RowTime;
	start_time: RowTime;
	finish_time: RowTime;
	/** `30%` */
	progress: string | number | null;
	properties: unknown;
	/** The provider's last body. */
	data: unknown;
	[field: string]: unknown;
}

export interface MidjourneyRow {
	id: number | string;
	code: number;
	user_id: number;
	action: string | null;
	mj_id: string | null;
	prompt: string;
	prompt_en: string;
	description: string;
	state: string;
	/** All times of this list are milliseconds since 1970. */
	submit_time: RowTime;
	start_time: RowTime;
	finish_time: RowTime;
	image_url: string | null;
	video_url: string | null;
	/** JSON in a string. */
	video_urls: string | null;
	status: string | null;
	progress: string | number | null;
	fail_reason: string | null;
	channel_id: number;
	quota: number;
	buttons: string;
	properties: string;
	[field: string]: unknown;
}

/**
 * The gateway's numbers of its channels, by family of `/v1/videos` and by native provider. Families that it has no
 * number for, and whose word at CometAPI nobody has published, show `0`.
 */
const PLATFORMS = new Map([
	['sora', '55'],
	['soraAll', '55'],
	['veo', '24'],
	['veoLegacy', '24'],
	['seedance', '54'],
	['volc', '45'],
	['wan', '17'],
	['vidu', '52'],
	['minimax', '35'],
	['miniMax', '35'],
	['kling', '50'],
]);
const UNKNOWN_PLATFORM = '0';
const GROUP = 'default';
const TASK_ID_CHARACTERS = 32;
const MIDJOURNEY_ID_DIGITS = 16;

export function buildTaskRow(service: Service, task: SimulatedTask, id: number): TaskRow {
	const { account } = service;
	const { details } = task;
	const state = task.stateAt(service.now());
	const { action, payload, failReason } = details.native
		? buildNativeWrapper(task, state)
		: buildUnifiedWrapper(service, task, state);
	const { submittedMs, startedMs, endedMs, updatedMs } = task.timesAt(state);
	const toRowTime = (milliseconds: number) => toUnixSeconds(shift(account, milliseconds));
	return {
		id,
		created_at: toRowTime(submittedMs),
		updated_at: toRowTime(updatedMs),
		task_id: task.id,
		platform: PLATFORMS.get(details.family) ?? UNKNOWN_PLATFORM,
		user_id: account.userId,
		group: GROUP,
		channel_id: 0,
		quota: details.quota,
		action,
		status: state.rowStatus,
		...buildOutcome(service, task, state, failReason),
		submit_time: toRowTime(submittedMs),
		start_time: toRowTime(startedMs),
		finish_time: toRowTime(endedMs),
		progress: `${state.progressPercent}%`,
		properties: { input: '', origin_model_name: details.model },
		data: state.rowStatus === 'NOT_START' ? null : payload,
	};
}

/** As the gateway inserts it at a create: every field that `fields` leaves out is that of a task not yet begun. */
export function addTaskRow(service: Service, fields: Partial<TaskRow>): TaskRow {
	const { account } = service;
	const submitTime = toUnixSeconds(shift(account, service.now()));
	return account.taskRows.add((id) => ({
		id,
		created_at: submitTime,
		updated_at: submitTime,
		task_id: `task_${createRandomText(TASK_ID_CHARACTERS)}`,
		platform: UNKNOWN_PLATFORM,
		user_id: account.userId,
		group: GROUP,
		channel_id: 0,
		quota: 0,
		action: 'textGenerate',
		status: 'NOT_START',
		fail_reason: '',
		submit_time: submitTime,
		start_time: 0,
		finish_time: 0,
		progress: '0%',
		properties: { input: '' },
		data: null,
		...fields,
	}));
}

export function buildMidjourneyRow(service: Service, task: SimulatedTask, id: number): MidjourneyRow {
	const { account } = service;
	const { traits, prompt, quota, resultUrl } = task.details;
	const state = task.stateAt(service.now());
	const { submittedMs, startedMs, endedMs } = task.timesAt(state);
	const isDone = state.rowStatus === 'SUCCESS';
	const hasFailed = state.rowStatus === 'FAILURE';
	const videoUrl = isDone && !readLook(task, undefined).hidesResult ? resultUrl : '';
	return {
		id,
		code: 1,
		user_id: account.userId,
		action: 'VIDEO',
		mj_id: task.id,
		prompt,
		prompt_en: '',
		description: 'Submit success',
		state: readNative(task).state ?? '',
		submit_time: shift(account, submittedMs),
		start_time: shift(account, startedMs),
		finish_time: shift(account, endedMs),
		image_url: isDone ? `${service.resultOrigin}/media/image.jpg` : '',
		video_url: videoUrl,
		video_urls: videoUrl ? JSON.stringify([{ url: videoUrl }]) : '',
		status: (hasFailed ? traits.failedWord : undefined) ?? MIDJOURNEY_STATUS_WORDS[state.rowStatus],
		progress: `${state.progressPercent}%`,
		fail_reason: hasFailed ? (traits.reason ?? 'Task failed') : '',
		channel_id: 0,
		quota,
		buttons: '',
		properties: '',
	};
}

/** As `addTaskRow`. */
export function addMidjourneyRow(service: Service, fields: Partial<MidjourneyRow>): MidjourneyRow {
	const { account } = service;
	return account.midjourneyRows.add((id) => ({
		id,
		code: 1,
		user_id: account.userId,
		action: 'VIDEO',
		mj_id: createDigits(MIDJOURNEY_ID_DIGITS),
		prompt: '',
		prompt_en: '',
		description: 'Submit success',
		state: '',
		submit_time: shift(account, service.now()),
		start_time: 0,
		finish_time: 0,
		image_url: '',
		video_url: '',
		video_urls: '',
		status: 'NOT_START',
		progress: '0%',
		fail_reason: '',
		channel_id: 0,
		quota: 0,
		buttons: '',
		properties: '',
		...fields,
	}));
}

/** The gateway's own words for the kind of work; the provider's body is shown by that of `/v1/videos`. */
function buildUnifiedWrapper(service: Service, task: SimulatedTask, state: TaskState): WrapperInput {
	const { remixedFromId, request, traits } = task.details;
	const hasFiles = (request.form?.files.length ?? 0) > 0;
	const action = hasFiles ? 'generate' : 'textGenerate';
	return {
		action: remixedFromId === undefined ? action : 'remixGenerate',
		payload: buildRetrievedVideo(task, state, service.profile),
		failReason: state.rowStatus === 'FAILURE' ? (traits.reason ?? 'task failed') : '',
	};
}

/**
 * Upstream since February 2026 shows `fail_reason` where it has no address: a failed row repeats its text there. The
 * field is left out when it is empty.
 */
function buildOutcome(
	{ account, profile }: Service,
	task: SimulatedTask,
	state: TaskState,
	failReason: string,
): Pick<TaskRow, 'fail_reason' | 'result_url'> {
	const isDone = state.rowStatus === 'SUCCESS';
	const address = isDone && !readLook(task, undefined).hidesResult ? task.details.resultUrl : '';
	const shownReason = account.resultUrlField === 'resultUrl' ? '' : address;
	const fail_reason = isDone ? shownReason : failReason;
	const ownAddress = account.resultUrlField === 'failReason' ? '' : address;
	const result_url = ownAddress || (profile === 'upstream-strict' ? fail_reason : '');
	return result_url ? { fail_reason, result_url } : { fail_reason };
}

/** In milliseconds, by the account's clock; 0 stays "not yet". */
function shift({ clockOffsetSeconds }: Account, milliseconds: number): number {
	return milliseconds === 0 ? 0 : Math.floor(milliseconds) + clockOffsetSeconds * 1000;
}
