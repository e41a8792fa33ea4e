/**
 * What a video will cost, from the prices that CometAPI publishes; where several may apply, the highest. An estimate: only
 * CometAPI's bill is exact.
 */
import type { IDataObject } from 'n8n-workflow';
import { fieldsFor, isEmpty } from '../../providers/fields';
import type { VideoMode, VideoModel } from '../../providers/types';
import type { CatalogueModel } from '../../service/catalogue';
import { roundUsd } from '../../service/catalogue';
import { getAtPath } from '../../task/jsonPath';
import { asText } from '../../task/asText';

/** What a price depends on, of a request or of a panel that is being filled in. */
export interface PricedOrder {
	mode: VideoMode;
	input: {
		model: string;
		values: Readonly<Record<string, unknown>>;
		/** Files of each slot. */
		media: Readonly<Record<string, { readonly length: number }>>;
	};
	extraFields: IDataObject;
}

/**
 * US dollars, or null where no price or no length is known, or the catalogue's price cannot be read. The catalogue names one
 * price per second (the lowest tier's); where the descriptor knows the tier's price and it is higher, that one counts.
 */
export function estimateCostUsd(order: PricedOrder, catalogue: readonly CatalogueModel[]): number | null {
	const { modelId, values } = asSent(order);
	const model = order.mode.models.find(({ id }) => id === modelId);
	const listed = catalogue.filter(({ id }) => id === modelId);
	const ofTier = priceOfTier(model, values);
	const isDearerThanKnown = model?.pricePerSecondUsd !== undefined && ofTier === undefined;
	if (isDearerThanKnown || listed.some(({ hasUnreadablePrice }) => hasUnreadablePrice)) return null;
	const perSecond = Math.max(0, ofTier ?? 0, ...listed.map(({ pricePerSecondUsd }) => pricePerSecondUsd ?? 0));
	const perRequest = Math.max(0, ...listed.map(({ pricePerRequestUsd }) => pricePerRequestUsd ?? 0));
	const seconds = secondsOf(order);
	// Not a number: the length is not known, and neither is the price.
	if (perSecond > 0 && perRequest === 0 && !(seconds > 0)) return null;
	const price = Math.max(perSecond > 0 && seconds > 0 ? perSecond * seconds : 0, perRequest);
	return price > 0 ? roundUsd(price + priceOfImages(model, order)) : null;
}

/** Length of the video; 0 where there is none, NaN where it is not known. */
export function secondsOf(order: PricedOrder): number {
	const { modelId, values } = asSent(order);
	if (values.seconds !== undefined) return Number(values.seconds);
	return order.mode.models.find(({ id }) => id === modelId)?.fixedSeconds ?? 0;
}

/** What the request says of model, length and size; Extra Body Fields go over the panel. */
function asSent({ mode, input, extraFields }: PricedOrder): { modelId: string; values: IDataObject } {
	const modelId = extraFields.model ?? extraFields.model_name ?? input.model;
	const values: IDataObject = { ...(input.values as IDataObject) };
	for (const { property, sendAs, sizes } of fieldsFor(mode, input.model)) {
		const extra = sendAs === null || sizes ? undefined : getAtPath(extraFields, sendAs);
		if (extra !== undefined) values[property.name] = extra;
	}
	const { seconds, duration, size = values.exactSize, resolution } = extraFields;
	const hasSize = !isEmpty(size);
	if (hasSize && resolution === undefined) delete values.resolution;
	const others = { seconds: seconds ?? duration, size: hasSize ? size : undefined, resolution };
	const given = Object.entries(others).filter(([, value]) => value !== undefined);
	return { modelId: typeof modelId === 'string' ? modelId : '', values: { ...values, ...Object.fromEntries(given) } };
}

function priceOfImages(model: VideoModel | undefined, { mode, input }: PricedOrder): number {
	const slots = mode.media.filter(({ kind }) => kind === 'image').map(({ name }) => name);
	const count = [...new Set(slots)].reduce((sum, name) => sum + (input.media[name]?.length ?? 0), 0);
	return (model?.pricePerImageUsd ?? 0) * count;
}

/** The price of the smallest known tier that is large enough; undefined where none is. */
function priceOfTier(model: VideoModel | undefined, values: IDataObject): number | undefined {
	const lines = linesOf(values);
	const tiers = Object.entries(model?.pricePerSecondUsd ?? {}).map(([tier, price]) => ({
		lines: Number.parseInt(tier, 10),
		price,
	}));
	const prices = tiers.filter((tier) => tier.lines >= lines).sort((a, b) => a.lines - b.lines);
	return prices[0]?.price;
}

/** Labels of shapes stand for 720p at the models that take them. */
const LINES_OF_SHAPES = 720;
/** Number of lines of each tier; the sizes of a tier have about this many on their short side. */
const TIERS = [360, 480, 540, 720, 768, 1080, 1440, 2160];
const LINES_OF_NAMES: Readonly<Record<string, number>> = { '1k': 1080, '2k': 1440, '4k': 2160 };

function linesOf({ size, resolution }: IDataObject): number {
	const named = asText(resolution).toLowerCase();
	const ofName = LINES_OF_NAMES[named] ?? Number.parseInt(named, 10);
	if (named !== '') return Number.isFinite(ofName) ? ofName : Infinity;
	const sides = /^(\d{2,5})[x:*](\d{2,5})$/.exec(asText(size).slice(0, 20));
	if (!sides || Number(sides[1]) < 100) return LINES_OF_SHAPES;
	// By area, for the cinema shapes of a tier are wide and low.
	const lines = Math.sqrt((Number(sides[1]) * Number(sides[2]) * 9) / 16);
	return TIERS.reduce((best, tier) => (Math.abs(tier - lines) < Math.abs(best - lines) ? tier : best));
}
