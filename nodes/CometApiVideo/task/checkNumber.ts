/** A number within the limits that the panel shows: expressions pass it by. */
import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from './errors';
import { showValue } from './shownText';

/**
 * @param fallback when the field was not added, or its expression gives nothing
 * @throws InvalidInputError naming the label, the value and what is allowed
 */
export function checkedNumber(
	{ displayName, typeOptions }: Pick<INodeProperties, 'displayName' | 'typeOptions'>,
	given: unknown,
	fallback: number,
): number {
	if (given === undefined || given === null || given === '') return fallback;
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = typeOptions ?? {};
	const number = typeof given === 'number' || typeof given === 'string' ? Number(given) : NaN;
	const isWhole = numberPrecision !== 0 || Number.isInteger(number);
	if (isWhole && number >= minValue && number <= maxValue) return number;
	const kind = numberPrecision === 0 ? 'whole numbers' : 'numbers';
	const range = maxValue === Infinity ? `of at least ${minValue}` : `from ${minValue} to ${maxValue}`;
	throw new InvalidInputError(`${displayName} cannot be ${showValue(given)}`, `Allowed: ${kind} ${range}.`);
}
