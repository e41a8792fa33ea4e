/**
 * A stand-in for a language model that speaks OpenAI's chat completions, without streaming: it calls the tool that it is
 * offered, and then repeats what the tool has answered. API: https://platform.openai.com/docs/api-reference/chat
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';

export interface ChatRequest {
	model: string;
	messages: Array<{ role: string; content?: unknown }>;
	tools?: Array<{ function: { name: string; description?: string; parameters?: IDataObject } }>;
}

export class ChatModelServer {
	/** What n8n has asked, oldest first. */
	readonly requests: ChatRequest[] = [];

	private constructor(
		private readonly server: Server,
		private readonly toolArguments: IDataObject,
	) {}

	/** @param toolArguments what the model calls the tool with */
	static async start(toolArguments: IDataObject): Promise<ChatModelServer> {
		const server = createServer();
		const model = new ChatModelServer(server, toolArguments);
		server.on('request', (request, response) => {
			void readJson(request).then((asked) => {
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify(model.answer(asked)));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return model;
	}

	get baseUrl(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private answer(request: ChatRequest): IDataObject {
		this.requests.push(request);
		const result = request.messages.filter(({ role }) => role === 'tool').at(-1);
		const name = request.tools?.[0]?.function.name ?? '';
		const call = { id: 'call_1', type: 'function', function: { name, arguments: JSON.stringify(this.toolArguments) } };
		const message = result
			? { role: 'assistant', content: `The tool said: ${textOf(result.content)}` }
			: { role: 'assistant', content: null, tool_calls: [call] };
		const choice = { index: 0, message, finish_reason: result ? 'stop' : 'tool_calls' };
		const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
		return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: request.model, choices: [choice], usage };
	}
}

const textOf = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));

async function readJson(request: IncomingMessage): Promise<ChatRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
}
