/** What a run may cost, and what it has cost, by the estimates of its items. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { roundUsd } from '../../service/catalogue';
import { InvalidInputError } from '../../task/errors';
import type { PreparedItem } from '../input/readGenerateInput';
import { readNumber } from '../input/runSettings';

export interface PricedItem extends PreparedItem {
	/** Null where no price is known. */
	estimatedCostUsd: number | null;
}

/** @throws InvalidInputError when all items together are estimated above the limit, or cannot be estimated */
export function assertWithinBudget(context: IExecuteFunctions, items: readonly PricedItem[]): void {
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const limit = readNumber(options, 'maxEstimatedCost', 'Max Estimated Cost (USD)', Infinity, 0);
	if (limit === Infinity) return;
	const unpriced = items.find(({ estimatedCostUsd }) => estimatedCostUsd === null);
	if (unpriced) {
		throw new InvalidInputError(
			`The cost of a video with ${unpriced.input.model || unpriced.mode.displayName} cannot be estimated, so "Max Estimated Cost (USD)" cannot be kept; nothing was created`,
			'CometAPI publishes no price for it, or its price list could not be reached. Remove the option, or choose another model.',
		);
	}
	const total = roundUsd(items.reduce((sum, { estimatedCostUsd }) => sum + (estimatedCostUsd ?? 0), 0));
	if (total <= limit) return;
	throw new InvalidInputError(
		`${items.length} ${items.length === 1 ? 'video' : 'videos'} would cost about ${total.toFixed(2)} USD, more than Max Estimated Cost (USD) of ${limit.toFixed(2)}; nothing was created`,
		'Raise the limit, or make fewer, shorter or smaller videos.',
	);
}

/** Says below the output what the videos that this run has ordered cost about. Nothing when no price is known. */
export function hintAtCost(context: IExecuteFunctions, costsUsd: ReadonlyArray<number | null>): void {
	const known = costsUsd.filter((cost) => cost !== null);
	if (known.length === 0) return;
	const total = roundUsd(known.reduce((sum, cost) => sum + cost, 0)).toFixed(2);
	const count = `${costsUsd.length} ${costsUsd.length === 1 ? 'video' : 'videos'}`;
	const missing = costsUsd.length - known.length;
	const rest = missing > 0 ? `; no price is known of ${missing} of them` : '';
	// Not in the oldest n8n that the package runs on.
	context.addExecutionHints?.({
		message: `Ordered ${count} for about ${total} USD by published prices${rest}. Only CometAPI's bill is exact.`,
		location: 'outputPane',
	});
}
