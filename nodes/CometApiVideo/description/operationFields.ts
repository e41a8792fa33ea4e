/** Resources and their operations, the job first; the names are stored in workflows. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { OFFERED_JOBS } from '../providers';
import { JOBS } from '../providers/jobs';

export const DEFAULT_RESOURCE = 'video';

const RESOURCES: readonly INodePropertyOptions[] = [
	{ name: 'Video', value: 'video', description: 'Create, change or join videos' },
	{ name: 'Audio', value: 'audio', description: 'Create speech or sound' },
	{ name: 'Image', value: 'image', description: 'Create a picture, or find out what is in one' },
	{ name: 'Task', value: 'task', description: 'Jobs at CometAPI that were created before' },
	{ name: 'Model', value: 'model', description: 'What CometAPI sells today, with prices' },
	{ name: 'Account', value: 'account', description: 'Credit of the API key, and a check of the connection' },
];

/** Those that create nothing at CometAPI. */
const OTHER_OPERATIONS: Readonly<Record<string, readonly INodePropertyOptions[]>> = {
	video: [
		{
			name: 'Join',
			value: 'join',
			description: 'Put clips one after the other in one file, without re-encoding',
			action: 'Join videos',
		},
	],
	task: [
		{ name: 'Get', value: 'get', description: 'See how far a task is, without waiting', action: 'Get a task' },
		{
			name: 'Get Many',
			value: 'getAll',
			description: 'List recorded tasks or those of the account, or take those that are finished',
			action: 'Get many tasks',
		},
		{
			name: 'Wait',
			value: 'wait',
			description: 'Wait for a task that was created before',
			action: 'Wait for a task',
		},
		{
			name: 'Download',
			value: 'download',
			description: 'Fetch the video of a finished task',
			action: 'Download the video of a task',
		},
	],
	model: [
		{
			name: 'Get Many',
			value: 'getAll',
			description: 'List the video models that CometAPI sells, with prices',
			action: 'Get many models',
		},
	],
	account: [
		{
			name: 'Get Balance',
			value: 'getBalance',
			description: 'Read how much credit the API key has left',
			action: 'Get the balance of an account',
		},
		{
			name: 'Check',
			value: 'check',
			description: 'See whether CometAPI answers as this node expects, free of charge',
			action: 'Check the connection to CometAPI',
		},
	],
};

/** By resource. */
const OPERATIONS = Object.fromEntries(
	RESOURCES.map(({ value: resource }): [string, readonly INodePropertyOptions[]] => {
		const jobs = OFFERED_JOBS.map((job) => JOBS[job]).filter((job) => job.resource === resource);
		const creating = jobs.map(({ displayName, operation, description, action }) => ({
			name: displayName,
			value: operation,
			description,
			action,
		}));
		return [String(resource), [...creating, ...(OTHER_OPERATIONS[String(resource)] ?? [])]];
	}),
);

/** In the order of lists and of n8n's node picker. */
export function operationsOf(resource: string): readonly INodePropertyOptions[] {
	return OPERATIONS[resource] ?? [];
}

/** With something to do. */
export const OFFERED_RESOURCES = RESOURCES.filter(({ value }) => operationsOf(String(value)).length > 0);

export const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [...OFFERED_RESOURCES],
	default: DEFAULT_RESOURCE,
};

export const operationProperties: INodeProperties[] = OFFERED_RESOURCES.map(({ value: resource }) => {
	const options = operationsOf(String(resource));
	const preset = options[0]?.value;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [...options],
		default: preset,
	};
});
