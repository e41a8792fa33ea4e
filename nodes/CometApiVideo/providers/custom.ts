/**
 * Any model of CometAPI's /v1/videos, with form fields and files of the user's own.
 * Docs:     https://apidoc.cometapi.com/api/video (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart or JSON
 * Status:   GET  /v1/videos/{id}
 * Statuses: those of the whole family, see tasks/unifiedTaskApi.ts
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   nothing is checked here but the prompt's and the files' form: the model may be newer than this package
 */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../tasks/errors';
import { UNIFIED_ROUTE, unifiedTaskApi } from '../tasks/unifiedTaskApi';
import { DEFAULT_MAX_IMAGE_MEGABYTES, mediaParts } from './fields';
import type { GenerateInput, VideoField, VideoProvider } from './types';

const FORM_FIELDS: VideoField = {
	property: {
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Field',
		default: {},
		description: "Fields of the request besides model and prompt, with the names that the model's page at CometAPI gives",
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
			{ name: 'Form', value: 'multipart', description: 'What almost all models of /v1/videos want' },
			{ name: 'JSON', value: 'json', description: 'Files are sent as data URIs' },
		],
		default: 'multipart',
		description: 'How the request is written',
	},
	placement: 'panel',
	sendAs: null,
};

function readFormFields({ values }: GenerateInput): Array<{ name: string; value: string }> {
	const rows = (values.formFields as IDataObject | undefined)?.field;
	return (rows as Array<{ name: string; value: string }> | undefined) ?? [];
}

export const custom: VideoProvider = {
	id: 'custom',
	displayName: 'Other Model',
	description: 'Any model that CometAPI offers on /v1/videos, with fields of your own',
	docsUrl: 'https://apidoc.cometapi.com/api/video',
	cataloguePattern: /./,
	taskApi: unifiedTaskApi,
	modes: [
		{
			id: 'anyModel',
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
					maxCount: 50,
					maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
					isNamed: true,
				},
			],
			check(input) {
				const nameless = readFormFields(input).findIndex(({ name }) => !name?.trim());
				if (nameless >= 0) {
					throw new InvalidInputError(`Form Fields: the name of field ${nameless + 1} is empty`, 'Give the field a name, or remove it.');
				}
			},
			buildRequest(input, mode) {
				const encoding = input.values.bodyFormat === 'json' ? 'json' : 'multipart';
				const body: IDataObject = { model: input.model };
				if (input.prompt !== '') body.prompt = input.prompt;
				for (const { name, value } of readFormFields(input)) body[name.trim()] = value;
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
