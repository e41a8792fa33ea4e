/** Switches of the panel, which an expression may give as text: sheets write TRUE and FALSE. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { showValue } from '../../task/shownText';

/** @throws InvalidInputError for what is neither on nor off: it decides whether a video is waited for, fetched or recorded */
export function readSwitch(context: IExecuteFunctions, name: string, itemIndex: number, label: string): boolean {
	return checkedSwitch(context.getNodeParameter(name, itemIndex, false), label);
}

/** A switch of the options collection; `fallback` when it was not added. @throws InvalidInputError */
export function readOption(options: IDataObject, name: string, label: string, fallback: boolean): boolean {
	const value: unknown = options[name];
	return value === undefined || value === null || value === '' ? fallback : checkedSwitch(value, label);
}

function checkedSwitch(value: unknown, label: string): boolean {
	const isOn = toSwitch(value);
	if (isOn !== undefined) return isOn;
	throw new InvalidInputError(
		`${label} cannot be ${showValue(value)}`,
		`Allowed: true, false. Change the field "${label}".`,
	);
}

/** @returns undefined for what is neither on nor off */
export function toSwitch(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
