import { isPrivateHost, normalizeBaseUrl } from '../../nodes/CometApiVideo/service/origin';

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
		expect(() => normalizeBaseUrl(given)).toThrow(/is not a web address/);
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
	])('%s is public', (host) => {
		expect(isPrivateHost(hostOf(host))).toBe(false);
	});
});
