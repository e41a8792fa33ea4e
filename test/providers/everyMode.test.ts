/** Create, wait and download with every mode of every provider, on the real engine, with nothing but what must be given. */
import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import { sizeOf } from '../../nodes/CometApiVideo/providers/sizes';
import type { MediaSlot, VideoField, VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import type { RecordedRequest, SimulatorOptions } from '../simulator/simulator';
import { sampleMp3, sampleVideo } from '../simulator/simulator';
import { documentedValues } from '../support/documentedValues';
import { errorText } from '../support/errorText';
import { loadFixtures } from '../support/loadFixtures';
import { atLength, firstOfEach } from '../support/longRun';
import type { MediaSource, SlotInput } from '../support/mediaInput';
import { MEDIA_SOURCES, mediaBytes, mediaInput, sentFileName } from '../support/mediaInput';
import { Parents, SELECTED_POINT } from '../support/parents';
import type { NodeRun, OnError, RunOptions } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

interface Job {
	/** Provider and mode. */
	key: string;
	provider: VideoProvider;
	mode: VideoMode;
	/** '' for a mode without models. */
	model: string;
	slots: readonly MediaSlot[];
}

const PROMPT = 'A lighthouse in a storm';
/** What its files are called. */
const PROMPT_NAME = 'a-lighthouse-in-a-storm';

/** For the mode that takes any model: one that came after this release, and one that takes several pictures. */
const NEW_MODEL = 'wan3.1';
const ANY_MODELS = [NEW_MODEL, 'doubao-seedance-2-0'];

/** Its routes are the user's, with tests of their own: test/nodes/ownRoute.test.ts. */
const hasRoutes = ({ id }: VideoMode) => id !== 'ownRoute';

const JOBS = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.filter(hasRoutes).flatMap((mode) => {
		const ids = mode.takesAnyModel ? ANY_MODELS : mode.models.length > 0 ? mode.models.map(({ id }) => id) : [''];
		const key = `${provider.id} ${mode.id}`;
		return ids.map((model): [string, Job] => [
			[key, model].filter(Boolean).join(' '),
			{ key, provider, mode, model, slots: slotsFor(mode, model) },
		]);
	}),
);
const MEDIA_JOBS = JOBS.filter(([, { slots }]) => slots.length > 0);

/**
 * Models of a mode differ in what the service allows, which one test of each model finds out; what the node itself does with a
 * route, a source or a missing file is the same for models of one class.
 */
const oneModelOfEachMode = (jobs: typeof JOBS) => firstOfEach(jobs, ([, { key }]) => key);

/** Models that have the same fields and slots get the same request but for their ID. */
const oneModelOfEachPanel = (jobs: typeof JOBS) =>
	firstOfEach(jobs, ([, { key, mode, model, slots }]) => [key, slots, fieldsFor(mode, model)]);

/** How a file of the slot is read and encoded, whatever the slot is called and wherever its files go. */
function kindOfSlot(slot: MediaSlot): unknown[] {
	const { kind, accepts, maxCount, required, mimeTypes, maxMegabytes, isNamed, links, byId } = slot;
	return [
		kind,
		accepts,
		maxCount > 1,
		required,
		mimeTypes,
		maxMegabytes,
		isNamed,
		links !== undefined,
		byId !== undefined,
	];
}

/** How many files each slot is given. */
type Counts = Readonly<Record<string, number>>;

/** What a mode cannot do without, besides prompt, model and media. Names in braces are parents, made before. */
const REQUIRED: Readonly<Record<string, (counts: Counts) => INodeParameters>> = {
	'sora storyboard': () => ({ shots: { shot: [{ duration: 10, scene: 'A cat wakes on a windowsill' }] } }),
	'sora remix': () => ({ videoId: '{finishedSoraTask}' }),
	'midjourney continueVideo': () => ({ videoId: '{finishedMidjourneyTask}' }),
	'runway textToVideoCompatibility': () => ({ callbackUrl: 'https://hooks.example.com/runway' }),
	'runway imageToVideoCompatibility': () => ({ callbackUrl: 'https://hooks.example.com/runway' }),
	'runway styleRedraw': () => ({ callbackUrl: 'https://hooks.example.com/runway' }),
	'runway actOne': () => ({ callbackUrl: 'https://hooks.example.com/runway' }),
	'kling extendVideo': () => ({ parentTaskId: '{finishedKlingTask}', videoId: '{finishedKlingVideo}' }),
	'kling effects': ({ images }) => ({ effectScene: images === 2 ? 'heart_gesture_pro' : 'squish' }),
	'kling editInOneGo': ({ video, images = 0 }) => ({
		...(video ? {} : { videoId: '{finishedKlingVideo}', parentTaskId: '{finishedKlingTask}' }),
		editMode: ['removal', 'swap', 'addition'][images],
	}),
	'kling avatar': ({ soundFile }) => (soundFile ? {} : { audioId: '{klingSpeech}' }),
	'kling lipSync': ({ video, soundFile }) => ({
		...(video ? {} : { videoId: '{finishedKlingVideo}' }),
		...(soundFile ? {} : { audioId: '{klingSpeech}', speechSeconds: '2.5' }),
	}),
	'kling identifyFace': ({ video }) => (video ? {} : { videoId: '{finishedKlingVideo}' }),
	'kling advancedLipSync': ({ soundFile }) => ({
		...{ sessionId: '{klingFaceSession}', faceId: '{klingFace}' },
		...(soundFile ? {} : { audioId: '{klingSpeech}', speechSeconds: '2.5' }),
	}),
	'kling textToSpeech': () => ({ text: 'Welcome to our spring sale' }),
	'kling videoToAudio': ({ video }) => (video ? {} : { videoId: '{finishedKlingVideo}' }),
	'kling initSelection': ({ video }) =>
		video ? {} : { videoId: '{finishedKlingVideo}', parentTaskId: '{finishedKlingTask}' },
	'kling addSelection': () => ({ sessionId: '{klingSelectionSession}', points: { point: [{ x: 0.1, y: 0.9 }] } }),
	'kling deleteSelection': () => ({ sessionId: '{klingSelectionSession}', points: { point: [SELECTED_POINT] } }),
	'kling clearSelection': () => ({ sessionId: '{klingSelectionSession}' }),
	'kling previewSelection': () => ({ sessionId: '{klingSelectionSession}' }),
	'kling multimodalEdit': ({ images = 0 }) => ({
		...{ sessionId: '{klingSelectionSession}', editMode: ['removal', 'swap', 'addition'][images] },
	}),
};

/** Kling's first models: the only ones with masks. */
const KLING_V1 = ['kling-v1', 'kling-v1-5', 'kling-v1-6'];

/** Which slots are filled together, where not all can be. */
const SLOTS_TOGETHER: Readonly<Record<string, (model: string) => string[][]>> = {
	'kling imageToVideo': (model) => [
		['image', 'endFrame'],
		...(KLING_V1.includes(model) ? [['image', 'staticMask']] : []),
	],
	'kling omniVideo': () => [
		['images', 'firstFrame', 'endFrame'],
		['images', 'video'],
	],
};

function slotsTogether({ key, model, slots }: Job): MediaSlot[][] {
	const groups = SLOTS_TOGETHER[key]?.(model) ?? [slots.map(({ name }) => name)];
	return groups.map((names) => slots.filter(({ name }) => names.includes(name)));
}

/** An end frame needs the better quality with some models; the masters have no choice of it. */
function endFrameQuality({ key, mode, model }: Job, counts: Counts): INodeParameters {
	const hasChoice = fieldsFor(mode, model).some(({ property }) => property.name === 'quality');
	return key === 'kling imageToVideo' && counts.endFrame && hasChoice ? { quality: 'pro' } : {};
}

/** Results that are no video. Steps of an edit, and the search for faces, have no file at all. */
const FILES: Readonly<Record<string, ReadonlyArray<'mp4' | 'mp3' | 'png' | 'jpg'>>> = {
	'kling textToImage': ['png'],
	'kling multiImageToImage': ['png'],
	'kling virtualTryOn': ['jpg'],
	'runway textToImage': ['png'],
	'kling recognizeImage': [],
	'kling textToSpeech': ['mp3'],
	'kling textToAudio': ['mp3'],
	'kling videoToAudio': ['mp4', 'mp3'],
	...Object.fromEntries(
		['identifyFace', 'initSelection', 'addSelection', 'deleteSelection', 'clearSelection', 'previewSelection'].map(
			(id) => [`kling ${id}`, []],
		),
	),
};

/** Jobs whose answer is the result. */
const DONE_AT_ONCE = [...Object.keys(FILES).filter((key) => FILES[key].length === 0), 'kling textToSpeech'];

const isDoneAtOnce = ({ key }: Job) => DONE_AT_ONCE.includes(key);
const filesOf = ({ key }: Job) => FILES[key] ?? ['mp4'];

/** Where tasks are asked for, and how CometAPI says that they are done; on /v1/videos unless said here. */
const NATIVE: Readonly<Record<string, { route: string; done: string }>> = {
	kling: { route: '', done: 'succeed' },
	midjourney: { route: '/mj/task', done: 'SUCCESS' },
	'minimax textToVideoHailuo': { route: '/v1/query/video_generation', done: 'Success' },
	'minimax imageToVideoHailuo': { route: '/v1/query/video_generation', done: 'Success' },
	runway: { route: '/runwayml/v1/tasks', done: 'SUCCEEDED' },
	'runway textToVideoCompatibility': { route: '/runway/feed', done: 'SUCCESS' },
	'runway imageToVideoCompatibility': { route: '/runway/feed', done: 'SUCCESS' },
	'runway styleRedraw': { route: '/runway/feed', done: 'SUCCESS' },
	'runway actOne': { route: '/runway/feed', done: 'SUCCESS' },
	'veo textToVideoLegacy': { route: '/veo/v1/video/query', done: 'completed' },
	'seedance textToVideoNative': { route: '/volc/v3/contents/generations/tasks', done: 'succeeded' },
	'seedance firstLastFrameNative': { route: '/volc/v3/contents/generations/tasks', done: 'succeeded' },
	xai: { route: '/grok/v1/videos', done: 'done' },
};

const nativeOf = ({ key, provider }: Job) => NATIVE[key] ?? NATIVE[provider.id];
const NATIVE_JOBS = JOBS.filter(([, job]) => nativeOf(job));

/** Where the tasks of these modes answer if CometAPI has only the paths that its template of two parts can name. */
const TWO_SEGMENTS: Readonly<Record<string, string>> = {
	'kling extendVideo': '/kling/v1/videos/text2video',
	'kling avatar': '/kling/v1/videos/image2video',
	'kling lipSync': '/kling/v1/videos/lip-sync',
	'kling advancedLipSync': '/kling/v1/videos/lip-sync',
};
const UNSURE_JOBS = JOBS.filter(([, { key }]) => key in TWO_SEGMENTS);

/** Jobs that leave a selection other than it was, or use it up. */
const CHANGES_PARENTS = /(Selection|multimodalEdit)$/;

let node: VideoNodeTest;
let parents: Parents;
let settings: SimulatorOptions;
/** Creates that made parents. */
let parentCreates: number;
let parentPolls: number;

/** What a job says does not depend on those before it, so the tests of a block share a simulator, and what jobs start from. */
function useNode(options: SimulatorOptions = {}) {
	beforeAll(async () => {
		settings = options;
		// Two or three looks show as much as the usual six.
		node = await VideoNodeTest.startShared({ taskSeconds: 20, ...options });
		parents = new Parents(node);
	});

	afterAll(async () => {
		await node.closeShared();
	});
}

async function runJob(
	job: Job,
	slots: readonly SlotInput[],
	more: INodeParameters = {},
	options: RunOptions = {},
): Promise<NodeRun> {
	const { key, provider, mode, model } = job;
	const input = mediaInput(slots, mediaUrl());
	const counts = Object.fromEntries(slots.map(({ slot, files }) => [slot, files.length]));
	if (CHANGES_PARENTS.test(key)) parents = new Parents(node);
	const required = await parents.fillIn(REQUIRED[key]?.(counts) ?? {});
	[parentCreates, parentPolls] = [node.creates().length, node.polls().length];
	return await node.run(
		{
			provider: provider.id,
			mode: mode.id,
			...(model === '' ? {} : { model: { __rl: true, mode: 'id', value: model } }),
			...(mode.prompt === 'none' ? {} : { prompt: PROMPT }),
			...required,
			...endFrameQuality(job, counts),
			...input.parameters,
			...more,
			options: { simplify: false, ...(more.options as INodeParameters) },
		},
		{ items: [{ json: {}, binary: input.binary }], ...options },
	);
}

const mediaUrl = () => `${node.simulator.resultOrigin}/media`;

/** Both want pictures by the kind of the edit. */
const EDITS = ['kling multimodalEdit', 'kling editInOneGo'];

/** What has to be given: required slots, and the picture of a swap. */
function requiredFiles(job: Job): SlotInput[] {
	const inputs = oneFileEach(job, job.slots, 'url');
	return inputs.filter(
		(_, index) => job.slots[index].required || (EDITS.includes(job.key) && job.slots[index].name === 'images'),
	);
}

/** One suitable file for each slot; links where the slot takes nothing else. */
function oneFileEach(job: Job, slots: readonly MediaSlot[], source: MediaSource): SlotInput[] {
	return slots.map((slot, index) => slotInput(slot, isLinkOnly(slot) ? 'url' : source, [fileFor(job, slot, index)]));
}

function isLinkOnly({ accepts, links }: MediaSlot): boolean {
	return links?.isUsual === true || accepts.every((encoding) => encoding === 'url');
}

/** Sora wants a picture of the size of the video. */
function fileFor({ provider, mode, model }: Job, { kind }: MediaSlot, index: number): string {
	if (kind === 'video') return 'clip.mp4';
	if (kind === 'audio') return 'sound.mp3';
	const fields = fieldsFor(mode, model);
	const size = sizeOf(fields, Object.fromEntries(fields.map(({ property }) => [property.name, property.default])));
	return provider.id === 'sora' ? `${String(size)}.png` : ['image.png', 'second.png', 'image.jpg'][index];
}

/** Pictures that differ, so that a changed order shows; of a type that the slot takes. */
function differentPictures({ mimeTypes }: MediaSlot, count: number): string[] {
	const takesWebp = mimeTypes.length === 0 || mimeTypes.includes('image/webp');
	const known = ['second.png', ...(takesWebp ? ['image.webp'] : []), 'image.png', 'image.jpg'];
	return Array.from({ length: count }, (_, index) => known[index] ?? `${300 + index}x300.png`);
}

function slotInput({ name, isNamed, required }: MediaSlot, source: MediaSource, files: readonly string[]): SlotInput {
	return { slot: name, source, files, optional: !required, ...(isNamed ? { formField: 'input_reference' } : {}) };
}

/** @param mode as the row has it; null where only a row with Simplify on is known of the task */
async function expectResult({ items, rows, error }: NodeRun, job: Job, mode: string | null = job.mode.id) {
	const { provider, model } = job;
	expect(errorText(error)).toBe('');
	expect(items).toHaveLength(1);
	const [row] = rows;
	const native = nativeOf(job);
	expect(row).toMatchObject({
		status: 'succeeded',
		rawStatus: native?.done ?? 'completed',
		provider: provider.id,
		mode,
		route: expectedRoute(job),
		failureReason: null,
	});
	expect(row).not.toHaveProperty('timedOut');
	// n8n's Retry On Fail would run the node, and pay, again.
	expect(row).not.toHaveProperty('error');
	expect(items[0].pairedItem).toEqual({ item: 0 });
	const made = node.simulator.tasks.get(String(row.taskId));
	expect(made === undefined).toBe(isDoneAtOnce(job));
	const ownModel = native ? null : made?.details.model;
	expect(row.model).toBe(model === '' ? ownModel : model);
	expectLinks(row, job);
	expectOutputs(row, job);
	await expectFilesOf(items[0], job);
	expect(createsOf(job).map(({ status }) => status)).toEqual(Array.from({ length: callsOf(job) }, () => 200));
}

function expectedRoute(job: Job): string {
	if (settings.klingQueryPaths === 'twoSegments' && job.key in TWO_SEGMENTS) return TWO_SEGMENTS[job.key];
	const creates = createsOf(job);
	return nativeOf(job)?.route || (job.provider.id === 'kling' ? creates[creates.length - 1].path : '/v1/videos');
}

function expectLinks(row: IDataObject, job: Job) {
	const files = filesOf(job);
	const { native, resultUrl } = node.simulator.tasks.get(String(row.taskId))?.details ?? {};
	const video = native?.fileUrls.mp4 ?? resultUrl ?? null;
	// Hailuo's link is looked up, for money, when the file is downloaded; the row shows it then.
	expect(row.videoUrl).toBe(files.includes('mp4') ? video : null);
	expect(row.videoUrls).toEqual(row.videoUrl === null ? [] : [row.videoUrl]);
	const pictures = native?.imageUrls ?? [];
	// A list of one says no more than its link.
	expect(row.imageUrls).toEqual(pictures.length > 1 ? pictures : undefined);
	expect(row.imageUrl).toBe(pictures[0]);
	if (!files.includes('mp3')) {
		expect(row).not.toHaveProperty('audioUrl');
		return;
	}
	const sound = native?.fileUrls.mp3 ?? expect.stringMatching(`^${node.simulator.resultOrigin}/results/.*\\.mp3`);
	expect(row.audioUrl).toEqual(sound);
	expect(row).not.toHaveProperty('audioUrls');
}

/** What follow-up jobs need. */
function expectOutputs(row: IDataObject, { key, provider }: Job) {
	if (provider.id !== 'kling') return;
	const { native } = node.simulator.tasks.get(String(row.taskId))?.details ?? {};
	if (native?.fileUrls.mp4) expect(row.videoId).toBe(native.videoId);
	if (native?.fileUrls.mp3) expect(row.audioId).toBe(native.audioId);
	if (key === 'kling textToSpeech') expect(row.audioId).toMatch(/^\d{18}$/);
	if (key === 'kling recognizeImage') {
		expect(row).toMatchObject({ hasSubject: true, hasHead: true, hasFace: true, hasClothes: false });
	}
	if (/identifyFace|Selection/.test(key)) expect(row.sessionId).toMatch(/^[0-9a-f-]{36}$/);
	if (key === 'kling identifyFace') {
		const faces = row.faces as IDataObject[];
		expect(faces).toHaveLength(2);
		expect(row.faceId).toBe(faces[0].face_id);
	}
}

const RESULT_FILES = {
	mp4: ['video/mp4', sampleVideo],
	mp3: ['audio/mpeg', sampleMp3],
	png: ['image/png', mediaBytes('image.png')],
	jpg: ['image/jpeg', mediaBytes('image.jpg')],
} as const;

async function expectFilesOf(item: NodeRun['items'][number], job: Job) {
	const files = filesOf(job);
	const fields = files.map((_, index) => (index === 0 ? 'data' : `data_${index}`));
	expect(Object.keys(item.binary ?? {})).toEqual(fields);
	for (const [index, field] of fields.entries()) {
		const [mimeType, bytes] = RESULT_FILES[files[index]];
		const words = item.json.prompt === PROMPT ? PROMPT_NAME : String(item.json.taskId);
		const name = `${words}${index === 0 ? '' : `_${index}`}.${files[index]}`;
		expect(item.binary?.[field]).toMatchObject({ mimeType, fileName: name });
		expect((await node.engine().readBinary(item, field)).equals(bytes)).toBe(true);
	}
}

/** A lip sync asks for the faces first, an edit opens the video and marks the thing. */
function callsOf({ key }: Job): number {
	return { 'kling lipSync': 2, 'kling editInOneGo': 3 }[key] ?? 1;
}

/** The creates of the job itself, one for each item. */
function createsOf(job: Job): RecordedRequest[] {
	const creates = node.creates().slice(parentCreates);
	expect(creates).toHaveLength(callsOf(job));
	return creates;
}

interface SentFile {
	/** Field of the form, or dotted path of the JSON body. */
	field: string;
	fileName?: string;
	/** Name of the sample that arrived, or what else did. */
	name: string;
	encoding: 'file' | 'url' | 'base64' | 'dataUri';
}

/** What arrived: file parts of a form, or links and encoded bytes in a JSON body. */
function sentFiles(job: Job, names: readonly string[]): SentFile[] {
	const nameOf = (bytes: Buffer) =>
		names.find((name) => mediaBytes(name).equals(bytes)) ?? `${bytes.length} other bytes`;
	return createsOf(job).flatMap(({ form, json }): SentFile[] => {
		if (form) {
			const links = form.fields.flatMap(([field, value]): SentFile[] =>
				value.startsWith(`${mediaUrl()}/`)
					? [{ field, name: value.slice(mediaUrl().length + 1), encoding: 'url' }]
					: [],
			);
			const files = form.files.map(({ field, fileName, bytes }) => ({
				field,
				fileName,
				name: nameOf(bytes),
				encoding: 'file' as const,
			}));
			return [...links, ...files];
		}
		return textsIn(json).flatMap(([field, text]): SentFile[] => {
			if (text.startsWith(`${mediaUrl()}/`))
				return [{ field, name: text.slice(mediaUrl().length + 1), encoding: 'url' }];
			const [, ofDataUri] = /^data:[^,]*;base64,(.*)$/.exec(text) ?? [];
			if (ofDataUri !== undefined)
				return [{ field, name: nameOf(Buffer.from(ofDataUri, 'base64')), encoding: 'dataUri' }];
			const isLong = text.length > 500;
			return isLong ? [{ field, name: nameOf(Buffer.from(text, 'base64')), encoding: 'base64' }] : [];
		});
	});
}

function textsIn(json: unknown, path = ''): Array<[string, string]> {
	if (typeof json === 'string') return [[path, json]];
	if (typeof json !== 'object' || json === null) return [];
	return Object.entries(json).flatMap(([key, value]) => textsIn(value, path === '' ? key : `${path}.${key}`));
}

/** Where files go that the descriptor leaves to the mode. */
const PLACES: Readonly<Record<string, Readonly<Partial<Record<string, (index: number, counts: Counts) => string>>>>> = {
	'kling effects': { images: (index, { images }) => (images === 1 ? 'input.image' : `input.images.${index}`) },
	'kling omniVideo': {
		images: (index) => `image_list.${index}.image_url`,
		firstFrame: (_index, { images = 0 }) => `image_list.${images}.image_url`,
		endFrame: (_index, { images = 0 }) => `image_list.${images + 1}.image_url`,
		video: () => 'video_list.0.video_url',
	},
};

function expectFiles(job: Job, inputs: readonly SlotInput[]) {
	const counts = Object.fromEntries(inputs.map(({ slot, files }) => [slot, files.length]));
	const expected = inputs.flatMap((input): SentFile[] => {
		const slot = job.slots.find(({ name }) => name === input.slot) as MediaSlot;
		const isLink = slot.links?.isUsual ?? (input.source === 'url' && slot.accepts.includes('url'));
		return input.files.map((name, index) => ({
			field:
				PLACES[job.key]?.[slot.name]?.(index, counts) ??
				(slot.links?.isUsual ? slot.links.sendAs : slot.sendAs?.replace('*', String(index))) ??
				String(input.formField),
			...(slot.accepts[0] === 'file' && !isLink ? { fileName: sentFileName(input, name) } : {}),
			name,
			encoding: isLink ? 'url' : slot.accepts[0],
		}));
	});
	const sent = sentFiles(
		job,
		expected.map(({ name }) => name),
	);
	// In a form the order counts; in JSON the place says what a file is for.
	const byField = (files: SentFile[]) =>
		createsOf(job)[0].form ? files : [...files].sort((a, b) => a.field.localeCompare(b.field));
	expect(byField(sent)).toEqual(byField(expected));
}

/** Of a job that nobody waits for: after the create nothing depends on the files. @param more parameters */
async function expectSent(job: Job, inputs: readonly SlotInput[], more: INodeParameters = {}) {
	const { rows, error } = await runJob(job, inputs, { ...more, waitForCompletion: false });
	expect(errorText(error)).toBe('');
	expect(rows.map(({ status }) => status)).toEqual([isDoneAtOnce(job) ? 'succeeded' : 'pending']);
	expect(createsOf(job).map(({ status }) => status)).toEqual(Array<number>(callsOf(job)).fill(200));
	expectFiles(job, inputs);
}

test('each mode has a recorded request', () => {
	const recorded = loadFixtures('create').map(({ folder, parameters }) => {
		const first = VIDEO_PROVIDERS.find(({ id }) => id === folder)?.modes[0].id;
		return `${folder} ${String(parameters.mode ?? first)}`;
	});
	expect(JOBS.filter(([, { key }]) => !recorded.includes(key))).toEqual([]);
});

test('the tables of this file name modes that exist', () => {
	const keys = new Set(JOBS.flatMap(([, { key, provider }]) => [key, provider.id]));
	const named = [REQUIRED, SLOTS_TOGETHER, FILES, NATIVE, TWO_SEGMENTS, PLACES].flatMap(Object.keys);
	expect(named.filter((key) => !keys.has(key))).toEqual([]);
});

describe.each([
	// After the create nothing depends on the model, and each model has its create below.
	['as CometAPI answers today', {}, atLength(oneModelOfEachMode(JOBS), oneModelOfEachPanel(JOBS))],
	[
		'as its native routes answered in March 2026',
		{ envelopes: 'march2026' },
		atLength(oneModeOfEachFormat(NATIVE_JOBS), oneModelOfEachMode(NATIVE_JOBS)),
	],
	['where Kling has query paths of two parts only', { klingQueryPaths: 'twoSegments' }, UNSURE_JOBS],
	[
		'where Kling has query paths of two parts only, as of March 2026',
		{ klingQueryPaths: 'twoSegments', envelopes: 'march2026' },
		UNSURE_JOBS,
	],
] satisfies Array<[string, SimulatorOptions, typeof JOBS]>)('a video with the defaults, %s', (_what, options, jobs) => {
	useNode(options);

	test.each(jobs)('%s', async (_name, job) => {
		const inputs = requiredFiles(job);
		const run = await runJob(job, inputs);
		await expectResult(run, job);
		expectFiles(job, inputs);
		const polls = node.polls().length - parentPolls;
		expect(polls > 0).toBe(!isDoneAtOnce(job));
		expect(run.rows[0].pollCount === 0).toBe(isDoneAtOnce(job));
	});
});

describe('every model', () => {
	useNode();

	/** Models that want the same files share a run, with an item for each. */
	const runOf = ([, job]: (typeof JOBS)[number]) => JSON.stringify([job.key, requiredFiles(job)]);
	const table = [...new Set(JOBS.map(runOf))].flatMap((run): Array<[string, Job, string[]]> => {
		const alike = JOBS.flatMap((entry) => (runOf(entry) === run ? [entry[1]] : []));
		const models = alike.map(({ model }) => model);
		return models[0] === '' ? [] : [[[alike[0].key, ...models].join(' '), alike[0], models]];
	});

	test.each(table)('%s is accepted with the defaults', async (_name, job, models) => {
		const model = { __rl: true, mode: 'id', value: '={{ $json.model }}' };
		const items = models.map((id) => ({ json: { model: id } }));
		await runJob(job, requiredFiles(job), { model, waitForCompletion: false }, { items });
		const creates = node.creates().slice(parentCreates);
		expect(creates.map(({ status }) => status)).toEqual(Array(models.length * callsOf(job)).fill(200));
		const sent = creates.map(({ form, json, path }) => `${path} ${JSON.stringify(form?.fields ?? json)}`);
		for (const id of models) expect(sent.filter((text) => text.includes(JSON.stringify(id)))).not.toEqual([]);
	});
});

describe('values of the fields', () => {
	useNode();

	/** Kling's word about fields that CometAPI documents for all models; the simulator takes Kling's. */
	const V1_ONLY = /Other models than Kling 1 may refuse it/;

	/** Fields whose values each want other files; see "an edit takes the pictures that it needs". */
	const BOUND_TO_FILES = [
		...[
			'kling multimodalEdit editMode',
			'kling editInOneGo editMode',
			'kling effects quality',
			'kling effects effectScene',
		],
	];

	/** The fields of one parameter, by model: an item of one run for each of their values. */
	interface Values {
		field: VideoField;
		jobs: Array<{ job: Job; field: VideoField }>;
	}

	/** On /v1/videos the limits do not depend on the mode, so modes that need files are left out; a link costs nothing. */
	const jobs = JOBS.filter(([, job]) => nativeOf(job) || job.slots.every(({ required }) => !required));
	const fields = jobs.flatMap(([, job]) =>
		fieldsFor(job.mode, job.model)
			// Sizes: see test/nodes/sizes.test.ts.
			.filter(({ sizes }) => !sizes)
			.filter(({ sendAs, property: { type } }) => sendAs !== null && ['options', 'number', 'boolean'].includes(type))
			.filter(({ property: { name: field } }) => !BOUND_TO_FILES.includes(`${job.key} ${field}`))
			.filter(
				({ property: { description = '' } }) =>
					!V1_ONLY.test(description) || job.model === '' || KLING_V1.includes(job.model),
			)
			.map((field) => ({ job, field })),
	);
	const isSameRun = (one: { job: Job; field: VideoField }) =>
		JSON.stringify([
			...[one.job.key, one.field.property.name, one.field.property.type, one.field.placement, one.field.sendAs],
			...[requiredFiles(one.job), companions(one.field, one.job)],
		]);
	const table = [...new Set(fields.map(isSameRun))].map((run): [string, string, Values] => {
		const alike = fields.filter((one) => isSameRun(one) === run);
		const [{ job, field }] = alike;
		return [job.key, field.property.displayName, { field, jobs: alike }];
	});
	/** Numbers without limits have nothing beyond them. Limits are checked in one place, so one field of each kind shows it. */
	const limited = firstOfEach(
		table.filter(([, , { field }]) => ['options', 'number'].includes(field.property.type)),
		([, , { field, jobs: alike }]) => {
			const { type, options: choices = [], typeOptions: { minValue, maxValue, numberPrecision } = {} } = field.property;
			const hasLimits = [minValue, maxValue].map((limit) => limit !== undefined);
			const values = (choices as INodePropertyOptions[]).map(({ value }) => typeof value);
			return [type, field.placement, alike[0].job.model === '', hasLimits, numberPrecision, [...new Set(values)]];
		},
	);

	/** What one field needs of another to have all its values. */
	function companions({ property }: VideoField, { provider, model }: Job): INodeParameters {
		// n8n shows what depends on an expression, and wants it filled in.
		if (property.name === 'voice') return { voiceId: 'oversea_male1' };
		return provider.id === 'kling' && model === 'kling-v2-6' && property.name === 'sound' ? { quality: 'pro' } : {};
	}

	/** One item for each value of each model; the field takes it by an expression, which passes the panel's own limits by. */
	async function runWith(
		{ field: { property, placement }, jobs: [{ job, field }] }: Values,
		values: ReadonlyArray<{ model: string; value: unknown }>,
		onError?: OnError,
	): Promise<NodeRun> {
		const parameter = { [property.name]: '={{ $json.value }}' };
		return await runJob(
			job,
			requiredFiles(job),
			{
				...companions(field, job),
				...(job.model === '' ? {} : { model: { __rl: true, mode: 'id', value: '={{ $json.model }}' } }),
				...(placement === 'panel' ? parameter : { options: parameter }),
				waitForCompletion: false,
			},
			{ items: values.map((json) => ({ json: json as IDataObject })), onError },
		);
	}

	function offered({ property }: VideoField): unknown[] {
		const { type, default: preset, typeOptions = {} } = property;
		if (type === 'boolean') return [true, false];
		// "Other" is named in a field of its own.
		if (type === 'options') return documentedValues(property).filter((value) => value !== 'other');
		return [...new Set([typeOptions.minValue, preset, typeOptions.maxValue])].filter((value) => value !== undefined);
	}

	function beyond({
		property: { type, typeOptions: { minValue, maxValue, numberPrecision = 0 } = {} },
	}: VideoField): unknown[] {
		if (type === 'options') return ['1x1', 3.5];
		return [
			...(minValue === undefined ? [] : [minValue - 1]),
			...(maxValue === undefined ? [] : [maxValue + 1]),
			...(numberPrecision === 0 ? [(minValue ?? 0) + 0.5] : []),
			'long',
		];
	}

	/** The value of a field as it arrived. */
	function sentValue({ form, json }: RecordedRequest, { sendAs }: VideoField): unknown {
		if (form) return form.fields.find(([name]) => name === sendAs)?.[1];
		return String(sendAs)
			.split('.')
			.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], json);
	}

	/** A field that several modes of a provider have alike goes the same way in each. */
	const tried = firstOfEach(table, ([, , { field, jobs: alike }]) => [
		...[alike[0].job.provider.id, nativeOf(alike[0].job)?.route, field.property, field.placement, field.sendAs],
	]);

	test.each(atLength(tried, table))(
		'%s: CometAPI takes each %s that the panel offers',
		async (_key, _label, values) => {
			// Models that have the same list tell the same: the others of a list get its end, in the long run both, where theirs would differ at CometAPI.
			const lists = values.jobs.map(({ field }) => JSON.stringify(offered(field)));
			const given = values.jobs.flatMap(({ job, field }, index) => {
				const all = offered(field);
				const isFirst = lists.indexOf(lists[index]) === index;
				return (isFirst ? all : [...new Set(atLength(all.slice(-1), [all[0], ...all.slice(-1)]))]).map((value) => ({
					...{ model: job.model, value, field, job },
				}));
			});
			const { rows, error } = await runWith(
				values,
				given.map(({ model, value }) => ({ model, value })),
			);
			expect(errorText(error)).toBe('');
			for (const { job, field } of values.jobs) expect([job.model, offered(field)]).not.toEqual([job.model, []]);
			expect(rows.map(({ status }) => status)).toEqual(
				given.map(({ job }) => (isDoneAtOnce(job) ? 'succeeded' : 'pending')),
			);
			const creates = node.creates().slice(parentCreates);
			expect(creates.map(({ status }) => status)).toEqual(
				given.flatMap(({ job }) => Array<number>(callsOf(job)).fill(200)),
			);
			// Before it come the steps that find out what it needs.
			const own = creates.filter(({ path }) => path === creates.at(-1)?.path);
			const isForm = creates[0].form !== undefined;
			// An empty value leaves the field to the model. A form has no types.
			const shown = (value: unknown) => (isForm ? String(value) : JSON.stringify(value));
			const expected = given.map(({ value, field }) =>
				value === '' ? undefined : (field.encode?.(value, {}) ?? value),
			);
			const sent = own.map((create) => sentValue(create, values.field));
			expect(sent.map(shown).sort()).toEqual(expected.map(shown).sort());
		},
	);

	test.each(limited)('%s: any other %s is refused before anything is sent', async (_key, label, values) => {
		const given = values.jobs.flatMap(({ job, field }) => beyond(field).map((value) => ({ model: job.model, value })));
		const { rows } = await runWith(values, given, 'continueRegularOutput');
		expect(rows.map(({ error }) => error)).toEqual(
			given.map(({ model, value }, index) => {
				const place = given.length > 1 ? ` in item ${index + 1}; nothing was created for it` : '; nothing was created';
				return `${label} cannot be ${JSON.stringify(value)}${model === '' ? '' : ` with the model ${model}`}${place}`;
			}),
		);
		expect(node.creates()).toHaveLength(parentCreates);
	});
});

/** One mode for each form of answers and kind of files: Kling has many paths, and one form for all. */
function oneModeOfEachFormat(jobs: typeof JOBS): typeof JOBS {
	return firstOfEach(jobs, ([, job]) => [job.provider.id, nativeOf(job)?.route, filesOf(job), isDoneAtOnce(job)]);
}

/** A task is fetched by its route: /v1/videos for all modes of a provider, a path for each mode of Kling. */
function oneModeOfEachRoute(jobs: typeof JOBS): typeof JOBS {
	const tasks = jobs.filter(([, job]) => !isDoneAtOnce(job));
	return firstOfEach(tasks, ([, job]) => [
		...[job.provider.id, nativeOf(job)?.route || (job.provider.id === 'kling' ? job.key : ''), filesOf(job)],
	]);
}

describe.each([
	['', {}, oneModeOfEachRoute(JOBS)],
	[
		', as of March 2026',
		{ envelopes: 'march2026' },
		atLength(oneModeOfEachFormat(oneModeOfEachRoute(NATIVE_JOBS)), oneModeOfEachRoute(NATIVE_JOBS)),
	],
	[', where Kling has query paths of two parts only', { klingQueryPaths: 'twoSegments' }, UNSURE_JOBS],
] satisfies Array<[string, SimulatorOptions, typeof JOBS]>)(
	'a row of a video that nobody waited for, stored as JSON, is enough to fetch it later%s',
	(_what, options, jobs) => {
		useNode(options);

		test.each(jobs)('%s', async (_name, job) => {
			// The row as it usually is: with Simplify on it says least.
			const options = { simplify: true };
			const [started] = (await runJob(job, requiredFiles(job), { waitForCompletion: false, options })).rows;
			expect(started).toMatchObject({ status: 'pending', provider: job.provider.id, videoUrl: null });
			const stored = JSON.parse(JSON.stringify(started)) as IDataObject;

			const later = await node.run(
				{
					...{ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}', downloadVideo: true },
					options: { simplify: false },
				},
				{ items: [{ json: stored }] },
			);

			await expectResult(later, job, null);
			expect(later.rows[0].taskId).toBe(started.taskId);
		});
	},
);

describe('a job that is done at once needs no wait', () => {
	useNode();

	test.each(JOBS.filter(([, job]) => isDoneAtOnce(job)))('%s', async (_name, job) => {
		const sleeps = () => node.clock.sleeps.length;
		const { rows, items } = await runJob(job, requiredFiles(job), { waitForCompletion: false });
		const before = sleeps();
		expect(rows).toMatchObject([{ status: 'succeeded', pollCount: 0, waitedSeconds: 0 }]);
		expectLinks(rows[0], job);
		expectOutputs(rows[0], job);
		expect(items[0].binary).toBeUndefined();
		expect(createsOf(job)[0].route).toBe('sync');
		expect(node.polls()).toHaveLength(parentPolls);
		expect(sleeps()).toBe(before);
	});
});

describe('media from each source', () => {
	useNode();

	/** Links for each model; from where else a file comes does not depend on the model. */
	const everySource = MEDIA_JOBS.flatMap(([name, job]) =>
		slotsTogether(job).flatMap((slots) =>
			MEDIA_SOURCES.filter((source) => source === 'url' || !slots.every(isLinkOnly)).map(
				(source): [string, string, MediaSource, MediaSlot[], Job] => [
					name,
					slots.map((slot) => slot.name).join(),
					source,
					slots,
					job,
				],
			),
		),
	);
	/**
	 * Where a file goes in the request is the same from each source, so each slot of each mode is filled by link; how bytes are sent depends
	 * on the provider and the kind of slot, how data of a field or a text are read on the kind alone.
	 */
	const ofMode = ({ key, provider }: Job, source: MediaSource) =>
		source === 'url' ? key : source === 'binary' ? atLength(provider.id, key) : '';
	const table = firstOfEach(everySource, ([, , source, slots, job]) => [
		...[source, ofMode(job, source)],
		source === 'url' ? slots : slots.map(kindOfSlot),
	]);

	test('every slot of every mode is filled', () => {
		const slots = MEDIA_JOBS.flatMap(([, { key, slots: own }]) => own.map(({ name }) => [key, name].join()));
		const filled = table.flatMap(([, , , own, { key }]) => own.map(({ name }) => [key, name].join()));
		expect(slots.filter((slot) => !filled.includes(slot))).toEqual([]);
	});

	test.each(table)('%s: %s from %s', async (_name, _slots, source, slots, job) => {
		await expectSent(job, oneFileEach(job, slots, source));
	});
});

describe('several media', () => {
	useNode();

	/** Slots of one field, whose order alone tells them apart. */
	const frames = MEDIA_JOBS.filter(
		([, { slots }]) => slots.length > 1 && new Set(slots.map(({ sendAs }) => sendAs)).size === 1 && slots[0].sendAs,
	);
	const lists = MEDIA_JOBS.filter(([, { slots, model }]) => slots[0].maxCount > 1 && model !== NEW_MODEL);
	/** Where the count is the contract's and not ours. */
	const bounded = lists.filter(([, { slots }]) => slots.every(({ isNamed }) => !isNamed));

	test('there are modes with first and last frame, and modes with lists', () => {
		expect(frames.length).toBeGreaterThan(0);
		expect(lists.length).toBeGreaterThan(0);
		const others = MEDIA_JOBS.filter(([, { slots }]) => slots.some(({ maxCount }, index) => index > 0 && maxCount > 1));
		// How many it takes depends on the edit; its requests are recorded, see contract.test.ts.
		expect(others.map(([, { key }]) => key)).toEqual(['kling editInOneGo']);
	});

	test.each(firstOfEach(frames, ([, { key, slots }]) => [key, slots]))(
		'%s: the first slot stays first, whatever the sources',
		async (_name, job) => {
			const [first, last] = job.slots;
			await expectSent(job, [slotInput(first, 'binary', ['second.png']), slotInput(last, 'url', ['image.png'])]);
		},
	);

	const fromEachSource = lists.flatMap(([name, job]) =>
		MEDIA_SOURCES.filter((source) => source === 'url' || !isLinkOnly(job.slots[0])).map(
			(source): [string, MediaSource, Job] => [name, source, job],
		),
	);

	/** The order in the request is the mode's, the order in which files are read the source's. */
	const orders = firstOfEach(fromEachSource, ([, source, { key, slots }]) =>
		source === 'url' ? [key, slots[0]] : [source, kindOfSlot(slots[0])],
	);

	test.each(orders)('%s: several from %s keep their order', async (_name, source, job) => {
		const [slot] = job.slots;
		await expectSent(job, [slotInput(slot, source, differentPictures(slot, Math.min(3, slot.maxCount)))]);
	});

	test.each(firstOfEach(bounded, ([, { key, slots }]) => [key, slots[0].maxCount]))(
		'%s: as many as the panel allows are accepted',
		async (_name, job) => {
			const [slot] = job.slots;
			const pictures = differentPictures(slot, slot.maxCount);
			await expectSent(job, [slotInput(slot, isLinkOnly(slot) ? 'url' : 'binary', pictures)]);
		},
	);

	test.each(
		firstOfEach(
			MEDIA_JOBS.filter(([, { slots }]) => slots[0].kind === 'image'),
			([, { key, provider, slots }]) =>
				atLength([provider.id, slots[0].maxCount, kindOfSlot(slots[0])], [key, slots[0]]),
		),
	)('%s: one more is refused before anything is sent', async (_name, job) => {
		const [slot, ...others] = job.slots;
		const inputs = [
			slotInput(slot, isLinkOnly(slot) ? 'url' : 'binary', differentPictures(slot, slot.maxCount + 1)),
			...others.filter(({ required }) => required).map((other) => slotInput(other, 'url', ['image.png'])),
		];
		const { error } = await runJob(job, inputs);
		expect(errorText(error)).toContain(`${slot.displayName}: ${slot.maxCount + 1} files are too many`);
		expect(errorText(error)).toContain(`takes at most ${slot.maxCount}.`);
		expect(node.creates()).toHaveLength(parentCreates);
	});
});

describe('an edit takes the pictures that it needs', () => {
	useNode();

	const [edit] = JOBS.flatMap(([, job]) => (job.key === 'kling multimodalEdit' ? [job] : []));

	test.each([
		['removal', []],
		['swap', ['second.png']],
		['addition', ['second.png']],
		['addition', ['second.png', 'image.png']],
	])('%s with %j', async (editMode, files) => {
		const inputs = files.length === 0 ? [] : [slotInput(edit.slots[0], 'binary', files)];
		await expectSent(edit, inputs, { editMode });
		expect(createsOf(edit)[0].json).toMatchObject({ edit_mode: editMode });
	});

	test.each([
		['removal', ['second.png']],
		['swap', []],
		['swap', ['second.png', 'image.png']],
		['addition', []],
	])('%s with %j is refused before anything is sent', async (editMode, files) => {
		const inputs = files.length === 0 ? [] : [slotInput(edit.slots[0], 'binary', files)];
		const { error } = await runJob(edit, inputs, { editMode });
		expect(errorText(error)).toContain(`${files.length} pictures do not fit the edit "${editMode}"`);
		expect(node.creates()).toHaveLength(parentCreates);
	});
});

describe('media that are missing', () => {
	useNode();

	const table = MEDIA_JOBS.flatMap(([name, job]) =>
		job.slots
			.filter(({ required }) => required)
			.map((slot): [string, string, MediaSlot, Job] => [name, slot.displayName, slot, job]),
	);

	const oneOfEachSlot = (entries: typeof table) =>
		firstOfEach(entries, ([, , slot, { key, provider }]) => atLength([provider.id, kindOfSlot(slot)], [key, slot]));

	test.each(oneOfEachSlot(table))(
		'%s without %s is refused before anything is sent',
		async (_name, _label, slot, job) => {
			const others = requiredFiles(job).filter((input) => input.slot !== slot.name);
			// n8n itself stops at an empty field; an expression that gives nothing gets as far as the node.
			const { error } = await runJob(job, others, { [`${slot.name}Url`]: '={{ $json.picture }}' });
			expect(errorText(error)).toContain(`${slot.displayName} is missing`);
			expect(node.creates()).toHaveLength(parentCreates);
		},
	);

	/** Links that are sent as they are cannot be looked into. */
	const checked = MEDIA_JOBS.flatMap(([name, job]) =>
		job.slots
			.filter((slot) => slot.mimeTypes.length > 0 && !isLinkOnly(slot))
			.map((slot): [string, string, MediaSlot, Job] => [name, slot.displayName, slot, job]),
	);

	/** What a file is, is looked into for all modes alike. */
	test.each(firstOfEach(checked, ([, , slot]) => kindOfSlot(slot)))(
		'%s refuses a web page as %s',
		async (_name, _label, slot, job) => {
			const others = requiredFiles(job).filter((input) => input.slot !== slot.name);
			const isFetched = !slot.accepts.includes('url');
			const page = isFetched
				? { [`${slot.name}Source`]: 'url', [`${slot.name}Url`]: `${mediaUrl()}/page.html` }
				: {
						[`${slot.name}Source`]: 'data',
						[`${slot.name}Data`]: Buffer.from('<!doctype html><title>Not a picture</title>').toString('base64'),
					};
			const { error } = await runJob(job, others, page);
			expect(errorText(error)).toContain(
				`${slot.displayName} "${isFetched ? 'page.html' : slot.name}" is no file of a known type`,
			);
			expect(errorText(error)).toContain(`Allowed: ${slot.mimeTypes.join(', ')}`);
			expect(node.creates()).toHaveLength(parentCreates);
		},
	);
});
