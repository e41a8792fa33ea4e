import type { INodeProperties } from 'n8n-workflow';

/** A list of options of which the user adds those that matter. */
export function optionCollection(
	{ displayName, name, entry = 'Option' }: { displayName: string; name: string; entry?: string },
	displayOptions: INodeProperties['displayOptions'],
	options: readonly INodeProperties[],
): INodeProperties {
	return {
		displayName,
		name,
		type: 'collection',
		placeholder: `Add ${entry}`,
		default: {},
		options: sortByName(options),
		displayOptions,
	};
}

/**
 * As n8n wants collections. Names are plain English; `localeCompare` would load the rules of all languages, a third of the
 * time that n8n takes to load the node.
 */
function sortByName(options: readonly INodeProperties[]): INodeProperties[] {
	const keyOf = ({ displayName }: INodeProperties) => displayName.toLowerCase();
	return [...options].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))));
}
