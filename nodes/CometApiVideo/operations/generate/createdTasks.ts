/**
 * Remembers, for the length of one execution, what the node has already created. n8n's Retry On Fail runs the whole node
 * again, and the retry of a failed execution starts from its saved data; the node's context object survives both, so the
 * existing tasks are taken up again instead of being paid twice.
 */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { withLeftTasks } from '../../task/errors';
import { describeTasks } from '../../task/describeTasks';
import type { OrderedTask } from '../../task/describeTasks';
import type { CreateRequest, TaskRef, VideoTask } from '../../task/types';
import { mapError } from '../items/itemError';
import { asText } from '../../task/asText';

/** What is known about an earlier try's create: the task, or that nobody knows whether there is one. */
export type Memory =
	| { ref: TaskRef; rawStatus: string; finished?: VideoTask; isRecorded?: boolean }
	| { unknownOutcome: string; requestId?: string };

type StoredMemory = Memory & {
	executionId: string;
	/** The task ended without a video, or nobody knows whether it exists. */
	isDeadEnd: boolean;
	/** As a tool of an agent: how many more times n8n's Retry On Fail may run the call whose task has failed. */
	retriesLeft?: number;
};

export interface CreatedTasks {
	/** Whether an AI agent has called the node as its tool. */
	isTool: boolean;
	/** What an earlier try has created for the item; from then on it counts as asked for. */
	takeUp(itemIndex: number, request: CreateRequest): Memory | undefined;
	remember(itemIndex: number, request: CreateRequest, memory: Memory): void;
	/** The task has its row in the journal. */
	markRecorded(itemIndex: number, request: CreateRequest): void;
	/** The task ended without a video. */
	markFailed(itemIndex: number, request: CreateRequest): void;
	/** The task's row goes out. */
	markHandedOver(itemIndex: number, request: CreateRequest): void;
	/** What earlier tries of this run have created and this one has not asked for, because it ended before or asks for something else. */
	notTakenUp(): OrderedTask[];
}

const CONTEXT_KEY = 'cometApiVideoCreatedTasks';

export function openCreatedTasks(context: IExecuteFunctions): CreatedTasks {
	const store = context.getContext('node');
	const memories = (store[CONTEXT_KEY] ??= {}) as Record<string, IDataObject | undefined>;
	const executionId = context.getExecutionId();
	// In a loop the same node runs several times in one execution, each time for new videos. An agent that calls its tool
	// again wants the video that it has not got, so there a task is remembered until it is handed over.
	const isTool = isToolOfAgent(context);
	const run = isTool ? 'tool' : asText(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0);
	const keyOf = (itemIndex: number, request: CreateRequest) => `${run}:${itemIndex}:${fingerprint(request)}`;
	const takenUp = new Set<string>();
	const read = (key: string) => memories[key] as unknown as StoredMemory | undefined;
	const write = (key: string, memory: StoredMemory) => {
		memories[key] = memory;
	};
	return {
		isTool,
		notTakenUp() {
			// An agent calls a tool again for other videos, also at the same time.
			if (isTool) return [];
			return Object.keys(memories).flatMap((key) => {
				const memory = read(key);
				const [memoryRun, itemIndex] = key.split(':');
				if (!memory || memoryRun !== run || takenUp.has(key)) return [];
				const taskId = 'ref' in memory ? memory.ref.taskId : '';
				// What was done at once has no task to fetch.
				if (taskId === '' && 'ref' in memory) return [];
				return [{ itemIndex: Number(itemIndex), taskId, hasFailed: taskId !== '' && memory.isDeadEnd }];
			});
		},
		takeUp(itemIndex, request) {
			const key = keyOf(itemIndex, request);
			takenUp.add(key);
			const memory = read(key);
			if (!memory?.isDeadEnd) return memory;
			// A person who retries an execution has read its message and wants a new try; n8n's own retry wants nothing.
			if (memory.executionId !== executionId) return undefined;
			if (memory.retriesLeft === undefined) return memory;
			if (memory.retriesLeft === 0) return undefined;
			write(key, { ...memory, retriesLeft: memory.retriesLeft - 1 });
			return memory;
		},
		remember(itemIndex, request, memory) {
			write(keyOf(itemIndex, request), { ...memory, executionId, isDeadEnd: 'unknownOutcome' in memory });
		},
		markRecorded(itemIndex, request) {
			const key = keyOf(itemIndex, request);
			const memory = read(key);
			if (memory && 'ref' in memory) write(key, { ...memory, isRecorded: true });
		},
		markFailed(itemIndex, request) {
			const key = keyOf(itemIndex, request);
			const memory = read(key);
			if (!memory) return;
			const retriesLeft = isTool ? (memory.retriesLeft ?? retriesOfCall(context)) : undefined;
			write(key, { ...memory, executionId, isDeadEnd: true, retriesLeft });
		},
		markHandedOver(itemIndex, request) {
			if (isTool) delete memories[keyOf(itemIndex, request)];
		},
	};
}

/**
 * n8n runs tools in two ways (read in n8n-core 2.41: `get-input-connection-data.ts`, `requests-response.ts`): with a context
 * of their own, or as a node that an agent has asked the engine for.
 */
export function isToolOfAgent(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().rewireOutputLogTo === NodeConnectionTypes.AiTool;
}

/**
 * How many times n8n may still run a call after its first failure. Its retries look like further calls of the agent, but
 * there are never more of them; so after as many, it is the agent who asks.
 */
function retriesOfCall(context: IExecuteFunctions): number {
	const { retryOnFail, maxTries } = context.getNode();
	// What n8n makes of the setting: two to five tries, three unless it is set. An error that is a row is no reason for it.
	if (retryOnFail !== true || context.continueOnFail()) return 0;
	return Math.min(5, Math.max(2, maxTries || 3)) - 1;
}

/** Says below the output which tasks of earlier tries are not in it: a prompt with the time in it makes another request each time. */
export function hintAtLeftTasks(context: IExecuteFunctions, createdTasks: CreatedTasks): void {
	const left = createdTasks.notTakenUp().filter(({ hasFailed }) => !hasFailed);
	if (left.length === 0) return;
	context.addExecutionHints?.({
		message: describeTasks(
			'Earlier tries of this run have created videos with other values, which are not in this output',
			left,
		),
		type: 'warning',
		location: 'outputPane',
	});
}

/** The error that ends a try, with the tasks of earlier tries that it does not know of. */
export function nameLeftTasks(createdTasks: CreatedTasks, thrown: unknown): unknown {
	const text = describeTasks('Earlier tries of this run have left tasks at CometAPI', createdTasks.notTakenUp());
	if (text === '') return thrown;
	return mapError(thrown, (error) => withLeftTasks(error, [error.leftTasks, text].filter(Boolean).join(' ')));
}

function fingerprint(request: CreateRequest): string {
	return createHash('sha256')
		.update(JSON.stringify(contentOf(request)))
		.digest('hex')
		.slice(0, 32);
}

function contentOf({ path, encoding, body, media, before }: CreateRequest): unknown[] {
	const parts = media.map(({ field, value }) => [field, value.identity]);
	return [path, encoding, body, parts, ...(before ? [contentOf(before.request)] : [])];
}
