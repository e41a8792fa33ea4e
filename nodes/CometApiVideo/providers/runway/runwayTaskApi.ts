/**
 * Runway's two envelopes at CometAPI: the official format (bare tasks, or in the gateway's wrapper of March 2026) and the
 * compatibility format, whose tasks are those of the gateway itself.
 * Sources: https://apidoc.cometapi.com/api/video/runway/official-format/runway-to-get-task-details and
 * /compatibility-format/feed-get-task (2026-03 to 2026-06).
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { RequestError, UnexpectedResponseError, withReason } from '../../task/errors';
import { getAtPath } from '../../task/jsonPath';
import {
	firstText,
	isLink,
	isObject,
	lenient,
	parseReply,
	readErrorBody,
	unwrapGatewayReply,
	unwrapTask,
} from '../../service/replies';
import type { Asset, TaskApi, TaskRef, TaskState, VideoTask } from '../../task/types';
import { linkOf, unifiedTaskApi } from '../unifiedTaskApi';

const TASKS_ROUTE = '/runwayml/v1/tasks';
const FEED_ROUTE = '/runway/feed';

const headers = { 'X-Runway-Version': '2024-11-06' };

const SUCCESS_WORD = 'succeeded';
const FAILURE_WORDS = ['failed', 'cancelled', 'canceled'];
/** A task that was made a moment ago; seen as a status and as an error's code. */
const TOO_NEW = 'task_not_exist';

const taskSchema = z
	.object({
		status: lenient(z.string()),
		progress: lenient(z.union([z.number(), z.string()])),
		createdAt: lenient(z.string()),
		output: lenient(z.array(z.unknown())),
		failure: lenient(z.string()),
		failureCode: lenient(z.string()),
	})
	.passthrough();

type RunwayTask = z.infer<typeof taskSchema>;

export const runwayTaskApi: TaskApi = {
	headers,
	routes: [TASKS_ROUTE],

	parseCreated: (body, request, provider) => ({
		...unifiedTaskApi.parseCreated(body, request, provider),
		route: TASKS_ROUTE,
	}),

	statusRequest: ({ route, taskId }) => ({ method: 'GET', path: `${route}/${encodeURIComponent(taskId)}` }),

	parseTask(body, ref): VideoTask {
		const { payload, wrapper } = unwrapGatewayReply(body);
		if (isTooNew(payload)) throw notKnown(ref);
		const reply = parseReply(taskSchema, payload, `task ${ref.taskId}`);
		// Times and the wrapper's own words are those of /v1/videos.
		const gateway = unifiedTaskApi.parseTask(
			{ ...(wrapper ?? payload), created_at: wrapper?.created_at ?? reply.createdAt },
			ref,
		);
		return {
			...readState(reply, gateway),
			ref,
			progressPercent: readPercent(reply.progress) ?? (wrapper ? gateway.progressPercent : undefined),
			createdAt: gateway.createdAt,
			completedAt: gateway.completedAt,
			raw: wrapper ?? payload,
		};
	},
};

export const runwayFeedApi: TaskApi = {
	headers,
	routes: [FEED_ROUTE],

	/** `{code: 200, msg, data: {task_id}}` */
	parseCreated(body, request, provider) {
		// Where there is a task, it tells itself what has become of it.
		if (!hasTaskId(unwrapTask(body))) assertNotRefused(body);
		return { ...unifiedTaskApi.parseCreated(body, request, provider), route: FEED_ROUTE };
	},

	statusRequest: ({ route, taskId }) => ({ method: 'POST', path: route, body: { task_id: taskId } }),

	parseTask(body, ref): VideoTask {
		const task = unifiedTaskApi.parseTask(body, ref);
		if (isTooNew(body) || isTooNew(task.raw)) throw notKnown(ref);
		if (!task.rawStatus) assertNotRefused(body);
		if (task.status !== 'succeeded') return task;
		const output = getAtPath(task.raw, 'data.output.0');
		return { ...task, ...succeeded(task.rawStatus, [linkOf(task) ?? output], ref, 'result_url') };
	},
};

function hasTaskId({ id, task_id: taskId }: IDataObject): boolean {
	return firstText(taskId, id) !== '';
}

/** As HTTP 404 would say it: a wait puts up with that for the first minute. */
function notKnown({ taskId }: TaskRef): RequestError {
	return new RequestError('refused', `CometAPI does not know the task ${taskId} (${TOO_NEW})`, 'Check the task ID.', {
		httpStatus: 404,
	});
}

function isTooNew(body: unknown): boolean {
	if (!isObject(body)) return false;
	const { code, message } = readErrorBody(body);
	return [body.status, code, message, body.msg].some((word) =>
		String(word ?? '')
			.toLowerCase()
			.includes(TOO_NEW),
	);
}

/** @throws UnexpectedResponseError when a finished task has no link */
function readState(reply: RunwayTask, gateway: VideoTask): TaskState {
	const rawStatus = reply.status || gateway.rawStatus;
	const word = rawStatus.toLowerCase();
	if (gateway.status === 'failed' || FAILURE_WORDS.includes(word)) {
		const gatewayReason = gateway.status === 'failed' ? gateway.reason : '';
		return {
			status: 'failed',
			rawStatus,
			reason: reply.failure || gatewayReason,
			code: reply.failureCode || undefined,
		};
	}
	if (gateway.status === 'succeeded' || word === SUCCESS_WORD) {
		const output = (reply.output ?? []).filter(isLink);
		return succeeded(rawStatus, output.length > 0 ? output : [linkOf(gateway)], gateway.ref, 'output');
	}
	return { status: 'pending', rawStatus };
}

function succeeded(rawStatus: string, links: readonly unknown[], ref: TaskRef, field: string): TaskState {
	const assets = links.filter(isLink).map((url): Asset => ({ kind: 'video', sources: [{ at: 'url', url }] }));
	if (assets.length === 0) {
		throw new UnexpectedResponseError(
			`CometAPI says that task ${ref.taskId} succeeded, but its answer has no link (${field})`,
			'Read the task again with Task > Get. If the link stays away, give CometAPI support the task ID.',
		);
	}
	return { status: 'succeeded', rawStatus, assets };
}

/** Runway itself counts from 0 to 1, the gateway in percent. */
function readPercent(progress: RunwayTask['progress']): number | undefined {
	if (progress === null || progress === undefined) return undefined;
	const number = Number.parseFloat(String(progress));
	if (!Number.isFinite(number)) return undefined;
	return typeof progress === 'number' && progress <= 1 ? Math.round(progress * 100) : number;
}

/** Success is code 200; a refusal may come with HTTP 200 as well (its form is not documented). @throws RequestError */
function assertNotRefused(body: unknown): void {
	const { code, msg, message }: IDataObject = isObject(body) ? body : {};
	if (typeof code !== 'number' || code < 400 || code > 499) return;
	throw new RequestError(
		code === 429 ? 'throttled' : 'refused',
		withReason(`CometAPI refused the request (code ${code})`, firstText(msg, message)),
		'Correct the field that the message names, then run the item again.',
		{ errorCode: String(code) },
	);
}
