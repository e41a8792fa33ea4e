import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { addressAtOrigin, normalizeN8nUrl } from '../nodes/CometApiVideo/service/origin';
import { asText } from '../nodes/CometApiVideo/task/asText';

/** n8n's public API, where its Data Tables are. A package may not use the credential types of others, so it brings its own. */
export class N8nDataTableApi implements ICredentialType {
	name = 'n8nDataTableApi';

	displayName = 'N8n Data Table API';

	documentationUrl =
		'https://github.com/n8n-nodes-cometapi-video/n8n-nodes-cometapi-video/blob/HEAD/docs/recording-and-trigger.md#the-n8n-api-key';

	icon: Icon = {
		light: 'file:../nodes/CometApiVideo/cometApiVideo.svg',
		dark: 'file:../nodes/CometApiVideo/cometApiVideo.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Create one in n8n under Settings > n8n API. Scopes: dataTable:list, dataTable:read, dataTable:create, dataTableRow:read, dataTableRow:update, dataTableRow:upsert, dataTableRow:delete.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://localhost:5678',
			required: true,
			description:
				'Address of this n8n as n8n itself reaches it. On n8n Cloud: the address in your browser up to the first slash.',
		},
	];

	/** Adds the key to requests to the base URL's own origin and to no other, also not after a redirect. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions & { uri?: string },
	): Promise<IHttpRequestOptions> {
		const baseUrl = normalizeN8nUrl(credentials.baseUrl);
		const target = addressAtOrigin(baseUrl, requestOptions);
		if (!target) return requestOptions;
		return {
			...requestOptions,
			sendCredentialsOnCrossOriginRedirect: false,
			disableFollowRedirect: true,
			headers: { ...requestOptions.headers, 'X-N8N-API-KEY': asText(credentials.apiKey).trim() },
		};
	}

	/** Answers 401 without a valid key, and 403 when the key lacks the scope. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "").replace(/\\/api(\\/v1)?$/, "") }}',
			url: '/api/v1/data-tables?limit=1',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'n8n does not accept the API key. Create one under Settings > n8n API.' },
			},
			{ type: 'responseCode', properties: { value: 403, message: 'The API key lacks the scope dataTable:list' } },
		],
	};
}
