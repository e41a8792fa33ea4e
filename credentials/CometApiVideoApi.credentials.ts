import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { DEFAULT_BASE_URL, normalizeBaseUrl } from '../nodes/CometApiVideo/tasks/origin';

export class CometApiVideoApi implements ICredentialType {
	name = 'cometApiVideoApi';

	displayName = 'CometAPI Video API';

	documentationUrl = 'https://github.com/n8n-nodes-cometapi-video/n8n-nodes-cometapi-video#credential';

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
			placeholder: 'sk-…',
			description: 'Create one in the CometAPI console under API Keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description: 'Address of CometAPI. Change it only if CometAPI gave you another one.',
		},
	];

	/**
	 * Adds the key to requests to the base URL's own origin and to no other, also not after a redirect. n8n's older request
	 * helpers, which the HTTP Request node uses, call the address `uri`.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions & { uri?: string },
	): Promise<IHttpRequestOptions> {
		const baseUrl = normalizeBaseUrl(credentials.baseUrl);
		const address = requestOptions.url ?? requestOptions.uri;
		if (!address || !URL.canParse(address, requestOptions.baseURL ?? baseUrl)) return requestOptions;
		const target = new URL(address, requestOptions.baseURL ?? baseUrl);
		if (target.origin !== new URL(baseUrl).origin) return requestOptions;
		return {
			...requestOptions,
			sendCredentialsOnCrossOriginRedirect: false,
			headers: { ...requestOptions.headers, Authorization: `Bearer ${String(credentials.apiKey).trim()}` },
		};
	}

	/** Free, and answers 401 without a valid key. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ($credentials.baseUrl || "${DEFAULT_BASE_URL}").trim().replace(/\\/+$/, "").replace(/\\/v1$/, "") }}`,
			url: '/v1/models',
			disableFollowRedirect: true,
		},
	};
}
