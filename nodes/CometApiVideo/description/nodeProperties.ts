/**
 * The whole panel, in order, made from the registry. What is shown for which model comes from the descriptors' `models`
 * lists alone; display conditions are written nowhere by hand.
 */
import type { INodeProperties } from 'n8n-workflow';
import type { MediaSlot, VideoField, VideoMode, VideoProvider } from '../providers/types';
import { recordTasksProperties, recordedTasksProperties } from './dataTableFields';
import { taskListProperties } from './taskListFields';
import { JOIN, joinOptions, joinProperties } from './joinFields';
import { mediaProperties } from './mediaFields';
import { operationProperties, resourceProperty } from './operationFields';
import {
	ONE_TASK,
	downloadOptions,
	downloadVideoProperties,
	generateOptions,
	modelListProperties,
	promptProperty,
	requestOptions,
	routeOption,
	taskProperties,
	waitForCompletionProperty,
	waitOptions,
} from './sharedFields';

type DisplayConditions = NonNullable<INodeProperties['displayOptions']>;

/** Inside a collection: the rows of recorded tasks name their routes themselves. */
const ONE_NAMED_TASK = { show: { '/useRecordedTasks': [false] } };

const GENERATE = { resource: ['video'], operation: ['generate'] };

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

export function buildNodeProperties(
	providers: readonly VideoProvider[],
	defaultProvider: VideoProvider,
): INodeProperties[] {
	return [
		credentialsPlace,
		resourceProperty,
		...operationProperties,
		providerProperty(providers, defaultProvider),
		...providers.flatMap(providerProperties),
		...joinProperties,
		waitForCompletionProperty,
		...recordTasksProperties(),
		...recordedTasksProperties(),
		...taskListProperties(providers),
		...taskProperties,
		...taskProviderProperties(providers),
		...downloadVideoProperties,
		...modelListProperties,
		...optionsProperties(providers),
	];
}

function providerProperty(providers: readonly VideoProvider[], defaultProvider: VideoProvider): INodeProperties {
	const preset = defaultProvider.id;
	return {
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		noDataExpression: true,
		options: providers.map(({ id, displayName, description }) => ({ name: displayName, value: id, description })),
		default: preset,
		description: 'Family of models that makes the video',
		displayOptions: { show: GENERATE },
	};
}

export const DETECT_PROVIDER = 'detect';

function taskProviderProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	return ONE_TASK.map((show) => ({
		displayName: 'Provider',
		name: 'taskProvider',
		type: 'options',
		options: [
			{ name: 'Detect', value: DETECT_PROVIDER, description: 'From the input item or from the answer of CometAPI' },
			...providers.map(({ id, displayName }) => ({ name: displayName, value: id })),
		],
		default: DETECT_PROVIDER,
		description: 'Family of models that makes the video',
		displayOptions: { show },
	}));
}

function providerProperties(provider: VideoProvider): INodeProperties[] {
	return [
		modeProperty(provider),
		...modelProperties(provider),
		...promptProperties(provider),
		...mediaOf(provider),
		...fieldsOf(provider).flatMap(({ field, modes }) =>
			field.placement === 'panel' ? [fieldProperty(field, conditionsFor(provider, modes, field, ''))] : [],
		),
	];
}

function modeProperty({ id, modes }: VideoProvider): INodeProperties {
	const preset = modes[0].id;
	return {
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		noDataExpression: true,
		options: modes.map((mode) => ({ name: mode.displayName, value: mode.id, description: mode.description })),
		default: preset,
		description: 'What to make the video from',
		displayOptions: { show: { ...GENERATE, provider: [id] } },
	};
}

/** One model field per set of models: modes that offer the same ones share it. */
function modelProperties(provider: VideoProvider): INodeProperties[] {
	const withModels = provider.modes.filter(({ models, takesAnyModel }) => models.length > 0 || takesAnyModel);
	const groups = groupBy(withModels, ({ models }) => models.map(({ id }) => id).join());
	return [...groups.values()].map((modes) => modelProperty(provider, modes));
}

function modelProperty(provider: VideoProvider, modes: NonEmpty<VideoMode>): INodeProperties {
	const [first] = modes[0].models;
	const preset = first
		? { mode: 'list', value: first.id, cachedResultName: first.displayName }
		: { mode: 'id', value: '' };
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		// Has the editor empty the field when the provider changes: otherwise the old provider's model stays there.
		typeOptions: { loadOptionsDependsOn: ['provider'] },
		default: preset,
		required: true,
		description: 'Model that makes the video',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${first?.id ?? 'wan3.0'}`,
			},
		],
		displayOptions: { show: { ...GENERATE, provider: [provider.id], mode: modes.map(({ id }) => id) } },
	};
}

function promptProperties({ id, modes }: VideoProvider): INodeProperties[] {
	return (['required', 'optional'] as const).flatMap((kind) => {
		const ids = modes.filter(({ prompt }) => prompt === kind).map((mode) => mode.id);
		if (ids.length === 0) return [];
		return [
			{
				...structuredClone(promptProperty),
				required: kind === 'required',
				displayOptions: { show: { ...GENERATE, provider: [id], mode: ids } },
			},
		];
	});
}

function mediaOf(provider: VideoProvider): INodeProperties[] {
	return provider.modes.flatMap((mode) =>
		mode.media.flatMap((slot) => mediaProperties(slot, conditionsFor(provider, [mode], slot, ''))),
	);
}

/** A field that several modes list is one parameter, or two where an unknown model has it in some of them only. */
function fieldsOf({ modes }: VideoProvider): Array<{ field: VideoField; modes: NonEmpty<VideoMode> }> {
	return inOrderOfModes(modes).flatMap((field) => {
		const takers = modes.filter((mode) => takesField(mode, field));
		return [...groupBy(takers, (mode) => String(isTakenByFirst(mode, field))).values()].map((alike) => ({
			field,
			modes: alike,
		}));
	});
}

/** All fields, each after those that stand before it in the list of any mode. */
function inOrderOfModes(modes: readonly VideoMode[]): VideoField[] {
	const left = new Set(modes.flatMap(({ fields }) => fields));
	const isNext = (field: VideoField) =>
		modes.every(({ fields }) =>
			fields.slice(0, Math.max(0, fields.indexOf(field))).every((earlier) => !left.has(earlier)),
		);
	const ordered: VideoField[] = [];
	for (;;) {
		const [first] = left;
		if (!first) return ordered;
		const next = [...left].find(isNext) ?? first;
		left.delete(next);
		ordered.push(next);
	}
}

function fieldProperty({ property, required }: VideoField, displayOptions: DisplayConditions): INodeProperties {
	return { ...structuredClone(property), ...(required ? { required } : {}), displayOptions };
}

function takesField({ models, fields }: VideoMode, field: VideoField): boolean {
	if (!fields.includes(field)) return false;
	return !field.models || models.length === 0 || models.some(({ id }) => field.models?.includes(id));
}

function isTakenByFirst({ models: [first] }: VideoMode, { models }: VideoField | MediaSlot): boolean {
	return !models || (first !== undefined && models.includes(first.id));
}

/**
 * When a field is shown: for its models, and for unknown ones too where the mode's first model takes it (the same rule as
 * `appliesTo` of the checks).
 * @param prefix `/` inside a collection, where names are relative to it
 */
function conditionsFor(
	provider: VideoProvider,
	modes: readonly VideoMode[],
	part: VideoField | MediaSlot,
	prefix: '' | '/',
): DisplayConditions {
	const at = (name: string) => `${prefix}${name}`;
	const show: DisplayConditions['show'] = {
		...(prefix === '' ? GENERATE : {}),
		[at('provider')]: [provider.id],
		[at('mode')]: modes.map(({ id }) => id),
	};
	const { models } = part;
	if (!models) return { show };
	const modelIds = [...new Set(modes.flatMap((mode) => mode.models.map(({ id }) => id)))];
	if (!modes.some((mode) => isTakenByFirst(mode, part))) return { show: { ...show, [at('model')]: [...models] } };
	const others = modelIds.filter((id) => !models.includes(id));
	return others.length === 0 ? { show } : { show, hide: { [at('model')]: others } };
}

function optionsProperties(providers: readonly VideoProvider[]): INodeProperties[] {
	const providerOptions = providers.flatMap((provider) =>
		fieldsOf(provider).flatMap(({ field, modes }) =>
			field.placement === 'options' ? [fieldProperty(field, conditionsFor(provider, modes, field, '/'))] : [],
		),
	);
	const collection = (show: DisplayConditions['show'], options: INodeProperties[]): INodeProperties => ({
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: sortByName(options),
		displayOptions: { show },
	});
	return [
		collection(GENERATE, [
			...generateOptions(),
			...waitOptions(),
			...downloadOptions(),
			...requestOptions(),
			...providerOptions,
		]),
		collection(JOIN, joinOptions()),
		collection({ resource: ['task'], operation: ['wait'] }, [
			...waitOptions(),
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

/** Names are plain English; `localeCompare` would load the rules of all languages, a third of the time that n8n takes to load the node. */
function sortByName(options: readonly INodeProperties[]): INodeProperties[] {
	const keyOf = ({ displayName }: INodeProperties) => displayName.toLowerCase();
	return [...options].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))));
}

type NonEmpty<T> = readonly [T, ...T[]];

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, NonEmpty<T>> {
	const groups = new Map<string, NonEmpty<T>>();
	for (const value of values) {
		const group = groups.get(key(value));
		groups.set(key(value), group ? [...group, value] : [value]);
	}
	return groups;
}
