/** The key goes to CometAPI's own address and nowhere else. */
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
