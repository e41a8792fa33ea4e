/**
 * What the editor makes of a filled-in panel when resource, operation, provider, mode or model change: nothing may be left that
 * the new panel does not have. The rule is that of n8n 2.41 (read in its editor: `removeMismatchedOptionValues` and the resource locator).
 */
import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { NodeHelpers, deepCopy } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { OFFERED_JOBS, modesFor, providersFor } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';
import type { JobId } from '../../nodes/CometApiVideo/providers/jobs';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { DECIDING, NarrowedProperties } from './narrowedProperties';

const DESCRIPTION = new CometApiVideo().description;
const NODE = { typeVersion: 1 };
/** All that a change can leave wrong: choices, the model, and what holds choices. */
const PROPERTIES = DESCRIPTION.properties.filter(({ type }) =>
	['options', 'resourceLocator', 'collection'].includes(type),
);
const NARROWED = new NarrowedProperties(DESCRIPTION, PROPERTIES);

function read(parameters: INodeParameters, withDefaults: boolean): INodeParameters {
	return (
		NodeHelpers.getNodeParameters(NARROWED.of(parameters), parameters, withDefaults, false, NODE, DESCRIPTION) ?? {}
	);
}

function isShown(parameters: INodeParameters, property: INodeProperties): boolean {
	return NodeHelpers.displayParameter(parameters, property, NODE, DESCRIPTION);
}

function shownOf(parameters: INodeParameters): INodeProperties[] {
	return NARROWED.of(parameters).filter((property) => isShown(parameters, property));
}

function hasValue({ options = [] }: INodeProperties, value: unknown): boolean {
	return (options as INodePropertyOptions[]).some((option) => option.value === value);
}

/** The panel after a person has changed one field. */
function change(panel: INodeParameters, changed: string, value: INodeParameters[string]): INodeParameters {
	const stored = { ...deepCopy(read(panel, false)), [changed]: value };
	for (const property of PROPERTIES) {
		const { name, type, options, displayOptions: { show, hide } = {} } = property;
		if (!Object.hasOwn(stored, name) || !options || (show?.[changed] ?? hide?.[changed]) === undefined) continue;
		// The editor clears a collection whose condition changes.
		const isKept = type === 'options' && hasValue(property, stored[name]);
		if (!isKept && isShown(stored, property)) delete stored[name];
	}
	const after = read(stored, true);
	const isEmptied = DECIDING.some((name) => panel[name] !== after[name]);
	const { model } = after;
	if (!isEmptied || typeof model !== 'object' || !('value' in (model ?? {}))) return after;
	return change(after, 'model', { ...(model as INodeParameters), value: '', cachedResultName: '' });
}

/** Fields that the editor marks, or that hold what belongs elsewhere. */
function wrongFields(panel: INodeParameters, models = ['', 'recommended']): string[] {
	return shownOf(panel).flatMap((property) => {
		const { name, type } = property;
		const value = panel[name];
		if (type === 'options') return hasValue(property, value) ? [] : [name];
		if (type !== 'collection')
			return models.includes(String((value as INodeParameters | undefined)?.value)) ? [] : [name];
		return Object.entries(value as INodeParameters).flatMap(([entry, held]) => {
			const offered = (property.options as INodeProperties[]).filter(
				(option) => option.name === entry && NodeHelpers.displayParameter({}, option, NODE, DESCRIPTION, panel),
			);
			const isRight = offered.length === 1 && offered.every((one) => one.type !== 'options' || hasValue(one, held));
			return isRight ? [] : [`${name}.${entry}`];
		});
	});
}

function locator(value: string): INodeParameters {
	return { __rl: true, mode: 'list', value };
}

/** As far from the defaults as it goes: the last choice of every list, the last model unless another is named, all settings. */
function fillIn(job: JobId, provider: VideoProvider, mode: VideoMode, model = mode.models.at(-1)?.id): INodeParameters {
	const { resource, operation } = JOBS[job];
	const isChoice = modesFor(provider, job).length > 1;
	const chosen = { resource, operation, provider: provider.id, ...(isChoice ? { mode: mode.id } : {}) };
	let panel = read(chosen, true);
	if (model) panel = read({ ...panel, model: locator(model) }, true);
	for (const property of NARROWED.of(panel)) {
		const { name, type, options = [] } = property;
		if (DECIDING.includes(name) || !isShown(panel, property)) continue;
		if (type === 'options') panel = { ...panel, [name]: (options as INodePropertyOptions[]).at(-1)?.value ?? '' };
		if (name === 'providerSettings') panel = { ...panel, [name]: settings(property, panel) };
	}
	return panel;
}

function settings({ options = [] }: INodeProperties, panel: INodeParameters): INodeParameters {
	const offered = (options as INodeProperties[]).filter((option) =>
		NodeHelpers.displayParameter({}, option, NODE, DESCRIPTION, panel),
	);
	return Object.fromEntries(
		offered.map(({ name, type, options: choices = [], default: preset }) => [
			name,
			type === 'options' ? ((choices as INodePropertyOptions[]).at(-1)?.value ?? '') : (preset as string),
		]),
	);
}

const PLACES = OFFERED_JOBS.flatMap((job) =>
	providersFor(job).flatMap((provider) =>
		modesFor(provider, job).map((mode): [string, JobId, VideoProvider, VideoMode] => [
			`${job} ${provider.id} ${mode.id}`,
			job,
			provider,
			mode,
		]),
	),
);

test.each(PLACES)('%s: whatever is chosen next, no field is left wrong', (_name, job, provider, mode) => {
	const panel = fillIn(job, provider, mode);
	const wrong = shownOf(panel)
		.filter(({ name }) => DECIDING.includes(name))
		.flatMap(({ name, options = [] }) =>
			(options as INodePropertyOptions[])
				.filter(({ value }) => value !== panel[name])
				.flatMap(({ value }) =>
					wrongFields(change(panel, name, value)).map((field) => `${name} ${String(value)}: ${field}`),
				),
		);
	expect(wrong).toEqual([]);
});

test.each(PLACES.filter(([, , , { models }]) => models.length > 1))(
	'%s: whichever model is chosen next, no choice is left that it does not have',
	(_name, job, provider, { models, ...mode }) => {
		const ids = models.map(({ id }) => id);
		const wrong = ids.flatMap((from) => {
			const { providerSettings: _, options: __, ...panel } = fillIn(job, provider, { models, ...mode }, from);
			return [...ids, 'recommended', 'model-of-tomorrow']
				.filter((to) => to !== from)
				.flatMap((to) =>
					wrongFields(change(panel, 'model', locator(to)), [to]).map((field) => `${from} to ${to}: ${field}`),
				);
		});
		expect(wrong).toEqual([]);
	},
);
