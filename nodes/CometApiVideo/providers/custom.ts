/**
 * Any model of CometAPI's /v1/videos, with form fields and files of the user's own.
 * Docs:     https://apidoc.cometapi.com/api/video (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart or JSON
 * Status:   GET  /v1/videos/{id}
 * Statuses: those of the whole family, see providers/unifiedTaskApi.ts
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   nothing is checked here but the prompt's and the files' form: the model may be newer than this package
 */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../task/errors';
import { isSafeName } from '../task/jsonPath';
import { showValue } from '../task/shownText';
import { UNIFIED_ROUTE, unifiedTaskApi } from './unifiedTaskApi';
import { asText } from '../task/asText';
import { DEFAULT_MAX_IMAGE_MEGABYTES } from './fields';
import { mediaParts } from './request';
import type { GenerateInput, VideoField, VideoProvider } from './types';

const FORM_FIELDS: VideoField = {
	property: {
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Field',
		default: {},
		description: 'What the model takes besides model and prompt, with the names that its page at CometAPI gives',
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

const BODY_FORMAT: VideoField = {
	property: {
		displayName: 'Body Format',
		name: 'bodyFormat',
		type: 'options',
		options: [
			{ name: 'Form', value: 'multipart', description: 'What almost all models want' },
			{ name: 'JSON', value: 'json', description: 'Files are sent as data URIs' },
		],
		default: 'multipart',
		description: 'How the request is written',
	},
	placement: 'panel',
	sendAs: null,
};

function readFormFields({ values }: GenerateInput): Array<{ name: string; value: IDataObject[string] }> {
	const rows = (values.formFields as IDataObject | undefined)?.field;
	return ((rows as IDataObject[] | undefined) ?? []).map(({ name, value }) => ({ name: asText(name).trim(), value }));
}

/** @throws InvalidInputError where one of two values would be lost */
function assertNames(input: GenerateInput): void {
	const names = readFormFields(input).map(({ name }) => name);
	for (const [index, name] of names.entries()) {
		if (!isSafeName(name))
			throw new InvalidInputError(`Form Fields: ${showValue(name)} cannot be a name`, 'Use another name.');
		if (OWN_FIELDS.includes(name)) {
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

/** In a form names may be anything; in JSON they are paths. @throws InvalidInputError for a place that is taken or is none */
function assertFilePlaces(input: GenerateInput): void {
	const taken = [...OWN_FIELDS, ...readFormFields(input).map(({ name }) => name)];
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

const OWN_FIELDS = ['model', 'prompt'];
const MAX_PATH_KEYS = 10;
/** As many files as can be given; a list with a hole would be written out with all its empty places. */
const MAX_FILES = 50;

function isShortPath(keys: readonly string[]): boolean {
	const isKey = (key: string) => key !== '' && isSafeName(key) && !(/^\d+$/.test(key) && Number(key) >= MAX_FILES);
	return keys.length <= MAX_PATH_KEYS && keys.every(isKey);
}

export const custom: VideoProvider = {
	id: 'custom',
	displayName: 'Other Model',
	description: 'Any other model of CometAPI, with the fields that its page names',
	docsUrl: 'https://apidoc.cometapi.com/api/video',
	cataloguePattern: /./,
	taskApi: unifiedTaskApi,
	modes: [
		{
			id: 'anyModel',
			job: 'video.generate',
			displayName: 'Any Model',
			description: 'Send the fields and files that the model wants',
			models: [],
			takesAnyModel: true,
			prompt: 'optional',
			fields: [FORM_FIELDS, BODY_FORMAT],
			media: [
				{
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
				},
			],
			check(input) {
				const nameless = readFormFields(input).findIndex(({ name }) => name === '');
				if (nameless >= 0) {
					throw new InvalidInputError(
						`Form Fields: the name of field ${nameless + 1} is empty`,
						'Give the field a name, or remove it.',
					);
				}
				assertNames(input);
				if (input.values.bodyFormat === 'json') assertFilePlaces(input);
			},
			buildRequest(input, mode) {
				const encoding = input.values.bodyFormat === 'json' ? 'json' : 'multipart';
				const body: IDataObject = { model: input.model };
				if (input.prompt !== '') body.prompt = input.prompt;
				for (const { name, value } of readFormFields(input)) body[name] = value;
				const media = mediaParts(mode, input);
				return {
					path: UNIFIED_ROUTE,
					encoding,
					body,
					media: encoding === 'json' ? media.map((part) => ({ ...part, encoding: 'dataUri' as const })) : media,
				};
			},
		},
	],
};
