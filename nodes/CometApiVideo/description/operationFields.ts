/** Resources and their operations; the names are stored in workflows. */
import type { INodeProperties } from 'n8n-workflow';

export const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Account', value: 'account', description: 'The credit behind the API key' },
		{ name: 'Model', value: 'model', description: 'What CometAPI sells today, with prices' },
		{ name: 'Task', value: 'task', description: 'A video that was ordered before' },
		{ name: 'Video', value: 'video', description: 'A new video' },
	],
	default: 'video',
};

export const operationProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: [
			{
				name: 'Generate',
				value: 'generate',
				description: 'Create a video, and wait for it if you like',
				action: 'Generate a video',
			},
			{
				name: 'Join',
				value: 'join',
				description: 'Put clips one after the other in one file, without re-encoding',
				action: 'Join videos',
			},
		],
		default: 'generate',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['task'] } },
		options: [
			{
				name: 'Download',
				value: 'download',
				description: 'Fetch the video of a finished task',
				action: 'Download the video of a task',
			},
			{ name: 'Get', value: 'get', description: 'Read the state of a task once', action: 'Get a task' },
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List recorded tasks, or take those that are finished',
				action: 'Get many tasks',
			},
			{
				name: 'Wait',
				value: 'wait',
				description: 'Wait for a task that was created before',
				action: 'Wait for a task',
			},
		],
		default: 'get',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['model'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				description: 'List the video models that CometAPI sells, with prices',
				action: 'Get many models',
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [
			{
				name: 'Get Balance',
				value: 'getBalance',
				description: 'Read how much credit the API key has left',
				action: 'Get the balance of an account',
			},
		],
		default: 'getBalance',
	},
];
