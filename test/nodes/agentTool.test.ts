/**
 * The node as a tool of an AI agent, in both ways in which n8n runs tools: with a context of the tool's own, and as a node
 * that the agent asks the engine for. The agent here is a stand-in that calls its tool as often as it is told.
 */
import type { EngineResponse, INode, INodeParameters, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { atLength } from '../support/longRun';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

const AGENT_TYPE = 'test.agent';
const TOOL_TYPE = `${NODE_TYPE}Tool`;
const CALLS = 3;
const PARAMETERS: INodeParameters = { prompt: 'A lighthouse in a storm', downloadVideo: false };

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	await node.close();
});

const agentDescription: INodeTypeDescription = {
	displayName: 'Agent',
	name: 'agent',
	group: ['transform'],
	version: 1,
	description: 'Calls its tool',
	defaults: { name: 'Agent' },
	inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, displayName: 'Tool' }],
	outputs: [NodeConnectionTypes.Main],
	properties: [],
};

/** What the agent reads of each of its calls, one after the other. */
type Answers = string[];
type Tool = { invoke(toolArguments: object): Promise<string> };

const agentThatRunsItsTool = (answers: Answers): INodeType => ({
	description: agentDescription,
	async execute() {
		const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
		for (let call = 0; call < CALLS; call++) {
			answers.push(await tool.invoke({}).catch((error: Error) => error.message));
		}
		return [this.getInputData()];
	},
});

const agentThatAsksTheEngine = (answers: Answers): INodeType => ({
	description: agentDescription,
	async execute(response?: EngineResponse) {
		for (const { data } of response?.actionResponses ?? []) {
			answers.push(JSON.stringify(data.data?.ai_tool ?? data.error?.message));
		}
		if (answers.length >= CALLS) return [this.getInputData()];
		return {
			actions: [
				{
					actionType: 'ExecutionNodeAction' as const,
					nodeName: 'Tool',
					input: {},
					type: NodeConnectionTypes.AiTool,
					id: `call_${answers.length}`,
					metadata: {},
				},
			],
			metadata: {},
		};
	},
});

/** As n8n turns nodes into tools. */
const TOOL: INodeType = new CometApiVideo();
TOOL.description = { ...TOOL.description, inputs: [], outputs: [NodeConnectionTypes.AiTool] };

async function callTool(agent: (answers: Answers) => INodeType, tool: Partial<INode> = {}): Promise<Answers> {
	const answers: Answers = [];
	const base = { typeVersion: 1, position: [0, 0] as [number, number] };
	const run = await node.engine({ nodeTypes: { [AGENT_TYPE]: agent(answers), [TOOL_TYPE]: TOOL } }).run(
		{
			nodes: [
				{ ...base, id: 'start', name: 'Start', type: 'engine.start', parameters: {} },
				{ ...base, id: 'agent', name: 'Agent', type: AGENT_TYPE, parameters: {} },
				{
					...base,
					id: 'tool',
					name: 'Tool',
					type: TOOL_TYPE,
					parameters: PARAMETERS,
					credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' } },
					...tool,
				},
			],
			connections: {
				Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
				Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		},
		[{ json: {} }],
	);
	expect(run.run.data.resultData.error).toBeUndefined();
	expect(answers).toHaveLength(CALLS);
	return answers;
}

const WAYS = [
	['with a context of its own', agentThatRunsItsTool],
	['by the engine', agentThatAsksTheEngine],
] as const;
const RETRIES = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

describe.each(WAYS)('a tool that is run %s', (_way, agent) => {
	test('makes one video for each call that wants one', async () => {
		const answers = await callTool(agent);
		expect(node.creates()).toHaveLength(CALLS);
		for (const answer of answers) expect(answer).toContain('succeeded');
	});

	test('creates a video that has failed anew when the agent asks again', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const [first, second] = await callTool(agent);
		expect(first).toContain('out of paint');
		expect(second).toContain('succeeded');
		expect(node.creates()).toHaveLength(CALLS);
	});

	test.each(atLength([2, 5], [2, 3, 5]))(
		'creates nothing twice in one call that n8n tries %d times, and anew in the next call',
		async (maxTries) => {
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
			const [first, second] = await callTool(agent, { ...RETRIES, maxTries });
			expect(first).toContain('out of paint');
			expect(second).toContain('succeeded');
			expect(node.creates()).toHaveLength(CALLS);
		},
	);

	test('stays awake, whatever While Waiting says: the agent waits for the answer', async () => {
		await node.close();
		// Longer than the two minutes that are always waited awake.
		node = await VideoNodeTest.start({ taskSeconds: 150 });
		const parameters = { ...PARAMETERS, waitingOptions: { whileWaiting: 'sleep' } };
		const answers = await callTool(agent, { parameters });
		expect(node.creates()).toHaveLength(CALLS);
		for (const answer of answers) expect(answer).toContain('succeeded');
	});

	test('takes up a task that still runs instead of paying for another', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const [first, second] = await callTool(agent);
		const [taskId] = node.simulator.tasks.keys();
		expect(first).toContain('API key');
		expect(second).toContain(taskId);
		expect(node.creates()).toHaveLength(CALLS - 1);
	});

	test('tells the agent how to ask for another video when nobody knows whether there is one', async () => {
		node.simulator.addFault({ on: 'create', kind: 'resetAfterAccept' });
		const answers = await callTool(agent, RETRIES);
		for (const answer of answers) expect(answer).toMatch(/It is not known whether CometAPI created the video/);
		// Of an error that comes by way of the engine, n8n hands on the headline alone.
		if (agent === agentThatRunsItsTool) expect(answers.at(-1)).toMatch(/call the tool with another prompt/);
		expect(node.creates()).toHaveLength(1);
	});
});
