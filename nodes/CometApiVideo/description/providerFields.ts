/**
 * The fields of each provider, made from the registry. What is shown for which model comes from the descriptors' `models`
 * lists alone; display conditions are written nowhere by hand.
 */
import type { INodeProperties } from 'n8n-workflow';
import { modesFor } from '../providers';
import type { JobId } from '../providers/jobs';
import type { VideoField, VideoMode, VideoProvider } from '../providers/types';
import { onlyWhileUnset, rooted, showJobs, valuesOfFields, whileUnset } from './jobConditions';
import type { DisplayConditions, ShowConditions } from './jobConditions';
import { mediaProperties } from './mediaFields';
import { promptProperty } from './sharedFields';
import { optionCollection } from './optionCollection';

/** What only some models take, or is shown with some values of another field; absent = always. */
type ModelPart = Pick<VideoField, 'models' | 'when'>;

/** What a provider has for one job: a part of the panel. */
export interface Place {
	provider: VideoProvider;
	job: JobId;
	/** When it is there at all. */
	show: ShowConditions;
	/** All ways in which the provider does the job. */
	modes: readonly VideoMode[];
	/** In the order of the panel, each with the ways that have it. */
	fields: ReadonlyArray<{ field: VideoField; modes: readonly VideoMode[] }>;
}

export function placeOf(provider: VideoProvider, job: JobId): Place {
	const modes = modesFor(provider, job);
	const show = { ...showJobs([job]), provider: [provider.id] };
	return { provider, job, show, modes, fields: fieldsOf(modes) };
}

export function providerProperties(place: Place): INodeProperties[] {
	const properties = [
		...modeProperties(place),
		...modelProperties(place),
		...promptProperties(place),
		...place.modes.flatMap((mode) =>
			mode.media.flatMap((slot) => mediaProperties(slot, conditionsFor(place, [mode], slot))),
		),
		...place.fields.flatMap(({ field, modes }) =>
			field.placement === 'panel' ? [fieldProperty(field, conditionsFor(place, modes, field))] : [],
		),
		...settingsProperties(place),
	];
	const values = valuesOfFields(place.job, place.provider);
	return properties.flatMap((property): INodeProperties[] => {
		const { type, displayOptions = {} } = property;
		if (!['options', 'collection'].includes(type)) return [property];
		if (!displayOptions.show?.model) return [{ ...property, displayOptions: whileUnset(displayOptions, values) }];
		// n8n shows all that depends on a model which is an expression, whatever else hides it: so the rest has to be asked before.
		const { model } = displayOptions.show;
		const others = [...idsOf(place.modes), RECOMMENDED_MODEL, ''].filter((id) => !model.includes(id));
		return [property, { ...property, displayOptions: onlyWhileUnset(displayOptions, values, others) }];
	});
}

function idsOf(modes: readonly VideoMode[]): string[] {
	return [...new Set(modes.flatMap(({ models }) => models.map(({ id }) => id)))];
}

/** Only where there is a choice. */
function modeProperties(place: Place): INodeProperties[] {
	const { modes } = place;
	if (modes.length < 2) return [];
	const preset = modes[0]?.id;
	return [
		{
			displayName: 'Mode',
			name: 'mode',
			type: 'options',
			noDataExpression: true,
			options: modes.map(({ displayName, id, description }) => ({ name: displayName, value: id, description })),
			default: preset,
			description: 'How to do it',
			displayOptions: { show: showModes(place, modes) },
		},
	];
}

/** Means the first model of the mode, whatever the provider: valid everywhere, so no change of another field makes it wrong. */
export const RECOMMENDED_MODEL = 'recommended';
export const RECOMMENDED_NAME = 'Recommended';

function modelProperties(place: Place): INodeProperties[] {
	const typed = place.modes.filter(({ takesAnyModel }) => takesAnyModel);
	const listed = place.modes.filter(({ models, takesAnyModel }) => models.length > 0 && !takesAnyModel);
	return [
		...(typed.length > 0 ? [modelProperty(place, typed, { mode: 'id', value: '' }, true)] : []),
		...(listed.length > 0
			? [
					modelProperty(
						place,
						listed,
						{ mode: 'list', value: RECOMMENDED_MODEL, cachedResultName: RECOMMENDED_NAME },
						false,
					),
				]
			: []),
	];
}

function modelProperty(
	place: Place,
	modes: readonly VideoMode[],
	preset: { mode: string; value: string; cachedResultName?: string },
	required: boolean,
): INodeProperties {
	const example = modes[0]?.models[0]?.id ?? 'wan3.0';
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		// Has the editor empty the field when one of these changes: otherwise the model of another provider stays there.
		typeOptions: { loadOptionsDependsOn: ['resource', 'operation', 'provider', 'mode'] },
		default: preset,
		...(required ? { required } : {}),
		description: required
			? 'ID of the model'
			: 'Model to use. Recommended, and an empty field, mean the one that the list names first.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				...(required ? {} : { placeholder: RECOMMENDED_NAME }),
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${example}${required ? '' : '; recommended if empty'}`,
			},
		],
		displayOptions: { show: showModes(place, modes) },
	};
}

function promptProperties(place: Place): INodeProperties[] {
	return (['required', 'optional'] as const).flatMap((kind) => {
		const modes = place.modes.filter(({ prompt }) => prompt === kind);
		if (modes.length === 0) return [];
		const show = showModes(place, modes);
		return [{ ...promptProperty, required: kind === 'required', displayOptions: { show } }];
	});
}

/** What only a few need, under the provider's name; not there where the model has none of it. */
function settingsProperties(place: Place): INodeProperties[] {
	const rare = place.fields.filter(({ field }) => field.placement === 'options');
	const fieldsIn = (mode: VideoMode) => rare.filter(({ modes }) => modes.includes(mode)).map(({ field }) => field);
	const takers = place.modes.filter((mode) => fieldsIn(mode).length > 0);
	const always = takers.filter((mode) => fieldsIn(mode).some(({ models }) => !models));
	const head = {
		displayName: `${place.provider.displayName.replace(/ \(.+\)$/, '')} Settings`,
		name: 'providerSettings',
		entry: 'Setting',
	};
	const collection = (modes: readonly VideoMode[], displayOptions: DisplayConditions): INodeProperties =>
		optionCollection(
			head,
			displayOptions,
			rare
				.filter((one) => one.modes.some((mode) => modes.includes(mode)))
				.map((one) => fieldProperty(one.field, insideSettings(conditionsFor(place, one.modes, one.field)))),
		);
	return [
		...(always.length > 0 ? [collection(always, { show: showModes(place, always) })] : []),
		...takers
			.filter((mode) => !always.includes(mode))
			.map((mode) => {
				const models = fieldsIn(mode).flatMap((field) => field.models ?? []);
				return collection([mode], conditionsFor(place, [mode], { models }));
			}),
	];
}

/** Fields of single providers that stand among the options of all. */
export function sharedOptionsOf(place: Place): INodeProperties[] {
	return place.fields.flatMap(({ field, modes }) => {
		if (field.placement !== 'sharedOptions') return [];
		const { show = {}, hide } = conditionsFor(place, modes, field);
		return [fieldProperty(field, { show: rooted(show), ...(hide ? { hide: rooted(hide) } : {}) })];
	});
}

/** Names in a collection are relative to it; what decides about the whole collection need not be said again. */
function insideSettings({ show = {}, hide }: DisplayConditions): DisplayConditions | undefined {
	const own = rooted(
		Object.fromEntries(Object.entries(show).filter(([name]) => !['resource', 'operation', 'provider'].includes(name))),
	);
	const isAlways = Object.keys(own).length === 0 && !hide;
	return isAlways ? undefined : { show: own, ...(hide ? { hide: rooted(hide) } : {}) };
}

/** A field that several modes list is one parameter, or two where an unknown model has it in some of them only. */
function fieldsOf(modes: readonly VideoMode[]): Place['fields'] {
	return inOrderOfModes(modes).flatMap((field) => {
		const takers = modes.filter((mode) => takesField(mode, field));
		return [true, false]
			.map((isTaken) => takers.filter((mode) => isTakenByFirst(mode, field) === isTaken))
			.filter(({ length }) => length > 0)
			.map((alike) => ({ field, modes: alike }));
	});
}

/** All fields, each after those that stand before it in the list of any mode. */
function inOrderOfModes(modes: readonly VideoMode[]): VideoField[] {
	const left = new Set(modes.flatMap(({ fields }) => fields));
	const isNext = (field: VideoField) =>
		modes.every(({ fields }) => {
			const place = fields.indexOf(field);
			return !fields.some((earlier, index) => index < place && left.has(earlier));
		});
	const ordered: VideoField[] = [];
	for (;;) {
		const [first] = left;
		if (!first) return ordered;
		const next = [...left].find(isNext) ?? first;
		left.delete(next);
		ordered.push(next);
	}
}

function fieldProperty({ property, required, when }: VideoField, displayOptions?: DisplayConditions): INodeProperties {
	return {
		...property,
		// n8n takes a field as shown, and refuses to start while it is empty, where the field that it depends on has an expression.
		...(required && !when ? { required } : {}),
		...(displayOptions ? { displayOptions } : {}),
	};
}

function takesField({ models, fields }: VideoMode, field: VideoField): boolean {
	if (!fields.includes(field)) return false;
	return !field.models || models.length === 0 || models.some(({ id }) => field.models?.includes(id));
}

function isTakenByFirst({ models: [first] }: VideoMode, { models }: ModelPart): boolean {
	return !models || (first !== undefined && models.includes(first.id));
}

/** With these modes of the place. Where there is no choice, a mode that is left over from elsewhere does not count. */
function showModes({ show, modes: all }: Place, modes: readonly VideoMode[]): ShowConditions {
	return modes.length < all.length ? { ...show, mode: modes.map(({ id }) => id) } : { ...show };
}

/**
 * When a field is shown: for its models, and for unknown ones and Recommended too where the mode's first model takes it (the
 * same rule as `appliesTo` of the checks).
 */
function conditionsFor(place: Place, modes: readonly VideoMode[], part: ModelPart): DisplayConditions {
	const show: ShowConditions = showModes(place, modes);
	if (part.when) show[part.when.field] = [...part.when.is];
	const { models } = part;
	if (!models) return { show };
	if (!modes.some((mode) => isTakenByFirst(mode, part))) return { show: { ...show, model: [...models] } };
	const others = idsOf(modes).filter((id) => !models.includes(id));
	return others.length === 0 ? { show } : { show, hide: { model: others } };
}
