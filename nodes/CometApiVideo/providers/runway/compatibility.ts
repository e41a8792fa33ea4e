/** Modes of the compatibility ("reverse") format: https://apidoc.cometapi.com/api/video/runway/compatibility-format/generate */
import type { IDataObject } from 'n8n-workflow';
import type { CreateRequest } from '../../task/types';
import { MAY_BE_REFUSED, aspectRatioField, callbackUrlField } from '../fields';
import { bodyFromFields, mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode, VideoModel } from '../types';
import { SIZES, linkSlot, secondsNumberField, shapeFields } from './runwayFields';
import { runwayFeedApi } from './runwayTaskApi';

export const GEN_4: VideoModel = { id: 'gen4', displayName: 'Gen-4' };
const GEN_4_TURBO: VideoModel = { id: 'gen4_turbo', displayName: 'Gen-4 Turbo' };
const GEN_4_TURBO_OF_TEXT: VideoModel = { ...GEN_4_TURBO, description: MAY_BE_REFUSED };

export const CALLBACK_URL = callbackUrlField('Address that is called with the result; Runway wants one', undefined, {
	placement: 'panel',
	required: true,
});

const ASPECT_RATIO = aspectRatioField(['16:9', '9:16', '1:1'], 'ratio');

function styleField(placement: VideoField['placement'], preset: string): VideoField {
	return {
		property: {
			displayName: 'Style',
			name: 'style',
			type: 'string',
			default: preset,
			placeholder: 'e.g. cinematic',
			description: 'Look of the video, in a word',
		},
		placement,
		sendAs: 'style',
		required: placement === 'panel',
	};
}

const MOTIONS = [
	['motionX', 'Camera Motion X', 'x', 'Camera movement to the side'],
	['motionY', 'Camera Motion Y', 'y', 'Camera movement up or down'],
	['motionZ', 'Camera Motion Z', 'z', 'Camera movement to the front or back'],
	['motionRoll', 'Camera Motion Roll', 'r', 'Rotation of the camera'],
	['backgroundPanX', 'Background Pan X', 'bg_x_pan', 'Movement of the background to the side'],
	['backgroundPanY', 'Background Pan Y', 'bg_y_pan', 'Movement of the background up or down'],
] as const;

const MOTION_FIELDS = MOTIONS.map(([name, displayName, key, description]): VideoField => ({
	property: {
		displayName,
		name,
		type: 'number',
		typeOptions: { numberPrecision: 1 },
		default: 0,
		description: `${description}; 0 is none`,
	},
	placement: 'options',
	sendAs: `options.motion_vector.${key}`,
}));

const NO_MOTION = Object.fromEntries(MOTIONS.map(([, , key]) => [key, 0]));

/** A motion is sent with all its parts, as in CometAPI's sample. */
function withWholeMotion(body: IDataObject, isRequired: boolean): IDataObject {
	const options = body.options as IDataObject | undefined;
	const motion = options?.motion_vector as IDataObject | undefined;
	if (!motion && !isRequired) return body;
	return { ...body, options: { ...options, motion_vector: { ...NO_MOTION, ...motion } } };
}

function compatibilityRequest(isMotionRequired: boolean) {
	return (input: GenerateInput, mode: VideoMode): CreateRequest => ({
		path: '/runway/pro/generate',
		encoding: 'json',
		body: withWholeMotion(
			{ model: input.model, prompt: input.prompt, ...bodyFromFields(mode, input) },
			isMotionRequired,
		),
		media: mediaParts(mode, input),
	});
}

export const textToVideoCompatibility: VideoMode = {
	id: 'textToVideoCompatibility',
	job: 'video.generate',
	displayName: 'Text to Video (Legacy)',
	description: 'Create a video from a description; needs a callback address',
	models: [GEN_4_TURBO, GEN_4],
	prompt: 'required',
	taskApi: runwayFeedApi,
	fields: [
		CALLBACK_URL,
		secondsNumberField('options.seconds'),
		ASPECT_RATIO,
		styleField('panel', 'cinematic'),
		...MOTION_FIELDS,
	],
	media: [],
	buildRequest: compatibilityRequest(true),
};

/** Three other gateways with this format have it; CometAPI's page names the field without its key. */
const END_FRAME_FIELD = 'last_image';

export const imageToVideoCompatibility: VideoMode = {
	id: 'imageToVideoCompatibility',
	job: 'video.generate',
	displayName: 'Image to Video (Legacy)',
	description: 'Create a video that starts from a picture; needs a callback address',
	models: [GEN_4, GEN_4_TURBO_OF_TEXT],
	prompt: 'required',
	taskApi: runwayFeedApi,
	fields: [
		CALLBACK_URL,
		...shapeFields([{ sizes: { '16:9': SIZES['16:9'], '9:16': SIZES['9:16'] } }]),
		styleField('options', ''),
		secondsNumberField('options.seconds'),
		...MOTION_FIELDS,
	],
	media: [
		linkSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture that the video starts from',
			kind: 'image',
			sendAs: 'image',
		}),
		linkSlot({
			name: 'endFrame',
			displayName: 'End Frame',
			description: 'Picture that the video ends with',
			kind: 'image',
			sendAs: END_FRAME_FIELD,
			required: false,
		}),
	],
	buildRequest: compatibilityRequest(false),
};
