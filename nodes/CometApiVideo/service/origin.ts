/**
 * Which addresses count as CometAPI. The credential and the client share these rules, so that the key cannot travel to
 * another host on either way.
 */
import { asText } from '../task/asText';

export const DEFAULT_BASE_URL = 'https://api.cometapi.com';

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/**
 * The base URL without trailing slash and without the `/v1` that other tools want at its end. Messages do not repeat what is
 * no plain address: it may be a key in the wrong field.
 * @throws Error with a message for the user when it is no URL, or `http` to a host other than this machine
 */
export function normalizeBaseUrl(baseUrl: unknown): string {
	const url = parseBaseUrl(baseUrl || DEFAULT_BASE_URL, 'CometAPI Video API', `; use ${DEFAULT_BASE_URL}`);
	if (url.protocol === 'http:' && !LOOPBACK_HOST.test(url.hostname)) {
		throw new Error(
			`The Base URL "${url.origin}" of the CometAPI Video API credential starts with http://, which would send the API key unencrypted; use https://`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '').replace(/\/v1$/, '');
}

/**
 * The address of an n8n without trailing slash and without the `/api/v1` of its API. Unencrypted only where the key stays
 * in a private network, for instance from container to container.
 * @throws Error with a message for the user
 */
export function normalizeN8nUrl(baseUrl: unknown): string {
	const url = parseBaseUrl(baseUrl, 'N8n Data Table API', ', e.g. https://n8n.example.com');
	if (url.protocol === 'http:' && !isPrivateHost(url.hostname)) {
		throw new Error(
			`The Base URL "${url.origin}" of the N8n Data Table API credential starts with http://, which would send the API key unencrypted; use https://, or an address of your own network such as http://localhost:5678`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '').replace(/\/api(\/v1)?$/, '');
}

function parseBaseUrl(baseUrl: unknown, credential: string, instead: string): URL {
	const text = asText(baseUrl);
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw new Error(`The Base URL of the ${credential} credential is not a web address${instead}`);
	}
	if (url.username !== '' || url.password !== '') {
		throw new Error(
			`The Base URL of the ${credential} credential has a user name before an "@"; the host is what follows it. Remove it${instead}`,
		);
	}
	return url;
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
	if (!address) return undefined;
	// An address that stands alone is read alone, as n8n's HTTP library does: beside a base, `https:host` would be a path.
	const base = URL.canParse(address) ? undefined : (request.baseURL ?? baseUrl);
	if (!URL.canParse(address, base)) return undefined;
	const target = new URL(address, base);
	return target.origin === new URL(baseUrl).origin ? target : undefined;
}

/** Names that never belong to a public host; a name without a dot is one of the own network, e.g. of a container. */
const PRIVATE_NAME = /^[^.]+$|\.(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Networks as first address and number of fixed bits; RFC 6890 and its successors. */
const PRIVATE_NETWORKS: ReadonlyArray<[string, number]> = [
	...([
		['0.0.0.0', 8],
		['10.0.0.0', 8],
		['100.64.0.0', 10],
		['127.0.0.0', 8],
		['169.254.0.0', 16],
		['172.16.0.0', 12],
	] as Array<[string, number]>),
	...([
		['192.0.0.0', 24],
		['192.168.0.0', 16],
		['198.18.0.0', 15],
		['224.0.0.0', 3],
	] as Array<[string, number]>),
];

/** @param hostname as `URL` gives it @returns whether it is this machine or a network that is not public. Names are not resolved. */
export function isPrivateHost(hostname: string): boolean {
	const host = withoutEmptyLabels(hostname);
	if (host.startsWith('[')) return isPrivateIpv6(toGroups(host.slice(1, -1)));
	return /^\d+(\.\d+){3}$/.test(host) ? isPrivateIpv4(toNumber(host)) : PRIVATE_NAME.test(host);
}

/** Resolvers take `localhost..` for localhost; with the dots gone, numbers are read as an address again. */
function withoutEmptyLabels(hostname: string): string {
	const host = hostname.split('.').filter(Boolean).join('.');
	return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}

function toNumber(ipv4: string): number {
	return ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPrivateIpv4(address: number): boolean {
	return PRIVATE_NETWORKS.some(([first, bits]) => {
		const size = 2 ** (32 - bits);
		return Math.floor(address / size) === Math.floor(toNumber(first) / size);
	});
}

/** The eight numbers of an address as URLs write it: hexadecimal, with `::` for zeros. */
function toGroups(ipv6: string): number[] {
	const groupsOf = (part: string) => part.split(':').filter(Boolean);
	const [head = '', tail = ''] = ipv6.split('::');
	const zeros = Array<string>(8 - groupsOf(head).length - groupsOf(tail).length).fill('0');
	return [...groupsOf(head), ...zeros, ...groupsOf(tail)].map((group) => Number.parseInt(group, 16));
}

/** Unique local, link-local, site-local, multicast; and all forms that carry an IPv4 address with them. */
function isPrivateIpv6(groups: readonly number[]): boolean {
	const [first = 0, second = 0, third = 0] = groups;
	if ((first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80 || (first & 0xff00) === 0xff00) return true;
	const ipv4At = (index: number) => (groups[index] ?? 0) * 65_536 + (groups[index + 1] ?? 0);
	const startsWith = (...start: number[]) => start.every((group, index) => groups[index] === group);
	if (first === 0x2002) return isPrivateIpv4(second * 65_536 + third);
	if (startsWith(0x64, 0xff9b, 1)) return true;
	if (startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return isPrivateIpv4(ipv4At(6));
	// ::, ::1, and IPv4 in its mapped, compatible and translated forms: no public host is named like that.
	return startsWith(0, 0, 0, 0);
}
