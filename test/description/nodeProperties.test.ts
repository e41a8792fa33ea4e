/**
 * The panel as the editor shows it: n8n's own functions decide what is displayed, and the result is compared with the
 * descriptors and with a list that a reviewer can read.
 */
import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { operationsOf } from '../../nodes/CometApiVideo/description/operationFields';
import { VIDEO_PROVIDERS, modesFor } from '../../nodes/CometApiVideo/providers';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';
import { fieldsFor, isHidden, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { MediaSlot, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { MEDIA_SOURCES } from '../support/mediaInput';
import { NODE_TYPE } from '../support/videoNode';
import { NarrowedProperties } from './narrowedProperties';

const UNKNOWN_MODEL = 'model-of-tomorrow';
const NODE = { typeVersion: 1 };
const NODE_ON_CANVAS: INode = { ...NODE, id: '1', name: 'Video', type: NODE_TYPE, position: [0, 0], parameters: {} };
const NODE_DESCRIPTION = new CometApiVideo().description;
/** As n8n hands the node to an AI agent. */
const TOOL_DESCRIPTION: INodeTypeDescription = { ...NODE_DESCRIPTION, name: `${NODE_DESCRIPTION.name}Tool` };

interface Panel {
	values: INodeParameters;
	shown: INodeProperties[];
	/** What "Add Option" of each displayed collection offers. */
	offered: INodeProperties[];
}

const NARROWED = new Map(
	[NODE_DESCRIPTION, TOOL_DESCRIPTION].map((description) => [description, new NarrowedProperties(description)]),
);
const opened = new Map<string, Panel>();

/** The panel after somebody has made these choices. Opened once: many tests look at the same one. */
function openPanel(choices: INodeParameters, description = NODE_DESCRIPTION): Panel {
	const key = JSON.stringify([description.name, choices]);
	const panel = opened.get(key) ?? computePanel(choices, description);
	opened.set(key, panel);
	return panel;
}

function computePanel(choices: INodeParameters, description: INodeTypeDescription): Panel {
	const properties = NARROWED.get(description)?.of(choices) ?? [];
	const values = NodeHelpers.getNodeParameters(properties, choices, true, false, NODE, description) ?? {};
	const shown = properties.filter(
		(property) => property.type !== 'hidden' && NodeHelpers.displayParameter(values, property, NODE, description),
	);
	const offered = shown.flatMap(({ type, options = [] }) =>
		type === 'collection'
			? (options as INodeProperties[]).filter((option) =>
					NodeHelpers.displayParameter({}, option, NODE, description, values),
				)
			: [],
	);
	return { values, shown, offered };
}

function namesOf(properties: ReadonlyArray<{ name: string }>): string[] {
	return properties.map(({ name }) => name);
}

interface Place {
	provider: VideoProvider;
	mode: VideoMode;
	/** '' for a mode without models. */
	model: string;
}

function placesOf(withUnknownModel: boolean): Array<[string, Place]> {
	return VIDEO_PROVIDERS.flatMap((provider) =>
		provider.modes.flatMap((mode) => {
			const known = mode.models.map(({ id }) => id);
			const hasModel = known.length > 0 || mode.takesAnyModel;
			const ids = hasModel ? [...known, ...(withUnknownModel || known.length === 0 ? [UNKNOWN_MODEL] : [])] : [''];
			return ids.map((model): [string, Place] => [[provider.id, mode.id, model].join(' '), { provider, mode, model }]);
		}),
	);
}

function choose({ provider, mode, model }: Place, locatorMode = 'list'): INodeParameters {
	const { resource, operation } = JOBS[mode.job];
	return {
		...{ resource, operation, provider: provider.id },
		...(hasChoice(provider, mode) ? { mode: mode.id } : {}),
		...(model === '' ? {} : { model: { __rl: true, mode: locatorMode, value: model } }),
	};
}

/** Whether the provider has other modes for the same job. */
function hasChoice(provider: VideoProvider, { job }: VideoMode): boolean {
	return modesFor(provider, job).length > 1;
}

function isLinkOnly({ accepts }: MediaSlot): boolean {
	return accepts.every((encoding) => encoding === 'url');
}

describe('what is displayed for a model', () => {
	const FIRST_MODELS = placesOf(false).filter(([, { mode, model }]) => mode.models[0]?.id === model);

	test.each(placesOf(true))('%s: the fields of its descriptor, in their order, and nothing else', (_name, place) => {
		const { provider, mode, model } = place;
		const slots = slotsFor(mode, model);
		const media = slots.flatMap(mediaNames);
		const ofMedia = new Set(slots.flatMap(idNames));
		const { values } = openPanel(choose(place));
		const fields = fieldsFor(mode, model).filter(
			(field) => !ofMedia.has(field.property.name) && !isHidden(field, values),
		);
		const expected = [
			...['credentials', 'resource', 'operation', 'provider'],
			...(hasChoice(provider, mode) ? ['mode'] : []),
			...(model === '' ? [] : ['model']),
			...(mode.prompt === 'none' ? [] : ['prompt']),
			...media,
			...namesOf(fields.flatMap(({ property, placement }) => (placement === 'panel' ? [property] : []))),
			...(fields.some(({ placement }) => placement === 'options') ? ['providerSettings'] : []),
			...['dryRun', 'waitForCompletion', 'billingNotice', 'recordTasks', 'downloadVideo', 'waitingOptions', 'options'],
		];
		for (const locatorMode of ['list', 'id']) {
			expect(namesOf(openPanel(choose(place, locatorMode)).shown)).toEqual(expected);
		}
	});

	test.each(placesOf(true))('%s: each field with the limits, options and default of this model', (_name, place) => {
		for (const { property, placement, required, when } of fieldsFor(place.mode, place.model)) {
			const { shown, offered } = openPanel({ ...choose(place), ...(when ? { [when.field]: when.is[0] } : {}) });
			const { displayOptions, ...visible } = [...(placement === 'panel' ? shown : offered)].find(
				({ name }) => name === property.name,
			) ?? { displayOptions: undefined };
			expect(visible).toEqual(required && !when ? { ...property, required } : property);
			if (placement === 'panel') expect(displayOptions).toBeDefined();
		}
	});

	const all = VIDEO_PROVIDERS.flatMap(({ modes }) => modes.flatMap(({ fields }) => fields));
	const rare = new Set(all.flatMap(({ property, placement }) => (placement === 'options' ? [property.name] : [])));

	test.each(placesOf(true))('%s: rare fields are offered only where the model takes them', (_name, place) => {
		const own = fieldsFor(place.mode, place.model).flatMap(({ property, placement }) =>
			placement === 'options' ? [property.name] : [],
		);
		const { offered } = openPanel(choose(place));
		expect(
			namesOf(offered)
				.filter((name) => rare.has(name))
				.sort(),
		).toEqual(own.sort());
	});

	test.each(FIRST_MODELS)('%s: an unknown model sees what this first model of the mode sees', (_name, place) => {
		const known = openPanel(choose(place));
		const unknown = openPanel(choose({ ...place, model: UNKNOWN_MODEL }, 'id'));
		expect(unknown.shown).toEqual(known.shown);
		expect(unknown.offered).toEqual(known.offered);
	});

	test.each(FIRST_MODELS)('%s: is what Recommended means, and an empty field', (_name, place) => {
		const { model, ...stored } = choose(place);
		const recommended = { __rl: true, mode: 'list', value: 'recommended', cachedResultName: 'Recommended' };
		expect(openPanel(stored).values.model).toEqual(recommended);
		for (const value of ['recommended', '']) {
			const { shown, offered } = openPanel({ ...stored, model: { ...recommended, value } });
			expect([shown, offered]).toEqual([
				openPanel({ ...stored, model }).shown,
				openPanel({ ...stored, model }).offered,
			]);
		}
	});

	function idNames({ byId }: MediaSlot): string[] {
		return namesOf((byId?.fields ?? []).map(({ property }) => property));
	}

	/** The sources that the panel offers; none where there is no choice. */
	function sourcesOf(slot: MediaSlot): string[] {
		if (isLinkOnly(slot)) return slot.byId ? ['id', 'url'] : [];
		return [...(slot.byId ? ['id'] : slot.required ? [] : ['none']), ...MEDIA_SOURCES];
	}

	/** What is seen of a medium before anybody chooses its source. */
	function mediaNames(slot: MediaSlot): string[] {
		const { name, isNamed, required, byId } = slot;
		if (isNamed) return [name];
		if (byId) return [`${name}Source`, ...idNames(slot)];
		if (isLinkOnly(slot)) return [`${name}Url`];
		return required ? [`${name}Source`, `${name}Url`] : [`${name}Source`];
	}

	test.each(placesOf(false))('%s: a medium has one field, that of its source', (_name, place) => {
		for (const slot of slotsFor(place.mode, place.model)) {
			const { name, isNamed, byId } = slot;
			for (const source of byId ? sourcesOf(slot) : MEDIA_SOURCES) {
				const { shown } = openPanel({ ...choose(place), [`${name}Source`]: source });
				const fields = ['Url', 'BinaryField', 'Data'].map((end) => `${name}${end}`);
				const visible = namesOf(shown).filter((shownName) => fields.includes(shownName));
				const ends: Record<string, string> = { url: 'Url', binary: 'BinaryField', data: 'Data' };
				const own = isLinkOnly(slot) && !byId ? 'Url' : ends[source];
				expect(visible).toEqual(isNamed || source === 'id' ? [] : [`${name}${own}`]);
				const hasIds = namesOf(shown).filter((shownName) => idNames(slot).includes(shownName));
				expect(hasIds).toEqual(source === 'id' ? idNames(slot) : []);
			}
		}
	});

	test.each(placesOf(false))(
		'%s: a medium has a source if there is a choice, and may be left out if it is optional',
		(_name, place) => {
			const { shown } = openPanel(choose(place));
			for (const slot of slotsFor(place.mode, place.model).filter(({ isNamed }) => !isNamed)) {
				const source = shown.find(({ name }) => name === `${slot.name}Source`);
				const values = (source?.options as INodePropertyOptions[] | undefined)?.map(({ value }) => value);
				expect(values ?? []).toEqual(sourcesOf(slot));
				expect(source?.default).toBe(sourcesOf(slot)[0]);
				const link = openPanel({ ...choose(place), [`${slot.name}Source`]: 'url' }).shown.find(
					({ name }) => name === `${slot.name}Url`,
				);
				expect(link?.required).toBe(slot.required);
			}
		},
	);

	test('there are media of each of these kinds', () => {
		const slots = placesOf(false).flatMap(([, { mode, model }]) => slotsFor(mode, model));
		const kinds = new Set(slots.map((slot) => [slot.required, isLinkOnly(slot)].join()));
		expect([...kinds].sort()).toEqual(['false,false', 'false,true', 'true,false', 'true,true']);
	});

	test('a new node makes a Seedance video from a prompt', () => {
		expect(openPanel({}).values).toEqual({
			credentials: '',
			resource: 'video',
			operation: 'generate',
			provider: 'seedance',
			mode: 'textToVideo',
			model: { __rl: true, mode: 'list', value: 'recommended', cachedResultName: 'Recommended' },
			prompt: '',
			seconds: 5,
			aspectRatio: '16:9',
			resolution: '720p',
			dryRun: false,
			waitForCompletion: true,
			billingNotice: '',
			recordTasks: 'unfinished',
			downloadVideo: true,
			waitingOptions: {},
			options: {},
		});
	});

	/** Its file would end up as text in the conversation. */
	test.each([
		['Generate', {}],
		['Wait', { resource: 'task', operation: 'wait' }],
	])('%s downloads for people, and for an AI agent only if it is told to', (_operation, choices: INodeParameters) => {
		expect(openPanel(choices).values.downloadVideo).toBe(true);
		expect(openPanel(choices, TOOL_DESCRIPTION).values.downloadVideo).toBe(false);
	});

	test('Join shows what it is about, and nothing of a provider', () => {
		const shared = ['credentials', 'resource', 'operation', 'clipSource'];
		const { shown } = openPanel({ operation: 'join' });
		expect(namesOf(shown)).toEqual([...shared, 'clipBinaryField', 'options']);
		expect(namesOf(openPanel({ operation: 'join', clipSource: 'url' }).shown)).toEqual([
			...shared,
			'clipUrls',
			'options',
		]);
	});

	test('without waiting there is nothing to download', () => {
		expect(namesOf(openPanel({ waitForCompletion: false }).shown)).not.toContain('downloadVideo');
	});
});

/** Red besides the prompt and the files of the job: texts, IDs and addresses that nobody can guess. */
const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
	'kling extendVideo': ['parentTaskId', 'videoId'],
	'kling advancedLipSync': ['sessionId', 'faceId'],
	'kling textToSpeech': ['text'],
	...Object.fromEntries(
		['addSelection', 'deleteSelection', 'clearSelection', 'previewSelection', 'multimodalEdit'].map((mode) => [
			`kling ${mode}`,
			['sessionId'],
		]),
	),
	'midjourney continueVideo': ['videoId'],
	...Object.fromEntries(
		['textToVideoCompatibility', 'imageToVideoCompatibility', 'styleRedraw', 'actOne'].map((mode) => [
			`runway ${mode}`,
			['callbackUrl'],
		]),
	),
	'custom anyModel': ['model'],
	'custom ownRoute': ['createPath', 'statusPath'],
	'sora remix': ['videoId'],
};

describe('recorded tasks', () => {
	const SHARED = ['credentials', 'resource', 'operation'];

	test.each(['all', 'unfinishedElsewhere'])('Generate asks for a table with Record Tasks = %s only', (recordTasks) => {
		for (const waitForCompletion of [true, false]) {
			const preset = namesOf(openPanel({ waitForCompletion }).shown);
			const off = namesOf(openPanel({ waitForCompletion, recordTasks: 'off' }).shown);
			const on = namesOf(openPanel({ waitForCompletion, recordTasks, tableAccess: 'apiKey' }).shown);
			expect(preset).toEqual(off);
			expect(on.filter((name) => !off.includes(name))).toEqual(['dataTable', 'tableAccess']);
			expect(on.indexOf('dataTable')).toBe(on.indexOf('recordTasks') + 1);
		}
	});

	test.each([
		['get', []],
		['wait', ['downloadVideo', 'waitingOptions']],
	])('Task > %s takes one task, or those of a table', (operation, more) => {
		const task = { resource: 'task', operation };
		const one = namesOf(openPanel(task).shown);
		expect(one).toEqual([...SHARED, 'useRecordedTasks', 'taskId', 'taskProvider', ...more, 'options']);
		const recorded = namesOf(openPanel({ ...task, useRecordedTasks: true }).shown);
		expect(recorded).toEqual([...SHARED, 'useRecordedTasks', 'dataTable', 'tableAccess', 'limit', ...more, 'options']);
	});

	test('what was chosen for another operation changes nothing in Download', () => {
		const { shown } = openPanel({ resource: 'task', operation: 'download', useRecordedTasks: true });
		expect(namesOf(shown)).toEqual([...SHARED, 'taskId', 'taskProvider', 'options']);
	});

	test('the table is the same by default, wherever it is asked for, and can be named, chosen or given by its ID', () => {
		const tables = NODE_DESCRIPTION.properties.filter(({ name }) => name === 'dataTable');
		// With a key and without, for Generate, for one task or recorded ones, and for Get Many.
		expect(tables).toHaveLength(6);
		for (const { default: preset, modes = [], displayOptions } of tables) {
			expect(preset).toEqual({ mode: 'name', value: 'CometAPI Tasks' });
			// Without a key n8n cannot be asked for its tables.
			const hasList = displayOptions?.show?.tableAccess?.[0] === 'apiKey';
			expect(namesOf(modes)).toEqual([...(hasList ? ['list'] : []), 'name', 'id']);
			if (hasList) expect(modes[0].typeOptions?.searchListMethod).toBe('searchDataTables');
		}
	});

	test.each<[INodeParameters, string[]]>([
		[{}, ['cometApiVideoApi']],
		[{ recordTasks: 'all', tableAccess: 'apiKey' }, ['cometApiVideoApi', 'n8nDataTableApi']],
		[{ resource: 'task', operation: 'wait' }, ['cometApiVideoApi']],
		[{ resource: 'task', operation: 'get', useRecordedTasks: true }, ['cometApiVideoApi']],
		[
			{ resource: 'task', operation: 'get', useRecordedTasks: true, tableAccess: 'apiKey' },
			['cometApiVideoApi', 'n8nDataTableApi'],
		],
		[{ resource: 'task', operation: 'download', useRecordedTasks: true }, ['cometApiVideoApi']],
		[{ resource: 'account', operation: 'getBalance', useRecordedTasks: true }, ['cometApiVideoApi']],
		[{ operation: 'join', recordTasks: 'all', tableAccess: 'apiKey' }, []],
		// Left over from another choice.
		[{ recordTasks: 'unfinished', tableAccess: 'apiKey' }, ['cometApiVideoApi']],
	])('with %j these credentials are asked for: %j', (choices, expected) => {
		const { values } = openPanel(choices);
		const asked = NODE_DESCRIPTION.credentials?.filter((credential) =>
			NodeHelpers.displayParameter(values, credential, NODE, NODE_DESCRIPTION),
		);
		expect(namesOf(asked ?? [])).toEqual(expected);
	});
});

/** Every panel that a user can see, without the values of text fields. */
const PANELS: Array<{ label: string; place?: Place; panel: Panel }> = [
	...placesOf(true).flatMap(([label, place]) => {
		const slots = slotsFor(place.mode, place.model);
		const conditions = fieldsFor(place.mode, place.model).flatMap(({ when }) => when ?? []);
		const variants: INodeParameters[] = [
			{ waitForCompletion: false },
			{ recordTasks: 'all', tableAccess: 'apiKey' },
			{ recordTasks: 'all' },
			...MEDIA_SOURCES.map((source) => Object.fromEntries(slots.map(({ name }) => [`${name}Source`, source]))),
			...conditions.map(({ field, is }): INodeParameters => ({ [field]: is[0] })),
		];
		return [
			...variants.map((more) => ({ label, place, panel: openPanel({ ...choose(place), ...more }) })),
			{ label: `${label} as a tool`, place, panel: openPanel(choose(place), TOOL_DESCRIPTION) },
		];
	}),
	...[
		...operationsOf('task').flatMap(({ value: operation }): INodeParameters[] => [
			{ resource: 'task', operation },
			{ resource: 'task', operation, useRecordedTasks: true },
			{ resource: 'task', operation, useRecordedTasks: true, tableAccess: 'apiKey', returnAll: true },
		]),
		...['binary', 'url'].map((clipSource): INodeParameters => ({ operation: 'join', clipSource })),
		...[true, false].map((returnAll): INodeParameters => ({ resource: 'model', operation: 'getAll', returnAll })),
		...[true, false].map((returnAll): INodeParameters => ({ resource: 'task', operation: 'getAll', returnAll })),
		{ resource: 'task', operation: 'getAll', source: 'account' },
		{ resource: 'account', operation: 'getBalance' },
		{ resource: 'account', operation: 'check' },
	].map((choices) => ({
		label: `${String(choices.resource ?? 'video')} ${String(choices.operation)}`,
		panel: openPanel(choices),
	})),
	{ label: 'task wait as a tool', panel: openPanel({ resource: 'task', operation: 'wait' }, TOOL_DESCRIPTION) },
];

/** What the job itself asks for: prompt, media and fields of the panel. */
function namesOfJob({ mode, model }: Place): Set<string> {
	const media = slotsFor(mode, model).flatMap(({ name }) => [name, ...['Source', 'Url'].map((end) => `${name}${end}`)]);
	return new Set(['prompt', ...media, ...namesOf(fieldsFor(mode, model).map(({ property }) => property))]);
}

describe('a panel can be taken in at a glance', () => {
	/** Those that say who does the job; the credential is n8n's own. */
	const WHO = ['credentials', 'resource', 'operation', 'provider', 'mode', 'model'];
	const MAX_ABOVE = 5;
	const MAX_ENTRIES = 12;

	test('at most five fields stand above the first one of the job', () => {
		const high = PANELS.map(({ label, place, panel }) => {
			const names = namesOf(panel.shown).filter((name) => name !== 'credentials');
			const ofJob = place && namesOfJob(place);
			return [label, names.findIndex((name) => (ofJob ? ofJob.has(name) : !WHO.includes(name)))] as const;
		});
		expect(high.filter(([, count]) => count > MAX_ABOVE)).toEqual([]);
		// Without a field of its own.
		expect(high.filter(([, count]) => count < 0).map(([label]) => label)).toEqual([
			'account getBalance',
			'account check',
		]);
	});

	test('a collection offers at most twelve entries, and always one', () => {
		const long = PANELS.flatMap(({ label, panel }) =>
			panel.shown.flatMap(({ type, name, options = [] }) => {
				if (type !== 'collection') return [];
				const count = (options as INodeProperties[]).filter((option) => panel.offered.includes(option)).length;
				return count > MAX_ENTRIES || count === 0 ? [`${label}: ${name} ${count}`] : [];
			}),
		);
		expect(long).toEqual([]);
	});

	test('Video > Generate shows at its defaults what a person needs for a first video, and seven lines more', () => {
		expect(openPanel({}).shown.map(({ type, displayName }) => (type === 'notice' ? type : displayName))).toEqual([
			...['Credentials', 'Resource', 'Operation', 'Provider', 'Mode', 'Model'],
			...['Prompt', 'Duration (Seconds)', 'Aspect Ratio', 'Resolution'],
			...['Dry Run', 'Wait for Completion', 'notice', 'Record Tasks', 'Download Video'],
			...['Waiting Options', 'Options'],
		]);
	});

	/** Labels that n8n's editor marks red. */
	function redFields({ shown, values }: Panel): string[] {
		const node = { ...NODE_ON_CANVAS, parameters: values };
		const issuesOf = (property: INodeProperties) =>
			NodeHelpers.getParameterIssues(property, values, '', node, NODE_DESCRIPTION).parameters ?? {};
		return namesOf(shown.filter((property) => Object.keys(issuesOf(property)).length > 0));
	}

	const FIRST_PLACES = placesOf(false).filter(([, { mode, model }]) => model === (mode.models[0]?.id ?? model));

	/** At its defaults: nobody has chosen a model. */
	function openDefaults(place: Place): Panel {
		const { model: _, ...stored } = choose(place);
		return openPanel(stored);
	}

	test.each(FIRST_PLACES)('%s: at its defaults the prompt and the files that the job needs are red', (_name, place) => {
		const { mode, model } = place;
		const needed = [
			...(mode.prompt === 'required' ? ['prompt'] : []),
			...slotsFor(mode, model).flatMap(({ name, required, byId }) => (required && !byId ? [`${name}Url`] : [])),
		];
		expect(redFields(openDefaults(place))).toEqual(expect.arrayContaining(needed));
		const others = redFields(openDefaults(place)).filter((name) => !needed.includes(name));
		expect(others).toEqual(ALSO_NEEDED[`${place.provider.id} ${mode.id}`] ?? []);
	});

	test.each<[INodeParameters, string[]]>([
		[{ operation: 'join' }, []],
		[{ operation: 'join', clipSource: 'url' }, ['clipUrls']],
		...['get', 'wait', 'download'].map((operation): [INodeParameters, string[]] => [
			{ resource: 'task', operation },
			['taskId'],
		]),
		[{ resource: 'task', operation: 'wait', useRecordedTasks: true }, []],
		[{ resource: 'task', operation: 'getAll' }, []],
		[{ resource: 'model', operation: 'getAll' }, []],
		[{ resource: 'account', operation: 'getBalance' }, []],
		[{ resource: 'account', operation: 'check' }, []],
	])('%j: red is %j', (choices, expected) => {
		expect(redFields(openPanel(choices))).toEqual(expected);
	});
});

describe('names', () => {
	test('no two displayed parameters of a panel share one', () => {
		const shared = PANELS.flatMap(({ label, panel }) =>
			[namesOf(panel.shown), namesOf(panel.offered)].flatMap((names) =>
				names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${label}: ${name}`),
			),
		);
		expect(shared).toEqual([]);
	});

	test('every parameter of the node can be seen in some panel', () => {
		const seen = new Set(PANELS.flatMap(({ panel }) => [...panel.shown, ...panel.offered]));
		const unseen = allParameters().filter(({ property }) => property.type !== 'hidden' && !seen.has(property));
		expect(unseen).toEqual([]);
	});

	/** See `onlyWhileUnset`. */
	test('what is there for the editor alone is never seen, and like a list that is', () => {
		const seen = [...new Set(PANELS.flatMap(({ panel }) => panel.shown))];
		const twins = NODE_DESCRIPTION.properties.filter(isForEditor);
		expect(twins.length).toBeGreaterThan(0);
		expect(seen.filter(isForEditor)).toEqual([]);
		const texts = new Set(seen.map(withoutConditions));
		expect(twins.filter((twin) => !texts.has(withoutConditions(twin)))).toEqual([]);
	});

	test.each(placesOf(false).filter(([, { mode, model }]) => mode.models[0]?.id === model))(
		'%s: with an expression as model nothing of other places is shown',
		(_name, place) => {
			const { mode, provider } = place;
			const { shown } = openPanel(choose({ ...place, model: '={{ $json.model }}' }, 'id'));
			const byModels = mode.models.flatMap(({ id }) => openPanel(choose({ provider, mode, model: id })).shown);
			expect(namesOf(shown).filter((name) => !namesOf(byModels).includes(name))).toEqual([]);
			expect(shown.filter(isForEditor)).toEqual([]);
		},
	);
});

/** No panel shows it: no value of a deciding field is left. */
function isForEditor({ displayOptions: { hide = {} } = {} }: INodeProperties): boolean {
	return ['/resource', '/operation', '/provider', '/mode'].some((name) => name in hide);
}

function withoutConditions({ displayOptions: _, ...visible }: INodeProperties): string {
	return JSON.stringify(visible);
}

interface Parameter {
	property: INodeProperties;
	/** `panel`, or the name of the collection. */
	placement: string;
}

function allParameters(): Parameter[] {
	return NODE_DESCRIPTION.properties
		.filter((property) => !isForEditor(property))
		.flatMap((property): Parameter[] => [
			{ property, placement: 'panel' },
			...(property.type === 'collection' ? (property.options as INodeProperties[]) : []).map((option) => ({
				property: option,
				placement: property.name,
			})),
		]);
}

/** Parameters, the rows of their lists, and what these hold. */
function everyProperty(properties: readonly INodeProperties[] = NODE_DESCRIPTION.properties): INodeProperties[] {
	return properties.flatMap((property) => {
		const { type, options = [] } = property;
		if (type === 'collection') return [property, ...everyProperty(options as INodeProperties[])];
		if (type !== 'fixedCollection') return [property];
		return [property, ...everyProperty((options as INodePropertyCollection[]).flatMap(({ values }) => values))];
	});
}

function everyOption(): INodePropertyOptions[] {
	return everyProperty().flatMap(({ type, options = [] }) =>
		type === 'options' ? (options as INodePropertyOptions[]) : [],
	);
}

describe('texts follow the rules of n8n', () => {
	const labels = new Set([
		...everyProperty().flatMap(({ type, displayName }) => (type === 'notice' ? [] : [displayName])),
		...everyProperty().flatMap(({ modes = [] }) => modes.map(({ displayName }) => displayName)),
		...everyProperty().flatMap(({ type, options = [] }) =>
			type === 'fixedCollection' ? (options as INodePropertyCollection[]).map(({ displayName }) => displayName) : [],
		),
		...everyOption().map(({ name }) => name),
	]);
	const descriptions = new Set(
		[...everyProperty(), ...everyOption()].flatMap(({ description }) =>
			description === undefined ? [] : [description],
		),
	);

	/** Begin with a small letter wherever they stand. */
	const BRANDS = ['xAI Grok', 'xAI Grok Settings'];
	/** "On" belongs to the verb. */
	const VERBS = ['Try On Clothes'];

	test('labels are in Title Case', () => {
		expect([...labels].filter((label) => label !== titleCase(label)).sort()).toEqual([...VERBS, ...BRANDS]);
	});

	test('descriptions begin with a capital letter and have no stray blanks or full stops', () => {
		const odd = [...descriptions].filter(
			(text) => !/^([\p{Lu}\d]|xAI )/u.test(text) || text !== text.trim() || /\.\.|\s\s/.test(text),
		);
		expect(odd).toEqual([]);
	});

	test('one sentence ends without a full stop, several end with one', () => {
		const odd = [...descriptions].filter((text) => isSeveralSentences(text) !== text.endsWith('.'));
		expect(odd).toEqual([]);
	});

	test('descriptions of switches begin with "Whether"', () => {
		const switches = everyProperty().filter(({ type }) => type === 'boolean');
		expect(switches.length).toBeGreaterThan(0);
		expect(switches.filter(({ description = '' }) => !description.startsWith('Whether '))).toEqual([]);
	});

	test('a description says more than the label', () => {
		const same = everyProperty().filter(
			({ displayName, description }) => description?.toLowerCase() === displayName.toLowerCase(),
		);
		expect(namesOf(same)).toEqual([]);
	});

	test('placeholders are examples, or the label of a button', () => {
		const placeholders = everyProperty().flatMap(({ type, placeholder }) =>
			placeholder === undefined ? [] : [{ placeholder, isButton: type === 'collection' || type === 'fixedCollection' }],
		);
		expect(
			placeholders.filter(({ placeholder, isButton }) => !placeholder.startsWith(isButton ? 'Add ' : 'e.g. ')),
		).toEqual([]);
	});

	test('numbers have a unit in their label where they have one', () => {
		const quantities = everyProperty().filter(({ name }) =>
			/seconds|timeout|interval|size$|duration|sound(start|end)|insertAt/i.test(name),
		);
		/** A list says it at each number. */
		const saysUnit = ({ name, value }: INodePropertyOptions) =>
			typeof value !== 'number' || / Seconds?( \(.+\))?$/.test(name);
		const numbers = quantities.filter(
			({ type, default: preset, options = [] }) =>
				type === 'number' ||
				(typeof preset === 'number' && !(options as INodePropertyOptions[]).every((option) => saysUnit(option))),
		);
		expect(numbers.length).toBeGreaterThan(0);
		expect(
			numbers.filter(({ displayName }) => !/\((Seconds|Milliseconds|Minutes|MB|USD)\)$/.test(displayName)),
		).toEqual([]);
	});

	test('long collections are sorted by label', () => {
		const lists = everyProperty().flatMap(({ type, options = [] }): string[][] => {
			if (type === 'collection') return [(options as INodeProperties[]).map(({ displayName }) => displayName)];
			if (type !== 'fixedCollection') return [];
			return (options as INodePropertyCollection[]).map(({ values }) => values.map(({ displayName }) => displayName));
		});
		const long = lists.filter(({ length }) => length >= 5);
		expect(long.length).toBeGreaterThan(0);
		for (const list of long) expect(list).toEqual([...list].sort((a, b) => a.localeCompare(b)));
	});

	test('what decides about the rest of the panel takes no expression', () => {
		const names = ['resource', 'operation', 'provider', 'mode'];
		const deciding = NODE_DESCRIPTION.properties.filter(({ name }) => names.includes(name));
		expect([...new Set(namesOf(deciding))].sort()).toEqual([...names].sort());
		expect(deciding.filter(({ noDataExpression }) => noDataExpression !== true)).toEqual([]);
	});
});

/** Words that are small unless they begin or end the label. */
const SMALL_WORDS = 'a an and as at but by for from in into nor of on or so the to via vs with'.split(' ');

function titleCase(label: string): string {
	const isSmall = (word: string, index: number, words: readonly string[]) =>
		index > 0 && index < words.length - 1 && SMALL_WORDS.includes(word.toLowerCase());
	return label
		.split(' ')
		.map((word, index, words) =>
			isSmall(word, index, words) ? word.toLowerCase() : word.replace(/^\P{L}*\p{L}/u, capitalise),
		)
		.join(' ');
}

/** Only a letter that begins the word, be it behind a bracket: 720p stays. */
function capitalise(beginning: string): string {
	return /\d/.test(beginning) ? beginning : beginning.toUpperCase();
}

function isSeveralSentences(text: string): boolean {
	return /[.!?]["”)]? +\p{Lu}/u.test(text.replace(/e\.g\. /g, ''));
}

describe('the panel for a reviewer', () => {
	/** One line per parameter: where it is seen, its label, name, kind, default and place. */
	test('is this', () => {
		expect(`\n${allParameters().map(describeParameter).join('\n')}\n`).toMatchSnapshot();
	});

	const seenIn = new Map<INodeProperties, typeof PANELS>();
	for (const seen of PANELS) {
		for (const property of [...seen.panel.shown, ...seen.panel.offered]) {
			const others = seenIn.get(property);
			if (others) others.push(seen);
			else seenIn.set(property, [seen]);
		}
	}
	const MODES = new Set(VIDEO_PROVIDERS.flatMap(({ modes }) => modes));

	function describeParameter({ property, placement }: Parameter): string {
		const { displayName, name, required, default: preset } = property;
		return [
			...describeSeen(seenIn.get(property) ?? []),
			displayName,
			name,
			describeKind(property),
			`default ${JSON.stringify(preset)}`,
			placement,
			...(required ? ['required'] : []),
		].join(' · ');
	}

	function describeSeen(seen: typeof PANELS): string[] {
		const places = seen.flatMap(({ place }) => (place ? [place] : []));
		const elsewhere = [...new Set(seen.filter(({ place }) => !place).map(({ label }) => label))];
		const isEverywhere = new Set(places.map(({ mode }) => mode)).size === MODES.size;
		if (isEverywhere) return [['every job', ...elsewhere].join(', ')];
		if (places.length === 0) return [elsewhere.join(', ')];
		const models = unique(places.map(({ model }) => model)).filter((model) => model !== UNKNOWN_MODEL && model !== '');
		return [
			unique(places.map(({ provider }) => provider.id)).join(', '),
			unique(places.map(({ mode }) => mode.id)).join(', '),
			...(models.length === 0 ? [] : [models.join(', ')]),
		];
	}

	function describeKind({
		type,
		options = [],
		typeOptions: { minValue, maxValue } = {},
		displayOptions,
	}: INodeProperties): string {
		const isTool = displayOptions?.show?.['@tool'] !== undefined ? ' of a tool' : '';
		switch (type) {
			case 'number':
				return maxValue === undefined ? `number from ${minValue ?? '-'}` : `number ${minValue ?? '-'}–${maxValue}`;
			case 'options':
				return `options ${(options as INodePropertyOptions[]).map(({ value }) => JSON.stringify(value)).join(' ')}`;
			case 'fixedCollection':
				return `rows of ${(options as INodePropertyCollection[]).flatMap(({ values }) => namesOf(values)).join(', ')}`;
			default:
				return `${type}${isTool}`;
		}
	}

	function unique(values: readonly string[]): string[] {
		return [...new Set(values)];
	}
});
