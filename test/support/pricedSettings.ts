/** Models whose price is published, and settings of each: the shortest and smallest, the preset, the longest and largest. */
import type { IDataObject } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { VideoField, VideoMode, VideoModel, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { estimateCostUsd } from '../../nodes/CometApiVideo/operations/generate/estimatedCost';

export const SETTINGS = ['least', 'preset', 'most'] as const;
export type Setting = (typeof SETTINGS)[number];

export interface PricedModel {
	provider: VideoProvider;
	/** The first of the provider that has the model. */
	mode: VideoMode;
	model: VideoModel;
}

/** @param isPriced whether a model without a price of its own in the node counts as well */
export function pricedModels(isPriced: (modelId: string) => boolean = () => false): PricedModel[] {
	return VIDEO_PROVIDERS.flatMap((provider) => {
		const found = new Map<string, PricedModel>();
		for (const mode of provider.modes) {
			for (const model of mode.models) {
				const isWanted = model.pricePerSecondUsd !== undefined || isPriced(model.id);
				if (isWanted && !found.has(model.id)) found.set(model.id, { provider, mode, model });
			}
		}
		return [...found.values()];
	});
}

/** What a price depends on; a model that has only one length or size has no field for it. */
export function pricedValues(
	{ mode, model }: PricedModel,
	setting: Setting,
): Partial<Record<'seconds' | 'resolution', IDataObject[string]>> {
	const fields = fieldsFor(mode, model.id).filter(({ property }) => ['seconds', 'resolution'].includes(property.name));
	return Object.fromEntries(fields.map((field) => [field.property.name, valueOf(field, setting)]));
}

function valueOf({ property }: VideoField, setting: Setting): IDataObject[string] {
	const { type, typeOptions, options = [], default: preset } = property;
	if (setting === 'preset') return preset;
	if (type === 'number') return setting === 'least' ? typeOptions?.minValue : (typeOptions?.maxValue ?? 12);
	const values = options.flatMap((option) => ('value' in option ? [option.value as string | number] : []));
	return values.at(setting === 'least' ? 0 : -1);
}

/** By the prices in the node alone, with one file for each medium that the mode needs. Null: not published. */
export function knownCostUsd(priced: PricedModel, setting: Setting): number | null {
	const { mode, model } = priced;
	const media = slotsFor(mode, model.id).map(({ name, required }) => [name, { length: required ? 1 : 0 }] as const);
	return costWith(priced, setting, Object.fromEntries(media));
}

/** Of the smallest video that the panel offers, without what its pictures cost. Null: not published. */
export function leastPerSecondUsd(priced: PricedModel): number | null {
	const { seconds = priced.model.fixedSeconds } = pricedValues(priced, 'least');
	const cost = costWith(priced, 'least', {});
	return cost === null ? null : Number((cost / Number(seconds)).toFixed(4));
}

function costWith(
	priced: PricedModel,
	setting: Setting,
	media: Readonly<Record<string, { length: number }>>,
): number | null {
	const { mode, model } = priced;
	const presets = fieldsFor(mode, model.id).map(({ property }) => [property.name, property.default] as const);
	const values = { ...Object.fromEntries(presets), ...pricedValues(priced, setting) };
	const input = { model: model.id, values, media };
	return estimateCostUsd({ mode, input, extraFields: {} }, []);
}
