import { isPrivateHost, normalizeBaseUrl, normalizeN8nUrl } from '../../nodes/CometApiVideo/service/origin';

describe('the base URL', () => {
	test.each([
		['https://api.cometapi.com', 'https://api.cometapi.com'],
		['https://api.cometapi.com/', 'https://api.cometapi.com'],
		[' https://api.cometapi.com/v1/ ', 'https://api.cometapi.com'],
		['', 'https://api.cometapi.com'],
		['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
		['http://localhost:8787/v1', 'http://localhost:8787'],
		['http://[::1]:1', 'http://[::1]:1'],
		['https://gateway.example.com/comet/v1', 'https://gateway.example.com/comet'],
		['https://gateway.example.com/v1/comet//', 'https://gateway.example.com/v1/comet'],
	])('%s becomes %s', (given, expected) => {
		expect(normalizeBaseUrl(given)).toBe(expected);
	});

	test.each(['http://api.cometapi.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com'])(
		'%s would send the key unencrypted',
		(given) => {
			expect(() => normalizeBaseUrl(given)).toThrow(/unencrypted; use https/);
		},
	);

	test.each(['api.cometapi.com', 'ftp://api.cometapi.com', 'nonsense'])('%s is no web address', (given) => {
		expect(() => normalizeBaseUrl(given)).toThrow(
			'The Base URL of the CometAPI Video API credential is not a web address; use https://api.cometapi.com',
		);
	});

	test.each(['https://me@example.com', 'https://:secret@example.com'])('%s has a user name', (given) => {
		expect(() => normalizeBaseUrl(given)).toThrow(/ has a user name before an "@"/);
	});
});

describe('the address of an n8n', () => {
	test.each([
		['https://n8n.example.com', 'https://n8n.example.com'],
		['https://n8n.example.com//', 'https://n8n.example.com'],
		['https://n8n.example.com/api', 'https://n8n.example.com'],
		['https://n8n.example.com/api/v1/', 'https://n8n.example.com'],
		['https://example.com/api/n8n/api/v1', 'https://example.com/api/n8n'],
		['http://n8n:5678', 'http://n8n:5678'],
	])('%s becomes %s', (given, expected) => {
		expect(normalizeN8nUrl(given)).toBe(expected);
	});

	test('anything else is refused, with an example', () => {
		expect(() => normalizeN8nUrl('n8n')).toThrow(
			'The Base URL of the N8n Data Table API credential is not a web address, e.g. https://n8n.example.com',
		);
		expect(() => normalizeN8nUrl('http://n8n.example.com')).toThrow(/unencrypted; use https/);
	});
});

describe('a private host', () => {
	const hostOf = (host: string) => new URL(`http://${host}/`).hostname;

	test.each([
		...['localhost', 'a.localhost', 'printer.local', '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0.0.0.0'],
		...['10.1.2.3', '100.64.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
		...[
			'[::1]',
			'[::]',
			'[fd00::1]',
			'[fe80::1]',
			'[::ffff:127.0.0.1]',
			'metadata.google.internal',
			'LOCALHOST',
			'localhost.',
			'localhost..',
			'0x7f.1..',
			'[fd00:1:2:3:4:5:6:7]',
			'[64:ff9b::192.0.0.1]',
		],
	])('%s', (host) => {
		expect(isPrivateHost(hostOf(host))).toBe(true);
	});

	test.each([
		'cdn.example.com',
		'8.8.8.8',
		'172.32.0.1',
		'100.128.0.1',
		'192.169.0.1',
		'localhost.example.com',
		'[2606:4700::1111]',
		'[2606:4700:1:2:3:4:5:6]',
		'[64:ff9b::192.0.1.1]',
	])('%s is public', (host) => {
		expect(isPrivateHost(hostOf(host))).toBe(false);
	});
});
