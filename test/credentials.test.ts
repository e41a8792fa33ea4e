/** The key and the access token go to CometAPI's own address, each to its routes, and nowhere else. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import { CometApiVideoApi } from '../credentials/CometApiVideoApi.credentials';

const credential = new CometApiVideoApi();

async function authorizationFor(request: IHttpRequestOptions, baseUrl = 'https://api.cometapi.com') {
	const sent = await credential.authenticate({ apiKey: ' sk-secret ', baseUrl }, request);
	return sent.headers?.Authorization;
}

test.each<[string, IHttpRequestOptions]>([
	['a full address', { url: 'https://api.cometapi.com/v1/videos' }],
	['a path under a base URL', { url: '/v1/models', baseURL: 'https://api.cometapi.com' }],
	['a path alone', { url: '/v1/models' }],
	['the same origin in capitals', { url: 'https://API.cometapi.com:443/v1/models' }],
])('%s gets the key', async (_what, request) => {
	expect(await authorizationFor(request)).toBe('Bearer sk-secret');
});

test.each([
	'https://api.cometapi.com.evil.example/v1/videos',
	'https://api.cometapi.com@evil.example/',
	'https://cometapi.com/v1/videos',
	'https://www.cometapi.com/v1/videos',
	'http://api.cometapi.com/v1/videos',
	'https://api.cometapi.com:8443/v1/videos',
	'https://evil.example/?https://api.cometapi.com',
])('%s does not', async (url) => {
	expect(await authorizationFor({ url })).toBeUndefined();
});

describe('for the older request helpers of n8n, which say uri instead of url', () => {
	const older = async (uri: string | undefined) => await authorizationFor({ uri } as unknown as IHttpRequestOptions);

	test('the own address gets the key', async () => {
		expect(await older('https://api.cometapi.com/v1/models')).toBe('Bearer sk-secret');
	});

	test('a foreign one does not, and neither does none', async () => {
		expect(await older('https://evil.example/')).toBeUndefined();
		expect(await older(undefined)).toBeUndefined();
	});
});

test('the key does not follow redirects', async () => {
	const sent = await credential.authenticate(
		{ apiKey: 'sk-secret', baseUrl: 'https://api.cometapi.com' },
		{ url: 'https://api.cometapi.com/v1/models' },
	);
	expect(sent.sendCredentialsOnCrossOriginRedirect).toBe(false);
	expect(credential.test.request.disableFollowRedirect).toBe(true);
});

test('the other headers stay', async () => {
	const sent = await credential.authenticate(
		{ apiKey: 'sk-secret', baseUrl: 'https://api.cometapi.com' },
		{ url: '/v1/models', headers: { Accept: 'application/json' } },
	);
	expect(sent.headers).toEqual({ Accept: 'application/json', Authorization: 'Bearer sk-secret' });
});

test('an unencrypted base URL is refused before the key is sent', async () => {
	await expect(authorizationFor({ url: '/v1/models' }, 'http://api.cometapi.com')).rejects.toThrow(/unencrypted/);
});

describe('the access token', () => {
	const secrets = { apiKey: 'sk-secret', accessToken: ' token-of-the-account ', userId: ' 4711 ' };

	async function headersFor(url: string, more: Record<string, string> = {}) {
		const { headers } = await credential.authenticate(
			{ ...secrets, baseUrl: 'https://api.cometapi.com', ...more },
			{ url },
		);
		return headers;
	}

	test.each([
		'/api/task/self?p=1&page_size=100',
		'/api/mj/self',
		'/api/token/',
		'/api/token/7',
		'https://api.cometapi.com/api/task/self',
	])('opens %s, as it is, without the key', async (url) => {
		expect(await headersFor(url)).toEqual({ Authorization: 'token-of-the-account', 'New-Api-User': '4711' });
	});

	test.each([
		'/v1/videos/task_1',
		'/api/models',
		'/api/usage/token/',
		'/api/tasks/self',
		'/api/token',
		'/kling/v1/api/task/self',
		'/v1/videos?next=/api/task/self',
		'/v1/videos#/api/task/self',
	])('does not go to %s, which gets the key', async (url) => {
		expect(await headersFor(url)).toEqual({ Authorization: 'Bearer sk-secret' });
	});

	test.each([
		'https://evil.example/api/task/self',
		'https://api.cometapi.com.evil.example/api/token/',
		'http://api.cometapi.com/api/task/self',
		'//evil.example/api/mj/self',
	])('does not go to %s, and neither does anything else', async (url) => {
		expect(await headersFor(url)).toBeUndefined();
	});

	test.each([
		['https://gateway.example.com/comet', 'https://gateway.example.com/comet/api/task/self', 'token-of-the-account'],
		['https://gateway.example.com/comet/v1/', 'https://gateway.example.com/comet/api/mj/self', 'token-of-the-account'],
		['https://gateway.example.com/comet', 'https://gateway.example.com/comet/v1/videos', 'Bearer sk-secret'],
		['https://api.cometapi.com/v1', 'https://api.cometapi.com/api/task/self', 'token-of-the-account'],
	])('with the base URL %s: %s gets %s', async (baseUrl, url, expected) => {
		expect((await headersFor(url, { baseUrl }))?.Authorization).toBe(expected);
	});

	test('goes without the number of the user if none is given', async () => {
		expect(await headersFor('/api/task/self', { userId: ' ' })).toEqual({ Authorization: 'token-of-the-account' });
		const { headers } = await credential.authenticate(
			{ apiKey: 'sk-secret', accessToken: 'token', baseUrl: 'https://api.cometapi.com' },
			{ url: '/api/task/self', headers: { Accept: 'application/json' } },
		);
		expect(headers).toEqual({ Accept: 'application/json', Authorization: 'token' });
	});

	test('that is missing is not replaced by the key', async () => {
		for (const accessToken of ['', ' '])
			expect((await headersFor('/api/task/self', { accessToken }))?.Authorization).toBe('');
		const { headers } = await credential.authenticate({ apiKey: 'sk-secret', baseUrl: '' }, { url: '/api/task/self' });
		expect(headers).toEqual({ Authorization: '' });
	});

	test('does not follow redirects', async () => {
		const sent = await credential.authenticate({ ...secrets, baseUrl: '' }, { url: '/api/task/self' });
		expect(sent.sendCredentialsOnCrossOriginRedirect).toBe(false);
	});

	test('is optional, and hidden as the key is', () => {
		const hidden = credential.properties.filter(({ typeOptions }) => typeOptions?.password === true);
		expect(hidden.map(({ name, required }) => [name, required === true])).toEqual([
			['apiKey', true],
			['accessToken', false],
		]);
		expect(credential.properties.find(({ name }) => name === 'userId')?.required).toBeUndefined();
	});
});
