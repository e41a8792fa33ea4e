/** Whatever a person or a sheet fills in: what is allowed arrives as it is, and what is not is refused before it costs. */
import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { MediaSlot, VideoField } from '../../nodes/CometApiVideo/providers/types';
import type { RecordedRequest } from '../simulator/simulator';
import { fuzzSettings } from '../support/fuzz';
import { brokenPanelOf } from './brokenPanels';
import { PanelRunner, contentOf } from './panelRun';
import type { Job, Panel } from './panels';
import { JOBS, labelsOf, panelOf, placed, shownFields, valueOf, withDefaults } from './panels';

let runner: PanelRunner;

beforeAll(async () => {
	runner = await PanelRunner.start();
});

afterAll(async () => {
	await runner.close();
});

/** What the node leaves to CometAPI, which refuses free of charge: limits that only one of two contradicting pages has. */
const LEFT_TO_COMETAPI = [
	/(camera_control|cfg_scale|sound|multi_shot|masks|mode) (is|are) not supported by this model/,
	/(sound|image_tail) needs mode pro|image_tail and sound exclude|voice_list needs sound on/,
	/prompt must not exceed \d+ characters/,
	/input\.images? (must be an array|is required)/,
	/duration value '\d+' is invalid/,
	/a base video and a first_frame exclude each other/,
	/points: no such selection|a selection|at most 10 frames can be marked/,
	/index must be between 0 and 3/,
	// A name of the user's own, a face that is not in the video, and links where nobody knows whether the model takes them.
	/effect_scene \S+ is not supported|Face Number \d+ does not exist|unknown field reference_urls/,
	// One seed draws the same ID for several jobs.
	/external_task_id must be unique/,
	// Fields and files of the user's own.
	/the body must be (multipart|application)|unknown field negative_prompt|invalid size|too many input_reference files|invalid for model|is not valid for model/,
];

/** The value of a field as it arrived. */
function sentValue({ form, json }: RecordedRequest, sendAs: string): unknown {
	if (form) return form.fields.find(([name]) => name === sendAs)?.[1];
	return sendAs.split('.').reduce<unknown>((value, key) => (value as IDataObject | undefined)?.[key], json);
}

/** Forms have line breaks of two characters. */
const comparable = (value: unknown) => String(value).replace(/\r?\n/g, '\n');

function expectArrival(job: Job, panel: Panel, creates: readonly RecordedRequest[]) {
	const fields = fieldsFor(job.mode, panel.model);
	for (const { property, sendAs, encode } of fields) {
		const value = panel.values[property.name];
		const isParent = /^\{\w+\}$/.test(String(value));
		if (sendAs === null || value === undefined || value === '' || isParent || isReplaced(property.name, panel))
			continue;
		const sent = creates.map((create) => sentValue(create, sendAs)).find((found) => found !== undefined);
		expect([property.displayName, comparable(sent)]).toEqual([
			property.displayName,
			comparable(encode ? encode(value, withDefaults(fields, panel.values)) : value),
		]);
	}
	if (panel.prompt === '') return;
	const texts = creates.map(({ json, form }) =>
		comparable(JSON.stringify(json ?? form?.fields)).replaceAll('\\r\\n', '\\n'),
	);
	const wanted = JSON.stringify(panel.prompt).slice(1, -1).replaceAll('\\r\\n', '\\n');
	expect(texts.some((body) => body.includes(wanted))).toBe(true);
}

/** As the panel says: a first frame, or a video to change, has a shape of its own, and Exact Size goes over shape and resolution. */
function isReplaced(name: string, { media, values }: Panel): boolean {
	const has = (slot: string) => media.some((input) => input.slot === slot);
	if (values.exactSize !== undefined && ['aspectRatio', 'resolution'].includes(name)) return true;
	return name === 'aspectRatio' && (has('firstFrame') || (has('video') && values.videoUse !== 'feature'));
}

/** What the field's description calls meaningless without another field. */
function hasNoMeaning(name: string, job: Job, panel: Panel): boolean {
	const { values, media } = panel;
	if (['cameraMovement', 'cameraAmount'].includes(name)) return values.cameraType !== 'simple';
	if (['videoUse', 'keepOriginalSound'].includes(name)) return !media.some(({ slot }) => slot === 'video');
	if (name === 'speechSeconds') return values.soundEnd !== undefined || values.audioId === undefined;
	if (name === 'sendPicturesAs') return linkedSlots(job, panel).length === 0;
	return isReplaced(name, panel);
}

/** The filled slots whose pictures can travel in two ways. */
function linkedSlots({ mode }: Job, { model, media }: Panel): MediaSlot[] {
	return slotsFor(mode, model).filter(({ name, links }) => links && media.some(({ slot }) => slot === name));
}

/** Where "Other" has its name. */
const OTHER_NAMES: Readonly<Record<string, string>> = { voice: 'voiceId', effectScene: 'effectSceneName' };

/** The same text for values that mean the same. */
function meaningOf(name: string, value: unknown, job: Job, panel: Panel): string {
	if (value === 'other' && name in OTHER_NAMES) return JSON.stringify(panel.values[OTHER_NAMES[name]]);
	if (name !== 'sendPicturesAs' || value !== 'automatic') return JSON.stringify(value);
	return JSON.stringify(linkedSlots(job, panel).some(({ links }) => links?.isUsual) ? 'link' : 'file');
}

/** Parameters of all other modes and providers, and of fields that are not shown, each with a value that would show. */
function staleParameters(job: Job, panel: Panel): INodeParameters {
	const own = new Set([
		...['provider', 'mode', 'model', 'prompt', 'callbackUrl'],
		// Options of the mode that the model does not have are refused.
		...job.mode.fields.filter(({ placement }) => placement !== 'panel').map(({ property }) => property.name),
		...shownFields(job, panel).map(({ property }) => property.name),
		...job.mode.media.flatMap(({ name }) => [name, `${name}Source`, `${name}Url`, `${name}BinaryField`, `${name}Data`]),
	]);
	const others = VIDEO_PROVIDERS.flatMap(({ modes }) =>
		modes.flatMap(({ fields, media }) => [...fields, ...media.flatMap(({ byId }) => byId?.fields ?? [])]),
	).filter(({ property }) => !own.has(property.name));
	const staleOf = ({ property }: VideoField): unknown => {
		if (property.type === 'string') return `stale ${property.name}`;
		if (property.type === 'fixedCollection' || property.type === 'json') return property.default;
		return property.type === 'number' ? 7 : property.default;
	};
	const media = VIDEO_PROVIDERS.flatMap(({ modes }) => modes.flatMap((mode) => mode.media)).filter(
		({ name }) => !own.has(name),
	);
	return {
		...(job.mode.prompt === 'none' ? { prompt: 'stale prompt' } : {}),
		...Object.fromEntries(media.map(({ name }) => [`${name}Url`, 'https://stale.example/a.png'])),
		...placed(others.map((field) => [field, staleOf(field)])),
	};
}

/** A step after which the selection is not what it was. */
const takesBack = ({ key }: Job) => /(delete|clear)Selection/.test(key);

test.each(JOBS)('%s: what is allowed arrives, unmixed with what other modes have left behind', async (_key, job) => {
	const property = fc.asyncProperty(panelOf(job), fc.nat(), async (panel, seed) => {
		const run = await runner.run(job, panel);
		if (run.creates.length === 0) {
			expect(labelsOf(job).some((label) => run.error.includes(label)) ? '' : run.error).toBe('');
			return;
		}
		const isLeft = LEFT_TO_COMETAPI.some((pattern) => pattern.test(run.error));
		expect(isLeft ? '' : run.error).toBe('');
		expectArrival(job, panel, run.creates);

		const mixed = await runner.run(job, panel, staleParameters(job, panel));
		expect(contentOf(mixed.creates)).toEqual(contentOf(run.creates));

		const fields = fieldsFor(job.mode, panel.model).filter(
			({ property: { name } }) => name in panel.values && !hasNoMeaning(name, job, panel),
		);
		if (fields.length === 0) return;
		const field = fields[seed % fields.length];
		const { name, displayName } = field.property;
		const [other] = fc
			.sample(valueOf(job, panel.model, field), { seed, numRuns: 20 })
			.filter((value) => meaningOf(name, value, job, panel) !== meaningOf(name, panel.values[name], job, panel));
		if (other === undefined) return;
		const changed = await runner.run(job, { ...panel, values: { ...panel.values, [name]: other } });
		// By the node itself, in words of the panel; for a chain that may be after its first step.
		const isRefused = changed.error.includes(displayName.replace(/ \(.*\)$/, ''));
		if (isRefused || changed.creates.length === 0) return;
		expect({ [displayName]: contentOf(changed.creates) }).not.toEqual({ [displayName]: contentOf(run.creates) });
	});
	if (takesBack(job)) runner.renewParents();
	await fc.assert(property, { ...fuzzSettings(1), ...(takesBack(job) ? { numRuns: 1 } : {}) });
	if (takesBack(job)) runner.renewParents();
});

test.each<[string, string, INodeParameters]>([
	[
		'Shots',
		'sora',
		{
			mode: 'storyboard',
			shots: {
				shot: [
					{ duration: 5, scene: 'A cat' },
					{ duration: 5, scene: 'Then {{ $json.scene }}' },
				],
			},
		},
	],
	['Shots', 'kling', { prompt: 'x', options: { shots: { shot: [{ duration: 5, scene: '{{ $json.scene }}' }] } } }],
	[
		'Form Fields',
		'custom',
		{
			prompt: 'x',
			model: { __rl: true, mode: 'id', value: 'wan3.1' },
			formFields: { field: [{ name: 'seconds', value: '{{ $json.seconds }}' }] },
		},
	],
])('%s of %s: an expression that was left as text in a row is refused', async (label, provider, parameters) => {
	const before = runner.node.creates().length;
	const { error } = await runner.node.run({ provider, ...parameters });
	expect(error?.message).toContain(`${label} contains the text {{`);
	expect(runner.node.creates()).toHaveLength(before);
});

test.each(JOBS)('%s: what is wrong is refused before anything is sent, by its name', async (_key, job) => {
	const property = fc.asyncProperty(brokenPanelOf(job, panelOf(job)), async ({ panel, breakage }) => {
		const json = { value: breakage.value } as IDataObject;
		const { error, creates } = await runner.run(job, panel, breakage.parameters, json);
		if (breakage.label === '') return;
		expect([breakage.what, creates.length]).toEqual([breakage.what, 0]);
		expect(error).toContain(breakage.label);
		expect(error).not.toMatch(/is not a function|Cannot (read|create)|undefined|\[object/);
	});
	await fc.assert(property, fuzzSettings(1));
});
