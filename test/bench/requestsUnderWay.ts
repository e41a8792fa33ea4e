/**
 * The HTTP requests that this process has sent and not yet got a complete answer to, whichever client sent them: Node's own,
 * as n8n's helpers do, or fetch. Needs no co-operation of the senders.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const underWay = new Set<unknown>();
let most = 0;
let events = 0;

function begin(request: unknown): void {
	events += 1;
	underWay.add(request);
	// Not at once: a client may report the end of a request after the request that follows it.
	process.nextTick(() => {
		most = Math.max(most, underWay.size);
	});
}

function end(request: unknown): void {
	events += 1;
	underWay.delete(request);
}

subscribe('http.client.request.start', (message) => {
	const { request } = message as { request: ClientRequest };
	begin(request);
	request.once('close', () => end(request));
});
subscribe('undici:request:create', (message) => begin((message as { request: unknown }).request));
for (const ending of ['undici:request:trailers', 'undici:request:error']) {
	subscribe(ending, (message) => end((message as { request: unknown }).request));
}

export function countRequestsUnderWay(): number {
	return underWay.size;
}

/** Beginnings and ends so far. */
export function countRequestEvents(): number {
	return events;
}

/** The highest number at once since the last call. */
export function takeMostRequestsAtOnce(): number {
	const result = most;
	most = underWay.size;
	return result;
}
