/**
 * A stand-in for CometAPI on 127.0.0.1, for tests and for trying the nodes without an account. Checks requests as
 * strictly as the documentation allows and never accepts what the service refuses. Independent of the nodes: its
 * knowledge comes from the public pages that each file names, so a mistake in the nodes' tables shows up here.
 */
import { RowTable, type Account, type ResultUrlField, type TaskListForm } from './account';
import { assertAccessToken } from './accountAccess';
import { createAccountRoutes } from './accountRoutes';
import { addMidjourneyRow, addTaskRow, type MidjourneyRow, type TaskRow } from './accountRows';
import { createAccountTaskRoutes } from './accountTaskRoutes';
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
import {
	assertNoCredential,
	buildStorageRefusalReply,
	createHomeFileRoute,
	createResultRoutes,
	storageRefusals,
} from './resultRoutes';
import { matchRoute, type Route } from './route';
import type { Envelopes, KlingQueryPaths, Service, SimulatorProfile } from './service';
import type { SimulatedTask } from './simulatedTask';
import { createVideoRoutes } from './videoRoutes';
import { answerInWorld } from './worlds/answerInWorld';
import type { CatalogueForm } from './worlds/catalogueForms';
import type { DoubtfulWorld } from './worlds/doubtfulWorld';
import { Worlds } from './worlds/worlds';

export type { TaskListForm } from './account';
export type { MidjourneyRow, TaskRow } from './accountRows';
export { documentedReplies } from './documentedReplies';
export type { SentCallback } from './native/callbackSender';
export type { Fault, FaultTarget } from './faults';
export type { RecordedRequest } from './recordedRequest';
export { sampleMp3, sampleVideo } from './sampleMedia';
export type { SimulatedTask } from './simulatedTask';

export const SIMULATOR_API_KEY = 'sk-simulator-0123456789abcdef';
/** 32 characters, as the service makes them. */
export const SIMULATOR_ACCESS_TOKEN = 'simulatorAccessTokenNotARealOne0';
export const SIMULATOR_USER_ID = 4711;

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
	/** Opens the routes of the account; default SIMULATOR_ACCESS_TOKEN. */
	accessToken?: string;
	/** Default SIMULATOR_USER_ID. */
	userId?: number;
	/** Default `paged`; can be changed at any time. */
	taskListForm?: TaskListForm;
	/** Default `failReason`, with the profile `upstream-strict` `resultUrl`. */
	resultUrlField?: ResultUrlField;
	/** So far the account's clock is ahead of `now`, negative: behind; default 0. Shows in its rows and filters only. */
	accountClockOffsetSeconds?: number;
	/** For the fault `softErrorAfterAccept`: ends the client's socket with this local port. */
	failClient?: (port: number, error: Error) => void;
}

const DEFAULT_TASK_SECONDS = 60;
const DEFAULT_RUNWAY_UNKNOWN_SECONDS = 5;
const DEFAULT_GRANTED_US_DOLLARS = 10_000;

export class Simulator {
	private constructor(
		private readonly apiServer: RecordingServer,
		private readonly resultServer: RecordingServer,
		private readonly faults: FaultQueue,
		private readonly service: Service,
	) {}

	/** Rejects when a port is taken. */
	static async start(options: SimulatorOptions = {}): Promise<Simulator> {
		const resultServer = await RecordingServer.start(options.resultPort ?? 0);
		const apiServer = await RecordingServer.start(options.port ?? 0).catch(async (error: unknown) => {
			await resultServer.close();
			throw error;
		});
		const now = options.now ?? (() => Date.now());
		const profile = options.profile ?? 'comet';
		const tasks = new Map<string, SimulatedTask>();
		const service: Service = {
			profile,
			speed: options.speed ?? 1,
			taskSeconds: options.taskSeconds ?? DEFAULT_TASK_SECONDS,
			apiKeys: options.apiKeys ?? [SIMULATOR_API_KEY],
			grantedQuota: toQuota(options.grantedUsDollars ?? DEFAULT_GRANTED_US_DOLLARS),
			apiOrigin: apiServer.origin,
			resultOrigin: resultServer.origin,
			worlds: new Worlds(),
			tasks,
			now,
			envelopes: options.envelopes ?? 'newest',
			klingQueryPaths: options.klingQueryPaths ?? 'ownPath',
			runwayUnknownSeconds: options.runwayUnknownSeconds ?? DEFAULT_RUNWAY_UNKNOWN_SECONDS,
			native: createNativeStore(),
			callbacks: new CallbackSender(now),
			account: createAccount(options, profile, tasks),
		};
		const faults = new FaultQueue();
		apiServer.serve(createApiBehaviour(service, faults, options));
		resultServer.serve(createResultBehaviour(service, faults));
		return new Simulator(apiServer, resultServer, faults, service);
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

	get tasks(): Map<string, SimulatedTask> {
		return this.service.tasks;
	}

	/** What was posted to the callback addresses of tasks, oldest first. */
	get callbacks(): readonly SentCallback[] {
		return this.service.callbacks.sent;
	}

	/** Posts what is due now and resolves when all of it, also what earlier requests set off, has been answered. */
	async deliverCallbacks(): Promise<void> {
		await this.service.callbacks.deliver();
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

	/**
	 * Chooses the doubtful world of each create; its task stays in that world. Undefined: everything is as documented.
	 */
	set worldFor(choose: ((create: RecordedRequest) => DoubtfulWorld | undefined) | undefined) {
		this.service.worlds.choose = choose;
	}

	/** How the catalogue is written; undefined: as documented. */
	set catalogueForm(form: CatalogueForm | undefined) {
		this.service.worlds.catalogueForm = form;
	}

	/** How long a task takes that is created from now on. */
	set taskSeconds(seconds: number) {
		this.service.taskSeconds = seconds;
	}

	get taskListForm(): TaskListForm {
		return this.service.account.taskListForm;
	}

	set taskListForm(form: TaskListForm) {
		this.service.account.taskListForm = form;
	}

	/** Called just before a page of `/api/task/self` or `/api/mj/self` is computed, so that rows can shift in between. */
	get onTaskListRead(): ((request: RecordedRequest) => void) | undefined {
		return this.service.account.onTaskListRead;
	}

	set onTaskListRead(listener: ((request: RecordedRequest) => void) | undefined) {
		this.service.account.onTaskListRead = listener;
	}

	/**
	 * Puts a row into `/api/task/self`. Fields that are left out are those of a task just created, with the next free
	 * id; undefined leaves a field out of the reply. The row is shown as it stands, whatever the clock says, and may be
	 * changed at any time.
	 */
	addTaskRow(fields: Partial<TaskRow> = {}): TaskRow {
		return addTaskRow(this.service, fields);
	}

	/** The same for `/api/mj/self`. */
	addMidjourneyRow(fields: Partial<MidjourneyRow> = {}): MidjourneyRow {
		return addMidjourneyRow(this.service, fields);
	}

	/** Ends stalled and kept-alive connections as well. */
	async close(): Promise<void> {
		this.service.callbacks.close();
		await Promise.all([this.apiServer.close(), this.resultServer.close()]);
	}
}

/** All tasks belong to it, whichever key made them. */
function createAccount(
	options: SimulatorOptions,
	profile: SimulatorProfile,
	tasks: ReadonlyMap<string, SimulatedTask>,
): Account {
	const isMidjourney = ({ details }: SimulatedTask) => details.native?.provider === 'midjourney';
	return {
		accessToken: options.accessToken ?? SIMULATOR_ACCESS_TOKEN,
		userId: options.userId ?? SIMULATOR_USER_ID,
		clockOffsetSeconds: options.accountClockOffsetSeconds ?? 0,
		resultUrlField: options.resultUrlField ?? (profile === 'comet' ? 'failReason' : 'resultUrl'),
		taskListForm: options.taskListForm ?? 'paged',
		taskRows: new RowTable(() => [...tasks.values()].filter((task) => !isMidjourney(task))),
		midjourneyRows: new RowTable(() => [...tasks.values()].filter(isMidjourney)),
	};
}

function createApiBehaviour(service: Service, faults: FaultQueue, { failClient }: SimulatorOptions): ServerBehaviour {
	const routes: Route[] = [
		...createVideoRoutes(service),
		createHomeFileRoute(service),
		...createAccountRoutes(service),
		...createAccountTaskRoutes(service),
		...createNativeRoutes(service),
	];
	return {
		routes,
		faults,
		createRequestId: () => createRequestId(service.now()),
		buildCommonHeaders: (requestId) => ({ 'x-cometapi-request-id': requestId }),
		authorize: (request, route) => authorize(service, request, route),
		answer: (route, exchange) => answerInWorld(service, route, exchange),
		buildRefusalReply: (refusal, requestId) => buildRefusalReply(refusal, service.profile, requestId),
		answerUnknownPath: (request) => answerUnknownPath(routes, request),
		failClient,
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
		answer: (route, exchange) => answerInWorld(service, route, exchange),
		buildRefusalReply: buildStorageRefusalReply,
		answerUnknownPath: () => {
			throw storageRefusals.notFound();
		},
		onRequest: () => void service.callbacks.deliver(),
	};
}

function authorize(service: Service, request: RecordedRequest, { access }: Route): string {
	switch (access) {
		case 'public':
			return '';
		case 'accessToken':
			assertAccessToken(service, request);
			return '';
		case 'apiKey':
			return readApiKey(service, request);
	}
}

function readApiKey(service: Service, request: RecordedRequest): string {
	const [, key] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
	if (key === undefined || !service.apiKeys.includes(key)) throw refusals.invalidKey();
	return key;
}

/**
 * As the gateway's router does: a slash too many or too few redirects, /v1 and /api answer JSON, the rest is the
 * website.
 */
function answerUnknownPath(routes: readonly Route[], { method, path, query }: RecordedRequest): Reply {
	const otherPath = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
	if (routes.some((route) => matchRoute(route, method, otherPath))) {
		const search = query.size > 0 ? `?${query.toString()}` : '';
		return redirectReply(method === 'GET' ? 301 : 307, `${otherPath}${search}`);
	}
	if (/^\/(?:v1|api)(?:\/|$)/.test(path)) throw refusals.unknownPath(method, path);
	return htmlReply('CometAPI');
}
