/** Task > Get: one look at a task. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../tasks/client';
import { withDetails } from '../../tasks/errors';
import { toItemJson } from '../../tasks/output';
import { findReferencedTasks } from '../referencedTasks';
import { toRows, tryEachItem } from '../runItems';
import { readRunSettings } from '../runSettings';

export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const { itemIndexes, read, readTask, record } = await findReferencedTasks(context);
	const work = async (index: number): Promise<INodeExecutionData> => {
		const reference = read(index);
		try {
			const task = await readTask(client, reference, index);
			const failureReason =
				task.status === 'failed' && !task.reason ? await client.readFailureReason(reference.taskApi, task.ref) : undefined;
			const json = toItemJson(task, {
				...reference.row,
				ref: task.ref,
				failureReason,
				pollCount: 1,
				includeRaw: settings.includeRaw,
			});
			const recordWarning = await record?.(index, json);
			return { json: { ...json, ...(recordWarning ? { recordWarning } : {}) }, pairedItem: { item: itemIndexes[index] } };
		} catch (error) {
			throw withDetails(error, { ...reference.ref });
		}
	};
	return toRows(context, await tryEachItem(context, work, itemIndexes), itemIndexes);
}
