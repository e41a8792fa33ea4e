/** What a node's panel should show, by n8n's own rules, and what n8n's editor does show. */
import { NodeHelpers, type INodeParameters, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import type { Editor } from './editor';

const NODE = { typeVersion: 1 };
const NAME_ENDING = '-parameter-input-options-container';
/** n8n's own label at the place of the credentials. */
const CREDENTIAL_LABEL = 'Credential';
/** A panel is built in steps, and again after each choice. */
const SETTLED_WITHIN_MS = 10_000;
const LIST_BEGINNING = 'fixed-collection-';

export interface ExpectedPanel {
	/** Labels with the names behind them, in order: `Aspect Ratio (size)`. Collections and notices have no name in the editor's page. */
	fields: string[];
	/** Labels of what the last collection offers. */
	offered: string[];
}

/** The panel after these choices in a new node. */
export function expectPanel(description: INodeTypeDescription, choices: INodeParameters): ExpectedPanel {
	const { properties } = description;
	const values = NodeHelpers.getNodeParameters(properties, choices, true, false, NODE, description) ?? {};
	const asksForCredential = (description.credentials ?? []).some((credential) =>
		NodeHelpers.displayParameter(values, credential, NODE, description),
	);
	const shown = properties.filter(
		(property) =>
			property.type !== 'hidden' &&
			(property.type !== 'credentials' || asksForCredential) &&
			NodeHelpers.displayParameter(values, property, NODE, description),
	);
	const collection = shown.filter(({ type }) => type === 'collection').at(-1);
	const offered = ((collection?.options ?? []) as INodeProperties[])
		.filter((option) => NodeHelpers.displayParameter({}, option, NODE, description, values))
		.map(({ displayName }) => displayName);
	return { fields: shown.map(describeProperty), offered };
}

function describeProperty({ displayName, name, type }: INodeProperties): string {
	if (type === 'credentials') return CREDENTIAL_LABEL;
	return type === 'collection' || type === 'notice' ? displayName : `${displayName} (${name})`;
}

/** The same of the panel that is open: reads it until it shows these fields. @returns what it showed at last */
export async function readFields(editor: Editor, expected: readonly string[]): Promise<string[]> {
	const deadline = Date.now() + SETTLED_WITHIN_MS;
	for (;;) {
		const fields = await readShownFields(editor);
		if (fields.join('\n') === expected.join('\n') || Date.now() > deadline) return fields;
	}
}

/** Items that vanish while they are read have no text. */
async function readShownFields(editor: Editor): Promise<string[]> {
	const items = await editor.parameterItems.all();
	return await Promise.all(items.map(async (item) => await describeItem(editor, item)));
}

async function describeItem(editor: Editor, item: Locator): Promise<string> {
	// The credential and the buttons of an item have labels of their own, hence the first line of the parameter's.
	const [label = ''] = await editor.element('input-label', item).allInnerTexts();
	const text = label.split('\n')[0].trim();
	if (text === '') {
		const [credential = (await item.allInnerTexts()).join()] = await editor
			.element('credentials-label', item)
			.allInnerTexts();
		return credential.trim();
	}
	const isCollection = (await editor.element('collection-parameter-add', item).count()) > 0;
	if (isCollection) return text;
	const marks = item.locator(
		`[data-test-id$="${NAME_ENDING}"], [data-test-id^="${LIST_BEGINNING}"]:not([data-test-id$="-add"])`,
	);
	const [mark] = await marks.evaluateAll(
		(found: Array<{ getAttribute(name: string): string | null }>, attribute) =>
			found.map((one) => one.getAttribute(attribute)),
		'data-test-id',
	);
	return mark ? `${text} (${mark.replace(NAME_ENDING, '').replace(LIST_BEGINNING, '')})` : text;
}
