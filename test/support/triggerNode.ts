/**
 * The trigger as n8n runs it: activation, ticks, what n8n stores and when, restarts, and crashes in between. The simulator and
 * a fake of n8n's own API are behind it, with one virtual clock for all.
 */
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { CometApiVideoApi } from '../../credentials/CometApiVideoApi.credentials';
import { N8nDataTableApi } from '../../credentials/N8nDataTableApi.credentials';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { watchMemories } from '../../nodes/CometApiVideo/watch/watchMemory';
import type { Simulator, SimulatorOptions } from '../simulator/simulator';
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_API_KEY } from '../simulator/simulator';
import type { Poller, WorkflowDefinition } from './engine';
import { Engine } from './engine';
import type { N8nApi } from './n8nApi';
import { N8N_API_KEY } from './n8nApi';
import type { VirtualClock } from './virtualClock';
import { useVirtualClock } from './virtualClock';
import type { World } from './world';
import { startWorld } from './world';

export const TRIGGER_TYPE = 'n8n-nodes-cometapi-video.cometApiVideoTrigger';

/** One for all, as in n8n. */
const NODE_TYPES = { [TRIGGER_TYPE]: new CometApiVideoTrigger() };

/** Where n8n ends: before or after it stores the state, and before or after it starts the workflow. */
export type CrashPoint = 'beforeStore' | 'afterStore' | 'afterStart';

export interface TriggerOptions {
	simulator?: SimulatorOptions;
	/** Fields other than the simulator's. */
	credential?: ICredentialDataDecryptedObject;
	/** n8n stores the state with the start of the workflow in one transaction, and after empty polls. */
	durableCursors?: boolean;
}

const POLL_INTERVAL_MS = 60_000;

export class TriggerNodeTest {
	/** All rows that workflows were started with, in order. */
	readonly started: IDataObject[] = [];

	/** Errors of ticks, for which n8n makes a failed execution. */
	readonly errors: Error[] = [];

	/** What n8n has in its database. */
	stored: IDataObject = {};

	/** n8n ends there when the next poll has found something. */
	crashAt?: CrashPoint;

	private poller?: Poller;

	private constructor(
		readonly simulator: Simulator,
		readonly n8nApi: N8nApi,
		readonly clock: VirtualClock,
		readonly parameters: INodeParameters,
		private readonly options: TriggerOptions,
	) {}

	/** Call `close` in afterEach. */
	static async start(parameters: INodeParameters, options: TriggerOptions = {}): Promise<TriggerNodeTest> {
		return TriggerNodeTest.in(await startWorld(useVirtualClock(), options.simulator), parameters, options);
	}

	/** For several nodes around one simulator. */
	static in(
		{ simulator, n8nApi, clock }: World,
		parameters: INodeParameters,
		options: TriggerOptions = {},
	): TriggerNodeTest {
		watchMemories.clear();
		return new TriggerNodeTest(simulator, n8nApi, clock, parameters, options);
	}

	async close(): Promise<void> {
		await Promise.all([this.simulator.close(), this.n8nApi.close()]);
	}

	/** A task at CometAPI, as the action node would create it; runs for the simulator's `taskSeconds`. */
	async createTask(model = 'doubao-seedance-2-0'): Promise<string> {
		const form = new FormData();
		for (const [name, value] of Object.entries({ model, prompt: 'A paper boat', seconds: '5', size: '16:9' }))
			form.append(name, value);
		const headers = { authorization: `Bearer ${SIMULATOR_API_KEY}` };
		const reply = await fetch(`${this.simulator.baseUrl}/v1/videos`, { method: 'POST', headers, body: form });
		const { id } = (await reply.json()) as { id?: string };
		if (!id) throw new Error(`The simulator refused the task (HTTP ${reply.status})`);
		return id;
	}

	/** Switches the workflow on. Throws what the person reads. */
	async activate(activation: WorkflowActivateMode = 'activate'): Promise<void> {
		const poller = this.createPoller(activation);
		await poller.poll(true);
		this.stored = poller.readStaticData();
		this.poller = poller;
	}

	/** One tick, a minute after the last. Gives the rows that the workflow was started with. */
	async poll(afterMs = POLL_INTERVAL_MS): Promise<IDataObject[]> {
		this.clock.advance(afterMs);
		return await this.pollNow();
	}

	async pollNow(): Promise<IDataObject[]> {
		const before = this.started.length;
		// The durable engine builds the workflow anew from the database for each tick.
		if (this.options.durableCursors) this.poller = this.createPoller('update');
		await this.poller?.poll();
		if (this.options.durableCursors && this.poller && this.crashAt === undefined)
			this.stored = this.poller.readStaticData();
		return this.started.slice(before);
	}

	/** What goes on after a poll has returned, with the requests of it. */
	async settle(): Promise<void> {
		await this.clock.sleep(10_000);
		await this.clock.sleep(0);
	}

	/** n8n ends and starts again: what it only knew is gone. */
	async restart(): Promise<IDataObject[]> {
		const before = this.started.length;
		watchMemories.clear();
		this.crashAt = undefined;
		await this.activate('init');
		return this.started.slice(before);
	}

	/** The error that keeps a person from switching the workflow on. */
	async activationError(): Promise<Error & { description?: string }> {
		return await this.activate().then(
			() => {
				throw new Error('The workflow could be switched on');
			},
			(error: Error) => error,
		);
	}

	/** What a test run in the editor shows. */
	async sample(): Promise<INodeExecutionData[]> {
		const poller = this.engine().poller(this.definition(), {
			mode: 'manual',
			activation: 'manual',
			staticData: this.stored,
			emit: () => {},
			emitError: () => {},
		});
		const before = JSON.stringify(poller.readStaticData());
		const rows = (await poller.sample())?.flat() ?? [];
		expect(JSON.stringify(poller.readStaticData())).toBe(before);
		return rows;
	}

	private createPoller(activation: WorkflowActivateMode): Poller {
		const poller: Poller = this.engine().poller(this.definition(), {
			activation,
			staticData: this.stored,
			emit: (data) => this.emit(poller, data),
			emitError: (error) => this.errors.push(error),
		});
		return poller;
	}

	/** As n8n does it: the state is stored first, then the workflow is started. */
	private emit(poller: Poller, data: INodeExecutionData[][]): void {
		if (this.crashAt === 'beforeStore') return;
		if (this.options.durableCursors && this.crashAt === 'afterStore') return;
		this.stored = poller.readStaticData();
		if (this.crashAt === 'afterStore') return;
		this.started.push(...data.flat().map(({ json }) => json));
		this.n8nApi.addExecution({
			workflowId: 'workflow',
			startedAt: new Date(this.clock.now()).toISOString(),
			mode: 'trigger',
		});
	}

	private engine(): Engine {
		const { credential } = this.options;
		return new Engine({
			nodeTypes: NODE_TYPES,
			credentialTypes: [new CometApiVideoApi(), new N8nDataTableApi()],
			credentials: {
				cometApiVideoApi: {
					apiKey: SIMULATOR_API_KEY,
					baseUrl: this.simulator.baseUrl,
					accessToken: SIMULATOR_ACCESS_TOKEN,
					...credential,
				},
				n8nDataTableApi: { apiKey: N8N_API_KEY, baseUrl: this.n8nApi.baseUrl },
			},
		});
	}

	private definition(): WorkflowDefinition {
		return {
			nodes: [
				{
					id: 'trigger',
					name: 'Trigger',
					type: TRIGGER_TYPE,
					typeVersion: 1,
					position: [0, 0],
					parameters: this.parameters,
					credentials: {
						cometApiVideoApi: { id: '1', name: 'CometAPI' },
						n8nDataTableApi: { id: '2', name: 'n8n' },
					},
				},
			],
			connections: {},
		};
	}
}
