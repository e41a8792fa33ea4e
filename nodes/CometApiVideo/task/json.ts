/** JSON from outside: read without trust in its form. */
import type { IDataObject } from 'n8n-workflow';
import { asText } from './asText';

/** The value of JSON text; undefined for anything else. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of several values that is a text or a number, as text; empty when none is. */
export function firstText(...candidates: readonly unknown[]): string {
	const found = candidates.find(
		(candidate) => (typeof candidate === 'string' && candidate !== '') || typeof candidate === 'number',
	);
	return found === undefined ? '' : asText(found);
}
