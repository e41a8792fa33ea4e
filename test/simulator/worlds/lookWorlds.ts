/** Answers to looks that say nothing about the task, and envelopes around those that do. */
import type { NativeBody } from '../native/nativeReply';
import type { Reply } from '../reply';
import { inBody, isRecord, plainReply } from './changes';
import type { Change, DoubtfulWorld } from './doubtfulWorld';

const GATEWAYS = 'replies of gateways of this kind';
const PAGE = '<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>';

/** @param counts the looks that meet it, from 1 */
function stray(name: string, counts: readonly number[], source: string, reply: () => Reply): DoubtfulWorld {
	const change: Change = (usual, { count }) => (counts.includes(count) ? reply() : usual);
	return { name: `stray answer to a look: ${name}`, source, outcome: 'video', running: change, succeeded: change };
}

export const STRAY_WORLDS: readonly DoubtfulWorld[] = [
	...[408, 409, 421, 425, 499].map((status) =>
		stray(String(status), [1], 'proxies between the client and the service', () =>
			plainReply(status, { message: 'x' }),
		),
	),
	...[401, 403, 404, 405, 451].map((status) =>
		stray(`${status}, a web page`, [1, 2], 'a delivery network in front of the service', () =>
			plainReply(status, PAGE),
		),
	),
	stray('520 without a body', [1], 'a delivery network in front of the service', () => plainReply(520)),
	...[200, 202, 204].map((status) =>
		stray(`${status} without a body`, [1, 2], 'vercel/ai #17308: it means "not yet"', () => plainReply(status)),
	),
	stray('{}', [1, 2], GATEWAYS, () => plainReply(200, {})),
	stray('null', [1], GATEWAYS, () => plainReply(200, 'null')),
	stray('data {}', [1, 2], 'postiz-app #1809', () => plainReply(200, { code: 200, msg: 'success', data: {} })),
	stray('data null', [1, 2], 'new-api before its first update', () =>
		plainReply(200, { code: 'success', message: '', data: null }),
	),
];

const WRAPS: ReadonlyArray<readonly [string, string, (body: NativeBody) => unknown]> = [
	[
		'code success',
		'CometAPI: wrapper of March 2026, with nothing of its own',
		(body) => ({ code: 'success', message: '', data: body }),
	],
	['code 200', GATEWAYS, (body) => ({ code: 200, msg: 'ok', data: body })],
	['code 0', 'Kling', (body) => ({ code: 0, message: 'SUCCEED', data: body })],
	['success true', GATEWAYS, (body) => ({ success: true, message: '', data: body })],
	['list of one in data', GATEWAYS, (body) => ({ code: 'success', message: '', data: [body] })],
	['list of one', GATEWAYS, (body) => [body]],
	['result', GATEWAYS, (body) => ({ code: 0, result: body })],
	[
		'nothing, where there is a wrapper',
		'CometAPI: pages since April 2026',
		(body) => (isRecord(body.data) ? body.data : body),
	],
];

export const WRAP_WORLDS = WRAPS.map(([name, source, wrap]): DoubtfulWorld => ({
	name: `answers wrapped in ${name}`,
	source,
	outcome: 'video',
	// So that the first look at the defaults finds it running.
	lifeSeconds: 15,
	created: inBody(wrap),
	running: inBody(wrap),
	succeeded: inBody(wrap),
}));
