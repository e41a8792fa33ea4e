/** How a task may show itself while it runs and when it ends: words, reasons, times, envelopes, empty and stray answers. */
import type { NativeBody } from '../native/nativeReply';
import type { Reply } from '../reply';
import {
	changeTask,
	changeWord,
	dropLinks,
	inBody,
	isRecord,
	moveLink,
	plainReply,
	put,
	without,
	type Place,
} from './changes';
import type { Change, DoubtfulWorld } from './doubtfulWorld';

const WORDS = 'ArcReel #1888, #651, new-api #5927, postiz-app #1809';
const GATEWAYS = 'replies of gateways of this kind';
const REASON = 'the model ran out of paint';

const both =
	(first: Change, second: Change): Change =>
	(reply, scene) =>
		second(first(reply, scene), scene);

const SUCCESS_WORDS = [
	'succeeded',
	'SUCCEEDED',
	'Completed',
	' completed ',
	'success',
	'SUCCEED',
	'done',
	'finished',
	'complete',
	'ready',
	'ok',
];
const FAILURE_WORDS = [
	...[
		'FAILED',
		' failed ',
		'Fail',
		'failure',
		'error',
		'EXPIRED',
		'cancelled',
		'canceled',
		'rejected',
		'TIMEOUT',
		'moderated',
	],
	...['content_filtered', 'nsfw', 'blocked', 'aborted', 'violation'],
];
/** Words of which nobody can say what they mean; `unknown` is the gateway's own first word (new-api #5045). */
const OPEN_WORDS = ['unknown', 'NOT_START', 'reticulating', 'PENDING ', 'preparing', '', 'dispatched'];

const WORD_WORLDS: readonly DoubtfulWorld[] = [
	...SUCCESS_WORDS.map((word): DoubtfulWorld => ({
		name: `success is called ${JSON.stringify(word)}`,
		source: WORDS,
		outcome: 'video',
		succeeded: changeWord(() => word),
	})),
	...FAILURE_WORDS.map((word): DoubtfulWorld => ({
		name: `failure is called ${JSON.stringify(word)}`,
		source: WORDS,
		outcome: 'failed',
		says: REASON,
		traits: { ending: 'failure', reason: REASON },
		failed: changeWord(() => word),
	})),
	...OPEN_WORDS.map((word): DoubtfulWorld => ({
		name: `a running task is called ${JSON.stringify(word)}`,
		source: 'new-api #5045, and words that nobody has seen',
		outcome: 'video',
		running: changeWord(() => word),
	})),
	{
		name: 'an unknown word, and a link',
		source: 'CometAPI may name its states anew',
		outcome: 'video',
		succeeded: both(
			changeWord(() => 'GENERATED_AND_STORED'),
			moveLink('video_url'),
		),
	},
	{
		name: 'an unknown word, and an error',
		source: 'CometAPI may name its states anew',
		outcome: 'failed',
		says: REASON,
		traits: { ending: 'failure', reason: REASON },
		failed: both(
			changeWord(() => 'DISCARDED'),
			changeTask((task) => put(task, 'error', { message: REASON, code: 'E42' })),
		),
	},
	{
		name: 'words in other case throughout',
		source: 'CometAPI: Seedance page of April 2026, upper-case words',
		outcome: 'video',
		running: changeWord(swapCase),
		succeeded: changeWord(swapCase),
	},
];

function swapCase(word: string): string {
	return word === word.toUpperCase() ? word.toLowerCase() : word.toUpperCase();
}

const REASON_PLACES: ReadonlyArray<readonly [Place, unknown]> = [
	['error', REASON],
	['error.message', REASON],
	['error.detail', REASON],
	['error.error.message', REASON],
	['error', JSON.stringify({ message: REASON })],
	['errors.0.message', REASON],
	['errors.0', REASON],
	['fail_reason', REASON],
	['failReason', REASON],
	['failure', REASON],
	['failure_reason', REASON],
	['error_message', REASON],
	['error_msg', REASON],
	['message', REASON],
	['msg', REASON],
	['reason', REASON],
	['detail', REASON],
	['task_status_msg', REASON],
	['status_msg', REASON],
	['base_resp.status_msg', REASON],
	['data.error.message', REASON],
	['data.fail_reason', REASON],
	['output.message', REASON],
	['metadata.error.message', REASON],
];

const REASON_WORLDS = REASON_PLACES.map(([place, value], index): DoubtfulWorld => ({
	name: `reason at ${place}${REASON_PLACES.findIndex(([other]) => other === place) < index ? ', as JSON text' : ''}`,
	source: GATEWAYS,
	outcome: 'failed',
	says: REASON,
	traits: { ending: 'failure', reason: REASON },
	failed: changeTask((task) => put(without(task, [REASON]) as NativeBody, place, value)),
}));

const TIME_FIELDS =
	/^(?:created_at|updated_at|completed_at|createdAt|submit_time|start_time|finish_time|submitTime|startTime|finishTime)$/;

/** @param write a time in milliseconds since 1970; times that have not come yet stay 0 */
function changeTimes(write: (milliseconds: number) => unknown): Change {
	const change = (inner: unknown): unknown => {
		if (Array.isArray(inner)) return inner.map(change);
		if (!isRecord(inner)) return inner;
		return Object.fromEntries(
			Object.entries(inner).map(([name, each]) => [name, TIME_FIELDS.test(name) ? changeTime(each) : change(each)]),
		);
	};
	const changeTime = (value: unknown): unknown => {
		const milliseconds = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : 0;
		return milliseconds > 0 ? write(milliseconds < 1e11 ? milliseconds * 1000 : milliseconds) : value;
	};
	return inBody(change);
}

const withoutZone = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '');

const TIME_FORMS: ReadonlyArray<readonly [string, string, (milliseconds: number) => unknown]> = [
	['seconds', 'https://apidoc.cometapi.com/api/video', (time) => Math.floor(time / 1000)],
	['seconds as text', GATEWAYS, (time) => String(Math.floor(time / 1000))],
	['milliseconds', 'Kling, Midjourney', (time) => time],
	['microseconds', GATEWAYS, (time) => time * 1000],
	['nanoseconds', 'Go: UnixNano', (time) => time * 1_000_000],
	['ISO 8601', 'Runway', (time) => new Date(time).toISOString()],
	['ISO 8601 without a zone', 'Python: datetime.isoformat(), meant as UTC', withoutZone],
	['a date with a blank and no zone', 'databases, meant as UTC', (time) => withoutZone(time).replace('T', ' ')],
];

const TIME_WORLDS: readonly DoubtfulWorld[] = [
	...TIME_FORMS.map(([name, source, write]): DoubtfulWorld => ({
		name: `times in ${name}`,
		source,
		outcome: 'video',
		created: changeTimes(write),
		running: changeTimes(write),
		succeeded: changeTimes(write),
	})),
	...(
		[
			['0', 0],
			['-1', -1],
			['1e30', 1e30],
			['a word', 'yesterday'],
			['null', null],
		] as const
	).map(([name, value]): DoubtfulWorld => ({
		name: `times that cannot be: ${name}`,
		source: 'fields that a gateway leaves at their first value',
		outcome: 'video',
		created: changeTimes(() => value),
		running: changeTimes(() => value),
		succeeded: changeTimes(() => value),
	})),
];

const PAGE = '<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>';

/** @param counts the looks that meet it, from 1 */
function stray(name: string, counts: readonly number[], source: string, reply: () => Reply): DoubtfulWorld {
	const change: Change = (usual, { count }) => (counts.includes(count) ? reply() : usual);
	return { name: `stray answer to a look: ${name}`, source, outcome: 'video', running: change, succeeded: change };
}

const STRAY_WORLDS: readonly DoubtfulWorld[] = [
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

const WRAP_WORLDS = WRAPS.map(([name, source, wrap]): DoubtfulWorld => ({
	name: `answers wrapped in ${name}`,
	source,
	outcome: 'video',
	created: inBody(wrap),
	running: inBody(wrap),
	succeeded: inBody(wrap),
}));

const NOT_READY = {
	error: { message: 'Task is not completed yet, current status: NOT_START', type: 'invalid_request_error' },
};
const XML = '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist</Message></Error>';

/** A link that does not deliver for as many seconds, `/content` neither. */
function late(name: string, seconds: number, source: string, reply: () => Reply): DoubtfulWorld {
	const file: DoubtfulWorld['file'] = ({ secondsSinceEnd }) => (secondsSinceEnd < seconds ? reply() : undefined);
	return { name: `file late: ${name}`, source, outcome: 'video', file, content: file };
}

const ARC = 'ArcReel #241, #2126; ComfyUI-GrsAI #11';

const FILE_WORLDS: readonly DoubtfulWorld[] = [
	{
		name: '/content 400 for 15 seconds',
		source: 'a client, live on 2026-06-30: about 107 bytes of JSON, several times in a row',
		outcome: 'video',
		succeeded: dropLinks,
		content: ({ secondsSinceEnd }) => (secondsSinceEnd < 15 ? plainReply(400, NOT_READY) : undefined),
		envelopes: ['unified'],
	},
	...[400, 403, 404, 409, 425].map((status) => late(String(status), 20, ARC, () => plainReply(status, XML))),
	late('200 with JSON', 20, 'a client, live on 2026-06-30', () => plainReply(200, { message: 'processing' })),
	late('200 with a web page', 20, ARC, () => plainReply(200, PAGE)),
	late('500', 20, ARC, () =>
		plainReply(500, { error: { message: 'Failed to fetch video content', type: 'server_error' } }),
	),
	late('503', 20, ARC, () => plainReply(503, PAGE)),
	late('404 for 45 seconds', 45, ARC, () => plainReply(404, XML)),
	{
		name: 'link dead for good, content works',
		source: 'delivery networks: a link that was signed wrongly',
		outcome: 'video',
		file: () => plainReply(403, XML),
		envelopes: ['unified'],
	},
	{
		name: 'neither link nor content',
		source: 'vercel/ai #18929, MAX-API #47: a success without a result',
		outcome: 'failed',
		succeeded: dropLinks,
		file: () => plainReply(404, XML),
		content: () => plainReply(404, { error: { message: 'Task not found', type: 'invalid_request_error' } }),
	},
	{
		name: 'link and content 404 for good',
		source: 'vercel/ai #18929, with a link',
		outcome: 'noFile',
		file: () => plainReply(404, XML),
		content: () => plainReply(404, { error: { message: 'Task not found', type: 'invalid_request_error' } }),
	},
	{
		name: 'link and content 503 for good',
		source: 'storage that is down; the task itself has succeeded',
		outcome: 'noFile',
		file: () => plainReply(503, PAGE),
		content: () => plainReply(503, PAGE),
	},
];

export const TASK_WORLDS: readonly DoubtfulWorld[] = [
	...WORD_WORLDS,
	...REASON_WORLDS,
	...TIME_WORLDS,
	...STRAY_WORLDS,
	...WRAP_WORLDS,
	...FILE_WORLDS,
];
