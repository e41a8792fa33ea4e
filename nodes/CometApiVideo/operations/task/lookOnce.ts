/** One look at a task that was created before, as a row. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { CometApiClient } from '../../service/client';
import type { repeatRefused } from '../../service/retry';
import { clock } from '../../task/clock';
import { withDetails } from '../../task/errors';
import { judgeMissingFile } from '../../task/missingFile';
import { toItemJson, toRecordedJson } from '../../task/row';
import type { VideoTask } from '../../task/types';
import type { ReferencedTask } from './referencedTasks';
import type { openTaskProblems } from './taskProblems';

export interface Looking {
	problems: ReturnType<typeof openTaskProblems>;
	repeat: ReturnType<typeof repeatRefused>;
	includeRaw: boolean;
}

export interface Seen {
	item: INodeExecutionData;
	/** What the journal keeps; absent where the task could not be read. */
	json?: IDataObject;
}

/** @throws what does not concern this task alone */
export async function lookOnce(
	client: CometApiClient,
	referenced: ReferencedTask,
	{ problems, repeat, includeRaw }: Looking,
): Promise<Seen> {
	const { itemIndex } = referenced;
	const reference = referenced.reference();
	try {
		const found = await repeat(async () => await referenced.read(client, reference));
		const task = judgeMissingFile(found.task, missingForMs(found.task, referenced));
		const failureReason =
			task.status === 'failed' && !task.reason ? await client.readFailureReason(found.taskApi, task.ref) : undefined;
		const row = { ...reference.row, ref: task.ref, failureReason, pollCount: 1, includeRaw };
		const item = { json: toItemJson(task, row), pairedItem: { item: itemIndex } };
		return { item, json: toRecordedJson(task, row) };
	} catch (thrown) {
		const error = withDetails(thrown, { ...reference.ref });
		if (!problems.concernsOneTask(error)) throw error;
		return { item: problems.toRow({ error, itemIndex, row: { ...reference.row, ref: reference.ref } }) };
	}
}

/** A single look cannot wait for a file; how long it has been missing is known from the end of the task, or from its row. */
function missingForMs({ completedAt }: VideoTask, { ageMs }: ReferencedTask): number | undefined {
	return completedAt === undefined ? ageMs : clock.now() - Date.parse(completedAt);
}
