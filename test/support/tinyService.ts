/** A CometAPI of a few lines for what the simulator never does: finished tasks whose files behave as a test wants. */
import type { ServerResponse } from 'node:http';
import type { HeardRequest } from './listener';
import { Listener } from './listener';
import type { VirtualClock } from './virtualClock';

/** @returns true if it has answered */
export type Answer = (request: HeardRequest, response: ServerResponse) => boolean;

/** Answers what the test does not as CometAPI does for an unknown task. The clock waits for its answers. */
export async function startTinyService(clock: VirtualClock, answer: Answer): Promise<Listener> {
	let open = 0;
	const before = clock.openRequests;
	clock.openRequests = () => before() + open;
	return await Listener.start((request, response) => {
		open += 1;
		response.on('close', () => (open -= 1));
		if (!answer(request, response)) sendJson(response, { code: 'task_not_exist', message: 'task_not_exist' }, 400);
	});
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): true {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	return true;
}

export function sendVideo(response: ServerResponse, bytes: Buffer): true {
	response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes.length }).end(bytes);
	return true;
}
