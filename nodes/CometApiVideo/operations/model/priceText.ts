/** What the model list says of a price: that of the settings which the panel has at the moment, by the same estimate as the row's. */
import type { IDataObject } from 'n8n-workflow';
import { mediaParameterNames, takesLinksOnly } from '../../description/mediaFields';
import { fieldsFor, slotsFor } from '../../providers/fields';
import type { MediaSlot, VideoField, VideoMode } from '../../providers/types';
import type { CatalogueModel } from '../../service/catalogue';
import { isObject, parseJson } from '../../task/json';
import { asText } from '../../task/asText';
import { formatUsd } from '../generate/budget';
import { estimateCostUsd, secondsOf } from '../generate/estimatedCost';
import type { PricedOrder } from '../generate/estimatedCost';
import { isAllowedValue, isExpression } from '../input/readGenerateInput';

/** What a price depends on; with an expression in one of them it is not known before the run. */
const PRICED_FIELDS = ['seconds', 'resolution', 'aspectRatio', 'exactSize'];

/**
 * E.g. ` (about 0.68 USD for 5 s)`, to stand behind a model's name.
 * @param parameters of the panel as they were typed
 * @param catalogue undefined: it could not be read, so that nothing can be said of a price which is not known
 */
export function priceText(
	mode: VideoMode,
	modelId: string,
	parameters: IDataObject,
	catalogue: readonly CatalogueModel[] | undefined,
): string {
	const order = orderOf(mode, modelId, parameters);
	const cost = order && estimateCostUsd(order, catalogue ?? []);
	if (order && typeof cost === 'number') return ` (about ${formatUsd(cost)} ${whatFor(order)})`;
	const listed = (catalogue ?? []).filter(({ id }) => id === modelId);
	const known = mode.models.find(({ id }) => id === modelId)?.pricePerSecondUsd ?? {};
	const perSecond = lowest([...Object.values(known), ...listed.map(({ pricePerSecondUsd }) => pricePerSecondUsd)]);
	if (perSecond !== undefined) return ` (from ${perSecond} USD per second)`;
	const perRequest = lowest(listed.map(({ pricePerRequestUsd }) => pricePerRequestUsd));
	if (perRequest !== undefined) return ` (from ${perRequest} USD each)`;
	return catalogue ? ' (no published price)' : '';
}

function whatFor(order: PricedOrder): string {
	const seconds = secondsOf(order);
	return seconds > 0 ? `for ${seconds} s` : 'each';
}

function lowest(prices: ReadonlyArray<number | null>): number | undefined {
	const known = prices.filter((price) => price !== null);
	return known.length > 0 ? Math.min(...known) : undefined;
}

/** Undefined where an expression decides. What the model does not take, because another one is chosen, is its own default. */
function orderOf(mode: VideoMode, model: string, parameters: IDataObject): PricedOrder | undefined {
	const values: IDataObject = {};
	for (const field of fieldsFor(mode, model)) {
		const { name, default: preset } = field.property;
		const given = valueIn(parameters, field);
		if (isExpression(given) && PRICED_FIELDS.includes(name)) return undefined;
		values[name] = given === undefined || isAllowedValue(field.property, given) ? given : preset;
	}
	const media = slotsFor(mode, model).map((slot) => [slot.name, { length: countOfFiles(slot, parameters) }] as const);
	return { mode, input: { model, values, media: Object.fromEntries(media) }, extraFields: extraFieldsIn(parameters) };
}

/** The provider's own settings have been in `options`, too. */
function collectionsOf({ providerSettings, options }: IDataObject): IDataObject {
	return { ...(isObject(options) ? options : {}), ...(isObject(providerSettings) ? providerSettings : {}) };
}

function valueIn(parameters: IDataObject, { property, placement }: VideoField): IDataObject[string] {
	if (placement !== 'panel') return collectionsOf(parameters)[property.name];
	return parameters[property.name] ?? property.default;
}

function extraFieldsIn(parameters: IDataObject): IDataObject {
	const { extraBodyFields } = collectionsOf(parameters);
	const fields = typeof extraBodyFields === 'string' ? parseJson(extraBodyFields) : extraBodyFields;
	return isObject(fields) ? fields : {};
}

/** At least the one that the mode cannot do without. */
function countOfFiles(slot: MediaSlot, parameters: IDataObject): number {
	const names = mediaParameterNames(slot.name);
	const least = slot.required ? 1 : 0;
	const chosen = asText(parameters[names.source]) || (slot.required ? 'url' : 'none');
	const source = takesLinksOnly(slot) ? 'url' : chosen;
	if (source !== 'url' && source !== 'binary' && source !== 'data') return least;
	const text = asText(parameters[names[source]] ?? (source === 'binary' ? 'data' : ''));
	if (slot.maxCount === 1 || source === 'data' || isExpression(text)) return text.trim() === '' ? least : 1;
	const parts = text.split(source === 'binary' ? ',' : '\n').filter((part) => part.trim() !== '');
	return Math.max(least, parts.length);
}
