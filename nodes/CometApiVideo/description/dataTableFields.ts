/** The parameters about n8n's Data Tables, shared by the node and the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TABLE_NAME } from '../journal/dataTables';
import { EVERY_JOB } from './jobConditions';
import { limitProperty } from './listFields';

type DisplayOptions = INodeProperties['displayOptions'];
type Shown = NonNullable<NonNullable<DisplayOptions>['show']>;

/**
 * @param nameDescription what happens with the name of a table that does not exist
 * @param hasList whether n8n can be asked for its tables, which takes a key
 */
export function dataTableProperty(
	displayOptions: DisplayOptions,
	nameDescription: string,
	hasList = true,
): INodeProperties {
	const preset = { mode: 'name', value: DEFAULT_TABLE_NAME };
	return {
		displayName: 'Data Table',
		name: 'dataTable',
		type: 'resourceLocator',
		default: preset,
		required: true,
		description: 'The n8n Data Table that holds the tasks',
		modes: [
			...(hasList
				? [
						{
							displayName: 'From List',
							name: 'list',
							type: 'list' as const,
							typeOptions: { searchListMethod: 'searchDataTables', searchable: true },
						},
					]
				: []),
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

/** Which table, and of which n8n. */
export function chosenTableProperties(show: Shown, nameDescription: string): INodeProperties[] {
	return [
		dataTableProperty({ show: { ...show, tableAccess: ['thisN8n'] } }, nameDescription, false),
		dataTableProperty({ show: { ...show, tableAccess: ['apiKey'] } }, nameDescription),
		{
			displayName: 'Data Table Of',
			name: 'tableAccess',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'This N8n', value: 'thisN8n', description: "In the workflow's project; needs no key" },
				{
					name: 'Another N8n by API Key',
					value: 'apiKey',
					description: 'Another n8n or another project, by the credential "N8n Data Table API"',
				},
			],
			default: 'thisN8n',
			description: 'Where the data table is',
			displayOptions: { show },
		},
	];
}

export function recordTasksProperties(): INodeProperties[] {
	return [
		{
			displayName: 'Record Tasks',
			name: 'recordTasks',
			type: 'options',
			options: [
				{
					name: 'Unfinished Tasks',
					value: 'unfinished',
					description: `A row in the table "${DEFAULT_TABLE_NAME}" for each task until its result is handed over, so that nothing is lost when n8n stops`,
				},
				{ name: 'Unfinished Tasks in Another Table', value: 'unfinishedElsewhere' },
				{
					name: 'All Tasks',
					value: 'all',
					description: 'A row for each task that stays, with its result. Without the table no video is created.',
				},
				{ name: 'Off', value: 'off', description: 'When n8n stops, its tasks are found in the CometAPI console only' },
			],
			default: 'unfinished',
			description: 'Which tasks to keep in an n8n Data Table',
			displayOptions: { show: EVERY_JOB },
		},
		...chosenTableProperties(
			{ ...EVERY_JOB, recordTasks: ['unfinishedElsewhere', 'all'] },
			'Made with the right columns if it does not exist',
		),
	];
}

/** In the place of a task ID. */
export function recordedTasksProperties(): INodeProperties[] {
	const show = { ...TASKS, useRecordedTasks: [true] };
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
		...chosenTableProperties(show, 'As given in Video > Generate'),
		limitProperty({ show }),
	];
}
