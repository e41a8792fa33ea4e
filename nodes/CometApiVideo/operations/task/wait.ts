/** Task > Wait: wait for tasks that exist already, all items together. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../tasks/client';
import { finishTask } from '../finishTask';
import { runItems, tryEachItem } from '../runItems';
import { readDownloadSettings, readRunSettings } from '../runSettings';
import { readReferencedTask, readTaskReference } from '../taskReference';

export async function wait(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// The tasks run already, so there is nothing to hold back.
	const settings = { ...readRunSettings(context), maxTasksInFlight: Infinity };
	const client = await createCometApiClient(context, settings);
	const items = await tryEachItem(context, (itemIndex) => {
		const isWanted = context.getNodeParameter('downloadVideo', itemIndex, false) as boolean;
		return {
			reference: readTaskReference(context, itemIndex),
			download: isWanted ? readDownloadSettings(context, itemIndex) : undefined,
		};
	});
	return await runItems(context, settings, items, ({ reference, download }, itemIndex) => {
		const { ref, row } = reference;
		return {
			start: async () => await Promise.resolve({ ref, isNew: false, wait: true, details: { model: row.model } }),
			poll: async () => await readReferencedTask(client, reference),
			finish: async (waited) =>
				await finishTask(waited, {
					context,
					client,
					settings,
					taskApi: reference.taskApi,
					itemIndex,
					download,
					row,
				}),
		};
	});
}
