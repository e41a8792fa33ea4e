/** Every kind of fault that the simulator has, on the routes where it can happen to a video that is being made. */
import type { INodeParameters } from 'n8n-workflow';
import type { Fault, FaultTarget } from '../simulator/simulator';
import { documentedReplies } from '../simulator/simulator';

export interface FaultCase {
	name: string;
	fault: Fault;
	/** The task is made, and no answer names it. */
	hidesId?: boolean;
	parameters?: INodeParameters;
	/** Without a link the file comes from CometAPI itself. */
	withoutLink?: boolean;
}

type Kind = Fault['kind'];

const KLING: INodeParameters = { provider: 'kling' };
const FILES: readonly FaultTarget[] = ['result', 'content'];

function on(targets: readonly FaultTarget[], fault: Omit<Fault, 'on'>): FaultCase[] {
	return targets.map((target) => ({
		name: `${fault.kind} on ${target}`,
		fault: { ...fault, on: target } as Fault,
		withoutLink: target === 'content',
	}));
}

const REPLIES = Object.entries({
	...documentedReplies,
	tooManyRequests: documentedReplies.tooManyRequests(3),
	rateLimit: documentedReplies.tooManyRequests(),
});

/** The type makes sure that no kind is forgotten. */
const CASES_BY_KIND: Record<Kind, FaultCase[]> = {
	reply: REPLIES.flatMap(([name, reply]) =>
		(['create', 'status', 'result'] as const).map((target) => ({
			name: `${name} on ${target}`,
			fault: { on: target, ...reply },
		})),
	),
	html: on(['create', 'status', 'result', 'catalog'], { kind: 'html' }),
	redirect: on(['create', 'status', 'result'], { kind: 'redirect', location: 'http://127.0.0.1:9/' } as Omit<
		Fault,
		'on'
	>),
	stall: [
		...on(['create', 'status'], { kind: 'stall' }),
		{ name: 'stall on create after accepting', fault: { on: 'create', kind: 'stall', accept: true }, hidesId: true },
	],
	resetBeforeAccept: on(['create', 'status', 'result', 'catalog'], { kind: 'resetBeforeAccept' }),
	resetAfterAccept: [
		{ name: 'resetAfterAccept on create', fault: { on: 'create', kind: 'resetAfterAccept' }, hidesId: true },
	],
	softErrorAfterAccept: [
		{
			name: 'read EHOSTUNREACH on create after accepting',
			fault: { on: 'create', kind: 'softErrorAfterAccept', code: 'EHOSTUNREACH', syscall: 'read' },
			hidesId: true,
		},
	],
	truncatedJson: [
		{ name: 'truncatedJson on create', fault: { on: 'create', kind: 'truncatedJson' }, hidesId: true },
		...on(['status', 'catalog'], { kind: 'truncatedJson' }),
	],
	taskNotExist: on(['status'], { kind: 'taskNotExist' }),
	businessError: (['create', 'status'] as const).map((target) => ({
		name: `businessError on ${target} (Kling)`,
		fault: { on: target, kind: 'businessError' },
		parameters: KLING,
	})),
	wrapped: on(['create', 'status'], { kind: 'wrapped' }),
	uppercase: on(['create', 'status'], { kind: 'uppercase' }),
	unknownWord: on(['create', 'status'], { kind: 'unknownWord', word: 'reticulating' } as Omit<Fault, 'on'>),
	truncatedVideo: on(FILES, { kind: 'truncatedVideo' }),
	stallVideo: on(FILES, { kind: 'stallVideo' }),
	notVideo: on(FILES, { kind: 'notVideo' }),
	// Takes real time, so it has a topic of its own.
	dripVideo: [],
	largeVideo: on(FILES, { kind: 'largeVideo', bytes: 1_000_000 } as Omit<Fault, 'on'>),
	taskFails: [
		...on(['create'], { kind: 'taskFails' }),
		{ name: 'moderation at 100 %', fault: { on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' } },
		{
			name: 'taskFails (Kling)',
			fault: { on: 'create', kind: 'taskFails', reason: 'out of paint' },
			parameters: KLING,
		},
	],
	neverEnds: on(['create'], { kind: 'neverEnds' }),
	noFile: on(['create'], { kind: 'noFile' }),
	noVideoUrl: on(['create', 'status'], { kind: 'noVideoUrl' }),
	metadataUrl: on(['create', 'status'], { kind: 'metadataUrl' }),
};

export const FAULT_CASES: readonly FaultCase[] = Object.values(CASES_BY_KIND).flat();
