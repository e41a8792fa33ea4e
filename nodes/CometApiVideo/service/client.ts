/**
 * The HTTP side of CometAPI: one request function with the key, and the calls that the operations need. It sends each
 * request once and says what its failure means (`RequestFailureKind`); repeating is decided by those who call it.
 */
import { NodeOperationError } from 'n8n-workflow';
import { RequestError, UnexpectedResponseError, toCometApiVideoError, withDetails } from '../task/errors';
import { JSON_HEADERS, readRequestId, secretsOf, send } from './http';
import type { ApiRequest, RequestContext, Service } from './http';
import { getAtPath } from '../task/jsonPath';
import { normalizeBaseUrl } from './origin';
import { COMET_API, isUnknownTask, refusal } from './refusals';
import type { Purpose, Reply } from './refusals';
import { encodeBody } from './requestBody';
import { layersOf } from './reader/layers';
import { beginningOf } from './reader/readCreated';
import { hasNothingYet } from './reader/readTask';
import { readSaid } from './reader/refusal';
import { linksIn } from './reader/values';
import { balanceSchema, parseAnswer, parseReply } from './replies';
import { SharedLooks } from './sharedLooks';
import { clock } from '../task/clock';
import type { CreatedTask, CreateRequest, StatusRequest, TaskApi, TaskRef, VideoTask } from '../task/types';

export const CREDENTIAL_TYPE = 'cometApiVideoApi';

/** A create may carry 30 MB of pictures over a slow line; giving up early would leave its outcome unknown. */
const CREATE_TIMEOUT_MS = 300_000;
const READ_TIMEOUT_MS = 30_000;
const MAX_EMPTY_MS = 60_000;
/** One or two among other answers are a fault that passes. */
const MAX_EMPTY_ANSWERS = 5;

export interface ClientOptions {
	/** Seconds after which an unanswered request counts as lost; default 300 for creates, 30 for reads. */
	requestTimeoutSeconds?: number;
}

/** A place where a task may be. */
interface TaskPlace {
	taskApi: TaskApi;
	ref: TaskRef;
	/** Instead of the envelope's own guess, for a task of which only the id is known. */
	routes?: readonly string[];
}

/** A task that exists already, as far as it is known. */
export interface WantedTask {
	/** Tried in order until one knows the task. */
	places: readonly TaskPlace[];
	/** Set when nobody said whose task it is: the provider that a model belongs to. */
	providerOfModel?(model: string): string | undefined;
}

/** A reading, and whose envelope it came in. */
export interface FoundTask {
	task: VideoTask;
	taskApi: TaskApi;
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
		const create: ApiRequest = {
			method: 'POST',
			path: request.path,
			body,
			headers: { ...api.headers, ...headers },
			timeoutMs: timeout(CREATE_TIMEOUT_MS),
		};
		return await sendForJson(context, service, create, 'create');
	};
	const create = async (api: TaskApi, request: CreateRequest, provider: string) => {
		const reply = await post(api, request);
		return withRequestId(reply, () => api.parseCreated(reply.json, request, provider));
	};
	const ask = async (api: TaskApi, { method, path, body }: StatusRequest) =>
		await sendForJson(context, service, {
			method,
			path,
			body: body && JSON.stringify(body),
			headers: { ...api.headers, ...(body && JSON_HEADERS) },
			timeoutMs: timeout(READ_TIMEOUT_MS),
		});
	const lookAtOne = async (api: TaskApi, ref: TaskRef) => {
		const reply = await ask(api, api.statusRequest(ref));
		const task = withRequestId(reply, () => api.parseTask(reply.json, ref));
		assertNotEmptyForLong(reply.json, task, reply.requestId);
		return task;
	};

	const sharedLooks = new SharedLooks(async (api, request) => (await ask(api, request)).json, lookAtOne);

	/** Empty answers in a row to looks at a task, and the time of the first (milliseconds since 1970), by task. */
	const emptyAnswers = new Map<string, { since: number; count: number }>();
	/** A task is unknown for some seconds at times; a route that has nothing on it for longer never will. */
	const assertNotEmptyForLong = (json: unknown, { ref }: VideoTask, requestId: string | undefined) => {
		const key = `${ref.route} ${ref.taskId}`;
		if (!hasNothingYet(json)) {
			emptyAnswers.delete(key);
			return;
		}
		const { since, count } = emptyAnswers.get(key) ?? { since: clock.now(), count: 0 };
		emptyAnswers.set(key, { since, count: count + 1 });
		if (count + 1 < MAX_EMPTY_ANSWERS || clock.now() - since < MAX_EMPTY_MS) return;
		throw new RequestError(
			'refused',
			`CometAPI knows nothing of the task ${ref.taskId}`,
			'Check the task ID and its Provider.',
			{ requestId, httpStatus: 404 },
		);
	};

	/** @throws RequestError, UnexpectedResponseError */
	const getTask = async (api: TaskApi, ref: TaskRef, routes?: readonly string[]): Promise<VideoTask> => {
		let unknown: RequestError | undefined;
		for (const route of routes ?? [ref.route, ...(api.otherRoutes?.(ref) ?? [])]) {
			const outcome = await sharedLooks.look(api, { ...ref, route }).catch((error: Error) => error);
			if (!(outcome instanceof Error)) return outcome;
			// A route that failed to answer may be the right one.
			if (!isUnknownTask(outcome)) throw outcome;
			if (unknown?.kind !== 'refused') unknown = outcome;
		}
		throw unknown ?? new Error('A task is looked for on one route at least');
	};

	/** What has become of creates that need other calls before them. Kept for the tries of one run: a step need not be done again because the next was limited. */
	const completed = new WeakMap<CreateRequest, CreateRequest>();

	return {
		baseUrl: service.baseUrl,

		/** As `withoutSecrets` takes them. */
		secrets: service.secrets,

		/**
		 * Sends the create once.
		 * @throws RequestError; kind `transient` means that the task may exist
		 */
		async createTask(api: TaskApi, request: CreateRequest, provider: string): Promise<CreatedTask> {
			const { before } = request;
			if (!before) return await create(api, request, provider);
			const next =
				completed.get(request) ??
				before.complete((await create(api, before.request, provider).catch(asNotCreated)).raw);
			completed.set(request, next);
			return await this.createTask(api, next, provider);
		},

		/**
		 * Reads a task where it should be, then where else it may be. The reference of the result has the route that answered.
		 * @param routes instead of the envelope's own guess, for a task of which only the id is known
		 * @throws RequestError, UnexpectedResponseError
		 */
		getTask,

		/**
		 * Reads a task of which it may not be known where it is. The reference of the result says where it was found, and whose
		 * it is if its model tells.
		 * @throws RequestError, UnexpectedResponseError
		 */
		async findTask({ places, providerOfModel }: WantedTask): Promise<FoundTask> {
			let unknown: Error | undefined;
			for (const { taskApi, ref, routes } of places) {
				const outcome = await getTask(taskApi, ref, routes).catch((error: Error) => error);
				if (!(outcome instanceof Error)) {
					const provider = (outcome.model && providerOfModel?.(outcome.model)) || outcome.ref.provider;
					return { task: { ...outcome, ref: { ...outcome.ref, provider } }, taskApi };
				}
				if (!isUnknownTask(outcome)) throw outcome;
				unknown ??= outcome;
			}
			if (!(unknown instanceof RequestError) || !providerOfModel) {
				throw unknown ?? new Error('A task is looked for in one place at least');
			}
			const { kind, message, details, retryAfterMs } = unknown;
			const advice = 'Check the task ID, and choose the Provider that it was created with.';
			throw new RequestError(kind, message, advice, details, retryAfterMs);
		},

		/** The link that a lookup names. It may be billed. @throws RequestError, UnexpectedResponseError when it names none */
		async lookUpLink(path: string, urlPath: string): Promise<string> {
			const { json, requestId } = await get(path);
			const places = [getAtPath(json, urlPath), ...layersOf(json)];
			const [link] = places
				.flatMap((place) => linksIn(place))
				.flatMap((source) => (source.at === 'url' ? [source.url] : []));
			if (link !== undefined) return link;
			throw new UnexpectedResponseError(
				`CometAPI names no link for the file of the finished task: ${readSaid(json).said || beginningOf(JSON.stringify(json))}`,
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
			return readSaid(parseAnswer(body, service.secrets)).said;
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

interface ReadReply extends Reply {
	json: unknown;
	requestId?: string;
}

async function sendForJson(
	context: RequestContext,
	service: Service,
	request: ApiRequest,
	purpose: Purpose = 'look',
): Promise<ReadReply> {
	const reply = await send(context, service, request);
	const json = parseAnswer(reply.body, service.secrets);
	const requestId = readRequestId(reply);
	if (reply.statusCode < 200 || reply.statusCode > 299) throw refusal(reply, json, requestId, purpose);
	// "Not yet" is said in many ways.
	if (purpose === 'look' && reply.body.trim() === '') return { ...reply, json: {}, requestId };
	if (json === undefined) throw notUnderstood(reply, requestId, purpose);
	return { ...reply, json, requestId };
}

/** An answer that is no data. That of a create may hold the id of the task all the same, so its beginning is shown. */
function notUnderstood({ body, statusCode }: Reply, requestId: string | undefined, purpose: Purpose): RequestError {
	const isPage = /^\s{0,1000}</.test(body);
	const answer = purpose === 'create' ? beginningOf(body) : '';
	const what = isPage ? 'CometAPI answered with a web page instead of data' : 'The answer of CometAPI was incomplete';
	return new RequestError(
		'transient',
		isPage || answer === '' ? what : `${what}: ${answer}`,
		'If this happens every time, check the Base URL in the credential: it is usually https://api.cometapi.com.',
		{ requestId, httpStatus: statusCode, ...(answer === '' ? {} : { answer }) },
	);
}

function withRequestId<Result>(reply: { requestId?: string }, parse: () => Result): Result {
	try {
		return parse();
	} catch (error) {
		throw withDetails(error, { requestId: reply.requestId });
	}
}
