/**
 * One request through n8n's helper, with the key that a credential adds, and what came back. What an answer means is decided
 * by those who send it: `client.ts` for CometAPI, `journal/dataTableApi.ts` for n8n.
 */
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';
import { RequestError } from '../task/errors';
import { lostConnection } from './networkFailures';
import type { Asked, Reply } from './refusals';
import { asText } from '../task/asText';

export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export interface Service {
	asked: Asked;
	credentialType: string;
	/** Without a slash at its end. */
	baseUrl: string;
	/** Taken out of the text of all answers: some servers repeat what they were asked with. */
	secrets: readonly string[];
}

export interface ApiRequest {
	method: IHttpRequestMethods;
	/** Begins with a slash; follows the base URL. */
	path: string;
	body?: IHttpRequestOptions['body'];
	headers?: Readonly<Record<string, string>>;
	timeoutMs: number;
}

export const JSON_HEADERS = { 'Content-Type': 'application/json' };

/**
 * Redirects are never followed with the key, but for the gateway's own trailing slash.
 * @throws RequestError when no answer came; any answer, also an error status, is returned
 */
export async function send(context: RequestContext, service: Service, request: ApiRequest): Promise<Reply> {
	const { baseUrl } = service;
	const reply = await sendOnce(context, service, `${baseUrl}${request.path}`, request);
	const location = reply.headers.location;
	if (request.method === 'GET' && reply.statusCode >= 300 && reply.statusCode < 400 && typeof location === 'string') {
		const target = URL.canParse(location, baseUrl) ? new URL(location, baseUrl).href : '';
		const withSlash = `${baseUrl}${request.path.replace(/(?=\?|$)/, '/')}`;
		if (target === withSlash) return await sendOnce(context, service, target, request);
	}
	return reply;
}

async function sendOnce(context: RequestContext, service: Service, url: string, request: ApiRequest): Promise<Reply> {
	const options: IHttpRequestOptions = {
		method: request.method,
		url,
		headers: { Accept: 'application/json', ...request.headers },
		body: request.body,
		timeout: request.timeoutMs,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	try {
		const { httpRequestWithAuthentication } = context.helpers;
		const reply = httpRequestWithAuthentication.call(
			context,
			service.credentialType,
			options,
		) as Promise<StreamedReply>;
		const { body, ...rest } = await readReply(reply, request.timeoutMs, service.asked.name);
		const hide = (text: string) => withoutSecrets(text, service.secrets);
		return { ...rest, headers: mapTexts(rest.headers, hide), body: hide(body) };
	} catch (error) {
		throw error instanceof RequestError ? error : lostConnection(error, url, service.asked);
	}
}

/** More than any answer of text has; a few bytes can be packed so that they grow to gigabytes. */
const MAX_REPLY_BYTES = 16e6;

export interface StreamedReply extends Omit<Reply, 'body'> {
	body: AsyncIterable<Buffer> & { destroy(): void };
}

/**
 * A whole answer as text.
 * @param who answers, for the message
 * @throws RequestError of the kind `transient` when it is too large; whatever the connection ends with
 */
export async function readReply(reply: Promise<StreamedReply>, timeoutMs: number, who: string): Promise<Reply> {
	let body: StreamedReply['body'] | undefined;
	const whole = async (): Promise<Reply> => {
		const { statusCode, headers, ...rest } = await reply;
		({ body } = rest);
		return { statusCode, headers, body: await readText(body, who) };
	};
	try {
		return await withinTime(whole(), timeoutMs);
	} finally {
		// An answer that is given up would otherwise go on arriving.
		body?.destroy();
	}
}

async function readText(body: AsyncIterable<Buffer>, who: string): Promise<string> {
	const chunks: Buffer[] = [];
	let total = 0;
	for await (const chunk of body) {
		total += chunk.length;
		if (total > MAX_REPLY_BYTES) {
			throw new RequestError(
				'transient',
				`The answer of ${who} is larger than ${MAX_REPLY_BYTES / 1e6} MB`,
				'No answer should be. Check the Base URL in the credential, and the proxy of n8n.',
			);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

/**
 * Text of a server, of any length, without keys that it repeats.
 * @param secrets as `secretsOf` gives them; they are also found where JSON has written characters as `\u0041`
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const plain = secrets.reduce((rest, key) => rest.replaceAll(key, '…'), text);
	if (!/\\u00/i.test(plain)) return plain;
	return secrets.reduce((rest, key) => rest.replace(new RegExp(Array.from(key, inAnyForm).join(''), 'g'), '…'), plain);
}

/** A pattern for a character as it is or escaped; with two backslashes where JSON stands inside a text of JSON. */
function inAnyForm(character: string): string {
	const code = character.charCodeAt(0).toString(16).padStart(4, '0');
	const hex = Array.from(code, (digit) => `[${digit}${digit.toUpperCase()}]`).join('');
	return `(?:${character.replace(/[^\w]/g, '\\$&')}|\\\\{1,4}u${hex})`;
}

/** Headers are texts, or lists of texts. */
function mapTexts(headers: IDataObject, change: (text: string) => string): IDataObject {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, value === undefined ? value : change(asText(value))]),
	);
}

/** Shorter ones are no keys, and would be found in innocent words. */
const MIN_SECRET_LENGTH = 8;

/** The secret fields of a credential. */
export function secretsOf(...fields: readonly unknown[]): string[] {
	return fields.map((field) => asText(field).trim()).filter(({ length }) => length >= MIN_SECRET_LENGTH);
}

/** The time limit of n8n's helper ends with the first bytes of the answer; this one covers all of it. */
async function withinTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
	const limit = AbortSignal.timeout(timeoutMs);
	let giveUp = () => {};
	const late = new Promise<never>((_resolve, reject) => {
		giveUp = () => reject(Object.assign(new Error('No complete answer'), { code: 'ETIMEDOUT' }));
		limit.addEventListener('abort', giveUp);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		// A signal with a listener would keep the answer in memory until its time is over.
		limit.removeEventListener('abort', giveUp);
	}
}

const MAX_REQUEST_ID_LENGTH = 100;

/** CometAPI's id of a request; its support asks for it. */
export function readRequestId({ headers, body }: Reply): string | undefined {
	const header = headers['x-cometapi-request-id'] ?? headers['x-oneapi-request-id'];
	const id = typeof header === 'string' && header !== '' ? header : /\(request id: ([\w-]{1,100})\)/.exec(body)?.[1];
	return id?.slice(0, MAX_REQUEST_ID_LENGTH);
}
