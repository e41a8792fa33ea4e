/** What must hold for every provider descriptor, whoever writes the next one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodePropertyOptions } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { VIDEO_PROVIDERS, defaultProviderFor, findMode, findProvider } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import { bodyFromFields } from '../../nodes/CometApiVideo/providers/request';
import type {
	GenerateInput,
	MediaSlot,
	VideoField,
	VideoMode,
	VideoProvider,
} from '../../nodes/CometApiVideo/providers/types';
import type { MediaValue } from '../../nodes/CometApiVideo/task/types';
import { FAMILY_FOLDER, loadFixtures } from '../support/loadFixtures';
import type { CreateFixture, FixtureMedia } from '../support/loadFixtures';

const DEFAULT_PROVIDER = defaultProviderFor('video.generate');

/** Typed by id on the day it appears: no descriptor knows it. */
const UNKNOWN_MODEL = 'model-of-tomorrow';

const PROVIDERS = VIDEO_PROVIDERS.map((provider): [string, VideoProvider] => [provider.id, provider]);

const MODES = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.map((mode): [string, VideoProvider, VideoMode] => [`${provider.id} ${mode.id}`, provider, mode]),
);

/** Every model of the mode, and one that is not known; '' for a mode without models. */
function modelsOf({ models, takesAnyModel }: VideoMode): string[] {
	if (models.length === 0 && !takesAnyModel) return [''];
	return [...models.map(({ id }) => id), UNKNOWN_MODEL];
}

interface Order {
	fixture: CreateFixture;
	mode: VideoMode;
	model: string;
	fields: VideoField[];
	slots: MediaSlot[];
}

const KNOWN_ORDERS = new Map<VideoProvider, Order[]>();

/** The recorded requests of a provider, with what the descriptor says about them; read once. */
function ordersOf(provider: VideoProvider): Order[] {
	const known = KNOWN_ORDERS.get(provider) ?? readOrders(provider);
	KNOWN_ORDERS.set(provider, known);
	return known;
}

function readOrders(provider: VideoProvider): Order[] {
	return loadFixtures('create', provider.id).map((fixture) => {
		const { mode: modeId = provider.modes[0].id, model: locator } = fixture.parameters;
		const mode = findMode(provider, String(modeId));
		if (!mode) throw new Error(`${fixture.file}: ${provider.id} has no mode ${String(modeId)}`);
		const model = locator === undefined ? (mode.models[0]?.id ?? '') : (locator as { value: string }).value;
		return { fixture, mode, model, fields: fieldsFor(mode, model), slots: slotsFor(mode, model) };
	});
}

/** Dotted paths of all fields of a recorded body, and of the call before it. */
function sentNames({ request }: CreateFixture): string[] {
	const calls = request.encoding === 'json' ? [...request.before, request] : [request];
	return calls.flatMap((call) => [
		...(call.encoding === 'json' ? pathsIn(call.json) : call.fields.map(([name]) => name)),
		...call.files.map(({ field }) => field),
	]);
}

function pathsIn(json: unknown): string[] {
	if (typeof json !== 'object' || json === null) return [];
	return Object.entries(json).flatMap(([key, value]) => [key, ...pathsIn(value).map((path) => `${key}.${path}`)]);
}

/** What the workflow stores for a field; undefined when it stores nothing. */
function storedValue({ parameters }: CreateFixture, { property: { name }, placement }: VideoField): unknown {
	const stored = placement !== 'panel' ? ((parameters.options ?? {}) as Record<string, unknown>) : parameters;
	return stored[name];
}

describe('names that workflows store', () => {
	/** Mode and its default model. Whatever is added later stands beside these; the first mode is the default one. */
	const FIRST_RELEASE: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
		flux: { textToVideo: 'flux-3', imageToVideo: 'flux-3' },
		happyHorse: { textToVideo: 'happyhorse-1.1', imageToVideo: 'happyhorse-1.1', referenceToVideo: 'happyhorse-1.1' },
		kling: {
			...{
				textToVideo: 'kling-v3',
				imageToVideo: 'kling-v3',
				multiImageToVideo: 'kling-v1-6',
				omniVideo: 'kling-video-o1',
			},
			...{ extendVideo: undefined, effects: undefined, avatar: undefined, lipSync: undefined, identifyFace: undefined },
			...{ advancedLipSync: undefined, textToSpeech: undefined, textToAudio: undefined, videoToAudio: undefined },
			...{ initSelection: undefined, addSelection: undefined, deleteSelection: undefined, clearSelection: undefined },
			...{ previewSelection: undefined, multimodalEdit: 'kling-v1-6', editInOneGo: 'kling-v1-6' },
		},
		midjourney: { imageToVideo: undefined, continueVideo: undefined },
		minimax: {
			...{ textToVideo: 'minimax-h3', imageToVideo: 'minimax-h3' },
			...{ textToVideoHailuo: 'minimax-hailuo-02', imageToVideoHailuo: 'minimax-hailuo-02' },
		},
		omni: { textToVideo: 'omni-fast', videoToVideo: 'omni-fast-v2v' },
		runway: {
			...{
				imageToVideo: 'gen4_turbo',
				videoToVideo: 'aleph2',
				upscale: 'magnific_video_upscaler_creative',
				characterPerformance: 'act_two',
			},
			...{ textToVideoCompatibility: 'gen4_turbo', imageToVideoCompatibility: 'gen4' },
		},
		seedance: {
			...{ textToVideo: 'doubao-seedance-2-0', imageToVideo: 'doubao-seedance-2-0' },
			...{
				textToVideoNative: 'doubao-seedance-1-5-pro-251215',
				firstLastFrameNative: 'doubao-seedance-1-5-pro-251215',
			},
		},
		sora: { textToVideo: 'sora-2', imageToVideo: 'sora-2', storyboard: 'sora-2-all', remix: undefined },
		veo: { textToVideo: 'veo3.1-fast', imageToVideo: 'veo3.1-fast', firstLastFrame: 'veo3.1-fast' },
		vidu: { textToVideo: 'viduq3-turbo', imageToVideo: 'viduq3-turbo', firstLastFrame: 'viduq3-turbo' },
		wan: { textToVideo: 'wan2.7', imageToVideo: 'wan2.7', referenceToVideo: 'wan2.6' },
		xai: {
			imageToVideo: 'grok-imagine-video-1.5',
			textToVideo: 'grok-imagine-video-1.5',
			editVideo: 'grok-imagine-video',
		},
		custom: { anyModel: undefined },
	};

	test.each(Object.entries(FIRST_RELEASE))('%s keeps its modes and their default models', (id, modes) => {
		const provider = findProvider(id);
		const current = Object.fromEntries(provider?.modes.map((mode) => [mode.id, mode.models[0]?.id]) ?? []);
		expect(current).toMatchObject(modes);
		expect(provider?.modes[0].id).toBe(Object.keys(modes)[0]);
	});

	test('providers of the first release stay, and no id is given twice', () => {
		const ids = VIDEO_PROVIDERS.map(({ id }) => id);
		expect(ids).toEqual(expect.arrayContaining(Object.keys(FIRST_RELEASE)));
		expect(ids).toEqual([...new Set(ids)]);
	});

	test('without a choice it is Seedance 2.0', () => {
		expect(DEFAULT_PROVIDER.id).toBe('seedance');
		expect(DEFAULT_PROVIDER.modes[0].models[0].id).toBe('doubao-seedance-2-0');
	});

	test.each(PROVIDERS)('%s: ids of modes, and of models within a mode, are unique', (_id, { modes }) => {
		const lists = [modes.map(({ id }) => id), ...modes.map(({ models }) => models.map(({ id }) => id))];
		for (const ids of lists) expect(ids).toEqual([...new Set(ids)]);
	});

	test('an unknown provider or mode is not found', () => {
		expect(findProvider('')).toBeUndefined();
		expect(findProvider('toString')).toBeUndefined();
		expect(findMode(DEFAULT_PROVIDER, 'remix')).toBeUndefined();
	});
});

describe('every fact of a descriptor is exercised by a recorded request', () => {
	test.each(MODES)('%s', (_name, provider, mode) => {
		expect(ordersOf(provider).filter((order) => order.mode === mode)).not.toHaveLength(0);
	});

	test.each(PROVIDERS)('%s: each model', (_id, provider) => {
		const recorded = ordersOf(provider).map(({ model }) => model);
		const known = provider.modes.flatMap(({ models }) => models.map(({ id }) => id));
		expect(known.filter((id) => !recorded.includes(id))).toEqual([]);
	});

	test.each(PROVIDERS)('%s: each field under its name on the wire, for each model of its gate', (_id, provider) => {
		const orders = ordersOf(provider);
		const fields = [...new Set(provider.modes.flatMap((mode) => mode.fields))];
		const missing = fields.flatMap((field) =>
			(field.models ?? [undefined]).filter((model) => !orders.some((order) => exercises(order, field, model))),
		);
		expect(missing).toEqual([]);
	});

	test.each(MODES)('%s: each media slot, for each model of its gate', (_name, provider, mode) => {
		const orders = ordersOf(provider).filter((order) => order.mode === mode);
		const missing = mode.media.flatMap((slot) =>
			(slot.models ?? [undefined])
				.filter((model) => model === undefined || mode.models.some(({ id }) => id === model))
				.filter((model) => !orders.some((order) => fills(order, slot, model)))
				.map((model) => [slot.name, model]),
		);
		expect(missing).toEqual([]);
	});

	function exercises({ fixture, fields, model }: Order, field: VideoField, wanted: string | undefined): boolean {
		const { sendAs } = field;
		if (!fields.includes(field) || (wanted !== undefined && wanted !== model)) return false;
		return sendAs === null ? storedValue(fixture, field) !== undefined : sentNames(fixture).includes(sendAs);
	}

	function fills({ fixture, slots, model }: Order, slot: MediaSlot, wanted: string | undefined): boolean {
		if (!slots.includes(slot) || !(slot.name in fixture.media) || (wanted !== undefined && wanted !== model))
			return false;
		const { sendAs, links } = slot;
		return (
			sendAs === null ||
			sentNames(fixture).some(
				(name) => name === links?.sendAs || name.replace(/\.\d+(?=\.|$)/, '.*') === sendAs || name === sendAs,
			)
		);
	}
});

describe('gates', () => {
	test.each(MODES)(
		'%s: fields and slots name only models that the mode or a sister mode has',
		(_name, provider, mode) => {
			const known = provider.modes.flatMap(({ models }) => models.map(({ id }) => id));
			const named = [...mode.fields, ...mode.media].flatMap(({ models = [] }) => models);
			expect(named.filter((id) => !known.includes(id))).toEqual([]);
		},
	);

	test.each(MODES)('%s: no two parameters of a model share a name', (_name, _provider, mode) => {
		const shared = [
			'resource',
			'operation',
			'provider',
			'mode',
			'model',
			'prompt',
			'waitForCompletion',
			'downloadVideo',
			'options',
		];
		for (const model of modelsOf(mode)) {
			const own = [
				...fieldsFor(mode, model).map(({ property }) => property.name),
				...slotsFor(mode, model).flatMap(({ name }) => [
					name,
					...['Source', 'Url', 'BinaryField', 'Data'].map((end) => name + end),
				]),
			];
			const names = [...own, ...shared];
			expect(names).toEqual([...new Set(names)]);
		}
	});

	test.each(MODES)('%s: an unknown model gets what the first one gets', (_name, _provider, mode) => {
		const first = mode.models[0]?.id ?? UNKNOWN_MODEL;
		expect(fieldsFor(mode, UNKNOWN_MODEL)).toEqual(fieldsFor(mode, first));
		expect(slotsFor(mode, UNKNOWN_MODEL)).toEqual(slotsFor(mode, first));
	});
});

describe('values', () => {
	test.each(MODES)('%s: each default is allowed', (_name, _provider, { fields }) => {
		expect(fields.filter((field) => !isDefaultAllowed(field))).toEqual([]);
	});

	function isDefaultAllowed({ property, required }: VideoField): boolean {
		const { type, default: preset, options = [], typeOptions = {} } = property;
		const { minValue = -Infinity, maxValue = Infinity, numberPrecision = 0 } = typeOptions;
		switch (type) {
			case 'number':
				return (
					Number(preset) >= minValue &&
					Number(preset) <= maxValue &&
					Number(Number(preset).toFixed(numberPrecision)) === preset
				);
			case 'options':
				return (options as INodePropertyOptions[]).some(({ value }) => value === preset);
			case 'string':
				// What nobody has to give is not sent unless somebody gives it.
				return required ? typeof preset === 'string' : preset === '';
			case 'boolean':
				return typeof preset === 'boolean';
			case 'json':
				return preset === '[]';
			default:
				return type === 'fixedCollection' && JSON.stringify(preset) === '{}';
		}
	}

	test.each(MODES)('%s: each option of a field is there once', (_name, _provider, { fields }) => {
		for (const { type, options = [] } of fields.map(({ property }) => property)) {
			const values = type === 'options' ? (options as INodePropertyOptions[]).map(({ value }) => value) : [];
			const names = options.map(({ name }) => name);
			expect(values).toEqual([...new Set(values)]);
			expect(names).toEqual([...new Set(names)]);
		}
	});

	/** n8n keeps a value when the provider is changed; a number under a name that means text elsewhere would be sent as it is. */
	test('one name means one type of value, at every provider and in the shared part', () => {
		const types = new Map<string, Set<string>>();
		const properties = [
			...new CometApiVideo().description.properties,
			...VIDEO_PROVIDERS.flatMap(({ modes }) => modes.flatMap(({ fields }) => fields.map(({ property }) => property))),
		];
		for (const { name, type, default: preset, options = [] } of properties) {
			const values = type === 'options' ? (options as INodePropertyOptions[]).map(({ value }) => value) : [];
			const seen = types.get(name) ?? new Set();
			for (const value of [preset, ...values]) seen.add(typeof value);
			types.set(name, seen);
		}
		expect([...types].filter(([, seen]) => seen.size > 1)).toEqual([]);
	});

	test.each(PROVIDERS)('%s: prices are positive numbers for tiers', (_id, { modes }) => {
		for (const { pricePerSecondUsd = {} } of modes.flatMap(({ models }) => models)) {
			for (const [tier, price] of Object.entries(pricePerSecondUsd)) {
				expect(tier).toMatch(/^\d{3,4}p$/);
				expect(price).toBeGreaterThan(0);
			}
		}
	});
});

describe('buildRequest', () => {
	const ORDERS = VIDEO_PROVIDERS.flatMap(ordersOf).map((order): [string, Order] => [order.fixture.file, order]);

	test.each(ORDERS)(
		'%s is the same request twice and leaves its input alone',
		(_file, { fixture, mode, model, fields, slots }) => {
			const { parameters, media } = fixture;
			const given = fields.map((field) => [
				field.property.name,
				storedValue(fixture, field) ?? (field.placement !== 'panel' ? undefined : field.property.default),
			]);
			const files = slots.map(({ name }) => [
				name,
				(media[name]?.files ?? []).map((file) => unreadMedia(file, media[name])),
			]);
			const input = deepFrozen<GenerateInput>({
				model,
				prompt: String(parameters.prompt ?? ''),
				values: Object.fromEntries(given) as GenerateInput['values'],
				media: Object.fromEntries(files) as GenerateInput['media'],
			});
			const descriptor = JSON.stringify(mode);

			const first = mode.buildRequest(input, mode);
			// Whoever adds to the first request (Extra Body Fields do) must not find it in the second.
			const firstBody = structuredClone(first.body);
			first.body.added = true;
			const second = mode.buildRequest(input, mode);

			const before = first.before && { ...first.before, complete: expect.any(Function) };
			expect(second).toEqual({ ...first, body: firstBody, ...(before && { before }) });
			const sentFiles = [...first.media, ...(first.before?.request.media ?? [])];
			expect(sentFiles).toHaveLength(Object.values(media).flatMap((slot) => slot.files).length);
			expect(JSON.stringify(mode)).toBe(descriptor);
		},
	);

	/** Building a request is no reason to read a file. */
	function unreadMedia(fileName: string, { source, formField }: FixtureMedia): MediaValue & { formField?: string } {
		const read = async () => await Promise.reject<Blob>(new Error(`${fileName} was read`));
		const url = source === 'url' ? `https://media.example.com/${fileName}` : undefined;
		return { fileName, mimeType: 'image/png', url, identity: fileName, seconds: 2.5, read, formField };
	}

	function deepFrozen<Value>(value: Value): Value {
		if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
		return value;
	}
});

describe('bodyFromFields', () => {
	const field = (name: string, type: VideoField['property']['type'], sendAs: string | null): VideoField => ({
		property: { displayName: name, name, type, default: '' },
		placement: 'options',
		sendAs,
	});
	const mode: VideoMode = {
		...DEFAULT_PROVIDER.modes[0],
		fields: [
			field('seed', 'number', 'seed'),
			field('loop', 'boolean', 'loop'),
			field('style', 'string', 'style_name'),
			{ ...field('cfg', 'number', 'cfg_scale'), encode: (value) => `${String(value)}.0` },
			field('ownWay', 'string', null),
		],
	};
	const bodyOf = (values: GenerateInput['values']) =>
		bodyFromFields(mode, { model: mode.models[0].id, prompt: '', values, media: {} });

	test('0 and false are values', () => {
		expect(bodyOf({ seed: 0, loop: false, cfg: 0 })).toEqual({ seed: 0, loop: false, cfg_scale: '0.0' });
	});

	test('what is empty, unknown or sent in another way is left out', () => {
		expect(bodyOf({ seed: undefined, loop: null, style: '', ownWay: 'x', size: '16:9' })).toEqual({});
	});
});

describe('headers of the provider files', () => {
	const FOLDER = join(__dirname, '../../nodes/CometApiVideo/providers');
	const LINES = ['Docs:', 'Create:', 'Status:', 'Statuses:', 'Result:', 'Quirks:'];

	function headerOf(id: string): string {
		const file = join(FOLDER, `${id}.ts`);
		const source = existsSync(file) ? file : join(FOLDER, id, 'index.ts');
		return /^\/\*\*.*?\*\//s.exec(readFileSync(source, 'utf8'))?.[0] ?? '';
	}

	test.each(PROVIDERS)('%s says where its facts come from', (id) => {
		const header = headerOf(id);
		expect(LINES.filter((line) => !header.includes(` * ${line}`))).toEqual([]);
		expect(header).toMatch(/checked \d{4}-\d{2}-\d{2}/);
	});

	test.each(PROVIDERS)('%s: each status word that its header names has a recorded reply', (id) => {
		const [, line = ''] = /Statuses:(.*)/.exec(headerOf(id)) ?? [];
		const claims = line.split('·').flatMap((part): string[][] => {
			const [words, state = ''] = part.split('→');
			const named = words.replace(/\(\w+: (\w+)\)/, ', $1').match(/\w+/g) ?? [];
			return part.includes('→') ? named.map((word) => [word, state.trim()]) : [];
		});
		const recorded = [...loadFixtures('status', id), ...loadFixtures('status', FAMILY_FOLDER)].map(
			({ expect: { rawStatus, status } }) => [rawStatus, status].join(),
		);
		expect(claims.length > 0 || line.includes('providers/unifiedTaskApi.ts')).toBe(true);
		expect(claims.filter((claim) => !recorded.includes(claim.join()))).toEqual([]);
	});
});
