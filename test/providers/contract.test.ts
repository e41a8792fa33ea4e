/**
 * The wire contract: requests as they leave the node, compared with recorded ones and with what the `form-data` package
 * would send, and every form of reply that was ever documented. The simulator has its own tables and must agree.
 */
import { createHash } from 'node:crypto';
import FormData from 'form-data';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { UnexpectedResponseError } from '../../nodes/CometApiVideo/tasks/errors';
import type { CreateRequest, TaskRef } from '../../nodes/CometApiVideo/tasks/types';
import type { RecordedRequest } from '../simulator/simulator';
import { FAMILY_FOLDER, FINISHED_SORA_TASK, fixtureFolders, loadFixtures } from '../support/loadFixtures';
import type { CreateFixture, CreatedFixture, FixtureKind, StatusFixture } from '../support/loadFixtures';
import { mediaBytes, mediaInput } from '../support/mediaInput';
import { VideoNodeTest } from '../support/videoNode';

const CREATES = loadFixtures('create');
const CREATED = loadFixtures('created');
const STATUSES = loadFixtures('status');

function byFile<Entry extends { file: string }>(entries: readonly Entry[]): Array<[string, Entry]> {
	return entries.map((entry) => [entry.file, entry]);
}

describe('a request leaves the node as recorded', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	test.each(byFile(CREATES))('%s', async (_file, fixture) => {
		const { parameters, media, request } = await withFinishedTask(node, fixture);
		const slots = Object.entries(media).map(([slot, input]) => ({ slot, ...input }));
		const input = mediaInput(slots, `${node.simulator.resultOrigin}/media`);
		const before = node.creates().length;

		const { rows, error } = await node.run(
			{ ...parameters, ...input.parameters },
			{ items: [{ json: {}, binary: input.binary }] },
		);

		expect(error).toBeUndefined();
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({ status: 'succeeded', provider: fixture.folder });
		expect(node.simulator.tasks.has(String(rows[0].taskId))).toBe(true);
		const [sent, ...more] = node.creates().slice(before);
		expect(more).toHaveLength(0);
		expect([sent.method, sent.path, sent.status]).toEqual([request.method, request.path, 200]);
		const files = slots.flatMap((slot) => slot.files.map(mediaBytes));
		if (request.encoding === 'json') {
			expectJson(sent, request, files);
		} else {
			expectMultipart(sent, request, files);
			await expectSameAsReferenceEncoder(sent, request, files);
		}
	});
});

type RequestOf<Encoding> = Extract<CreateFixture['request'], { encoding: Encoding }>;

function expectJson(sent: RecordedRequest, { json, files }: RequestOf<'json'>, bytes: readonly Buffer[]) {
	const media = files.map(({ field, contentType }, index) => [
		field,
		`data:${contentType};base64,${bytes[index].toString('base64')}`,
	]);
	expect(bytes).toHaveLength(files.length);
	expect(sent.headers['content-type']).toBe('application/json');
	expect(sent.json).toEqual({ ...json, ...Object.fromEntries(media) });
}

function expectMultipart({ headers, form }: RecordedRequest, expected: RequestOf<'multipart'>, bytes: readonly Buffer[]) {
	expect(headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/);
	expect(form?.fields).toEqual(expected.fields);
	expect(form?.files.map(({ field, fileName, contentType }) => ({ field, fileName, contentType }))).toEqual(expected.files);
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

/** Some requests are about a finished task, which must exist first. */
async function withFinishedTask(node: VideoNodeTest, fixture: CreateFixture): Promise<CreateFixture> {
	const text = JSON.stringify(fixture);
	if (!text.includes(FINISHED_SORA_TASK)) return fixture;
	const { rows } = await node.run({ provider: 'sora', prompt: 'A boat', downloadVideo: false });
	return JSON.parse(text.replaceAll(FINISHED_SORA_TASK, String(rows[0].taskId))) as CreateFixture;
}

describe('a reply is understood', () => {
	test.each(byFile(CREATED))('%s', (_file, { folder, body, expect: expected }) => {
		for (const { taskApi } of providersOf(folder)) {
			const { raw, ...created } = taskApi.parseCreated(body, request());
			expect(created).toEqual(expected);
			expect(raw).toEqual(taskOf(body));
		}
	});

	test.each(byFile(STATUSES))('%s', (_file, { folder, ref, body, expect: expected }) => {
		for (const { id, taskApi } of providersOf(folder)) {
			const own = { ...ref, provider: id };
			const { ref: readRef, raw, ...task } = taskApi.parseTask(body, own);
			expect(withoutAbsent(task)).toEqual(expected);
			expect(readRef).toEqual(own);
			expect(raw).toEqual(taskOf(body));
		}
	});

	test.each(byFile(CREATED))('%s asks for the task where the task is', (_file, { folder, body }) => {
		for (const { id, taskApi } of providersOf(folder)) {
			const { taskId, route } = taskApi.parseCreated(body, request());
			const ref: TaskRef = { provider: id, taskId, route };
			const stored = JSON.parse(JSON.stringify(ref)) as TaskRef;
			expect(stored).toEqual(ref);
			expect(taskApi.statusPath(stored)).toBe(`/v1/videos/${taskId}`);
		}
	});

	test('a task id cannot leave its place in the path', () => {
		for (const { id, taskApi } of VIDEO_PROVIDERS) {
			const path = taskApi.statusPath({ provider: id, taskId: '../models?x=1', route: taskApi.defaultRoute });
			expect(path).toBe(`${taskApi.defaultRoute}/..%2Fmodels%3Fx%3D1`);
		}
	});
});

describe('a reply that nobody can work with is refused, and the message says where', () => {
	const parsers = VIDEO_PROVIDERS.map((provider): [string, VideoProvider] => [provider.id, provider]);

	test.each(byFile(CREATED))('%s without its id', (_file, { folder, body }) => {
		const withoutId = changed(body, (task) => ({ ...task, id: undefined, task_id: undefined }));
		for (const { taskApi } of providersOf(folder)) {
			expectRefusal(() => taskApi.parseCreated(withoutId, request()), /neither "id" nor "task_id"/);
		}
	});

	test.each(parsers)('%s: a created task whose id cannot be one', (_id, { taskApi }) => {
		expectRefusal(() => taskApi.parseCreated({ id: 12345678901234567890 }, request()), /neither "id" nor "task_id"/);
		expectRefusal(() => taskApi.parseCreated({ data: { task_id: { value: 'x' } } }, request()), /neither "id" nor "task_id"/);
	});

	test.each(parsers)('%s: nothing but the id of a created task matters', (_id, { taskApi }) => {
		const odd = { id: 'task_paid', status: ['queued'], metadata: [], error: false, progress: {}, created_at: 'soon' };
		expect(taskApi.parseCreated(odd, request())).toMatchObject({ taskId: 'task_paid', rawStatus: '' });
		expect(taskApi.parseCreated({ id: null, task_id: 42 }, request())).toMatchObject({ taskId: '42' });
	});

	test.each(parsers)('%s: a created task that is no object', (_id, { taskApi }) => {
		for (const body of [null, 'task_example', ['task_example'], 7]) {
			expectRefusal(() => taskApi.parseCreated(body, request()), /neither "id" nor "task_id"/);
		}
	});

	const succeeded = STATUSES.filter(({ expect: { status } }) => status === 'succeeded');
	const withLink = succeeded.filter(({ body }) => 'video_url' in taskOf(body));

	test.each(byFile(withLink))('%s with a link that is no text is left with the content route', (_file, { folder, ref, body }) => {
		const broken = changed(body, (task) => ({ ...task, video_url: { href: 'https://delivery.example.com' } }));
		for (const { taskApi } of providersOf(folder)) {
			const task = taskApi.parseTask(broken, ref);
			const sources = task.status === 'succeeded' ? task.videos.flatMap((video) => video.sources) : [];
			expect(sources).toContainEqual({ at: 'content', path: `${ref.route}/${ref.taskId}/content` });
		}
	});

	test.each(byFile(succeeded))('%s with a status that is no word does not end the wait', (_file, { folder, ref, body }) => {
		const broken = changed(body, (task) => ({ ...task, status: ['completed'], progress: {}, error: [], metadata: '' }));
		for (const { taskApi } of providersOf(folder)) {
			expect(taskApi.parseTask(broken, ref)).toMatchObject({ status: 'pending', rawStatus: '' });
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

/** Whose envelope a fixture shows: one provider's, or that of all on the shared route. */
function providersOf(folder: string): VideoProvider[] {
	return VIDEO_PROVIDERS.filter(({ id, taskApi }) =>
		folder === FAMILY_FOLDER ? taskApi.defaultRoute === '/v1/videos' : id === folder,
	);
}

type Body = CreatedFixture['body'] | StatusFixture['body'];

function isWrapped(body: Body): boolean {
	return !('id' in body) && !('status' in body) && typeof body.data === 'object' && body.data !== null;
}

/** The task inside a recorded reply. */
function taskOf(body: Body): Record<string, unknown> {
	return isWrapped(body) ? (body.data as Record<string, unknown>) : body;
}

function changed(body: Body, change: (task: Record<string, unknown>) => Record<string, unknown>): Body {
	return isWrapped(body) ? { ...body, data: change(taskOf(body)) } : change(body);
}

/** The create to which a reply belongs; no envelope of today looks at it. */
function request(): CreateRequest {
	return { path: '/v1/videos', encoding: 'multipart', body: {}, media: [] };
}

function withoutAbsent<Value extends object>(value: Value): Partial<Value> {
	return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<Value>;
}
