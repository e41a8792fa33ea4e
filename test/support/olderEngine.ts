/** What the tests need of n8n's engine and its first versions do not have: the same, as those versions do it. */
import { join } from 'node:path';
import { Container } from '@n8n/di';
import * as n8nCore from 'n8n-core';
import type { PollContext } from 'n8n-core';
import * as n8nWorkflow from 'n8n-workflow';
import type { IDataObject, INode, IRunExecutionData, Workflow, createRunExecutionData } from 'n8n-workflow';

/** Of files, in the folder of the engine's user. */
export async function openBinaryStore(): Promise<void> {
	const store = Container.get(n8nCore.BinaryDataService);
	const init: (settings: IDataObject) => Promise<void> = store.init.bind(store);
	const localStoragePath = join(Container.get(n8nCore.InstanceSettings).n8nFolder, 'binaryData');
	// Newer versions read their settings themselves.
	await init({ mode: 'filesystem', availableModes: ['filesystem'], localStoragePath });
}

/** The data of an execution that begins. */
export function newRunData(given: NonNullable<Parameters<typeof createRunExecutionData>[0]>): IRunExecutionData {
	if ('createRunExecutionData' in n8nWorkflow) return n8nWorkflow.createRunExecutionData(given);
	const { executionData, ...rest } = given;
	const empty = {
		contextData: {},
		nodeExecutionStack: [],
		metadata: {},
		waitingExecution: {},
		waitingExecutionSource: {},
	};
	return {
		startData: {},
		resultData: { runData: {} },
		executionData: { ...empty, ...executionData },
		...rest,
	} as unknown as IRunExecutionData;
}

/** @returns polls once; errors are thrown to the one who activates */
export function pollExecutor(
	workflow: Workflow,
	node: INode,
	context: PollContext,
): (isActivation?: boolean) => Promise<void> {
	if ('PollTriggerExecutor' in n8nCore)
		return Container.get(n8nCore.PollTriggerExecutor).create(workflow, node, context, () => true);
	return async (isActivation) => {
		try {
			const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
			const found = (await type.poll?.call(context)) ?? null;
			if (found) context.__emit(found);
		} catch (error) {
			if (isActivation) throw error;
			context.__emitError(error as Error);
		}
	};
}
