/**
 * Faults that a test switches on. Owns their types and the order in which they are used up; `faultDelivery.ts`
 * carries them out.
 */
import type { RecordedRequest } from './recordedRequest';

/** `result` and `media` are routes of the second server, the others of the API server. */
export type FaultTarget =
	| 'create'
	| 'status'
	| 'content'
	| 'result'
	| 'media'
	| 'catalog'
	| 'models'
	| 'balance'
	| 'remix'
	/** MiniMax: the look-up of a finished file. */
	| 'file'
	/** Kling's calls that answer at once: speech, faces, selections. */
	| 'sync'
	/** The account's tasks, its Midjourney tasks, its keys: the routes of the access token. */
	| 'taskList'
	| 'midjourneyList'
	| 'keyList';

interface FaultScope {
	on: FaultTarget;
	/** Default 1; Infinity is allowed. */
	times?: number;
	when?: (request: RecordedRequest) => boolean;
}

/** Happen in front of the service: no key is checked and nothing is created. */
export type EdgeFault =
	/** String body as it is, anything else as JSON, absent = empty. `REQUEST_ID_MARK` in a body becomes the request id. */
	| { kind: 'reply'; status: number; headers?: Record<string, string>; body?: unknown }
	| { kind: 'html' }
	| { kind: 'redirect'; location: string; status?: number }
	/** Never answers. With `accept` on a create the task was made before the silence (then the key is checked). */
	| { kind: 'stall'; accept?: boolean }
	| { kind: 'resetBeforeAccept' };

/** Change how an accepted request is answered. A refused request is refused and does not use the fault up. */
export type AnswerFault =
	| { kind: 'resetAfterAccept' }
	/**
	 * The client's own socket dies after the request was accepted, with an error that names no end of the connection, e.g.
	 * `read EHOSTUNREACH` (Linux, for an established connection). Needs the option `failClient`.
	 */
	| { kind: 'softErrorAfterAccept'; code: string; syscall: 'read' | 'write' }
	| { kind: 'truncatedJson' }
	| { kind: 'taskNotExist' }
	/** Native routes with an envelope of their own: HTTP 200 with a body that says no; nothing is created. */
	| { kind: 'businessError'; code?: number; message?: string }
	| { kind: 'wrapped' }
	| { kind: 'uppercase' }
	| { kind: 'unknownWord'; word: string }
	| { kind: 'truncatedVideo' }
	| { kind: 'stallVideo' }
	/** The whole file, then `bytes` more (default: without an end), one every so many real milliseconds. */
	| { kind: 'dripVideo'; everyMs: number; bytes?: number; onByte?: () => void }
	/** Body: string or bytes as they are, anything else as JSON; default an HTML page. */
	| { kind: 'notVideo'; body?: unknown; contentType?: string }
	/** A file of `bytes` bytes; `chunked` leaves content-length out. */
	| { kind: 'largeVideo'; bytes: number; chunked?: boolean };

/** On create and remix: mark the task that the request makes. The reply itself is as usual. */
type TaskFault =
	| {
			kind: 'taskFails';
			reason?: string;
			reasonCode?: string;
			upstreamStatus?: string;
			failedWord?: string;
			/** Native xAI: done, but `respect_moderation` is false. */
			moderated?: boolean;
	  }
	| { kind: 'neverEnds' }
	/** Also on status and file, where it changes that reply alone. */
	| { kind: 'noVideoUrl' }
	/** Done, with neither a link nor a file behind `/content`. */
	| { kind: 'noFile' }
	/** Also on status, where it changes that reply alone. */
	| { kind: 'metadataUrl' };

export type Drip = Pick<Extract<AnswerFault, { kind: 'dripVideo' }>, 'everyMs' | 'bytes' | 'onByte'>;

export type Fault = FaultScope & (EdgeFault | AnswerFault | TaskFault);

const CREATES: readonly FaultTarget[] = ['create', 'remix'];
const CREATES_AND_STATUS: readonly FaultTarget[] = [...CREATES, 'status'];
const ACCOUNT_LISTS: readonly FaultTarget[] = ['taskList', 'midjourneyList', 'keyList'];
const VIDEOS: readonly FaultTarget[] = ['content', 'result', 'media'];

/** Where a fault makes sense; kinds that are not named here fit every route. */
const TARGETS_BY_KIND: Partial<Record<Fault['kind'], readonly FaultTarget[]>> = {
	softErrorAfterAccept: [...CREATES, 'status'],
	resetAfterAccept: [...CREATES, 'file', 'sync'],
	truncatedJson: [...CREATES_AND_STATUS, 'catalog', 'models', 'balance', 'file', 'sync', ...ACCOUNT_LISTS],
	taskNotExist: ['status'],
	businessError: ['create', 'status', 'file', 'sync'],
	wrapped: [...CREATES_AND_STATUS, 'file', 'sync'],
	uppercase: CREATES_AND_STATUS,
	unknownWord: CREATES_AND_STATUS,
	truncatedVideo: VIDEOS,
	stallVideo: VIDEOS,
	dripVideo: VIDEOS,
	notVideo: VIDEOS,
	largeVideo: VIDEOS,
	taskFails: CREATES,
	neverEnds: CREATES,
	noFile: CREATES,
	noVideoUrl: [...CREATES_AND_STATUS, 'file'],
	metadataUrl: CREATES_AND_STATUS,
};

export class FaultQueue {
	private waiting: Array<{ fault: Fault; left: number }> = [];

	/** Throws when the fault cannot happen on its route: a test that adds it would prove nothing. */
	add(fault: Fault): void {
		const targets = TARGETS_BY_KIND[fault.kind];
		if (targets && !targets.includes(fault.on)) {
			throw new Error(`The fault ${fault.kind} works on ${targets.join(', ')}, not on ${fault.on}`);
		}
		this.waiting.push({ fault, left: fault.times ?? 1 });
	}

	clear(): void {
		this.waiting = [];
	}

	/** The first waiting fault for the request. It stays in the queue until it is used up by `use`. */
	find(target: FaultTarget, request: RecordedRequest): Fault | undefined {
		return this.waiting.find(({ fault, left }) => left > 0 && fault.on === target && (fault.when?.(request) ?? true))
			?.fault;
	}

	use(fault: Fault): void {
		const entry = this.waiting.find((candidate) => candidate.fault === fault && candidate.left > 0);
		if (entry) entry.left -= 1;
		this.waiting = this.waiting.filter(({ left }) => left > 0);
	}
}
