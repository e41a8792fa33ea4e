/** The cheapest video that a provider makes from words alone. */
import { estimateCostUsd } from '../../nodes/CometApiVideo/operations/generate/estimatedCost';
import { fieldsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { GenerateInput, VideoField, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import type { CatalogueModel } from '../../nodes/CometApiVideo/service/catalogue';

export interface Clip {
	provider: VideoProvider;
	mode: VideoMode;
	input: GenerateInput;
	estimatedUsd: number;
}

const PROMPT = 'A grey pebble on white paper, still camera';
/** What the price depends on; all other fields keep what is preset. */
const PRICED_FIELDS = ['seconds', 'duration', 'size', 'resolution', 'quality'];

/** Undefined where no price is known: nothing is created blindly. */
export function cheapestClip(provider: VideoProvider, catalogue: readonly CatalogueModel[]): Clip | undefined {
	const modes = provider.modes.filter(
		({ prompt, media }) => prompt === 'required' && !media.some(({ required }) => required),
	);
	const clips = modes.flatMap((mode) =>
		mode.models.flatMap(({ id }) =>
			valuesOf(fieldsFor(mode, id)).flatMap((values): Clip[] => {
				const input: GenerateInput = { model: id, prompt: PROMPT, values, media: {} };
				const estimatedUsd = isAllowed(mode, input)
					? estimateCostUsd({ mode, input, extraFields: {} }, catalogue)
					: null;
				return estimatedUsd === null ? [] : [{ provider, mode, input, estimatedUsd }];
			}),
		),
	);
	return clips.sort((a, b) => a.estimatedUsd - b.estimatedUsd)[0];
}

function isAllowed(mode: VideoMode, input: GenerateInput): boolean {
	try {
		mode.check?.(input);
		return true;
	} catch {
		return false;
	}
}

/** All combinations of what changes the price. */
function valuesOf(fields: readonly VideoField[]): Array<Record<string, unknown>> {
	return fields.reduce<Array<Record<string, unknown>>>(
		(all, { property, placement }) => {
			const isPriced = PRICED_FIELDS.includes(property.name);
			if (!isPriced && placement === 'options') return all;
			const choices: unknown[] = isPriced ? choicesOf(property) : [property.default];
			return all.flatMap((values) => choices.map((choice) => ({ ...values, [property.name]: choice })));
		},
		[{}],
	);
}

function choicesOf({ options, typeOptions, default: preset }: VideoField['property']): unknown[] {
	const listed = (options ?? []).flatMap((option) => ('value' in option ? [option.value] : []));
	return listed.length > 0 ? listed : [typeOptions?.minValue ?? preset];
}
