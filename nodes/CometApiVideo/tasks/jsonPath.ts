/** Values inside JSON by a dotted path; a number in the path is a place in a list, e.g. `image_list.0.image`. */
import type { IDataObject } from 'n8n-workflow';

export function getAtPath(json: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, key) => {
		const isContainer = typeof value === 'object' && value !== null;
		return isContainer ? (value as IDataObject)[key] : undefined;
	}, json);
}

/** Makes the objects and lists on the way. */
export function setAtPath(json: IDataObject, path: string, value: IDataObject[string]): void {
	const keys = path.split('.');
	let container = json;
	for (const [index, key] of keys.slice(0, -1).entries()) {
		const isList = /^\d+$/.test(keys[index + 1]);
		container = (container[key] ??= isList ? [] : {}) as IDataObject;
	}
	container[keys[keys.length - 1]] = value;
}
