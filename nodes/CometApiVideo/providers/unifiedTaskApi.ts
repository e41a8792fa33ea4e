/**
 * The envelope of `/v1/videos`: create, status and content of Seedance, Veo, Wan, Sora and the others of that family.
 * Source: https://apidoc.cometapi.com/api/video and the create and retrieve pages below it (2026-05 and 2026-06).
 */
import { UnexpectedResponseError } from '../task/errors';
import { createdTaskSchema, isLink, isObject, parseReply, unifiedTaskSchema, unwrapTask } from '../service/replies';
import type { AssetSource, TaskApi, TaskRef, TaskState, VideoTask } from '../task/types';

export const UNIFIED_ROUTE = '/v1/videos';

/**
 * Words of every documented generation, compared in lower case. Any other word means "still running": a progress of 100
 * and a filled `completed_at` have both been seen on tasks that went on or failed later.
 */
const SUCCESS_WORDS = ['completed', 'success', 'succeeded'];
const FAILURE_WORDS = ['failed', 'failure', 'error', 'cancelled', 'canceled', 'expired', 'violation'];

export const unifiedTaskApi: TaskApi = {
	routes: [UNIFIED_ROUTE],

	parseCreated(body) {
		const raw = unwrapTask(body);
		const reply = parseReply(createdTaskSchema, raw, 'the new task');
		// A wrapper with a status of its own looks like a task; the id, which has been paid for, tells.
		const inner = parseReply(createdTaskSchema, isObject(raw.data) ? raw.data : {}, 'the new task');
		const taskId = reply.id || reply.task_id || inner.id || inner.task_id;
		if (!taskId) {
			throw new UnexpectedResponseError(
				'CometAPI accepted the request, but its answer names no task (neither "id" nor "task_id")',
				'The task may exist and be billed, so the request was not sent again. Look for it in the CometAPI console.',
			);
		}
		return { taskId, route: UNIFIED_ROUTE, rawStatus: reply.status ?? '', raw };
	},

	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),

	failureDetailPath: (ref) => `${taskPath(ref)}/content`,

	parseTask(body, ref): VideoTask {
		const raw = unwrapTask(body);
		const reply = parseReply(unifiedTaskSchema, raw, `task ${ref.taskId}`);
		return {
			...readState(reply, ref),
			ref,
			progressPercent: readNumber(reply.progress),
			model: reply.model || undefined,
			durationSeconds: readNumber(reply.seconds) || undefined,
			createdAt: readTime(reply.created_at ?? reply.submit_time),
			completedAt: readTime(reply.completed_at ?? reply.finish_time),
			raw,
		};
	},
};

/** Where a task is asked for when its id follows its route. */
function taskPath({ route, taskId }: TaskRef): string {
	return `${route}/${encodeURIComponent(taskId)}`;
}

type UnifiedTask = ReturnType<typeof unifiedTaskSchema.parse>;

function readState(reply: UnifiedTask, ref: TaskRef): TaskState {
	const rawStatus = reply.status ?? '';
	const word = rawStatus.toLowerCase();
	if (SUCCESS_WORDS.includes(word)) {
		const url = readLink(reply);
		const content: AssetSource = { at: 'content', path: `${taskPath(ref)}/content` };
		return {
			status: 'succeeded',
			rawStatus,
			assets: [{ kind: 'video', sources: url ? [{ at: 'url', url }, content] : [content] }],
		};
	}
	// Some upstreams answer 200 with nothing but an error.
	const isErrorOnly = word === '' && Boolean(reply.error);
	if (FAILURE_WORDS.includes(word) || isErrorOnly) {
		const { error } = reply;
		return {
			status: 'failed',
			rawStatus: rawStatus || 'error',
			reason: (isObject(error) ? (error.message as string) : (error as string)) || reply.fail_reason || '',
			code: isObject(error) ? ((error.code as string) ?? undefined) : undefined,
		};
	}
	return { status: 'pending', rawStatus };
}

/**
 * The link of a finished video. The wrapper of March 2026 keeps it in `fail_reason`, and its `result_url` falls back to that
 * field's text, so only what is a link counts.
 */
function readLink({ video_url, data, result_url, metadata, fail_reason }: UnifiedTask): string | undefined {
	const inner = isObject(data) ? data.video_url : undefined;
	const places: unknown[] = [video_url, inner, result_url, metadata?.url, fail_reason];
	return places.find(isLink);
}

/** The link that the gateway's own fields name for a task, for providers whose replies have another place for it. */
export function linkOf(task: VideoTask): string | undefined {
	const sources = task.status === 'succeeded' ? task.assets.flatMap((asset) => asset.sources) : [];
	return sources.flatMap((source) => (source.at === 'url' ? [source.url] : []))[0];
}

/** Numbers travel as `30`, `"30"` and `"30%"`. */
function readNumber(value: number | string | null | undefined): number | undefined {
	const number = typeof value === 'string' ? Number.parseFloat(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Above this a time is in milliseconds; below it is in seconds (both are documented). */
const MILLISECONDS_FROM = 1e11;

function readTime(value: number | string | null | undefined): string | undefined {
	const number = Number(value);
	const milliseconds = Number.isFinite(number)
		? number * (number > MILLISECONDS_FROM ? 1 : 1000)
		: Date.parse(String(value));
	const date = new Date(milliseconds);
	return value && date.getTime() > 0 ? date.toISOString() : undefined;
}
