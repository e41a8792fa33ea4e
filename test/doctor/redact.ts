/** Answers without what belongs to somebody: keys, signed links, ids, names and sums of an account. */

/** Members whose values say something of the account, or let somebody in. */
const PRIVATE_NAME =
	/(^|_)(name|user|username|user_id|email|group|key|token|secret|quota|ip|ips|account|channel|channel_id|balance|granted|used|available|limits|expires_at)(_|$)/i;
const PUBLIC_NAMES = ['model_name', 'origin_model_name', 'upstream_model_name', 'display_name', 'provider_name'];
const MAX_TEXT_LENGTH = 600;

/**
 * @param secrets exact texts that must not stay, e.g. the key
 * @returns the same form, every id of a task replaced by the same stand-in wherever it is
 */
export function redact(
	value: unknown,
	secrets: readonly string[],
	ids: ReadonlyMap<string, string> = new Map(),
): unknown {
	const ofText = (text: string) => redactText(text, secrets, ids);
	const walk = (each: unknown, name: string): unknown => {
		if (PRIVATE_NAME.test(name) && !PUBLIC_NAMES.includes(name)) return blank(each);
		if (Array.isArray(each)) return each.map((entry) => walk(entry, name));
		if (typeof each === 'object' && each !== null) {
			return Object.fromEntries(Object.entries(each).map(([key, inner]) => [ofText(key), walk(inner, key)]));
		}
		return typeof each === 'string' ? ofText(each) : each;
	};
	return walk(value, '');
}

function blank(value: unknown): unknown {
	if (typeof value === 'string') return value === '' ? '' : 'redacted';
	if (Array.isArray(value)) return [];
	if (typeof value === 'object' && value !== null) return {};
	return typeof value === 'number' ? 0 : value;
}

function redactText(text: string, secrets: readonly string[], ids: ReadonlyMap<string, string>): string {
	let rest = text;
	for (const secret of secrets) if (secret !== '') rest = rest.replaceAll(secret, 'redacted');
	for (const [id, standIn] of ids) rest = rest.replaceAll(id, standIn);
	rest = rest
		.replace(/\b(?:sk|rk|pk)-[\w-]{8,}/g, 'redacted')
		.replace(/\bBearer\s+[\w.~+/-]{8,}=*/gi, 'Bearer redacted')
		.replace(/data:[\w/+.-]+;base64,[A-Za-z0-9+/=]*/g, 'data:redacted')
		.replace(/https?:\/\/[^\s"'<>\\]+/gi, redactLink)
		.replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, 'redacted@example.com')
		.replace(/\b(request id:?\s*)[\w-]+/gi, '$1redacted')
		.replace(/\b((?:group|user|token|channel)\s+)["'#]?[\w-]+["']?(?=\s+(?:and|has|is|\())/gi, '$1redacted');
	return rest.length > MAX_TEXT_LENGTH ? `${rest.slice(0, MAX_TEXT_LENGTH)}…` : rest;
}

/** What kind of file it is may matter; where it lies and who may fetch it is nobody's business. */
function redactLink(link: string): string {
	const extension = /\.(mp4|mov|webm|png|jpe?g|webp|mp3|wav)(?=[?#]|$)/i.exec(link)?.[0] ?? '';
	return `https://example.com/redacted${extension.toLowerCase()}`;
}
