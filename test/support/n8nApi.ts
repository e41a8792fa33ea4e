/**
 * A small fake of n8n's own public API on the loopback address, for tests of what reads and writes Data Tables.
 * Owns the server, the faults, and what tests set up and look at; `n8nApiRoutes.ts` decides what n8n would answer.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readRequest } from '../simulator/recordedRequest';
import { htmlReply, redirectReply, type Reply } from '../simulator/reply';
import {
	BODY_LIMIT_BYTES,
	answerRequest,
	createTable,
	errorPage,
	insertRows,
	parseJson,
	type Cells,
	type ColumnType,
	type ExecutionStatus,
	type N8nExecution,
	type N8nRequest,
	type N8nRow,
	type N8nState,
	type N8nTable,
} from './n8nApiRoutes';

export type { Cells, N8nExecution, N8nRequest, N8nRow, N8nTable } from './n8nApiRoutes';

export const N8N_API_KEY = 'fake-n8n-api-key';

/** What a key needs for all that the fake plays. n8n 2.40.7, openapi.yml, `x-required-scope`. */
export const N8N_SCOPES: readonly string[] = [
	'dataTable:list',
	'dataTable:read',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
	'dataTableRow:upsert',
	'dataTableRow:delete',
	'execution:list',
];

interface N8nFaultScope {
	/** Absent: any request. */
	when?: (request: N8nRequest) => boolean;
	/** Default 1; Infinity is allowed. */
	times?: number;
}

/** All but `resetAfter` strike in front of n8n: no key is checked and nothing is changed. */
export type N8nFault = N8nFaultScope &
	(
		| {
				kind: 'reply';
				status: number;
				/** String as it is, anything else as JSON, absent = empty. */
				body?: unknown;
				headers?: Record<string, string>;
		  }
		/** HTTP 200 with a page, as a proxy's sign-in or a wrong address gives. */
		| { kind: 'html' }
		| { kind: 'redirect'; location: string }
		/** Never answers; counts as answered for `openRequests`, so that a virtual clock goes on to the time limit. */
		| { kind: 'stall' }
		| { kind: 'reset' }
		/** n8n does what it is asked, then the connection is cut. */
		| { kind: 'resetAfter' }
	);

export interface N8nApiOptions {
	/** Milliseconds since 1970; default the real clock. */
	now?: () => number;
	/** Default `N8N_SCOPES`. */
	scopes?: readonly string[];
}

const HOST = '127.0.0.1';

export class N8nApi implements N8nState {
	readonly apiKey = N8N_API_KEY;
	/** Every request in the order of arrival. */
	readonly requests: N8nRequest[] = [];
	tables: N8nTable[] = [];
	executions: N8nExecution[] = [];
	private readonly open = new Set<ServerResponse>();
	private faults: Array<{ fault: N8nFault; left: number }> = [];

	private constructor(
		private readonly server: Server,
		/** Without /api/v1. */
		readonly baseUrl: string,
		readonly now: () => number,
		/** What the key may do; change it at any time. */
		public scopes: readonly string[],
	) {
		server.on('request', (incoming, outgoing) => {
			this.open.add(outgoing);
			const forget = () => this.open.delete(outgoing);
			outgoing.once('finish', forget).once('close', forget);
			// The client may go away at any moment: nobody is left to be told.
			void this.answer(incoming, outgoing).catch(() => outgoing.destroy());
		});
	}

	static async start({ now = Date.now, scopes = N8N_SCOPES }: N8nApiOptions = {}): Promise<N8nApi> {
		const server = createServer();
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(0, HOST, resolve);
		});
		const { port } = server.address() as AddressInfo;
		return new N8nApi(server, `http://${HOST}:${port}`, now, scopes);
	}

	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => {
			this.server.close(() => resolve());
		});
		this.server.closeAllConnections();
		await closed;
	}

	/** Received and not yet answered. */
	get openRequests(): number {
		return this.open.size;
	}

	addTable(name: string, columns: ReadonlyArray<{ name: string; type: ColumnType }>): N8nTable {
		return createTable(this, { name, columns });
	}

	/** With the next ids; columns that are not given are empty. Values are kept as they are, unchecked. */
	addRows(nameOrId: string, rows: ReadonlyArray<Readonly<Cells>>): N8nRow[] {
		return insertRows(this, this.table(nameOrId), rows);
	}

	/** Throws when there is none. */
	table(nameOrId: string): N8nTable {
		const table = this.tables.find(({ id, name }) => id === nameOrId || name === nameOrId);
		if (!table) throw new Error(`The fake n8n has no table "${nameOrId}"`);
		return table;
	}

	deleteTable(id: string): void {
		this.tables = this.tables.filter((table) => table.id !== id);
	}

	/**
	 * @param mode default `trigger`
	 * @param status default `success`
	 */
	addExecution(given: {
		workflowId: string;
		/** ISO 8601 with time zone; null as n8n has it for a failed poll. */
		startedAt: string | null;
		mode?: string;
		status?: ExecutionStatus;
	}): N8nExecution {
		const { mode = 'trigger', status = 'success' } = given;
		const startedAt = given.startedAt === null ? null : new Date(given.startedAt).toISOString();
		const execution: N8nExecution = {
			id: String(this.executions.length + 1),
			finished: status === 'success',
			mode,
			retryOf: null,
			retrySuccessId: null,
			status,
			startedAt,
			stoppedAt: ['new', 'running', 'unknown'].includes(status) ? null : startedAt,
			workflowId: given.workflowId,
			waitTill: null,
		};
		this.executions.push(execution);
		return execution;
	}

	/** The first fault that fits a request strikes. */
	addFault(fault: N8nFault): void {
		this.faults.push({ fault, left: fault.times ?? 1 });
	}

	clearFaults(): void {
		this.faults = [];
	}

	private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const { body, ...line } = await readRequest(incoming);
		const request: N8nRequest = { ...line, body: parseJson(body.toString('utf8')) };
		this.requests.push(request);
		const fault = this.takeFault(request);
		switch (fault?.kind) {
			case 'stall':
				this.open.delete(outgoing);
				return;
			case 'reset':
				outgoing.socket?.resetAndDestroy();
				return;
			case 'reply':
				return send(request, outgoing, buildReply(fault));
			case 'html':
				return send(request, outgoing, htmlReply('Sign in'));
			case 'redirect':
				return send(request, outgoing, redirectReply(302, fault.location));
			default:
				break;
		}
		const reply = this.decide(request, body, incoming.url ?? '');
		if (fault?.kind === 'resetAfter') outgoing.socket?.resetAndDestroy();
		else send(request, outgoing, reply);
	}

	/** n8n reads the body before it looks at the address or the key. */
	private decide(request: N8nRequest, body: Buffer, url: string): Reply {
		if (body.length > BODY_LIMIT_BYTES) return errorPage(413);
		const isJson = request.headers['content-type']?.startsWith('application/json');
		if (isJson && body.length > 0 && request.body === undefined) return errorPage(500);
		return answerRequest(this, request, url.split('?').slice(1).join('?'));
	}

	/** Synchronous, so that parallel requests cannot share one. */
	private takeFault(request: N8nRequest): N8nFault | undefined {
		const entry = this.faults.find(({ fault, left }) => left > 0 && (fault.when?.(request) ?? true));
		if (entry) entry.left -= 1;
		return entry?.fault;
	}
}

function buildReply({ status, body, headers }: Extract<N8nFault, { kind: 'reply' }>): Reply {
	const isJson = body !== undefined && typeof body !== 'string';
	const text = isJson ? JSON.stringify(body) : (body ?? '');
	const type: Record<string, string> = isJson ? { 'content-type': 'application/json; charset=utf-8' } : {};
	return { status, headers: { ...type, ...headers }, body: { kind: 'bytes', bytes: Buffer.from(text) } };
}

function send(request: N8nRequest, outgoing: ServerResponse, { status, headers, body }: Reply): void {
	request.status = status;
	if (body.kind === 'stream') throw new Error('The fake sends no streams');
	const bytes = body.kind === 'json' ? Buffer.from(JSON.stringify(body.value)) : body.bytes;
	outgoing.writeHead(status, { 'content-length': String(bytes.length), ...headers });
	outgoing.end(bytes);
}
