/**
 * The shapes of CometAPI's other replies than those about tasks (`reader/`), as small tolerant schemas: only what this package
 * reads, extras allowed.
 */
import { z } from 'zod';
import { UnexpectedResponseError } from '../task/errors';
import { parseJson } from '../task/json';

const text = z.union([z.string(), z.number()]).transform(String);
const optionalText = text.nullish();

/** A field that is read when it has the expected form, and otherwise counts as absent: it must not cost a paid task. */
function lenient<Schema extends z.ZodTypeAny>(schema: Schema) {
	return schema.nullish().catch(undefined);
}

/** A row of `GET /api/models`, https://apidoc.cometapi.com/guides/how-to-list-available-models; only the id must be one. */
export const catalogueRowSchema = z
	.object({
		id: z.string().min(1),
		provider: lenient(text),
		description: lenient(text),
		model_type: lenient(text),
		features: lenient(z.union([z.string(), z.array(z.unknown())])),
		endpoints: z.unknown(),
		upcoming: z.unknown(),
		api_doc_url: lenient(text),
		pricing: z.unknown(),
	})
	.passthrough();

/** `GET /api/usage/token`, page "Get current API key" under https://apidoc.cometapi.com/api/api-keys */
export const balanceSchema = z
	.object({
		data: z
			.object({
				name: optionalText,
				total_granted: z.number(),
				total_used: z.number(),
				total_available: z.number(),
				unlimited_quota: z.boolean().nullish(),
				expires_at: z.number().nullish(),
			})
			.passthrough(),
	})
	.passthrough();

/**
 * @param what names the reply in the message, e.g. "the new task"
 * @throws UnexpectedResponseError naming the first path that does not fit
 */
export function parseReply<Output>(
	schema: z.ZodType<Output, z.ZodTypeDef, unknown>,
	body: unknown,
	what: string,
): Output {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const place = issue?.path.join('.') || 'the body';
	throw new UnexpectedResponseError(
		`CometAPI's answer about ${what} could not be understood: ${place}: ${issue?.message ?? 'it does not fit'}`,
		'CometAPI may have changed its interface. Check for a newer version of this package, or report it with the request ID.',
	);
}

const errorObject = z.object({ message: optionalText, code: optionalText }).passthrough();
const errorReplySchema = z
	.object({ error: z.union([z.string(), errorObject]).nullish(), message: optionalText, code: optionalText })
	.passthrough();

/** What an error body of n8n's own API says, `{message}`; empty strings where it says nothing. CometAPI's: `reader/refusal.ts`. */
export function readErrorBody(body: unknown): { message: string; code: string } {
	const parsed = errorReplySchema.safeParse(body);
	if (!parsed.success) return { message: '', code: '' };
	const { error, message, code } = parsed.data;
	if (typeof error === 'string') return { message: error, code: code ?? '' };
	return { message: error?.message ?? message ?? '', code: error?.code ?? code ?? '' };
}

/**
 * The value of an answer's JSON text. Some servers repeat what they were asked with, and a key with escapes in it is found only
 * after they are read.
 * @param secrets as `secretsOf` gives them
 */
export function parseAnswer(text: string, secrets: readonly string[]): unknown {
	const json = parseJson(text);
	return text.includes('\\') && secrets.length > 0 ? withoutSecretsIn(json, secrets) : json;
}

/** Deeper than any answer; what lies below is left out. */
const MAX_DEPTH = 100;

function withoutSecretsIn(value: unknown, secrets: readonly string[], depth = 0): unknown {
	const masked = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
	if (typeof value === 'string') return masked(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth > MAX_DEPTH) return undefined;
	if (Array.isArray(value)) return value.map((entry) => withoutSecretsIn(entry, secrets, depth + 1));
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [masked(name), withoutSecretsIn(inner, secrets, depth + 1)]),
	);
}
