/**
 * Pictures: from a description, from other pictures, clothes on a person, and what a picture shows.
 * Pages: https://apidoc.cometapi.com/api/image/kling/image-generation, /multi-image-to-image (newest, mid 2026) and
 * /api/video/kling/image-recognize; virtual try-on: Kling's own fields.
 */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { aspectRatioField } from '../fields';
import type { GenerateInput, VideoField, VideoMode, VideoModel } from '../types';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	NEGATIVE_PROMPT,
	assertLength,
	isGiven,
	klingImageSlot,
	klingRequest,
} from './klingFields';

/** The older page has this route for several pictures as well; the newest one's is not known. */
const MULTI_IMAGE_ROUTE = '/images/generations';
/** `scence_image` on CometAPI's older page. */
const SCENE_FIELD = 'scene_image';

const V3: VideoModel = { id: 'kling-v3', displayName: 'Kling 3' };
const V2_1: VideoModel = { id: 'kling-v2-1', displayName: 'Kling 2.1' };
const V2: VideoModel = { id: 'kling-v2', displayName: 'Kling 2' };
const V1_5: VideoModel = { id: 'kling-v1-5', displayName: 'Kling 1.5' };
const V1: VideoModel = { id: 'kling-v1', displayName: 'Kling 1' };
const MAX_PROMPT = 2500;

const BASE_RATIO = aspectRatioField(['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'], 'aspect_ratio');
const RATIO: VideoField = {
	...BASE_RATIO,
	property: {
		...BASE_RATIO.property,
		description: 'Shape of the picture; a video that begins with it has the same shape',
	},
};

const NOT_SHOWN: VideoField = {
	...NEGATIVE_PROMPT,
	property: { ...NEGATIVE_PROMPT.property, description: 'What the picture must not show' },
};

const IMAGE_COUNT: VideoField = {
	property: {
		displayName: 'Number of Images',
		name: 'imageCount',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 9, numberPrecision: 0 },
		default: 1,
		description: 'How many pictures to make, 1 to 9. Each is billed.',
	},
	placement: 'panel',
	sendAs: 'n',
};

const RESOLUTION: VideoField = {
	property: {
		displayName: 'Resolution',
		name: 'imageResolution',
		type: 'options',
		options: [
			{ name: '1K', value: '1k' },
			{ name: '2K', value: '2k' },
		],
		default: '1k',
		description: 'Size of the picture; 1K is enough for videos of 720p',
	},
	placement: 'options',
	sendAs: 'resolution',
};

function fidelityField(name: string, displayName: string, models: string[], sendAs: string, what: string): VideoField {
	return {
		property: {
			displayName,
			name,
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
			default: 0.5,
			description: `How closely ${what}: 0 loosely, 1 strictly`,
		},
		placement: 'options',
		models,
		sendAs,
	};
}

const REFERENCE_TYPE: VideoField = {
	property: {
		displayName: 'Reference Type',
		name: 'imageReference',
		type: 'options',
		options: [
			{ name: 'Face', value: 'face', description: 'The face alone; the picture must show just one' },
			{ name: 'Subject', value: 'subject', description: 'The whole person or thing' },
		],
		default: 'subject',
		description: 'What is taken from the reference image',
	},
	placement: 'options',
	models: [V1_5.id],
	sendAs: 'image_reference',
};

function hasImage({ media }: GenerateInput): boolean {
	return (media.referenceImage ?? []).length > 0;
}

const requestOfPrompt = klingRequest('/images/generations');

export const textToImage: VideoMode = {
	id: 'textToImage',
	job: 'image.generate',
	displayName: 'Text to Image',
	description: 'Create a picture from a description, and from another picture if you like',
	models: [V3, V2_1, V2, V1_5, V1],
	prompt: 'required',
	fields: [
		RATIO,
		IMAGE_COUNT,
		RESOLUTION,
		NOT_SHOWN,
		fidelityField(
			'imageFidelity',
			'Image Fidelity',
			[V1.id, V1_5.id],
			'image_fidelity',
			'to follow the reference image',
		),
		fidelityField(
			'humanFidelity',
			'Face Fidelity',
			[V1_5.id],
			'human_fidelity',
			'to keep the face of the reference image',
		),
		REFERENCE_TYPE,
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [
		klingImageSlot({
			name: 'referenceImage',
			displayName: 'Reference Image',
			description: 'Picture to start from, e.g. a product photo (JPEG or PNG, at most 10 MB)',
			required: false,
		}),
	],
	check(input) {
		assertLength('Prompt', input.prompt, MAX_PROMPT);
		if (!hasImage(input) || !isGiven(input.values.negativePrompt)) return;
		throw new InvalidInputError(
			'Negative Prompt and Reference Image exclude each other',
			'CometAPI takes a negative prompt only without a picture. Empty one of the two fields.',
		);
	},
	buildRequest(input, mode) {
		const request = requestOfPrompt(input, mode);
		// Kling refuses a picture for this model without it.
		const needsType = input.model === V1_5.id && hasImage(input) && request.body.image_reference === undefined;
		const body: IDataObject = { ...request.body, ...(needsType ? { image_reference: 'subject' } : {}) };
		return { ...request, body };
	},
};

export const multiImageToImage: VideoMode = {
	id: 'multiImageToImage',
	job: 'image.generate',
	displayName: 'Multi-Image to Image',
	description: 'Create a picture with the people and things of one to four pictures',
	models: [V2_1, V2],
	prompt: 'optional',
	fields: [RATIO, IMAGE_COUNT, NOT_SHOWN, CALLBACK_URL, EXTERNAL_TASK_ID],
	media: [
		klingImageSlot({
			name: 'images',
			displayName: 'Images',
			description: 'Pictures of the people and things to show (JPEG or PNG, at most 10 MB each)',
			sendAs: 'subject_image_list.*.subject_image',
			maxCount: 4,
		}),
		klingImageSlot({
			name: 'sceneImage',
			displayName: 'Scene Image',
			description: 'Picture of the place (JPEG or PNG, at most 10 MB)',
			sendAs: SCENE_FIELD,
			required: false,
		}),
		klingImageSlot({
			name: 'styleImage',
			displayName: 'Style Image',
			description: 'Picture whose style is taken over (JPEG or PNG, at most 10 MB)',
			sendAs: 'style_image',
			required: false,
		}),
	],
	check: ({ prompt }) => assertLength('Prompt', prompt, MAX_PROMPT),
	buildRequest: klingRequest(MULTI_IMAGE_ROUTE),
};

export const virtualTryOn: VideoMode = {
	id: 'virtualTryOn',
	job: 'image.tryOn',
	displayName: 'Virtual Try-On',
	description: 'Put clothes on the person in a picture',
	models: [
		{
			id: 'kolors-virtual-try-on-v1-5',
			displayName: 'Kolors Virtual Try-On 1.5',
			description: 'Takes a top and a bottom in one picture as well',
		},
		{ id: 'kolors-virtual-try-on-v1', displayName: 'Kolors Virtual Try-On 1' },
	],
	prompt: 'none',
	fields: [CALLBACK_URL],
	media: [
		klingImageSlot({
			name: 'personImage',
			displayName: 'Person Image',
			description: 'Picture of the person, best the whole body from the front (JPEG or PNG, at most 10 MB)',
			sendAs: 'human_image',
		}),
		klingImageSlot({
			name: 'clothesImage',
			displayName: 'Clothes Image',
			description: 'Picture of the clothes, best on white (JPEG or PNG, at most 10 MB)',
			sendAs: 'cloth_image',
		}),
	],
	buildRequest: klingRequest('/images/kolors-virtual-try-on'),
};

export const recognizeImage: VideoMode = {
	id: 'recognizeImage',
	job: 'image.findSubjects',
	displayName: 'Find Subjects',
	description: 'Find out whether a picture shows a thing, a head, a face or clothes, e.g. before an avatar or a try-on',
	models: [],
	prompt: 'none',
	fields: [],
	media: [
		klingImageSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture to look at (JPEG or PNG, at most 10 MB, at least 300 pixels wide and high)',
		}),
	],
	buildRequest: klingRequest('/videos/image-recognize'),
};
