/**
 * The shapes of CometAPI's replies, as small tolerant schemas: only what this package reads, extras allowed, every form
 * that was ever documented accepted. Sources: the pages under https://apidoc.cometapi.com/api/video (2026-03 to 2026-06).
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { UnexpectedResponseError } from '../task/errors';

const text = z.union([z.string(), z.number()]).transform(String);
/** A number that JSON could not carry exactly is no id. */
const id = z.union([z.string(), z.number().refine(Number.isSafeInteger)]).transform(String);
const optionalText = text.nullish();
const number = z.union([z.number(), z.string()]);
const optionalNumber = number.nullish();
const errorObject = z.object({ message: optionalText, code: optionalText, type: optionalText }).passthrough();

/** A field that is read when it has the expected form, and otherwise counts as absent: it must not cost a paid task. */
export function lenient<Schema extends z.ZodTypeAny>(schema: Schema) {
	return schema.nullish().catch(undefined);
}

/** Whether a value is the address of a file on the web; anything else in the place of a link is no result. */
export function isLink(value: unknown): value is string {
	return typeof value === 'string' && /^https?:\/\/\S/i.test(value);
}

/** The first of several values that is a text or a number, as text; empty when none is. */
export function firstText(...candidates: readonly unknown[]): string {
	const found = candidates.find(
		(candidate) => (typeof candidate === 'string' && candidate !== '') || typeof candidate === 'number',
	);
	return found === undefined ? '' : String(found);
}

/** The answer to a create: nothing but the id matters. */
export const createdTaskSchema = z
	.object({ id: lenient(id), task_id: lenient(id), status: lenient(text) })
	.passthrough();

/** A task of the `/v1/videos` family; also the `data` of the older wrapper, whose fields differ. */
export const unifiedTaskSchema = z
	.object({
		status: lenient(text),
		model: lenient(text),
		progress: lenient(number),
		seconds: lenient(number),
		created_at: lenient(number),
		submit_time: lenient(number),
		completed_at: lenient(number),
		finish_time: lenient(number),
		video_url: lenient(z.string()),
		result_url: lenient(z.string()),
		fail_reason: lenient(text),
		metadata: lenient(z.object({ url: lenient(z.string()) }).passthrough()),
		data: lenient(z.object({ video_url: lenient(z.string()) }).passthrough()),
		error: lenient(z.union([z.string(), errorObject])),
	})
	.passthrough();

/** `{"error":{message,type,param,code}}`, `{"error":"…"}` or top-level `{code,message}`; all have been seen. */
const errorReplySchema = z
	.object({
		error: z.union([z.string(), errorObject]).nullish(),
		message: optionalText,
		code: optionalText,
	})
	.passthrough();

/** `GET /api/models`, https://apidoc.cometapi.com/guides/how-to-list-available-models */
export const catalogueSchema = z
	.object({
		data: z.array(
			z
				.object({
					id: z.string(),
					name: optionalText,
					provider: optionalText,
					description: optionalText,
					model_type: optionalText,
					features: z.array(z.string()).nullish(),
					endpoints: z.unknown(),
					upcoming: z.boolean().nullish(),
					api_doc_url: optionalText,
					pricing: z
						.object({
							currency: optionalText,
							per_second: optionalNumber,
							per_request: optionalNumber,
							ratio: optionalNumber,
						})
						.passthrough()
						.nullish(),
				})
				.passthrough(),
		),
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
	throw new UnexpectedResponseError(
		`CometAPI's answer about ${what} could not be understood: ${issue.path.join('.') || 'the body'}: ${issue.message}`,
		'CometAPI may have changed its interface. Check for a newer version of this package, or report it with the request ID.',
	);
}

/**
 * The task inside a reply: older generations wrapped it as `{code, message, data: {…}}`, newer ones send it bare, and
 * CometAPI's Wan 2.7 guide (2026-08) warns that either may come.
 */
export function unwrapTask(body: unknown): IDataObject {
	const reply = isObject(body) ? body : {};
	const isWrapper = reply.id === undefined && reply.status === undefined && isObject(reply.data);
	return isWrapper ? (reply.data as IDataObject) : reply;
}

/** A native route's answer, and the gateway's wrapper around it where there is one. */
export interface GatewayReply {
	/** The provider's own object. */
	payload: IDataObject;
	/** CometAPI's status word, failure text and progress of March 2026. */
	wrapper?: IDataObject;
}

/**
 * CometAPI wrapped some native answers as `{code: "success", message, data: {task_id, status, fail_reason, progress, data:
 * {…}}}` in March 2026 and sends them bare since April 2026; which one is live is not known, so both are read.
 */
export function unwrapGatewayReply(body: unknown): GatewayReply {
	const reply = isObject(body) ? body : {};
	const wrapper = isObject(reply.data) && typeof reply.code === 'string' ? reply.data : undefined;
	if (!wrapper) return { payload: reply };
	return { payload: isObject(wrapper.data) ? wrapper.data : {}, wrapper };
}

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an error body says; empty strings where it says nothing. */
export function readErrorBody(body: unknown): { message: string; code: string } {
	const parsed = errorReplySchema.safeParse(body);
	if (!parsed.success) return { message: '', code: '' };
	const { error, message, code } = parsed.data;
	if (typeof error === 'string') return { message: error, code: code ?? '' };
	return { message: error?.message ?? message ?? '', code: error?.code ?? code ?? '' };
}

/** The value of JSON text; undefined for anything else. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
