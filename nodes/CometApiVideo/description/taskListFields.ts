/** The parameters of Task > Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import type { VideoProvider } from '../providers/types';
import { chosenTableProperties } from './dataTableFields';
import { limitProperty } from './sharedFields';

const GET_MANY = { resource: ['task'], operation: ['getAll'] };
const RECORDED = { ...GET_MANY, source: ['recorded'] };
const FROM_ACCOUNT = { ...GET_MANY, source: ['account'] };

export function taskListProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	const firstProvider = providers[0]?.id ?? '';
	return [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Recorded Tasks',
					value: 'recorded',
					description: 'Tasks that this node has written into an n8n Data Table (Record Tasks)',
				},
				{
					name: 'CometAPI Account',
					value: 'account',
					description: 'All tasks of the account, whoever created them. The credential needs an Access Token.',
				},
			],
			default: 'recorded',
			description: 'Where the tasks come from',
			displayOptions: { show: GET_MANY },
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
			displayOptions: { show: GET_MANY },
		},
		limitProperty({ show: { ...GET_MANY, returnAll: [false] } }),
		{
			displayName: 'Filters',
			name: 'taskFilters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: FROM_ACCOUNT },
			options: [
				{
					displayName: 'Created Within (Hours)',
					name: 'createdWithin',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 24,
					description: 'Only tasks that were created in the last hours; 0 means all',
				},
				{
					displayName: 'Include Midjourney',
					name: 'includeMidjourney',
					type: 'boolean',
					default: true,
					description: 'Whether to read the list of Midjourney tasks as well, which CometAPI keeps apart',
				},
				{
					displayName: 'Provider',
					name: 'provider',
					type: 'options',
					options: providers.map(({ id, displayName }) => ({ name: displayName, value: id })),
					default: firstProvider,
					description: 'Only tasks of this family of models',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Failed', value: 'failed' },
						{ name: 'Pending', value: 'pending' },
						{ name: 'Succeeded', value: 'succeeded' },
					],
					default: 'succeeded',
					description: 'Only tasks with this status',
				},
			],
		},
	];
}
