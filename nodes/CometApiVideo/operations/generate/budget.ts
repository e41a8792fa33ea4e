/** What a run may cost, and what it has cost, by the estimates of its items. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { roundUsd } from '../../service/catalogue';
import { InvalidInputError } from '../../task/errors';
import { cutText } from '../../task/shownText';
import type { PreparedItem } from '../input/readGenerateInput';
import { readChoice, readNumber } from '../input/limits';

export interface PricedItem extends PreparedItem {
	/** Null where no price is known. */
	estimatedCostUsd: number | null;
}

/**
 * @param isListRead whether CometAPI's price list could be read; without it a price may have risen
 * @throws InvalidInputError when all items together are estimated above the limit, or that cannot be told for sure
 */
export function assertWithinBudget(
	context: IExecuteFunctions,
	items: readonly PricedItem[],
	isListRead: boolean,
): void {
	const options: IDataObject = context.getNodeParameter('options', 0, {});
	const limit = readNumber(options, 'maxEstimatedCost', Infinity);
	const mustBeKnown = readChoice(options, 'ifPriceUnknown') === 'stop';
	if (limit === Infinity || items.length === 0) return;
	if (mustBeKnown) assertPricesAreKnown(items, isListRead);
	const total = roundUsd(items.reduce((sum, { estimatedCostUsd }) => sum + (estimatedCostUsd ?? 0), 0));
	if (total <= limit) return;
	throw new InvalidInputError(
		`${countOf(items.length)} would cost about ${total.toFixed(2)} USD, more than Max Estimated Cost (USD) of ${limit.toFixed(2)}; nothing was created`,
		'Raise the limit, or make fewer, shorter or smaller videos.',
	);
}

const GO_ON = 'set the option If the Price Is Unknown to Continue';

function assertPricesAreKnown(items: readonly PricedItem[], isListRead: boolean): void {
	if (!isListRead) {
		throw new InvalidInputError(
			'The price list of CometAPI could not be read, so "Max Estimated Cost (USD)" cannot be kept; nothing was created',
			`Run the workflow again later, or ${GO_ON}.`,
		);
	}
	const index = items.findIndex(({ estimatedCostUsd }) => estimatedCostUsd === null);
	const unpriced = items[index];
	if (!unpriced) return;
	throw new InvalidInputError(
		`The cost of a video with ${cutText(unpriced.input.model, 100) || unpriced.mode.displayName} cannot be estimated, so "Max Estimated Cost (USD)" cannot be kept; nothing was created`,
		`CometAPI publishes no price for these settings, or none that can be read. Choose another model or size, or ${GO_ON}.`,
	);
}

function countOf(videos: number): string {
	return `${videos} ${videos === 1 ? 'video' : 'videos'}`;
}

/** Says below the output what the videos that this run has ordered cost about. Nothing when no price is known. */
export function hintAtCost(context: IExecuteFunctions, costsUsd: ReadonlyArray<number | null>): void {
	const known = costsUsd.filter((cost) => cost !== null);
	if (known.length === 0) return;
	const total = roundUsd(known.reduce((sum, cost) => sum + cost, 0)).toFixed(2);
	const missing = costsUsd.length - known.length;
	const rest = missing > 0 ? `; no price is known of ${missing} of them` : '';
	// Not in the oldest n8n that the package runs on.
	context.addExecutionHints?.({
		message: `Ordered ${countOf(costsUsd.length)} for about ${total} USD by published prices${rest}. Only CometAPI's bill is exact.`,
		location: 'outputPane',
	});
}
