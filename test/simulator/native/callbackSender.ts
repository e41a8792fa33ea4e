/**
 * Posts the states of tasks to their callback addresses. There are no timers: what is due is sent when a request
 * arrives or a test asks for it. Only loopback addresses are called, others are recorded without a status.
 * Retries and time limits are documented nowhere: each state is sent once.
 */
import { request as sendRequest } from 'node:http';
import type { SimulatedTask, TaskState } from '../simulatedTask';

export interface SentCallback {
	url: string;
	body: unknown;
	/** HTTP status of the answer; absent while there is none, and for addresses that are not called. */
	status?: number;
}

export interface CallbackOrder {
	task: SimulatedTask;
	url: string;
	/** The status word of a state; a state is told when its word differs from the one before. */
	readWord: (state: TaskState) => string;
	buildBody: (state: TaskState) => unknown;
	/** The provider tells the end only. */
	endOnly?: boolean;
}

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

export class CallbackSender {
	readonly sent: SentCallback[] = [];
	private readonly watched: Array<{ order: CallbackOrder; changesSeen: number; lastWord: string }> = [];
	private queue: Promise<void> = Promise.resolve();
	private readonly closing = new AbortController();

	constructor(private readonly now: () => number) {}

	watch(order: CallbackOrder): void {
		const opening = order.task.stateAt(order.task.details.createdAtMs);
		this.watched.push({ order, changesSeen: 0, lastWord: order.readWord(opening) });
	}

	/** One after the other, so that a receiver sees the states in their order. Never rejects. */
	deliver(): Promise<void> {
		const nowMs = this.now();
		for (const entry of this.watched) {
			const changes = entry.order.task.changesUntil(nowMs);
			for (const state of changes.slice(entry.changesSeen)) {
				const word = entry.order.readWord(state);
				const hasEnded = state.rowStatus === 'SUCCESS' || state.rowStatus === 'FAILURE';
				if (word !== entry.lastWord && (hasEnded || !entry.order.endOnly)) {
					const body = entry.order.buildBody(state);
					this.queue = this.queue.then(() => this.send(entry.order.url, body));
				}
				entry.lastWord = word;
			}
			entry.changesSeen = changes.length;
		}
		return this.queue;
	}

	close(): void {
		this.closing.abort();
	}

	private async send(url: string, body: unknown): Promise<void> {
		if (this.closing.signal.aborted) return;
		const callback: SentCallback = { url, body };
		this.sent.push(callback);
		if (isLoopback(url)) callback.status = await post(url, body, this.closing.signal);
	}
}

function isLoopback(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname);
}

/** Undefined when nobody answers. */
async function post(url: string, body: unknown, signal: AbortSignal): Promise<number | undefined> {
	const bytes = Buffer.from(JSON.stringify(body));
	return await new Promise((resolve) => {
		const outgoing = sendRequest(
			url,
			{
				method: 'POST',
				agent: false,
				signal,
				headers: { 'content-type': 'application/json', 'content-length': bytes.length },
			},
			(answer) => {
				answer.resume();
				resolve(answer.statusCode);
			},
		);
		outgoing.once('error', () => resolve(undefined));
		outgoing.end(bytes);
	});
}
