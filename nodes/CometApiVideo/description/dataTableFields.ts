/** The parameters about n8n's Data Tables, shared by the node and the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TABLE_NAME } from '../journal/taskJournal';
import { EVERY_JOB } from './jobConditions';
import { limitProperty } from './sharedFields';

type DisplayOptions = INodeProperties['displayOptions'];

/** @param nameDescription what happens with the name of a table that does not exist */
export function dataTableProperty(displayOptions: DisplayOptions, nameDescription: string): INodeProperties {
	const preset = { mode: 'name', value: DEFAULT_TABLE_NAME };
	return {
		displayName: 'Data Table',
		name: 'dataTable',
		type: 'resourceLocator',
		default: preset,
		required: true,
		description: 'The n8n Data Table that holds the tasks',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchDataTables', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: `e.g. ${DEFAULT_TABLE_NAME}`,
				hint: nameDescription,
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 4bWq7TzX9kLm2nPa' },
		],
		displayOptions,
	};
}

const TASKS = { resource: ['task'], operation: ['get', 'wait'] };

export function recordTasksProperties(): INodeProperties[] {
	return [
		{
			displayName: 'Record Tasks',
			name: 'recordTasks',
			type: 'boolean',
			default: false,
			description:
				'Whether to write each task into an n8n Data Table the moment it is created, and its result at the end. Nothing is forgotten when n8n restarts.',
			displayOptions: { show: EVERY_JOB },
		},
		dataTableProperty(
			{ show: { ...EVERY_JOB, recordTasks: [true] } },
			'Made with the right columns if it does not exist',
		),
	];
}

/** In the place of a task ID. */
export function recordedTasksProperties(): INodeProperties[] {
	return [
		{
			displayName: 'Use Recorded Tasks',
			name: 'useRecordedTasks',
			type: 'boolean',
			default: false,
			description:
				'Whether to take the unfinished tasks of an n8n Data Table, as "Video > Generate" records them, instead of one task ID. Runs once, whatever the input; failed tasks come out as rows.',
			displayOptions: { show: TASKS },
		},
		dataTableProperty({ show: { ...TASKS, useRecordedTasks: [true] } }, 'As given in Video > Generate'),
		limitProperty({ show: { ...TASKS, useRecordedTasks: [true] } }),
	];
}
