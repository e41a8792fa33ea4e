/**
 * Texts of others in what people read: servers, cells and prompts may hold megabytes, keys and characters that no screen shows.
 * Each is cut before anything else is done with it, and each pattern here reads its text once.
 */
import { asText } from './asText';

/** Characters that are not seen, or that turn the direction of what is. */
const UNSEEN = /[\p{Cc}\u2028-\u202E\u2066-\u2069\uFEFF]/gu;
const LINK = /\bhttps?:\/\/[^\s"'<>]+/gi;

/** The beginning of a text, at most that many characters with the ellipsis that says that something is missing. */
export function cutText(text: string, maxLength: number): string {
	if (text.length <= maxLength) return text;
	// Half of a character that consists of two would be refused by some databases.
	return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** One line of at most that many characters, without keys, and with links that open nothing. */
export function cleanText(text: string, maxLength: number): string {
	// A key or link at the cut is still known as one; with what is cut after that it cannot be put together.
	const beginning = cutText(text, 2 * maxLength).replace(UNSEEN, ' ');
	return cutText(maskKeys(beginning.replace(LINK, publicPart)), maxLength);
}

/** Without anything like an API key. */
function maskKeys(text: string): string {
	return text.replace(/\bsk-[\w*-]{6,}/g, 'sk-…').replace(/\bBearer [\w.~+/=-]{8,}/gi, 'Bearer …');
}

/** A link without password, query and fragment: a signed one would hand on the file. */
function publicPart(link: string): string {
	const [address = ''] = link.split(/[?#]/, 1);
	const withoutPassword = address.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
	return address.length < link.length ? `${withoutPassword}?…` : withoutPassword;
}

const MAX_VALUE_LENGTH = 100;

/** Any value as a message quotes it: as JSON, cut. */
export function showValue(value: unknown): string {
	if (typeof value === 'string') return JSON.stringify(cutText(value, MAX_VALUE_LENGTH));
	// Neither NaN nor Infinity nor undefined is JSON.
	if (typeof value !== 'object') return value === undefined ? 'undefined' : asText(value);
	return cutText(JSON.stringify(value) ?? '', MAX_VALUE_LENGTH);
}
