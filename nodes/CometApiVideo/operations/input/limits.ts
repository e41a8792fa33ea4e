/** Numbers and choices of the options collection, checked by the same limits as the panel shows: expressions pass it by. */
import type { IDataObject, IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { limitProperty } from '../../description/listFields';
import { sharedOptions } from '../../description/sharedFields';
import { InvalidInputError } from '../../task/errors';
import { showValue } from '../../task/shownText';
import { asText } from '../../task/asText';

/** Made once: it is read only. */
const PROPERTIES: ReadonlyMap<string, INodeProperties> = new Map(
	sharedOptions().map((property): [string, INodeProperties] => [property.name, property]),
);

function propertyOf(name: string): INodeProperties {
	const property = PROPERTIES.get(name);
	if (!property) throw new Error(`No option is called ${name}`);
	return property;
}

/**
 * @param fallback when the option was not added, or its expression gives nothing
 * @throws InvalidInputError naming the option's label, the value and what is allowed
 */
export function readNumber(options: IDataObject, name: string, fallback: number): number {
	return checkedNumber(propertyOf(name), options[name], fallback);
}

/** How many rows are wanted. @throws InvalidInputError */
export function readLimit(context: IExecuteFunctions, itemIndex: number): number {
	const property = limitProperty({});
	return checkedNumber(
		property,
		context.getNodeParameter('limit', itemIndex, property.default),
		Number(property.default),
	);
}

function checkedNumber({ displayName, typeOptions }: INodeProperties, given: unknown, fallback: number): number {
	if (given === undefined || given === null || given === '') return fallback;
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = typeOptions ?? {};
	const number = typeof given === 'number' || typeof given === 'string' ? Number(given) : NaN;
	const isWhole = numberPrecision !== 0 || Number.isInteger(number);
	if (isWhole && number >= minValue && number <= maxValue) return number;
	const kind = numberPrecision === 0 ? 'whole numbers' : 'numbers';
	const range = maxValue === Infinity ? `of at least ${minValue}` : `from ${minValue} to ${maxValue}`;
	throw new InvalidInputError(`${displayName} cannot be ${showValue(given)}`, `Allowed: ${kind} ${range}.`);
}

/** One of the choices of an option; its default when it was not added. @throws InvalidInputError */
export function readChoice(options: IDataObject, name: string): string {
	const { displayName, default: preset, options: choices } = propertyOf(name);
	const given: unknown = options[name];
	if (given === undefined || given === null || given === '') return asText(preset);
	const allowed = (choices as INodePropertyOptions[]).map(({ value }) => value);
	if (allowed.includes(given as string)) return given as string;
	throw new InvalidInputError(`${displayName} cannot be ${showValue(given)}`, `Allowed: ${allowed.join(', ')}.`);
}
