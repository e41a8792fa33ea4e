/**
 * Remembers, for the length of one execution, what the node has already created. n8n's Retry On Fail runs the whole node
 * again, and the retry of a failed execution starts from its saved data; the node's context object survives both, so the
 * existing tasks are taken up again instead of being paid twice.
 */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { CreateRequest, TaskRef, VideoTask } from '../tasks/types';

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
	const read = (key: string) => memories[key] as unknown as StoredMemory | undefined;
	return {
		find(itemIndex, request) {
			const memory = read(keyOf(itemIndex, request));
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

function fingerprint(request: CreateRequest): string {
	return createHash('sha256').update(JSON.stringify(contentOf(request))).digest('hex').slice(0, 32);
}

function contentOf({ path, encoding, body, media, before }: CreateRequest): unknown[] {
	const parts = media.map(({ field, value }) => [field, value.identity]);
	return [path, encoding, body, parts, ...(before ? [contentOf(before.request)] : [])];
}
