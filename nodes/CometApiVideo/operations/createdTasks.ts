/**
 * Remembers, for the length of one execution, what the node has already created. n8n's Retry On Fail runs the whole node
 * again; the node's context object survives the tries, so the second try takes the existing tasks up instead of paying twice.
 */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { CreateRequest, TaskRef } from '../tasks/types';

/** What is known about an earlier try's create: the task, or that nobody knows whether there is one. */
export type Memory = { ref: TaskRef; rawStatus: string } | { unknownOutcome: string; requestId?: string };

export interface CreatedTasks {
	find(itemIndex: number, request: CreateRequest): Memory | undefined;
	remember(itemIndex: number, request: CreateRequest, memory: Memory): void;
}

const CONTEXT_KEY = 'cometApiVideoCreatedTasks';

export function openCreatedTasks(context: IExecuteFunctions): CreatedTasks {
	const store = context.getContext('node');
	const memories = (store[CONTEXT_KEY] ??= {}) as Record<string, IDataObject>;
	// In a loop the same node runs several times in one execution, each time for new videos.
	const run = String(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0);
	const key = (itemIndex: number, request: CreateRequest) => `${run}:${itemIndex}:${fingerprint(request)}`;
	return {
		find: (itemIndex, request) => memories[key(itemIndex, request)] as Memory | undefined,
		remember(itemIndex, request, memory) {
			memories[key(itemIndex, request)] = memory as unknown as IDataObject;
		},
	};
}

function fingerprint({ path, encoding, body, media }: CreateRequest): string {
	const parts = media.map(({ field, value }) => [field, value.identity]);
	return createHash('sha256').update(JSON.stringify([path, encoding, body, parts])).digest('hex').slice(0, 32);
}
