/** A server that belongs to nobody in the contract: a stranger to whom an answer leads, or a broken CometAPI. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardRequest {
	method: string;
	url: string;
	headers: IncomingMessage['headers'];
	body: Buffer;
}

export class Listener {
	readonly requests: HeardRequest[] = [];

	private constructor(
		readonly origin: string,
		private readonly end: () => Promise<void>,
	) {}

	static async start(answer: (request: HeardRequest, response: ServerResponse) => void): Promise<Listener> {
		const server = createServer((incoming, response) => {
			const chunks: Buffer[] = [];
			incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
			incoming.on('end', () => {
				const { method = '', url = '', headers } = incoming;
				const heard: HeardRequest = { method, url, headers, body: Buffer.concat(chunks) };
				listener.requests.push(heard);
				answer(heard, response);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const listener = new Listener(`http://127.0.0.1:${port}`, async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		});
		return listener;
	}

	/** All that was heard, as text. */
	heard(): string {
		return this.requests
			.map(({ url, headers, body }) => `${url} ${JSON.stringify(headers)} ${body.toString('latin1')}`)
			.join('\n');
	}

	async close(): Promise<void> {
		await this.end();
	}
}
