/** The parameters of Task > Get Many. */
import type { INodeProperties } from 'n8n-workflow';
import { chosenTableProperties } from './dataTableFields';
import { includeMidjourneyOption, providerChoices, returnAllProperties } from './listFields';
import { optionCollection } from './optionCollection';

const GET_MANY = { resource: ['task'], operation: ['getAll'] };
const RECORDED = { ...GET_MANY, source: ['recorded'] };
const FROM_ACCOUNT = { ...GET_MANY, source: ['account'] };

/** What its value is checked by. */
export const CREATED_WITHIN = { displayName: 'Created Within (Hours)', typeOptions: { minValue: 0 } };

const ANY = { name: 'Any', value: 'any' };

function statusChoices() {
	return [
		{ name: 'Failed', value: 'failed' },
		{ name: 'Pending', value: 'pending' },
		{ name: 'Succeeded', value: 'succeeded' },
	];
}

export function taskListProperties(): INodeProperties[] {
	const firstProvider = providerChoices()[0]?.value ?? '';
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
				'Whether to return only tasks that are finished and not handed over yet, the oldest first, and mark them as handed over. After a Schedule Trigger this replaces "CometAPI Video Trigger", without an API key of n8n.',
			displayOptions: { show: RECORDED },
		},
		{
			displayName: 'Status',
			name: 'taskStatus',
			type: 'options',
			options: [ANY, ...statusChoices()],
			default: 'any',
			description: 'Only tasks with this status. CometAPI is asked about those that are pending in the table.',
			displayOptions: { show: { ...RECORDED, takeFinishedOnce: [false] } },
		},
		{
			displayName: 'Provider',
			name: 'recordedProvider',
			type: 'options',
			options: [ANY, ...providerChoices()],
			default: 'any',
			description: 'Only tasks of this family of models',
			displayOptions: { show: RECORDED },
		},
		...returnAllProperties(GET_MANY),
		optionCollection({ displayName: 'Filters', name: 'taskFilters', entry: 'Filter' }, { show: FROM_ACCOUNT }, [
			{
				...CREATED_WITHIN,
				name: 'createdWithin',
				type: 'number',
				default: 24,
				description: 'Only tasks that were created in the last hours; 0 means all',
			},
			includeMidjourneyOption(),
			{
				displayName: 'Provider',
				name: 'provider',
				type: 'options',
				options: providerChoices(),
				default: firstProvider,
				description: 'Only tasks of this family of models',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: statusChoices(),
				default: 'succeeded',
				description: 'Only tasks with this status',
			},
		]),
	];
}
