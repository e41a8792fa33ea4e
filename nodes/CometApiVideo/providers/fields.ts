/** From descriptors to requests, and the checks that read the same limits as the panel shows. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import { InvalidInputError } from '../task/errors';
import { assertNoExpressionText, assertNoExpressionTextIn, assertText } from '../task/checkText';
import { setAtPath } from '../task/jsonPath';
import type { CreateRequest, MediaEncoding, MediaPart, MediaValue } from '../task/types';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoProvider } from './types';

export function isKnownModel(mode: VideoMode, model: string): boolean {
	return mode.models.some(({ id }) => id === model);
}

/** An unknown model (a new one, typed by id) takes what the mode's first model takes. */
function appliesTo(part: { models?: readonly string[] }, mode: VideoMode, model: string): boolean {
	if (!part.models) return true;
	return part.models.includes(isKnownModel(mode, model) ? model : (mode.models[0]?.id ?? ''));
}

/** The fields that this model takes. Of several fields with one name at most one applies. */
export function fieldsFor(mode: VideoMode, model: string): VideoField[] {
	return mode.fields.filter((field) => appliesTo(field, mode, model));
}

export function slotsFor(mode: VideoMode, model: string): MediaSlot[] {
	return mode.media.filter((slot) => appliesTo(slot, mode, model));
}

/** Body of the fields that have a value: `undefined` and `''` are left out, 0 and false are kept. */
export function bodyFromFields(mode: VideoMode, { model, values }: GenerateInput): IDataObject {
	const body: IDataObject = {};
	for (const { property, sendAs, encode } of fieldsFor(mode, model)) {
		const value = values[property.name];
		if (sendAs === null || isEmpty(value)) continue;
		setAtPath(body, sendAs, encode ? encode(value) : (value as IDataObject[string]));
	}
	return body;
}

/** The parts of all slots, in the order of the slots. */
export function mediaParts(mode: VideoMode, { model, media }: GenerateInput): MediaPart[] {
	return slotsFor(mode, model).flatMap((slot) =>
		(media[slot.name] ?? []).flatMap((value, index): MediaPart[] => {
			const field = value.formField ?? slot.sendAs?.replace('*', String(index)) ?? null;
			return field === null ? [] : [{ field, value, encoding: encodingOf(slot, value) }];
		}),
	);
}

function encodingOf(slot: MediaSlot, value: MediaValue): MediaEncoding {
	return value.url && slot.accepts.includes('url') ? 'url' : slot.accepts[0];
}

/** The request of a mode that has nothing special: model, prompt, fields and media on one route. */
export function requestFromFields(
	path: string,
	encoding: CreateRequest['encoding'],
): (input: GenerateInput, mode: VideoMode) => CreateRequest {
	return (input, mode) => ({
		path,
		encoding,
		body: {
			model: input.model,
			...(input.prompt === '' ? {} : { prompt: input.prompt }),
			...bodyFromFields(mode, input),
		},
		media: mediaParts(mode, input),
	});
}

/**
 * Re-checks what the panel already limits: expressions, stale values after a change of provider, and values set by a tool
 * pass the panel by.
 * @throws InvalidInputError naming the field's label, the value and what is allowed
 */
export function assertAllowed(provider: VideoProvider, mode: VideoMode, input: GenerateInput): void {
	const place = `${provider.displayName} > ${mode.displayName}`;
	if (mode.prompt === 'required' && input.prompt.trim() === '') {
		throw new InvalidInputError(
			'Prompt is empty',
			`${place} needs a prompt. Describe the video in the field "Prompt".`,
		);
	}
	assertNoExpressionText('Prompt', input.prompt);
	if (input.model === '' && (mode.models.length > 0 || mode.takesAnyModel)) {
		throw new InvalidInputError('Model is empty', 'Choose a model from the list, or switch to "By ID" and type one.');
	}
	assertNoExpressionText('Model', input.model);
	const isNewModel = mode.models.length > 0 && !isKnownModel(mode, input.model);
	for (const field of fieldsFor(mode, input.model)) {
		assertField(field, input.values[field.property.name], input.model, isNewModel);
	}
	for (const slot of slotsFor(mode, input.model)) assertCount(slot, input.media[slot.name]?.length ?? 0, place);
	mode.check?.(input);
}

/** A model that came after this release may take more than the limits; CometAPI refuses free of charge what it does not. */
function assertField({ property, required }: VideoField, value: unknown, model: string, isNewModel: boolean) {
	const { displayName } = property;
	if (isEmpty(value)) {
		if (required) throw new InvalidInputError(`${displayName} is empty`, `Fill in the field "${displayName}".`);
		return;
	}
	assertNoExpressionTextIn(displayName, value);
	if (property.type === 'string') assertText(displayName, value);
	const refuse = (allowed: string) =>
		new InvalidInputError(
			`${displayName} cannot be ${JSON.stringify(value)}${model && !isNewModel ? ` with the model ${model}` : ''}`,
			`Allowed: ${allowed}. Change the field "${displayName}" or the model.`,
		);
	if (property.type === 'boolean' && typeof value !== 'boolean') throw refuse('true, false');
	if (property.type === 'number') {
		const { minValue = -Infinity, maxValue = Infinity, numberPrecision = 0 } = property.typeOptions ?? {};
		const range = [
			numberPrecision === 0 ? 'a whole number' : 'a number',
			Number.isFinite(minValue) && Number.isFinite(maxValue) ? `from ${minValue} to ${maxValue}` : '',
			Number.isFinite(minValue) && !Number.isFinite(maxValue) ? `of at least ${minValue}` : '',
		];
		if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(range.filter(Boolean).join(' '));
		const isInRange = isNewModel || (value >= minValue && value <= maxValue);
		if (!isInRange || (numberPrecision === 0 && !Number.isInteger(value)))
			throw refuse(range.filter(Boolean).join(' '));
	}
	if (property.type === 'options' && !isNewModel) {
		const allowed = (property.options as INodePropertyOptions[]).map((option) => option.value);
		if (!allowed.includes(value as string)) throw refuse(allowed.filter((option) => option !== '').join(', '));
	}
}

function assertCount({ displayName, required, maxCount }: MediaSlot, count: number, place: string) {
	if (required && count === 0) {
		throw new InvalidInputError(
			`${displayName} is missing`,
			`${place} needs ${maxCount === 1 ? 'one file' : `one to ${maxCount} files`}: give a link, the name of an input data field, or a data URI.`,
		);
	}
	if (count > maxCount) {
		throw new InvalidInputError(`${displayName}: ${count} files are too many`, `${place} takes at most ${maxCount}.`);
	}
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** Pixels that people know by a name. */
const SIZE_NAMES: Readonly<Record<string, string>> = {
	'16:9': 'Landscape 16:9',
	'9:16': 'Portrait 9:16',
	'1:1': 'Square 1:1',
	'4:3': 'Landscape 4:3',
	'3:4': 'Portrait 3:4',
	'3:2': 'Landscape 3:2',
	'2:3': 'Portrait 2:3',
	'21:9': 'Cinema 21:9',
};

/** Options of a size field: ratio labels or exact `WxH`, each with a name that says its shape. */
export function sizeOptions(sizes: readonly string[]): INodePropertyOptions[] {
	return sizes.map((value) => {
		const [width, height] = value.split('x').map(Number);
		const shape = width === height ? 'Square' : width > height ? 'Landscape' : 'Portrait';
		return { name: SIZE_NAMES[value] ?? `${shape} ${width} × ${height}`, value };
	});
}

interface SizeSpec {
	sizes: readonly string[];
	default: string;
	models?: readonly string[];
	description?: string;
}

/** The `size` field of `/v1/videos`. */
export function sizeField({ sizes, default: preset, models, description }: SizeSpec): VideoField {
	return {
		property: {
			displayName: 'Size',
			name: 'size',
			type: 'options',
			options: sizeOptions(sizes),
			default: preset,
			description: description ?? 'Width and height of the video in pixels',
		},
		placement: 'panel',
		models,
		sendAs: 'size',
	};
}

/** The shape of the video as a ratio, for routes that have a field of its own for it. */
export function aspectRatioField(ratios: readonly string[], sendAs: string | null): VideoField {
	return {
		property: {
			displayName: 'Aspect Ratio',
			name: 'aspectRatio',
			type: 'options',
			options: sizeOptions(ratios),
			default: '16:9',
			description: 'Shape of the video',
		},
		placement: 'panel',
		sendAs,
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

/** What an expression gives where a text is wanted, e.g. a number. */
export function textOf(value: unknown): string {
	return value === undefined || value === null ? '' : String(value as string | number | boolean);
}

/** The rows of a field named `shots`, as Sora's storyboard and Kling have it. A duration that is no number is NaN. */
export function readShots({ values }: GenerateInput): Shot[] {
	const rows = ((values.shots as IDataObject | undefined)?.shot as IDataObject[] | undefined) ?? [];
	return rows.map(({ duration, scene }) => ({ duration: Number(duration), scene: textOf(scene) }));
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
			displayName: 'Duration (Seconds)',
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

interface ImageSlotSpec {
	name?: string;
	displayName?: string;
	description?: string;
	required?: boolean;
	maxCount?: number;
	maxMegabytes?: number;
	models?: readonly string[];
}

/** A picture, or several, uploaded as `input_reference`: the only way of `/v1/videos` to take pictures. */
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
