/** When a parameter is shown: with which operations. */
import type { INodeProperties } from 'n8n-workflow';
import { OFFERED_JOBS, VIDEO_PROVIDERS, defaultProviderFor, modesFor } from '../providers';
import { JOBS } from '../providers/jobs';
import type { JobId } from '../providers/jobs';
import type { VideoProvider } from '../providers/types';
import { DEFAULT_RESOURCE, OFFERED_RESOURCES, operationsOf } from './operationFields';

export type DisplayConditions = NonNullable<INodeProperties['displayOptions']>;
export type ShowConditions = NonNullable<DisplayConditions['show']>;

/** With these jobs; operations of one name under several resources are meant together. */
export function showJobs(jobs: readonly JobId[]): { resource: string[]; operation: string[] } {
	return {
		resource: [...new Set(jobs.map((job) => JOBS[job].resource))],
		operation: [...new Set(jobs.map((job) => JOBS[job].operation))],
	};
}

/** With every operation that creates something at CometAPI. */
export const EVERY_JOB = showJobs(OFFERED_JOBS);

const operationNames = (resource: string) => operationsOf(resource).map(({ value }) => String(value));
const RESOURCE_NAMES = OFFERED_RESOURCES.map(({ value }) => String(value));
const OPERATION_NAMES = RESOURCE_NAMES.flatMap(operationNames);
const PROVIDER_IDS = VIDEO_PROVIDERS.map(({ id }) => id);

/** Of each field that decides what is shown, all values, the default first. */
export type ValuesOfFields = Readonly<Record<string, readonly string[]>>;

/** @param provider absent: of the list of providers itself */
export function valuesOfFields(job: JobId, provider?: VideoProvider): ValuesOfFields {
	const unique = (values: readonly string[]) => [...new Set(values)];
	return {
		resource: unique([DEFAULT_RESOURCE, ...RESOURCE_NAMES]),
		operation: unique([...operationNames(JOBS[job].resource), ...OPERATION_NAMES]),
		provider: unique([defaultProviderFor(job).id, ...PROVIDER_IDS]),
		mode: provider ? modesFor(provider, job).map(({ id }) => id) : [],
	};
}

/**
 * The same conditions in the form that a list of choices needs. When another field changes, n8n's editor resets choices that a
 * list does not have, but it looks at the fields without their defaults: what is shown with a default must also be shown while
 * that field has no value, so it names what hides it.
 */
export function whileUnset({ show = {}, hide }: DisplayConditions, values: ValuesOfFields): DisplayConditions {
	const shown: ShowConditions = {};
	const hidden: NonNullable<DisplayConditions['hide']> = { ...hide };
	for (const [name, allowed = []] of Object.entries(show)) {
		const [preset, ...others] = values[name] ?? [];
		if (preset === undefined || !allowed.includes(preset)) shown[name] = allowed;
		else hidden[name] = others.filter((value) => !allowed.includes(value));
	}
	return { show: shown, hide: hidden };
}

/**
 * For the editor alone, of a list under Video that is there for some models: never shown, as a panel always has a resource. While
 * that is unset, it is what the editor goes by when another model is chosen, and only then: hence the names from the root on.
 * @param others models that are not meant
 */
export function onlyWhileUnset(
	{ show: { model: _, ...show } = {}, hide }: DisplayConditions,
	values: ValuesOfFields,
	others: readonly string[],
): DisplayConditions {
	const { show: shown = {}, hide: { resource = [], ...hidden } = {} } = whileUnset({ show, hide }, values);
	return {
		show: rooted(shown),
		hide: { ...rooted({ ...hidden, resource: [...resource, DEFAULT_RESOURCE] }), model: [...others] },
	};
}

/** The same conditions on parameters of the node, wherever they stand. */
export function rooted(conditions: ShowConditions): ShowConditions {
	return Object.fromEntries(Object.entries(conditions).map(([name, values]) => [`/${name}`, values]));
}
