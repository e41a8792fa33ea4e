/** The fields and media slots that descriptors are built from, and which of them a model takes. */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { assertText } from '../task/checkText';
import type { GenerateInput, MediaSlot, VideoField, VideoMode } from './types';
import { asText } from '../task/asText';

export function isKnownModel(mode: VideoMode, model: string): boolean {
	return mode.models.some(({ id }) => id === model);
}

/** An unknown model (a new one, typed by id) takes what the mode's first model takes. */
function appliesTo(part: { models?: readonly string[] }, mode: VideoMode, model: string): boolean {
	if (!part.models) return true;
	return part.models.includes(isKnownModel(mode, model) ? model : (mode.models[0]?.id ?? ''));
}

/**
 * The fields that this model takes, those of its media that are named by ID first. Of several fields with one name at most
 * one applies.
 */
export function fieldsFor(mode: VideoMode, model: string): VideoField[] {
	const ofMedia = mode.media.flatMap(({ byId }) => byId?.fields ?? []);
	return [...ofMedia, ...mode.fields.filter((field) => appliesTo(field, mode, model))];
}

export function slotsFor(mode: VideoMode, model: string): MediaSlot[] {
	return mode.media.filter((slot) => appliesTo(slot, mode, model));
}

/** What only the maker, or nobody's page any more, documents. */
export const MAY_BE_REFUSED = 'May be refused';

/** Which way pictures travel where CometAPI has two. */
export const SEND_PICTURES_AS: VideoField = {
	property: {
		displayName: 'Send Pictures As',
		name: 'sendPicturesAs',
		type: 'options',
		options: [
			{ name: 'Automatic', value: 'automatic', description: 'As the model is known to take them' },
			{ name: 'File', value: 'file', description: 'Uploaded; n8n fetches links first' },
			{ name: 'Link', value: 'link', description: 'As a public link, which CometAPI fetches' },
		],
		default: 'automatic',
		description: 'How CometAPI gets the pictures. Change it only if CometAPI refuses them.',
	},
	placement: 'sharedOptions',
	sendAs: null,
};

/** The slots of a model as the option Send Pictures As wants them. */
export function slotsAsSent(mode: VideoMode, { model, values }: Pick<GenerateInput, 'model' | 'values'>): MediaSlot[] {
	return slotsFor(mode, model).map((slot) =>
		sendsLinks(slot, values) && slot.links ? { ...slot, accepts: ['file', 'url'], sendAs: slot.links.sendAs } : slot,
	);
}

/** Whether the slot's pictures must be links. */
export function sendsLinks({ links }: MediaSlot, { sendPicturesAs }: GenerateInput['values']): boolean {
	if (!links) return false;
	return sendPicturesAs === 'link' || (sendPicturesAs !== 'file' && links.isUsual);
}

/** Whether another field's value hides this one. */
export function isHidden({ when }: VideoField, values: GenerateInput['values']): boolean {
	return when !== undefined && !when.is.includes(asText(values[when.field]));
}

/** Whether a field was left alone; 0 and false are values. */
export function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** Shapes by the names that people know. */
const RATIO_NAMES: Readonly<Record<string, string>> = {
	'16:9': 'Landscape 16:9',
	'9:16': 'Portrait 9:16',
	'1:1': 'Square 1:1',
	'4:3': 'Landscape 4:3',
	'3:4': 'Portrait 3:4',
	'3:2': 'Landscape 3:2',
	'2:3': 'Portrait 2:3',
	'5:3': 'Landscape 5:3',
	'3:5': 'Portrait 3:5',
	'21:9': 'Cinema 21:9',
	'9:21': 'Tall 9:21',
};

export function ratioName(ratio: string): string {
	return RATIO_NAMES[ratio] ?? ratio;
}

export function ratioOptions(ratios: readonly string[]): INodePropertyOptions[] {
	return ratios.map((value) => ({ name: ratioName(value), value }));
}

/** The shape of the video as a ratio, for routes that have a field of its own for it. */
export function aspectRatioField(ratios: readonly string[], sendAs: string | null): VideoField {
	return { property: aspectRatioProperty(ratios, '16:9'), placement: 'panel', sendAs };
}

export function aspectRatioProperty(ratios: readonly string[], preset: string): VideoField['property'] {
	return {
		displayName: 'Aspect Ratio',
		name: 'aspectRatio',
		type: 'options',
		options: ratioOptions(ratios),
		default: preset,
		description: 'Shape of the video',
	};
}

/** @param description what the route documents about its calls */
export function callbackUrlField(
	description: string,
	placeholder = 'e.g. {{ $execution.resumeUrl }}',
	rest: Pick<Partial<VideoField>, 'placement' | 'required'> = {},
): VideoField {
	return {
		property: {
			displayName: 'Callback URL',
			name: 'callbackUrl',
			type: 'string',
			default: '',
			placeholder,
			description,
		},
		placement: 'options',
		sendAs: 'callback_url',
		...rest,
	};
}

export interface Shot {
	/** Seconds. */
	duration: number;
	scene: string;
}

interface ShotsSpec extends Pick<VideoField, 'placement'> {
	description: string;
	/** Limits of a shot's length, in seconds. */
	duration: INodeProperties['typeOptions'];
	scene: Pick<INodeProperties, 'description' | 'placeholder'>;
}

/** What `readShots` reads. */
export function shotsField({ description, duration, scene, placement }: ShotsSpec): VideoField {
	const values: INodeProperties[] = [
		{
			displayName: 'Duration (Seconds)',
			name: 'duration',
			type: 'number',
			typeOptions: duration,
			default: 5,
			description: 'Length of the shot',
		},
		{ displayName: 'Scene', name: 'scene', type: 'string', typeOptions: { rows: 3 }, default: '', ...scene },
	];
	return {
		property: {
			displayName: 'Shots',
			name: 'shots',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add Shot',
			default: {},
			description,
			options: [{ displayName: 'Shot', name: 'shot', values }],
		},
		placement,
		sendAs: null,
	};
}

/**
 * The rows of a field named `shots`, as Sora's storyboard and Kling have it. A duration that is no number is NaN.
 * @throws InvalidInputError for a scene that is no text
 */
export function readShots({ values }: GenerateInput): Shot[] {
	const rows = ((values.shots as IDataObject | undefined)?.shot as IDataObject[] | undefined) ?? [];
	return rows.map(({ duration, scene }, index) => {
		assertText(`Shots: the scene of shot ${index + 1}`, scene);
		return { duration: Number(duration), scene: asText(scene) };
	});
}

interface SecondsSpec {
	min: number;
	max?: number;
	default: number;
	models?: readonly string[];
	description?: string;
}

/** The `seconds` field of `/v1/videos` as a range; the form wants it as text. */
export function secondsField({ min, max, default: preset, models, description }: SecondsSpec): VideoField {
	return {
		property: {
			displayName: 'Duration (Seconds)',
			name: 'seconds',
			type: 'number',
			typeOptions: { minValue: min, ...(max === undefined ? {} : { maxValue: max }), numberPrecision: 0 },
			default: preset,
			description: description ?? `Length of the video, ${min}${max === undefined ? ' or more' : ` to ${max}`} seconds`,
		},
		placement: 'panel',
		models,
		sendAs: 'seconds',
		encode: String,
	};
}

/** The `seconds` field of `/v1/videos` where only some lengths exist. */
export function secondsChoiceField(seconds: readonly number[], preset: number, models?: readonly string[]): VideoField {
	return {
		property: {
			displayName: 'Duration',
			name: 'seconds',
			type: 'options',
			options: seconds.map((value) => ({ name: `${value} Seconds`, value })),
			default: preset,
			description: 'Length of the video',
		},
		placement: 'panel',
		models,
		sendAs: 'seconds',
		encode: String,
	};
}

/** Formats that CometAPI names for reference pictures (Seedance page); no size limit is published. */
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const DEFAULT_MAX_IMAGE_MEGABYTES = 30;

/**
 * Where `/v1/videos` takes pictures as public links, one in each field: live runs of a client, 2026-09-06. Whether the field may
 * be repeated is not documented; `input_reference` may.
 */
const LINK_FIELD = 'reference_urls';

interface ImageSlotSpec {
	name?: string;
	displayName?: string;
	description?: string;
	required?: boolean;
	maxCount?: number;
	maxMegabytes?: number;
	models?: readonly string[];
	/** The models take pictures as links only. */
	isLinkUsual?: boolean;
}

/** A picture, or several: uploaded as `input_reference`, or as links. */
export function inputReferenceSlot(spec: ImageSlotSpec = {}): MediaSlot {
	const maxCount = spec.maxCount ?? 1;
	return {
		name: spec.name ?? (maxCount === 1 ? 'image' : 'images'),
		displayName: spec.displayName ?? (maxCount === 1 ? 'Image' : 'Images'),
		description: spec.description ?? 'Picture that the video starts from (JPEG, PNG or WebP)',
		kind: 'image',
		mimeTypes: IMAGE_TYPES,
		accepts: ['file'],
		sendAs: 'input_reference',
		links: { sendAs: LINK_FIELD, isUsual: spec.isLinkUsual ?? false },
		required: spec.required ?? true,
		maxCount,
		maxMegabytes: spec.maxMegabytes ?? DEFAULT_MAX_IMAGE_MEGABYTES,
		models: spec.models,
	};
}

/** First and last frame: two `input_reference` files in this order (CometAPI's Veo page). */
export function firstAndLastFrameSlots(): MediaSlot[] {
	return [
		inputReferenceSlot({
			name: 'firstFrame',
			displayName: 'First Frame',
			description: 'Picture that the video begins with',
		}),
		inputReferenceSlot({
			name: 'lastFrame',
			displayName: 'Last Frame',
			description: 'Picture that the video ends with',
		}),
	];
}
