/**
 * One HTTP server on the loopback address: records requests, finds their route, applies faults, writes replies.
 * Knows nothing of CometAPI; what it says comes from the behaviour that it is given.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deliverAnswerFault, deliverEdgeFault, type Delivery } from './faultDelivery';
import type { Drip, FaultQueue } from './faults';
import { decodeBody, readRequest, type RecordedRequest } from './recordedRequest';
import { Refusal } from './refusal';
import { jsonReply, type Reply } from './reply';
import { matchRoute, type Exchange, type Route } from './route';

export interface ServerBehaviour {
	routes: readonly Route[];
	faults: FaultQueue;
	createRequestId: () => string;
	/** Sent with every reply, also with those of faults. */
	buildCommonHeaders: (requestId: string) => Record<string, string>;
	/** The API key of the caller, empty on routes of another access. Throws `Refusal`. */
	authorize: (request: RecordedRequest, route: Route) => string;
	/** What the route says, or what it says in the world of the request. Throws `Refusal`. */
	answer: (route: Route, exchange: Exchange) => Reply;
	buildRefusalReply: (refusal: Refusal, requestId: string) => Reply;
	/** For a path that no route has. Throws `Refusal`. */
	answerUnknownPath: (request: RecordedRequest) => Reply;
	/** Destroys the client's end of a connection. @param port the client's own */
	failClient?: (port: number, error: Error) => void;
	/** Called for each request before it is answered. Must not throw and is not waited for. */
	onRequest?: () => void;
}

const HOST = '127.0.0.1';

export class RecordingServer {
	readonly requests: RecordedRequest[] = [];
	private readonly open = new Set<ServerResponse>();

	private constructor(
		private readonly server: Server,
		readonly origin: string,
	) {}

	/** @param port 0 = any free one. Rejects when the port is taken. */
	static async start(port: number): Promise<RecordingServer> {
		const server = createServer();
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, HOST, resolve);
		});
		const { port: actualPort } = server.address() as AddressInfo;
		return new RecordingServer(server, `http://${HOST}:${actualPort}`);
	}

	/** Separate from `start`, because the behaviour of one server needs the address of the other. */
	serve(behaviour: ServerBehaviour): void {
		this.server.on('request', (incoming, outgoing) => {
			this.open.add(outgoing);
			const forget = () => this.open.delete(outgoing);
			outgoing.once('finish', forget).once('close', forget);
			// The client may go away at any moment: nobody is left to be told.
			void this.answer(behaviour, incoming, outgoing).catch(() => outgoing.destroy());
		});
	}

	get openRequests(): number {
		return this.open.size;
	}

	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => {
			this.server.close(() => resolve());
		});
		this.server.closeAllConnections();
		await closed;
	}

	private async answer(behaviour: ServerBehaviour, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const request = await readRequest(incoming);
		this.requests.push(request);
		await decodeBody(request);
		behaviour.onRequest?.();
		const requestId = behaviour.createRequestId();
		const delivery = decideDelivery(behaviour, request, requestId);
		if (delivery.kind === 'failClient') failClient(behaviour, outgoing, delivery.error);
		else await this.deliver(delivery, request, outgoing, behaviour.buildCommonHeaders(requestId));
	}

	private async deliver(
		delivery: Exclude<Delivery, { kind: 'failClient' }>,
		request: RecordedRequest,
		outgoing: ServerResponse,
		commonHeaders: Record<string, string>,
	): Promise<void> {
		switch (delivery.kind) {
			case 'send':
				request.status = delivery.reply.status;
				await sendReply(delivery.reply, outgoing, commonHeaders);
				return;
			case 'stall':
				this.open.delete(outgoing);
				return;
			case 'reset':
				outgoing.socket?.resetAndDestroy();
				return;
			case 'drip':
				request.status = delivery.reply.status;
				// The rest takes for ever: nobody should wait for it.
				this.open.delete(outgoing);
				await drip(delivery.reply, delivery.drip, outgoing, commonHeaders);
				return;
			case 'partial': {
				request.status = delivery.reply.status;
				await sendBeginning(delivery.reply, delivery.byteCount, outgoing, commonHeaders);
				// Not reset: a reset could take back bytes that the client has not read yet.
				if (delivery.end === 'cut') outgoing.socket?.destroy();
				this.open.delete(outgoing);
			}
		}
	}
}

function failClient({ failClient: fail }: ServerBehaviour, outgoing: ServerResponse, error: Error): void {
	const port = outgoing.socket?.remotePort;
	if (!fail || port === undefined) throw new Error('The fault softErrorAfterAccept needs the option failClient');
	fail(port, error);
}

/** Synchronous from finding the fault to using it up, so that parallel requests cannot share one. */
function decideDelivery(behaviour: ServerBehaviour, request: RecordedRequest, requestId: string): Delivery {
	const { faults } = behaviour;
	const refuse = (refusal: Refusal) => behaviour.buildRefusalReply(refusal, requestId);
	try {
		const match = findRoute(behaviour.routes, request);
		if (!match) return { kind: 'send', reply: behaviour.answerUnknownPath(request) };
		const { route, parameters } = match;
		request.route = route.target;
		const fault = faults.find(route.target, request);
		const edgeDelivery = fault && deliverEdgeFault(fault, requestId);
		if (fault && edgeDelivery) {
			faults.use(fault);
			request.fault = fault.kind;
			return edgeDelivery;
		}
		const apiKey = behaviour.authorize(request, route);
		const reply = behaviour.answer(route, { request, parameters, apiKey, requestId, fault });
		if (!fault) return { kind: 'send', reply };
		faults.use(fault);
		request.fault = fault.kind;
		if (route.ownFaults?.has(fault.kind)) return { kind: 'send', reply };
		return deliverAnswerFault(fault, reply, refuse);
	} catch (error) {
		if (error instanceof Refusal) return { kind: 'send', reply: refuse(error) };
		// A defect of the simulator or of a test's `when`: visible in the test's own output, not a lost connection.
		const description = error instanceof Error ? error.stack : String(error);
		return { kind: 'send', reply: jsonReply(500, { simulatorDefect: description }) };
	}
}

function findRoute(
	routes: readonly Route[],
	request: RecordedRequest,
): { route: Route; parameters: string[] } | undefined {
	for (const route of routes) {
		const match = matchRoute(route, request.method, request.path);
		if (match) return { route, parameters: match.slice(1) };
	}
	return undefined;
}

async function sendReply(reply: Reply, outgoing: ServerResponse, commonHeaders: Record<string, string>): Promise<void> {
	const headers = { ...commonHeaders, ...reply.headers };
	const { body } = reply;
	if (body.kind === 'stream') {
		const length = body.byteLength === undefined ? {} : { 'content-length': String(body.byteLength) };
		outgoing.writeHead(reply.status, { ...headers, ...length });
		await pipeline(Readable.from(body.open()), outgoing);
		return;
	}
	const bytes = body.kind === 'json' ? Buffer.from(JSON.stringify(body.value)) : body.bytes;
	outgoing.writeHead(reply.status, { 'content-length': String(bytes.length), ...headers });
	outgoing.end(bytes);
}

/** Resolves when it is over or the client has gone away. Without a length, so that more may always come. */
async function drip(
	{ status, headers, body }: Reply,
	{ everyMs, bytes = Infinity, onByte }: Drip,
	outgoing: ServerResponse,
	commonHeaders: Record<string, string>,
): Promise<void> {
	outgoing.writeHead(status, { ...commonHeaders, ...headers });
	if (body.kind === 'bytes') outgoing.write(body.bytes);
	let left = bytes;
	await new Promise<void>((resolve) => {
		const timer = setInterval(() => {
			onByte?.();
			if (left-- > 0) outgoing.write(Buffer.alloc(1));
			else outgoing.end();
		}, everyMs);
		outgoing.once('close', () => {
			clearInterval(timer);
			resolve();
		});
	});
}

/** Resolves when the bytes have left; content-length still promises all of them. */
async function sendBeginning(
	{ status, headers, body }: Reply,
	byteCount: number,
	outgoing: ServerResponse,
	commonHeaders: Record<string, string>,
): Promise<void> {
	const bytes = body.kind === 'bytes' ? body.bytes : Buffer.alloc(0);
	outgoing.writeHead(status, { ...commonHeaders, ...headers, 'content-length': String(bytes.length) });
	await new Promise<void>((resolve) => {
		outgoing.write(bytes.subarray(0, byteCount), () => resolve());
	});
}
