/** What several of Runway's modes have in common. */
import { InvalidInputError } from '../../task/errors';
import { DEFAULT_MAX_IMAGE_MEGABYTES, secondsChoiceField } from '../fields';
import { sizeFields } from '../sizes';
import type { GenerateInput, MediaSlot, VideoField } from '../types';

export function retiredOn(date: string): string {
	return `Retired by Runway on ${date}; may be refused`;
}

/** Runway's numbers are not text. */
export function secondsNumberField(sendAs: string): VideoField {
	return { ...secondsChoiceField([5, 10], 5), sendAs, encode: undefined };
}

/** What the shapes are in Runway's pixels. */
export const SIZES = {
	...{ '16:9': '1280x720', '9:16': '720x1280', '4:3': '1104x832', '3:4': '832x1104' },
	...{ '1:1': '960x960', '21:9': '1584x672' },
};

interface ShapeSpec {
	sizes: Readonly<Record<string, string>>;
	aspectRatio?: string;
	models?: readonly string[];
}

/** Aspect Ratio, which Runway writes as pixels with a colon; there is one resolution. */
export function shapeFields(lists: readonly ShapeSpec[], placement?: VideoField['placement']): VideoField[] {
	return sizeFields(
		lists.map(({ sizes, ...rest }) => ({ sizes: { '720p': sizes }, ...rest })),
		{ sendAs: 'ratio', write: (size) => size.replace('x', ':'), placement },
	);
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
