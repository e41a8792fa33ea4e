/**
 * Remembers, for the length of one execution, what the node has already created. n8n's Retry On Fail runs the whole node
 * again, and the retry of a failed execution starts from its saved data; the node's context object survives both, so the
 * existing tasks are taken up again instead of being paid twice.
 */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { toNodeError } from '../../task/errors';
import { describeTasks } from '../../task/describeTasks';
import type { OrderedTask } from '../../task/describeTasks';
import type { CreateRequest, TaskRef, VideoTask } from '../../task/types';

/** What is known about an earlier try's create: the task, or that nobody knows whether there is one. */
export type Memory =
	| { ref: TaskRef; rawStatus: string; finished?: VideoTask; isRecorded?: boolean }
	| { unknownOutcome: string; requestId?: string };

type StoredMemory = Memory & {
	executionId: string;
	/** The task ended without a video, or nobody knows whether it exists. */
	isDeadEnd: boolean;
};

export interface CreatedTasks {
	find(itemIndex: number, request: CreateRequest): Memory | undefined;
	remember(itemIndex: number, request: CreateRequest, memory: Memory): void;
	/** The task has its row in the journal. */
	markRecorded(itemIndex: number, request: CreateRequest): void;
	/** The task ended without a video. */
	markFailed(itemIndex: number, request: CreateRequest): void;
	/** The task's row goes out. */
	deliver(itemIndex: number, request: CreateRequest): void;
	/** What earlier tries of this run have ordered and this one has not asked for, because it ended before or asks for something else. */
	notTakenUp(): OrderedTask[];
}

const CONTEXT_KEY = 'cometApiVideoCreatedTasks';

export function openCreatedTasks(context: IExecuteFunctions): CreatedTasks {
	const store = context.getContext('node');
	const memories = (store[CONTEXT_KEY] ??= {}) as Record<string, IDataObject>;
	const executionId = context.getExecutionId();
	// In a loop the same node runs several times in one execution, each time for new videos. As a tool of an agent its run
	// index changes with every try, so there a task is remembered until it is delivered.
	const isTool = context.isToolExecution?.() === true;
	const run = isTool ? 'tool' : String(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0);
	const keyOf = (itemIndex: number, request: CreateRequest) => `${run}:${itemIndex}:${fingerprint(request)}`;
	const takenUp = new Set<string>();
	const read = (key: string) => memories[key] as unknown as StoredMemory | undefined;
	return {
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
		find(itemIndex, request) {
			const key = keyOf(itemIndex, request);
			takenUp.add(key);
			const memory = read(key);
			// A person who retries an execution has read its message and wants a new try; n8n's own retry wants nothing.
			return memory?.isDeadEnd && memory.executionId !== executionId ? undefined : memory;
		},
		remember(itemIndex, request, memory) {
			const stored: StoredMemory = { ...memory, executionId, isDeadEnd: 'unknownOutcome' in memory };
			memories[keyOf(itemIndex, request)] = stored as unknown as IDataObject;
		},
		markRecorded(itemIndex, request) {
			const memory = read(keyOf(itemIndex, request));
			if (memory) Object.assign(memory, { isRecorded: true });
		},
		markFailed(itemIndex, request) {
			const memory = read(keyOf(itemIndex, request));
			if (memory) Object.assign(memory, { executionId, isDeadEnd: true });
		},
		deliver(itemIndex, request) {
			if (isTool) delete memories[keyOf(itemIndex, request)];
		},
	};
}

/** Says below the output which tasks of earlier tries are not in it: a prompt with the time in it makes another request each time. */
export function hintAtLeftTasks(context: IExecuteFunctions, createdTasks: CreatedTasks): void {
	const left = createdTasks.notTakenUp().filter(({ hasFailed }) => !hasFailed);
	if (left.length === 0) return;
	context.addExecutionHints?.({
		message: describeTasks(
			'Earlier tries of this run have ordered videos with other values, which are not in this output',
			left,
		),
		type: 'warning',
		location: 'outputPane',
	});
}

/** The error that ends a try, with the tasks of earlier tries that it does not know of. */
export function nameLeftTasks(context: IExecuteFunctions, createdTasks: CreatedTasks, thrown: unknown): Error {
	const error = toNodeError(context.getNode(), thrown);
	const text = describeTasks('Earlier tries of this run have left tasks at CometAPI', createdTasks.notTakenUp());
	if (text !== '') error.description = [error.description, text].filter(Boolean).join(' ');
	return error;
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
