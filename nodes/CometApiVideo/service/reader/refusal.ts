/** What an answer that names no task says against the request: in whose words, and what that means. */
import type { IDataObject } from 'n8n-workflow';
import { RequestError, cleanServerText, withReason } from '../../task/errors';
import type { ErrorDetails, RequestFailureKind } from '../../task/errors';
import { isObject } from '../../task/json';
import { endingOf, layersOf, wordIn } from './layers';
import { LAST_REASON_NAMES, REASON_NAMES } from './places';
import {
	ACCESS_CODES,
	ANSWER_CODE_NAMES,
	FAULT_CODES,
	NO_CREDIT_CODES,
	NO_CREDIT_WORDS,
	THROTTLED_CODES,
	UNKNOWN_TASK_CODES,
	isAboutContent,
} from './refusalWords';
import { firstOf, isLink, isOkCode, memberOf, opened, plainWord, textOf, wordsIn } from './values';

/** `noCredit` and `unknownTask` are refusals, `access` one that is the same for every task. */
type RefusalMeaning = RequestFailureKind | 'noCredit' | 'unknownTask' | 'access';

export interface Refusal {
	/** Cleaned; empty when only the code says no. */
	said: string;
	/** Empty when there is none. */
	code: string;
	meaning: RefusalMeaning;
}

/** What a provider's own codes mean, where they mean something else than elsewhere. */
export interface RefusalForm {
	/** For the message. */
	name?: string;
	meanings?: Readonly<Record<string, RefusalMeaning>>;
	/** Further codes that say yes. */
	okCodes?: readonly string[];
}

/**
 * Undefined when nothing in the answer says no.
 * @param isTask the answer names a task: a code alone, which may be the envelope's, does not end it
 */
export function readRefusal(body: unknown, form: RefusalForm = {}, isTask = false): Refusal | undefined {
	const layers = layersOf(body);
	const saysNo = (layer: IDataObject) => hasError(layer) || (!isTask && hasBadCode(layer, form.okCodes ?? []));
	if (!layers.some(saysNo)) return undefined;
	const { said, code } = readSaid(body, form.okCodes);
	return { said, code, meaning: meaningOf(said, code, typesIn(layers), form) };
}

/** What an error answer says, at whatever place; empty texts where it says nothing. */
export function readSaid(body: unknown, okCodes: readonly string[] = []): { said: string; code: string } {
	const layers = layersOf(body);
	const read = (names: readonly string[]) =>
		firstIn(layers, (layer) => firstOf(names, (name) => wordsIn(memberOf(layer, name))));
	const said = read(REASON_NAMES) || read(LAST_REASON_NAMES);
	return { said: cleanServerText(said), code: firstIn(layers, (layer) => codeIn(layer, okCodes)) };
}

/** An error's headline, the words of CometAPI and what to do, for an answer with HTTP 200. */
export function toRequestError({ said, code, meaning }: Refusal, form: RefusalForm, details: ErrorDetails = {}) {
	const known: ErrorDetails = { errorCode: code, ...details };
	if (meaning === 'noCredit') return outOfCredit(said, known);
	if (meaning === 'refused' && isAboutContent(said)) return refusedByContentCheck(said, known);
	const headline = `${form.name ?? 'CometAPI'} refused the request${code === '' ? '' : ` (code ${code})`}`;
	const status = { unknownTask: 404, access: 401 }[meaning as string];
	return new RequestError(
		meaning === 'throttled' || meaning === 'transient' || meaning === 'notSent' ? meaning : 'refused',
		withReason(headline, said),
		ADVICE[meaning] ?? 'Correct what the message names, then run the item again.',
		{ ...known, ...(status ? { httpStatus: status } : {}) },
	);
}

const ADVICE: Partial<Record<RefusalMeaning, string>> = {
	unknownTask: 'Check the task ID.',
	access: 'Open the credential "CometAPI Video API", paste the key again (it starts with sk-) and test it.',
	throttled: 'Lower "Videos at the Same Time", or run the workflow again later.',
	transient:
		'This usually passes: run the item again in a few minutes. If it does not, give the request ID to the support of CometAPI.',
};

/** What to do when a content check has refused a prompt, a picture or a result. */
export const AFTER_CONTENT_CHECK = 'Reword the prompt or use another picture; the same one would be refused again.';

/** @param details of the answer to a create */
export function refusedByContentCheck(said: string, details: ErrorDetails): RequestError {
	return new RequestError(
		'refused',
		withReason('The content check refused the request', said),
		AFTER_CONTENT_CHECK,
		details,
	);
}

export function outOfCredit(said: string, details: ErrorDetails): RequestError {
	return new RequestError(
		'refused',
		withReason('Your CometAPI account is out of credit', said),
		'Add credit in the CometAPI console, and see whether the key has a limit of its own. Then run the item again.',
		details,
	);
}

/** Whether it is about money; a text counts only where it is about the user's own account, not about CometAPI's upstream. */
export function isNoCredit(said: string, codes: readonly string[]): boolean {
	return (
		codes.some((code) => NO_CREDIT_CODES.includes(plainWord(code))) || NO_CREDIT_WORDS.some((words) => words.test(said))
	);
}

/** Whether any part of an answer says that the task is not known (yet). */
export function saysUnknownTask(body: unknown): boolean {
	return layersOf(body).some((layer) => {
		const { error } = layer;
		const places = [
			wordIn(layer),
			layer.code,
			layer.message,
			layer.msg,
			error,
			...(isObject(error) ? [error.code, error.message] : []),
		];
		return places.some((place) => /tasknotexist|tasknotfound/.test(plainWord(textOf(place))));
	});
}

function meaningOf(said: string, code: string, types: readonly string[], { meanings }: RefusalForm): RefusalMeaning {
	const own = meanings?.[code];
	if (own) return own;
	const codes = [code, ...types];
	const isAmong = (known: readonly string[]) => codes.some((each) => known.includes(plainWord(each)));
	if (isNoCredit(said, codes)) return 'noCredit';
	if (isAmong(THROTTLED_CODES)) return 'throttled';
	if (isAmong(FAULT_CODES)) return 'transient';
	if (isAmong(UNKNOWN_TASK_CODES)) return 'unknownTask';
	return isAmong(ACCESS_CODES) ? 'access' : 'refused';
}

const ERROR_NAMES = ['error', 'errors', 'Error', 'err', 'detail', 'base_resp', 'ResponseMetadata'];
const SUCCESS_NAMES = ['success', 'ok', 'Success', 'succeeded'];

function hasError(layer: IDataObject): boolean {
	if (layer.error === true || layer.type === 'error' || endingOf(wordIn(layer)) === 'failed') return true;
	if (SUCCESS_NAMES.some((name) => /^(false|0)$/i.test(String(memberOf(layer, name))))) return true;
	return ERROR_NAMES.some((name) => wordsIn(memberOf(layer, name)) !== '');
}

/** A code that does not say yes, with words; or without, where there is nothing else. */
function hasBadCode(layer: IDataObject, okCodes: readonly string[]): boolean {
	if (codeIn(layer, okCodes) === '') return false;
	const words = firstOf([...REASON_NAMES, ...LAST_REASON_NAMES], (name) => wordsIn(memberOf(layer, name)));
	return words !== undefined || !(isObject(layer.data) || textOf(layer.result) !== '');
}

/** The code of a layer, or of its error, that does not say yes; empty when there is none. */
function codeIn(layer: IDataObject, okCodes: readonly string[]): string {
	const holders = [
		opened(layer.error),
		opened(layer.errors),
		layer.Error,
		layer.base_resp,
		layer.ResponseMetadata,
		layer,
	]
		.map((holder) => (Array.isArray(holder) ? (holder[0] as unknown) : holder))
		.filter(isObject);
	return firstIn(holders, (holder) =>
		firstOf(ANSWER_CODE_NAMES, (name) => {
			const code = textOf(memberOf(holder, name));
			return isOkCode(code) || okCodes.includes(code) ? '' : code.slice(0, 100);
		}),
	);
}

/** `type` of errors: "insufficient_quota" stands there as well. */
function typesIn(layers: readonly IDataObject[]): string[] {
	return layers.flatMap(({ error, type }) => [textOf(isObject(error) ? error.type : ''), textOf(type)]).filter(Boolean);
}

function firstIn(layers: readonly IDataObject[], read: (layer: IDataObject) => string | undefined): string {
	for (const layer of layers) {
		const found = read(layer);
		if (found) return found;
	}
	return '';
}

/** Kling names the request's id in the answer itself. */
export function requestIdOf(body: unknown): { requestId?: string } {
	const requestId = isObject(body) ? textOf(body.request_id) : '';
	return requestId === '' || isLink(requestId) ? {} : { requestId: cleanServerText(requestId) };
}
