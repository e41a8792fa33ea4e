/** Reads where the files of a finished task are. */
import type { IDataObject } from 'n8n-workflow';
import type { Asset, AssetSource, TaskRef, TaskState } from '../../task/types';
import { LAST_LINK_NAMES, LINK_NAMES } from './places';
import type { TaskForm } from './taskForm';
import { assetsAt, coverIn, linksIn, memberOf, picturesIn } from './values';

/** The content route is the next place of the first file. */
export function readAssets(layers: readonly IDataObject[], ref: TaskRef, form: TaskForm): Asset[] {
	const { contentPath } = form;
	const [first, ...more] = readNamedFiles(layers, form);
	if (!contentPath) return first ? [first, ...more] : [];
	const content: AssetSource = { at: 'content', path: contentPath(ref) };
	return first
		? [{ ...first, sources: [...first.sources, content] }, ...more]
		: [{ kind: 'video', sources: [content] }];
}

export function readNamedFiles(layers: readonly IDataObject[], { mayMakePictures }: TaskForm): Asset[] {
	const files = assetsAt(readLinks(layers));
	if (files.length > 0 || !mayMakePictures) return files;
	return layers.map((layer) => picturesIn(layer)).find((pictures) => pictures.length > 0) ?? [];
}

/** The links of the first place that has any; or of a later one that has these and more, as lists of variants do. */
export function readLinks(layers: readonly IDataObject[]): AssetSource[] {
	let found: AssetSource[] = [];
	for (const name of LINK_NAMES) {
		for (const layer of layers) {
			const links = linksIn(memberOf(layer, name));
			const isMore = links.length > found.length && links.some((link) => isSameSource(link, found[0]));
			if (isMore || found.length === 0) found = links;
		}
	}
	return found.length > 0 ? found : layers.flatMap((layer) => LAST_LINK_NAMES.flatMap((name) => linksIn(layer[name])));
}

function isSameSource(one: AssetSource, other: AssetSource | undefined): boolean {
	return one.at === 'url' && other?.at === 'url' && one.url === other.url;
}

/** Of a finished video; while a task runs its picture is that of an unfinished one. */
export function coverOf(state: TaskState, layers: readonly IDataObject[]): string | undefined {
	if (state.status !== 'succeeded' || !state.assets.some(({ kind }) => kind === 'video')) return undefined;
	return layers.map((layer) => coverIn(layer)).find(Boolean);
}
