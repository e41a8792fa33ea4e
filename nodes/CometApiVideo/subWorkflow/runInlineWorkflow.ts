/**
 * Work that a community node cannot do itself, given to a node of n8n in a sub-workflow that is stored nowhere. n8n starts it with
 * the items, and leaves nothing of it in its list of executions.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWorkflowBase } from 'n8n-workflow';

export interface InlineNode {
	/** E.g. `n8n-nodes-base.dataTable`. One that n8n does not have leaves an execution that never ends, so ask first. */
	type: string;
	typeVersion: number;
	parameters: IDataObject;
}

const START = { name: 'Start', type: 'n8n-nodes-base.executeWorkflowTrigger', typeVersion: 1.1 };

/**
 * Runs one node on items.
 * @param name of the sub-workflow, for n8n's log
 * @returns what the node puts out
 * @throws whatever the node throws, or n8n when it refuses to start a sub-workflow: no class tells them apart
 */
export async function runInlineNode(
	context: IExecuteFunctions,
	name: string,
	{ type, typeVersion, parameters }: InlineNode,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const code = {
		name,
		nodes: [
			{ ...START, id: START.name, position: [0, 0] as [number, number], parameters: { inputSource: 'passthrough' } },
			{ id: name, name, type, typeVersion, position: [200, 0] as [number, number], parameters },
		],
		connections: { [START.name]: { main: [[{ node: name, type: 'main' as const, index: 0 }]] } },
		settings: {
			executionOrder: 'v1' as const,
			saveDataSuccessExecution: 'none' as const,
			saveDataErrorExecution: 'none' as const,
		},
	};
	const parentExecution = {
		executionId: context.getExecutionId(),
		workflowId: String(context.getWorkflow().id),
		shouldResume: false,
	};
	// n8n fills in the rest; with an ID it would be a workflow of its own.
	const inline = { code: code as unknown as IWorkflowBase };
	const { data } = await context.executeWorkflow(inline, items, undefined, { parentExecution });
	return data[0] ?? [];
}
