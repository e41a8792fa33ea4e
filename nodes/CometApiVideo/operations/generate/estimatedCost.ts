/** What a video will cost at least, from the prices that CometAPI publishes. An estimate: only CometAPI's bill is exact. */
import type { GenerateInput, VideoMode } from '../../providers/types';
import type { CatalogueModel } from '../../service/catalogue';
import { roundUsd } from '../../service/catalogue';

/**
 * US dollars, or null where no price or no length is known. The catalogue names one price per second (the lowest tier's);
 * where the descriptor knows the tier's price and it is higher, that one counts.
 */
export function estimateCostUsd(
	mode: VideoMode,
	{ model, values }: GenerateInput,
	catalogue: readonly CatalogueModel[],
): number | null {
	const listed = catalogue.find(({ id }) => id === model);
	const seconds = Number(values.seconds);
	const known = mode.models.find(({ id }) => id === model)?.pricePerSecondUsd ?? {};
	const ofTier = known[tierOf(values)] ?? (Object.keys(known).length > 0 ? Math.max(...Object.values(known)) : 0);
	const perSecond = Math.max(listed?.pricePerSecondUsd ?? 0, ofTier);
	if (perSecond > 0 && seconds > 0) return roundUsd(perSecond * seconds);
	return listed?.pricePerRequestUsd ?? null;
}

/** Labels of shapes stand for 720p at the models that take them. */
const TIER_OF_SHAPES = '720p';
/** Number of lines of each tier; the sizes of a tier have about this many on their short side. */
const TIERS = [360, 480, 540, 720, 768, 1080, 1440, 2160];

function tierOf({ size, resolution }: GenerateInput['values']): string {
	if (typeof resolution === 'string' && resolution !== '') return resolution;
	const sides = /^(\d{3,4})x(\d{3,4})$/.exec(String(size ?? ''));
	if (!sides) return TIER_OF_SHAPES;
	const [width, height] = [Number(sides[1]), Number(sides[2])];
	// By area, for the cinema shapes of a tier are wide and low.
	const lines = Math.sqrt((width * height * 9) / 16);
	const nearest = TIERS.reduce((best, tier) => (Math.abs(tier - lines) < Math.abs(best - lines) ? tier : best));
	return `${nearest}p`;
}
