/** Where n8n offers no sleep. */
import { WAIT_FOR_SUB_EXECUTION, validateWorkflowHasTriggerLikeNode } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

/** @returns the reason, as the end of a sentence; undefined where the node may try to sleep */
export function whyAwake(context: IExecuteFunctions, isTool: boolean): string | undefined {
	if (isTool) return 'an AI agent waits for the answer of its tool';
	if (typeof context.putExecutionToWait !== 'function' || typeof context.getExecuteData !== 'function')
		return 'this n8n does not offer it';
	// Before 2.0 n8n gives the node the input of a sub-workflow that has waited, not its output. Both came with 2.0 or later.
	const isNewEnough = [validateWorkflowHasTriggerLikeNode, WAIT_FOR_SUB_EXECUTION].some((it) => it !== undefined);
	return isNewEnough ? undefined : 'it needs n8n 2.0 or newer';
}
