/** The error of an item that ends the run, on its way to the node, which puts it into n8n's words. */
import { reworded, toCometApiVideoError } from '../../task/errors';
import type { CometApiVideoError } from '../../task/errors';

export class ItemError extends Error {
	constructor(
		readonly error: CometApiVideoError,
		/** From 0, as n8n counts. */
		readonly itemIndex: number,
	) {
		super(error.message);
	}

	/** @param itemCount of the node's input: n8n shows the index, but people count from 1 */
	static of(thrown: unknown, itemIndex: number, itemCount: number): ItemError {
		const error = toCometApiVideoError(thrown);
		if (itemCount < 2) return new ItemError(error, itemIndex);
		const place = `This is item ${itemIndex + 1} of ${itemCount}.`;
		const advice = [error.advice, place].filter(Boolean).join(' ');
		return new ItemError(reworded(error, { advice, itemNumber: itemIndex + 1 }), itemIndex);
	}
}

/** The error in other words; an item's stays the item's. */
export function mapError(thrown: unknown, change: (error: CometApiVideoError) => CometApiVideoError): Error {
	if (thrown instanceof ItemError) return new ItemError(change(thrown.error), thrown.itemIndex);
	return change(toCometApiVideoError(thrown));
}
