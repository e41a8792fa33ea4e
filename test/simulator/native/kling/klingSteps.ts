/**
 * Kling's speech and the search for faces: both answer at once.
 * https://apidoc.cometapi.com/api/video/kling/tts and …/lip-sync; the reply of the speech is Kling's own
 * (https://app.klingai.com/global/dev/document-api), CometAPI's page says only "object".
 */
import { randomUUID } from 'node:crypto';
import { refusals } from '../../refusal';
import type { BodyReader } from '../bodyReader';
import { createDigits, createFileUrl } from '../nativeTask';
import { readSourceVideo, type KlingContext } from './klingOrder';

const ANY_NUMBER = { minimum: Number.NEGATIVE_INFINITY, maximum: Number.POSITIVE_INFINITY };
const SPEECH_CHARACTERS = 1000;
const CHARACTERS_PER_SECOND = 15;
const SHORTEST_SPEECH_SECONDS = 2;
const SHORTEST_FACE_VIDEO_SECONDS = 2;
const LONGEST_FACE_VIDEO_SECONDS = 60;
const ASSUMED_VIDEO_SECONDS = 5;

/** Which voices exist is on no page of CometAPI: all do, but those whose id begins so. */
const MISSING_VOICE = /^unknown/i;

export function readSpeech(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const { service, exchange } = context;
	const text = body.requiredText('text', SPEECH_CHARACTERS);
	const voiceId = body.requiredText('voice_id');
	body.choice('voice_language', ['zh', 'en']);
	// Values beyond 0.8 to 2.0 are pulled to the nearest end, not refused.
	const speed = body.number('voice_speed', ANY_NUMBER) ?? 1;
	if (MISSING_VOICE.test(voiceId)) throw refusals.klingVoice();
	return () => {
		const audioId = createDigits(18);
		const taskId = createDigits(19);
		const seconds = text.length / CHARACTERS_PER_SECOND / Math.min(Math.max(speed, 0.8), 2);
		const durationSeconds = Number(Math.max(seconds, SHORTEST_SPEECH_SECONDS).toFixed(1));
		const url = createFileUrl(service, audioId, 'mp3');
		service.native.speeches.set(audioId, { ownerKey: exchange.apiKey, taskId, url, durationSeconds });
		return {
			task_id: taskId,
			task_status: 'succeed',
			task_result: { audios: [{ id: audioId, url, duration: String(durationSeconds) }] },
			created_at: service.now(),
			updated_at: service.now(),
		};
	};
}

/** Finds two faces, one over the whole video and one in its second half. */
export function readFaces(body: BodyReader, context: KlingContext): () => Record<string, unknown> {
	const { service, exchange } = context;
	const videoSeconds = readSourceVideo(body, context);
	if (videoSeconds !== undefined) {
		const fits = videoSeconds >= SHORTEST_FACE_VIDEO_SECONDS && videoSeconds <= LONGEST_FACE_VIDEO_SECONDS;
		if (!fits) throw body.refuse('the video must have 2 to 60 seconds');
	}
	return () => {
		const sessionId = randomUUID();
		const faceIds = [createDigits(6), createDigits(6)];
		service.native.faceSessions.set(sessionId, { ownerKey: exchange.apiKey, faceIds, videoSeconds });
		const endMs = (videoSeconds ?? ASSUMED_VIDEO_SECONDS) * 1000;
		const faceData = faceIds.map((faceId, index) => ({
			face_id: faceId,
			face_image: `${service.resultOrigin}/media/image.png`,
			start_time: index === 0 ? 0 : endMs / 2,
			end_time: endMs,
		}));
		return { session_id: sessionId, face_data: faceData };
	};
}
