/** People who talk: speech, avatars, and lips that follow a sound. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError, RequestError } from '../../task/errors';
import { firstText } from '../../service/replies';
import type { CreateRequest } from '../../task/types';
import { mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode } from '../types';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	assertExactlyOne,
	isGiven,
	klingBody,
	klingImageSlot,
	klingRequest,
	klingSoundSlot,
	klingVideoUrlSlot,
	qualityField,
	textField,
} from './klingFields';
import { KLING } from './klingTaskApi';
import { asText } from '../../task/asText';

const MAX_TEXT = 1000;

export const textToSpeech: VideoMode = {
	id: 'textToSpeech',
	job: 'audio.generateSpeech',
	displayName: 'Text to Speech',
	description: 'Speak a text; the result is a sound for Avatar and Lip Sync',
	models: [],
	prompt: 'none',
	fields: [
		{
			...textField({
				displayName: 'Text',
				name: 'text',
				sendAs: 'text',
				required: true,
				placeholder: 'e.g. Welcome to our spring sale',
				description: `What is said, at most ${MAX_TEXT} characters`,
			}),
		},
		textField({
			displayName: 'Voice ID',
			name: 'voiceId',
			sendAs: 'voice_id',
			required: true,
			placeholder: 'e.g. oversea_male1',
			description: "One of Kling's voices; it must speak the chosen language",
		}),
		{
			property: {
				displayName: 'Voice Language',
				name: 'voiceLanguage',
				type: 'options',
				options: [
					{ name: 'Chinese', value: 'zh' },
					{ name: 'English', value: 'en' },
				],
				default: 'en',
				description: 'Language of the voice',
			},
			placement: 'panel',
			sendAs: 'voice_language',
		},
		{
			property: {
				displayName: 'Voice Speed',
				name: 'voiceSpeed',
				type: 'number',
				typeOptions: { minValue: 0.8, maxValue: 2, numberPrecision: 1 },
				default: 1,
				description: 'Speed of the speech, 0.8 to 2',
			},
			placement: 'options',
			sendAs: 'voice_speed',
		},
	],
	media: [],
	check({ values }) {
		const { length } = asText(values.text);
		if (length > MAX_TEXT) {
			throw new InvalidInputError(
				`Text has ${length} characters`,
				`Allowed: at most ${MAX_TEXT}. Split it into several items.`,
			);
		}
	},
	buildRequest: klingRequest('/audio/tts'),
};

const AUDIO_ID = textField({
	displayName: 'Audio ID',
	name: 'audioId',
	sendAs: 'audio_id',
	placeholder: 'e.g. 878106242831892499',
	description: 'The output field audioId of Text to Speech. Leave empty when you give a sound file.',
});

function assertSound({ values, media }: GenerateInput) {
	assertExactlyOne(['Audio ID', 'Sound File'], [isGiven(values.audioId), (media.soundFile ?? []).length > 0]);
}

export const avatar: VideoMode = {
	id: 'avatar',
	job: 'video.animate',
	displayName: 'Avatar',
	description: 'Make the person of a picture say or sing something',
	models: [],
	// CometAPI's field text says that requests without a prompt are refused.
	prompt: 'required',
	fields: [
		AUDIO_ID,
		qualityField(),
		textField({
			displayName: 'Audio Task ID',
			name: 'parentTaskId',
			sendAs: 'task_id',
			placement: 'options',
			description: 'Task that made the sound',
		}),
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [
		klingImageSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture of the person (JPEG or PNG, at most 10 MB, at least 300 pixels wide and high)',
		}),
		klingSoundSlot(),
	],
	check: assertSound,
	buildRequest: klingRequest('/videos/avatar/image2video'),
};

const VIDEO_ID = textField({
	displayName: 'Video ID',
	name: 'videoId',
	sendAs: 'video_id',
	placeholder: 'e.g. 878106242831892488',
	description: 'The output field videoId of a Kling task, at most 30 days old. Leave empty when you give a video link.',
});

const FACE_VIDEO = klingVideoUrlSlot(
	'Link to a video with a face: MP4 or MOV, 2 to 60 seconds. Leave empty when you give a Video ID.',
);

function assertVideo({ values, media }: GenerateInput) {
	assertExactlyOne(['Video ID', 'Video'], [isGiven(values.videoId), (media.video ?? []).length > 0]);
}

export const identifyFace: VideoMode = {
	id: 'identifyFace',
	job: 'video.animate',
	displayName: 'Identify Faces',
	description: 'Find the faces of a video, as the first step of Lip Sync with Face ID',
	models: [],
	prompt: 'none',
	fields: [VIDEO_ID],
	media: [FACE_VIDEO],
	check: assertVideo,
	buildRequest: klingRequest('/videos/identify-face'),
};

function numberField(displayName: string, name: string, preset: number, description: string, max?: number): VideoField {
	return {
		property: {
			displayName,
			name,
			type: 'number',
			typeOptions: {
				minValue: 0,
				...(max === undefined ? {} : { maxValue: max }),
				numberPrecision: max === undefined ? 0 : 2,
			},
			default: preset,
			description,
		},
		placement: max === undefined ? 'panel' : 'options',
		sendAs: null,
	};
}

const TIMING_FIELDS = [
	numberField('Sound Start (Milliseconds)', 'soundStart', 0, 'Where in the sound to begin, in milliseconds'),
	numberField(
		'Sound End (Milliseconds)',
		'soundEnd',
		5000,
		'Where in the sound to end, in milliseconds; at least 2000 after the start',
	),
	numberField('Sound Position (Milliseconds)', 'insertAt', 0, 'Where in the video the sound begins, in milliseconds'),
	numberField('Sound Volume', 'soundVolume', 1, 'Volume of the sound, 0 to 2', 2),
	numberField('Original Sound Volume', 'originalSoundVolume', 1, 'Volume of the sound that the video has, 0 to 2', 2),
];
const MIN_SOUND_MS = 2000;

function assertTiming({ values }: GenerateInput) {
	const length = Number(values.soundEnd) - Number(values.soundStart);
	if (length >= MIN_SOUND_MS) return;
	throw new InvalidInputError(
		`Sound End (Milliseconds) is only ${length} after Sound Start (Milliseconds)`,
		`Allowed: at least ${MIN_SOUND_MS} milliseconds of sound.`,
	);
}

/** Times travel as text in CometAPI's example. */
function lipSyncRequest(input: GenerateInput, mode: VideoMode, sessionId: string, faceId: string): CreateRequest {
	const { audioId, soundStart, soundEnd, insertAt, soundVolume, originalSoundVolume, callbackUrl, externalTaskId } =
		input.values;
	const face: IDataObject = {
		face_id: faceId,
		...(isGiven(audioId) ? { audio_id: audioId as string } : {}),
		sound_start_time: String(soundStart),
		sound_end_time: String(soundEnd),
		sound_insert_time: String(insertAt),
		...(isGiven(soundVolume) ? { sound_volume: Number(soundVolume) } : {}),
		...(isGiven(originalSoundVolume) ? { original_sound_volume: Number(originalSoundVolume) } : {}),
	};
	return {
		path: `${KLING}/videos/advanced-lip-sync`,
		encoding: 'json',
		body: {
			session_id: sessionId,
			face_choose: [face],
			...(isGiven(callbackUrl) ? { callback_url: callbackUrl as string } : {}),
			...(isGiven(externalTaskId) ? { external_task_id: externalTaskId as string } : {}),
		},
		media: mediaParts({ ...mode, media: mode.media.filter(({ name }) => name === 'soundFile') }, input),
	};
}

const FACE_SOUND = klingSoundSlot('face_choose.0.sound_file');
const UNSENT_AUDIO_ID = { ...AUDIO_ID, sendAs: null };
const UNSENT_OPTIONS = [CALLBACK_URL, EXTERNAL_TASK_ID].map((field) => ({ ...field, sendAs: null }));

export const lipSync: VideoMode = {
	id: 'lipSync',
	job: 'video.animate',
	displayName: 'Lip Sync',
	description: 'Make a person in a video say a sound: finds the faces, takes the one you choose, and moves its lips',
	models: [],
	prompt: 'none',
	fields: [
		VIDEO_ID,
		UNSENT_AUDIO_ID,
		{
			property: {
				displayName: 'Face Number',
				name: 'faceNumber',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 1,
				description: 'Which of the faces that are found, in their order',
			},
			placement: 'panel',
			sendAs: null,
		},
		...TIMING_FIELDS,
		...UNSENT_OPTIONS,
	],
	media: [FACE_VIDEO, FACE_SOUND],
	check(input) {
		assertVideo(input);
		assertSound(input);
		assertTiming(input);
	},
	buildRequest(input, mode) {
		const videoSlots = mode.media.filter(({ name }) => name === 'video');
		const faces: CreateRequest = {
			path: `${KLING}/videos/identify-face`,
			encoding: 'json',
			body: klingBody(input, mode),
			media: mediaParts({ ...mode, media: videoSlots }, input),
		};
		const complete = (answer: IDataObject) => {
			const { sessionId, faceId } = chooseFace(answer, Number(input.values.faceNumber));
			return lipSyncRequest(input, mode, sessionId, faceId);
		};
		// The ids are not known yet; until then the number of the face tells one request from another.
		return {
			...lipSyncRequest(input, mode, '', String(input.values.faceNumber)),
			before: { request: faces, complete },
		};
	},
};

function chooseFace(answer: IDataObject, number: number): { sessionId: string; faceId: string } {
	const data = (answer.data ?? {}) as IDataObject;
	const faces = (Array.isArray(data.face_data) ? data.face_data : []) as IDataObject[];
	const face = faces[number - 1];
	const [sessionId, faceId] = [firstText(data.session_id), firstText(face?.face_id)];
	if (face && (sessionId === '' || faceId === '')) {
		// No create was sent yet, so its outcome is not in doubt.
		throw new RequestError(
			'refused',
			`CometAPI's answer about the faces of the video is incomplete (${sessionId === '' ? 'session_id' : 'face_id'})`,
			'Run the item again; nothing was created yet.',
		);
	}
	if (!face) {
		throw new InvalidInputError(
			faces.length === 0
				? 'Kling found no face in the video'
				: `Face Number ${number} does not exist: Kling found ${faces.length} faces`,
			'Choose another video, or another Face Number.',
		);
	}
	return { sessionId, faceId };
}

export const lipSyncWithFaceId: VideoMode = {
	id: 'advancedLipSync',
	job: 'video.animate',
	displayName: 'Lip Sync with Face ID',
	description: 'Second step after Identify Faces: move the lips of a face that was found',
	models: [],
	prompt: 'none',
	fields: [
		textField({
			displayName: 'Session ID',
			name: 'sessionId',
			sendAs: null,
			required: true,
			description: 'The output field sessionId of Identify Faces',
		}),
		textField({
			displayName: 'Face ID',
			name: 'faceId',
			sendAs: null,
			required: true,
			description: 'The output field faceId of Identify Faces, or face_id of another entry of faces',
		}),
		UNSENT_AUDIO_ID,
		...TIMING_FIELDS,
		...UNSENT_OPTIONS,
	],
	media: [FACE_SOUND],
	check(input) {
		assertSound(input);
		assertTiming(input);
	},
	buildRequest: (input, mode) =>
		lipSyncRequest(input, mode, String(input.values.sessionId), String(input.values.faceId)),
};
