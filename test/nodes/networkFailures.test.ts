/** Creates that no answer came to: what was certainly not sent is sent again or told so, all else is paid for once. */
import { createServer, Socket } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { documentedReplies } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength, firstOfEach } from '../support/longRun';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm', downloadVideo: false };

let node: VideoNodeTest;
const servers: Server[] = [];

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	jest.restoreAllMocks();
	for (const server of servers.splice(0)) server.close();
	await node.close();
});

const failureOf = (syscall: string, code: string) => Object.assign(new Error(`${syscall} ${code}`), { syscall, code });

/** Connections fail before they are up. */
function failToConnect(times: number, makeError: () => Error): void {
	const { connect } = Socket.prototype;
	let left = times;
	jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...parameters: unknown[]) {
		if (left-- <= 0) return Reflect.apply(connect, this, parameters) as Socket;
		process.nextTick(() => this.destroy(makeError()));
		return this;
	});
}

/** The connection over which a create was sent dies with this error when CometAPI has accepted it. */
function dieAfterAcceptance(error: Error): void {
	const sockets = new Map<number | undefined, Socket>();
	const { connect } = Socket.prototype;
	jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...parameters: unknown[]) {
		this.once('connect', () => sockets.set(this.localPort, this));
		return Reflect.apply(connect, this, parameters) as Socket;
	});
	node.simulator.addFault({ on: 'create', kind: 'stall', accept: true, times: 3 });
	const waitForTask = () => {
		if (node.simulator.tasks.size === 0) return void setImmediate(waitForTask);
		for (const socket of sockets.values()) socket.destroy(error);
	};
	waitForTask();
}

async function listen(server: Server): Promise<string> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The system call says how far the connection was; of the code, only what a lost connection has as well. */
const BEFORE = [
	['connect', 'ETIMEDOUT'],
	['connect', 'EHOSTUNREACH'],
	['connect', 'EPERM'],
	['connect', 'EACCES'],
	['connect', 'ENETDOWN'],
	['connect', 'EMFILE'],
	['connect', 'EADDRNOTAVAIL'],
	['connect', 'ECONNRESET'],
	['getaddrinfo', 'EAI_FAIL'],
	['queryA', 'ETIMEOUT'],
];
const KINDS_BEFORE = firstOfEach(BEFORE, ([syscall, code]) => [syscall, code === 'ECONNRESET']);

test.each(atLength(KINDS_BEFORE, BEFORE))('%s %s: nothing was sent, so it is sent again', async (syscall, code) => {
	failToConnect(3, () => failureOf(syscall, code));
	const { rows, error } = await node.run(PROMPT);
	expect(errorText(error)).toBe('');
	expect(rows).toMatchObject([{ status: 'succeeded' }]);
	expect(node.simulator.tasks.size).toBe(1);
});

test('several addresses of which none can be reached: nothing was sent', async () => {
	const errors = [failureOf('connect', 'ECONNREFUSED'), failureOf('connect', 'ENETUNREACH')];
	failToConnect(3, () => Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' }));
	expect((await node.run(PROMPT)).rows).toMatchObject([{ status: 'succeeded' }]);
});

const AFTER = [
	['read', 'EHOSTUNREACH'],
	['read', 'ENETUNREACH'],
	['read', 'ECONNREFUSED'],
	['read', 'ETIMEDOUT'],
	['write', 'EPIPE'],
];
/** Those that a failed connect may have, too, and the time limit. */
const KINDS_AFTER = firstOfEach(AFTER, ([syscall, code]) => [syscall, code === 'ETIMEDOUT']);

test.each(atLength(KINDS_AFTER, AFTER))(
	'%s %s after acceptance: nobody knows, so it is not sent again, nor by Retry On Fail',
	async (syscall, code) => {
		dieAfterAcceptance(failureOf(syscall, code));
		const { error } = await node.run(PROMPT, { retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video/);
		expect(node.creates()).toHaveLength(1);
	},
);

test.each([408, 499])('HTTP %d to a create: nobody knows, so it is not sent again', async (status) => {
	node.simulator.addFault({ on: 'create', kind: 'reply', status, body: { error: { message: 'gave up' } } });
	const { error } = await node.run(PROMPT, { retryOnFail: true });
	expect(errorText(error)).toMatch(/not known whether CometAPI created the video/);
	expect(node.creates()).toHaveLength(1);
});

describe('TLS that is not set up', () => {
	test('because the other side hangs up: told so, after six tries', async () => {
		let connections = 0;
		const baseUrl = await listen(
			createServer((socket) => {
				connections += 1;
				socket.destroy();
			}),
		);
		const { error } = await node.run(PROMPT, { baseUrl });
		expect(errorText(error)).toMatch(/No secure connection to CometAPI .*; nothing was created/);
		// One connection more for the list of models.
		expect(connections).toBe(7);
	});

	test('because the other side speaks another language: told so, at once', async () => {
		const baseUrl = await listen(
			createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 No\r\n\r\n'))),
		);
		const { error } = await node.run(PROMPT, { baseUrl });
		expect(errorText(error)).toMatch(/No secure connection to CometAPI .*EPROTO.*; nothing was created.*speaks https/s);
		expect(node.clock.sleeps).toEqual([]);
	});

	test.each([
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'CERT_HAS_EXPIRED',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('because of the certificate (%s): told so, at once', async (code) => {
		failToConnect(Infinity, () => Object.assign(new Error('certificate'), { code }));
		const { error } = await node.run(PROMPT);
		expect(errorText(error)).toMatch(
			/The certificate of .* is not accepted .*; nothing was created.*certificates of n8n/s,
		);
		expect(errorText(error)).toContain(code);
		expect(node.clock.sleeps).toEqual([]);
	});
});

test('a Retry-After that is a date is waited for', async () => {
	const at = new Date(node.clock.now() + 21_000).toUTCString();
	const { status, body } = documentedReplies.tooManyRequests() as { status: number; body: unknown };
	node.simulator.addFault({ on: 'create', kind: 'reply', status, body, headers: { 'retry-after': at } });
	const { rows } = await node.run(PROMPT);
	expect(rows).toMatchObject([{ status: 'succeeded' }]);
	expect(node.clock.sleeps[0]).toBe(21_000);
});
