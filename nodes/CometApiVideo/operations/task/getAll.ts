/** Task > Get Many: tasks that were created before, from where the user says. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { showValue } from '../../task/shownText';
import { getAccountTasks } from './getAccountTasks';
import { getRecordedTasks } from './getRecordedTasks';

const SOURCES = new Map([
	['recorded', getRecordedTasks],
	['account', getAccountTasks],
]);

export async function getAll(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const source: unknown = context.getNodeParameter('source', 0, 'recorded');
	const read = SOURCES.get(source as string);
	if (read) return await read(context);
	throw new InvalidInputError(`Source cannot be ${showValue(source)}`, `Allowed: ${[...SOURCES.keys()].join(', ')}.`);
}
