/** Switches of the panel, which an expression may give as text: sheets write TRUE and FALSE. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';

/** @throws InvalidInputError for what is neither on nor off: it decides whether a video is waited for, fetched or recorded */
export function readSwitch(context: IExecuteFunctions, name: string, itemIndex: number, label: string): boolean {
	const value: unknown = context.getNodeParameter(name, itemIndex, false);
	const isOn = toSwitch(value);
	if (isOn !== undefined) return isOn;
	throw new InvalidInputError(
		`${label} cannot be ${JSON.stringify(value) ?? 'undefined'}`,
		`Allowed: true, false. Change the field "${label}".`,
	);
}

/** @returns undefined for what is neither on nor off */
export function toSwitch(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
