/** Turns a fault and, where there is one, the regular reply into what goes onto the wire. */
import type { AnswerFault, Drip, EdgeFault, Fault } from './faults';
import { refusals, type Refusal } from './refusal';
import { bytesReply, htmlReply, redirectReply, type Reply } from './reply';
import { streamLargeVideo } from './sampleMedia';
import { moveResult, type VideoObject } from './videoObject';

/** In the body of a `reply` fault this becomes the id that the reply's header carries. */
export const REQUEST_ID_MARK = '<request id>';

export type Delivery =
	| { kind: 'send'; reply: Reply }
	| { kind: 'stall' }
	| { kind: 'reset' }
	| { kind: 'failClient'; error: NodeJS.ErrnoException }
	| { kind: 'drip'; reply: Reply; drip: Drip }
	/** All headers, the first `byteCount` bytes, then a closed socket or silence. */
	| { kind: 'partial'; reply: Reply; byteCount: number; end: 'cut' | 'silence' };

const UPPERCASE_WORDS: Readonly<Record<string, string>> = {
	// Seedance page of April 2026.
	queued: 'SUBMITTED',
	in_progress: 'IN_PROGRESS',
	completed: 'SUCCESS',
	failed: 'FAILED',
};

/** A fault that strikes in front of the service; undefined for one that needs an accepted request. */
export function deliverEdgeFault(fault: Fault, requestId: string): Delivery | undefined {
	switch (fault.kind) {
		case 'reply':
			return { kind: 'send', reply: buildReply(fault, requestId) };
		case 'html':
			return { kind: 'send', reply: htmlReply('CometAPI') };
		case 'redirect':
			return { kind: 'send', reply: redirectReply(fault.status ?? 301, fault.location) };
		case 'stall':
			return fault.accept ? undefined : { kind: 'stall' };
		case 'resetBeforeAccept':
			return { kind: 'reset' };
		default:
			return undefined;
	}
}

export function deliverAnswerFault(fault: Fault, reply: Reply, refuse: (refusal: Refusal) => Reply): Delivery {
	switch (fault.kind) {
		case 'stall':
			return { kind: 'stall' };
		case 'resetAfterAccept':
			return { kind: 'reset' };
		case 'softErrorAfterAccept':
			return { kind: 'failClient', error: buildSocketError(fault) };
		case 'dripVideo':
			return { kind: 'drip', reply, drip: fault };
		case 'taskNotExist':
			return { kind: 'send', reply: refuse(refusals.taskNotExist()) };
		case 'businessError':
			throw new Error('The fault businessError needs a native route that has such replies');
		case 'truncatedJson':
			return { kind: 'send', reply: cutJson(reply) };
		case 'truncatedVideo':
			return { kind: 'partial', reply, byteCount: readHalfLength(reply), end: 'cut' };
		case 'stallVideo':
			return { kind: 'partial', reply, byteCount: readHalfLength(reply), end: 'silence' };
		case 'notVideo':
			return { kind: 'send', reply: buildOtherFile(fault) };
		case 'largeVideo':
			return { kind: 'send', reply: buildLargeVideo(fault, reply) };
		default:
			return { kind: 'send', reply: changeVideoObject(reply, (video) => changeByFault(video, fault)) };
	}
}

function buildSocketError({ code, syscall }: { code: string; syscall: string }): NodeJS.ErrnoException {
	return Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: -113 });
}

function changeByFault(video: VideoObject, fault: Fault): VideoObject {
	switch (fault.kind) {
		case 'wrapped':
			return { code: 'success', message: '', data: video };
		case 'uppercase':
			return { ...video, status: UPPERCASE_WORDS[String(video.status)] ?? String(video.status).toUpperCase() };
		case 'unknownWord':
			return { ...video, status: fault.word };
		case 'noVideoUrl':
			return moveResult(video, 'none');
		case 'metadataUrl':
			return moveResult(video, 'metadata');
		default:
			return video;
	}
}

function changeVideoObject(reply: Reply, change: (video: VideoObject) => VideoObject): Reply {
	if (reply.body.kind !== 'json') return reply;
	return { ...reply, body: { kind: 'json', value: change(reply.body.value as VideoObject) } };
}

function buildReply(fault: Extract<EdgeFault, { kind: 'reply' }>, requestId: string): Reply {
	const { status, body } = fault;
	const isJson = body !== undefined && typeof body !== 'string';
	const text = isJson ? JSON.stringify(body) : (body ?? '');
	return {
		status,
		headers: { ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...fault.headers },
		body: { kind: 'bytes', bytes: Buffer.from(text.replaceAll(REQUEST_ID_MARK, requestId)) },
	};
}

function cutJson(reply: Reply): Reply {
	if (reply.body.kind !== 'json') return reply;
	const text = JSON.stringify(reply.body.value);
	return { ...reply, body: { kind: 'bytes', bytes: Buffer.from(text.slice(0, text.length / 2)) } };
}

function readHalfLength({ body }: Reply): number {
	return body.kind === 'bytes' ? Math.floor(body.bytes.length / 2) : 0;
}

function buildOtherFile({ body, contentType }: Extract<AnswerFault, { kind: 'notVideo' }>): Reply {
	if (body === undefined) {
		const page = htmlReply('Expired');
		return contentType === undefined ? page : { ...page, headers: { 'content-type': contentType } };
	}
	if (typeof body === 'string') return bytesReply(contentType ?? 'text/html; charset=utf-8', Buffer.from(body));
	if (body instanceof Uint8Array) return bytesReply(contentType ?? 'video/mp4', Buffer.from(body));
	return bytesReply(contentType ?? 'application/json; charset=utf-8', Buffer.from(JSON.stringify(body)));
}

function buildLargeVideo({ bytes, chunked }: Extract<AnswerFault, { kind: 'largeVideo' }>, reply: Reply): Reply {
	const open = () => streamLargeVideo(bytes);
	return { ...reply, body: { kind: 'stream', open, byteLength: chunked ? undefined : bytes } };
}
