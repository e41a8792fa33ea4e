/** Task > Wait: wait for tasks that exist already, all items together. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { foundAt } from '../../providers/taskReference';
import { createCometApiClient } from '../../service/client';
import type { EarlierWait, StartedTask, WaitedTask } from '../../wait/job';
import { finishTask } from '../items/finishTask';
import { readSwitch } from '../input/readSwitch';
import { findReferencedTasks, recordReadings } from './referencedTasks';
import type { ReadTask, ReferencedTask } from './referencedTasks';
import { withInputFields } from '../items/inputFields';
import { runItems, tryEachPiece } from '../items/runItems';
import { TaskFiles } from '../items/taskFiles';
import { toSleepingRow } from '../sleep/sleepingRow';
import { runWithSleep } from '../sleep/sleepOfRun';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import { openTaskProblems } from './taskProblems';

export async function wait(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// The tasks run already, so there is nothing to hold back.
	const given = { ...readRunSettings(context), maxTasksInFlight: Infinity };
	const client = await createCometApiClient(context, given);
	const { tasks, areRecorded } = await findReferencedTasks(context);
	const settings = {
		...given,
		returnOnFailure: given.returnOnFailure || areRecorded,
		includeInputFields: given.includeInputFields && !areRecorded,
	};
	const problems = openTaskProblems(context, areRecorded, settings.includeRaw);
	const ended = new Map<number, ReadTask>();
	const prepare = (referenced: ReferencedTask) => {
		const { itemIndex } = referenced;
		const isWanted = readSwitch(context, 'downloadVideo', itemIndex, 'Download Video');
		return {
			referenced,
			reference: referenced.reference(),
			download: isWanted ? readDownloadSettings(context, itemIndex) : undefined,
		};
	};
	const pieces = await tryEachPiece(context, tasks, prepare);
	const toJob = ({ referenced, reference, download }: ReturnType<typeof prepare>, position: number) => {
		const { ref, row } = reference;
		const { itemIndex } = referenced;
		const files = download && new TaskFiles(context, client, download, settings, row.prompt);
		/** After the first look it is known where the task is. */
		let found = reference;
		return {
			start: async () => await Promise.resolve({ ref, isNew: false, wait: true, details: { model: row.model } }),
			async poll() {
				const { task, taskApi } = await referenced.read(client, found);
				found = foundAt(found, task, taskApi);
				return task;
			},
			async finish(waited: WaitedTask) {
				return await finishTask(waited, {
					context,
					client,
					settings,
					taskApi: found.taskApi,
					itemIndex,
					files,
					row,
					async record(json) {
						ended.set(position, { referenced, json });
						return await Promise.resolve(undefined);
					},
				});
			},
			rest: ({ ref: seen, details }: StartedTask, earlier: EarlierWait) => {
				// A provider that was only guessed is none.
				const named = found.isGuess && found === reference ? { taskId: ref.taskId } : found.ref;
				const sleeping = { itemIndex, ref: named, wait: earlier, details, row, download };
				return toSleepingRow(sleeping, seen, settings.includeRaw);
			},
			letsOthersGoOn: problems.concernsOneTask,
			problemRow: (error: Error, waited?: WaitedTask) =>
				problems.toRow({ error, waited, itemIndex, row: { ...row, ref } }),
		};
	};
	const rows = await runWithSleep(
		context,
		settings,
		{ whyAwake: areRecorded ? 'Use Recorded Tasks is on' : undefined },
		async (rest) => await runItems(context, settings, pieces, toJob, rest),
	);
	problems.assertReached(tasks.length);
	return withInputFields(context, settings, await recordReadings(context, rows, ended));
}
