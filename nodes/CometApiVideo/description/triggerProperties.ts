/** The panel of the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import type { VideoProvider } from '../providers/types';
import { RECORDED_COLUMNS } from '../task/row';
import { dataTableProperty } from './dataTableFields';
import { includeMidjourneyOption } from './listFields';
import { optionCollection } from './optionCollection';
import { OPTIONS } from './sharedFields';
import { DETECT_PROVIDER, routeOption, taskIdField } from './taskFields';

/** The limits are checked by the source that looks back. */
export const LOOK_BACK = { displayName: 'Look Back (Hours)', typeOptions: { minValue: 1, maxValue: 168 } };

export function buildTriggerProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	const providerOptions = providers.map(({ id, displayName }) => ({ name: displayName, value: id }));
	return [
		{
			displayName: 'Watch',
			name: 'watch',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'All Tasks of the Account',
					value: 'account',
					description:
						'Whatever created them. Needs an Access Token in the credential; CometAPI does not document this list.',
				},
				{
					name: 'Listed Tasks',
					value: 'listed',
					description: 'Tasks that are named here',
				},
				{
					name: 'Tasks in a Data Table',
					value: 'dataTable',
					description: 'Tasks that "Video > Generate" has recorded, in this workflow or another',
				},
			],
			default: 'dataTable',
			description: 'Which tasks start the workflow when they are finished',
		},
		{
			displayName: 'Trigger On',
			name: 'triggerOn',
			type: 'options',
			options: [
				{
					name: 'Succeeded',
					value: 'succeeded',
					description: 'The video is ready',
					action: 'Video succeeded',
				},
				{
					name: 'Failed',
					value: 'failed',
					description: 'CometAPI could not create the video',
					action: 'Video failed',
				},
				{
					name: 'Finished (Succeeded or Failed)',
					value: 'both',
					description: 'Either; the field "status" tells them apart',
					action: 'Video finished (succeeded or failed)',
				},
			],
			default: 'both',
			description:
				'What starts the workflow. Use one trigger per table: tasks that end the other way are marked as handled, too.',
		},
		dataTableProperty(
			{ show: { watch: ['dataTable'] } },
			'The one that Video > Generate records its tasks in (Record Tasks)',
		),
		...listedTaskProperties(providerOptions),
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		filtersProperty(['account'], providerOptions, [
			{
				displayName: 'Action',
				name: 'action',
				type: 'string',
				default: '',
				placeholder: 'e.g. textGenerate',
				description: 'Kind of job as CometAPI calls it; switch Simplify off to see it in the raw data',
			},
		]),
		filtersProperty(['dataTable', 'listed'], providerOptions, []),
		columnNamesProperty,
		optionCollection(OPTIONS, { show: { watch: ['account'] } }, [
			includeMidjourneyOption(),
			{
				...LOOK_BACK,
				name: 'lookBack',
				type: 'number',
				default: 26,
				description: 'Older tasks are not looked at. CometAPI gives up on tasks after a day.',
			},
		]),
	];
}

function listedTaskProperties(providerOptions: ReadonlyArray<{ name: string; value: string }>): INodeProperties[] {
	return [
		{
			displayName: 'Give Tasks As',
			name: 'listAs',
			type: 'options',
			options: [
				{ name: 'Fields', value: 'fields', description: 'One entry per task' },
				{ name: 'JSON', value: 'json', description: 'A list of task IDs, or of rows that the node returned' },
			],
			default: 'fields',
			description: 'How to name the tasks',
			displayOptions: { show: { watch: ['listed'] } },
		},
		{
			displayName: 'Tasks',
			name: 'tasks',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Task',
			default: {},
			displayOptions: { show: { watch: ['listed'], listAs: ['fields'] } },
			options: [
				{
					displayName: 'Task',
					name: 'task',
					values: [
						taskIdField(),
						{
							displayName: 'Provider',
							name: 'provider',
							type: 'options',
							options: [
								{ name: 'Detect', value: DETECT_PROVIDER, description: 'From the answer of CometAPI' },
								...providerOptions,
							],
							default: DETECT_PROVIDER,
							description:
								'Family of models that makes the video. Needed for providers with routes of their own, e.g. Kling.',
						},
						routeOption(),
					],
				},
			],
		},
		{
			displayName: 'Tasks (JSON)',
			name: 'tasksJson',
			type: 'json',
			default: '[]',
			placeholder: 'e.g. ["task_4bWq7", {"taskId": "8231", "provider": "kling"}]',
			description: 'List of task IDs, or of objects with taskId and, where known, provider and route',
			displayOptions: { show: { watch: ['listed'], listAs: ['json'] } },
		},
	];
}

function filtersProperty(
	watch: string[],
	providerOptions: Array<{ name: string; value: string }>,
	more: INodeProperties[],
): INodeProperties {
	return optionCollection({ displayName: 'Filters', name: 'filters', entry: 'Filter' }, { show: { watch } }, [
		...more,
		{
			displayName: 'Model',
			name: 'model',
			type: 'string',
			default: '',
			placeholder: 'e.g. kling-v3',
			description: 'Part of the model ID',
		},
		{
			displayName: 'Providers',
			name: 'providers',
			type: 'multiOptions',
			options: providerOptions,
			default: [],
			description: 'Only tasks of these providers',
		},
	]);
}

const columnNamesProperty: INodeProperties = {
	...optionCollection(
		{ displayName: 'Column Names', name: 'columnNames', entry: 'Column Name' },
		{ show: { watch: ['dataTable'] } },
		RECORDED_COLUMNS.flatMap(({ name, label, hint }): INodeProperties[] =>
			label ? [{ displayName: label, name, type: 'string', default: name, description: hint }] : [],
		),
	),
	description: 'Only where the columns of your table are not called like the output fields of CometAPI Video',
};
