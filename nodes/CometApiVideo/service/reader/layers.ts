/** The levels of an answer: what lies inside what, from the outside in. */
import type { IDataObject } from 'n8n-workflow';
import { isTaskId } from '../../task/checkText';
import { isObject } from '../../task/json';
import { ENVELOPES, ID_NAMES, STATUS_NAMES, STATUS_WORDS } from './places';
import type { Ending } from './places';
import { firstOf, memberOf, opened, plainWord, statusText } from './values';

/** Deeper than anything that was ever seen. */
const MAX_LAYERS = 12;

/** The object that a value holds: itself, the first of a list, or JSON text of one. */
function objectIn(given: unknown): IDataObject | undefined {
	const value = opened(given);
	const first: unknown = Array.isArray(value) ? opened(value[0]) : value;
	return isObject(first) ? first : undefined;
}

/** All objects that envelopes lead to, outer ones first. */
export function layersOf(body: unknown): IDataObject[] {
	const outermost = objectIn(body);
	const layers = outermost ? [outermost] : [];
	for (const layer of layers) {
		const inner = ENVELOPES.map((name) => objectIn(memberOf(layer, name))).filter(isObject);
		// What is added is visited as well.
		layers.push(...inner.slice(0, MAX_LAYERS - layers.length));
	}
	return layers;
}

/** The objects that `data` alone leads to: CometAPI's wrapper, and the provider's own answer in it. */
export function dataChainOf(body: unknown): IDataObject[] {
	const chain: IDataObject[] = [];
	for (let layer = objectIn(body); layer && chain.length < MAX_LAYERS; layer = objectIn(memberOf(layer, 'data'))) {
		chain.push(layer);
	}
	return chain;
}

/** The id that one layer names for certain; numbers that JSON could not carry exactly are none. */
export function idIn(layer: IDataObject, names: readonly string[] = ID_NAMES): string | undefined {
	return firstOf(names, (name) => idFrom(memberOf(layer, name)));
}

/** Undefined for what cannot be an id. */
export function idFrom(value: unknown): string | undefined {
	const isExact = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
	const text = isExact ? String(value) : typeof value === 'string' ? value.trim() : '';
	return isTaskId(text) ? text : undefined;
}

/** The tasks of a list, alone or in an envelope, by their ids. */
export function tasksById(body: unknown): Map<string, IDataObject> {
	const lists = [body, ...layersOf(body).flatMap((layer) => ENVELOPES.map((name) => memberOf(layer, name)))].map(
		opened,
	);
	const list: unknown[] = lists.find(Array.isArray) ?? [];
	return new Map(
		list.filter(isObject).flatMap((task) => {
			const id = idIn(task);
			return id === undefined ? [] : [[id, task] as const];
		}),
	);
}

export function wordIn(layer: IDataObject): string {
	return firstOf(STATUS_NAMES, (name) => statusText(memberOf(layer, name))) ?? '';
}

const ENDINGS = new Map(
	Object.entries(STATUS_WORDS).flatMap(([ending, words]) => words.map((word) => [word, ending as Ending] as const)),
);

/** Undefined for a word that nobody knows. */
export function endingOf(word: string): Ending | undefined {
	const plain = plainWord(word);
	return ENDINGS.get(plain) ?? ENDINGS.get(plain.replace(/^(?:task|job|video)?(?:status|state)/, ''));
}

/**
 * How many of the outer layers are the answer to the request, and not the task: those without an id and with no word, or a
 * mere "success", around one that has either.
 */
export function countEnvelopes(chain: readonly IDataObject[]): number {
	const isEnvelope = (layer: IDataObject, index: number) => {
		const inner = chain[index + 1];
		if (!inner || idIn(layer)) return false;
		const word = wordIn(layer);
		if (word === '') return true;
		return endingOf(word) === 'succeeded' && (idIn(inner) !== undefined || wordIn(inner) !== '');
	};
	const first = chain.findIndex((layer, index) => !isEnvelope(layer, index));
	return Math.max(0, first);
}
