/** The node under test on the real engine, with the simulator and a fake of n8n's own API behind it and a virtual clock for all. */
import type { IDataObject, INodeExecutionData, INodeParameters, INodeType, ITaskData } from 'n8n-workflow';
import { CometApiVideoApi } from '../../credentials/CometApiVideoApi.credentials';
import { N8nDataTableApi } from '../../credentials/N8nDataTableApi.credentials';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import type { RecordedRequest, Simulator, SimulatorOptions } from '../simulator/simulator';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { DataTableNode } from './dataTableNode';
import type { EngineRun, StartedRun } from './engine';
import { Engine, singleNodeWorkflow } from './engine';
import type { N8nApi } from './n8nApi';
import { N8N_API_KEY } from './n8nApi';
import { withJob } from './panelParameters';
import type { VirtualClock } from './virtualClock';
import { replaceClock, restoreClock, useVirtualClock } from './virtualClock';
import type { World } from './world';
import { startWorld } from './world';

/**
 * An address that refuses connections. The port of a server that was closed is no such thing: the next test file may be given it, and the
 * requests would land there.
 */
export const UNREACHABLE = 'http://127.0.0.1:1';

export const NODE_TYPE = 'n8n-nodes-cometapi-video.cometApiVideo';

/** One for all runs of a test file, as n8n has one for all workflows; to build its panel anew for each run takes longer than the run. */
const NODE_TYPES = { [NODE_TYPE]: new CometApiVideo() };

/** Of the tasks of a test that does not say how long they take: the first look finds them at work, the second finished. */
const TASK_SECONDS = 15;

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export interface RunOptions {
	items?: INodeExecutionData[];
	onError?: OnError;
	retryOnFail?: boolean;
	apiKey?: string;
	baseUrl?: string;
	/** For the lists of the account. */
	accessToken?: string;
	/** Of the credential for n8n's own API. */
	n8nApiKey?: string;
	n8nBaseUrl?: string;
	/** Instead of the node as it is. */
	nodeTypes?: Record<string, INodeType>;
	/** A run that a person retries from the list of executions. */
	retryOf?: NodeRun;
}

export interface NodeRun {
	/** Items of the main output. */
	items: INodeExecutionData[];
	/** Items of the error output. */
	errorItems: INodeExecutionData[];
	/** The error with which the node stopped. */
	error: ITaskData['error'];
	/** The json of the main output's items. */
	rows: IDataObject[];
	/** What n8n shows below the output. */
	hints: string[];
	engineRun: EngineRun;
}

export class VideoNodeTest {
	readonly messages: string[] = [];

	/** n8n's own Data Table node; absent: an n8n without Data Tables. */
	dataTableNode?: DataTableNode;

	private constructor(
		readonly simulator: Simulator,
		readonly n8nApi: N8nApi,
		readonly clock: VirtualClock,
	) {}

	/** Call `close` in afterEach. */
	static async start(options: SimulatorOptions = {}): Promise<VideoNodeTest> {
		return VideoNodeTest.in(await startWorld(useVirtualClock(), { taskSeconds: TASK_SECONDS, ...options }));
	}

	/** One for all tests of a block: call it in beforeAll, and `closeShared` in afterAll. */
	static async startShared(options: SimulatorOptions = {}): Promise<VideoNodeTest> {
		return VideoNodeTest.in(await startWorld(replaceClock(), { taskSeconds: TASK_SECONDS, ...options }));
	}

	async closeShared(): Promise<void> {
		restoreClock();
		await this.close();
	}

	/** For several nodes around one simulator. */
	static in({ simulator, n8nApi, clock }: World): VideoNodeTest {
		return new VideoNodeTest(simulator, n8nApi, clock);
	}

	async close(): Promise<void> {
		await Promise.all([this.simulator.close(), this.n8nApi.close()]);
	}

	/** From now on n8n has Data Tables that need no key: those of the fake API. */
	giveDataTables(): DataTableNode {
		const given = new DataTableNode(this.n8nApi);
		const others = this.clock.openRequests;
		this.clock.openRequests = () => others() + given.open;
		this.dataTableNode = given;
		return given;
	}

	engine(options: RunOptions = {}): Engine {
		const { apiKey = SIMULATOR_API_KEY, baseUrl = this.simulator.baseUrl, accessToken = '', nodeTypes } = options;
		const { n8nApiKey = N8N_API_KEY, n8nBaseUrl = this.n8nApi.baseUrl } = options;
		return new Engine({
			nodeTypes: nodeTypes ?? NODE_TYPES,
			credentialTypes: [new CometApiVideoApi(), new N8nDataTableApi()],
			credentials: {
				cometApiVideoApi: { apiKey, baseUrl, accessToken },
				n8nDataTableApi: { apiKey: n8nApiKey, baseUrl: n8nBaseUrl },
			},
			parkingClock: this.clock,
			dataTableNode: this.dataTableNode,
			onMessage: (message) => this.messages.push(message),
		});
	}

	/** Runs the node with parameters as `withJob` takes them (defaults left out). */
	async run(parameters: INodeParameters, options: RunOptions = {}): Promise<NodeRun> {
		return await toNodeRun(await this.start(parameters, options));
	}

	/** Like `run`, but can be cancelled. */
	async start(parameters: INodeParameters, options: RunOptions = {}): Promise<StartedRun> {
		const definition = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters: withJob(parameters),
			credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' }, n8nDataTableApi: { id: '2', name: 'n8n' } },
			onError: options.onError,
			retryOnFail: options.retryOnFail,
			waitBetweenTries: options.retryOnFail ? 1 : undefined,
		});
		return await this.engine(options).start(definition, options.items ?? [{ json: {} }], options.retryOf?.engineRun);
	}

	/** Requests that make something, tasks or what is done at once, in order. */
	creates(): RecordedRequest[] {
		return this.simulator.requests.filter(({ route = '' }) => ['create', 'remix', 'sync'].includes(route));
	}

	/** Looks at the state of tasks, in order. */
	polls(): RecordedRequest[] {
		return this.simulator.requests.filter(({ route }) => route === 'status');
	}
}

export async function toNodeRun({ finished }: StartedRun): Promise<NodeRun> {
	const run = await finished;
	const [items = [], errorItems = []] = run.output('Node');
	const { error, hints = [] } = run.taskData('Node') ?? {};
	return {
		items,
		errorItems,
		error,
		rows: items.map(({ json }) => json),
		hints: hints.map(({ message }) => message),
		engineRun: run,
	};
}
