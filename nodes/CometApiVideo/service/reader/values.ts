/** Single values of an answer, whatever form they come in: words, links, lists of them, JSON as text. All linear in their length. */
import type { IDataObject } from 'n8n-workflow';
import type { Asset, AssetSource } from '../../task/types';
import { isObject, parseJson } from '../../task/json';
import {
	BASE64_MEMBERS,
	COVER_NAMES,
	LINK_MEMBERS,
	LINK_NAMES,
	PICTURE_NAMES,
	RESULT_NAMES,
	WORD_MEMBERS,
} from './places';
import { EMPTY_WORDS, OK_CODES } from './refusalWords';

/** Objects in lists in JSON text in objects: as deep as anything that was ever seen, and one more. */
const MAX_DEPTH = 5;
/** Of one task; more are no videos. */
const MAX_LINKS = 50;
const MAX_WORDS = 5;
const MAX_LINK_LENGTH = 8192;
/** A longer one would not have fitted into the answer. */
const MAX_BASE64_LENGTH = 16e6;
const MAX_STATUS_LENGTH = 100;

/** A text or a number, as text; empty for anything else. */
export function textOf(value: unknown): string {
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** A word that a person may have written in another way: without case, blanks and dashes. */
export function plainWord(text: string): string {
	return text
		.slice(0, MAX_STATUS_LENGTH)
		.toLowerCase()
		.replace(/[\s_.-]+/g, '');
}

/** The word for a state as it is shown. */
export function statusText(value: unknown): string {
	return textOf(typeof value === 'string' ? value.slice(0, MAX_STATUS_LENGTH) : value).replace(/\p{Cc}/gu, '');
}

/** What JSON text holds; any other value as it is. */
export function opened(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
	return parseJson(value) ?? value;
}

/** Whether a code says that all is well. */
export function isOkCode(code: unknown): boolean {
	if (code === undefined || code === null || code === true) return true;
	return OK_CODES.includes(textOf(code).toLowerCase()) && typeof code !== 'boolean';
}

/** What an error says in words, wherever in the value it stands; empty when it says nothing. */
export function wordsIn(given: unknown, depth = 0): string {
	const value = opened(given);
	if (typeof value === 'string') {
		const text = value.trim();
		return EMPTY_WORDS.test(text) || isLink(text) ? '' : text;
	}
	if (depth > MAX_DEPTH) return '';
	if (Array.isArray(value)) {
		const words = value.slice(0, MAX_WORDS).map((entry) => wordsIn(entry, depth + 1));
		return [...new Set(words)].filter(Boolean).join('; ');
	}
	if (!isObject(value) || ('status_code' in value && isOkCode(value.status_code))) return '';
	return firstOf(WORD_MEMBERS, (name) => wordsIn(value[name], depth + 1)) ?? '';
}

/** What the first of several names gives that gives anything. */
export function firstOf<Result>(
	names: readonly string[],
	read: (name: string) => Result | undefined,
): Result | undefined {
	for (const name of names) {
		const found = read(name);
		if (found !== undefined && found !== '') return found;
	}
	return undefined;
}

const PICTURE_URI = /^data:image\/[\w.+-]{1,50};base64,/i;
const DATA_URI = /^data:(?:video|audio)\/[\w.+-]{1,50};base64,/i;
/** Of CometAPI itself, without its host. */
const OWN_PATH = /^\/v1\/[^\s\\]*$/;
const PICTURE = /\.(?:png|jpe?g|webp|gif|avif|bmp|svg|heic)$/i;
const VIDEO = /\.(?:mp4|mov|webm|m3u8)$/i;
const SOUND = /\.(?:mp3|wav|m4a|aac|ogg|flac)$/i;

/** Whether a text is the address of a file on the web; anything else in the place of a link is no result. */
export function isLink(value: string): boolean {
	return value.length <= MAX_LINK_LENGTH && /^https?:\/\/[^\s\p{Cc}]+$/iu.test(value) && URL.canParse(value);
}

/** The links in a value, in its order: a text, a list, an object with one of the known members, or JSON text of these. */
export function linksIn(given: unknown, depth = 0): AssetSource[] {
	const value = opened(typeof given === 'string' ? given.trim() : given);
	if (typeof value === 'string') return toSource(value);
	if (depth > MAX_DEPTH) return [];
	if (Array.isArray(value))
		return value
			.slice(0, MAX_LINKS)
			.flatMap((entry) => linksIn(entry, depth + 1))
			.slice(0, MAX_LINKS);
	if (!isObject(value)) return [];
	for (const name of LINK_MEMBERS) {
		const links = linksIn(value[name], depth + 1);
		if (links.length > 0) return links;
	}
	const base64 = firstOf(BASE64_MEMBERS, (name) => textOf(value[name]));
	return base64 === undefined ? [] : toSource(`data:video/mp4;base64,${base64}`);
}

function toSource(text: string): AssetSource[] {
	if (isLink(text)) return PICTURE.test(new URL(text).pathname) ? [] : [{ at: 'url', url: text }];
	if (OWN_PATH.test(text) && text.length <= MAX_LINK_LENGTH) return [{ at: 'content', path: text }];
	return DATA_URI.test(text) && text.length <= MAX_BASE64_LENGTH ? [{ at: 'url', url: text }] : [];
}

/**
 * The pictures in a value, in its order, in places where results are.
 * @param areAll whether nothing but pictures can be there; otherwise only the ending of a link tells
 */
export function picturesIn(given: unknown, areAll = false, depth = 0): Asset[] {
	const value = opened(typeof given === 'string' ? given.trim() : given);
	if (typeof value === 'string') return isPicture(value, areAll) ? [pictureAt(value)] : [];
	if (depth > MAX_DEPTH) return [];
	if (Array.isArray(value)) {
		const found = value.slice(0, MAX_LINKS).flatMap((entry) => picturesIn(entry, areAll, depth + 1));
		return found.slice(0, MAX_LINKS);
	}
	if (!isObject(value)) return [];
	for (const [names, isSure] of [[PICTURE_NAMES, true] as const, [RESULT_NAMES, areAll] as const]) {
		for (const name of names) {
			const found = picturesIn(memberOf(value, name), isSure, depth + 1);
			if (found.length > 0) return found;
		}
	}
	return [];
}

function isPicture(text: string, isSure: boolean): boolean {
	if (isLink(text)) return isSure || PICTURE.test(new URL(text).pathname);
	return PICTURE_URI.test(text) && text.length <= MAX_BASE64_LENGTH;
}

function pictureAt(url: string): Asset {
	return { kind: 'image', sources: [{ at: 'url', url }] };
}

/** The link to the cover picture beside the video in a value, at whatever depth results are. */
export function coverIn(given: unknown, depth = 0): string | undefined {
	const value = opened(given);
	const holder: unknown = Array.isArray(value) ? opened(value[0]) : value;
	if (!isObject(holder) || depth > MAX_DEPTH) return undefined;
	const own = firstOf(COVER_NAMES, (name) => {
		const member = memberOf(holder, name);
		const text = textOf(isObject(member) ? member.url : member);
		return isLink(text) && !VIDEO.test(new URL(text).pathname) ? text : undefined;
	});
	return own ?? firstOf(LINK_NAMES, (name) => coverIn(memberOf(holder, name), depth + 1));
}

/** The files that links lead to, each once. */
export function assetsAt(sources: readonly AssetSource[]): Asset[] {
	const known = new Map(sources.map((source) => [JSON.stringify(source), source]));
	return [...known.values()].map((source) => ({ kind: kindOf(source), sources: [source] }));
}

function kindOf(source: AssetSource): Asset['kind'] {
	if (source.at !== 'url') return 'video';
	return /^data:audio/i.test(source.url) || SOUND.test(new URL(source.url).pathname) ? 'audio' : 'video';
}

/** A member of an object by a name that a list of places gives. */
export function memberOf(layer: IDataObject, name: string): unknown {
	return Object.hasOwn(layer, name) ? layer[name] : undefined;
}

/** By layers first, so that an outer time is not mixed with an inner one of another kind. */
export function firstIn<Result>(
	layers: readonly IDataObject[],
	names: readonly string[],
	read: (value: unknown) => Result | undefined,
): Result | undefined {
	for (const layer of layers) {
		const found = firstOf(names, (name) => read(memberOf(layer, name)));
		if (found !== undefined) return found;
	}
	return undefined;
}
