/** Shape and resolution as two fields. The size in pixels that CometAPI wants is found in a table of both. */
import { InvalidInputError } from '../task/errors';
import { showValue } from '../task/shownText';
import { asText } from '../task/asText';
import { aspectRatioProperty, isEmpty, ratioName } from './fields';
import type { GenerateInput, SizeTable, VideoField } from './types';

interface SizesOfModels {
	sizes: SizeTable;
	/** Absent: all of the mode. */
	models?: readonly string[];
	/** Default of Aspect Ratio. */
	aspectRatio?: string;
	/** Default of Resolution. */
	resolution?: string;
}

interface WireForm {
	sendAs?: string;
	/** How a size is written. */
	write?: (size: string) => string;
	placement?: VideoField['placement'];
}

const asItIs = (size: string) => size;

/**
 * Aspect Ratio and Resolution, without the one that has a single value everywhere, and the option Exact Size, which goes
 * over both.
 */
export function sizeFields(lists: readonly SizesOfModels[], form: WireForm = {}): VideoField[] {
	const { sendAs = 'size', write = asItIs } = form;
	const hasRatios = lists.some(({ sizes }) => ratiosIn(sizes).length > 1);
	const hasResolutions = lists.some(({ sizes }) => Object.keys(sizes).length > 1);
	const models = lists.flatMap((list) => list.models ?? []);
	const exact: VideoField = {
		property: {
			displayName: 'Exact Size',
			name: 'exactSize',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1280x720',
			description: 'Width and height in pixels, a size that the model has; overrides Aspect Ratio and Resolution',
		},
		placement: 'sharedOptions',
		models: models.length > 0 ? models : undefined,
		sendAs,
		encode: (size) => write(plainSize(size)),
	};
	return [
		...lists.flatMap((list) => (hasRatios ? [aspectRatioOf(list, form)] : [])),
		...lists.flatMap((list) => (hasResolutions ? [resolutionOf(list, form)] : [])),
		exact,
	];
}

function aspectRatioOf({ sizes, models, aspectRatio }: SizesOfModels, form: WireForm): VideoField {
	const ratios = ratiosIn(sizes);
	return {
		property: aspectRatioProperty(ratios, aspectRatio ?? ratios[0] ?? ''),
		...madeOf(sizes, models, form),
	};
}

const RESOLUTION_NAMES: Readonly<Record<string, string>> = { '1440p': '2K (1440p)', '2160p': '4K (2160p)' };

/** @param resolutions number of lines, e.g. "720p" */
export function resolutionOptions(resolutions: readonly string[]) {
	return resolutions.map((value) => ({ name: RESOLUTION_NAMES[value] ?? value, value }));
}

function resolutionOf({ sizes, models, resolution }: SizesOfModels, form: WireForm): VideoField {
	const resolutions = Object.keys(sizes);
	const preset = resolution ?? (resolutions.includes('720p') ? '720p' : (resolutions[0] ?? ''));
	return {
		property: {
			displayName: 'Resolution',
			name: 'resolution',
			type: 'options',
			options: resolutionOptions(resolutions),
			default: preset,
			description: 'How sharp the video is. Sharper costs more.',
		},
		...madeOf(sizes, models, form),
	};
}

function madeOf(sizes: SizeTable, models: readonly string[] | undefined, form: WireForm): Omit<VideoField, 'property'> {
	const { sendAs = 'size', write = asItIs, placement = 'panel' } = form;
	return {
		placement,
		models,
		sizes,
		sendAs,
		encode: (_value, values) => write(chosenSize(sizes, values) ?? ''),
	};
}

function ratiosIn(sizes: SizeTable): string[] {
	return [...new Set(Object.values(sizes).flatMap(Object.keys))];
}

/** A field that is not there has a single value. */
function chosen(values: GenerateInput['values'], name: string, all: readonly string[]): string {
	return isEmpty(values[name]) ? (all[0] ?? '') : asText(values[name]);
}

function chosenSize(sizes: SizeTable, values: GenerateInput['values']): string | undefined {
	const ofResolution = sizes[chosen(values, 'resolution', Object.keys(sizes))];
	return ofResolution?.[chosen(values, 'aspectRatio', ratiosIn(sizes))];
}

/** "1280 × 720" → "1280x720". */
function plainSize(size: unknown): string {
	return asText(size)
		.slice(0, 50)
		.replace(/\s+/g, '')
		.replace(/[×X*:]/g, 'x');
}

/** The size that these values stand for; undefined where the fields have no sizes. */
export function sizeOf(fields: readonly VideoField[], values: GenerateInput['values']): string | undefined {
	if (!isEmpty(values.exactSize)) return plainSize(values.exactSize);
	const sizes = fields.find((field) => field.sizes)?.sizes;
	return sizes && chosenSize(sizes, values);
}

/**
 * @param isNewModel a model that came after this release may have other sizes
 * @throws InvalidInputError for a size that the model does not have
 */
export function assertSize(
	fields: readonly VideoField[],
	values: GenerateInput['values'],
	model: string,
	isNewModel: boolean,
): void {
	const sizes = fields.find((field) => field.sizes)?.sizes;
	const size = sizeOf(fields, values);
	if (!sizes) return;
	const all = Object.values(sizes).flatMap((ofResolution) => Object.values(ofResolution));
	const withModel = isNewModel || model === '' ? '' : ` with the model ${model}`;
	if (!isEmpty(values.exactSize)) {
		if (isNewModel ? /^\d{2,5}x\d{2,5}$/.test(size ?? '') : all.includes(size ?? '')) return;
		throw new InvalidInputError(
			`Exact Size cannot be ${showValue(values.exactSize)}${withModel}`,
			isNewModel ? 'Write it as 1280x720.' : `Allowed: ${all.join(', ')}.`,
		);
	}
	if (size !== undefined || isLeftToModel(values)) return;
	const ratio = chosen(values, 'aspectRatio', ratiosIn(sizes));
	const resolution = chosen(values, 'resolution', Object.keys(sizes));
	const others = Object.keys(sizes).filter((each) => sizes[each]?.[ratio]);
	throw new InvalidInputError(
		`Resolution cannot be ${resolution} with the Aspect Ratio ${ratioName(ratio)}${withModel}`,
		`Allowed with ${ratioName(ratio)}: ${others.join(', ') || 'none'}; with ${resolution}: ${Object.keys(sizes[resolution] ?? {}).join(', ') || 'none'}.`,
	);
}

/** Where the fields are options that were not added. */
function isLeftToModel({ aspectRatio, resolution }: GenerateInput['values']): boolean {
	return isEmpty(aspectRatio) && isEmpty(resolution);
}
