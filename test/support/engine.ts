/**
 * Runs workflows on n8n's real engine (n8n-core's WorkflowExecute) outside a complete n8n: real expressions, real HTTP
 * helpers, the credential class's own `authenticate`, a binary store on disk, cancellation. Left out: database, editor, queue.
 */
import './engineEnvironment';
import 'reflect-metadata';
import { Container } from '@n8n/di';
import { BinaryDataService, ExecutionLifecycleHooks, LoadOptionsContext, PollContext, WorkflowExecute } from 'n8n-core';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	ExecuteWorkflowOptions,
	IExecuteWorkflowInfo,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypes,
	IRun,
	ITaskData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { LoggerProxy, NodeHelpers, Workflow } from 'n8n-workflow';
import type { DataTableNode } from './dataTableNode';
import { DATA_TABLE_TYPE } from './dataTableNode';
import { newRunData, openBinaryStore, pollExecutor } from './olderEngine';
import { Parking } from './parking';
import type { ParkingClock } from './parking';

// One process serves several test files: each gets services that have read its own environment.
Container.reset();
const logsNothing = () => {};
const SILENT_LOGGER = { error: logsNothing, warn: logsNothing, info: logsNothing, debug: logsNothing };

export interface WorkflowDefinition {
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface EngineOptions {
	/** Node types by the name that workflows use, e.g. `n8n-nodes-cometapi-video.cometApiVideo`. */
	nodeTypes: Record<string, INodeType>;
	credentialTypes: ICredentialType[];
	/** Decrypted credentials by type. */
	credentials: Record<string, ICredentialDataDecryptedObject>;
	/** Moves while executions wait in n8n's database; absent: this n8n has neither database nor sub-workflows. */
	parkingClock?: ParkingClock;
	/** n8n has Data Tables and runs sub-workflows; absent: it has neither. */
	dataTableNode?: DataTableNode;
	/** Called with what nodes send to the browser console of a manual run. */
	onMessage?: (message: string) => void;
}

export interface EngineRun {
	run: IRun;
	/** Items that a node put out, by output; `[]` when it did not run. */
	output(nodeName: string): INodeExecutionData[][];
	taskData(nodeName: string): ITaskData | undefined;
}

export interface StartedRun {
	finished: Promise<EngineRun>;
	/** What the Stop button does. */
	cancel(): void;
}

export interface PollerSettings {
	/** `manual` is a test run in the editor. */
	mode?: WorkflowExecuteMode;
	activation: WorkflowActivateMode;
	/** As n8n has stored it. */
	staticData?: IDataObject;
	/** What n8n does when a poll has returned items. */
	emit(data: INodeExecutionData[][]): void;
	emitError(error: Error): void;
}

export interface Poller {
	/** @param isActivation errors are thrown to the one who activates */
	poll(isActivation?: boolean): Promise<void>;
	readStaticData(): IDataObject;
	/** What a test run shows. */
	sample(): Promise<INodeExecutionData[][] | null>;
}

const START = 'engine.start';

/** Stands for whatever trigger begins a workflow: hands on the items that it is given. */
const startNode: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Hands on its items',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

const TRIGGERS = ['n8n-nodes-base.manualTrigger', 'n8n-nodes-base.executeWorkflowTrigger'];

let storeReady: Promise<void> | undefined;

export class Engine {
	private static executions = 0;

	readonly parking: Parking | undefined;

	constructor(private readonly options: EngineOptions) {
		const { parkingClock } = options;
		const host = {
			workflow: (definition: WorkflowDefinition) => this.workflow(definition),
			additionalData: (definition: WorkflowDefinition, executionId: string) => ({
				...this.additionalData(definition),
				executionId,
			}),
		};
		this.parking = parkingClock && new Parking(host, parkingClock);
	}

	/**
	 * Starts at the first node, with `items` as its input.
	 * @param retryOf the run that a person retries: a new execution with the saved context of the nodes
	 */
	async start(definition: WorkflowDefinition, items: INodeExecutionData[], retryOf?: EngineRun): Promise<StartedRun> {
		storeReady ??= openBinaryStore();
		await storeReady;
		const workflow = this.workflow(definition);
		const [first] = definition.nodes;
		const executionId = `execution-${++Engine.executions}`;
		const execution = new WorkflowExecute(
			{ ...this.additionalData(definition), executionId },
			'manual',
			newRunData({
				executionData: {
					contextData: structuredClone(retryOf?.run.data.executionData?.contextData ?? {}),
					nodeExecutionStack: [{ node: workflow.getNode(first.name) as INode, data: { main: [items] }, source: null }],
				},
			}),
		);
		const promise = execution.processRunExecutionData(workflow);
		const toEnd = async (run: IRun) =>
			run.status === 'waiting' && this.parking
				? await this.parking.untilEnded(executionId, definition, 'manual', run)
				: run;
		return { finished: promise.then(toEnd).then(toEngineRun), cancel: () => promise.cancel() };
	}

	async run(definition: WorkflowDefinition, items: INodeExecutionData[]): Promise<EngineRun> {
		return await (
			await this.start(definition, items)
		).finished;
	}

	/** What the editor does to fill a searchable list. */
	async searchList(node: INode, method: string, filter?: string): Promise<INodeListSearchResult> {
		const definition = { nodes: [node], connections: {} };
		const additionalData = { ...this.additionalData(definition), currentNodeParameters: node.parameters };
		const context = new LoadOptionsContext(this.workflow(definition), node, additionalData, '');
		const search = this.options.nodeTypes[node.type].methods?.listSearch?.[method];
		if (!search) throw new Error(`${node.type} has no list search "${method}"`);
		return await search.call(context, filter);
	}

	/** A polling trigger of an active workflow, with n8n's own executor of polls. */
	poller(definition: WorkflowDefinition, settings: PollerSettings): Poller {
		const workflow = this.workflow(definition, settings.staticData);
		const [node] = definition.nodes;
		const pollNode = workflow.getNode(node.name) as INode;
		const context = new PollContext(
			workflow,
			pollNode,
			this.additionalData(definition),
			settings.mode ?? 'trigger',
			settings.activation,
			settings.emit,
			settings.emitError,
		);
		return {
			poll: pollExecutor(workflow, pollNode, context),
			readStaticData: () => JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject,
			sample: async () => (await this.options.nodeTypes[node.type].poll?.call(context)) ?? null,
		};
	}

	async readBinary(item: INodeExecutionData, field: string): Promise<Buffer> {
		const binary = item.binary?.[field];
		if (!binary) throw new Error(`The item has no file in "${field}"`);
		return await Container.get(BinaryDataService).getAsBuffer(binary);
	}

	private workflow({ nodes, connections, settings }: WorkflowDefinition, staticData: IDataObject = {}): Workflow {
		// n8n's own looks for the caller of each line, of which there are hundreds in a run, even if nobody is to read it. It puts itself here
		// when the first service asks for it.
		LoggerProxy.init(SILENT_LOGGER);
		const types: Record<string, INodeType> = { [START]: startNode, ...this.options.nodeTypes };
		for (const trigger of TRIGGERS) types[trigger] ??= startNode;
		if (this.options.dataTableNode) types[DATA_TABLE_TYPE] = this.options.dataTableNode;
		const nodeTypes: INodeTypes = {
			getByName: (type) => types[type],
			// n8n passes over types that it does not have, such as sticky notes.
			getByNameAndVersion: (type, version) => types[type] && NodeHelpers.getVersionedNodeType(types[type], version),
			getKnownTypes: () => ({}),
		};
		return new Workflow({
			id: 'workflow',
			name: 'Workflow',
			nodes: structuredClone(nodes),
			connections,
			active: false,
			nodeTypes,
			staticData: structuredClone(staticData),
			settings: { executionOrder: 'v1', ...settings },
		});
	}

	private additionalData({ nodes, connections }: WorkflowDefinition): IWorkflowExecuteAdditionalData {
		const workflowData = { id: 'workflow', name: 'Workflow', nodes, connections, active: false };
		return {
			hooks: new ExecutionLifecycleHooks('manual', 'execution', { ...workflowData, settings: {} } as never),
			credentialsHelper: this.credentialsHelper(),
			executionId: 'execution',
			restApiUrl: 'http://localhost/rest',
			instanceBaseUrl: 'http://localhost/',
			webhookBaseUrl: 'http://localhost/webhook',
			webhookTestBaseUrl: 'http://localhost/webhook-test',
			webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
			formWaitingBaseUrl: 'http://localhost/form-waiting',
			variables: {},
			currentNodeExecutionIndex: 0,
			setExecutionStatus: () => {},
			executeWorkflow: this.parking?.executeWorkflow,
			...this.subWorkflows(),
			getRunExecutionData: this.parking?.getRunExecutionData,
			sendDataToUI: (_type: string, data: IDataObject) => {
				for (const message of (data.messages ?? []) as unknown[]) this.options.onMessage?.(String(message));
			},
		} as unknown as IWorkflowExecuteAdditionalData;
	}

	/** What a node needs for an inline sub-workflow, and what tells it that n8n has Data Tables. */
	private subWorkflows() {
		const { dataTableNode } = this.options;
		if (!dataTableNode || this.parking?.lacksDataTables) return {};
		return {
			'data-table': { dataTableProxyProvider: {} },
			executeWorkflow: async (
				workflow: IExecuteWorkflowInfo,
				additionalData: IWorkflowExecuteAdditionalData,
				options: ExecuteWorkflowOptions,
			) => {
				const { code } = workflow;
				if (!code) throw new Error('The engine runs inline sub-workflows only');
				const isOfTables = code.nodes.some(({ type }) => type === DATA_TABLE_TYPE);
				if (!isOfTables && this.parking) return await this.parking.executeWorkflow(workflow, additionalData, options);
				const { inputData = [] } = options;
				dataTableNode.open += 1;
				try {
					const { run, output } = await this.run(code, inputData);
					const { error } = run.data.resultData;
					if (error) throw error;
					return { executionId: 'sub', data: output(code.nodes.at(-1)?.name ?? '') };
				} finally {
					dataTableNode.open -= 1;
				}
			},
		};
	}

	private credentialsHelper(): ICredentialsHelper {
		const { credentialTypes, credentials } = this.options;
		const helper: Partial<ICredentialsHelper> = {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getCredentialsProperties: () => [],
			preAuthentication: async () => undefined,
			runPreAuthentication: async () => undefined,
			getDecrypted: async (_additionalData, _node, type) => {
				const failure = this.parking?.credentialFailure;
				if (failure !== undefined) throw new Error(failure);
				return structuredClone(credentials[type]);
			},
			async authenticate(data, typeName, requestOptions) {
				const type = credentialTypes.find(({ name }) => name === typeName);
				if (typeof type?.authenticate !== 'function') throw new Error(`No credential type ${typeName}`);
				return await type.authenticate(data, requestOptions as IHttpRequestOptions);
			},
		};
		return helper as ICredentialsHelper;
	}
}

function toEngineRun(run: IRun): EngineRun {
	const taskData = (nodeName: string) => run.data.resultData.runData[nodeName]?.at(-1);
	return {
		run,
		taskData,
		output: (nodeName) => (taskData(nodeName)?.data?.main ?? []).map((items) => items ?? []),
	};
}

/** A workflow of a start node and one node after it. */
export function singleNodeWorkflow(node: Pick<INode, 'type' | 'parameters'> & Partial<INode>): WorkflowDefinition {
	const under: INode = {
		id: 'node',
		name: 'Node',
		typeVersion: 1,
		position: [200, 0],
		credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' } },
		...node,
	};
	return {
		nodes: [{ id: 'start', name: 'Start', type: START, typeVersion: 1, position: [0, 0], parameters: {} }, under],
		connections: { Start: { main: [[{ node: under.name, type: 'main', index: 0 }]] } },
	};
}
