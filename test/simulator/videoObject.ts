/** A task as `/v1/videos` shows it. Owns the differences between families and profiles; knows nothing of HTTP. */
import type { SimulatorProfile } from './service';
import type { RowStatus, SimulatedTask, TaskState } from './simulatedTask';

export type VideoObject = Record<string, unknown>;

/** The Veo page (2026-03-12) shows this in place of the alias that was asked for. */
const VEO_BACKEND_MODEL = 'veo_3_1-4K';
/** The page of the "-all" models (2025-12-08) answers with the plain name. */
const SORA_ALL_BACKEND_MODEL = 'sora-2';
/** The pages say that results expire, but not when; this only fills the field. */
const ASSUMED_EXPIRY_SECONDS = 24 * 60 * 60;

const STATUS_WORDS: Readonly<Record<RowStatus, string>> = {
	NOT_START: 'queued',
	QUEUED: 'queued',
	IN_PROGRESS: 'in_progress',
	SUCCESS: 'completed',
	FAILURE: 'failed',
};

/** https://apidoc.cometapi.com/api/video (2026-06-04); Sora and Veo: their own create pages. */
export function buildCreatedVideo(task: SimulatedTask, profile: SimulatorProfile): VideoObject {
	return { ...buildCommonFields(task, profile), ...buildOpeningFields(task), status: 'queued', progress: 0 };
}

/** The pages named `retrieve`, and https://apidoc.cometapi.com/api/video/seedance/query. */
export function buildRetrievedVideo(task: SimulatedTask, state: TaskState, profile: SimulatorProfile): VideoObject {
	const { traits } = task.details;
	// CometAPI documents queued as the first word; the public gateway software says unknown until its first update.
	const opening = profile === 'upstream-strict' && state.rowStatus === 'NOT_START' ? 'unknown' : undefined;
	const failed = state.rowStatus === 'FAILURE' ? traits.failedWord : undefined;
	const video: VideoObject = {
		...buildCommonFields(task, profile),
		...buildRunningFields(task, state),
		status: opening ?? failed ?? STATUS_WORDS[state.rowStatus],
		progress: state.progressPercent,
	};
	// Set from the first update on, also while running: the Seedance page warns of it.
	if (state.updatedAtMs !== undefined) video.completed_at = toUnixSeconds(state.updatedAtMs);
	if (state.rowStatus === 'FAILURE' && traits.reason !== undefined) {
		video.error = { message: traits.reason, code: traits.reasonCode ?? 'task_failed' };
	}
	if (state.rowStatus === 'SUCCESS') {
		const place = traits.resultField ?? (profile === 'upstream-strict' ? 'metadata' : 'video_url');
		if (place === 'video_url') video.video_url = task.details.resultUrl;
		if (place === 'metadata') video.metadata = { url: task.details.resultUrl };
	}
	return video;
}

/** The same reply with its result moved to `metadata.url`, or without it. */
export function moveResult(video: VideoObject, place: 'metadata' | 'none'): VideoObject {
	const { video_url: direct, metadata, ...rest } = video;
	const url = direct ?? (metadata as { url?: unknown } | undefined)?.url;
	return place === 'metadata' && url !== undefined ? { ...rest, metadata: { url } } : rest;
}

function buildCommonFields(task: SimulatedTask, profile: SimulatorProfile): VideoObject {
	const { family, model, seconds, size, createdAtMs } = task.details;
	const common = { id: task.id, object: 'video', created_at: toUnixSeconds(createdAtMs) };
	// Sora replies have no alias in the examples of the pages.
	const alias = family.startsWith('sora') && profile === 'comet' ? {} : { task_id: task.id };
	switch (family) {
		case 'sora':
			return { ...common, ...alias, model, seconds, size };
		case 'soraAll':
			return { ...common, ...alias, model: SORA_ALL_BACKEND_MODEL, seconds, size };
		case 'veo':
			return { ...common, ...alias, model: VEO_BACKEND_MODEL, seconds, size };
		default:
			return { ...common, ...alias, model };
	}
}

function buildOpeningFields({ details }: SimulatedTask): VideoObject {
	if (details.remixedFromId !== undefined) return { remixed_from_video_id: details.remixedFromId };
	if (details.family !== 'soraAll') return {};
	return { completed_at: null, error: null, expires_at: null, remixed_from_video_id: null };
}

/** https://cometapi.mintlify.app/api/video/sora-2/official/retrieve-video, example of 2026-03-12. */
function buildRunningFields({ details }: SimulatedTask, state: TaskState): VideoObject {
	if (!details.family.startsWith('sora')) return {};
	const ended = state.rowStatus === 'SUCCESS' && state.updatedAtMs !== undefined;
	return {
		prompt: details.prompt,
		error: null,
		completed_at: null,
		expires_at: ended ? toUnixSeconds(state.updatedAtMs ?? 0) + ASSUMED_EXPIRY_SECONDS : null,
		remixed_from_video_id: details.remixedFromId ?? null,
	};
}

function toUnixSeconds(milliseconds: number): number {
	return Math.floor(milliseconds / 1000);
}
