/** Modes of Runway's own format: https://apidoc.cometapi.com/api/video/runway and the pages of /official-format beside it. */
import type { IDataObject } from 'n8n-workflow';
import type { CreateRequest } from '../../task/types';
import { MAY_BE_REFUSED } from '../fields';
import { bodyFromFields, mediaParts } from '../request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoModel } from '../types';
import {
	SIZES,
	assertPromptLength,
	linkSlot,
	retiredOn,
	secondsNumberField,
	seedField,
	shapeFields,
} from './runwayFields';

const MAX_PROMPT = 512;
const MAX_EDIT_PROMPT = 1000;

// The first model of a mode is one that CometAPI names and whose maker still runs it, where there is one. Models of other
// makers that Runway resells (Veo, Seedance, HappyHorse) are left to their own providers.
const GEN_4_TURBO: VideoModel = {
	id: 'gen4_turbo',
	displayName: 'Gen-4 Turbo',
	description: MAY_BE_REFUSED,
};
const GEN_4_5: VideoModel = { id: 'gen4.5', displayName: 'Gen-4.5', description: MAY_BE_REFUSED };
const GEN_3A_TURBO: VideoModel = {
	id: 'gen3a_turbo',
	displayName: 'Gen-3 Alpha Turbo (Legacy)',
	description: retiredOn('2026-06-10'),
};
const GEN_4_ALEPH: VideoModel = {
	id: 'gen4_aleph',
	displayName: 'Gen-4 Aleph (Legacy)',
	description: retiredOn('2026-06-10'),
};
const ALEPH_2: VideoModel = { id: 'aleph2', displayName: 'Aleph 2', description: MAY_BE_REFUSED };
const UPSCALE_1: VideoModel = {
	id: 'upscale_v1',
	displayName: 'Upscale v1 (Legacy)',
	description: retiredOn('2026-01-17'),
};
const MAGNIFIC: VideoModel = {
	id: 'magnific_video_upscaler_creative',
	displayName: 'Magnific Video Upscaler Creative',
	description: MAY_BE_REFUSED,
};
const ACT_TWO: VideoModel = { id: 'act_two', displayName: 'Act-Two' };

const LANDSCAPE_OR_PORTRAIT = { '16:9': SIZES['16:9'], '9:16': SIZES['9:16'] };
/** A video of 5:3 may come out as 1280 × 720. */
const GEN_3_SIZES = { '5:3': '1280x768', '3:5': '768x1280', ...SIZES };

const SEED = seedField(999_999_999);
/** Newer pages have the larger range. */
const LARGE_SEED = seedField(4_294_967_295);

/** Model, fields and media under Runway's names; the prompt is `promptText`. */
export function runwayRequest(
	path: string,
	fixed: (input: GenerateInput) => IDataObject = () => ({}),
): (input: GenerateInput, mode: VideoMode) => CreateRequest {
	return (input, mode) => ({
		path: `/runwayml/v1/${path}`,
		encoding: 'json',
		body: {
			model: input.model,
			...(input.prompt === '' ? {} : { promptText: input.prompt }),
			...bodyFromFields(mode, input),
			...fixed(input),
		},
		media: mediaParts(mode, input),
	});
}

// Not offered: `promptImage` as a list with a last frame, which only Runway's own page has.
export const imageToVideo: VideoMode = {
	id: 'imageToVideo',
	job: 'video.generate',
	displayName: 'Image to Video',
	description: 'Create a video that starts from a picture',
	models: [GEN_4_TURBO, GEN_4_5, GEN_3A_TURBO],
	prompt: 'optional',
	fields: [
		secondsNumberField('duration'),
		...shapeFields([
			{ sizes: SIZES, models: [GEN_4_TURBO.id, GEN_4_5.id] },
			{ sizes: GEN_3_SIZES, models: [GEN_3A_TURBO.id] },
		]),
		SEED,
		{
			property: {
				displayName: 'Watermark',
				name: 'watermark',
				type: 'boolean',
				default: false,
				description: 'Whether the video has a watermark',
			},
			placement: 'options',
			sendAs: 'watermark',
		},
	],
	media: [
		linkSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture that the video starts from',
			kind: 'image',
			sendAs: 'promptImage',
		}),
	],
	check: (input) => assertPromptLength(input, MAX_PROMPT),
	buildRequest: runwayRequest('image_to_video'),
};

const VIDEO_TO_EDIT: MediaSlot = {
	name: 'video',
	displayName: 'Video',
	description: 'Video to change (MP4, MOV or WebM)',
	kind: 'video',
	mimeTypes: ['video/mp4', 'video/quicktime', 'video/webm'],
	accepts: ['dataUri', 'url'],
	sendAs: 'videoUri',
	required: true,
	maxCount: 1,
	// No limit is published; larger files are better sent as a link.
	maxMegabytes: 15,
};

export const videoToVideo: VideoMode = {
	id: 'videoToVideo',
	job: 'video.edit',
	displayName: 'Video to Video',
	description: 'Change a video of yours by description',
	models: [ALEPH_2, GEN_4_ALEPH],
	prompt: 'required',
	fields: [...shapeFields([{ sizes: LANDSCAPE_OR_PORTRAIT }], 'options'), LARGE_SEED],
	media: [
		VIDEO_TO_EDIT,
		linkSlot({
			name: 'referenceImage',
			displayName: 'Reference Image',
			description: 'Picture whose look or content the video takes on',
			kind: 'image',
			sendAs: 'references.0.uri',
			required: false,
		}),
	],
	check: (input) => assertPromptLength(input, MAX_EDIT_PROMPT),
	buildRequest: runwayRequest('video_to_video', ({ media }): IDataObject =>
		media.referenceImage?.length ? { references: [{ type: 'image' }] } : {},
	),
};

export const upscale: VideoMode = {
	id: 'upscale',
	job: 'video.upscale',
	displayName: 'Upscale',
	description: 'Make a video four times as large, up to 4096 pixels per side',
	models: [MAGNIFIC, UPSCALE_1],
	prompt: 'none',
	fields: [],
	media: [
		linkSlot({
			name: 'video',
			displayName: 'Video',
			description: 'Video to enlarge',
			kind: 'video',
			sendAs: 'videoUri',
		}),
	],
	buildRequest: runwayRequest('video_upscale'),
};

const CHARACTER_FIELDS: VideoField[] = [
	{
		property: {
			displayName: 'Character Is',
			name: 'characterType',
			type: 'options',
			options: [
				{ name: 'A Picture', value: 'image' },
				{ name: 'A Video', value: 'video' },
			],
			default: 'image',
			description: 'What the link to the character leads to',
		},
		placement: 'panel',
		sendAs: 'character.type',
	},
	...shapeFields([{ sizes: SIZES }]),
	{
		property: {
			displayName: 'Body Control',
			name: 'bodyControl',
			type: 'boolean',
			default: true,
			description: 'Whether gestures of the performance are taken over as well, not the face alone',
		},
		placement: 'options',
		sendAs: 'bodyControl',
	},
	{
		property: {
			displayName: 'Expression Intensity',
			name: 'expressionIntensity',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 5, numberPrecision: 0 },
			default: 3,
			description: 'How strongly the face plays, from 1 to 5',
		},
		placement: 'options',
		sendAs: 'expressionIntensity',
	},
	{
		property: {
			displayName: 'Public Figure Check',
			name: 'publicFigureThreshold',
			type: 'options',
			options: [
				{ name: 'Automatic', value: 'auto' },
				{ name: 'Low', value: 'low', description: 'Less strict about people who look like public figures' },
			],
			default: 'auto',
			description: 'How strictly the content check looks for public figures',
		},
		placement: 'options',
		sendAs: 'contentModeration.publicFigureThreshold',
	},
	LARGE_SEED,
];

export const characterPerformance: VideoMode = {
	id: 'characterPerformance',
	job: 'video.animate',
	displayName: 'Character Performance',
	description: 'Let a character in a picture or video act like the person in another video',
	models: [ACT_TWO],
	prompt: 'none',
	fields: CHARACTER_FIELDS,
	media: [
		linkSlot({
			name: 'character',
			displayName: 'Character',
			description: 'Picture or video of the character, with a recognizable face',
			kind: 'any',
			sendAs: 'character.uri',
		}),
		linkSlot({
			name: 'performance',
			displayName: 'Performance',
			description: 'Video of the person whose acting is taken over, 3 to 30 seconds',
			kind: 'video',
			sendAs: 'reference.uri',
		}),
	],
	buildRequest: runwayRequest('character_performance', () => ({ reference: { type: 'video' } })),
};
