/** Create, wait and download with every mode of every provider, on the real engine, with nothing but what must be given. */
import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { MediaSlot, VideoField, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import type { RecordedFile } from '../simulator/simulator';
import { sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { MediaSource, SlotInput } from '../support/mediaInput';
import { MEDIA_SOURCES, mediaBytes, mediaInput, sentFileName } from '../support/mediaInput';
import type { NodeRun, OnError, RunOptions } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

interface Job {
	provider: VideoProvider;
	mode: VideoMode;
	/** '' for a mode without models. */
	model: string;
	slots: readonly MediaSlot[];
}

/** For the mode that takes any model: one that came after this release, and one that takes several pictures. */
const NEW_MODEL = 'wan3.1';
const ANY_MODELS = [NEW_MODEL, 'doubao-seedance-2-0'];

const JOBS = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.flatMap((mode) => {
		const ids = mode.takesAnyModel ? ANY_MODELS : mode.models.length > 0 ? mode.models.map(({ id }) => id) : [''];
		return ids.map((model): [string, Job] => [
			[provider.id, mode.id, model].filter(Boolean).join(' '),
			{ provider, mode, model, slots: slotsFor(mode, model) },
		]);
	}),
);
const MEDIA_JOBS = JOBS.filter(([, { slots }]) => slots.length > 0);

/** What a mode cannot do without, besides prompt, model and media. `finishedTask` is the id of a finished Sora task. */
const REQUIRED: Readonly<Record<string, (finishedTask: string) => INodeParameters>> = {
	'sora storyboard': () => ({ shots: { shot: [{ duration: 10, scene: 'A cat wakes on a windowsill' }] } }),
	'sora remix': (finishedTask) => ({ videoId: finishedTask }),
};

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

async function runJob(
	{ provider, mode, model }: Job,
	slots: readonly SlotInput[],
	more: INodeParameters = {},
	options: RunOptions = {},
): Promise<NodeRun> {
	const input = mediaInput(slots, `${node.simulator.resultOrigin}/media`);
	const required = REQUIRED[`${provider.id} ${mode.id}`];
	return await node.run(
		{
			provider: provider.id,
			mode: mode.id,
			...(model === '' ? {} : { model: { __rl: true, mode: 'id', value: model } }),
			...(mode.prompt === 'none' ? {} : { prompt: 'A lighthouse in a storm' }),
			...required?.(mode.id === 'remix' ? await finishSoraTask() : ''),
			...input.parameters,
			...more,
		},
		{ items: [{ json: {}, binary: input.binary }], ...options },
	);
}

async function finishSoraTask(): Promise<string> {
	const { rows } = await node.run({ provider: 'sora', prompt: 'A lighthouse in the sun', downloadVideo: false });
	return String(rows[0].taskId);
}

/** One suitable file for each slot. Sora wants a picture of the size of the video. */
function oneFileEach(job: Job, source: MediaSource): SlotInput[] {
	return job.slots.map((slot, index) => slotInput(slot, source, [fileFor(job, slot, index)]));
}

function fileFor({ provider, mode, model }: Job, { kind }: MediaSlot, index: number): string {
	if (kind === 'video') return 'clip.mp4';
	const size = fieldsFor(mode, model).find(({ property }) => property.name === 'size')?.property.default;
	return provider.id === 'sora' ? `${String(size)}.png` : ['image.png', 'second.png'][index];
}

/** Pictures that differ, so that a changed order shows. */
function differentPictures(count: number): string[] {
	const known = ['second.png', 'image.webp', 'image.png', 'image.jpg'];
	return Array.from({ length: count }, (_, index) => known[index] ?? `${300 + index}x300.png`);
}

function slotInput({ name, isNamed }: MediaSlot, source: MediaSource, files: readonly string[]): SlotInput {
	return { slot: name, source, files, ...(isNamed ? { formField: 'input_reference' } : {}) };
}

async function expectVideo({ items, rows, error }: NodeRun, { provider, mode, model }: Job) {
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	const [row] = rows;
	const made = node.simulator.tasks.get(String(row.taskId));
	expect(made).toBeDefined();
	expect(row).toMatchObject({
		status: 'succeeded',
		rawStatus: 'completed',
		provider: provider.id,
		mode: mode.id,
		model: model === '' ? made?.details.model : model,
		route: '/v1/videos',
		videoUrl: made?.details.resultUrl,
		failureReason: null,
		timedOut: false,
	});
	// n8n's Retry On Fail would run the node, and pay, again.
	expect(row).not.toHaveProperty('error');
	expect(items[0].pairedItem).toEqual({ item: 0 });
	expect(items[0].binary).toMatchObject({ data: { mimeType: 'video/mp4', fileName: `${String(row.taskId)}.mp4` } });
	expect((await node.engine().readBinary(items[0], 'data')).equals(sampleVideo)).toBe(true);
}

function createsOf(job: Job) {
	const [create, ...more] = node.creates().slice(job.mode.id === 'remix' ? 1 : 0);
	expect(more).toHaveLength(0);
	return create;
}

/** What arrived, whether as file parts or as data URIs of a JSON body. */
function sentFiles(job: Job): Array<Pick<RecordedFile, 'field' | 'fileName' | 'bytes'>> {
	const { form, json } = createsOf(job);
	if (form) return form.files;
	return Object.entries(json as Record<string, string>).flatMap(([field, value]) =>
		value.startsWith('data:') ? [{ field, fileName: '', bytes: Buffer.from(value.split(',')[1], 'base64') }] : [],
	);
}

function expectFiles(job: Job, inputs: readonly SlotInput[]) {
	const expected = inputs.flatMap((input) => input.files.map((name) => ({ name, fileName: sentFileName(input, name) })));
	const sent = sentFiles(job);
	expect(sent.map(({ bytes }) => expected.map(({ name }) => mediaBytes(name)).findIndex((each) => each.equals(bytes)))).toEqual(
		expected.map((_, index) => index),
	);
	if (createsOf(job).form) expect(sent.map(({ fileName }) => fileName)).toEqual(expected.map(({ fileName }) => fileName));
	for (const { field } of sent) expect(job.slots.map(({ sendAs }) => sendAs ?? 'input_reference')).toContain(field);
}

describe('a video with the defaults', () => {
	test.each(JOBS)('%s', async (_name, job) => {
		const inputs = oneFileEach(job, 'url').filter((_, index) => job.slots[index].required);
		await expectVideo(await runJob(job, inputs), job);
		expect(createsOf(job).status).toBe(200);
		expectFiles(job, inputs);
	});
});

describe('values of the fields', () => {
	/** The limits do not depend on the mode, so modes that need files are left out. */
	const table = JOBS.filter(([, { slots }]) => slots.every(({ required }) => !required)).flatMap(([name, job]) =>
		fieldsFor(job.mode, job.model)
			.filter(({ sendAs, property: { type } }) => sendAs !== null && (type === 'options' || type === 'number'))
			.map((field): [string, string, VideoField, Job] => [name, field.property.displayName, field, job]),
	);

	/** One item for each value; the field takes it by an expression, which passes the panel's own limits by. */
	async function runWith(values: readonly unknown[], { property }: VideoField, job: Job, onError?: OnError): Promise<NodeRun> {
		return await runJob(
			job,
			[],
			{ [property.name]: '={{ $json.value }}', waitForCompletion: false },
			{ items: values.map((value) => ({ json: { value } as IDataObject })), onError },
		);
	}

	function offered({ property: { type, options = [], default: preset, typeOptions = {} } }: VideoField): unknown[] {
		if (type === 'options') return (options as INodePropertyOptions[]).map(({ value }) => value);
		return [typeOptions.minValue, preset, typeOptions.maxValue].filter((value) => value !== undefined);
	}

	function beyond({ property: { type, typeOptions: { minValue, maxValue } = {} } }: VideoField): unknown[] {
		if (type === 'options') return ['1x1', 3.5];
		return [Number(minValue) - 1, ...(maxValue === undefined ? [] : [maxValue + 1]), Number(minValue) + 0.5, 'long'];
	}

	test.each(table)('%s: CometAPI takes each %s that the panel offers', async (_name, _label, field, job) => {
		const values = offered(field);
		const { rows, error } = await runWith(values, field, job);
		expect(error).toBeUndefined();
		expect(rows.map(({ status }) => status)).toEqual(values.map(() => 'pending'));
		const sent = node.creates().map(({ form }) => form?.fields.find(([name]) => name === field.sendAs)?.[1]);
		expect(sent.sort()).toEqual(values.map(String).sort());
	});

	test.each(table)('%s: any other %s is refused before anything is sent', async (_name, label, field, job) => {
		const values = beyond(field);
		const { rows } = await runWith(values, field, job, 'continueRegularOutput');
		expect(rows.map(({ error }) => error)).toEqual(
			values.map((value) => `${label} cannot be ${JSON.stringify(value)} with the model ${job.model}`),
		);
		expect(node.creates()).toHaveLength(0);
	});
});

describe('a row of a video that nobody waited for, stored as JSON, is enough to fetch it later', () => {
	test.each(JOBS)('%s', async (_name, job) => {
		const inputs = oneFileEach(job, 'url').filter((_, index) => job.slots[index].required);
		const [started] = (await runJob(job, inputs, { waitForCompletion: false })).rows;
		expect(started).toMatchObject({ status: 'pending', provider: job.provider.id, mode: job.mode.id, videoUrl: null });
		const stored = JSON.parse(JSON.stringify(started)) as IDataObject;

		const later = await node.run(
			{ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}', downloadVideo: true },
			{ items: [{ json: stored }] },
		);

		await expectVideo(later, job);
		expect(later.rows[0].taskId).toBe(started.taskId);
		expect(createsOf(job).status).toBe(200);
	});
});

describe('media from each source', () => {
	const table = MEDIA_JOBS.flatMap(([name, job]) =>
		MEDIA_SOURCES.map((source): [string, MediaSource, Job] => [name, source, job]),
	);

	test.each(table)('%s from %s', async (_name, source, job) => {
		const inputs = oneFileEach(job, source);
		await expectVideo(await runJob(job, inputs), job);
		expectFiles(job, inputs);
	});
});

describe('several media', () => {
	const frames = MEDIA_JOBS.filter(([, { slots }]) => slots.length > 1);
	const lists = MEDIA_JOBS.filter(([, { slots, model }]) => slots.some(({ maxCount }) => maxCount > 1) && model !== NEW_MODEL);
	/** Where the count is the contract's and not ours. */
	const bounded = lists.filter(([, { slots }]) => slots.every(({ isNamed }) => !isNamed));

	test('there are modes with first and last frame, and modes with lists', () => {
		expect(frames.length).toBeGreaterThan(0);
		expect(lists.length).toBeGreaterThan(0);
	});

	test.each(frames)('%s: the first slot stays first, whatever the sources', async (_name, job) => {
		const [first, last] = job.slots;
		const inputs = [slotInput(first, 'binary', ['second.png']), slotInput(last, 'url', ['image.png'])];
		await expectVideo(await runJob(job, inputs), job);
		expectFiles(job, inputs);
	});

	test.each(lists.flatMap(([name, job]) => MEDIA_SOURCES.map((source): [string, MediaSource, Job] => [name, source, job])))(
		'%s: three from %s keep their order',
		async (_name, source, job) => {
			const inputs = [slotInput(job.slots[0], source, differentPictures(3))];
			await expectVideo(await runJob(job, inputs), job);
			expectFiles(job, inputs);
		},
	);

	test.each(bounded)('%s: as many as the panel allows are accepted', async (_name, job) => {
		const inputs = [slotInput(job.slots[0], 'binary', differentPictures(job.slots[0].maxCount))];
		await expectVideo(await runJob(job, inputs), job);
		expectFiles(job, inputs);
	});

	test.each(MEDIA_JOBS.filter(([, { slots }]) => slots[0].kind === 'image'))('%s: one more is refused before anything is sent', async (_name, job) => {
		const [slot, ...others] = job.slots;
		const inputs = [
			slotInput(slot, 'binary', differentPictures(slot.maxCount + 1)),
			...others.map((other) => slotInput(other, 'url', ['image.png'])),
		];
		const { error } = await runJob(job, inputs);
		expect(errorText(error)).toContain(`${slot.displayName}: ${slot.maxCount + 1} files are too many`);
		expect(errorText(error)).toContain(`takes at most ${slot.maxCount}.`);
		expect(node.creates()).toHaveLength(0);
	});
});

describe('media that are missing', () => {
	const table = MEDIA_JOBS.flatMap(([name, job]) =>
		job.slots.filter(({ required }) => required).map((slot): [string, string, MediaSlot, Job] => [name, slot.displayName, slot, job]),
	);

	test.each(table)('%s without %s is refused before anything is sent', async (_name, _label, slot, job) => {
		const others = oneFileEach(job, 'url').filter((input) => input.slot !== slot.name);
		// n8n itself stops at an empty field; an expression that gives nothing gets as far as the node.
		const { error } = await runJob(job, others, { [`${slot.name}Url`]: '={{ $json.picture }}' });
		expect(errorText(error)).toContain(`${slot.displayName} is missing`);
		expect(node.creates()).toHaveLength(0);
	});

	test.each(MEDIA_JOBS.filter(([, { slots }]) => slots[0].mimeTypes.length > 0))('%s refuses a web page', async (_name, job) => {
		const [slot] = job.slots;
		const page = `${node.simulator.resultOrigin}/media/page.html`;
		const { error } = await runJob(job, oneFileEach(job, 'url'), { [`${slot.name}Url`]: page });
		expect(errorText(error)).toContain(`${slot.displayName} "page.html" is no file of a known type`);
		expect(errorText(error)).toContain(`Allowed: ${slot.mimeTypes.join(', ')}`);
		expect(node.creates()).toHaveLength(0);
	});
});
