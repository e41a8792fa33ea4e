/** The node as a tool of n8n's AI agent, with a stand-in for the language model. */
import { ChatModelServer } from './chatModelServer';
import { readExample, withCredential, withPollInterval } from './exampleWorkflows';
import type { Execution } from './host/execution';
import type { WorkflowDefinition } from './host/n8nClient';
import { PACKAGE_NAME } from './host/projectFolder';
import { POLL_INTERVAL_SECONDS, Scenario } from './scenario';
import { chain, generate, manualTrigger, placeNodes, type NodePart } from './workflowParts';

const PROMPT = 'A lighthouse in a storm, seen from the sea';

let scenario: Scenario;
let chatModel: ChatModelServer;

beforeEach(async () => {
	scenario = await Scenario.start();
	chatModel = await ChatModelServer.start({ prompt: PROMPT });
});

afterEach(async () => {
	await chatModel.close();
	await scenario.close();
});

const agent: NodePart = {
	name: 'Agent',
	type: '@n8n/n8n-nodes-langchain.agent',
	typeVersion: 3,
	parameters: { promptType: 'define', text: 'Make a video of a lighthouse', options: { enableStreaming: false } },
};

/** Version 1.2 speaks chat completions; from 1.3 on it is the Responses API by default. */
const languageModel: NodePart = {
	name: 'Model',
	type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
	typeVersion: 1.2,
	parameters: { model: { __rl: true, mode: 'id', value: 'stand-in' }, options: { maxRetries: 0 } },
	credentials: { openAiApi: { id: '', name: '' } },
};

const tool: NodePart = {
	...generate({ prompt: "={{ $fromAI('prompt', 'What the video shows', 'string') }}" }),
	name: 'Make a video',
	type: `${PACKAGE_NAME}.cometApiVideoTool`,
};

/** Runs the workflow with the stand-in for OpenAI. @param chatMessage for a workflow that begins with one */
async function runAgent(workflow: WorkflowDefinition, chatMessage?: string): Promise<Execution> {
	const data = { apiKey: 'sk-none', url: chatModel.baseUrl };
	const openAi = await scenario.client.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
	const triggerItem =
		chatMessage === undefined ? undefined : { sessionId: 'one', action: 'sendMessage', chatInput: chatMessage };
	const execution = await scenario.run(withCredential(workflow, openAi), triggerItem);
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	return execution;
}

function expectOneVideo(answer: unknown): void {
	const [task, ...others] = scenario.simulator.tasks.values();
	expect(others).toEqual([]);
	expect(task.details.prompt).toBe(PROMPT);
	expect(answer).toContain(task.details.resultUrl);
	// A question and an answer: the tool was called once, and without a file that no agent can use.
	expect(chatModel.requests.length).toBe(2);
	expect(scenario.simulator.resultRequests).toEqual([]);
}

test('an agent orders one video with its own prompt, and gets the link', async () => {
	const workflow = chain('Agent', manualTrigger(), agent);
	workflow.nodes = placeNodes([manualTrigger(), agent, languageModel, tool]);
	workflow.connections[languageModel.name] = {
		ai_languageModel: [[{ node: agent.name, type: 'ai_languageModel', index: 0 }]],
	};
	workflow.connections[tool.name] = { ai_tool: [[{ node: agent.name, type: 'ai_tool', index: 0 }]] };

	expectOneVideo((await runAgent(workflow)).row(agent.name).output);
});

test('agent-in-a-chat.json makes the video that a chat message asks for', async () => {
	const question = 'Please make a video of a lighthouse';
	const example = withPollInterval(readExample('agent-in-a-chat.json'), POLL_INTERVAL_SECONDS);
	expectOneVideo((await runAgent(example, question)).row('AI Agent').output);
	expect(chatModel.requests[0].messages.at(-1)?.content).toBe(question);
});
