/**
 * A stand-in for CometAPI on 127.0.0.1, for tests and for trying the nodes without an account. Checks requests as
 * strictly as the documentation allows and never accepts what the service refuses. Independent of the nodes: its
 * knowledge comes from the public pages that each file names, so a mistake in the nodes' tables shows up here.
 */
import { createAccountRoutes } from './accountRoutes';
import { FaultQueue, type Fault } from './faults';
import { toQuota } from './quota';
import { CallbackSender, type SentCallback } from './native/callbackSender';
import { createNativeStore } from './native/nativeDetails';
import { createNativeRoutes } from './native/nativeRoutes';
import type { RecordedRequest } from './recordedRequest';
import { RecordingServer, type ServerBehaviour } from './recordingServer';
import { buildRefusalReply, refusals } from './refusal';
import { htmlReply, redirectReply, type Reply } from './reply';
import { createRequestId } from './requestId';
import { assertNoCredential, buildStorageRefusalReply, createResultRoutes, storageRefusals } from './resultRoutes';
import type { Route } from './route';
import type { Envelopes, KlingQueryPaths, Service, SimulatorProfile } from './service';
import type { SimulatedTask } from './simulatedTask';
import { createVideoRoutes } from './videoRoutes';

export { CATALOG, type CatalogRow } from './catalog';
export { documentedReplies } from './documentedReplies';
export type { SentCallback } from './native/callbackSender';
export type { Fault, FaultTarget } from './faults';
export type { RecordedFile, RecordedForm, RecordedRequest } from './recordedRequest';
export { sampleMp3, sampleVideo, sampleWav } from './sampleMedia';
export type { Envelopes, KlingQueryPaths, SimulatorProfile } from './service';
export type { RowStatus, SimulatedTask, TaskDetails, TaskState } from './simulatedTask';

export const SIMULATOR_API_KEY = 'sk-simulator-0123456789abcdef';

export interface SimulatorOptions {
	/** Milliseconds since 1970; default Date.now. The simulator has no timers: this clock moves everything. */
	now?: () => number;
	/** How many times faster than `now` the life of a task runs; default 1. */
	speed?: number;
	profile?: SimulatorProfile;
	apiKeys?: readonly string[];
	/** From create to the end, in seconds of the simulated life; default 60. */
	taskSeconds?: number;
	/** What each key may spend; default 10 000. */
	grantedUsDollars?: number;
	/** 0 or absent: any free port. */
	port?: number;
	resultPort?: number;
	/** Default `newest`. */
	envelopes?: Envelopes;
	/** Default `ownPath`. */
	klingQueryPaths?: KlingQueryPaths;
	/** Default 5. */
	runwayUnknownSeconds?: number;
}

const DEFAULT_TASK_SECONDS = 60;
const DEFAULT_RUNWAY_UNKNOWN_SECONDS = 5;
const DEFAULT_GRANTED_US_DOLLARS = 10_000;

export class Simulator {
	private constructor(
		private readonly apiServer: RecordingServer,
		private readonly resultServer: RecordingServer,
		private readonly faults: FaultQueue,
		readonly tasks: Map<string, SimulatedTask>,
		private readonly callbackSender: CallbackSender,
	) {}

	/** Rejects when a port is taken. */
	static async start(options: SimulatorOptions = {}): Promise<Simulator> {
		const resultServer = await RecordingServer.start(options.resultPort ?? 0);
		const apiServer = await RecordingServer.start(options.port ?? 0).catch(async (error: unknown) => {
			await resultServer.close();
			throw error;
		});
		const now = options.now ?? (() => Date.now());
		const service: Service = {
			profile: options.profile ?? 'comet',
			speed: options.speed ?? 1,
			taskSeconds: options.taskSeconds ?? DEFAULT_TASK_SECONDS,
			apiKeys: options.apiKeys ?? [SIMULATOR_API_KEY],
			grantedQuota: toQuota(options.grantedUsDollars ?? DEFAULT_GRANTED_US_DOLLARS),
			resultOrigin: resultServer.origin,
			tasks: new Map(),
			now,
			envelopes: options.envelopes ?? 'newest',
			klingQueryPaths: options.klingQueryPaths ?? 'ownPath',
			runwayUnknownSeconds: options.runwayUnknownSeconds ?? DEFAULT_RUNWAY_UNKNOWN_SECONDS,
			native: createNativeStore(),
			callbacks: new CallbackSender(now),
		};
		const faults = new FaultQueue();
		apiServer.serve(createApiBehaviour(service, faults));
		resultServer.serve(createResultBehaviour(service, faults));
		return new Simulator(apiServer, resultServer, faults, service.tasks, service.callbacks);
	}

	get baseUrl(): string {
		return this.apiServer.origin;
	}

	/** The second server; `video_url` points there. */
	get resultOrigin(): string {
		return this.resultServer.origin;
	}

	get requests(): RecordedRequest[] {
		return this.apiServer.requests;
	}

	get resultRequests(): RecordedRequest[] {
		return this.resultServer.requests;
	}

	/** What was posted to the callback addresses of tasks, oldest first. */
	get callbacks(): readonly SentCallback[] {
		return this.callbackSender.sent;
	}

	/** Posts what is due now and resolves when all of it, also what earlier requests set off, has been answered. */
	async deliverCallbacks(): Promise<void> {
		await this.callbackSender.deliver();
	}

	/** On both servers: received and not yet answered, without those that a fault stalls. */
	get openRequests(): number {
		return this.apiServer.openRequests + this.resultServer.openRequests;
	}

	/** Faults apply in the order in which they were added, one per request. Throws for a fault its route cannot have. */
	addFault(fault: Fault): void {
		this.faults.add(fault);
	}

	clearFaults(): void {
		this.faults.clear();
	}

	/** Ends stalled and kept-alive connections as well. */
	async close(): Promise<void> {
		this.callbackSender.close();
		await Promise.all([this.apiServer.close(), this.resultServer.close()]);
	}
}

function createApiBehaviour(service: Service, faults: FaultQueue): ServerBehaviour {
	const routes: Route[] = [
		...createVideoRoutes(service),
		...createAccountRoutes(service),
		...createNativeRoutes(service),
	];
	return {
		routes,
		faults,
		createRequestId: () => createRequestId(service.now()),
		buildCommonHeaders: (requestId) => ({ 'x-cometapi-request-id': requestId }),
		authorize: (request, route) => (route.access === 'public' ? '' : readApiKey(service, request)),
		buildRefusalReply: (refusal, requestId) => buildRefusalReply(refusal, service.profile, requestId),
		answerUnknownPath: (request) => answerUnknownPath(routes, request),
		onRequest: () => void service.callbacks.deliver(),
	};
}

function createResultBehaviour(service: Service, faults: FaultQueue): ServerBehaviour {
	return {
		routes: createResultRoutes(service),
		faults,
		createRequestId: () => createRequestId(service.now()),
		buildCommonHeaders: () => ({}),
		authorize: (request) => {
			assertNoCredential(request);
			return '';
		},
		buildRefusalReply: buildStorageRefusalReply,
		answerUnknownPath: () => {
			throw storageRefusals.notFound();
		},
		onRequest: () => void service.callbacks.deliver(),
	};
}

function readApiKey(service: Service, request: RecordedRequest): string {
	const [, key] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
	if (key === undefined || !service.apiKeys.includes(key)) throw refusals.invalidKey();
	return key;
}

/** As the gateway's router does: a slash too many redirects, /v1 and /api answer JSON, the rest is the website. */
function answerUnknownPath(routes: readonly Route[], { method, path, query }: RecordedRequest): Reply {
	const shorter = path.replace(/\/$/, '');
	if (shorter !== path && routes.some((route) => route.method === method && route.path.test(shorter))) {
		const search = query.size > 0 ? `?${query.toString()}` : '';
		return redirectReply(method === 'GET' ? 301 : 307, `${shorter}${search}`);
	}
	if (/^\/(?:v1|api)(?:\/|$)/.test(path)) throw refusals.unknownPath(method, path);
	return htmlReply('CometAPI');
}
