/** Fields and files of a request that users name themselves. */
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { isSafeName } from '../../task/jsonPath';
import { showValue } from '../../task/shownText';
import { asText } from '../../task/asText';
import { DEFAULT_MAX_IMAGE_MEGABYTES } from '../fields';
import type { GenerateInput, MediaSlot, VideoField } from '../types';

export const FORM_FIELDS: VideoField = {
	property: {
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Field',
		default: {},
		description:
			"Fields of the request besides model and prompt, with the names that the model's page at CometAPI gives",
		options: [
			{
				displayName: 'Field',
				name: 'field',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. seconds',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. 5',
					},
				],
			},
		],
	},
	placement: 'panel',
	sendAs: null,
};

/** As many files as can be given; a list with a hole would be written out with all its empty places. */
const MAX_FILES = 50;

export const FILES: MediaSlot = {
	name: 'files',
	displayName: 'Files',
	description: 'Files of the request',
	kind: 'any',
	mimeTypes: [],
	accepts: ['file'],
	sendAs: null,
	required: false,
	maxCount: MAX_FILES,
	maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
	isNamed: true,
};

export function readFormFields({ values }: GenerateInput): Array<{ name: string; value: IDataObject[string] }> {
	const rows = (values.formFields as IDataObject | undefined)?.field;
	return ((rows as IDataObject[] | undefined) ?? []).map(({ name, value }) => ({ name: asText(name).trim(), value }));
}

/** @param ownFields names that the panel has fields of their own for. @throws InvalidInputError where one of two values would be lost */
export function assertNames(input: GenerateInput, ownFields: readonly string[]): void {
	const names = readFormFields(input).map(({ name }) => name);
	for (const [index, name] of names.entries()) {
		if (name === '') {
			throw new InvalidInputError(
				`Form Fields: the name of field ${index + 1} is empty`,
				'Give the field a name, or remove it.',
			);
		}
		if (name.split('.').some((key) => !isSafeName(key)))
			throw new InvalidInputError(`Form Fields: ${showValue(name)} cannot be a name`, 'Use another name.');
		if (ownFields.includes(name)) {
			throw new InvalidInputError(
				`Form Fields: "${name}" has a field of its own`,
				'Fill in that field, and remove the one of the same name from Form Fields.',
			);
		}
		if (names.indexOf(name) < index) {
			throw new InvalidInputError(
				`Form Fields: the name ${showValue(name)} is used twice`,
				'Keep one of the two fields. A list can be given as JSON in the option Extra Body Fields.',
			);
		}
	}
}

/**
 * In a form names may be anything; in JSON they are paths.
 * @throws InvalidInputError for a place that is taken or is none
 */
export function assertFilePlaces(input: GenerateInput, ownFields: readonly string[]): void {
	const taken = [...ownFields, ...readFormFields(input).map(({ name }) => name)];
	for (const [index, { formField = '' }] of (input.media.files ?? []).entries()) {
		const keys = formField.split('.');
		const [field = ''] = keys;
		if (!taken.includes(field) && isShortPath(keys)) continue;
		throw new InvalidInputError(
			`Files: file ${index + 1} cannot have the form field name ${showValue(formField)} in JSON`,
			'Use a name that no other field has, or a path such as images.0.url.',
		);
	}
}

/**
 * For JSON bodies whose names are paths.
 * @throws InvalidInputError for a name that is none, and for one that lies inside another
 */
export function assertNamesArePaths(input: GenerateInput, ownFields: readonly string[]): void {
	const files = (input.media.files ?? []).map(({ formField = '' }) => formField);
	const names = [...ownFields, ...readFormFields(input).map(({ name }) => name), ...files];
	for (const { name } of readFormFields(input)) {
		const isInside = names.some((other) => other.startsWith(`${name}.`) || name.startsWith(`${other}.`));
		if (!isInside && isShortPath(name.split('.'))) continue;
		throw new InvalidInputError(
			`Form Fields: ${showValue(name)} cannot be a name in JSON${isInside ? ' beside the other names' : ''}`,
			'Use a name, or a path such as image.url, that no other field lies in.',
		);
	}
}

const MAX_PATH_KEYS = 10;

function isShortPath(keys: readonly string[]): boolean {
	const isKey = (key: string) => key !== '' && isSafeName(key) && !(/^\d+$/.test(key) && Number(key) >= MAX_FILES);
	return keys.length <= MAX_PATH_KEYS && keys.every(isKey);
}

/** @param formats `json` and `multipart`, the preset first */
export function bodyFormatField(formats: readonly [INodePropertyOptions, ...INodePropertyOptions[]]): VideoField {
	const preset = formats[0].value;
	return {
		property: {
			displayName: 'Body Format',
			name: 'bodyFormat',
			type: 'options',
			options: [...formats],
			default: preset,
			description: 'How the request is written',
		},
		placement: 'panel',
		sendAs: null,
	};
}
