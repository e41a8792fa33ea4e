/** What stands below a node's name on the canvas. */
import { OFFERED_JOBS, modesFor, providersFor } from '../providers';
import { JOBS } from '../providers/jobs';
import { OFFERED_RESOURCES, operationsOf } from './operationFields';

/**
 * An expression: "Kling · Image to Video" where there is a choice of modes, "Kling · Extend" where there is none, "Task · Wait"
 * for the other operations.
 */
export function buildSubtitle(): string {
	const operation = '$parameter["resource"] + " " + $parameter["operation"]';
	const provider = `${operation} + " " + $parameter["provider"]`;
	const who = JSON.stringify({ ...resourceNames(), ...providerNames() });
	const what = JSON.stringify({ ...operationNames(), ...modeNames() });
	return [
		`={{ (${who})[${provider}] || (${who})[${operation}] }}`,
		`{{ (${what})[${provider} + " " + $parameter["mode"]] || (${what})[${operation}] }}`,
	].join(' · ');
}

/** By operation; flat, as nested braces would end the expression. */
function resourceNames(): Record<string, string> {
	return Object.fromEntries(
		OFFERED_RESOURCES.flatMap(({ name, value: resource }) =>
			operationsOf(String(resource)).map(({ value }) => [`${String(resource)} ${String(value)}`, name]),
		),
	);
}

function operationNames(): Record<string, string> {
	return Object.fromEntries(
		OFFERED_RESOURCES.flatMap(({ value: resource }) =>
			operationsOf(String(resource)).map(({ name, value }) => [`${String(resource)} ${String(value)}`, name]),
		),
	);
}

function providerNames(): Record<string, string> {
	return Object.fromEntries(
		placesOf().map(({ key, provider }): [string, string] => [`${key} ${provider.id}`, provider.displayName]),
	);
}

/** Only where there is a choice. */
function modeNames(): Record<string, string> {
	const several = placesOf().filter(({ modes }) => modes.length > 1);
	return Object.fromEntries(
		several.flatMap(({ key, provider, modes }) =>
			modes.map(({ id, displayName }): [string, string] => [`${key} ${provider.id} ${id}`, displayName]),
		),
	);
}

function placesOf() {
	return OFFERED_JOBS.flatMap((job) => {
		const { resource, operation } = JOBS[job];
		return providersFor(job).map((provider) => ({
			key: `${resource} ${operation}`,
			provider,
			modes: modesFor(provider, job),
		}));
	});
}
