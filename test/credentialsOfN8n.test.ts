/** The key of n8n's own API goes to that n8n and nowhere else, and never unencrypted through the internet. */
import type { IHttpRequestOptions, INode, INodeTypes } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { N8nDataTableApi } from '../credentials/N8nDataTableApi.credentials';
import { N8N_SCOPES } from './support/n8nApi';

const credential = new N8nDataTableApi();

async function headersFor(request: IHttpRequestOptions, baseUrl = 'https://n8n.example.com') {
	return (await credential.authenticate({ apiKey: ' n8n-secret ', baseUrl }, request)).headers;
}

test.each<[string, IHttpRequestOptions]>([
	['a full address', { url: 'https://n8n.example.com/api/v1/data-tables' }],
	['a path under a base URL', { url: '/api/v1/data-tables', baseURL: 'https://n8n.example.com' }],
	['a path alone', { url: '/api/v1/data-tables' }],
	['the same origin in capitals', { url: 'https://N8N.example.com:443/api/v1/data-tables' }],
	[
		'an address as the older request helpers of n8n call it',
		{ uri: 'https://n8n.example.com/' } as unknown as IHttpRequestOptions,
	],
])('%s gets the key', async (_what, request) => {
	expect(await headersFor(request)).toEqual({ 'X-N8N-API-KEY': 'n8n-secret' });
});

test.each([
	'https://n8n.example.com.evil.example/api/v1/data-tables',
	'https://n8n.example.com@evil.example/',
	'https://example.com/api/v1/data-tables',
	'http://n8n.example.com/api/v1/data-tables',
	'https://n8n.example.com:8443/api/v1/data-tables',
	'//evil.example/api/v1/data-tables',
	'https://evil.example/?https://n8n.example.com',
])('%s does not', async (url) => {
	expect(await headersFor({ url })).toBeUndefined();
});

test('the other headers stay', async () => {
	const headers = await headersFor({ url: '/api/v1/data-tables', headers: { Accept: 'application/json' } });
	expect(headers).toEqual({ Accept: 'application/json', 'X-N8N-API-KEY': 'n8n-secret' });
});

test('the key does not follow redirects', async () => {
	const sent = await credential.authenticate(
		{ apiKey: 'n8n-secret', baseUrl: 'https://n8n.example.com' },
		{ url: '/api/v1/data-tables' },
	);
	expect(sent).toMatchObject({ sendCredentialsOnCrossOriginRedirect: false, disableFollowRedirect: true });
	expect(credential.test.request.disableFollowRedirect).toBe(true);
});

describe('the base URL', () => {
	const url = '/api/v1/data-tables';

	test.each([
		'http://localhost:5678',
		'http://127.0.0.1:5678',
		'http://[::1]:5678',
		'http://n8n:5678',
		'http://n8n-main:5678/',
		'http://n8n.automation.internal',
		'http://192.168.1.20:5678',
		'http://10.0.0.5',
	])("%s may do without encryption: it is in a network of one's own", async (baseUrl) => {
		expect(await headersFor({ url }, baseUrl)).toEqual({ 'X-N8N-API-KEY': 'n8n-secret' });
	});

	test.each([
		'http://n8n.example.com',
		'http://8.8.8.8:5678',
		'http://localhost.example.com',
		'http://[2606:4700::1111]:5678',
	])('%s is refused before the key is sent', async (baseUrl) => {
		await expect(headersFor({ url }, baseUrl)).rejects.toThrow(/would send the API key unencrypted; use https:\/\//);
	});

	test.each(['', ' ', 'n8n.example.com', 'localhost:5678', 'ftp://n8n.example.com'])(
		'"%s" is no web address',
		async (baseUrl) => {
			await expect(headersFor({ url }, baseUrl)).rejects.toThrow(/is not a web address, e\.g\. https:/);
		},
	);
});

describe('the test of the credential', () => {
	const nodeTypes: INodeTypes = {
		getByName: () => ({ description: { properties: [] } }) as never,
		getByNameAndVersion: () => ({ description: { properties: [] } }) as never,
		getKnownTypes: () => ({}),
	};
	const node: INode = { id: '1', name: 'Node', type: 'any', typeVersion: 1, position: [0, 0], parameters: {} };
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });

	/** As n8n evaluates it. */
	function testAddress(baseUrl: string): string {
		const { baseURL, url } = credential.test.request;
		const more = { $credentials: { baseUrl } };
		return `${String(workflow.expression.getSimpleParameterValue(node, baseURL, 'internal', more))}${String(url)}`;
	}

	test.each([
		['https://n8n.example.com', 'https://n8n.example.com'],
		['https://n8n.example.com/', 'https://n8n.example.com'],
		[' https://n8n.example.com/api/v1/ ', 'https://n8n.example.com'],
		['https://n8n.example.com/api', 'https://n8n.example.com'],
		['https://example.com/n8n/', 'https://example.com/n8n'],
		['http://localhost:5678', 'http://localhost:5678'],
	])('with the base URL "%s" asks %s, with the key', async (baseUrl, expected) => {
		const address = testAddress(baseUrl);
		expect(address).toBe(`${expected}/api/v1/data-tables?limit=1`);
		expect(await headersFor({ url: address }, baseUrl)).toEqual({ 'X-N8N-API-KEY': 'n8n-secret' });
	});
});

test('the panel hides the key and names the scopes that the fake n8n asks for', () => {
	const [key, address] = credential.properties;
	expect([key.name, key.typeOptions?.password, key.required]).toEqual(['apiKey', true, true]);
	expect([address.name, address.default]).toEqual(['baseUrl', 'http://localhost:5678']);
	const named: string[] = key.description?.match(/\w+:\w+/g) ?? [];
	expect(named.filter((scope) => !N8N_SCOPES.includes(scope))).toEqual([]);
	const forNode = ['dataTable:list', 'dataTable:read', 'dataTable:create', 'dataTableRow:read', 'dataTableRow:upsert'];
	expect(forNode.filter((scope) => !named.includes(scope))).toEqual([]);
});
