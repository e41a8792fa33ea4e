import type { INodeProperties } from 'n8n-workflow';

/**
 * As n8n wants collections. Names are plain English; `localeCompare` would load the rules of all languages, a third of the
 * time that n8n takes to load the node.
 */
export function sortByName(options: readonly INodeProperties[]): INodeProperties[] {
	const keyOf = ({ displayName }: INodeProperties) => displayName.toLowerCase();
	return [...options].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))));
}
