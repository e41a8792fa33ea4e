/**
 * Modes of the compatibility format that start from a video:
 * https://apidoc.cometapi.com/api/video/runway/compatibility-format/video-to-video-style-redraw and /act-one-expression-migration
 */
import { bodyFromFields, mediaParts } from '../request';
import type { VideoField, VideoMode } from '../types';
import { CALLBACK_URL, GEN_4 } from './compatibility';
import { linkSlot, secondsNumberField } from './runwayFields';
import { runwayFeedApi } from './runwayTaskApi';

const STRUCTURE: VideoField = {
	property: {
		displayName: 'Structure Transformation',
		name: 'structureTransformation',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 0.5,
		description: 'How much of the shapes may change: 0 little, 1 much',
	},
	placement: 'panel',
	sendAs: 'options.structure_transformation',
};

const FLIP: VideoField = {
	property: {
		displayName: 'Flip',
		name: 'flip',
		type: 'boolean',
		default: false,
		description: 'Whether to turn on "flip", which CometAPI does not explain',
	},
	placement: 'options',
	sendAs: 'options.flip',
};

export const styleRedraw: VideoMode = {
	id: 'styleRedraw',
	job: 'video.edit',
	displayName: 'Style Redraw (Legacy)',
	description: 'Redraw a video in another style; needs a callback address',
	models: [GEN_4],
	prompt: 'required',
	taskApi: runwayFeedApi,
	fields: [CALLBACK_URL, secondsNumberField('options.seconds'), STRUCTURE, FLIP],
	media: [
		linkSlot({
			name: 'video',
			displayName: 'Video',
			description: 'Video to draw anew',
			kind: 'video',
			sendAs: 'video',
		}),
	],
	buildRequest: (input, mode) => ({
		path: '/runway/pro/video2video',
		encoding: 'json',
		body: { model: input.model, prompt: input.prompt, ...bodyFromFields(mode, input) },
		media: mediaParts(mode, input),
	}),
};

export const actOne: VideoMode = {
	id: 'actOne',
	job: 'video.animate',
	displayName: 'Act-One (Legacy)',
	description: 'Give the person in a picture the expressions of a person in a video; needs a callback address',
	models: [],
	prompt: 'none',
	taskApi: runwayFeedApi,
	fields: [CALLBACK_URL],
	media: [
		linkSlot({
			name: 'image',
			displayName: 'Image',
			description: 'Picture of the person, 16:9',
			kind: 'image',
			sendAs: 'image',
		}),
		linkSlot({
			name: 'performance',
			displayName: 'Performance',
			description: 'Video of the person whose face is taken over, short and 16:9',
			kind: 'video',
			sendAs: 'video',
		}),
	],
	buildRequest: (input, mode) => ({
		path: '/runway/pro/act_one',
		encoding: 'json',
		body: bodyFromFields(mode, input),
		media: mediaParts(mode, input),
	}),
};
