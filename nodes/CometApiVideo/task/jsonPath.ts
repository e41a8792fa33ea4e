/** Values inside JSON by a dotted path; a number in the path is a place in a list, e.g. `image_list.0.image`. */
import type { IDataObject } from 'n8n-workflow';

/** Behind these lies what all objects share. */
const SHARED_NAMES = ['__proto__', 'prototype', 'constructor'];

/** Whether a name stands for a member of JSON, and not for what all objects share. */
export function isSafeName(name: string): boolean {
	return !SHARED_NAMES.includes(name);
}

export function getAtPath(json: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, key) => {
		const isContainer = typeof value === 'object' && value !== null;
		return isContainer && Object.hasOwn(value, key) ? (value as IDataObject)[key] : undefined;
	}, json);
}

/** Makes the objects and lists on the way. @throws Error for a name that is no member's */
export function setAtPath(json: IDataObject, path: string, value: IDataObject[string]): void {
	const keys = path.split('.');
	const unsafe = keys.find((key) => !isSafeName(key));
	if (unsafe !== undefined) throw new Error(`"${unsafe}" cannot be a name in JSON`);
	let container = json;
	for (const [index, key] of keys.entries()) {
		const next = keys[index + 1];
		if (next === undefined) container[key] = value;
		else container = (container[key] ??= /^\d+$/.test(next) ? [] : {}) as IDataObject;
	}
}
