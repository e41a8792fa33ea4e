/** Numbers and choices of the options collection, checked by the same limits as the panel shows: expressions pass it by. */
import type { IDataObject, IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { limitProperty } from '../../description/listFields';
import { sharedOptions } from '../../description/sharedFields';
import { checkedNumber } from '../../task/checkText';
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

/** One of the choices of an option; its default when it was not added. @throws InvalidInputError */
export function readChoice(options: IDataObject, name: string): string {
	const { displayName, default: preset, options: choices } = propertyOf(name);
	const given: unknown = options[name];
	if (given === undefined || given === null || given === '') return asText(preset);
	const allowed = (choices as INodePropertyOptions[]).map(({ value }) => value);
	if (allowed.includes(given as string)) return given as string;
	throw new InvalidInputError(`${displayName} cannot be ${showValue(given)}`, `Allowed: ${allowed.join(', ')}.`);
}
