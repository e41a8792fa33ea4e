/** Resource → operation → what runs. The names are stored in workflows. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { getBalance } from './account/getBalance';
import { getAll } from './model/getAll';
import { download } from './task/download';
import { get } from './task/get';
import { getAllTasks } from './task/getAll';
import { wait } from './task/wait';
import { generate } from './video/generate';
import { join } from './video/join';

/** Works on all items of the node run at once and gives its rows in the order of the items. */
export type Operation = (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
	video: { generate, join },
	task: { get, getAll: getAllTasks, wait, download },
	model: { getAll },
	account: { getBalance },
};

/** @throws NodeOperationError for names that the node does not have, e.g. n8n's own "Custom API Call" */
export function findOperation(context: IExecuteFunctions): Operation {
	const resource = context.getNodeParameter<{ resource: string }>('resource', 0);
	const operation: string = context.getNodeParameter('operation', 0);
	const found = OPERATIONS[resource]?.[operation];
	if (found) return found;
	throw new NodeOperationError(context.getNode(), `The operation "${operation}" of "${resource}" does not exist`, {
		description:
			'Choose an operation from the list. For other calls to CometAPI use the HTTP Request node with this credential.',
	});
}
