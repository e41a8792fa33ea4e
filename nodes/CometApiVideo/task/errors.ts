/**
 * What can go wrong, as plain errors that say what happened (`message`), what to do next (`advice`) and what must not be
 * lost (`details`, with the task id). `toNodeError` turns them into n8n's errors, `toErrorRow` into a row of the error output.
 */
import type { IDataObject, INode, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError, redactedHeaders } from 'n8n-workflow';
import { cleanText, cutText } from './shownText';

export interface ErrorDetails extends IDataObject {
	taskId?: string;
	provider?: string;
	mode?: string;
	model?: string;
	route?: string;
	rawStatus?: string;
	requestId?: string;
	httpStatus?: number;
	errorCode?: string;
	videoUrl?: string;
}

/** It came with n8n 2.36. */
const KNOWS_DETAILS = typeof redactedHeaders === 'function';
const MAX_MESSAGE_LENGTH = 800;
const MAX_ADVICE_LENGTH = 600;
const MAX_DETAIL_LENGTH = 500;
/** A signed link is useless when a part of it is missing. */
const MAX_LINK_LENGTH = 4000;

/** Never changed after it was built: `withDetails`, `reworded` and `withLeftTasks` give copies. */
export class CometApiVideoError extends Error {
	declare readonly message: string;

	readonly advice: string;

	readonly details: Readonly<ErrorDetails>;

	/** Sentences that name other tasks of the run; empty without any. Not cut: no id may be lost. */
	readonly leftTasks: string = '';

	/** The item that the texts name, counted from 1. */
	readonly itemNumber: number | undefined = undefined;

	/** Texts of others may be among all three; they are cut and cleaned here. */
	constructor(message: string, advice: string, details: ErrorDetails = {}) {
		super(cleanText(message, MAX_MESSAGE_LENGTH));
		this.name = new.target.name;
		this.advice = cleanText(advice, MAX_ADVICE_LENGTH);
		this.details = cleanDetails(details);
	}
}

function cleanDetails(details: ErrorDetails): ErrorDetails {
	return Object.fromEntries(
		Object.entries<IDataObject[string]>(details).map(([name, value]): [string, IDataObject[string]] => {
			if (typeof value !== 'string') return [name, value];
			if (name === 'videoUrl') return [name, value.length > MAX_LINK_LENGTH ? undefined : value];
			return [name, cleanText(value, MAX_DETAIL_LENGTH)];
		}),
	);
}

/** A parameter that cannot be right; thrown before anything is sent. */
export class InvalidInputError extends CometApiVideoError {}

/** A reply that is not what the contract describes; the message names the JSON path. */
export class UnexpectedResponseError extends CometApiVideoError {}

/** The task ended without a video. */
export class TaskFailedError extends CometApiVideoError {}

/** The task did not end in time; it goes on at CometAPI. */
export class TaskTimeoutError extends CometApiVideoError {}

/** The task succeeded, but its file could not be fetched. */
export class DownloadError extends CometApiVideoError {}

/** The task succeeded, and its file is not there yet; a moment later it may be. */
export class FileNotReadyError extends CometApiVideoError {}

/** The user pressed Stop. The message holds the word "canceled": n8n's engine looks for it. */
export class CanceledError extends CometApiVideoError {}

/**
 * What a failed request means for the one who sent it:
 * - `refused`: certainly not done, and would not be done a second time
 * - `throttled`: certainly not done; try again later (HTTP 429)
 * - `notSent`: certainly not received (connection refused, host unknown)
 * - `transient`: not answered properly; a GET may be repeated, a create may have been accepted
 */
export type RequestFailureKind = 'refused' | 'throttled' | 'notSent' | 'transient';

export class RequestError extends CometApiVideoError {
	constructor(
		readonly kind: RequestFailureKind,
		message: string,
		advice: string,
		details: ErrorDetails = {},
		/** From the `Retry-After` header. */
		readonly retryAfterMs?: number,
	) {
		super(message, advice, details);
	}
}

/** A create after which nobody knows whether the task exists, so it is not sent again. */
export class UnknownOutcomeError extends RequestError {
	/**
	 * @param cause what has happened to the request, for the message
	 * @param noun what was to be made
	 */
	constructor(cause: string, details: ErrorDetails, noun = 'video') {
		super(
			'refused',
			`It is not known whether CometAPI created the ${noun}: ${cause}`,
			`The ${noun} may exist and be billed, so the request was not sent again. Look for it in the CometAPI console; if it is not there, run the item again.`,
			details,
		);
	}
}

const MAX_SERVER_TEXT = 500;

/** What happened, with the words of the server if it has any for it. */
export function withReason(headline: string, said: string): string {
	const reason = cleanServerText(said);
	return reason === '' ? headline : `${headline}: ${reason}`;
}

/** Text of a server for a message: one line of at most 500 characters, without the request id (shown apart), keys and signatures of links. */
export function cleanServerText(text: string): string {
	// Twice as much as is shown, for what is left out.
	const beginning = cleanText(text, 2 * MAX_SERVER_TEXT).replace(/\(request id: [^()]*\)/g, '');
	return cutText(beginning.replace(/\s+/g, ' ').trim(), MAX_SERVER_TEXT);
}

type Changes = Partial<Pick<CometApiVideoError, 'message' | 'advice' | 'details' | 'leftTasks' | 'itemNumber'>>;

/** The same error, of the same class and with its other members, but for the changes. */
function copyOf<Thrown extends CometApiVideoError>(error: Thrown, changes: Changes): Thrown {
	const { message = error.message, advice = error.advice, details = error.details } = changes;
	// Cuts and cleans the new texts as those of any other error.
	const clean = new CometApiVideoError(message, advice, details);
	const copy = Object.setPrototypeOf(new Error(clean.message), Object.getPrototypeOf(error) as object) as Thrown;
	const { leftTasks = error.leftTasks, itemNumber = error.itemNumber } = changes;
	return Object.assign(copy, error, { advice: clean.advice, details: clean.details, leftTasks, itemNumber });
}

/** A copy of the error with what is known about the task, without overwriting what it knows better itself. */
export function withDetails<Thrown>(
	thrown: Thrown,
	details: ErrorDetails,
): Thrown extends CometApiVideoError ? Thrown : CometApiVideoError;
export function withDetails(thrown: unknown, details: ErrorDetails): CometApiVideoError {
	const error = toCometApiVideoError(thrown);
	return copyOf(error, { details: { ...details, ...presentDetails(error.details) } });
}

/** A copy of the error in other words. */
export function reworded<Thrown extends CometApiVideoError>(
	error: Thrown,
	words: Pick<Changes, 'message' | 'advice' | 'itemNumber'>,
): Thrown {
	return copyOf(error, words);
}

/** A copy of the error that also names other tasks of the run. @param sentences as `describeTasks` makes them */
export function withLeftTasks<Thrown extends CometApiVideoError>(error: Thrown, sentences: string): Thrown {
	return copyOf(error, { leftTasks: sentences });
}

/** Any thrown value as one of ours. */
export function toCometApiVideoError(error: unknown): CometApiVideoError {
	if (error instanceof CometApiVideoError) return error;
	const { message, description, context } = error as {
		message?: string;
		description?: string | null;
		context?: { details?: ErrorDetails };
	};
	return new CometApiVideoError(message ?? String(error), description ?? '', context?.details);
}

function presentDetails(details: ErrorDetails): ErrorDetails {
	return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== ''));
}

/** The error for n8n, with the task id in the text that the user reads. */
export function toNodeError(node: INode, thrown: unknown, itemIndex?: number): NodeApiError | NodeOperationError {
	if (thrown instanceof NodeApiError || thrown instanceof NodeOperationError) return thrown;
	const error = toCometApiVideoError(thrown);
	const details = presentDetails(error.details);
	// The editor would put `[item 6]` behind the message of item 7: it counts from 0.
	const index = error.itemNumber === undefined ? itemIndex : undefined;
	const options = { message: error.message, description: fullAdvice(error), itemIndex: index };
	const nodeError =
		error instanceof RequestError
			? new NodeApiError(node, { message: error.message, details } as JsonObject, {
					...options,
					httpCode: details.httpStatus === undefined ? undefined : String(details.httpStatus),
				})
			: new NodeOperationError(node, error.message, options);
	nodeError.context.details = details;
	// n8n replaces messages that contain a code such as ECONNREFUSED by its own, which say less.
	nodeError.message = error.message;
	return nodeError;
}

/**
 * The row of an item that failed, for On Error = continue or error output. n8n-core sends a row to the error output only
 * if its json has no other keys than `error`, `message` and `details`, and keeps the json only if `item.error` is absent. Before
 * 2.36 it does not know `details`, and takes a row with them for a success; the message has the task ID too.
 */
export function toErrorRow(thrown: unknown, itemIndex: number): INodeExecutionData {
	const error = toCometApiVideoError(thrown);
	return {
		json: {
			error: error.message,
			message: asSentences([error.message, fullAdvice(error)]),
			...(KNOWS_DETAILS ? { details: presentDetails(error.details) } : {}),
		},
		pairedItem: { item: itemIndex },
	};
}

/** Titles have no full stop; as part of a text they need one. */
function asSentences(parts: readonly string[]): string {
	const given = parts.filter(Boolean);
	return given.map((part, index) => (index < given.length - 1 && !/[.!?…]$/.test(part) ? `${part}.` : part)).join(' ');
}

function fullAdvice({ advice, details, leftTasks, message }: CometApiVideoError): string {
	const said = `${message} ${advice} ${leftTasks}`;
	const known = [
		details.taskId && !said.includes(details.taskId) ? `Task ID: ${details.taskId}.` : '',
		details.requestId && !said.includes(details.requestId) ? `Request ID: ${details.requestId}.` : '',
	];
	return [advice, leftTasks, ...known].filter(Boolean).join(' ');
}
