/** The parameters of Task > Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import type { VideoProvider } from '../providers/types';
import { chosenTableProperties } from './dataTableFields';
import { limitProperty } from './sharedFields';

const GET_ALL = { resource: ['task'], operation: ['getAll'] };
const RECORDED = { ...GET_ALL, source: ['recorded'] };

/** Where the tasks come from. */
export const TASK_SOURCES = [
	{
		name: 'Recorded Tasks',
		value: 'recorded',
		description: 'Tasks that "Video > Generate" has written into an n8n Data Table',
	},
];

export function taskListProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	return [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			noDataExpression: true,
			options: TASK_SOURCES,
			default: 'recorded',
			description: 'Where the tasks come from',
			displayOptions: { show: GET_ALL },
		},
		...chosenTableProperties(RECORDED, 'As given in Video > Generate'),
		{
			displayName: 'Take Finished Once',
			name: 'takeFinishedOnce',
			type: 'boolean',
			default: false,
			description:
				'Whether to put out only tasks that are finished and not handed over yet, the oldest first, and mark them as handed over. After a Schedule Trigger this does the work of "CometAPI Video Trigger" without an API key of n8n.',
			displayOptions: { show: RECORDED },
		},
		{
			displayName: 'Status',
			name: 'taskStatus',
			type: 'options',
			options: [
				{ name: 'Any', value: 'any' },
				{ name: 'Failed', value: 'failed' },
				{ name: 'Pending', value: 'pending' },
				{ name: 'Succeeded', value: 'succeeded' },
			],
			default: 'any',
			description: 'Only tasks with this status. CometAPI is asked about those that are pending in the table.',
			displayOptions: { show: { ...RECORDED, takeFinishedOnce: [false] } },
		},
		{
			displayName: 'Provider',
			name: 'recordedProvider',
			type: 'options',
			options: [
				{ name: 'Any', value: 'any' },
				...providers.map(({ id, displayName }) => ({ name: displayName, value: id })),
			],
			default: 'any',
			description: 'Only tasks of this family of models',
			displayOptions: { show: RECORDED },
		},
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show: RECORDED },
		},
		limitProperty({ show: { ...RECORDED, returnAll: [false] } }),
	];
}
