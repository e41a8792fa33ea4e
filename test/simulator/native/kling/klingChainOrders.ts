/**
 * Readers of the creates that start from an earlier result: video-extend, avatar, advanced-lip-sync, multi-elements,
 * and the two of sound. Pages: https://apidoc.cometapi.com/api/video/kling/{video-extension,avatar,
 * counterpart-creating-tasks,text-to-audio,video-to-audio,multimodal-video-editing/create-task}
 */
import type { BodyReader } from '../bodyReader';
import { readKlingSound, readRequiredKlingImage } from '../mediaInput';
import {
	KLING_LONG_PROMPT_CHARACTERS,
	KLING_MODES,
	KLING_MULTI_MODEL,
	KLING_NEGATIVE_CHARACTERS,
	KLING_PROMPT_CHARACTERS,
	KLING_SECONDS,
} from './klingModels';
import {
	findSoundSeconds,
	readCallback,
	readCallbackAndId,
	readSourceVideo,
	readVideoById,
	type KlingContext,
	type ReadKlingOrder,
} from './klingOrder';
import { readSelectionSession } from './klingSelections';
import { readMultiModel } from './klingVideoOrders';

const LONGEST_PARENT_SECONDS = 10;
const EXTENSION_SECONDS = 5;
const ASSUMED_SOUND_SECONDS = 5;
const SHORTEST_SOUND_SECONDS = 2;
const LONGEST_SOUND_SECONDS = 60;
const SOUND_PROMPT_CHARACTERS = 200;
const MOST_MILLISECONDS = 3_600_000;
const MILLISECONDS = /^(?:0|[1-9]\d*)$/;

/**
 * The page calls a finished 5 s text or image video of kling-v1 or kling-v1-6 the safe parent. Taken here is any
 * finished Kling video of at most 10 s, so that the documented chain speech → avatar → extend → sound can be driven.
 */
export const readExtendOrder: ReadKlingOrder = (body, context) => {
	const taskId = body.requiredText('task_id');
	const parent = readVideoById(body, context);
	if (parent.taskId !== taskId) throw body.refuse('video_id does not belong to task_id');
	if (parent.durationSeconds > LONGEST_PARENT_SECONDS) throw body.refuse('the video is not extendable');
	const prompt = body.text('prompt', KLING_PROMPT_CHARACTERS) ?? '';
	body.text('negative_prompt', KLING_NEGATIVE_CHARACTERS);
	body.number('cfg_scale', { minimum: 0, maximum: 1 });
	return {
		model: KLING_MULTI_MODEL,
		prompt,
		durationSeconds: parent.durationSeconds + EXTENSION_SECONDS,
		parentVideo: {
			id: parent.videoId ?? '',
			url: parent.fileUrls.mp4 ?? '',
			duration: String(parent.durationSeconds),
		},
		...readCallback(body),
	};
};

export const readAvatarOrder: ReadKlingOrder = (body, context) => {
	readRequiredKlingImage(body, 'image');
	const durationSeconds = readSound(body, context) ?? ASSUMED_SOUND_SECONDS;
	assertSoundLength(body, durationSeconds);
	// The pages contradict each other; one says that the service refuses without it.
	const prompt = body.requiredText('prompt', KLING_LONG_PROMPT_CHARACTERS);
	const taskId = body.text('task_id');
	const isKnownTask = [...context.service.native.speeches.values()].some((speech) => speech.taskId === taskId);
	if (taskId !== undefined && !isKnownTask && !context.service.tasks.has(taskId)) {
		throw body.refuse('task_id must be the task of the audio');
	}
	body.choice('mode', KLING_MODES);
	return { model: 'kling-avatar', prompt, durationSeconds, ...readCallbackAndId(body, context) };
};

export const readLipSyncOrder: ReadKlingOrder = (body, context) => {
	const sessionId = body.requiredText('session_id');
	const session = context.service.native.faceSessions.get(sessionId);
	if (session?.ownerKey !== context.exchange.apiKey) throw body.refuse(`session_id ${sessionId} not found`);
	// Several people are announced but not taken yet.
	const [face] = body.list('face_choose', { minimum: 1, maximum: 1 });
	if (!session.faceIds.includes(face.requiredText('face_id'))) throw body.refuse('face_id is not of this session');
	const soundSeconds = readSound(face, context);
	const start = readMilliseconds(face, 'sound_start_time');
	const end = readMilliseconds(face, 'sound_end_time');
	const insert = readMilliseconds(face, 'sound_insert_time');
	if (end - start < SHORTEST_SOUND_SECONDS * 1000) {
		throw body.refuse('the cropped audio must have at least 2 seconds');
	}
	if (soundSeconds !== undefined && end > soundSeconds * 1000) {
		throw body.refuse('sound_end_time is after the end of the audio');
	}
	if (session.videoSeconds !== undefined && insert >= session.videoSeconds * 1000) {
		throw body.refuse('sound_insert_time is after the end of the video');
	}
	// CometAPI's example and Kling's reference name the last one differently.
	for (const name of ['sound_volume', 'original_sound_volume', 'original_audio_volume']) {
		face.number(name, { minimum: 0, maximum: 2 });
	}
	face.end();
	return {
		model: 'lip-sync',
		prompt: '',
		durationSeconds: session.videoSeconds ?? ASSUMED_SOUND_SECONDS,
		...readCallbackAndId(body, context),
	};
};

export const readMultiElementsOrder: ReadKlingOrder = (body, context) => {
	const session = readSelectionSession(body, context);
	readMultiModel(body);
	const editMode = body.requiredChoice('edit_mode', ['addition', 'swap', 'removal']);
	// What is swapped or removed has to be marked; an addition needs no mark.
	if (editMode !== 'addition' && session.selections.size === 0) throw body.refuse(`${editMode} needs a selection`);
	const prompt = body.requiredText('prompt', KLING_LONG_PROMPT_CHARACTERS);
	const largest = { addition: 2, swap: 1, removal: 0 }[editMode] ?? 0;
	if (largest === 0 && body.has('image_list')) throw body.refuse('image_list is not allowed for removal');
	if (largest > 0) {
		for (const item of body.list('image_list', { minimum: 1, maximum: largest })) {
			readRequiredKlingImage(item, 'image');
			item.end();
		}
	}
	body.text('negative_prompt', KLING_LONG_PROMPT_CHARACTERS);
	body.choice('mode', KLING_MODES);
	const durationSeconds = Number(body.choice('duration', KLING_SECONDS) ?? '5');
	return { model: KLING_MULTI_MODEL, prompt, durationSeconds, ...readCallbackAndId(body, context) };
};

export const readTextToAudioOrder: ReadKlingOrder = (body, context) => {
	const prompt = body.requiredText('prompt', SOUND_PROMPT_CHARACTERS);
	const durationSeconds = body.number('duration', { minimum: 3, maximum: 10 });
	if (durationSeconds === undefined) throw body.refuse('duration is required');
	if (Number(durationSeconds.toFixed(1)) !== durationSeconds) throw body.refuse('duration: one decimal place');
	const formats = ['mp3', 'wav'] as const;
	return { model: 'kling-audio', prompt, durationSeconds, formats, ...readCallbackAndId(body, context) };
};

export const readVideoToAudioOrder: ReadKlingOrder = (body, context) => {
	const seconds = readSourceVideo(body, context);
	if (seconds !== undefined && (seconds < 3 || seconds > 20)) {
		throw body.refuse('the video must have 3 to 20 seconds');
	}
	body.text('sound_effect_prompt', SOUND_PROMPT_CHARACTERS);
	body.text('bgm_prompt', SOUND_PROMPT_CHARACTERS);
	body.flag('asmr_mode');
	const formats = ['mp4', 'mp3', 'wav'] as const;
	const durationSeconds = seconds ?? ASSUMED_SOUND_SECONDS;
	return { model: 'kling-audio', prompt: '', durationSeconds, formats, ...readCallbackAndId(body, context) };
};

/** `audio_id` or `sound_file`; the length is known for an id only. */
function readSound(body: BodyReader, context: KlingContext): number | undefined {
	if (body.oneOf(['audio_id', 'sound_file']) === 'sound_file') {
		readKlingSound(body, 'sound_file');
		return undefined;
	}
	const audioId = body.requiredText('audio_id');
	const seconds = findSoundSeconds(context, audioId);
	if (seconds === undefined) throw body.refuse(`audio_id ${audioId} not found`);
	assertSoundLength(body, seconds);
	return seconds;
}

function assertSoundLength(body: BodyReader, seconds: number): void {
	if (seconds < SHORTEST_SOUND_SECONDS || seconds > LONGEST_SOUND_SECONDS) {
		throw body.refuse('the audio must have 2 to 60 seconds');
	}
}

/** A string in CometAPI's example, a number in Kling's reference. */
function readMilliseconds(body: BodyReader, name: string): number {
	const number = body.isNumber(name) ? body.integer(name, { minimum: 0, maximum: MOST_MILLISECONDS }) : undefined;
	const text = number === undefined ? body.requiredText(name) : String(number);
	if (!MILLISECONDS.test(text)) throw body.refuse(`${body.nameOf(name)} must be milliseconds`);
	return Number(text);
}
