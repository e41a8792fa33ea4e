/** What a request that was refused, or not answered properly, means for the one who sent it, and how the user reads it. */
import type { IDataObject } from 'n8n-workflow';
import { clock } from '../task/clock';
import { RequestError, withReason } from '../task/errors';
import type { RequestFailureKind } from '../task/errors';
import { isNoCredit, outOfCredit, readSaid, refusedByContentCheck } from './reader/refusal';
import { isAboutContent } from './reader/refusalWords';
import { isObject } from '../task/json';

const MAX_RETRY_AFTER_MS = 60_000;

export interface Reply {
	statusCode: number;
	headers: IDataObject;
	body: string;
}

/** Whether the route has never heard of the task, or is no route, for which CometAPI's website answers or is led to. */
export function isUnknownTask(error: Error): error is RequestError {
	if (!(error instanceof RequestError)) return false;
	const { httpStatus = 0, isWebPage } = error.details;
	if (error.kind === 'refused') return isNotFound(error);
	return (httpStatus >= 200 && httpStatus < 400) || (isWebPage === true && httpStatus === 404);
}

/** Whether a route answers that it knows no such task; routes differ in the status. */
export function isNotFound({ kind, details: { httpStatus = 0 } }: RequestError): boolean {
	return kind === 'refused' && [400, 404].includes(httpStatus);
}

/** Whether it is the key or the account that was refused, which is the same for every task. */
export function isAboutAccess(error: Error): boolean {
	if (!(error instanceof RequestError) || error.kind === 'transient') return false;
	return [401, 403].includes(error.details.httpStatus ?? 0);
}

/** Whether the request was certainly not accepted and may be a moment later, so that even a create can be sent again. */
export function isWorthSendingAgain(error: unknown): error is RequestError {
	return error instanceof RequestError && (error.kind === 'throttled' || error.kind === 'notSent');
}

/** Whether it is CometAPI as a whole that did not answer: who is out of reach has not refused one task in particular. */
export function isOutOfReach(error: unknown): boolean {
	return (
		isWorthSendingAgain(error) ||
		(error instanceof RequestError && error.kind === 'transient' && error.details.httpStatus === undefined)
	);
}

/** Who was asked, and the credential that says where, as the user knows them. */
export interface Asked {
	name: string;
	credential: string;
}

export const COMET_API: Asked = { name: 'CometAPI', credential: 'CometAPI Video API' };

/** With a 5xx, too, these are final refusals: https://apidoc.cometapi.com/errors/error-codes-handling */
const NO_PRICE_CODE = 'model_price_error';
const NO_MODEL_CODE = 'model_not_found';
const BAD_REQUEST_CODE = 'invalid_request';

/** Live, 2026-08-10: a model in the list that cannot be used yet. */
const UNPRICED = /not been priced by the administrator/i;

/** Live, 2026-09-06: a model that takes pictures as links got a file. The second is said of anything else that is missing, too. */
const WANTS_LINKS = /reference_(?:video_)?urls/i;
const MAY_WANT_LINKS = /\bfield required\b/i;
const REFUSES_LINKS = /\b(?:unknown|unexpected|unsupported|extra)\b.{0,40}\breference_(?:video_)?urls/i;

/** What to do about pictures that were sent in the form which the model does not take; empty where it is not about them. */
export function picturesAdvice(said: string): string {
	if (REFUSES_LINKS.test(said)) return 'Set the option "Send Pictures As" to File, then run the item again.';
	if (WANTS_LINKS.test(said)) return 'Give the pictures as URLs, and set the option "Send Pictures As" to Link.';
	if (!MAY_WANT_LINKS.test(said)) return '';
	return 'If it has a picture, give its URL and set the option "Send Pictures As" to Link; otherwise fill in what is missing, then run the item again.';
}

/** After these nobody knows what has become of a request; 499 and 408 are written by a proxy that gave up. */
const UNFINISHED_STATUSES = [408, 499];
/** Stray answers of proxies, after which a look can be repeated. */
const STRAY_STATUSES = [...UNFINISHED_STATUSES, 409, 421, 425];

/** `create`: the request makes something that costs money. */
export type Purpose = 'create' | 'look';

/**
 * What an answer with an error status means. At a look, a page instead of data is not CometAPI's own word: `transient`, with
 * `isWebPage` in the details.
 */
export function refusal(
	reply: Reply,
	json: unknown,
	requestId: string | undefined,
	purpose: Purpose = 'look',
): RequestError {
	const { statusCode } = reply;
	const { said, code } = readSaid(json);
	const isWebPage = typeof json !== 'object' || json === null;
	const details = { requestId, httpStatus: statusCode, errorCode: code, ...(isWebPage ? { isWebPage } : {}) };
	const error = (kind: RequestFailureKind, headline: string, advice: string) =>
		new RequestError(kind, withReason(headline, said), advice, details);
	const refused = (headline: string, advice: string) => error('refused', headline, advice);

	// What a 5xx says of money may be about CometAPI's own account upstream.
	if (isNoCredit(statusCode < 500 ? said : '', [String(statusCode), code, typeOf(json)]))
		return outOfCredit(said, details);
	if (statusCode === 429) {
		return new RequestError(
			'throttled',
			withReason('CometAPI is limiting the number of requests (HTTP 429)', said),
			'Lower "Videos at the Same Time", or run the workflow again later.',
			details,
			readRetryAfter(reply.headers['retry-after']),
		);
	}
	if (purpose === 'look' && isWebPage && statusCode >= 400 && statusCode < 500) {
		return error(
			'transient',
			`CometAPI answered with a web page instead of data (HTTP ${statusCode})`,
			'If this happens every time, check the Base URL in the credential: it is usually https://api.cometapi.com.',
		);
	}
	if ((purpose === 'look' ? STRAY_STATUSES : UNFINISHED_STATUSES).includes(statusCode)) {
		return error(
			'transient',
			`CometAPI did not answer properly (HTTP ${statusCode})`,
			'This usually passes: run the item again in a few minutes. If it does not, give the request ID to the support of CometAPI.',
		);
	}
	if (statusCode === 401) {
		return refused(
			'CometAPI does not accept the API key',
			'Open the credential "CometAPI Video API", paste the key again (it starts with sk-) and test it.',
		);
	}
	if (UNPRICED.test(said) || code === NO_PRICE_CODE) {
		return refused(
			'CometAPI has no price for this model yet',
			'Choose another model. CometAPI has to set the price; nothing that you can change in n8n helps.',
		);
	}
	if (statusCode === 403) {
		return refused(
			'CometAPI does not allow this request',
			'The account may be out of credit, or the key may not be allowed to use this model. Check both in the CometAPI console.',
		);
	}
	if (purpose === 'create' && statusCode < 500 && isAboutContent(said)) return refusedByContentCheck(said, details);
	if (code === NO_MODEL_CODE) {
		return refused(
			'CometAPI has no such model for this key',
			'Choose another model from the list, or check the model ID. Models come and go at CometAPI.',
		);
	}
	if (statusCode === 413) {
		return refused('The files of this request are too large for CometAPI', 'Use smaller or fewer files.');
	}
	if (statusCode >= 300 && statusCode < 400) {
		return new RequestError(
			'transient',
			`CometAPI redirected the request elsewhere (HTTP ${statusCode})`,
			'Check the Base URL in the credential: it is usually https://api.cometapi.com.',
			{ requestId, httpStatus: statusCode, errorCode: code },
		);
	}
	if (statusCode >= 500 && code !== BAD_REQUEST_CODE) {
		return error(
			'transient',
			`CometAPI had an internal fault (HTTP ${statusCode})`,
			'This usually passes: run the item again in a few minutes. If it does not, give the request ID to the support of CometAPI.',
		);
	}
	return refused(
		`CometAPI refused the request (HTTP ${statusCode})`,
		statusCode === 404
			? 'Check the ID and the Base URL in the credential.'
			: picturesAdvice(said) || 'Correct the field that the message names, then run the item again.',
	);
}

/** "insufficient_quota" is a type of errors at some upstreams. */
function typeOf(json: unknown): string {
	const error = isObject(json) ? json.error : undefined;
	return isObject(error) && typeof error.type === 'string' ? error.type : '';
}

/** Seconds or an HTTP date, at most a minute. */
function readRetryAfter(header: unknown): number | undefined {
	if (typeof header !== 'string') return undefined;
	const seconds = Number(header);
	const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - clock.now();
	return Number.isFinite(milliseconds) && milliseconds > 0 ? Math.min(milliseconds, MAX_RETRY_AFTER_MS) : undefined;
}
