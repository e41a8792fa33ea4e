/**
 * The workflows in `examples/`, and stand-ins for the nodes of n8n itself that they use, because those are not installed here.
 * A stand-in has the versions that n8n 1.100 has as well, and does what the examples' parameters say.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypes,
	IPinData,
	IWorkflowSettings,
	NodeConnectionType,
} from 'n8n-workflow';
import { NodeConnectionTypes, cronNodeOptions } from 'n8n-workflow';
import { CometApiVideoApi } from '../../credentials/CometApiVideoApi.credentials';
import { N8nDataTableApi } from '../../credentials/N8nDataTableApi.credentials';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import type { Simulator } from '../simulator/simulator';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import type { EngineRun, WorkflowDefinition } from './engine';
import { Engine } from './engine';
import { DataTableNode } from './dataTableNode';
import { errorText } from './errorText';
import { withSimulatorMedia } from './exampleMedia';
import type { N8nApi } from './n8nApi';
import { TRIGGER_TYPE } from './triggerNode';
import { NODE_TYPE } from './videoNode';
import type { VirtualClock } from './virtualClock';

export const TOOL_TYPE = `${NODE_TYPE}Tool`;
const STICKY_TYPE = 'n8n-nodes-base.stickyNote';
export const WAIT_TYPE = 'n8n-nodes-base.wait';
export const CODE_TYPE = 'n8n-nodes-base.code';
export const AGENT_TYPE = '@n8n/n8n-nodes-langchain.agent';

const FOLDER = join(__dirname, '..', '..', 'examples');

export const EXAMPLES = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.json') && !name.startsWith('tsconfig'))
	.sort();

export interface Example extends WorkflowDefinition {
	name: string;
	settings: IWorkflowSettings;
	pinData: IPinData;
}

export function readExampleText(file: string): string {
	return readFileSync(join(FOLDER, file), 'utf8');
}

export function readExample(file: string): Example {
	return JSON.parse(readExampleText(file)) as Example;
}

export function isSticky({ type }: INode): boolean {
	return type === STICKY_TYPE;
}

type Execute = (this: IExecuteFunctions) => INodeExecutionData[][];

/** @param properties a name alone stands for a parameter that is taken as it is given */
export function standIn(
	name: string,
	version: number[],
	properties: ReadonlyArray<INodeProperties | string>,
	execute: Execute,
	outputs: NodeConnectionType[] = ['main'],
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version,
			description: 'Stands for a node of n8n',
			defaults: { name },
			inputs: ['main'],
			outputs,
			properties: properties.map((given) => (typeof given === 'string' ? property(given, 'json', '') : given)),
		},
		async execute() {
			return await Promise.resolve(execute.call(this));
		},
	};
}

function passThrough(name: string, version: number[], outputs?: NodeConnectionType[]): INodeType {
	return standIn(
		name,
		version,
		[],
		function () {
			return [this.getInputData()];
		},
		outputs,
	);
}

const property = (
	name: string,
	type: INodeProperties['type'],
	preset: INodeProperties['default'],
): INodeProperties => ({
	displayName: name,
	name,
	type,
	default: preset,
	options: [],
});

/** Run Once for All Items. */
const code = standIn(
	'Code',
	[2],
	[property('mode', 'string', ''), property('language', 'string', ''), property('jsCode', 'string', '')],
	function () {
		const [mode, language, text] = ['mode', 'language', 'jsCode'].map((name) => String(this.getNodeParameter(name, 0)));
		if (mode !== 'runOnceForAllItems' || language !== 'javaScript')
			throw new Error(`The stand-in does not know ${mode} in ${language}`);
		const rows: unknown = runInNewContext(`(() => {${text}\n})()`, {});
		return [this.helpers.returnJsonArray(JSON.parse(JSON.stringify(rows)) as IDataObject[])];
	},
);

/** Manual Mapping of strings, without the other fields. */
const editFields = standIn(
	'Edit Fields',
	[3.4],
	[property('assignments', 'assignmentCollection', {}), property('options', 'collection', {})],
	function () {
		const rows = this.getInputData().map((_, item) => {
			const { assignments } = this.getNodeParameter('assignments', item) as {
				assignments: Array<{ name: string; value: unknown; type: string }>;
			};
			const other = assignments.find(({ type, name }) => type !== 'string' || name.includes('.'));
			if (other) throw new Error(`The stand-in does not know ${other.type} ${other.name}`);
			return {
				json: Object.fromEntries(assignments.map(({ name, value }) => [name, String(value)])),
				pairedItem: { item },
			};
		});
		return [rows];
	},
);

/** n8n's engine judges the conditions. */
const CONDITIONS: INodeProperties = {
	...property('conditions', 'filter', {}),
	typeOptions: { filter: { caseSensitive: true, typeValidation: 'strict', version: 2 } },
};
const ifNode = standIn(
	'If',
	[2.2],
	[CONDITIONS, property('options', 'collection', {})],
	function () {
		const branches: INodeExecutionData[][] = [[], []];
		for (const [index, item] of this.getInputData().entries()) {
			const isTrue = this.getNodeParameter('conditions', index, false, { extractValue: true }) as boolean;
			branches[isTrue ? 0 : 1].push({ ...item, pairedItem: { item: index } });
		}
		return branches;
	},
	['main', 'main'],
);

const video = new CometApiVideo();
const trigger = new CometApiVideoTrigger();

/** Each polling trigger gets this parameter from n8n. */
const POLL_TIMES: INodeProperties = {
	...property('pollTimes', 'fixedCollection', { item: [{ mode: 'everyMinute' }] }),
	typeOptions: { multipleValues: true },
	options: cronNodeOptions,
};

/** What n8n makes of a node that is usable as a tool. */
function asTool({ description }: CometApiVideo): INodeType {
	const type: INodeProperties = {
		...property('descriptionType', 'options', 'auto'),
		options: [
			{ name: 'Set Automatically', value: 'auto' },
			{ name: 'Set Manually', value: 'manual' },
		],
	};
	const text: INodeProperties = {
		...property('toolDescription', 'string', description.description),
		required: true,
		displayOptions: { show: { descriptionType: ['manual'] } },
	};
	const tool = structuredClone(description);
	return Object.assign(new CometApiVideo(), {
		description: {
			...tool,
			name: `${description.name}Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
			properties: [type, text, ...tool.properties],
		},
	});
}

const pollingTrigger: INodeType = Object.assign(new CometApiVideoTrigger(), {
	description: { ...trigger.description, properties: [POLL_TIMES, ...trigger.description.properties] },
});

/** The nodes of this package. */
export const OWN_TYPES: Readonly<Record<string, INodeType>> = {
	[NODE_TYPE]: video,
	[TOOL_TYPE]: asTool(video),
	[TRIGGER_TYPE]: pollingTrigger,
};

export const TRIGGER_TYPES: readonly string[] = [
	'n8n-nodes-base.manualTrigger',
	'@n8n/n8n-nodes-langchain.chatTrigger',
	'n8n-nodes-base.formTrigger',
	'n8n-nodes-base.scheduleTrigger',
	TRIGGER_TYPE,
];

/** Services and the like, which run on the complete n8n only (`test/e2e/templates.e2e.ts`). */
const OTHERS: Readonly<Record<string, number>> = {
	'n8n-nodes-base.formTrigger': 2.2,
	'n8n-nodes-base.gmail': 2.1,
	'n8n-nodes-base.googleDrive': 3,
	'n8n-nodes-base.googleSheets': 4.5,
	'n8n-nodes-base.merge': 3,
	'n8n-nodes-base.scheduleTrigger': 1.2,
	'n8n-nodes-base.slack': 2.3,
	'n8n-nodes-base.splitOut': 1,
	'n8n-nodes-base.youTube': 1,
	'@n8n/n8n-nodes-langchain.chainLlm': 1.5,
	'@n8n/n8n-nodes-langchain.outputParserStructured': 1.2,
};
const OUTPUTS_OF_OTHERS: Readonly<Record<string, NodeConnectionType[]>> = {
	'@n8n/n8n-nodes-langchain.outputParserStructured': ['ai_outputParser'],
};

const N8N_TYPES: Readonly<Record<string, INodeType>> = {
	'n8n-nodes-base.manualTrigger': passThrough('Manual Trigger', [1]),
	'n8n-nodes-base.noOp': passThrough('No Operation', [1]),
	[CODE_TYPE]: code,
	'n8n-nodes-base.set': editFields,
	'n8n-nodes-base.if': ifNode,
	[STICKY_TYPE]: passThrough('Sticky Note', [1]),
	[WAIT_TYPE]: passThrough('Wait', [1, 1.1]),
	'@n8n/n8n-nodes-langchain.chatTrigger': passThrough('Chat Trigger', [1, 1.1]),
	[AGENT_TYPE]: passThrough('AI Agent', [1.9, 2]),
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': passThrough('OpenAI Chat Model', [1.2], ['ai_languageModel']),
	...Object.fromEntries(
		Object.entries(OTHERS).map(([type, version]) => [type, passThrough(type, [version], OUTPUTS_OF_OTHERS[type])]),
	),
};

export const ALL_TYPES: Readonly<Record<string, INodeType>> = { ...OWN_TYPES, ...N8N_TYPES };

export const nodeTypes: INodeTypes = {
	getByName: (type) => ALL_TYPES[type],
	getByNameAndVersion: (type) => ALL_TYPES[type],
	getKnownTypes: () => ({}),
};

export interface Servers {
	simulator: Simulator;
	n8nApi: N8nApi;
	clock: VirtualClock;
}

export interface ExampleRun {
	/** Items that a node put out, over all its runs and outputs. */
	items(name: string): INodeExecutionData[];
	/** The json of the only item. */
	row(name: string): INodeExecutionData['json'];
	/** The file of the only item, or of one that is given. */
	file(name: string, field?: string, index?: number): Promise<Buffer>;
}

/**
 * Runs an example from its trigger on the engine.
 * @param items what the trigger puts out
 * @param services nodes of n8n by type, in the place of those that hand on what they get
 * @throws the error of the first node that stopped
 */
export async function runExample(
	file: string,
	servers: Servers,
	items?: INodeExecutionData[],
	services?: Readonly<Record<string, INodeType>>,
): Promise<ExampleRun> {
	return await runWorkflow(readExample(file), servers, items, services);
}

export async function runWorkflow(
	example: Example,
	servers: Servers,
	items: INodeExecutionData[] = [{ json: {} }],
	services: Readonly<Record<string, INodeType>> = {},
): Promise<ExampleRun> {
	const dataTableNode = new DataTableNode(servers.n8nApi);
	const others = servers.clock.openRequests;
	servers.clock.openRequests = () => others() + dataTableNode.open;
	const engine = new Engine({
		dataTableNode,
		// n8n starts a workflow with what a poll has returned; here it is given.
		nodeTypes: { ...ALL_TYPES, [TRIGGER_TYPE]: passThrough('Trigger', [1]), ...services },
		credentialTypes: [new CometApiVideoApi(), new N8nDataTableApi()],
		credentials: {
			cometApiVideoApi: { apiKey: SIMULATOR_API_KEY, baseUrl: servers.simulator.baseUrl },
			n8nDataTableApi: { apiKey: servers.n8nApi.apiKey, baseUrl: servers.n8nApi.baseUrl },
		},
	});
	const engineRun = await engine.run(withSimulatorMedia(example, servers.simulator), items);
	for (const { name } of example.nodes) {
		const { error } = engineRun.taskData(name) ?? {};
		if (error) throw new Error(`${name}: ${errorText(error)}`);
	}
	const itemsOf = (name: string) => allOutputs(engineRun, name);
	const only = (name: string) => {
		expect([name, itemsOf(name).length]).toEqual([name, 1]);
		return itemsOf(name)[0];
	};
	return {
		items: itemsOf,
		row: (name) => only(name).json,
		file: async (name, field = 'data', index) =>
			await engine.readBinary(index === undefined ? only(name) : itemsOf(name)[index], field),
	};
}

function allOutputs({ run }: EngineRun, name: string): INodeExecutionData[] {
	const runs = run.data.resultData.runData[name] ?? [];
	return runs.flatMap(({ data }) => (data?.main ?? []).flatMap((items) => items ?? []));
}
