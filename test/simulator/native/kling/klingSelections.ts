/**
 * The steps in front of a multi-elements task: they answer at once and share a session of 24 hours. Pages:
 * https://apidoc.cometapi.com/api/video/kling/multimodal-video-editing/{initialize-video-for-editing,
 * add-video-selection,preview-selected-video-area}; delete, clear and the lifetime:
 * https://app.klingai.com/global/dev/document-api
 */
import { randomUUID } from 'node:crypto';
import type { BodyReader } from '../bodyReader';
import type { SelectionSession } from '../nativeDetails';
import { readPoint } from './klingMotion';
import { readVideoById, type KlingContext } from './klingOrder';

const SESSION_MS = 24 * 60 * 60 * 1000;
const FRAMES_PER_SECOND = 24;
const ASSUMED_VIDEO_SECONDS = 5;
const MOST_FRAMES = 10;
const MOST_POINTS = 10;
const LAST_FRAME = 10_000;

/** Reads the whole body and returns what happens when the service accepts it. */
export type ReadKlingStep = (body: BodyReader, context: KlingContext) => () => Record<string, unknown>;

export const SELECTION_STEPS: Readonly<Record<string, ReadKlingStep>> = {
	'init-selection': readInit,
	'add-selection': readAdd,
	'delete-selection': readDelete,
	'clear-selection': readClear,
	'preview-selection': readPreview,
};

export function readSelectionSession(body: BodyReader, { service, exchange }: KlingContext): SelectionSession {
	const sessionId = body.requiredText('session_id');
	const session = service.native.selectionSessions.get(sessionId);
	if (session?.ownerKey !== exchange.apiKey) throw body.refuse(`session_id ${sessionId} not found`);
	if (service.now() - session.createdAtMs >= SESSION_MS) throw body.refuse(`session_id ${sessionId} has expired`);
	return session;
}

function readInit(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const videoSeconds = readEditSource(body, context);
	return () => {
		const { service, exchange } = context;
		const sessionId = randomUUID();
		service.native.selectionSessions.set(sessionId, {
			ownerKey: exchange.apiKey,
			createdAtMs: service.now(),
			selections: new Map(),
			videoSeconds,
		});
		const seconds = videoSeconds ?? ASSUMED_VIDEO_SECONDS;
		return {
			status: 0,
			session_id: sessionId,
			fps: FRAMES_PER_SECOND,
			original_duration: seconds * 1000,
			width: 1280,
			height: 720,
			total_frame: Math.round(seconds * FRAMES_PER_SECOND),
			normalized_video: `${service.resultOrigin}/media/clip.mp4`,
		};
	};
}

/** `video_id` with the `task_id` that made it, or `video_url`, never both. */
function readEditSource(body: BodyReader, context: KlingContext): number | undefined {
	if (body.oneOf(['video_id', 'video_url']) === 'video_url') {
		if (body.has('task_id')) throw body.refuse('task_id and video_url exclude each other');
		body.requiredAddress('video_url');
		return undefined;
	}
	const source = readVideoById(body, context);
	if (body.requiredText('task_id') !== source.taskId) throw body.refuse('video_id does not belong to task_id');
	const { durationSeconds } = source;
	const fits = (durationSeconds >= 2 && durationSeconds <= 5.5) || (durationSeconds >= 7 && durationSeconds <= 10.5);
	if (!fits) throw body.refuse('the video must have 2 to 5.5 or 7 to 10.5 seconds');
	return durationSeconds;
}

function readAdd(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const { selections } = readSelectionSession(body, context);
	const { frame, points } = readMarks(body);
	const marked = selections.get(frame);
	if (!marked && selections.size >= MOST_FRAMES) throw body.refuse(`at most ${MOST_FRAMES} frames can be marked`);
	const all = [...new Set([...(marked ?? []), ...points])];
	if (all.length > MOST_POINTS) throw body.refuse(`at most ${MOST_POINTS} points per frame`);
	return () => {
		selections.set(frame, all);
		return {};
	};
}

/** Only coordinates that were added, exactly as they were. */
function readDelete(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const { selections } = readSelectionSession(body, context);
	const { frame, points } = readMarks(body);
	const marked = selections.get(frame) ?? [];
	if (!points.every((point) => marked.includes(point))) throw body.refuse('points: no such selection');
	return () => {
		const left = marked.filter((point) => !points.includes(point));
		if (left.length > 0) {
			selections.set(frame, left);
		} else {
			selections.delete(frame);
		}
		return {};
	};
}

function readClear(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const { selections } = readSelectionSession(body, context);
	return () => {
		selections.clear();
		return {};
	};
}

/** CometAPI's page shows an empty object; Kling's own reply has pictures of the selection. */
function readPreview(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	readSelectionSession(body, context);
	return () => ({});
}

function readMarks(body: BodyReader): { frame: number; points: string[] } {
	const frame = body.integer('frame_index', { minimum: 0, maximum: LAST_FRAME });
	if (frame === undefined) throw body.refuse('frame_index is required');
	const points = body.list('points', { minimum: 1, maximum: MOST_POINTS }).map((point) => {
		const text = readPoint(point, 1);
		point.end();
		return text;
	});
	return { frame, points };
}
