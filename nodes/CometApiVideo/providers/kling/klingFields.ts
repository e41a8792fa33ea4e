/** What several of Kling's modes have in common. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import type { CreateRequest } from '../../task/types';
import { aspectRatioField, callbackUrlField } from '../fields';
import { bodyFromFields, mediaParts } from '../request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode } from '../types';
import { KLING } from './klingTaskApi';
import { asText } from '../../task/asText';

/** Kling refuses pictures with a `data:` prefix: https://apidoc.cometapi.com/api/video/kling/image-to-video */
export function klingImageSlot(
	spec: Pick<MediaSlot, 'name' | 'displayName' | 'description'> & Partial<MediaSlot>,
): MediaSlot {
	return {
		kind: 'image',
		mimeTypes: ['image/jpeg', 'image/png'],
		accepts: ['base64', 'url'],
		sendAs: 'image',
		required: true,
		maxCount: 1,
		maxMegabytes: 10,
		...spec,
	};
}

export function klingSoundSlot(sendAs = 'sound_file', idFields: readonly VideoField[] = [AUDIO_ID]): MediaSlot {
	return {
		name: 'soundFile',
		displayName: 'Sound',
		description: 'Speech or song, 2 to 60 seconds (MP3, WAV, M4A or AAC)',
		kind: 'audio',
		mimeTypes: [],
		accepts: ['base64', 'url'],
		sendAs,
		byId: {
			displayName: 'Kling Speech',
			description: 'What Generate Speech has made',
			fields: idFields,
		},
		required: false,
		maxCount: 1,
		maxMegabytes: 5,
	};
}

const AUDIO_ID = audioIdField('audio_id');

/** @param sendAs null: the mode sends it */
export function audioIdField(sendAs: string | null): VideoField {
	return textField({
		displayName: 'Audio ID',
		name: 'audioId',
		sendAs,
		placeholder: 'e.g. {{ $json.audioId }}',
		description: 'The output field audioId of Generate Speech',
	});
}

/** @param limits what else the video must be */
export function videoIdField(limits = ''): VideoField {
	return textField({
		displayName: 'Video ID',
		name: 'videoId',
		sendAs: 'video_id',
		placeholder: 'e.g. {{ $json.videoId }}',
		description: `The output field videoId of a Kling video${limits}`,
	});
}

/** @param idFields how a video that Kling has made is named; empty: it cannot be */
export function klingVideoSlot(
	description: string,
	idFields: readonly VideoField[] = [],
	sendAs: string | null = 'video_url',
): MediaSlot {
	return {
		name: 'video',
		displayName: 'Video',
		description,
		kind: 'video',
		mimeTypes: [],
		accepts: ['url'],
		sendAs,
		...(idFields.length > 0
			? { byId: { displayName: 'Kling Video', description: 'What Kling has made before', fields: idFields } }
			: {}),
		required: false,
		maxCount: 1,
		maxMegabytes: 200,
	};
}

/** Kling calls the model `model_name`; everything else is as elsewhere. */
export function klingBody(input: GenerateInput, mode: VideoMode): IDataObject {
	return {
		...(input.model === '' ? {} : { model_name: input.model }),
		...(input.prompt === '' ? {} : { prompt: input.prompt }),
		...bodyFromFields(mode, input),
	};
}

export function klingRequest(path: string): (input: GenerateInput, mode: VideoMode) => CreateRequest {
	return (input, mode) => ({
		path: `${KLING}${path}`,
		encoding: 'json',
		body: klingBody(input, mode),
		media: mediaParts(mode, input),
	});
}

export const NEGATIVE_PROMPT: VideoField = {
	property: {
		displayName: 'Negative Prompt',
		name: 'negativePrompt',
		type: 'string',
		default: '',
		placeholder: 'e.g. text, watermark, blur',
		description: 'What the video must not show, at most 200 characters',
	},
	placement: 'options',
	sendAs: 'negative_prompt',
};

export const CFG_SCALE: VideoField = {
	property: {
		displayName: 'Follow the Prompt',
		name: 'cfgScale',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: 0.5,
		description: 'How closely: 0 loosely, 1 strictly. Other models than Kling 1 may refuse it.',
	},
	placement: 'options',
	sendAs: 'cfg_scale',
};

export const CALLBACK_URL = callbackUrlField(
	'Address that is called whenever the task changes. Read the task then with Task > Get.',
);

export const EXTERNAL_TASK_ID: VideoField = {
	property: {
		displayName: 'Your Own ID',
		name: 'externalTaskId',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-42',
		description: 'An ID of yours for the task; each may be used once',
	},
	placement: 'options',
	sendAs: 'external_task_id',
};

export const WATERMARK: VideoField = {
	property: {
		displayName: 'Watermark',
		name: 'watermark',
		type: 'boolean',
		default: false,
		description: 'Whether to make a version with a watermark as well; may be refused',
	},
	placement: 'options',
	sendAs: 'watermark_info.enabled',
};

export function qualityField(models?: readonly string[], preset: 'std' | 'pro' = 'std'): VideoField {
	return {
		property: {
			displayName: 'Quality',
			name: 'quality',
			type: 'options',
			options: [
				{ name: 'Standard (720p)', value: 'std' },
				{ name: 'Professional (1080p)', value: 'pro' },
			],
			default: preset,
			description: 'Professional looks better, takes longer and costs more',
		},
		placement: 'panel',
		models,
		sendAs: 'mode',
	};
}

export const ASPECT_RATIO = aspectRatioField(['16:9', '9:16', '1:1'], 'aspect_ratio');

/**
 * @param documented lengths on CometAPI's page
 * @param makers further lengths of Kling's own documentation
 */
export function durationField(
	documented: readonly number[],
	models?: readonly string[],
	makers: readonly number[] = [],
): VideoField {
	const seconds = [...documented, ...makers].sort((a, b) => a - b);
	return {
		property: {
			displayName: 'Duration',
			name: 'seconds',
			type: 'options',
			options: seconds.map((value) => ({ name: `${value} Seconds`, value })),
			default: 5,
			description: `Length of the video${makers.length > 0 ? `. Safest are ${documented.join(' and ')}; others may be refused.` : ''}`,
		},
		placement: 'panel',
		models,
		sendAs: 'duration',
		encode: String,
	};
}

/** Whole seconds of Kling v3 that only Kling documents; CometAPI's page has 5 and 10. */
export const V3_MAKER_SECONDS = [3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15];

export function soundField(models?: readonly string[]): VideoField {
	return {
		property: {
			displayName: 'Sound',
			name: 'sound',
			type: 'options',
			options: [
				{ name: 'Model Default', value: '' },
				{ name: 'Off', value: 'off' },
				{ name: 'On', value: 'on' },
			],
			default: '',
			description: 'Whether the video has sound. Sound costs more.',
		},
		placement: 'panel',
		models,
		sendAs: 'sound',
	};
}

interface TextSpec {
	displayName: string;
	name: string;
	sendAs: string | null;
	description: string;
	placeholder?: string;
	required?: boolean;
	placement?: VideoField['placement'];
	/** Default; empty unless it is said. */
	preset?: string;
}

export function textField({
	displayName,
	name,
	sendAs,
	description,
	placeholder,
	required,
	placement,
	preset = '',
}: TextSpec): VideoField {
	return {
		property: {
			displayName,
			name,
			type: 'string',
			default: preset,
			description,
			...(placeholder ? { placeholder } : {}),
		},
		placement: placement ?? 'panel',
		sendAs,
		required,
	};
}

/** Ids with commas between them, as a list of objects. */
export function idList(value: unknown, key: string): IDataObject[] {
	return asText(value)
		.split(',')
		.map((id) => id.trim())
		.filter((id) => id !== '')
		.map((id) => ({ [key]: id }));
}

/** @throws InvalidInputError for more ids than Kling takes */
export function assertIdCount(label: string, value: unknown, max: number): void {
	const { length } = idList(value, 'id');
	if (length <= max) return;
	throw new InvalidInputError(
		`${label}: ${length} IDs are too many`,
		`Allowed: at most ${max}, with commas between them.`,
	);
}

/** @throws InvalidInputError */
export function assertLength(label: string, value: unknown, max: number): void {
	const { length } = typeof value === 'string' ? value : '';
	if (length <= max) return;
	throw new InvalidInputError(
		`${label} has ${length} characters`,
		`Allowed: at most ${max}. Shorten the field "${label}".`,
	);
}

/** @throws InvalidInputError unless exactly one of several ways to name a thing is used */
export function assertExactlyOne(labels: readonly string[], given: readonly boolean[]): void {
	const count = given.filter(Boolean).length;
	if (count === 1) return;
	throw new InvalidInputError(
		count === 0 ? `Neither ${labels.join(' nor ')} is given` : `${labels.join(' and ')} exclude each other`,
		`Give exactly one of: ${labels.join(', ')}.`,
	);
}

export const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
