/**
 * Which addresses count as CometAPI. The credential and the client share these rules, so that the key cannot travel to
 * another host on either way.
 */

export const DEFAULT_BASE_URL = 'https://api.cometapi.com';

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** 0.x, 10.x, 100.64.x, 127.x, 169.254.x, 172.16–31.x, 192.168.x; IPv6 loopback, unique local, link-local, mapped IPv4. */
const PRIVATE_HOST =
	/^(localhost|.*\.localhost|.*\.local|.*\.internal|0(\.\d+){3}|10(\.\d+){3}|127(\.\d+){3}|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}|169\.254(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|192\.168(\.\d+){2}|\[(::1?|f[cd][0-9a-f]*:.*|fe[89ab][0-9a-f]*:.*|::ffff:.*)\])$/;

/**
 * The base URL without trailing slash and without the `/v1` that other tools want at its end.
 * @throws Error with a message for the user when it is no URL, or `http` to a host other than this machine
 */
export function normalizeBaseUrl(baseUrl: unknown): string {
	const text = String(baseUrl || DEFAULT_BASE_URL).trim();
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new Error(
			`The Base URL "${text}" of the CometAPI Video API credential is not a web address; use ${DEFAULT_BASE_URL}`,
		);
	}
	if (url.protocol === 'http:' && !LOOPBACK_HOST.test(url.hostname)) {
		throw new Error(
			`The Base URL "${text}" of the CometAPI Video API credential starts with http://, which would send the API key unencrypted; use https://`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/v1$/, '');
}

/**
 * The address of an n8n without trailing slash and without the `/api/v1` of its API. Unencrypted only where the key stays
 * in a private network, for instance from container to container.
 * @throws Error with a message for the user
 */
export function normalizeN8nUrl(baseUrl: unknown): string {
	const text = String(baseUrl ?? '').trim();
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new Error(`The Base URL "${text}" of the N8n Data Table API credential is not a web address, e.g. https://n8n.example.com`);
	}
	const isServiceName = !url.hostname.includes('.') && !url.hostname.startsWith('[');
	if (url.protocol === 'http:' && !isServiceName && !isPrivateHost(url.hostname)) {
		throw new Error(
			`The Base URL "${text}" of the N8n Data Table API credential starts with http://, which would send the API key unencrypted; use https://, or an address of your own network such as http://localhost:5678`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '');
}

/**
 * The address of a request if it lies at the base URL's own origin, the only one that gets the key. n8n's older request
 * helpers, which the HTTP Request node uses, call it `uri`.
 */
export function addressAtOrigin(
	baseUrl: string,
	request: { url?: string; uri?: string; baseURL?: string },
): URL | undefined {
	const address = request.url ?? request.uri;
	const base = request.baseURL ?? baseUrl;
	if (!address || !URL.canParse(address, base)) return undefined;
	const target = new URL(address, base);
	return target.origin === new URL(baseUrl).origin ? target : undefined;
}

/** Whether the host part is this machine or a network that is not public. Names are not resolved. */
export function isPrivateHost(hostname: string): boolean {
	return PRIVATE_HOST.test(hostname.toLowerCase().replace(/\.$/, ''));
}
