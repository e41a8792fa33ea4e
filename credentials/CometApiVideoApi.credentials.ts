import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { DEFAULT_BASE_URL, addressAtOrigin, normalizeBaseUrl } from '../nodes/CometApiVideo/service/origin';
import { asText } from '../nodes/CometApiVideo/task/asText';

/**
 * Routes that take the account's access token and never the API key. https://apidoc.cometapi.com/api/api-keys/list-api-keys
 * documents the first; the others are its siblings in the gateway software that CometAPI derives from.
 */
const ACCOUNT_ROUTES = /^\/api\/(token|task|mj)\//;

function keyHeaders({ apiKey }: ICredentialDataDecryptedObject): Record<string, string> {
	return { Authorization: `Bearer ${asText(apiKey).trim()}` };
}

/** CometAPI's page forbids "Bearer" before the token. The user's number was mandatory in the gateway until July 2026. */
function accountHeaders({ accessToken, userId }: ICredentialDataDecryptedObject): Record<string, string> {
	const number = asText(userId).trim();
	return {
		Authorization: asText(accessToken).trim(),
		...(number === '' ? {} : { 'New-Api-User': number }),
	};
}

const ONLY_FOR_ACCOUNT = 'Leave empty unless you watch or list all tasks of the account';

export class CometApiVideoApi implements ICredentialType {
	name = 'cometApiVideoApi';

	displayName = 'CometAPI Video API';

	documentationUrl = 'https://github.com/n8n-nodes-cometapi-video/n8n-nodes-cometapi-video#add-your-key';

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
			placeholder: 'e.g. sk-…',
			description: 'Create one in the CometAPI console under API Keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			description: 'Address of CometAPI. Change it only if CometAPI gave you another one.',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for the trigger that watches all tasks of the account, and for Task > Get Many from the account. Create one in the CometAPI console under Personal Settings; it is not the API key.',
			hint: ONLY_FOR_ACCOUNT,
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 4711',
			description: 'Only with an Access Token, and only if CometAPI asks for it: the number of your account',
			hint: ONLY_FOR_ACCOUNT,
		},
	];

	/**
	 * Adds the key to requests to the base URL's own origin and to no other, also not after a redirect; the account's own
	 * routes get the access token instead.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions & { uri?: string },
	): Promise<IHttpRequestOptions> {
		const baseUrl = normalizeBaseUrl(credentials.baseUrl);
		const target = addressAtOrigin(baseUrl, requestOptions);
		if (!target) return requestOptions;
		const path = target.pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, '').length);
		return {
			...requestOptions,
			sendCredentialsOnCrossOriginRedirect: false,
			headers: {
				...requestOptions.headers,
				...(ACCOUNT_ROUTES.test(path) ? accountHeaders(credentials) : keyHeaders(credentials)),
			},
		};
	}

	/** Free, and answers 401 without a valid key. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ($credentials.baseUrl || "${DEFAULT_BASE_URL}").trim().replace(/\\/+$/, "").replace(/\\/v1$/, "") }}`,
			url: '/v1/models',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'CometAPI does not accept the API key. Copy it again from the CometAPI console.',
				},
			},
		],
	};
}
