/** The parameters that are the same for every provider: what to do, how long to wait, what to do with the file. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TABLE_NAME } from '../journal/dataTables';
import { MAX_POLL_INTERVAL_MS, USUAL_POLL_INTERVAL_MS } from '../wait/job';
import { EVERY_JOB } from './jobConditions';

export const DEFAULT_POLL_INTERVAL_SECONDS = USUAL_POLL_INTERVAL_MS / 1000;
const MIN_POLL_INTERVAL_SECONDS = 2;
export const DEFAULT_TIMEOUT_MINUTES = 20;
export const DEFAULT_MAX_TASKS_IN_FLIGHT = 5;
export const DEFAULT_MAX_FILE_MEGABYTES = 2000;
export const DEFAULT_BINARY_FIELD = 'data';

export const promptProperty: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. A paper boat sails down a rainy street, close-up, soft light',
	description: 'What you want to see or hear',
};

export const waitForCompletionProperty: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: true,
	description:
		'Whether to wait until the video is finished. If off, the item continues at once with the task ID; use Task > Wait later.',
	displayOptions: { show: EVERY_JOB },
};

export const dryRunProperty: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether to check everything and estimate the cost without creating anything. The rows have the status "notCreated" and estimatedCostUsd.',
	displayOptions: { show: EVERY_JOB },
};

/** True whether tasks are recorded or not. */
export const billingNotice: INodeProperties = {
	displayName: `You are billed for every video that was created, even after Stop. Recorded tasks are in the Data Table "${DEFAULT_TABLE_NAME}", unless you chose another one; Task > Wait picks them up.`,
	name: 'billingNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { ...EVERY_JOB, waitForCompletion: [true] } },
};

/** Where a finished video can be fetched along. */
const CAN_DOWNLOAD = [
	{ ...EVERY_JOB, waitForCompletion: [true] },
	{ resource: ['task'], operation: ['wait'] },
];

const DOWNLOAD_VIDEO = "Whether to fetch the finished video as a file. CometAPI's links expire.";

/** On for people, off for AI agents, which cannot use a file and would be handed its bytes. */
export const downloadVideoProperties = CAN_DOWNLOAD.flatMap((show): INodeProperties[] => [
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: true,
		description: DOWNLOAD_VIDEO,
		displayOptions: { show, hide: { '@tool': [true] } },
	},
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: false,
		description: DOWNLOAD_VIDEO,
		displayOptions: { show: { ...show, '@tool': [true] } },
	},
]);

export const OPTIONS = { displayName: 'Options', name: 'options' };

/** The rare settings. Each call makes new objects: n8n changes descriptions in place. */
export function waitOptions(): INodeProperties[] {
	return [
		{
			displayName: 'On Failure',
			name: 'onFailure',
			type: 'options',
			options: [
				{
					name: 'Throw an Error',
					value: 'error',
					description: 'The item fails; On Error in the settings decides what happens',
				},
				{
					name: 'Return the Task',
					value: 'return',
					description: 'The item continues with status "failed" and failureReason',
				},
			],
			default: 'error',
			description: 'What to do when the task has failed at CometAPI',
		},
		{
			displayName: 'On Timeout',
			name: 'onTimeout',
			type: 'options',
			options: [
				{
					name: 'Throw an Error',
					value: 'error',
					description: 'The item fails; On Error in the settings decides what happens',
				},
				{ name: 'Return the Task', value: 'return', description: 'The item continues with timedOut set' },
			],
			default: 'error',
			description: 'What to do when the video is not finished in time. The task goes on at CometAPI either way.',
		},
		{
			displayName: 'Check Every (Seconds)',
			name: 'pollInterval',
			type: 'number',
			typeOptions: { minValue: MIN_POLL_INTERVAL_SECONDS },
			default: DEFAULT_POLL_INTERVAL_SECONDS,
			description: `Time between two looks at a task at first. Later the node looks when the video is likely to be ready, and at least every ${MAX_POLL_INTERVAL_MS / 1000} seconds.`,
		},
		{
			displayName: 'Timeout (Minutes)',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 0.1, numberPrecision: 1 },
			default: DEFAULT_TIMEOUT_MINUTES,
			description: 'How long to wait for each task',
		},
		{
			displayName: 'While Waiting',
			name: 'whileWaiting',
			type: 'options',
			options: [
				{
					name: 'Keep the Workflow Running',
					value: 'awake',
					description: 'A video is handed on a few seconds after its end, at most 30',
				},
				{
					name: 'Sleep After Two Minutes',
					value: 'sleep',
					description:
						"The execution waits in n8n's database: it does not count as running, and survives a restart of n8n. A video is handed on about a minute after its end, after a long wait up to 15 minutes.",
				},
			],
			default: 'awake',
			description: 'What the execution does as long as the tasks run. Sleeping needs n8n 2.0 or newer.',
		},
	];
}

/** Written by the node itself, into the sub-workflow in which it sleeps. */
export const sleepStepProperty: INodeProperties = {
	displayName: 'Sleep Step',
	name: 'sleepStep',
	type: 'hidden',
	default: '',
	displayOptions: { show: { resource: ['task'], operation: ['wait'] } },
};

export function downloadOptions(): INodeProperties[] {
	return [
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. campaign-42.mp4',
			description: 'Name of the downloaded file; the first words of the prompt if empty',
		},
		{
			displayName: 'Maximum File Size (MB)',
			name: 'maxFileSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_MAX_FILE_MEGABYTES,
			description: 'A larger video is not downloaded',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryField',
			type: 'string',
			default: DEFAULT_BINARY_FIELD,
			hint: 'The name of the output binary field to put the file in',
			description: 'Name of the output field for the downloaded video',
		},
	];
}

export function requestOptions(): INodeProperties[] {
	return [
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: false,
			description:
				"Whether to keep the input item's own fields in the output. Of two fields with one name, the output's is kept.",
		},
		{
			displayName: 'Request Timeout (Seconds)',
			name: 'requestTimeout',
			type: 'number',
			// Longer ones would be over at once: timers count milliseconds in 31 bits.
			typeOptions: { minValue: 1, maxValue: 3600 },
			default: 60,
			description:
				'How long CometAPI may take to answer a request. Without it: 300 to create a task, 30 to read one, 60 without data in a download.',
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
	];
}

export function generateOptions(): INodeProperties[] {
	return [
		{
			displayName: 'Extra Body Fields',
			name: 'extraBodyFields',
			type: 'json',
			default: '{}',
			placeholder: 'e.g. { "seed": 7 }',
			description: 'JSON object that is added to the request unchecked, and overrides the fields above',
		},
		{
			displayName: 'Max Estimated Cost (USD)',
			name: 'maxEstimatedCost',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 5,
			description:
				'Nothing is created if the videos of all items would cost more, by the prices that CometAPI publishes; see also If the Price Is Unknown',
		},
		{
			displayName: 'If the Price Is Unknown',
			name: 'ifPriceUnknown',
			type: 'options',
			options: [
				{
					name: 'Stop',
					value: 'stop',
					description: 'Nothing is created when the price list cannot be read, or has no price for a video',
				},
				{
					name: 'Continue',
					value: 'continue',
					description: 'Such videos are created, and do not count for Max Estimated Cost',
				},
			],
			default: 'stop',
			description: 'What to do when Max Estimated Cost cannot be checked',
		},
	];
}

export function inFlightOption(): INodeProperties {
	return {
		displayName: 'Videos at the Same Time',
		name: 'maxTasksInFlight',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 200, numberPrecision: 0 },
		default: DEFAULT_MAX_TASKS_IN_FLIGHT,
		description: 'How many videos of a run are created at the same time; further items follow as they finish',
	};
}

/** All options whose values are checked by the limits that are shown here. */
export function sharedOptions(): INodeProperties[] {
	return [...waitOptions(), ...downloadOptions(), ...requestOptions(), ...generateOptions(), inFlightOption()];
}
