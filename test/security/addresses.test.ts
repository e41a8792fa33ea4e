/** Which addresses get a key, and which a server's answer cannot make n8n fetch. */
import fc from 'fast-check';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { CometApiVideoApi } from '../../credentials/CometApiVideoApi.credentials';
import { N8nDataTableApi } from '../../credentials/N8nDataTableApi.credentials';
import { isPrivateHost, normalizeBaseUrl, normalizeN8nUrl } from '../../nodes/CometApiVideo/service/origin';
import { sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { fuzzSettings } from '../support/fuzz';
import { VideoNodeTest } from '../support/videoNode';

const CREDENTIALS = [
	{ credential: new CometApiVideoApi(), base: 'https://api.cometapi.com' },
	{ credential: new N8nDataTableApi(), base: 'https://n8n.example.com' },
];
const SECRETS = { apiKey: 'sk-secret', accessToken: 'token-secret' };

/** Where the HTTP library of n8n goes: an address that stands alone is read alone. */
function destinationOf({ url = '', baseURL }: { url?: string; baseURL?: string }): string | undefined {
	const isAbsolute = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url);
	const full = baseURL && !isAbsolute ? `${baseURL.replace(/\/?\/$/, '')}/${url.replace(/^\/+/, '')}` : url;
	return URL.canParse(full) ? new URL(full).origin : undefined;
}

const hostOf = (base: string) => base.replace('https://', '');

/** Pieces that addresses are forged from. */
function forged(base: string): fc.Arbitrary<string> {
	const pieces = [
		...[
			'https:',
			'http:',
			'//',
			'/',
			'\\',
			'\\\\',
			'@',
			':',
			'.',
			'#',
			'?',
			'%2F',
			'%40',
			'\t',
			'\n',
			' ',
			':443',
			':80',
			':8443',
			'..',
			'/api/task/self',
		],
		...[
			hostOf(base),
			hostOf(base).toUpperCase(),
			'evil.example',
			`${hostOf(base)}.evil.example`,
			'user:password',
			'\u3002',
			'\uFF0F',
			'[::1]',
		],
	];
	return fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
}

describe.each(CREDENTIALS)('the key of $credential.displayName', ({ credential, base }) => {
	test('goes to its own origin only, however an address is written', async () => {
		let taken = 0;
		const request: fc.Arbitrary<{ url: string; baseURL?: string }> = fc.record({
			url: forged(base),
			baseURL: fc.oneof(fc.constant(undefined), fc.constant(base), forged(base)),
		});
		const property = fc.asyncProperty(request, async (options) => {
			const { headers = {} } = await credential.authenticate({ ...SECRETS, baseUrl: base }, options);
			const destination = destinationOf(options);
			if (Object.keys(headers).length === 0 || destination === undefined) return;
			taken += 1;
			expect({ ...options, destination }).toEqual({ ...options, destination: base });
		});
		await fc.assert(
			property,
			fuzzSettings(1000, { examples: [[{ url: `${base}/v1/models` }], [{ url: 'https:evil.example/v1' }]] }),
		);
		expect(taken).toBeGreaterThan(0);
	});

	test.each([
		...[
			'https:evil.example/x',
			'https:/evil.example/x',
			'https:\\\\evil.example',
			`https://${hostOf(base)}.evil.example/`,
			`https://${hostOf(base)}@evil.example/`,
		],
		...[
			`https://${hostOf(base)}:8443/`,
			`http://${hostOf(base)}/`,
			`//evil.example/`,
			`\\\\evil.example/`,
			`https://evil.example\\@${hostOf(base)}/`,
		],
		...[
			`https://evil.example/?${base}`,
			`https://evil.example#@${hostOf(base)}`,
			`https://${hostOf(base)}%2Eevil.example/`,
			`https://sub.${hostOf(base)}/`,
		],
	])('does not go to %s', async (url) => {
		for (const address of [{ url }, { uri: url }]) {
			const { headers = {} } = await credential.authenticate(
				{ ...SECRETS, baseUrl: base },
				address as unknown as IHttpRequestOptions,
			);
			expect(headers).toEqual({});
		}
	});
});

describe.each([
	['CometAPI', normalizeBaseUrl],
	['n8n', normalizeN8nUrl],
])('the base URL of %s', (_who, normalize) => {
	test.each([
		'https://api.cometapi.com@evil.example',
		'https://user:password@api.cometapi.com',
		'https://sk-0123456789abcdef@api.cometapi.com',
	])('%s is refused: what stands before the @ is no host', (given) => {
		expect(() => normalize(given)).toThrow(/has a user name/);
	});

	test.each([
		'sk-0123456789abcdef',
		'https://user:pass0123456@evil.example',
		'http://evil.example/sk-0123456789abcdef',
		'eyJhbGciOiJIUzI1NiJ9.e30.abc',
	])('%s, a key in the wrong field, is not in the message', (given) => {
		expect(() => normalize(given)).toThrow(/Base URL/);
		expect(() => normalize(given)).not.toThrow(/0123456|eyJ/);
	});
});

/** Loopback, private, link-local, shared and reserved addresses in all ways to write them; names that no public host has. */
const PRIVATE = [
	...[
		'127.0.0.1',
		'127.1',
		'2130706433',
		'017700000001',
		'0x7f000001',
		'0x7f.0.0.1',
		'0177.0.0.01',
		'127.0.0.1.',
		'0',
		'0.0.0.0',
	],
	...[
		'10.0.0.1',
		'0xa.1',
		'012.0.0.1',
		'167772161',
		'172.16.5.4',
		'192.168.1.1',
		'192.168.257',
		'0xc0a80101',
		'100.64.0.1',
		'198.18.0.1',
		'192.0.0.8',
	],
	...[
		'169.254.169.254',
		'0xa9fea9fe',
		'2852039166',
		'169.254.43518',
		'255.255.255.255',
		'224.0.0.1',
		'240.0.0.1',
		'\uFF11\uFF12\uFF17.0.0.1',
		'127\u30020\u30020\u30021',
	],
	...[
		'[::1]',
		'[::]',
		'[0:0:0:0:0:0:0:1]',
		'[fc00::1]',
		'[fdab::1]',
		'[fe80::1]',
		'[febf::1]',
		'[fec0::1]',
		'[ff02::1]',
	],
	...[
		'[::ffff:127.0.0.1]',
		'[::ffff:7f00:1]',
		'[::ffff:a00:1]',
		'[::127.0.0.1]',
		'[::a9fe:a9fe]',
		'[::ffff:0:127.0.0.1]',
	],
	...[
		'[64:ff9b::127.0.0.1]',
		'[64:ff9b::a9fe:a9fe]',
		'[64:ff9b:1::a00:1]',
		'[2002:7f00:1::]',
		'[2002:a9fe:a9fe::1]',
		'[2002:c0a8:101::]',
	],
	...[
		'localhost',
		'LOCALHOST.',
		'x.localhost',
		'nas.local',
		'metadata.google.internal',
		'redis',
		'n8n',
		'localhost.localdomain',
		'router.lan',
		'pi.home.arpa',
		'wiki.corp',
		'intra.intranet',
	],
];
const PUBLIC = [
	'cdn.example.com',
	'8.8.8.8',
	'172.32.0.1',
	'192.169.0.1',
	'198.20.0.1',
	'100.128.0.1',
	'11.0.0.1',
	'[2606:4700::1111]',
	'[2002:808:808::]',
	'[64:ff9b::808:808]',
	'local.example.com',
	'10.example.com',
	'fc00.example.com',
];

const canonical = (host: string) => new URL(`http://${host}/`).hostname;

test.each(PRIVATE)('%s is private', (host) => {
	expect(isPrivateHost(canonical(host))).toBe(true);
});

test.each(PUBLIC)('%s is public', (host) => {
	expect(isPrivateHost(canonical(host))).toBe(false);
});

describe('with CometAPI at a public address', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	/** The node's own requests are led to the simulator; those for files would go where the link says. */
	test('nothing is fetched from there, neither directly nor behind a redirect', async () => {
		const { downloadAsset } = jest.requireActual<typeof import('../../nodes/CometApiVideo/service/download')>(
			'../../nodes/CometApiVideo/service/download',
		);
		const asked: string[] = [];
		let location: string | undefined;
		const { Readable } = jest.requireActual<typeof import('node:stream')>('node:stream');
		const context = {
			getExecutionCancelSignal: () => undefined,
			helpers: {
				httpRequest: async ({ url }: { url: string }) => {
					asked.push(url);
					const headers = location === undefined ? {} : { location };
					return await Promise.resolve({
						statusCode: location === undefined ? 200 : 302,
						headers,
						body: Readable.from([sampleVideo]),
					});
				},
			},
		};
		const download = async (url: string) =>
			await downloadAsset(
				context as never,
				{ kind: 'video', sources: [{ at: 'url', url }] },
				{
					...{
						baseUrl: 'https://api.cometapi.com',
						secrets: [],
						fileName: 'a.mp4',
						maxBytes: 1e9,
						clock: node.clock,
						timeoutMs: 1000,
					},
					lookUpLink: async () => await Promise.resolve(''),
				},
			).catch((error: Error) => error.message);
		for (const host of PRIVATE) {
			location = undefined;
			expect(await download(`http://${host}/latest/meta-data`)).toMatch(/which is not fetched/);
			expect(asked).toEqual([]);
			location = `http://${host}/latest/meta-data`;
			expect(await download('https://cdn.example.com/video.mp4')).toMatch(/which is not fetched/);
			expect(asked.splice(0)).toEqual(['https://cdn.example.com/video.mp4']);
		}
		for (const url of ['file:///etc/passwd', 'ftp://cdn.example.com/a', 'javascript:alert(1)']) {
			expect(await download(url)).toMatch(/which is not fetched/);
		}
		expect(asked).toEqual([]);
	});

	test('a loopback CometAPI may lead to loopback files', async () => {
		const { error } = await node.run({ prompt: 'x' });
		expect(errorText(error)).toBe('');
	});
});
