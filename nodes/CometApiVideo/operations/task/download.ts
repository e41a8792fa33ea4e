/** Task > Download: the video of a finished task, by a fresh link. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { resultNounOf } from '../../providers';
import { createCometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { InvalidInputError, withDetails } from '../../task/errors';
import { toItemJson } from '../../task/row';
import { repeatRefused } from '../../service/retry';
import { failedError } from '../items/finishTask';
import { withInputFields } from '../items/inputFields';
import { toRows, tryEachItem } from '../items/runItems';
import { TaskFiles, fetchWithinGrace } from '../items/taskFiles';
import type { SucceededTask } from '../items/taskFiles';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import { readTaskReference } from './readTaskReference';

export async function download(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const signal = context.getExecutionCancelSignal();
	const repeat = repeatRefused(clock, signal);
	const outcomes = await tryEachItem(context, async (itemIndex) => {
		const reference = readTaskReference(context, itemIndex);
		const files = new TaskFiles(
			context,
			client,
			readDownloadSettings(context, itemIndex),
			settings,
			reference.row.prompt,
		);
		let looks = 0;
		const look = async (): Promise<SucceededTask> => {
			looks += 1;
			const { task, taskApi } = await repeat(async () => await client.findTask(reference));
			if (task.status === 'succeeded') return task;
			if (task.status === 'failed') {
				const reason = task.reason || (await client.readFailureReason(taskApi, task.ref));
				throw failedError(task, reason, resultNounOf(task.ref.provider, reference.row.mode));
			}
			throw new InvalidInputError(
				`Task ${task.ref.taskId} is not finished yet (status "${task.rawStatus}")`,
				'Use Task > Wait, which waits for the video and can download it.',
			);
		};
		try {
			const { task, binary } = await fetchWithinGrace(files, await look(), look, signal);
			return {
				json: toItemJson(files.withLinks(task), {
					...reference.row,
					ref: task.ref,
					pollCount: looks,
					includeRaw: settings.includeRaw,
				}),
				binary,
				pairedItem: { item: itemIndex },
			};
		} catch (error) {
			throw withDetails(error, { ...reference.ref });
		}
	});
	return withInputFields(context, settings, toRows(outcomes));
}
