/** Large pictures, and a CometAPI that throws away what it gets, in a process of its own: their memory is not the node's. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sampleJpeg } from '../simulator/sampleMedia';

const CHUNK = Buffer.alloc(64 * 1024, 7);

export async function startDistantMediaServer(): Promise<{ origin: string; child: ChildProcess }> {
	const child = fork(__filename, [], { execArgv: [] });
	const [port] = (await once(child, 'message')) as [number];
	return { origin: `http://127.0.0.1:${port}`, child };
}

/** @param url `/picture/{bytes}`, with any query to tell pictures from each other */
async function sendPicture(url: string, response: ServerResponse): Promise<void> {
	const bytes = Number(/^\/picture\/(\d+)/.exec(url)?.[1]);
	response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes });
	response.write(sampleJpeg);
	for (let left = bytes - sampleJpeg.length; left > 0; left -= CHUNK.length) {
		if (!response.write(CHUNK.subarray(0, left))) await once(response, 'drain');
	}
	response.end();
}

async function run(): Promise<void> {
	let tasks = 0;
	const server = createServer((request, response) => {
		if (request.method === 'GET' && request.url?.startsWith('/picture/')) {
			void sendPicture(request.url, response);
			return;
		}
		request.resume().on('end', () => {
			tasks += 1;
			const reply = request.method === 'POST' ? { id: `task_${tasks}`, status: 'queued' } : { data: [] };
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	process.once('disconnect', () => process.exit(0));
	process.send?.((server.address() as AddressInfo).port);
}

if (require.main === module) void run();
