/** The parameters of the Task operations that work on one task: which one, and their options. */
import type { INodeProperties } from 'n8n-workflow';
import type { ShowConditions } from './jobConditions';
import { providerChoices } from './listFields';
import { optionCollection } from './optionCollection';
import { OPTIONS, downloadOptions, requestOptions } from './sharedFields';

/** When a Task operation works on a task that is named: always for Download, for the others unless they use recorded tasks. */
const ONE_TASK: readonly ShowConditions[] = [
	{ resource: ['task'], operation: ['download'] },
	{ resource: ['task'], operation: ['get', 'wait'], useRecordedTasks: [false] },
];

export const taskProperties: INodeProperties[] = ONE_TASK.map((show) => ({
	...taskIdField(),
	displayOptions: { show },
}));

/** Each call makes new objects: n8n changes descriptions in place. */
export function taskIdField(): INodeProperties {
	return {
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. task_4bWq7…',
		description: 'ID that "Video > Generate" gave, in its field taskId',
	};
}

export const DETECT_PROVIDER = 'detect';

export function taskProviderProperties(): INodeProperties[] {
	return ONE_TASK.map((show) => ({
		displayName: 'Provider',
		name: 'taskProvider',
		type: 'options',
		options: [
			{ name: 'Detect', value: DETECT_PROVIDER, description: 'From the input item or from the answer of CometAPI' },
			...providerChoices(),
		],
		default: DETECT_PROVIDER,
		description: 'Family of models that the task was created with',
		displayOptions: { show },
	}));
}

/** Inside a collection: the rows of recorded tasks name their routes themselves. */
const ONE_NAMED_TASK = { show: { '/useRecordedTasks': [false] } };

/** In the order of the panel; an operation that has the same options as another is named beside it. */
export function taskOptionsProperties(): INodeProperties[] {
	const collection = (operations: string[], options: INodeProperties[]) =>
		optionCollection(OPTIONS, { show: { resource: ['task'], operation: operations } }, options);
	return [
		collection(['wait'], [...downloadOptions(), ...requestOptions(), routeOption(ONE_NAMED_TASK)]),
		collection(['download'], [...downloadOptions(), ...requestOptions(), routeOption()]),
		collection(['getAll'], requestOptions()),
		collection(['get'], [...requestOptions(), routeOption(ONE_NAMED_TASK)]),
	];
}

/**
 * Where to look for a task whose item does not say it.
 * @param displayOptions absent: always
 */
export function routeOption(displayOptions?: INodeProperties['displayOptions']): INodeProperties {
	return {
		displayName: 'Route',
		name: 'route',
		type: 'string',
		default: '',
		placeholder: 'e.g. /kling/v1/videos/text2video',
		description:
			'The output field "route" of the node that created the task. Without it, all routes of the provider are tried.',
		...(displayOptions ? { displayOptions } : {}),
	};
}
