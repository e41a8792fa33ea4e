/** Task > Download: the video of a finished task, by a fresh link. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { InvalidInputError, withDetails } from '../../task/errors';
import { toItemJson } from '../../task/row';
import { repeatRefused } from '../../service/retry';
import { downloadAssets, failedError } from '../items/finishTask';
import { toRows, tryEachItem } from '../items/runItems';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import { readTaskReference } from './readTaskReference';

export async function download(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const repeat = repeatRefused(clock, context.getExecutionCancelSignal());
	const outcomes = await tryEachItem(context, async (itemIndex) => {
		const reference = readTaskReference(context, itemIndex);
		const target = readDownloadSettings(context, itemIndex);
		try {
			const { task, taskApi } = await repeat(async () => await client.findTask(reference));
			if (task.status === 'pending') {
				throw new InvalidInputError(
					`Task ${task.ref.taskId} is not finished yet (status "${task.rawStatus}")`,
					'Use Task > Wait, which waits for the video and can download it.',
				);
			}
			if (task.status === 'failed') {
				throw failedError(task, task.reason || (await client.readFailureReason(taskApi, task.ref)));
			}
			return {
				json: toItemJson(task, { ...reference.row, ref: task.ref, pollCount: 1, includeRaw: settings.includeRaw }),
				binary: await downloadAssets(context, client, task, target, settings),
				pairedItem: { item: itemIndex },
			};
		} catch (error) {
			throw withDetails(error, { ...reference.ref });
		}
	});
	return toRows(context, outcomes);
}
