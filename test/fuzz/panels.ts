/**
 * Random panels of the modes of the registry, made from the descriptors alone: what a person, a sheet of prompts or an AI
 * agent may fill in. Values that only a maker's own pages have are left out, as the simulator goes by CometAPI's.
 */
import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, isHidden, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import { sizeOf } from '../../nodes/CometApiVideo/providers/sizes';
import type { MediaSlot, VideoField, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { documentedValues } from '../support/documentedValues';
import type { SlotInput } from '../support/mediaInput';
import { SELECTED_POINT } from '../support/parents';

export interface Job {
	/** Provider and mode. */
	key: string;
	provider: VideoProvider;
	mode: VideoMode;
}

export const JOBS = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.map((mode): [string, Job] => {
		const key = `${provider.id} ${mode.id}`;
		return [key, { key, provider, mode }];
	}),
);

/** Of the mode that takes any model. */
const ANY_MODELS = ['wan3.1', 'doubao-seedance-2-0'];

export interface Panel {
	/** '' for a mode without models. */
	model: string;
	prompt: string;
	/** By parameter name; the ids of parents stand in braces. */
	values: Readonly<Record<string, unknown>>;
	media: readonly SlotInput[];
}

/** Boats, right-to-left text, marks that combine, quotes, line breaks, markup, a header in the making. */
const ODD_TEXTS = [
	'\u{1F6A4}\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
	'\u0645\u0631\u062D\u0628\u0627 \u202Eabc',
	'e\u0301\u00FC\u00DF \u4E16\u754C',
	'"quoted" \'text\' `code`',
	'one\ntwo\r\nthree',
	'<b>&amp;</b> %0D%0A ${x} }} {',
	'\r\nContent-Disposition: form-data; name="model"\r\n\r\nother',
	'\\" \\n \u0000'.slice(0, -1),
];

/** Begins with a letter: n8n takes a leading `=` for an expression, and blanks alone count as empty. */
const text = fc
	.tuple(
		fc.constantFrom('A', 'The', 'z'),
		fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom(...ODD_TEXTS)),
	)
	.map(([start, rest]) => `${start} ${rest}`.replaceAll('{{', '{').replaceAll('\u0000', ''));

const longText = text.map((part) => part.repeat(Math.ceil(3000 / part.length)));

/** Text fields with a form of their own. */
const FORMATTED: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
	callbackUrl: fc.constantFrom('https://hooks.example.com/video', 'https://hooks.example.com/a?b=%22c%22'),
	outputUploadUrl: fc.constant('https://storage.example.com/video.mp4?signature=a%2Bb'),
	characterUrl: fc.constant('https://example.com/character.mp4'),
	characterTimestamps: fc.constantFrom('1,3', '0.5,12'),
	elementIds: fc.constantFrom('160', '160, 161'),
	voiceIds: fc.constantFrom('829826', '829826,829830'),
	voice: fc.constantFrom('oversea_male1', 'genshin_vindi2', 'other'),
	voiceId: fc.constantFrom('oversea_male1', 'genshin_vindi2'),
	effectScene: fc.constantFrom('squish', 'heart_gesture_pro', 'other'),
	effectSceneName: fc.constantFrom('pet_lion', 'jelly_press'),
	// What is used of a sound is bound to the length of the speech.
	soundStart: fc.constantFrom(0, 0.5),
	soundEnd: fc.constantFrom(5, 4.5),
	insertAt: fc.constantFrom(0, 0.5),
	speechSeconds: fc.constantFrom('5', '4.5'),
	externalTaskId: fc.uuid(),
	dynamicMasks: fc.constantFrom(
		'[]',
		'[{"mask":"https://example.com/mask.png","trajectories":[{"x":0,"y":0},{"x":9,"y":9}]}]',
	),
	points: fc
		.subarray([SELECTED_POINT, { x: 0.1, y: 0.9 }, { x: 0, y: 1 }], { minLength: 1 })
		.map((point) => ({ point })),
	shots: fc
		.array(fc.record({ duration: fc.constantFrom(5, 2), scene: text }), { minLength: 1, maxLength: 3 })
		.map((shot) => ({ shot })),
	formFields: fc
		.uniqueArray(fc.constantFrom('seconds', 'size', 'negative_prompt'), { minLength: 1 })
		.chain((names) =>
			fc.tuple(
				...names.map((name) => fc.record({ name: fc.constant(name), value: fc.constantFrom('5', '16:9', '7') })),
			),
		)
		.map((field) => ({ field })),
	bodyFormat: fc.constantFrom('multipart', 'json'),
};

/** Ids that the simulator must know, by mode and field. */
const PARENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'sora remix': { videoId: '{finishedSoraTask}' },
	'midjourney continueVideo': { videoId: '{finishedMidjourneyTask}' },
	'kling advancedLipSync': { sessionId: '{klingFaceSession}', faceId: '{klingFace}' },
};
const KLING_PARENTS: Readonly<Record<string, string>> = {
	videoId: '{finishedKlingVideo}',
	parentTaskId: '{finishedKlingTask}',
	audioId: '{klingSpeech}',
	sessionId: '{klingSelectionSession}',
};

/** Parents of other parents' kinds: the task of a sound is not that of a video. */
function parentOf({ key, provider }: Job, name: string): string | undefined {
	if (key === 'kling avatar' && name === 'parentTaskId') return '{klingSpeechTask}';
	return PARENTS[key]?.[name] ?? (provider.id === 'kling' ? KLING_PARENTS[name] : undefined);
}

/** Values that the field's own limits allow. */
export function valueOf(job: Job, model: string, { property }: VideoField): fc.Arbitrary<unknown> {
	const { name, type, typeOptions = {} } = property;
	const parent = parentOf(job, name);
	if (parent) return fc.constant(parent);
	if (name === 'exactSize') return fc.constantFrom(...sizesOf(fieldsFor(job.mode, model)));
	if (name in FORMATTED) return FORMATTED[name];
	if (type === 'boolean') return fc.boolean();
	if (type === 'options') return fc.constantFrom(...documentedValues(property));
	if (type !== 'number') return text;
	const { minValue: min = -20, maxValue = min + 25, numberPrecision = 0 } = typeOptions;
	const steps = 10 ** numberPrecision;
	return fc.integer({ min: Math.ceil(min * steps), max: Math.floor(maxValue * steps) }).map((value) => value / steps);
}

/** In pixels, of the model. */
function sizesOf(fields: readonly VideoField[]): string[] {
	const { sizes = {} } = fields.find((field) => field.sizes) ?? {};
	return Object.values(sizes).flatMap((ofResolution) => Object.values(ofResolution));
}

function fileNames(slot: MediaSlot, size: unknown): string[] {
	if (slot.kind === 'video') return ['clip.mp4'];
	if (slot.kind === 'audio') return ['sound.mp3', 'sound.wav'];
	return typeof size === 'string' && /^\d+x\d+$/.test(size)
		? [`${size}.png`]
		: ['image.png', 'second.png', 'image.jpg'];
}

function slotOf({ provider }: Job, slot: MediaSlot, size: unknown): fc.Arbitrary<SlotInput[]> {
	const isLinkOnly = slot.accepts.every((encoding) => encoding === 'url');
	const files = fc.array(fc.constantFrom(...fileNames(slot, provider.id === 'sora' ? size : undefined)), {
		minLength: slot.required ? 1 : 0,
		maxLength: Math.min(slot.maxCount, 3),
	});
	const sources = isLinkOnly ? (['url'] as const) : (['url', 'binary', 'data'] as const);
	const given = fc.record({ source: fc.constantFrom(...sources), files }).map(({ source, files: names }) =>
		names.length === 0
			? ([] as SlotInput[])
			: [
					{
						slot: slot.name,
						source,
						files: names,
						optional: !slot.required,
						...(slot.isNamed ? { formField: 'input_reference' } : {}),
					},
				],
	);
	return slot.required ? given : fc.oneof({ weight: 2, arbitrary: fc.constant<SlotInput[]>([]) }, given);
}

/** Settings that mostly exclude each other, so they are rarely given. */
const RARE = ['cameraType', 'shots', 'voiceIds', 'elementIds', 'dynamicMasks', 'cfgScale', 'watermark'];
/** Options that go over others. */
const OVERRIDING = ['exactSize', 'sendPicturesAs'];

/** A panel in which each value is allowed by itself. Whether they go together is for the node to say. */
export function panelOf(job: Job): fc.Arbitrary<Panel> {
	const { mode } = job;
	const models = mode.takesAnyModel ? ANY_MODELS : mode.models.map(({ id }) => id);
	return fc.constantFrom(...(models.length > 0 ? models : [''])).chain((model) => {
		const fields = fieldsFor(mode, model);
		const isGiven = ({ required, property }: VideoField) => {
			const isNeeded = required || property.name === 'points' || job.key === 'sora storyboard';
			return isNeeded
				? fc.constant(true)
				: fc.integer({ min: 0, max: [...RARE, ...OVERRIDING].includes(property.name) ? 7 : 1 }).map((n) => n === 0);
		};
		const values = fc.tuple(...fields.map((field) => fc.tuple(isGiven(field), valueOf(job, model, field))));
		return values.chain((drawn) => {
			const given = Object.fromEntries(
				fields.flatMap(({ property: { name } }, index): Array<[string, unknown]> =>
					drawn[index][0] ? [[name, drawn[index][1]]] : [],
				),
			);
			const size = sizeOf(fields, withDefaults(fields, given));
			const slots = slotsFor(mode, model).map((slot) => slotOf(job, slot, size));
			return fc
				.record({
					model: fc.constant(model),
					prompt: mode.prompt === 'none' ? fc.constant('') : fc.oneof({ weight: 9, arbitrary: text }, longText),
					values: fc.constant(given),
					media: fc.tuple(...slots).map((inputs) => inputs.flat()),
				})
				.map((panel) => ({ ...panel, values: onlyShown(job, panel) }));
		});
	});
}

/** What the panel shows for fields that nobody has touched may say how others are sent. */
export function withDefaults(
	fields: readonly VideoField[],
	values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
	const shown = fields.filter(({ placement }) => placement === 'panel');
	return { ...Object.fromEntries(shown.map(({ property }) => [property.name, property.default])), ...values };
}

/** The fields that the panel shows: not the IDs of media that are given otherwise, nor what another field's value hides. */
export function shownFields({ mode }: Job, { model, values, media }: Panel): VideoField[] {
	const fields = fieldsFor(mode, model);
	const given = media.map(({ slot }) => slot);
	const unread = slotsFor(mode, model).flatMap(({ name, byId }) => (given.includes(name) ? (byId?.fields ?? []) : []));
	const all = withDefaults(fields, values);
	return fields.filter((field) => !unread.includes(field) && !isHidden(field, all));
}

function onlyShown(job: Job, panel: Panel): Panel['values'] {
	const shown = new Set(shownFields(job, panel).map(({ property }) => property.name));
	return Object.fromEntries(Object.entries(panel.values).filter(([name]) => shown.has(name)));
}

/** Where the values of fields stand in a workflow. */
const COLLECTIONS = { options: 'providerSettings', sharedOptions: 'options' } as const;

/** @returns parameters, with all collections that fields may stand in */
export function placed(entries: ReadonlyArray<[field: VideoField, value: unknown]>): INodeParameters {
	const parameters: Record<string, unknown> = { providerSettings: {}, options: {} };
	for (const [{ property, placement }, value] of entries) {
		const target = placement === 'panel' ? parameters : (parameters[COLLECTIONS[placement]] as Record<string, unknown>);
		target[property.name] = value;
	}
	return parameters as INodeParameters;
}

/** Parameters over others; the entries of collections are put together. */
export function mergeParameters(below: INodeParameters, over: INodeParameters): INodeParameters {
	const collections = Object.values(COLLECTIONS).map((name) => [
		name,
		{ ...(below[name] as INodeParameters), ...(over[name] as INodeParameters) },
	]);
	return { ...below, ...over, ...(Object.fromEntries(collections) as INodeParameters) };
}

/** The parameters as a workflow stores them, but for the media's. */
export function parametersOf({ provider, mode }: Job, { model, prompt, values }: Panel): INodeParameters {
	const given = fieldsFor(mode, model).filter(({ property }) => property.name in values);
	return {
		provider: provider.id,
		mode: mode.id,
		...(model === '' ? {} : { model: { __rl: true, mode: 'id', value: model } }),
		...(mode.prompt === 'none' ? {} : { prompt }),
		...placed(given.map((field) => [field, values[field.property.name]])),
	};
}

/** All labels that a message about this mode may name. */
export function labelsOf({ mode }: Job): string[] {
	return [
		'Prompt',
		'Model',
		...mode.fields.map(({ property }) => property.displayName),
		...mode.media.map(({ displayName }) => displayName),
	];
}
