/** Task > Get: one look at a task. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { withDetails } from '../../task/errors';
import { toItemJson } from '../../task/row';
import { repeatRefused } from '../../service/retry';
import { findReferencedTasks } from './referencedTasks';
import { toRows, tryEachItem } from '../items/runItems';
import { readRunSettings } from '../input/runSettings';
import { openTaskProblems } from './taskProblems';

export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const { itemIndexes, areRecorded, read, readTask, handOn, recordHandedOn } = await findReferencedTasks(context);
	const problems = openTaskProblems(context, areRecorded, settings.includeRaw);
	const repeat = repeatRefused(clock, context.getExecutionCancelSignal());
	const work = async (index: number): Promise<INodeExecutionData> => {
		const reference = read(index);
		try {
			const { task, taskApi } = await repeat(async () => await readTask(client, reference, index));
			const failureReason =
				task.status === 'failed' && !task.reason ? await client.readFailureReason(taskApi, task.ref) : undefined;
			const json = toItemJson(task, {
				...reference.row,
				ref: task.ref,
				failureReason,
				pollCount: 1,
				includeRaw: settings.includeRaw,
			});
			handOn(index, json);
			return { json, pairedItem: { item: itemIndexes[index] } };
		} catch (thrown) {
			const error = withDetails(thrown, { ...reference.ref });
			if (!problems.isOwn(error)) throw error;
			return problems.toRow({ error, itemIndex: itemIndexes[index], row: { ...reference.row, ref: reference.ref } });
		}
	};
	const rows = toRows(context, await tryEachItem(context, work, itemIndexes), itemIndexes);
	problems.assertReached(itemIndexes.length);
	await recordHandedOn();
	return rows;
}
