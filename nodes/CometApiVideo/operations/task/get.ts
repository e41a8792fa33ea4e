/** Task > Get: one look at a task. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import { clock } from '../../task/clock';
import { repeatRefused } from '../../service/retry';
import { lookOnce } from './lookOnce';
import { findReferencedTasks, recordReadings } from './referencedTasks';
import type { ReadTask, ReferencedTask } from './referencedTasks';
import { withInputFields } from '../items/inputFields';
import { toRows, tryEachPiece } from '../items/runItems';
import { readRunSettings } from '../input/runSettings';
import { openTaskProblems } from './taskProblems';

export async function get(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const { includeRaw } = settings;
	const client = await createCometApiClient(context, settings);
	const { tasks, areRecorded } = await findReferencedTasks(context);
	const problems = openTaskProblems(context, areRecorded, includeRaw);
	const repeat = repeatRefused(clock, context.getExecutionCancelSignal());
	const read = new Map<number, ReadTask>();
	const look = async (referenced: ReferencedTask, position: number): Promise<INodeExecutionData> => {
		const { item, json } = await lookOnce(client, referenced, { problems, repeat, includeRaw });
		if (json) read.set(position, { referenced, json });
		return item;
	};
	const outcomes = await tryEachPiece(context, tasks, look);
	const rows = toRows(outcomes);
	problems.assertReached(tasks.length);
	const told = await recordReadings(context, rows, read);
	return areRecorded ? told : withInputFields(context, settings, told);
}
