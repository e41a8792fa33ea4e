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
		`${countOf(items)} would cost about ${formatUsd(total)}, more than Max Estimated Cost (USD) of ${limit.toFixed(2)}; nothing was created`,
		'Raise the limit, or create fewer, shorter or smaller ones.',
	);
}

const GO_ON = 'set the option If the Price Is Unknown to Continue';

function assertPricesAreKnown(items: readonly PricedItem[], isListRead: boolean): void {
	if (!isListRead) {
		throw new InvalidInputError(
			'The price list of CometAPI could not be read, so "Max Estimated Cost (USD)" cannot be checked; nothing was created',
			`Run the workflow again later, or ${GO_ON}.`,
		);
	}
	const index = items.findIndex(({ estimatedCostUsd }) => estimatedCostUsd === null);
	const unpriced = items[index];
	if (!unpriced) return;
	throw new InvalidInputError(
		`The cost of a video with ${cutText(unpriced.input.model, 100) || unpriced.mode.displayName} cannot be estimated, so "Max Estimated Cost (USD)" cannot be checked; nothing was created`,
		`CometAPI publishes no price for these settings, or none that can be read. Choose another model or size, or ${GO_ON}.`,
	);
}

/** Videos, or jobs where something else is among them. */
function countOf(items: readonly PricedItem[]): string {
	const noun = items.every(({ mode }) => mode.job.startsWith('video.')) ? 'video' : 'job';
	return `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;
}

/** What prices are shown as, wherever people read them: in cents, small ones in tenths of a cent. */
export function formatUsd(usd: number): string {
	return `${usd.toFixed(usd < 0.1 ? 3 : 2)} USD`;
}

/** Says below the output what has been created costs about, and what a Dry Run would. Nothing of a price that is not known. */
export function hintAtCost(
	context: IExecuteFunctions,
	{ created, dry }: Record<'created' | 'dry', readonly PricedItem[]>,
): void {
	const cost = costText(created);
	const dryCost = costText(dry) || `${countOf(dry)}, without a published price`;
	const messages = [
		cost && `${cost}; your bill may differ.`,
		dry.length > 0 && `Dry Run: nothing was created. ${dryCost}.`,
	].filter(Boolean);
	if (messages.length === 0) return;
	// Not in the oldest n8n that the package runs on.
	context.addExecutionHints?.({ message: messages.join(' '), location: 'outputPane' });
}

function costText(items: readonly PricedItem[]): string {
	const costs = items.flatMap(({ estimatedCostUsd }) => estimatedCostUsd ?? []);
	if (costs.length === 0) return '';
	const total = roundUsd(costs.reduce((sum, cost) => sum + cost, 0));
	const missing = items.length - costs.length;
	const rest = missing > 0 ? `, without the ${missing} that no price is published for` : '';
	return `About ${formatUsd(total)} for ${countOf(items)} by list prices${rest}`;
}
