/** How the service may say no: with HTTP 200, about money, to a file, with the caller's key in its words. */
import type { RecordedRequest } from '../recordedRequest';
import type { Reply } from '../reply';
import { inBody, plainReply } from './changes';
import type { DoubtfulWorld } from './doubtfulWorld';

const POSTIZ = 'postiz-app #1809: HTTP 200 with a code in the body';
const MINIMAX = 'MiniMax-AI/cli #173: HTTP 200 with a refusal about money';
const GATEWAYS = 'replies of gateways of this kind';

const SAYS = 'the scene shows a protected landmark';
const MONEY = 'balance is 0.10 USD, 0.44 USD are needed';

const BODIES: ReadonlyArray<readonly [string, string, (message: string) => unknown]> = [
	['error object', GATEWAYS, (message) => ({ error: { message, type: 'comet_api_error', code: 'invalid_request' } })],
	['error object with a code only', GATEWAYS, (message) => ({ error: { code: 'content_policy', message } })],
	['error text', GATEWAYS, (error) => ({ error })],
	['error list', GATEWAYS, (message) => ({ errors: [{ message }] })],
	[
		'code word and message',
		'new-api: refusals of a task',
		(message) => ({ code: 'invalid_request', message, data: null }),
	],
	['code number and message', POSTIZ, (message) => ({ code: 1201, message })],
	['code number and msg', POSTIZ, (msg) => ({ code: 400, msg, data: null })],
	['code -1', GATEWAYS, (message) => ({ code: -1, message })],
	['success false', GATEWAYS, (message) => ({ success: false, message })],
	['base_resp', MINIMAX, (message) => ({ base_resp: { status_code: 1026, status_msg: message }, task_id: '' })],
	['detail', 'FastAPI', (detail) => ({ detail })],
	['detail list', 'FastAPI: Field required', (msg) => ({ detail: [{ loc: ['body', 'image'], msg, type: 'missing' }] })],
	['wrapped', GATEWAYS, (message) => ({ code: 'fail', message: '', data: { error: { message } } })],
];

const MONEY_REPLIES: ReadonlyArray<readonly [string, string, () => Reply]> = [
	['200 code 402', MINIMAX, () => plainReply(200, { code: 402, msg: `Insufficient credits: ${MONEY}` })],
	['200 success false', GATEWAYS, () => plainReply(200, { success: false, message: `Insufficient balance: ${MONEY}` })],
	[
		'200 base_resp 1008',
		MINIMAX,
		() =>
			plainReply(200, { task_id: '', base_resp: { status_code: 1008, status_msg: `insufficient balance: ${MONEY}` } }),
	],
	['402', GATEWAYS, () => plainReply(402, { error: { message: `Insufficient credits: ${MONEY}` } })],
	[
		'403 quota',
		'CometAPI: sample of March 2026, `{"code":null,"message":"user quota is not enough"}`',
		() => plainReply(403, { code: null, message: `user quota is not enough: ${MONEY}` }),
	],
	[
		'403 insufficient_user_quota',
		'new-api',
		() => plainReply(403, { code: 'insufficient_user_quota', message: `pre-charge failed, ${MONEY}`, data: null }),
	],
	[
		'429 insufficient_quota',
		'stella #2: HTTP 429 that means no money',
		() =>
			plainReply(429, {
				error: {
					message: `You exceeded your current quota: ${MONEY}`,
					type: 'insufficient_quota',
					code: 'insufficient_quota',
				},
			}),
	],
	[
		'429 balance',
		'Zhipu: code 1113',
		() =>
			plainReply(429, { error: { code: '1113', message: `Insufficient balance or no resource package: ${MONEY}` } }),
	],
	[
		'429 Kling 1102',
		'Kling: account balance not enough',
		() => plainReply(429, { code: 1102, message: `Account balance not enough: ${MONEY}` }),
	],
];

const UNPRICED = 'has not been priced by the administrator yet';

const R2V = 'please provide reference_video_urls or reference_urls';
const FIELD_REQUIRED = 'Field required';

function refuseFile(model: string, message: string) {
	return ({ form }: RecordedRequest): Reply | undefined => {
		const isMet = form?.files.length && form.fields.some(([name, value]) => name === 'model' && value === model);
		return isMet ? plainReply(400, { code: 'fail_to_fetch_task', message, data: null }) : undefined;
	};
}

/** The key where a service has been seen to repeat it, or might. */
const KEY_ECHOES: ReadonlyArray<readonly [string, (key: string) => Reply]> = [
	['message', (key) => plainReply(401, { error: { message: `Invalid token ${key}` } })],
	['message, escaped', (key) => plainReply(400, `{"error":{"message":"Invalid token ${escapeAll(key)}"}}`)],
	['code', (key) => plainReply(400, { error: { message: 'Invalid token', code: key } })],
	[
		'header x-cometapi-request-id',
		(key) => plainReply(400, { error: { message: 'no' } }, { 'x-cometapi-request-id': key }),
	],
	['content type', (key) => plainReply(400, 'no', { 'content-type': `text/${key}` })],
	['page', (key) => plainReply(400, `<html><h1>Bad request</h1><p>authorization: Bearer ${key}</p></html>`)],
	['answer without an id', (key) => plainReply(200, { authorization: `Bearer ${key}`, accepted: true })],
];

function escapeAll(text: string): string {
	return Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

export const REFUSED_CREATE_WORLDS: readonly DoubtfulWorld[] = [
	...BODIES.map(([name, source, body]): DoubtfulWorld => ({
		name: `create refused in 200: ${name}`,
		source,
		outcome: 'refused',
		says: SAYS,
		refuses: () => plainReply(200, body(SAYS)),
	})),
	{
		name: 'model without a price',
		source: 'a client, live on 2026-08-10',
		outcome: 'refused',
		says: UNPRICED,
		refuses: () =>
			plainReply(400, { error: { message: `model x ${UNPRICED}`, type: 'comet_api_error', param: '', code: '' } }),
	},
	{
		name: 'no upstream for the route',
		source: 'CometAPI: sample of March 2026, `{"code":null,"message":"404"}`',
		outcome: 'refused',
		says: '404',
		refuses: () => plainReply(404, { code: null, message: '404' }),
	},
];

export const REFUSED_LOOK_WORLDS = BODIES.map(([name, source, body]): DoubtfulWorld => ({
	name: `look refused in 200: ${name}`,
	source,
	outcome: 'failed',
	says: SAYS,
	traits: { ending: 'failure' },
	failed: inBody(() => body(SAYS)),
}));

export const NO_CREDIT_WORLDS = MONEY_REPLIES.map(([name, source, reply]): DoubtfulWorld => ({
	name: `no credit: ${name}`,
	source,
	outcome: 'noCredit',
	says: MONEY,
	refuses: reply,
}));

export const KEY_ECHO_WORLDS = KEY_ECHOES.map(([name, reply]): DoubtfulWorld => ({
	name: `key repeated in ${name}`,
	source: 'gateways that put the request into their error',
	outcome: name === 'answer without an id' ? 'unknown' : 'refused',
	refuses: (_create, key) => reply(key),
}));

/** Of orders with a file for one model; the picture has to come as a link in `reference_urls`. */
export const FILE_REFUSAL_WORLDS: readonly DoubtfulWorld[] = [
	{
		name: 'wan2.6 takes no file',
		source: 'a client, live on 2026-09-06; the words are those of wan2.6-r2v at Alibaba',
		outcome: 'refused',
		says: R2V,
		refuses: refuseFile('wan2.6', R2V),
	},
	{
		name: 'Seedance 1.5 Pro takes no file',
		source: 'a client, live on 2026-09-06; CometAPI: Seedance page, files for 2.0 only',
		outcome: 'refused',
		says: FIELD_REQUIRED,
		refuses: refuseFile('doubao-seedance-1-5-pro', FIELD_REQUIRED),
	},
];
