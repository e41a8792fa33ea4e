/** What a node's panel should show, by n8n's own rules, and what n8n's editor does show. */
import { NodeHelpers, type INodeParameters, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import type { Editor } from './editor';

const NODE = { typeVersion: 1 };
const NAME_ENDING = '-parameter-input-options-container';
const LIST_BEGINNING = 'fixed-collection-';

/** Labels with the names behind them, in order: `Aspect Ratio (size)`. Collections have no name in the editor's page. */
export function expectFields(description: INodeTypeDescription, choices: INodeParameters): string[] {
	const { properties } = description;
	const values = NodeHelpers.getNodeParameters(properties, choices, true, false, NODE, description) ?? {};
	return properties
		.filter((property) => NodeHelpers.displayParameter(values, property, NODE, description))
		.map(describeProperty);
}

function describeProperty({ displayName, name, type }: INodeProperties): string {
	return type === 'collection' ? displayName : `${displayName} (${name})`;
}

/** The same of the panel that is open. */
export async function readFields(editor: Editor): Promise<string[]> {
	const items = await editor.parameterItems.all();
	return await Promise.all(
		items.map(async (item) => {
			// The credential and the buttons of an item have labels of their own, hence the first line of the parameter's.
			const label = (await editor.element('input-label', item).first().innerText()).split('\n')[0].trim();
			const marks = item.locator(`[data-test-id$="${NAME_ENDING}"], [data-test-id^="${LIST_BEGINNING}"]:not([data-test-id$="-add"])`);
			const mark = (await marks.count()) > 0 ? await marks.first().getAttribute('data-test-id') : null;
			return mark === null ? label : `${label} (${mark.replace(NAME_ENDING, '').replace(LIST_BEGINNING, '')})`;
		}),
	);
}
