/** The whole panel, in order: the job, the provider's fields for it, then what is the same for all. */
import type { INodeProperties } from 'n8n-workflow';
import { OFFERED_JOBS, defaultProviderFor, providersFor } from '../providers';
import type { JobId } from '../providers/jobs';
import { recordTasksProperties, recordedTasksProperties } from './dataTableFields';
import { EVERY_JOB, showJobs, valuesOfFields, whileUnset } from './jobConditions';
import { modelListProperties } from './modelListFields';
import { JOIN, joinOptions, joinProperties } from './joinFields';
import { optionCollection } from './optionCollection';
import { operationProperties, resourceProperty } from './operationFields';
import { placeOf, providerProperties, sharedOptionsOf } from './providerFields';
import type { Place } from './providerFields';
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
	const panels = OFFERED_JOBS.map((job) => ({
		job,
		places: providersFor(job).map((provider) => placeOf(provider, job)),
	}));
	return [
		credentialsPlace,
		resourceProperty,
		...operationProperties,
		...panels.flatMap(({ job, places }) => [providerProperty(job), ...places.flatMap(providerProperties)]),
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
		...optionsProperties(panels.flatMap(({ places }) => places)),
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
		displayOptions: whileUnset({ show: showJobs([job]) }, valuesOfFields(job)),
	};
}

function waitingOptionsProperties(): INodeProperties[] {
	const head = { displayName: 'Waiting Options', name: 'waitingOptions' };
	return [
		optionCollection(head, { show: { ...EVERY_JOB, waitForCompletion: [true] } }, [...waitOptions(), inFlightOption()]),
		optionCollection(head, { show: { resource: ['task'], operation: ['wait'] } }, waitOptions()),
	];
}

function optionsProperties(places: readonly Place[]): INodeProperties[] {
	return [
		optionCollection(OPTIONS, { show: EVERY_JOB }, [
			...generateOptions(),
			...downloadOptions(),
			...requestOptions(),
			...places.flatMap(sharedOptionsOf),
		]),
		optionCollection(OPTIONS, { show: JOIN }, joinOptions()),
		...taskOptionsProperties(),
	];
}
