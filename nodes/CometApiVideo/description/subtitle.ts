/** What stands below a node's name on the canvas. */
import { OFFERED_JOBS, VIDEO_PROVIDERS, modesFor, providersFor } from '../providers';
import { JOBS } from '../providers/jobs';
import { OFFERED_RESOURCES, operationsOf } from './operationFields';

/** An expression: "Kling · Image to Video" where there is a choice of modes, "Kling · Extend" where there is none, "Task · Wait" for the others. */
export function buildSubtitle(): string {
	const modes = Object.fromEntries(OFFERED_JOBS.map((job) => [keyOf(JOBS[job]), namesOfModes(job)]));
	const providers = Object.fromEntries(VIDEO_PROVIDERS.map(({ id, displayName }) => [id, displayName]));
	const operations = Object.fromEntries(
		OFFERED_RESOURCES.flatMap(({ name, value }) =>
			operationsOf(String(value)).map((operation) => [
				keyOf({ resource: String(value), operation: String(operation.value) }),
				[name, operation.name],
			]),
		),
	);
	const key = '$parameter["resource"] + " " + $parameter["operation"]';
	return `={{ ((key, modes, providers, operations) => [modes[key] ? providers[$parameter["provider"]] : (operations[key] || [])[0], ((modes[key] || {})[$parameter["provider"]] || {})[$parameter["mode"]] || (operations[key] || [])[1]].filter((part) => part).join(" · "))(${key}, ${JSON.stringify(modes)}, ${JSON.stringify(providers)}, ${JSON.stringify(operations)}) }}`;
}

function keyOf({ resource, operation }: { resource: string; operation: string }): string {
	return `${resource} ${operation}`;
}

/** By provider; only of those that have several. */
function namesOfModes(job: (typeof OFFERED_JOBS)[number]): Record<string, Record<string, string>> {
	const several = providersFor(job).filter((provider) => modesFor(provider, job).length > 1);
	return Object.fromEntries(
		several.map((provider) => [
			provider.id,
			Object.fromEntries(modesFor(provider, job).map(({ id, displayName }) => [id, displayName])),
		]),
	);
}
