/**
 * The wire contract: requests as they leave the node, compared with recorded ones and with what the `form-data` package
 * would send, and every form of reply that was ever documented. The simulator has its own tables and must agree.
 */
import { createHash } from 'node:crypto';
import FormData from 'form-data';
import type { INodeParameters } from 'n8n-workflow';
import { VIDEO_PROVIDERS, findMode, findProvider, taskApisOf } from '../../nodes/CometApiVideo/providers';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { UnexpectedResponseError } from '../../nodes/CometApiVideo/task/errors';
import type { CreateRequest, StatusRequest, TaskApi, TaskRef, VideoTask } from '../../nodes/CometApiVideo/task/types';
import { unifiedTaskApi } from '../../nodes/CometApiVideo/providers/unifiedTaskApi';
import type { RecordedRequest } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { ANY_TEXT, FAMILY_FOLDER, fixtureFolders, loadFixtures } from '../support/loadFixtures';
import type { CreateFixture, CreatedFixture, FixtureKind } from '../support/loadFixtures';
import { mediaBytes, mediaInput, mediaMimeType } from '../support/mediaInput';
import { Parents } from '../support/parents';
import { VideoNodeTest } from '../support/videoNode';

const CREATES = loadFixtures('create');
const CREATED = loadFixtures('created');
const STATUSES = loadFixtures('status');

/** Each form of reply that a provider has, by provider and usual route. */
const ENVELOPES = VIDEO_PROVIDERS.flatMap((provider) =>
	taskApisOf(provider).map((taskApi): [string, Reader] => [
		`${provider.id} ${taskApi.routes[0]}`,
		{ provider, taskApi },
	]),
);

function byFile<Entry extends { file: string }>(entries: readonly Entry[]): Array<[string, Entry]> {
	return entries.map((entry) => [entry.file, entry]);
}

describe('a request leaves the node as recorded', () => {
	let node: VideoNodeTest;
	let parents: Parents;

	beforeAll(async () => {
		node = await VideoNodeTest.startShared({ taskSeconds: 20 });
		parents = new Parents(node);
	});

	afterAll(async () => {
		await node.closeShared();
	});

	/** Task IDs of what requests start from. */
	let known = new Set<string>();

	/** IDs of the user's own are the same in many requests, and CometAPI takes each once. */
	afterEach(() => {
		for (const taskId of node.simulator.tasks.keys()) if (!known.has(taskId)) node.simulator.tasks.delete(taskId);
	});

	test.each(byFile(CREATES))('%s', async (_file, recorded) => {
		const mode = modeOf(recorded);
		// A step of an edit leaves the selection other than it was, or uses it up.
		if (/Selection|multimodalEdit/.test(mode.id)) parents = new Parents(node);
		const { parameters, media, request, folder } = await parents.fillIn(recorded);
		known = new Set(node.simulator.tasks.keys());
		const mediaUrl = `${node.simulator.resultOrigin}/media`;
		const slots = Object.entries(media).map(([slot, input]) => ({ slot, ...input, optional: isOptional(mode, slot) }));
		const input = mediaInput(slots, mediaUrl);
		const creates = node.creates().length;

		const { rows, error } = await node.run(
			// What comes after the create is waited for in everyMode.test.ts.
			{
				...{ waitForCompletion: false, ...parameters, ...input.parameters },
				options: { simplify: false, ...(parameters.options as INodeParameters) },
			},
			{ items: [{ json: {}, binary: input.binary }] },
		);

		expect(errorText(error)).toBe('');
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({ provider: folder, mode: mode.id });
		const requests = [...(request.encoding === 'json' ? request.before : []), request];
		const sent = node.creates().slice(creates);
		expect(sent.map(({ method, path, status }) => [method, path, status])).toEqual(
			requests.map(({ path }) => ['POST', path, 200]),
		);
		const isDoneAtOnce = sent[sent.length - 1].route === 'sync';
		expect(node.simulator.tasks.has(String(rows[0].taskId))).toBe(!isDoneAtOnce);
		expect(rows[0].status).toBe(isDoneAtOnce ? 'succeeded' : 'pending');
		const files = slots.flatMap((slot) => slot.files);
		expect(files).toHaveLength(requests.reduce((sum, each) => sum + each.files.length + linkCount(each), 0));
		for (const [index, each] of requests.entries()) {
			files.splice(0, linkCount(each));
			const own = files.splice(0, each.files.length);
			if (each.encoding === 'json') {
				expectJson(sent[index], each, own, mediaUrl);
			} else {
				const expected = {
					...each,
					fields: each.fields.map(([name, value]) => [name, value.replace('{media}', mediaUrl)]),
				};
				expectMultipart(sent[index], expected as typeof each, own.map(mediaBytes));
				await expectSameAsReferenceEncoder(sent[index], expected as typeof each, own.map(mediaBytes));
			}
		}
	});
});

function modeOf({ file, folder, parameters }: CreateFixture): VideoMode {
	const provider = findProvider(folder);
	const mode = provider && findMode(provider, String(parameters.mode ?? provider.modes[0].id));
	if (!mode) throw new Error(`${file} is of a mode that does not exist`);
	return mode;
}

function isOptional({ media }: VideoMode, slotName: string): boolean {
	return media.some(({ name, required }) => name === slotName && !required);
}

/** Pictures that a form holds as links. */
function linkCount(request: RequestOf<'multipart'> | Pick<RequestOf<'json'>, 'encoding'>): number {
	return request.encoding === 'json' ? 0 : request.fields.filter(([, value]) => value.startsWith('{media}')).length;
}

type RequestOf<Encoding> = Extract<CreateFixture['request'], { encoding: Encoding }>;

function expectJson(
	sent: RecordedRequest,
	{ json, files }: Pick<RequestOf<'json'>, 'json' | 'files'>,
	names: readonly string[],
	mediaUrl: string,
) {
	const expected = structuredClone(json);
	for (const [index, { field, contentType, encoding }] of files.entries()) {
		const base64 = mediaBytes(names[index]).toString('base64');
		expect(mediaMimeType(names[index])).toBe(contentType);
		setAt(
			expected,
			field,
			{
				url: `${mediaUrl}/${names[index]}`,
				base64,
				dataUri: `data:${contentType};base64,${base64}`,
			}[encoding],
		);
	}
	expect(sent.headers['content-type']).toBe('application/json');
	expect(sent.json).toEqual(withPatterns(expected));
}

/** Makes the objects and lists on the way; a number in the path is a place in a list. */
function setAt(json: Record<string, unknown>, path: string, value: unknown) {
	const [key, ...rest] = path.split('.');
	if (rest.length === 0) {
		expect(json).not.toHaveProperty([key]);
		json[key] = value;
		return;
	}
	json[key] ??= /^\d+$/.test(rest[0]) ? [] : {};
	setAt(json[key] as Record<string, unknown>, rest.join('.'), value);
}

function expectMultipart(
	{ headers, form }: RecordedRequest,
	expected: RequestOf<'multipart'>,
	bytes: readonly Buffer[],
) {
	expect(headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/);
	expect(form?.fields).toEqual(expected.fields);
	expect(form?.files.map(({ field, fileName, contentType }) => ({ field, fileName, contentType }))).toEqual(
		expected.files,
	);
	expect(form?.files.map((file) => digest(file.bytes))).toEqual(bytes.map(digest));
}

/** Short enough to be read when it differs. */
function digest(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** `form-data` is the encoder of n8n's own nodes, so servers are known to read it. */
async function expectSameAsReferenceEncoder(
	sent: RecordedRequest,
	{ fields, files }: RequestOf<'multipart'>,
	bytes: readonly Buffer[],
) {
	const reference = new FormData();
	for (const [name, value] of fields) reference.append(name, value);
	files.forEach(({ field, fileName, contentType }, index) =>
		reference.append(field, bytes[index], { filename: fileName, contentType }),
	);
	const contentType = reference.getHeaders()['content-type'] as string;
	expect(await decodeForm(sent.body, sent.headers['content-type'])).toEqual(
		await decodeForm(reference.getBuffer(), contentType),
	);
}

/** All parts in their order, files with their content. */
async function decodeForm(body: Buffer, contentType = '') {
	const parts: Array<[string, string | File]> = [];
	const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
	form.forEach((value, name) => parts.push([name, value]));
	return await Promise.all(
		parts.map(async ([name, value]) =>
			typeof value === 'string'
				? { name, value }
				: { name, fileName: value.name, type: value.type, digest: digest(new Uint8Array(await value.arrayBuffer())) },
		),
	);
}

/** What the create finds out on its way cannot be known beforehand; the simulator refuses what it has not handed out. */
function withPatterns(json: unknown): unknown {
	if (json === ANY_TEXT) return expect.stringMatching(/./);
	if (Array.isArray(json)) return json.map(withPatterns);
	if (typeof json !== 'object' || json === null) return json;
	return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withPatterns(value)]));
}

describe('a reply is understood', () => {
	test.each(byFile(CREATED))('%s', (_file, fixture) => {
		const { body, path, expect: expected } = fixture;
		for (const { provider, taskApi } of readersOf(fixture, expected.route)) {
			const { raw, finished, ...created } = taskApi.parseCreated(body, request(path), provider.id);
			expect({ ...created, ...(finished && { finished: readingOf(finished) }) }).toEqual(expected);
			expectRaw(raw, body, taskApi);
			if (finished) {
				expect(finished.ref).toEqual({ provider: provider.id, taskId: created.taskId, route: created.route });
				expectRaw(finished.raw, body, taskApi);
			}
		}
	});

	test.each(byFile(STATUSES))('%s', (_file, fixture) => {
		const { ref, body, expect: expected } = fixture;
		for (const { provider, taskApi } of readersOf(fixture, ref.route)) {
			const own = { ...ref, provider: provider.id };
			const task = taskApi.parseTask(body, own);
			expect(readingOf(task)).toEqual(expected);
			expect(task.ref).toEqual(own);
			expectRaw(task.raw, body, taskApi);
		}
	});

	/** Where a task is asked for, by the documentation. */
	const PLACES: Readonly<Record<string, (taskId: string) => StatusRequest>> = {
		'/v1/videos': (taskId) => ({ method: 'GET', path: `/v1/videos/${taskId}` }),
		'/v1/query/video_generation': (taskId) => ({ method: 'GET', path: `/v1/query/video_generation?task_id=${taskId}` }),
		'/volc/v3/contents/generations/tasks': (taskId) => ({
			method: 'GET',
			path: `/volc/v3/contents/generations/tasks/${taskId}`,
		}),
		'/runwayml/v1/tasks': (taskId) => ({ method: 'GET', path: `/runwayml/v1/tasks/${taskId}` }),
		'/runway/feed': (taskId) => ({ method: 'POST', path: '/runway/feed', body: { task_id: taskId } }),
		'/veo/v1/video/query': (taskId) => ({ method: 'GET', path: `/veo/v1/video/query/${taskId}` }),
		'/grok/v1/videos': (taskId) => ({ method: 'GET', path: `/grok/v1/videos/${taskId}` }),
		'/mj/task': (taskId) => ({ method: 'GET', path: `/mj/task/${taskId}/fetch` }),
	};

	test.each(byFile(CREATED.filter(({ expect: { finished } }) => !finished)))(
		'%s asks for the task where the task is',
		(_file, fixture) => {
			const { body, path, expect: expected } = fixture;
			for (const { provider, taskApi } of readersOf(fixture, expected.route)) {
				const { taskId, route } = taskApi.parseCreated(body, request(path), provider.id);
				const ref: TaskRef = { provider: provider.id, taskId, route };
				const stored = JSON.parse(JSON.stringify(ref)) as TaskRef;
				expect(stored).toEqual(ref);
				expect(taskApi.routes).toContain(route);
				const place = PLACES[route] ?? ((id: string) => ({ method: 'GET', path: `${path}/${id}` }));
				expect(taskApi.statusRequest(stored)).toEqual(place(taskId));
			}
		},
	);

	test.each(ENVELOPES)('%s: a task id cannot leave its place in the path', (_name, { provider, taskApi }) => {
		const taskId = '../models?x=1';
		for (const route of taskApi.routes) {
			const { path, body } = taskApi.statusRequest({ provider: provider.id, taskId, route });
			const start = route.replace('/{taskId}', '');
			expect(path.startsWith(start)).toBe(true);
			const rest = path.slice(start.length);
			expect(body ? [rest, body] : rest).toEqual(
				body ? ['', { task_id: taskId }] : expect.stringMatching(/^(\/|\?task_id=)\.\.%2Fmodels%3Fx%3D1(\/fetch)?$/),
			);
		}
	});
});

describe('a reply that nobody can work with is refused, and the message says where', () => {
	const created = byFile(CREATED.filter(({ expect: { finished } }) => !finished));

	test.each(created)('%s without its id', (_file, fixture) => {
		const { body, path, expect: expected } = fixture;
		const withoutId = replaced(body, (_key, value) => (value === expected.taskId ? undefined : value));
		for (const { provider, taskApi } of readersOf(fixture, expected.route)) {
			expectRefusal(() => taskApi.parseCreated(withoutId, request(path), provider.id), /names no task/);
		}
	});

	test.each(created)('%s with an id that JSON cannot carry, or that is none', (_file, fixture) => {
		const { body, path, expect: expected } = fixture;
		for (const id of [12345678901234567890, { value: 'x' }, ['x']]) {
			const broken = replaced(body, (_key, value) => (value === expected.taskId ? id : value));
			for (const { provider, taskApi } of readersOf(fixture, expected.route)) {
				expectRefusal(() => taskApi.parseCreated(broken, request(path), provider.id), /names no task/);
			}
		}
	});

	test.each(created)('%s: nothing but the id of a created task matters', (_file, fixture) => {
		const { body, path, expect: expected } = fixture;
		const isNeeded = (key: string, value: unknown) =>
			value === expected.taskId || isContainer(value) || ENVELOPE_KEYS.includes(key);
		const odd = replaced(body, (key, value) => (isNeeded(key, value) ? value : ['odd']));
		const { status, task_status: word } = taskOf(odd);
		expect([status, word].filter((each) => typeof each === 'string')).toEqual([]);
		for (const { provider, taskApi } of readersOf(fixture, expected.route)) {
			expect(taskApi.parseCreated(odd, request(path), provider.id)).toMatchObject({
				taskId: expected.taskId,
				rawStatus: '',
			});
		}
	});

	test.each(ENVELOPES)('%s: a created task that is no object', (_name, { provider, taskApi }) => {
		for (const body of [null, 'task_example', ['task_example'], 7, {}]) {
			expectRefusal(() => taskApi.parseCreated(body, request(), provider.id), /names no task/);
		}
	});

	test.each(ENVELOPES.filter(([, { taskApi }]) => taskApi === unifiedTaskApi))(
		'%s: ids of other forms',
		(_name, { provider, taskApi }) => {
			expectRefusal(
				() => taskApi.parseCreated({ data: { task_id: { value: 'x' } } }, request(), provider.id),
				/no "id" or "task_id"/,
			);
			const odd = { id: 'task_paid', status: ['queued'], metadata: [], error: false, progress: {}, created_at: 'soon' };
			expect(taskApi.parseCreated(odd, request(), provider.id)).toMatchObject({ taskId: 'task_paid', rawStatus: '' });
			expect(taskApi.parseCreated({ id: null, task_id: 42 }, request(), provider.id)).toMatchObject({ taskId: '42' });
		},
	);

	const succeeded = STATUSES.filter(({ expect: { status } }) => status === 'succeeded');
	const withLink = succeeded.filter(({ ref, body }) => ref.route === '/v1/videos' && 'video_url' in taskOf(body));

	test.each(byFile(withLink))('%s with a link that is no text is left with the content route', (_file, fixture) => {
		const { ref, body } = fixture;
		const broken = changed(body, (task) => ({ ...task, video_url: { href: 'https://delivery.example.com' } }));
		for (const { taskApi } of readersOf(fixture, ref.route)) {
			const task = taskApi.parseTask(broken, ref);
			const sources = task.status === 'succeeded' ? task.assets.flatMap((asset) => asset.sources) : [];
			expect(sources).toContainEqual({ at: 'content', path: `${ref.route}/${ref.taskId}/content` });
		}
	});

	test.each(byFile(succeeded))('%s with a status that is no word goes by its link', (_file, fixture) => {
		const { ref, body } = fixture;
		const odd: Readonly<Record<string, unknown>> = {
			...{ status: ['completed'], task_status: ['succeed'], progress: {}, error: [], metadata: '' },
		};
		const broken = replaced(body, (key, value) => (key in odd ? odd[key] : value));
		const withoutLink = replaced(broken, (_key, value) => (isLink(value) ? 'no link' : value));
		for (const { taskApi } of readersOf(fixture, ref.route)) {
			const status = JSON.stringify(broken) === JSON.stringify(withoutLink) ? 'pending' : 'succeeded';
			expect(taskApi.parseTask(broken, ref)).toMatchObject({ status, rawStatus: '' });
			expect(taskApi.parseTask(withoutLink, ref)).toMatchObject({ status: 'pending', rawStatus: '' });
		}
	});
});

describe('the fixtures are complete', () => {
	const kinds: FixtureKind[] = ['create', 'created', 'status'];

	test('each provider has a folder with requests and replies, and no folder belongs to nobody', () => {
		expect(fixtureFolders()).toEqual([...VIDEO_PROVIDERS.map(({ id }) => id), FAMILY_FOLDER].sort());
		const counts = VIDEO_PROVIDERS.flatMap(({ id }) => kinds.map((kind) => [id, kind, loadFixtures(kind, id).length]));
		expect(counts.filter(([, , count]) => count === 0)).toEqual([]);
	});

	test.each(VIDEO_PROVIDERS.map(({ id }): [string] => [id]))('%s has a fixture of each end a task can take', (id) => {
		const ends = new Set(loadFixtures('status', id).map((fixture) => fixture.expect.status));
		expect([...ends].sort()).toEqual(['failed', 'pending', 'succeeded']);
	});
});

function expectRefusal(parse: () => unknown, message: RegExp) {
	expect(parse).toThrow(UnexpectedResponseError);
	expect(parse).toThrow(message);
}

interface Reader {
	provider: VideoProvider;
	taskApi: TaskApi;
}

/** Who understands a recorded reply: the envelope of its route, or those of all providers on the shared route. */
function readersOf({ folder }: { folder: string }, route: string): Reader[] {
	if (folder === FAMILY_FOLDER) {
		return ENVELOPES.map(([, reader]) => reader).filter(({ taskApi }) => taskApi === unifiedTaskApi);
	}
	const provider = findProvider(folder);
	if (!provider) throw new Error(`${folder} is no provider`);
	const taskApi = taskApisOf(provider).find(({ routes }) => routes.includes(route)) ?? provider.taskApi;
	return [{ provider, taskApi }];
}

type Body = CreatedFixture['body'];

function isWrapped(body: Body): boolean {
	return !('id' in body) && !('status' in body) && isContainer(body.data) && !Array.isArray(body.data);
}

/** The task inside a recorded reply. */
function taskOf(body: Body): Record<string, unknown> {
	return isWrapped(body) ? (body.data as Record<string, unknown>) : body;
}

function changed(body: Body, change: (task: Record<string, unknown>) => Record<string, unknown>): Body {
	return isWrapped(body) ? { ...body, data: change(taskOf(body)) } : change(body);
}

/** On /v1/videos the task itself; on other routes it may be the answer as a whole. */
function expectRaw(raw: unknown, body: Body, taskApi: TaskApi) {
	if (taskApi === unifiedTaskApi) expect(raw).toEqual(taskOf(body));
	else expect([body, taskOf(body)]).toContainEqual(raw);
}

/** Say whether the answer is a refusal; not part of the task. */
const ENVELOPE_KEYS = ['code', 'status_code'];

function isLink(value: unknown): boolean {
	return typeof value === 'string' && /^https:/.test(value);
}

function isContainer(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}

/** A copy with other values, at any depth. */
function replaced(body: Body, change: (key: string, value: unknown) => unknown): Body {
	const copy = (key: string, value: unknown): unknown => {
		const next = change(key, value);
		if (next !== value || !isContainer(value)) return next;
		if (Array.isArray(value)) return value.map((entry) => copy('', entry));
		return Object.fromEntries(Object.entries(value as object).map(([name, entry]) => [name, copy(name, entry)]));
	};
	return copy('', body) as Body;
}

/** The create to which a reply belongs. */
function request(path = '/v1/videos'): CreateRequest {
	return { path, encoding: 'multipart', body: {}, media: [] };
}

/** What a recorded reply is expected to say. */
function readingOf({ ref: _ref, raw: _raw, ...task }: VideoTask): Partial<VideoTask> {
	const entries = Object.entries(task).filter(
		([key, entry]) => entry !== undefined && !(key === 'outputs' && isEmpty(entry)),
	);
	return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
	return Object.keys(value as object).length === 0;
}
