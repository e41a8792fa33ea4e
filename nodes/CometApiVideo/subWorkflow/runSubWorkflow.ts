/**
 * A workflow that the node writes itself and runs as a sub-workflow of its own execution: the way to what n8n's nodes can do and a
 * community node cannot (wait in n8n's database, use data tables without a key). Knows n8n's rules for that, not what it is for.
 */
import type {
	ExecuteWorkflowData,
	IConnections,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowBase,
	IWorkflowSettings,
} from 'n8n-workflow';
import { clock } from '../task/clock';

/** Where every sub-workflow begins; it hands on the items that it is given. */
export const START = 'Start';

interface SubWorkflowNode {
	/** Unique in the sub-workflow, and not `START`. */
	name: string;
	/** E.g. `n8n-nodes-base.dataTable`. n8n must have it: an unknown type leaves an execution behind that runs for ever. */
	type: string;
	typeVersion: number;
	parameters: INodeParameters;
	credentials?: INode['credentials'];
	onError?: INode['onError'];
}

export interface SubWorkflow {
	/** Shown in n8n's list of executions. */
	name: string;
	nodes: readonly SubWorkflowNode[];
	/** By the name of the node, `START` among them. */
	connections: IConnections;
	settings: Pick<IWorkflowSettings, 'saveDataSuccessExecution' | 'saveDataErrorExecution'>;
	/** Whether n8n goes on with the execution of the node, with the items of the sub-workflow, when one that waited has ended. */
	shouldResume: boolean;
}

type SubWorkflowOutcome =
	/** @property items of the first output of the node that ran last */
	| { is: 'done'; items: INodeExecutionData[] }
	/** It was put to wait, and goes on by itself. From now on so is the execution of the node, without an end of its own. */
	| { is: 'waiting' }
	/** n8n does not run it, here or at all; nothing has happened. */
	| { is: 'refused'; reason: string }
	/** One of its nodes has failed; `nodeName` says which. */
	| { is: 'failed'; error: Error; nodeName: string };

/** What n8n calls a workflow that was never saved. */
const UNSAVED_WORKFLOW = '__EMPTY__';

/** Never throws: whoever runs a sub-workflow has something else to fall back on. */
export async function runSubWorkflow(
	context: IExecuteFunctions,
	subWorkflow: SubWorkflow,
	items: INodeExecutionData[],
): Promise<SubWorkflowOutcome> {
	const { id: workflowId } = context.getWorkflow();
	const executionId = context.getExecutionId();
	// Not every context of n8n has it: the one of an agent's tool has not.
	if (typeof context.executeWorkflow !== 'function')
		return { is: 'refused', reason: 'n8n lets no sub-workflow run here' };
	if (!workflowId || workflowId === UNSAVED_WORKFLOW || !executionId)
		return { is: 'refused', reason: 'the workflow has not been saved' };
	try {
		const result: ExecuteWorkflowData = await context.executeWorkflow({ code: toCode(subWorkflow) }, items, undefined, {
			parentExecution: { executionId, workflowId, shouldResume: subWorkflow.shouldResume },
		});
		return result.waitTill ? { is: 'waiting' } : { is: 'done', items: result.data[0] ?? [] };
	} catch (thrown) {
		const error = thrown instanceof Error ? thrown : new Error(String(thrown));
		const nodeName = nodeNameOf(error);
		// The kind of the error tells nothing: n8n makes a new one of it on its way. What n8n refuses names no inner node.
		const isInner = nodeName === START || subWorkflow.nodes.some(({ name }) => name === nodeName);
		return isInner ? { is: 'failed', error, nodeName } : { is: 'refused', reason: error.message };
	}
}

/**
 * Runs one node on items, and leaves nothing of it in n8n's list of executions; the sub-workflow has the node's name.
 * @returns what the node puts out
 * @throws whatever the node throws, or n8n when it refuses to start a sub-workflow: no class tells them apart
 */
export async function runNode(
	context: IExecuteFunctions,
	node: SubWorkflowNode,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const code = toCode({
		name: node.name,
		nodes: [node],
		connections: { [START]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
		settings: { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' },
	});
	const parentExecution = {
		executionId: context.getExecutionId(),
		workflowId: String(context.getWorkflow().id),
		shouldResume: false,
	};
	const { data } = await context.executeWorkflow({ code }, items, undefined, { parentExecution });
	return data[0] ?? [];
}

function nodeNameOf(error: Error & { node?: { name?: unknown } }): string {
	const name = error.node?.name;
	return typeof name === 'string' ? name : '';
}

function toCode({ name, nodes, connections, settings }: Omit<SubWorkflow, 'shouldResume'>): IWorkflowBase {
	const start: SubWorkflowNode = {
		name: START,
		type: 'n8n-nodes-base.executeWorkflowTrigger',
		typeVersion: 1.1,
		parameters: { inputSource: 'passthrough' },
	};
	const now = new Date(clock.now());
	return {
		// n8n puts the ID of the workflow in its place: what runs belongs to it.
		id: '',
		name,
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		nodes: [start, ...nodes].map((node, index) => ({ id: node.name, position: [index * 220, 0], ...node })),
		connections,
		settings: { executionOrder: 'v1', ...settings },
	};
}
