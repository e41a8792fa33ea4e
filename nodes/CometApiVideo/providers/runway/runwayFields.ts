/** What several of Runway's modes have in common. */
import { InvalidInputError } from '../../task/errors';
import { DEFAULT_MAX_IMAGE_MEGABYTES, secondsChoiceField, sizeField, sizeOptions } from '../fields';
import type { GenerateInput, MediaSlot, VideoField } from '../types';

export const MAKER_ONLY = 'Documented by its maker only';

export function retiredOn(date: string): string {
	return `Its maker retired it on ${date}; CometAPI may refuse it`;
}

/** Runway's numbers are not text. */
export function secondsNumberField(sendAs: string, preset: number, description?: string): VideoField {
	const field = secondsChoiceField([5, 10], preset);
	return {
		...field,
		property: { ...field.property, ...(description ? { description } : {}) },
		sendAs,
		encode: undefined,
	};
}

interface RatioSpec {
	sizes: readonly string[];
	/** Further sizes that CometAPI does not name for this route. */
	makersSizes?: readonly string[];
	default: string;
	models?: readonly string[];
	placement?: VideoField['placement'];
	description?: string;
}

/** The size as everywhere in the node; Runway writes it with a colon. */
export function ratioField({ makersSizes = [], placement = 'panel', ...spec }: RatioSpec): VideoField {
	const field = sizeField(spec);
	const options = [
		...sizeOptions(spec.sizes),
		...sizeOptions(makersSizes).map((option) => ({ ...option, description: MAKER_ONLY })),
	];
	return {
		...field,
		property: { ...field.property, options },
		placement,
		sendAs: 'ratio',
		encode: (value) => String(value).replace('x', ':'),
	};
}

export function seedField(maxValue: number): VideoField {
	return {
		property: {
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { minValue: 0, maxValue, numberPrecision: 0 },
			default: 0,
			description: 'The same number with the same input gives similar videos',
		},
		placement: 'options',
		sendAs: 'seed',
	};
}

/** Runway's routes take links, but for one video slot. */
export function linkSlot(
	spec: Pick<MediaSlot, 'name' | 'displayName' | 'description' | 'kind' | 'sendAs'> & Partial<MediaSlot>,
): MediaSlot {
	return {
		mimeTypes: [],
		accepts: ['url'],
		required: true,
		maxCount: 1,
		maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
		...spec,
	};
}

/** @throws InvalidInputError */
export function assertPromptLength({ prompt }: GenerateInput, maxCharacters: number): void {
	const { length } = Array.from(prompt);
	if (length <= maxCharacters) return;
	throw new InvalidInputError(
		`Prompt has ${length} characters`,
		`CometAPI's page allows ${maxCharacters} here. Shorten the field "Prompt".`,
	);
}
