/** The node under test on the real engine, with the simulator behind it and a virtual clock for both. */
import type { IDataObject, INodeExecutionData, INodeParameters, INodeType, ITaskData } from 'n8n-workflow';
import { CometApiVideoApi } from '../../credentials/CometApiVideoApi.credentials';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import type { RecordedRequest, SimulatorOptions } from '../simulator/simulator';
import { SIMULATOR_API_KEY, Simulator } from '../simulator/simulator';
import type { EngineRun, StartedRun } from './engine';
import { Engine, singleNodeWorkflow } from './engine';
import type { VirtualClock } from './virtualClock';
import { useVirtualClock } from './virtualClock';

export const NODE_TYPE = 'n8n-nodes-cometapi-video.cometApiVideo';

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export interface RunOptions {
	items?: INodeExecutionData[];
	onError?: OnError;
	retryOnFail?: boolean;
	apiKey?: string;
	baseUrl?: string;
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
	engineRun: EngineRun;
}

export class VideoNodeTest {
	readonly messages: string[] = [];

	private constructor(
		readonly simulator: Simulator,
		readonly clock: VirtualClock,
	) {}

	/** Call `close` in afterEach. */
	static async start(options: SimulatorOptions = {}): Promise<VideoNodeTest> {
		const clock = useVirtualClock();
		const simulator = await Simulator.start({ now: clock.now, ...options });
		clock.openRequests = () => simulator.openRequests;
		return new VideoNodeTest(simulator, clock);
	}

	async close(): Promise<void> {
		await this.simulator.close();
	}

	engine({ apiKey = SIMULATOR_API_KEY, baseUrl = this.simulator.baseUrl, nodeTypes }: RunOptions = {}): Engine {
		return new Engine({
			nodeTypes: nodeTypes ?? { [NODE_TYPE]: new CometApiVideo() },
			credentialTypes: [new CometApiVideoApi()],
			credentials: { cometApiVideoApi: { apiKey, baseUrl } },
			onMessage: (message) => this.messages.push(message),
		});
	}

	/** Runs the node with parameters as a workflow stores them (defaults left out). */
	async run(parameters: INodeParameters, options: RunOptions = {}): Promise<NodeRun> {
		return await toNodeRun(await this.start(parameters, options));
	}

	/** Like `run`, but can be cancelled. */
	async start(parameters: INodeParameters, options: RunOptions = {}): Promise<StartedRun> {
		const definition = singleNodeWorkflow({
			type: NODE_TYPE,
			parameters,
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
	return { items, errorItems, error: run.taskData('Node')?.error, rows: items.map(({ json }) => json), engineRun: run };
}
