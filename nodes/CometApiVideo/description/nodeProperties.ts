/** The whole panel, in order: the job, the provider's fields for it, then what is the same for all. */
import type { INodeProperties } from 'n8n-workflow';
import { OFFERED_JOBS, defaultProviderFor, providersFor } from '../providers';
import type { JobId } from '../providers/jobs';
import { recordTasksProperties, recordedTasksProperties } from './dataTableFields';
import { EVERY_JOB, showJobs, whileUnset } from './jobConditions';
import { modelListProperties } from './modelListFields';
import { JOIN, joinOptions, joinProperties } from './joinFields';
import { optionCollection } from './optionCollection';
import { operationProperties, resourceProperty } from './operationFields';
import { providerProperties, sharedOptionsOf } from './providerFields';
import {
	OPTIONS,
	billingNotice,
	downloadOptions,
	downloadVideoProperties,
	dryRunProperty,
	generateOptions,
	inFlightOption,
	requestOptions,
	sleepStepProperty,
	waitForCompletionProperty,
	waitOptions,
} from './sharedFields';
import { taskOptionsProperties, taskProperties, taskProviderProperties } from './taskFields';
import { taskListProperties } from './taskListFields';

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

function waitingOptionsProperties(): INodeProperties[] {
	const head = { displayName: 'Waiting Options', name: 'waitingOptions' };
	return [
		optionCollection(head, { show: { ...EVERY_JOB, waitForCompletion: [true] } }, [...waitOptions(), inFlightOption()]),
		optionCollection(head, { show: { resource: ['task'], operation: ['wait'] } }, waitOptions()),
	];
}

function optionsProperties(): INodeProperties[] {
	return [
		optionCollection(OPTIONS, { show: EVERY_JOB }, [
			...generateOptions(),
			...downloadOptions(),
			...requestOptions(),
			...OFFERED_JOBS.flatMap((job) => providersFor(job).flatMap((provider) => sharedOptionsOf(provider, job))),
		]),
		optionCollection(OPTIONS, { show: JOIN }, joinOptions()),
		...taskOptionsProperties(),
	];
}
