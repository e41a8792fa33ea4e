/** The panel of a media slot: where it comes from, and the link, input field or data for it. */
import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import type { MediaSlot } from '../providers/types';

export type MediaSource = 'none' | 'id' | 'url' | 'binary' | 'data';

/** Where n8n's own nodes put the file of an item. */
export const DEFAULT_FILE_FIELD = 'data';

/** Names of a slot's parameters; reading them uses the same function. */
export function mediaParameterNames(slotName: string) {
	return {
		source: `${slotName}Source`,
		url: `${slotName}Url`,
		binary: `${slotName}BinaryField`,
		data: `${slotName}Data`,
	};
}

/** Slots that take nothing but links have one field, the link's, and no choice of a source. */
export function takesLinksOnly({ accepts }: MediaSlot): boolean {
	return accepts.every((encoding) => encoding === 'url');
}

export const NAMED_FILES_COLLECTION = 'file';

type DisplayConditions = NonNullable<INodeProperties['displayOptions']>;

/**
 * Three fields of which one is shown; one field for slots that take links only; a list of rows for slots whose files have
 * names of their own.
 */
export function mediaProperties(slot: MediaSlot, conditions: DisplayConditions): INodeProperties[] {
	if (slot.isNamed) return [namedFilesProperty(slot, conditions)];
	if (takesLinksOnly(slot) && !slot.byId) return [linkProperty(slot, conditions)];
	const names = mediaParameterNames(slot.name);
	const many = slot.maxCount > 1;
	const labels = mediaLabels(slot);
	const sources = mediaSources(slot);
	const preset = sources[0]?.value ?? 'url';
	// The model last: n8n asks nothing after it where it is an expression.
	const { model, ...place } = conditions.show ?? {};
	const when = (source: MediaSource): DisplayConditions => ({
		...conditions,
		show: { ...place, [names.source]: [source], ...(model ? { model } : {}) },
	});
	return [
		{
			displayName: labels.source,
			name: names.source,
			type: 'options',
			options: sources,
			default: preset,
			description: slot.description,
			displayOptions: conditions,
		},
		...(slot.byId?.fields ?? []).map(({ property }) => ({ ...property, displayOptions: when('id') })),
		linkProperty(slot, when('url')),
		...(takesLinksOnly(slot) ? [] : fileProperties(slot, many, when)),
	];
}

function fileProperties(
	slot: MediaSlot,
	many: boolean,
	when: (source: MediaSource) => DisplayConditions,
): INodeProperties[] {
	const [names, labels] = [mediaParameterNames(slot.name), mediaLabels(slot)];
	return [
		{
			displayName: labels.binary,
			name: names.binary,
			type: 'string',
			default: DEFAULT_FILE_FIELD,
			placeholder: many ? 'e.g. data, data_1' : 'e.g. data',
			description: many
				? `Names of the input fields that hold the files, with commas between them; at most ${slot.maxCount}. The only file of an item is taken whatever its name.`
				: 'Name of the input field that holds the file. The only file of an item is taken whatever its name.',
			displayOptions: when('binary'),
		},
		{
			displayName: labels.data,
			name: names.data,
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			required: slot.required,
			placeholder: 'e.g. data:image/png;base64,iVBORw0KGgo…',
			description: many
				? `Data URIs or base64 text, one per line, or an expression that gives a list; at most ${slot.maxCount}`
				: 'A data URI, or base64 text',
			displayOptions: when('data'),
		},
	];
}

/** The names of a slot's fields, for the panel and for messages. */
export function mediaLabels({
	displayName,
	maxCount,
}: MediaSlot): Readonly<Record<'source' | 'url' | 'binary' | 'data', string>> {
	const singular = displayName.replace(/s$/, '');
	const end = maxCount > 1 ? 's' : '';
	return {
		source: `${singular} Source`,
		url: `${singular} URL${end}`,
		binary: `${singular}: Input Data Field Name${end}`,
		data: `${singular} Data`,
	};
}

interface SourceOption {
	name: string;
	value: MediaSource;
	description?: string;
}

/** Where the medium of a slot may come from, the usual source first. */
export function mediaSources(slot: MediaSlot): SourceOption[] {
	const { byId, required } = slot;
	const others = takesLinksOnly(slot) ? sourceOptions(slot).slice(0, 1) : sourceOptions(slot);
	if (byId) return [{ name: byId.displayName, value: 'id', description: byId.description }, ...others];
	return [...(required ? [] : [{ name: 'None', value: 'none' as const }]), ...others];
}

const LINK_EXAMPLES = { image: 'picture.png', video: 'clip.mp4', audio: 'voice.mp3', any: 'picture.png' } as const;

function linkProperty(slot: MediaSlot, displayOptions: DisplayConditions): INodeProperties {
	const many = slot.maxCount > 1;
	const sentences = [
		slot.description,
		...(takesLinksOnly(slot) ? ['CometAPI fetches the file itself, so the link must work without a login'] : []),
		...(many ? [`One link per line, or an expression that gives a list; at most ${slot.maxCount}`] : []),
	];
	return {
		displayName: mediaLabels(slot).url,
		name: mediaParameterNames(slot.name).url,
		type: 'string',
		...(many ? { typeOptions: { rows: 3 } } : {}),
		default: '',
		required: slot.required,
		placeholder: `e.g. https://example.com/${LINK_EXAMPLES[slot.kind]}`,
		description:
			sentences.length === 1 ? slot.description : sentences.map((sentence) => sentence.replace(/\.?$/, '.')).join(' '),
		displayOptions,
	};
}

function sourceOptions({ accepts }: MediaSlot): SourceOption[] {
	const reach = accepts.includes('url')
		? 'A link that CometAPI can fetch without a login'
		: 'A link that n8n can reach';
	return [
		{ name: 'URL', value: 'url', description: reach },
		{ name: 'Input Data Field', value: 'binary', description: 'A file of the input item' },
		{ name: 'Data URI or Base64', value: 'data', description: 'The file as text' },
	];
}

function namedFilesProperty(slot: MediaSlot, conditions: DisplayConditions): INodeProperties {
	const row: INodePropertyCollection = {
		displayName: 'File',
		name: NAMED_FILES_COLLECTION,
		values: [
			{
				displayName: 'Data',
				name: 'data',
				type: 'string',
				default: '',
				placeholder: 'e.g. data:image/png;base64,iVBORw0KGgo…',
				description: 'A data URI, or base64 text',
				displayOptions: { show: { source: ['data'] } },
			},
			{
				displayName: 'Form Field Name',
				name: 'formField',
				type: 'string',
				default: 'input_reference',
				description: 'Name of the form field that the model expects the file in',
			},
			{
				displayName: 'Input Data Field Name',
				name: 'binary',
				type: 'string',
				default: 'data',
				description: 'Name of the input field that holds the file',
				displayOptions: { show: { source: ['binary'] } },
			},
			{
				displayName: 'Source',
				name: 'source',
				type: 'options',
				options: sourceOptions(slot),
				default: 'url',
				description: 'Where the file comes from',
			},
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/picture.png',
				displayOptions: { show: { source: ['url'] } },
			},
		],
	};
	return {
		displayName: slot.displayName,
		name: slot.name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add File',
		default: {},
		description: slot.description,
		options: [row],
		displayOptions: conditions,
	};
}
