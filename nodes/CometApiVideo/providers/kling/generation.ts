/** Kling's ways to make a video from text and pictures, and to make a video longer. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { parseJson } from '../../task/json';
import { MAY_BE_REFUSED, readShots } from '../fields';
import { mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode, VideoModel } from '../types';
import { CAMERA_FIELDS, assertCamera, cameraControl } from './camera';
import {
	ASPECT_RATIO,
	CALLBACK_URL,
	CFG_SCALE,
	EXTERNAL_TASK_ID,
	NEGATIVE_PROMPT,
	V3_MAKER_SECONDS,
	WATERMARK,
	assertIdCount,
	durationField,
	idList,
	isGiven,
	klingBody,
	klingImageSlot,
	klingRequest,
	qualityField,
	soundField,
	textField,
} from './klingFields';
import { KLING } from './klingTaskApi';
import { SHOTS, multiShotBody } from './shots';

const V3: VideoModel = { id: 'kling-v3', displayName: 'Kling 3' };
const V2_6: VideoModel = { id: 'kling-v2-6', displayName: 'Kling 2.6' };
const V2_5_TURBO: VideoModel = { id: 'kling-v2-5-turbo', displayName: 'Kling 2.5 Turbo' };
const V2_1_MASTER: VideoModel = { id: 'kling-v2-1-master', displayName: 'Kling 2.1 Master' };
const V2_1: VideoModel = { id: 'kling-v2-1', displayName: 'Kling 2.1' };
const V2_MASTER: VideoModel = { id: 'kling-v2-master', displayName: 'Kling 2 Master' };
const V1_6: VideoModel = { id: 'kling-v1-6', displayName: 'Kling 1.6' };
const V1_5: VideoModel = { id: 'kling-v1-5', displayName: 'Kling 1.5', description: MAY_BE_REFUSED };
const V1: VideoModel = { id: 'kling-v1', displayName: 'Kling 1' };

const TEXT_MODELS = [V3, V2_6, V2_5_TURBO, V2_1_MASTER, V2_MASTER, V1_6, V1];
const IMAGE_MODELS = [V3, V2_6, V2_5_TURBO, V2_1_MASTER, V2_1, V2_MASTER, V1_6, V1_5, V1];

/** The master models have no quality; sound came with 2.6: Kling's capability map of 2026-02. */
const WITH_QUALITY = [V3, V2_6, V2_5_TURBO, V2_1, V1_6, V1_5, V1].map(({ id }) => id);
const WITH_SOUND = [V3.id, V2_6.id];
const BEFORE_V3 = IMAGE_MODELS.filter((model) => model !== V3).map(({ id }) => id);

const VOICE_IDS = textField({
	displayName: 'Voice IDs',
	name: 'voiceIds',
	sendAs: null,
	placement: 'options',
	placeholder: 'e.g. 829826, 829830',
	description:
		'Up to two voices that the prompt calls &lt;&lt;&lt;voice_1&gt;&gt;&gt; and &lt;&lt;&lt;voice_2&gt;&gt;&gt;, with Sound on; may be refused',
});

const ELEMENT_IDS = textField({
	displayName: 'Element IDs',
	name: 'elementIds',
	sendAs: null,
	placement: 'options',
	placeholder: 'e.g. 160, 161',
	description: 'Up to three elements of the Kling library; not together with Voice IDs; may be refused',
});

const COMMON_OPTIONS = [
	NEGATIVE_PROMPT,
	CFG_SCALE,
	...CAMERA_FIELDS,
	VOICE_IDS,
	SHOTS,
	WATERMARK,
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
];

const LENGTH_FIELDS = [durationField([5, 10], [V3.id], V3_MAKER_SECONDS), durationField([5, 10], BEFORE_V3)];
const QUALITY = qualityField(WITH_QUALITY);
const SOUND = soundField(WITH_SOUND);

/** Frozen and moving areas of the picture; only v1 models of Kling take them. */
const DYNAMIC_MASKS: VideoField = {
	property: {
		displayName: 'Dynamic Masks',
		name: 'dynamicMasks',
		type: 'json',
		default: '[]',
		placeholder: 'e.g. [{ "mask": "https://…", "trajectories": [{ "x": 0, "y": 0 }] }]',
		description:
			'Up to six moving areas: a mask picture and the points of its way, counted from the bottom left. Not together with an end frame or a camera.',
	},
	placement: 'options',
	sendAs: null,
};

function optionalBody(input: GenerateInput): IDataObject {
	const voices = idList(input.values.voiceIds, 'voice_id');
	const elements = idList(input.values.elementIds, 'element_id');
	return {
		...cameraControl(input),
		...multiShotBody(input),
		...(voices.length > 0 ? { voice_list: voices } : {}),
		...(elements.length > 0 ? { element_list: elements } : {}),
	};
}

function readMasks({ values }: GenerateInput): IDataObject[] {
	const given: unknown = values.dynamicMasks;
	const parsed: unknown = typeof given === 'string' && given.trim() !== '' ? parseJson(given) : (given ?? []);
	if (!Array.isArray(parsed) || parsed.length > 6) {
		throw new InvalidInputError(
			'Dynamic Masks is not a list of at most six masks',
			'Write it as [{ "mask": "…", "trajectories": [{ "x": 0, "y": 0 }] }].',
		);
	}
	return parsed as IDataObject[];
}

function assertImageExtras(input: GenerateInput) {
	const used = [
		[(input.media.endFrame ?? []).length > 0, 'End Frame'],
		[(input.media.staticMask ?? []).length > 0 || readMasks(input).length > 0, 'masks'],
		[isGiven(input.values.cameraType), 'Camera'],
	].filter(([isUsed]) => isUsed);
	if (used.length > 1) {
		throw new InvalidInputError(
			`${used.map(([, label]) => String(label)).join(' and ')} exclude each other`,
			'Kling takes an end frame, masks or a camera, one of them at a time.',
		);
	}
	assertExtras(input);
}

const MAX_VOICES = 2;
const MAX_ELEMENTS = 3;

function assertExtras(input: GenerateInput) {
	const { values, model } = input;
	assertCamera(input);
	if (BEFORE_V3.includes(model) && readShots(input).length > 0) {
		throw new InvalidInputError(
			`Shots cannot be used with the model ${model}`,
			`Remove the option Shots, or choose ${V3.id}.`,
		);
	}
	assertIdCount('Voice IDs', values.voiceIds, MAX_VOICES);
	assertIdCount('Element IDs', values.elementIds, MAX_ELEMENTS);
	if (isGiven(values.voiceIds) && isGiven(values.elementIds)) {
		throw new InvalidInputError('Voice IDs and Element IDs exclude each other', 'Use one of them.');
	}
}

export const textToVideo: VideoMode = {
	id: 'textToVideo',
	job: 'video.generate',
	displayName: 'Text to Video',
	description: 'Create a video from a description',
	models: TEXT_MODELS,
	prompt: 'required',
	fields: [...LENGTH_FIELDS, ASPECT_RATIO, QUALITY, SOUND, ...COMMON_OPTIONS],
	media: [],
	check: assertExtras,
	buildRequest: (input, mode) => ({
		path: `${KLING}/videos/text2video`,
		encoding: 'json',
		body: { ...klingBody(input, mode), ...optionalBody(input) },
		media: [],
	}),
};

export const imageToVideo: VideoMode = {
	id: 'imageToVideo',
	job: 'video.generate',
	displayName: 'Image to Video',
	description: 'Create a video that starts from a picture, and ends with another if you like',
	models: IMAGE_MODELS,
	prompt: 'optional',
	fields: [...LENGTH_FIELDS, QUALITY, SOUND, ...COMMON_OPTIONS, DYNAMIC_MASKS, ELEMENT_IDS],
	media: [
		klingImageSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture that the video starts from (JPEG or PNG, at most 10 MB, at least 300 pixels wide and high)',
		}),
		klingImageSlot({
			name: 'endFrame',
			displayName: 'End Frame',
			description: 'Picture that the video ends with. Not every model takes it.',
			sendAs: 'image_tail',
			required: false,
		}),
		klingImageSlot({
			name: 'staticMask',
			displayName: 'Static Mask',
			description: 'Picture of the same size whose white area stays still. Other models than Kling 1 may refuse it.',
			sendAs: 'static_mask',
			required: false,
		}),
	],
	check: assertImageExtras,
	buildRequest(input, mode) {
		const masks = readMasks(input);
		return {
			path: `${KLING}/videos/image2video`,
			encoding: 'json',
			body: {
				...klingBody(input, mode),
				...optionalBody(input),
				...(masks.length > 0 ? { dynamic_masks: masks } : {}),
			},
			media: mediaParts(mode, input),
		};
	},
};

export const multiImageToVideo: VideoMode = {
	id: 'multiImageToVideo',
	job: 'video.generate',
	displayName: 'Multi-Image to Video',
	description: 'Create a video with the people and things of one to four pictures',
	models: [V1_6],
	prompt: 'required',
	fields: [durationField([5, 10]), ASPECT_RATIO, qualityField(), NEGATIVE_PROMPT, CALLBACK_URL, EXTERNAL_TASK_ID],
	media: [
		klingImageSlot({
			name: 'images',
			displayName: 'Images',
			description: 'Pictures of the people and things to show (JPEG or PNG, at most 10 MB each)',
			sendAs: 'image_list.*.image',
			maxCount: 4,
		}),
	],
	buildRequest: klingRequest('/videos/multi-image2video'),
};

export const extendVideo: VideoMode = {
	id: 'extendVideo',
	job: 'video.extend',
	displayName: 'Extend',
	description: 'Make a finished Kling video some seconds longer',
	models: [],
	prompt: 'optional',
	fields: [
		textField({
			displayName: 'Parent Task ID',
			name: 'parentTaskId',
			sendAs: 'task_id',
			required: true,
			description: 'The output field taskId of the Kling video',
		}),
		textField({
			displayName: 'Video ID',
			name: 'videoId',
			sendAs: 'video_id',
			required: true,
			description: 'Its output field videoId. Safest is a 5-second video of Kling 1 or 1.6.',
		}),
		NEGATIVE_PROMPT,
		CFG_SCALE,
		CALLBACK_URL,
	],
	media: [],
	buildRequest: klingRequest('/videos/video-extend'),
};
