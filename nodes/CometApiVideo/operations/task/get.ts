/** Task > Get: one look at a task. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../tasks/client';
import { withDetails } from '../../tasks/errors';
import { toItemJson } from '../../tasks/output';
import { readRunSettings } from '../runSettings';
import { toRows, tryEachItem } from '../runItems';
import { readReferencedTask, readTaskReference } from '../taskReference';

export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const outcomes = await tryEachItem(context, async (itemIndex) => {
		const reference = readTaskReference(context, itemIndex);
		try {
			const task = await readReferencedTask(client, reference);
			const failureReason =
				task.status === 'failed' && !task.reason ? await client.readFailureReason(reference.taskApi, task.ref) : undefined;
			return {
				json: toItemJson(task, {
					...reference.row,
					ref: task.ref,
					failureReason,
					pollCount: 1,
					includeRaw: settings.includeRaw,
				}),
				pairedItem: { item: itemIndex },
			};
		} catch (error) {
			throw withDetails(error, { ...reference.ref });
		}
	});
	return toRows(outcomes);
}
