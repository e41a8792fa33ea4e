/** What must never be seen outside of requests to its own origin. */
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_API_KEY } from '../simulator/simulator';
import { N8N_API_KEY } from './n8nApi';

export const SECRETS = [SIMULATOR_API_KEY, SIMULATOR_ACCESS_TOKEN, N8N_API_KEY];

/** All that can be read in a value: messages, stacks, causes, what is not enumerable, keys and values of maps. */
export function everythingIn(value: unknown, seen = new Set<unknown>()): string {
	if (typeof value === 'string') return value;
	if (typeof value !== 'object' || value === null || seen.has(value)) return '';
	seen.add(value);
	if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
	const own = Object.getOwnPropertyNames(value).map((key) => `${key} ${everythingIn(Reflect.get(value, key), seen)}`);
	const inner =
		value instanceof Map || value instanceof Set ? [...value].map((entry) => everythingIn(entry, seen)) : [];
	return [...own, ...inner].join('\n');
}

/** The secrets that stand in a text, also in the forms that they take in addresses and headers. */
export function secretsIn(text: string): string[] {
	return SECRETS.filter((secret) =>
		[secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1)].some(
			(form) => text.includes(form),
		),
	);
}
