/** The node as a tool of n8n's AI agent, with a stand-in for the language model. */
import { ChatModelServer } from './chatModelServer';
import { withCredential } from './exampleWorkflows';
import { PACKAGE_NAME } from './host/projectFolder';
import { Scenario } from './scenario';
import { chain, generate, manualTrigger, placeNodes, type NodePart } from './workflowParts';

const PROMPT = 'A lighthouse in a storm, seen from the sea';

let scenario: Scenario;
let chatModel: ChatModelServer;

beforeEach(async () => {
	scenario = await Scenario.start();
	chatModel = await ChatModelServer.start({ Prompt: PROMPT });
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
	...generate({ prompt: "={{ $fromAI('Prompt', 'What the video shows', 'string') }}" }),
	name: 'Make a video',
	type: `${PACKAGE_NAME}.cometApiVideoTool`,
};

test('an agent orders one video with its own prompt, and gets the link', async () => {
	const { client, simulator } = scenario;
	const data = { apiKey: 'sk-none', url: chatModel.baseUrl };
	const openAi = await client.createCredential({ name: 'Stand-in', type: 'openAiApi', data });
	const workflow = chain('Agent', manualTrigger(), agent);
	workflow.nodes = placeNodes([manualTrigger(), agent, languageModel, tool]);
	workflow.connections[languageModel.name] = { ai_languageModel: [[{ node: agent.name, type: 'ai_languageModel', index: 0 }]] };
	workflow.connections[tool.name] = { ai_tool: [[{ node: agent.name, type: 'ai_tool', index: 0 }]] };

	const execution = await scenario.run(withCredential(workflow, openAi));
	expect([execution.status, execution.errorText]).toEqual(['success', '']);
	const [task, ...others] = simulator.tasks.values();
	expect(others).toEqual([]);
	expect(task.details.prompt).toBe(PROMPT);
	expect(execution.row(agent.name).output).toContain(task.details.resultUrl);
	// A question and an answer: the tool was called once, and without a file that no agent can use.
	expect(chatModel.requests.length).toBe(2);
	expect(simulator.resultRequests).toEqual([]);
});
