/**
 * Parameters of the node as a workflow stores them, from what a test is about: `provider` and `mode` alone name the job, and
 * whatever stands under "Add Option" is given as `options`.
 */
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';

const COLLECTIONS = ['providerSettings', 'waitingOptions'];

/** The collections besides `options` in which the panel has an entry of this name. */
const COLLECTION_OF: ReadonlyMap<string, string> = new Map(
	new CometApiVideo().description.properties.flatMap(({ name, options = [] }) =>
		COLLECTIONS.includes(name)
			? (options as INodeProperties[]).map((entry): [string, string] => [entry.name, name])
			: [],
	),
);

/** Adds resource and operation where they are not given, and puts options into the collections that they belong to. */
export function withJob(parameters: INodeParameters): INodeParameters {
	return { ...jobOf(parameters), ...inCollections(parameters) };
}

function jobOf({ resource, operation, provider, mode }: INodeParameters): INodeParameters {
	if (resource !== undefined || operation !== undefined || typeof mode !== 'string') return {};
	const owner = VIDEO_PROVIDERS.find(({ id }) => id === (provider ?? 'seedance'));
	const found = owner?.modes.find(({ id }) => id === mode);
	return found ? { resource: JOBS[found.job].resource, operation: JOBS[found.job].operation } : {};
}

function inCollections(parameters: INodeParameters): INodeParameters {
	const { options } = parameters;
	if (typeof options !== 'object' || options === null) return parameters;
	const split: Record<string, IDataObject> = { options: {} };
	for (const [name, value] of Object.entries(options as IDataObject)) {
		const collection = COLLECTION_OF.get(name) ?? 'options';
		split[collection] = { ...(parameters[collection] as IDataObject), ...split[collection], [name]: value };
	}
	return { ...parameters, ...(split as INodeParameters) };
}
