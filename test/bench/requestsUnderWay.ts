/**
 * The HTTP requests that this process has sent and not yet got a complete answer to, whichever client sent them: Node's own,
 * as n8n's helpers do, or fetch. Needs no co-operation of the senders.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const underWay = new Set<unknown>();
/** Without even the beginning of an answer. What follows an answer can begin before its client has closed the request. */
const unanswered = new Set<unknown>();
let most = 0;
let events = 0;

function begin(request: unknown): void {
	events += 1;
	underWay.add(request);
	unanswered.add(request);
	most = Math.max(most, unanswered.size);
}

function end(request: unknown): void {
	events += 1;
	underWay.delete(request);
	unanswered.delete(request);
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

for (const answer of ['http.client.response.finish', 'undici:request:headers']) {
	subscribe(answer, (message) => unanswered.delete((message as { request: unknown }).request));
}

export function countRequestsUnderWay(): number {
	return underWay.size;
}

/** Beginnings and ends so far. */
export function countRequestEvents(): number {
	return events;
}

/** The highest number of unanswered requests at once since the last call. */
export function takeMostRequestsAtOnce(): number {
	const result = most;
	most = unanswered.size;
	return result;
}
