/** Task > Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import type { VideoProvider } from '../providers/types';
import { limitProperty } from './sharedFields';

const GET_MANY = { resource: ['task'], operation: ['getAll'] };
const FROM_ACCOUNT = { ...GET_MANY, source: ['account'] };

export function taskListProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	return [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'CometAPI Account',
					value: 'account',
					description: 'All tasks of the account, whoever created them. The credential needs an Access Token.',
				},
			],
			default: 'account',
			description: 'Where the list comes from',
			displayOptions: { show: GET_MANY },
		},
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show: FROM_ACCOUNT },
		},
		limitProperty({ show: { ...FROM_ACCOUNT, returnAll: [false] } }),
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
					default: providers[0]?.id ?? '',
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
					description: 'Only tasks in this state',
				},
			],
		},
	];
}
