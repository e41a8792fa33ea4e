/** Which faults meet one order, chosen by chance; each strikes only the requests about this order. */
import type { Fault } from '../simulator/simulator';
import { documentedReplies as replies } from '../simulator/simulator';
import type { Job } from './jobs';
import type { Random } from './random';

/** A fault that the planner completes with the order it is for. */
type FaultDraft = Fault extends infer Each ? (Each extends Fault ? Omit<Each, 'when'> : never) : never;

export interface FaultPlan {
	faults: FaultDraft[];
	/** A server that is silent: the time limit of the node passes in real time, so it should be short. */
	stalls: boolean;
}

const REFUSED_BODY = { code: 'InvalidParameter', message: 'duration is out of range' };
const PAGE = '<html><head><title>Just a moment...</title></head></html>';
const NO_ID = { object: 'video', status: 'queued' };

/** What happens in front of or instead of the task. */
const REFUSALS: readonly FaultDraft[] = [
	...[replies.invalidKey, replies.noCredit, replies.unknownModel, replies.invalidRequest500, replies.tooLarge].map(
		(reply): FaultDraft => ({ on: 'create', ...reply }),
	),
	{ on: 'create', kind: 'reply', status: 400, body: REFUSED_BODY },
];
/** HTTP 200, or 429, that is a refusal; nothing is made. */
const REFUSALS_IN_200: readonly FaultDraft[] = [
	...[
		{ error: { message: 'the scene is not allowed', code: 'content_policy' } },
		{ error: 'the scene is not allowed' },
		{ code: 400, msg: 'the scene is not allowed', data: null },
		{ success: false, message: 'Insufficient balance' },
		{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
	].map((body): FaultDraft => ({ on: 'create', kind: 'reply', status: 200, body })),
	{
		on: 'create',
		kind: 'reply',
		status: 429,
		body: {
			error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' },
		},
	},
];
const LIMITS: readonly FaultDraft[] = [
	...[
		replies.tooManyRequests(3),
		replies.tooManyRequests(),
		replies.tooManyRequestsEmpty,
		replies.providerSaturated,
	].map((reply): FaultDraft => ({ on: 'create', ...reply, times: 2 })),
	{ on: 'create', ...replies.tooManyRequests(), times: Infinity },
];
const AMBIGUOUS: readonly FaultDraft[] = [
	...[replies.internalError, replies.badGateway, replies.timeoutOccurred, replies.unavailable].map(
		(reply): FaultDraft => ({ on: 'create', ...reply }),
	),
	{ on: 'create', kind: 'html' },
	{ on: 'create', kind: 'redirect', location: 'https://www.cometapi.com/' },
	{ on: 'create', kind: 'resetBeforeAccept' },
	{ on: 'create', kind: 'resetAfterAccept' },
	...(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENETDOWN'] as const).map((code): FaultDraft => ({
		on: 'create',
		kind: 'softErrorAfterAccept',
		code,
		syscall: 'read',
	})),
	{ on: 'create', kind: 'softErrorAfterAccept', code: 'EPIPE', syscall: 'write' },
	{ on: 'create', kind: 'reply', status: 408 },
	{ on: 'create', kind: 'reply', status: 499 },
	{ on: 'create', kind: 'truncatedJson' },
	{ on: 'create', kind: 'truncatedJson' },
	{ on: 'create', kind: 'reply', status: 200, body: NO_ID },
];
const LIVES: readonly FaultDraft[] = [
	{ on: 'create', kind: 'taskFails', reason: 'the model ran out of paint' },
	{ on: 'create', kind: 'taskFails', reason: 'out of paint', reasonCode: 'E42' },
	{ on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' },
	{ on: 'create', kind: 'neverEnds' },
	{ on: 'create', kind: 'neverEnds' },
	{ on: 'create', kind: 'noFile' },
	{ on: 'create', kind: 'noFile' },
];
const UNIFIED_LIVES: readonly FaultDraft[] = [
	...LIVES,
	{ on: 'create', kind: 'taskFails', failedWord: 'error' },
	{ on: 'create', kind: 'noVideoUrl' },
	{ on: 'create', kind: 'metadataUrl' },
];
/** What the wait outlives, if it does not last. */
const POLLS: readonly FaultDraft[] = [
	...[
		replies.badGateway,
		replies.internalError,
		replies.unavailable,
		replies.gatewayTimeout,
		replies.tooManyRequestsEmpty,
	].map((reply): FaultDraft => ({ on: 'status', ...reply, times: 3 })),
	{ on: 'status', ...replies.tooManyRequests(25), times: 3 },
	...[408, 409, 421, 425, 499, 405, 451].map((status): FaultDraft => ({
		on: 'status',
		kind: 'reply',
		status,
		body: 'x',
	})),
	...[403, 404].map((status): FaultDraft => ({ on: 'status', kind: 'reply', status, body: PAGE, times: 2 })),
	...[200, 202, 204].map((status): FaultDraft => ({ on: 'status', kind: 'reply', status, times: 2 })),
	{ on: 'status', kind: 'softErrorAfterAccept', code: 'EHOSTUNREACH', syscall: 'read' },
	{ on: 'status', kind: 'html', times: 3 },
	{ on: 'status', kind: 'redirect', location: 'https://www.cometapi.com/', times: 3 },
	{ on: 'status', kind: 'resetBeforeAccept', times: 3 },
	{ on: 'status', kind: 'truncatedJson', times: 3 },
	{ on: 'status', kind: 'reply', status: 200, body: '[]', times: 3 },
	{ on: 'status', kind: 'reply', status: 200, body: 'null', times: 3 },
	{ on: 'status', kind: 'taskNotExist', times: 3 },
	{ on: 'status', kind: 'wrapped', times: Infinity },
	{ on: 'status', ...replies.invalidKey },
	{ on: 'status', ...replies.noCredit },
	{ on: 'status', ...replies.badGateway, times: Infinity },
	{ on: 'status', kind: 'taskNotExist', times: Infinity },
];
const UNIFIED_POLLS: readonly FaultDraft[] = [
	...POLLS,
	{ on: 'status', kind: 'uppercase', times: Infinity },
	{ on: 'status', kind: 'unknownWord', word: 'reticulating', times: 2 },
	{ on: 'status', kind: 'noVideoUrl' },
	{ on: 'status', kind: 'metadataUrl' },
];
const DOWNLOADS: readonly FaultDraft[] = [
	{ on: 'result', ...replies.unavailable, times: 2 },
	...[400, 403, 404, 409, 425].map((status): FaultDraft => ({ on: 'result', kind: 'reply', status, times: 2 })),
	{ on: 'result', kind: 'notVideo', body: { message: 'processing' }, times: 2 },
	{ on: 'result', kind: 'truncatedVideo' },
	{ on: 'result', kind: 'resetBeforeAccept' },
	{ on: 'result', kind: 'reply', status: 403, times: Infinity },
	{ on: 'result', kind: 'reply', status: 500, times: Infinity },
	{ on: 'result', kind: 'notVideo', times: Infinity },
	{ on: 'result', kind: 'largeVideo', bytes: 3_000_000, chunked: true },
	{ on: 'content', kind: 'reply', status: 500, times: Infinity },
];
/** MiniMax: the look-up of a finished file. */
const FILES: readonly FaultDraft[] = [
	{ on: 'file', ...replies.badGateway },
	{ on: 'file', ...replies.tooManyRequests(5) },
	{ on: 'file', kind: 'truncatedJson' },
	{ on: 'file', kind: 'resetAfterAccept' },
];
const STALLS: readonly FaultDraft[] = [
	{ on: 'create', kind: 'stall', accept: true },
	{ on: 'create', kind: 'stall' },
	{ on: 'status', kind: 'stall' },
	{ on: 'result', kind: 'stallVideo' },
	// Each byte is many seconds of the virtual clock.
	{ on: 'result', kind: 'dripVideo', everyMs: 5, bytes: 300 },
];

const NO_PLAN: FaultPlan = { faults: [], stalls: false };

/** @param mustStall silence takes real seconds, so few orders meet it */
export function planFaults(random: Random, job: Job, mustStall: boolean): FaultPlan {
	if (mustStall) return { faults: [random.pick(STALLS)], stalls: true };
	if (random.chance(0.5)) return NO_PLAN;
	const what = random.next();
	if (what < 0.05) return { ...NO_PLAN, faults: [random.pick(REFUSALS)] };
	if (what < 0.08) return { ...NO_PLAN, faults: [random.pick(REFUSALS_IN_200)] };
	if (what < 0.12) return { ...NO_PLAN, faults: [random.pick(LIMITS)] };
	if (what < 0.25) return { ...NO_PLAN, faults: [random.pick(AMBIGUOUS)] };
	if (what < 0.3 && job.hasBusinessErrors) return { ...NO_PLAN, faults: [{ on: 'create', kind: 'businessError' }] };
	const faults: FaultDraft[] = [];
	if (random.chance(0.5)) faults.push(random.pick(job.isUnified ? UNIFIED_LIVES : LIVES));
	if (random.chance(0.5)) faults.push(random.pick(job.isUnified ? UNIFIED_POLLS : POLLS));
	if (random.chance(0.3)) faults.push(random.pick(job.looksUpFiles ? FILES : DOWNLOADS));
	return { ...NO_PLAN, faults };
}

/** Of requests that concern no single order. */
export function planCommonFault(random: Random, job: Job): Fault | undefined {
	if (job.takesPicture && random.chance(0.1)) return { on: 'media', kind: 'reply', status: 500 };
	if (!random.chance(0.15)) return undefined;
	return random.pick<Fault>([
		{ on: 'catalog', kind: 'html' },
		{ on: 'catalog', kind: 'resetBeforeAccept' },
		{ on: 'catalog', kind: 'truncatedJson' },
	]);
}
