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
import { UNIFIED_ROUTE, unifiedTaskApi } from '../unifiedTaskApi';
import { mediaParts } from '../request';
import type { VideoProvider } from '../types';
import { FILES, FORM_FIELDS, assertFilePlaces, assertNames, bodyFormatField, readFormFields } from './bodyFields';
import { ownRoute } from './ownRoute';

const BODY_FORMAT = bodyFormatField([
	{ name: 'Form', value: 'multipart', description: 'What almost all models want' },
	{ name: 'JSON', value: 'json', description: 'Files are sent as data URIs' },
]);

const OWN_FIELDS = ['model', 'prompt'];

export const custom: VideoProvider = {
	id: 'custom',
	displayName: 'Other Model',
	description: 'Any model of CometAPI, with fields of your own',
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
			media: [FILES],
			check(input) {
				assertNames(input, OWN_FIELDS);
				if (input.values.bodyFormat === 'json') assertFilePlaces(input, OWN_FIELDS);
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
		ownRoute,
	],
};
