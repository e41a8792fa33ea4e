/** People who talk: avatars, and lips that follow a sound. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError, RequestError } from '../../task/errors';
import { firstText } from '../../task/json';
import type { CreateRequest } from '../../task/types';
import { mediaParts } from '../request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode } from '../types';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	assertExactlyOne,
	audioIdField,
	isGiven,
	klingBody,
	klingImageSlot,
	klingRequest,
	klingSoundSlot,
	klingVideoSlot,
	qualityField,
	textField,
	videoIdField,
} from './klingFields';
import { KLING } from './klingTaskApi';

function assertSound({ values, media }: GenerateInput) {
	assertExactlyOne(['Audio ID', 'Sound'], [isGiven(values.audioId), (media.soundFile ?? []).length > 0]);
}

export const avatar: VideoMode = {
	id: 'avatar',
	job: 'video.animate',
	displayName: 'Avatar',
	description: 'Make the person in a picture say or sing something',
	models: [],
	// CometAPI's field text says that requests without a prompt are refused.
	prompt: 'required',
	fields: [
		qualityField(),
		textField({
			displayName: 'Audio Task ID',
			name: 'parentTaskId',
			sendAs: 'task_id',
			placement: 'options',
			description: 'The output field taskId of Generate Speech',
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

const FACE_VIDEO = klingVideoSlot('Video with a face: MP4 or MOV, 2 to 60 seconds', [
	videoIdField(', at most 30 days old'),
]);

function assertVideo({ values, media }: GenerateInput) {
	assertExactlyOne(['Video ID', 'Video'], [isGiven(values.videoId), (media.video ?? []).length > 0]);
}

export const identifyFace: VideoMode = {
	id: 'identifyFace',
	job: 'video.animate',
	displayName: 'Lip Sync Step 1: Identify Faces',
	description: 'Find the faces of a video, to choose one of them',
	models: [],
	prompt: 'none',
	fields: [],
	media: [FACE_VIDEO],
	check: assertVideo,
	buildRequest: klingRequest('/videos/identify-face'),
};

/** Seconds in the panel, milliseconds on the wire. */
function secondsOption(displayName: string, name: string, preset: number, description: string): VideoField {
	return numberOption(displayName, name, preset, description, 3600);
}

function numberOption(
	displayName: string,
	name: string,
	preset: number,
	description: string,
	maxValue: number,
): VideoField {
	return {
		property: {
			displayName,
			name,
			type: 'number',
			typeOptions: { minValue: 0, maxValue, numberPrecision: 2 },
			default: preset,
			description,
		},
		placement: 'options',
		sendAs: null,
	};
}

const TIMING_FIELDS = [
	secondsOption('Sound Start (Seconds)', 'soundStart', 0, 'Where in the sound to begin; at its start without this'),
	secondsOption('Sound End (Seconds)', 'soundEnd', 5, 'Where in the sound to end; at its end without this'),
	secondsOption('Sound Position (Seconds)', 'insertAt', 0, 'Where in the video the sound begins'),
	numberOption('Sound Volume', 'soundVolume', 1, 'Volume of the sound, 0 to 2', 2),
	numberOption('Original Sound Volume', 'originalSoundVolume', 1, 'Volume of the sound that the video has, 0 to 2', 2),
];
const MIN_SOUND_SECONDS = 2;

/** Kling wants to know where the sound ends; nothing tells how long a speech is of which only the ID is known. */
const SPEECH_SECONDS: VideoField = textField({
	displayName: 'Sound Length (Seconds)',
	name: 'speechSeconds',
	sendAs: null,
	description: 'Length of the speech: the output field durationSeconds of Generate Speech. Not needed with Sound End.',
	preset: '={{ $json.audioId ? $json.durationSeconds : "" }}',
});

/** The part of the sound that is used, in seconds. @throws InvalidInputError where it is too short, or its end is not known */
function soundPart({ values, media }: GenerateInput): { start: number; end: number } {
	const start = isGiven(values.soundStart) ? Number(values.soundStart) : 0;
	const known = isGiven(values.audioId) ? Number(values.speechSeconds || NaN) : (media.soundFile?.[0]?.seconds ?? NaN);
	const end = isGiven(values.soundEnd) ? Number(values.soundEnd) : known;
	if (!(end > 0)) {
		throw new InvalidInputError(
			isGiven(values.audioId) ? 'Sound Length (Seconds) is empty' : 'The length of the Sound cannot be told',
			isGiven(values.audioId)
				? 'Fill in the output field durationSeconds of Generate Speech, or add the setting Sound End (Seconds).'
				: 'Add the setting Sound End (Seconds), or use an MP3, WAV, M4A or AAC file that n8n can read.',
		);
	}
	if (end - start >= MIN_SOUND_SECONDS) return { start, end };
	throw new InvalidInputError(
		`The Sound has only ${Math.max(0, Math.round((end - start) * 100) / 100)} seconds between Sound Start and Sound End`,
		`Allowed: at least ${MIN_SOUND_SECONDS} seconds of sound.`,
	);
}

/** Times travel as milliseconds and as text in CometAPI's example. */
function milliseconds(seconds: number): string {
	return String(Math.floor(seconds * 1000 + 1e-6));
}

function lipSyncRequest(input: GenerateInput, mode: VideoMode, sessionId: string, faceId: string): CreateRequest {
	const { audioId, insertAt, soundVolume, originalSoundVolume, callbackUrl, externalTaskId } = input.values;
	const { start, end } = soundPart(input);
	const face: IDataObject = {
		face_id: faceId,
		...(isGiven(audioId) ? { audio_id: audioId as string } : {}),
		sound_start_time: milliseconds(start),
		sound_end_time: milliseconds(end),
		sound_insert_time: milliseconds(isGiven(insertAt) ? Number(insertAt) : 0),
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

const FACE_SOUND: MediaSlot = {
	...klingSoundSlot('face_choose.0.sound_file', [audioIdField(null), SPEECH_SECONDS]),
	needsLength: true,
};
const UNSENT_OPTIONS = [CALLBACK_URL, EXTERNAL_TASK_ID].map((field) => ({ ...field, sendAs: null }));

export const lipSync: VideoMode = {
	id: 'lipSync',
	job: 'video.animate',
	displayName: 'Lip Sync',
	description: 'Make a person in a video say or sing something',
	models: [],
	prompt: 'none',
	fields: [
		{
			property: {
				displayName: 'Face Number',
				name: 'faceNumber',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 1,
				description: 'Which of the people in the video speaks, counted from 1',
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
		soundPart(input);
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
	displayName: 'Lip Sync Step 2: Move the Lips',
	description: 'Make one of the faces that were found say a sound',
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
		...TIMING_FIELDS,
		...UNSENT_OPTIONS,
	],
	media: [FACE_SOUND],
	check(input) {
		assertSound(input);
		soundPart(input);
	},
	buildRequest: (input, mode) =>
		lipSyncRequest(input, mode, String(input.values.sessionId), String(input.values.faceId)),
};
