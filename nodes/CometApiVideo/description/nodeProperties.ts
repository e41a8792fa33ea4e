/** The whole panel, in order: the job, the provider's fields for it, then what is the same for all. */
import type { INodeProperties } from 'n8n-workflow';
import { OFFERED_JOBS, defaultProviderFor, providersFor } from '../providers';
import type { JobId } from '../providers/jobs';
import { recordTasksProperties, recordedTasksProperties } from './dataTableFields';
import { EVERY_JOB, showJobs, whileUnset } from './jobConditions';
import type { ShowConditions } from './jobConditions';
import { providerChoices } from './listFields';
import { modelListProperties } from './modelListFields';
import { JOIN, joinOptions, joinProperties } from './joinFields';
import { operationProperties, resourceProperty } from './operationFields';
import { providerProperties, sharedOptionsOf } from './providerFields';
import {
	ONE_TASK,
	billingNotice,
	downloadOptions,
	downloadVideoProperties,
	dryRunProperty,
	generateOptions,
	inFlightOption,
	requestOptions,
	routeOption,
	sleepStepProperty,
	taskProperties,
	waitForCompletionProperty,
	waitOptions,
} from './sharedFields';
import { sortByName } from './sortByName';
import { taskListProperties } from './taskListFields';

/** Inside a collection: the rows of recorded tasks name their routes themselves. */
const ONE_NAMED_TASK = { show: { '/useRecordedTasks': [false] } };

/**
 * Without it n8n puts the credentials above the last field that decides which ones are needed, far down in the panel.
 * Holds no value.
 */
const credentialsPlace: INodeProperties = {
	displayName: 'Credentials',
	name: 'credentials',
	type: 'credentials',
	default: '',
};

export function buildNodeProperties(): INodeProperties[] {
	return [
		credentialsPlace,
		resourceProperty,
		...operationProperties,
		...OFFERED_JOBS.flatMap((job) => [
			providerProperty(job),
			...providersFor(job).flatMap((provider) => providerProperties(provider, job)),
		]),
		...joinProperties,
		dryRunProperty,
		waitForCompletionProperty,
		billingNotice,
		...recordTasksProperties(),
		...recordedTasksProperties(),
		...taskProperties,
		sleepStepProperty,
		...taskProviderProperties(),
		...downloadVideoProperties,
		...taskListProperties(),
		...modelListProperties,
		...waitingOptionsProperties(),
		...optionsProperties(),
	];
}

function providerProperty(job: JobId): INodeProperties {
	const preset = defaultProviderFor(job).id;
	return {
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		noDataExpression: true,
		options: providersFor(job).map(({ id, displayName, description }) => ({
			name: displayName,
			value: id,
			description,
		})),
		default: preset,
		description: 'Family of models to use',
		displayOptions: whileUnset({ show: showJobs([job]) }, job),
	};
}

export const DETECT_PROVIDER = 'detect';

function taskProviderProperties(): INodeProperties[] {
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

function waitingOptionsProperties(): INodeProperties[] {
	const collection = (show: ShowConditions, options: INodeProperties[]): INodeProperties => ({
		displayName: 'Waiting Options',
		name: 'waitingOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: sortByName(options),
		displayOptions: { show },
	});
	return [
		collection({ ...EVERY_JOB, waitForCompletion: [true] }, [...waitOptions(), inFlightOption()]),
		collection({ resource: ['task'], operation: ['wait'] }, waitOptions()),
	];
}

function optionsProperties(): INodeProperties[] {
	const collection = (show: ShowConditions, options: INodeProperties[]): INodeProperties => ({
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: sortByName(options),
		displayOptions: { show },
	});
	return [
		collection(EVERY_JOB, [
			...generateOptions(),
			...downloadOptions(),
			...requestOptions(),
			...OFFERED_JOBS.flatMap((job) => providersFor(job).flatMap((provider) => sharedOptionsOf(provider, job))),
		]),
		collection(JOIN, joinOptions()),
		collection({ resource: ['task'], operation: ['wait'] }, [
			...downloadOptions(),
			...requestOptions(),
			routeOption(ONE_NAMED_TASK),
		]),
		collection({ resource: ['task'], operation: ['download'] }, [
			...downloadOptions(),
			...requestOptions(),
			routeOption(),
		]),
		collection({ resource: ['task'], operation: ['getAll'] }, requestOptions()),
		collection({ resource: ['task'], operation: ['get'] }, [...requestOptions(), routeOption(ONE_NAMED_TASK)]),
	];
}
