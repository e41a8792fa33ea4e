/**
 * What can go wrong, as plain errors that say what happened (`message`), what to do next (`advice`) and what must not be
 * lost (`details`, with the task id). `toNodeError` turns them into n8n's errors, `toErrorRow` into a row of the error output.
 */
import type { IDataObject, INode, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

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

export class CometApiVideoError extends Error {
	constructor(
		message: string,
		public advice: string,
		public details: ErrorDetails = {},
	) {
		super(message);
		this.name = new.target.name;
	}
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
	/** @param cause what has happened to the request, for the message */
	constructor(cause: string, details: ErrorDetails) {
		super(
			'refused',
			`It is not known whether CometAPI created the video: ${cause}`,
			'The video may exist and be billed, so the request was not sent again. Look for it in the CometAPI console; if it is not there, run the item again.',
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

/** Text of a server for a message: one line, bounded, without the request id (shown apart) and without anything like a key. */
export function cleanServerText(text: string): string {
	return text
		.replace(/\s*\(request id: [^)]*\)/g, '')
		.replace(/\bsk-[\w*-]{6,}/g, 'sk-…')
		.replace(/\bBearer\s+[\w.~+/=-]{8,}/gi, 'Bearer …')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim()
		.slice(0, MAX_SERVER_TEXT);
}

/** The error with what is known about the task, without overwriting what it knows better itself. */
export function withDetails(thrown: unknown, details: ErrorDetails): CometApiVideoError {
	const error = toCometApiVideoError(thrown);
	error.details = { ...details, ...presentDetails(error.details) };
	return error;
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
	const options = { message: error.message, description: fullAdvice(error), itemIndex };
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
 * if its json has no other keys than `error`, `message` and `details`, and keeps the json only if `item.error` is absent.
 */
export function toErrorRow(thrown: unknown, itemIndex: number): INodeExecutionData {
	const error = toCometApiVideoError(thrown);
	return {
		json: {
			error: error.message,
			message: asSentences([error.message, fullAdvice(error)]),
			details: presentDetails(error.details),
		},
		pairedItem: { item: itemIndex },
	};
}

/** Titles have no full stop; as part of a text they need one. */
function asSentences(parts: readonly string[]): string {
	const given = parts.filter(Boolean);
	return given.map((part, index) => (index < given.length - 1 && !/[.!?…]$/.test(part) ? `${part}.` : part)).join(' ');
}

function fullAdvice({ advice, details, message }: CometApiVideoError): string {
	const known = [
		details.taskId && !message.includes(details.taskId) && !advice.includes(details.taskId)
			? `Task ID: ${details.taskId}.`
			: '',
		details.requestId && !advice.includes(details.requestId) ? `Request ID: ${details.requestId}.` : '',
	];
	return [advice, ...known].filter(Boolean).join(' ');
}
