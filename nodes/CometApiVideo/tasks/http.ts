/**
 * One request through n8n's helper, with the key that a credential adds, and what came back. What an answer means is decided
 * by those who send it: `client.ts` for CometAPI, `journal/dataTableApi.ts` for n8n.
 */
import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';
import { lostConnection } from './requestErrors';
import type { Asked, Reply } from './requestErrors';

export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

export interface Service {
	asked: Asked;
	credentialType: string;
	/** Without a slash at its end. */
	baseUrl: string;
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
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	try {
		const reply = context.helpers.httpRequestWithAuthentication.call(context, service.credentialType, options);
		return await withinTime(reply, request.timeoutMs);
	} catch (error) {
		throw lostConnection(error, url, service.asked);
	}
}

/** The time limit of n8n's helper ends with the first bytes of the answer; this one covers all of it. */
export async function withinTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
	const late = new Promise<never>((_resolve, reject) => {
		AbortSignal.timeout(timeoutMs).addEventListener('abort', () =>
			reject(Object.assign(new Error('No complete answer'), { code: 'ETIMEDOUT' })),
		);
	});
	return await Promise.race([work, late]);
}

/** CometAPI's id of a request; its support asks for it. */
export function readRequestId({ headers, body }: Reply): string | undefined {
	const header = headers['x-cometapi-request-id'] ?? headers['x-oneapi-request-id'];
	return (header as string | undefined) ?? /\(request id: ([\w-]+)\)/.exec(body)?.[1];
}
