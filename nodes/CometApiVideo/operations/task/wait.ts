/** Task > Wait: wait for tasks that exist already, all items together. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import type { WaitedTask } from '../../wait/job';
import { finishTask } from '../items/finishTask';
import { readSwitch } from '../input/readSwitch';
import { findReferencedTasks } from './referencedTasks';
import { runItems, tryEachItem } from '../items/runItems';
import { TaskFiles } from '../items/taskFiles';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import { openTaskProblems } from './taskProblems';

export async function wait(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// The tasks run already, so there is nothing to hold back.
	const given = { ...readRunSettings(context), maxTasksInFlight: Infinity };
	const client = await createCometApiClient(context, given);
	const { itemIndexes, areRecorded, read, readTask, handOn, recordHandedOn } = await findReferencedTasks(context);
	const settings = { ...given, returnOnFailure: given.returnOnFailure || areRecorded };
	const problems = openTaskProblems(context, areRecorded, settings.includeRaw);
	const prepare = (index: number) => {
		const isWanted = readSwitch(context, 'downloadVideo', itemIndexes[index], 'Download Video');
		return {
			reference: read(index),
			download: isWanted ? readDownloadSettings(context, itemIndexes[index]) : undefined,
		};
	};
	const pieces = await tryEachItem(context, prepare, itemIndexes);
	const toJob = ({ reference, download }: ReturnType<typeof prepare>, index: number) => {
		const { ref, row } = reference;
		const itemIndex = itemIndexes[index];
		const files = download && new TaskFiles(context, client, download, settings);
		return {
			start: async () => await Promise.resolve({ ref, isNew: false, wait: true, details: { model: row.model } }),
			poll: async () => await readTask(client, reference, index),
			async finish(waited: WaitedTask) {
				const item = await finishTask(waited, {
					context,
					client,
					settings,
					taskApi: reference.taskApi,
					itemIndex,
					files,
					row,
				});
				if (item.json.status !== 'pending') handOn(index, item.json);
				return item;
			},
			isOwnProblem: problems.isOwn,
			problemRow: (error: Error, waited?: WaitedTask) =>
				problems.toRow({ error, waited, itemIndex, row: { ...row, ref } }),
		};
	};
	const rows = await runItems(context, settings, pieces, toJob, itemIndexes);
	problems.assertReached(itemIndexes.length);
	await recordHandedOn();
	return rows;
}
