/** Task > Get: one look at a task. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { withDetails } from '../../task/errors';
import { judgeMissingFile } from '../../task/missingFile';
import { toItemJson, toRecordedJson } from '../../task/row';
import type { VideoTask } from '../../task/types';
import { repeatRefused } from '../../service/retry';
import { findReferencedTasks, recordReadings } from './referencedTasks';
import type { ReadTask, ReferencedTask } from './referencedTasks';
import { withInputFields } from '../items/inputFields';
import { toRows, tryEachPiece } from '../items/runItems';
import { readRunSettings } from '../input/runSettings';
import { openTaskProblems } from './taskProblems';

export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const client = await createCometApiClient(context, settings);
	const { tasks, areRecorded } = await findReferencedTasks(context);
	const problems = openTaskProblems(context, areRecorded, settings.includeRaw);
	const repeat = repeatRefused(clock, context.getExecutionCancelSignal());
	const read = new Map<number, ReadTask>();
	const look = async (referenced: ReferencedTask, position: number): Promise<INodeExecutionData> => {
		const { itemIndex } = referenced;
		const reference = referenced.reference();
		try {
			const found = await repeat(async () => await referenced.read(client, reference));
			const task = judgeMissingFile(found.task, missingForMs(found.task, referenced));
			const failureReason =
				task.status === 'failed' && !task.reason ? await client.readFailureReason(found.taskApi, task.ref) : undefined;
			const row = {
				...reference.row,
				ref: task.ref,
				failureReason,
				pollCount: 1,
				includeRaw: settings.includeRaw,
			};
			read.set(position, { referenced, json: toRecordedJson(task, row) });
			return { json: toItemJson(task, row), pairedItem: { item: itemIndex } };
		} catch (thrown) {
			const error = withDetails(thrown, { ...reference.ref });
			if (!problems.concernsOneTask(error)) throw error;
			return problems.toRow({ error, itemIndex, row: { ...reference.row, ref: reference.ref } });
		}
	};
	const outcomes = await tryEachPiece(context, tasks, look);
	const rows = toRows(outcomes);
	problems.assertReached(tasks.length);
	return withInputFields(context, settings, await recordReadings(context, rows, read), areRecorded);
}

/** A single look cannot wait for a file; how long it has been missing is known from the end of the task, or from its row. */
function missingForMs({ completedAt }: VideoTask, { ageMs }: ReferencedTask): number | undefined {
	return completedAt === undefined ? ageMs : clock.now() - Date.parse(completedAt);
}
