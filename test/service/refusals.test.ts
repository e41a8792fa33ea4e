/** What each error answer means, and what the user reads of it. */
import {
	isAboutAccess,
	isNotFound,
	isOutOfReach,
	isUnknownTask,
	picturesAdvice,
	refusal,
} from '../../nodes/CometApiVideo/service/refusals';
import type { Purpose } from '../../nodes/CometApiVideo/service/refusals';
import { RequestError } from '../../nodes/CometApiVideo/task/errors';
import type { ErrorDetails, RequestFailureKind } from '../../nodes/CometApiVideo/task/errors';
import { useVirtualClock } from '../support/virtualClock';

const says = (message: string, code?: string) => ({ error: { message, code } });

function read(statusCode: number, json: unknown, purpose?: Purpose, headers = {}): RequestError {
	return refusal({ statusCode, headers, body: '' }, json, 'r-1', purpose);
}

const CREDIT =
	'Add credit in the CometAPI console, and see whether the key has a limit of its own. Then run the item again.';
const LATER =
	'This usually passes: run the item again in a few minutes. If it does not, give the request ID to the support of CometAPI.';
const BASE_URL = 'Check the Base URL in the credential: it is usually https://api.cometapi.com.';
const CORRECT = 'Correct the field that the message names, then run the item again.';
const OUT_OF_CREDIT = 'Your CometAPI account is out of credit';

interface Case {
	status: number;
	json?: unknown;
	purpose?: Purpose;
	kind: RequestFailureKind;
	message: string;
	advice: string;
}

const CASES: Case[] = [
	{ status: 402, json: says('pay'), kind: 'refused', message: `${OUT_OF_CREDIT}: pay`, advice: CREDIT },
	{
		status: 429,
		json: says('quota', 'insufficient_quota'),
		kind: 'refused',
		message: `${OUT_OF_CREDIT}: quota`,
		advice: CREDIT,
	},
	{
		status: 400,
		json: { error: { message: 'no', type: 'insufficient_quota' } },
		kind: 'refused',
		message: `${OUT_OF_CREDIT}: no`,
		advice: CREDIT,
	},
	{
		status: 403,
		json: says('user quota is not enough'),
		kind: 'refused',
		message: `${OUT_OF_CREDIT}: user quota is not enough`,
		advice: CREDIT,
	},
	{
		status: 500,
		json: says('user quota is not enough'),
		kind: 'transient',
		message: 'CometAPI had an internal fault (HTTP 500): user quota is not enough',
		advice: LATER,
	},
	{
		status: 429,
		json: says('slow down'),
		purpose: 'create',
		kind: 'throttled',
		message: 'CometAPI is limiting the number of requests (HTTP 429): slow down',
		advice: 'Lower "Videos at the Same Time", or run the workflow again later.',
	},
	...[400, 404, 499].map((status): Case => ({
		status,
		kind: 'transient',
		message: `CometAPI answered with a web page instead of data (HTTP ${status})`,
		advice: `If this happens every time, check the Base URL in the credential: it is usually https://api.cometapi.com.`,
	})),
	{
		status: 400,
		purpose: 'create',
		kind: 'refused',
		message: 'CometAPI refused the request (HTTP 400)',
		advice: CORRECT,
	},
	{ status: 500, kind: 'transient', message: 'CometAPI had an internal fault (HTTP 500)', advice: LATER },
	...[408, 409, 421, 425, 499].map((status): Case => ({
		status,
		json: {},
		kind: 'transient',
		message: `CometAPI did not answer properly (HTTP ${status})`,
		advice: LATER,
	})),
	...[408, 499].map((status): Case => ({
		status,
		json: {},
		purpose: 'create',
		kind: 'transient',
		message: `CometAPI did not answer properly (HTTP ${status})`,
		advice: LATER,
	})),
	...[409, 421, 425].map((status): Case => ({
		status,
		json: {},
		purpose: 'create',
		kind: 'refused',
		message: `CometAPI refused the request (HTTP ${status})`,
		advice: CORRECT,
	})),
	{
		status: 401,
		json: says('bad key'),
		kind: 'refused',
		message: 'CometAPI does not accept the API key: bad key',
		advice: 'Open the credential "CometAPI Video API", paste the key again (it starts with sk-) and test it.',
	},
	...[
		{ status: 400, json: says('This model has NOT been priced by the administrator') },
		{ status: 500, json: says('soon', 'model_price_error') },
	].map(({ status, json }): Case => ({
		...{ status, json, kind: 'refused' },
		message: `CometAPI has no price for this model yet: ${json.error.message}`,
		advice: 'Choose another model. CometAPI has to set the price; nothing that you can change in n8n helps.',
	})),
	{
		status: 403,
		json: says('not yours'),
		kind: 'refused',
		message: 'CometAPI does not allow this request: not yours',
		advice:
			'The account may be out of credit, or the key may not be allowed to use this model. Check both in the CometAPI console.',
	},
	...[404, 503].map((status): Case => ({
		status,
		json: says('gone', 'model_not_found'),
		kind: 'refused',
		message: 'CometAPI has no such model for this key: gone',
		advice: 'Choose another model from the list, or check the model ID. Models come and go at CometAPI.',
	})),
	{
		status: 413,
		json: {},
		kind: 'refused',
		message: 'The files of this request are too large for CometAPI',
		advice: 'Use smaller or fewer files.',
	},
	...[300, 399].map((status): Case => ({
		status,
		json: says('elsewhere'),
		kind: 'transient',
		message: `CometAPI redirected the request elsewhere (HTTP ${status})`,
		advice: BASE_URL,
	})),
	{
		status: 500,
		json: says('bad size', 'invalid_request'),
		kind: 'refused',
		message: 'CometAPI refused the request (HTTP 500): bad size',
		advice: CORRECT,
	},
	{
		status: 404,
		json: says('not here'),
		kind: 'refused',
		message: 'CometAPI refused the request (HTTP 404): not here',
		advice: 'Check the ID and the Base URL in the credential.',
	},
	{
		status: 400,
		json: says('reference_urls is missing'),
		purpose: 'create',
		kind: 'refused',
		message: 'CometAPI refused the request (HTTP 400): reference_urls is missing',
		advice: 'Give the pictures as URLs, and set the option "Send Pictures As" to Link.',
	},
];

test.each(CASES)('HTTP $status: $message', ({ status, json, purpose, kind, message, advice }) => {
	expect(read(status, json, purpose)).toMatchObject({ kind, message, advice, details: { httpStatus: status } });
});

test.each([
	{ status: 400, purpose: 'create', isCheck: true },
	{ status: 400, purpose: 'look', isCheck: false },
	{ status: 500, purpose: 'create', isCheck: false },
] as const)('a content check is heard of at a create only: $status, $purpose', ({ status, purpose, isCheck }) => {
	const { message } = read(status, says('sensitive content'), purpose);
	expect(message === 'The content check refused the request: sensitive content').toBe(isCheck);
});

test('the details name request, status and code; and a page', () => {
	expect(read(400, says('bad', 'x_1')).details).toEqual({ requestId: 'r-1', httpStatus: 400, errorCode: 'x_1' });
	expect(read(302, says('bad', 'x_1')).details).toEqual({ requestId: 'r-1', httpStatus: 302, errorCode: 'x_1' });
	expect(read(404, null).details).toMatchObject({ isWebPage: true });
	expect(read(404, '<html>').details).toMatchObject({ isWebPage: true });
});

test.each([
	['7', 7000],
	['0.5', 500],
	['90', 60_000],
	['0', undefined],
	['-1', undefined],
	['soon', undefined],
	[7, undefined],
	['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
	['Sat, 21 Nov 2026 11:59:30 GMT', undefined],
	['Sun, 22 Nov 2026 12:00:00 GMT', 60_000],
])('Retry-After: %s', (header, milliseconds) => {
	useVirtualClock();
	expect(read(429, {}, 'create', { 'retry-after': header }).retryAfterMs).toBe(milliseconds);
});

describe('what is asked of an error', () => {
	const error = (kind: RequestFailureKind, details: ErrorDetails = {}) => new RequestError(kind, kind, '', details);
	const other = new Error('other');

	test.each([
		{ given: other, isUnknown: false },
		{ given: error('refused', { httpStatus: 404 }), isUnknown: true },
		{ given: error('refused', { httpStatus: 400 }), isUnknown: true },
		{ given: error('refused', { httpStatus: 410 }), isUnknown: false },
		{ given: error('refused'), isUnknown: false },
		{ given: error('transient', { httpStatus: 200 }), isUnknown: true },
		{ given: error('transient', { httpStatus: 399 }), isUnknown: true },
		{ given: error('transient', { httpStatus: 400 }), isUnknown: false },
		{ given: error('transient', { httpStatus: 404, isWebPage: true }), isUnknown: true },
		{ given: error('transient', { httpStatus: 403, isWebPage: true }), isUnknown: false },
		{ given: error('transient', { httpStatus: 404 }), isUnknown: false },
		{ given: error('transient'), isUnknown: false },
	])('whether the task is unknown: $given.kind $given.details', ({ given, isUnknown }) => {
		expect(isUnknownTask(given)).toBe(isUnknown);
	});

	test('whether it is not found', () => {
		expect(isNotFound(error('refused', { httpStatus: 404 }))).toBe(true);
		expect(isNotFound(error('transient', { httpStatus: 404 }))).toBe(false);
	});

	test.each([
		{ given: other, isAccess: false },
		{ given: error('refused', { httpStatus: 401 }), isAccess: true },
		{ given: error('refused', { httpStatus: 403 }), isAccess: true },
		{ given: error('refused', { httpStatus: 404 }), isAccess: false },
		{ given: error('refused'), isAccess: false },
		{ given: error('transient', { httpStatus: 403 }), isAccess: false },
	])('whether it is about access: $given.kind $given.details', ({ given, isAccess }) => {
		expect(isAboutAccess(given)).toBe(isAccess);
	});

	test.each([
		{ given: other, isOut: false },
		{ given: error('throttled', { httpStatus: 429 }), isOut: true },
		{ given: error('notSent'), isOut: true },
		{ given: error('transient'), isOut: true },
		{ given: error('transient', { httpStatus: 500 }), isOut: false },
		{ given: error('refused'), isOut: false },
	])('whether CometAPI is out of reach: $given.kind $given.details', ({ given, isOut }) => {
		expect(isOutOfReach(given)).toBe(isOut);
	});
});

test.each([
	['reference_video_urls: too few', /^Give the pictures as URLs, and set/],
	['unknown field reference_urls', /^Set the option "Send Pictures As" to File, then run the item again\.$/],
	['Field required', /^If it has a picture, give its URL and set the option "Send Pictures As" to Link; otherwise/],
	['field required elsewhere', /otherwise fill in what is missing, then run the item again\.$/],
	['a midfield requiredness', /^$/],
	['too long', /^$/],
])('pictures: %s', (said, advice) => {
	expect(picturesAdvice(said)).toMatch(advice);
});
