/**
 * The HTTP side of CometAPI: one request function with the key, and the calls that the operations need. It sends each
 * request once and says what its failure means (`RequestFailureKind`); repeating is decided by those who call it.
 */
import type { IDataObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
	RequestError,
	UnexpectedResponseError,
	cleanServerText,
	toCometApiVideoError,
	withDetails,
} from '../task/errors';
import { JSON_HEADERS, readRequestId, secretsOf, send } from './http';
import type { ApiRequest, RequestContext, Service } from './http';
import { getAtPath } from '../task/jsonPath';
import { normalizeBaseUrl } from './origin';
import { COMET_API, isUnknownTask, refusal } from './refusals';
import type { Reply } from './refusals';
import { encodeBody } from './requestBody';
import { balanceSchema, isObject, parseJson, parseReply, readErrorBody } from './replies';
import type { CreatedTask, CreateRequest, TaskApi, TaskRef, VideoTask } from '../task/types';

export const CREDENTIAL_TYPE = 'cometApiVideoApi';

/** A create may carry 30 MB of pictures over a slow line; giving up early would leave its outcome unknown. */
const CREATE_TIMEOUT_MS = 300_000;
const READ_TIMEOUT_MS = 30_000;

export interface ClientOptions {
	/** Seconds after which an unanswered request counts as lost; default 300 for creates, 30 for reads. */
	requestTimeoutSeconds?: number;
}

export type CometApiClient = Awaited<ReturnType<typeof createCometApiClient>>;

/** @throws NodeOperationError when the credential is missing or its Base URL cannot be used */
export async function createCometApiClient(context: RequestContext, options: ClientOptions = {}) {
	const service = await readCometApi(context);
	const timeout = (fallback: number) =>
		options.requestTimeoutSeconds ? options.requestTimeoutSeconds * 1000 : fallback;
	const get = async (path: string, headers?: ApiRequest['headers']) =>
		await sendForJson(context, service, { method: 'GET', path, headers, timeoutMs: timeout(READ_TIMEOUT_MS) });
	const post = async (api: TaskApi, request: CreateRequest) => {
		const { body, headers } = await encodeBody(request);
		return await sendForJson(context, service, {
			method: 'POST',
			path: request.path,
			body,
			headers: { ...api.headers, ...headers },
			timeoutMs: timeout(CREATE_TIMEOUT_MS),
		});
	};
	const create = async (api: TaskApi, request: CreateRequest, provider: string) => {
		const reply = await post(api, request);
		return withRequestId(reply, () => api.parseCreated(reply.json, request, provider));
	};
	const readTask = async (api: TaskApi, ref: TaskRef) => {
		const { method, path, body } = api.statusRequest(ref);
		const reply = await sendForJson(context, service, {
			method,
			path,
			body: body && JSON.stringify(body),
			headers: { ...api.headers, ...(body && JSON_HEADERS) },
			timeoutMs: timeout(READ_TIMEOUT_MS),
		});
		return withRequestId(reply, () => api.parseTask(reply.json, ref));
	};

	/** Answers to the calls that some creates need before them. */
	const answersBefore = new WeakMap<CreateRequest, IDataObject>();

	return {
		baseUrl: service.baseUrl,

		/**
		 * Sends the create once.
		 * @throws RequestError; kind `transient` means that the task may exist
		 */
		async createTask(api: TaskApi, request: CreateRequest, provider: string): Promise<CreatedTask> {
			const { before } = request;
			if (!before) return await create(api, request, provider);
			// Kept for the tries of one run: the first step need not be done again because the second was limited.
			const answer =
				answersBefore.get(request) ?? (await create(api, before.request, provider).catch(asNotCreated)).raw;
			answersBefore.set(request, answer);
			return await create(api, before.complete(answer), provider);
		},

		/**
		 * Reads a task where it should be, then where else it may be. The reference of the result has the route that answered.
		 * @param routes instead of the envelope's own guess, for a task of which only the id is known
		 * @throws RequestError, UnexpectedResponseError
		 */
		async getTask(api: TaskApi, ref: TaskRef, routes?: readonly string[]): Promise<VideoTask> {
			let unknown: RequestError | undefined;
			for (const route of routes ?? [ref.route, ...(api.otherRoutes?.(ref) ?? [])]) {
				const outcome = await readTask(api, { ...ref, route }).catch((error: Error) => error);
				if (!(outcome instanceof Error)) return outcome;
				// A route that failed to answer may be the right one.
				if (!isUnknownTask(outcome)) throw outcome;
				if (unknown?.kind !== 'refused') unknown = outcome;
			}
			throw unknown;
		},

		/** The link that a lookup names. It may be billed. @throws RequestError, UnexpectedResponseError when it names none */
		async lookUpLink(path: string, urlPath: string): Promise<string> {
			const { json, requestId } = await get(path);
			const link = getAtPath(json, urlPath);
			if (typeof link === 'string' && link !== '') return link;
			throw new UnexpectedResponseError(
				`CometAPI names no link (${urlPath}) for the file of the finished task: ${cleanServerText(JSON.stringify(json))}`,
				'Try again with Task > Download; the task itself is finished and need not be created again.',
				{ requestId },
			);
		},

		/**
		 * What CometAPI says when the file of a failed task is asked for; empty when it says nothing. Seen on real tasks:
		 * "Task is not completed yet, current status: VIOLATION".
		 */
		async readFailureReason(api: TaskApi, ref: TaskRef): Promise<string> {
			if (!api.failureDetailPath) return '';
			const { body } = await send(context, service, {
				method: 'GET',
				path: api.failureDetailPath(ref),
				headers: api.headers,
				timeoutMs: timeout(READ_TIMEOUT_MS),
			}).catch((): Reply => ({ statusCode: 0, headers: {}, body: '' }));
			return cleanServerText(readErrorBody(parseJson(body)).message);
		},

		/** Units: 500,000 are one US dollar (the gateway's documented default). */
		async getBalance() {
			const reply = await get('/api/usage/token');
			return withRequestId(reply, () => parseReply(balanceSchema, reply.json, 'the balance')).data;
		},
	};
}

/** However a step before the create has ended: nothing was created yet, and the step may be repeated. */
function asNotCreated(error: Error): never {
	const isLost = error instanceof RequestError ? error.kind === 'transient' : error instanceof UnexpectedResponseError;
	const { message, advice, details } = toCometApiVideoError(error);
	throw isLost ? new RequestError('notSent', message, advice, details) : error;
}

/** CometAPI as the credential names it. @throws NodeOperationError when its Base URL cannot be used */
export async function readCometApi(context: RequestContext): Promise<Service> {
	const { baseUrl, apiKey, accessToken } = await context.getCredentials(CREDENTIAL_TYPE);
	try {
		const secrets = secretsOf(apiKey, accessToken);
		return { asked: COMET_API, credentialType: CREDENTIAL_TYPE, baseUrl: normalizeBaseUrl(baseUrl), secrets };
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error, {
			description: 'Open the credential "CometAPI Video API" and correct the Base URL.',
		});
	}
}

async function sendForJson(context: RequestContext, service: Service, request: ApiRequest) {
	const reply = await send(context, service, request);
	const json = parseJson(reply.body);
	const requestId = readRequestId(reply);
	if (reply.statusCode < 200 || reply.statusCode > 299) throw refusal(reply, json, requestId);
	if (!isObject(json)) {
		throw new RequestError(
			'transient',
			/^\s*</.test(reply.body)
				? 'CometAPI answered with a web page instead of data'
				: 'The answer of CometAPI was incomplete',
			'If this happens every time, check the Base URL in the credential: it is usually https://api.cometapi.com.',
			{ requestId, httpStatus: reply.statusCode },
		);
	}
	return { ...reply, json, requestId };
}

function withRequestId<Result>(reply: { requestId?: string }, parse: () => Result): Result {
	try {
		return parse();
	} catch (error) {
		throw withDetails(error, { requestId: reply.requestId });
	}
}
