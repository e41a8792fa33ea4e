/** How a task may say that it runs, has succeeded or has failed, why it has failed, and when all that was. */
import type { NativeBody } from '../native/nativeReply';
import { changeTask, changeWord, inBody, isRecord, moveLink, put, without, type Place } from './changes';
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

export const SUCCESS_WORD_WORLDS: readonly DoubtfulWorld[] = [
	...SUCCESS_WORDS.map((word): DoubtfulWorld => ({
		name: `success is called ${JSON.stringify(word)}`,
		source: WORDS,
		outcome: 'video',
		succeeded: changeWord(() => word),
	})),
];

export const FAILURE_WORD_WORLDS: readonly DoubtfulWorld[] = [
	...FAILURE_WORDS.map((word): DoubtfulWorld => ({
		name: `failure is called ${JSON.stringify(word)}`,
		source: WORDS,
		outcome: 'failed',
		says: REASON,
		traits: { ending: 'failure', reason: REASON },
		failed: changeWord(() => word),
	})),
];

export const UNKNOWN_END_WORLDS: readonly DoubtfulWorld[] = [
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
];

/** So that the first look at the defaults finds them running. */
const LONG_LIFE_SECONDS = 15;

export const OPEN_WORD_WORLDS: readonly DoubtfulWorld[] = [
	...OPEN_WORDS.map((word): DoubtfulWorld => ({
		name: `a running task is called ${JSON.stringify(word)}`,
		source: 'new-api #5045, and words that nobody has seen',
		outcome: 'video',
		lifeSeconds: LONG_LIFE_SECONDS,
		running: changeWord(() => word),
	})),
	{
		name: 'words in other case throughout',
		source: 'CometAPI: Seedance page of April 2026, upper-case words',
		outcome: 'video',
		lifeSeconds: LONG_LIFE_SECONDS,
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
];

export const REASON_WORLDS = REASON_PLACES.map(([place, value], index): DoubtfulWorld => ({
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

export const TIME_WORLDS: readonly DoubtfulWorld[] = [
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
