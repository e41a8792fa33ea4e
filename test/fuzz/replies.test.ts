/** Whatever CometAPI answers: an error that a person can read, or a reading that holds; never a lost id, never a success without a result. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { findProvider, taskApisOf, VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { VideoProvider } from '../../nodes/CometApiVideo/providers/types';
import { parseCatalogue } from '../../nodes/CometApiVideo/service/catalogue';
import { CometApiVideoError } from '../../nodes/CometApiVideo/task/errors';
import { balanceSchema, parseReply } from '../../nodes/CometApiVideo/service/replies';
import type { CreateRequest, TaskApi, VideoTask } from '../../nodes/CometApiVideo/task/types';
import { fuzzSettings } from '../support/fuzz';
import { FAMILY_FOLDER, loadFixtures } from '../support/loadFixtures';
import { atLength } from '../support/longRun';
import { brokenReplyOf } from './brokenReplies';
import type { Mutation, Path } from './brokenReplies';

const RUNS = atLength(3, 8);

function providersOf(folder: string): readonly VideoProvider[] {
	const own = findProvider(folder);
	return own ? [own] : folder === FAMILY_FOLDER ? VIDEO_PROVIDERS.filter(({ id }) => id === 'custom') : [];
}

function apiOf(provider: VideoProvider, route: string): TaskApi {
	const api = taskApisOf(provider).find(({ routes }) => routes.includes(route)) ?? provider.taskApi;
	return api;
}

const CREATED = loadFixtures('created').flatMap((fixture) =>
	providersOf(fixture.folder).map((provider): [string, typeof fixture, VideoProvider] => [
		fixture.file,
		fixture,
		provider,
	]),
);
const STATUSES = loadFixtures('status').flatMap((fixture) =>
	providersOf(fixture.folder).map((provider): [string, typeof fixture, VideoProvider] => [
		fixture.file,
		fixture,
		provider,
	]),
);

/** As it comes from the wire: `undefined` does not exist there, Infinity does. */
function overTheWire(body: unknown): unknown {
	const text = JSON.stringify(body, (_key, value: unknown) => (value === Infinity ? '\u0001' : value)) as
		string | undefined;
	return text === undefined ? undefined : JSON.parse(text.replaceAll('"\\u0001"', '1e999'));
}

function attempt<Result>(work: () => Result): Result | CometApiVideoError {
	try {
		return work();
	} catch (error) {
		expectReadable(error);
		return error as CometApiVideoError;
	}
}

function expectReadable(error: unknown) {
	expect(error).toBeInstanceOf(CometApiVideoError);
	const { message, advice, constructor } = error as CometApiVideoError;
	expect(constructor).not.toBe(CometApiVideoError);
	expect(message).toMatch(/^[A-Z\d][^\n]{9,}$/);
	expect(message.length).toBeLessThan(1000);
	expect(advice).toMatch(/^[A-Z].*\.$/);
	expect(`${message} ${advice}`).not.toMatch(
		/undefined|\[object|NaN|Infinity|ZodError|invalid_type|"path"|is not a function|Cannot read/,
	);
}

const LINK = /^https?:\/\/\S/;
const TIME = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function expectSound(task: VideoTask) {
	for (const value of [task.progressPercent, task.durationSeconds])
		expect(value === undefined || Number.isFinite(value)).toBe(true);
	for (const value of [task.createdAt, task.completedAt]) expect(value ?? '2026-01-01T00:00:00.000Z').toMatch(TIME);
	expect(typeof task.rawStatus).toBe('string');
	expect(['string', 'undefined']).toContain(typeof task.model);
	if (task.status === 'failed') {
		expect(typeof task.reason).toBe('string');
		expect(['string', 'undefined']).toContain(typeof task.code);
		expect(task.reason).not.toMatch(/\[object/);
	}
	if (task.status === 'succeeded') {
		const sources = task.assets.flatMap((asset) => asset.sources);
		for (const source of sources) if (source.at === 'url') expect(source.url).toMatch(LINK);
		for (const source of sources) if (source.at !== 'url') expect(source.path).toMatch(/^\/v1\//);
		for (const id of ['videoId', 'audioId', 'sessionId', 'faceId', 'fileId']) {
			expect(['string', 'undefined', 'null']).toContain(
				task.outputs?.[id] === null ? 'null' : typeof task.outputs?.[id],
			);
		}
	}
}

const within = (path: Path, target: Path) => path.every((key, index) => target[index] === key);

/** Whether the place of the id is as it was, in an envelope as it was. */
function isIdUntouched(mutations: readonly Mutation[], target: Path): boolean {
	return mutations.every(({ path }) => !within(path, target));
}

function pathOfId(body: IDataObject, taskId: string): Path | undefined {
	for (const place of [
		['id'],
		['task_id'],
		['data', 'task_id'],
		['data', 'id'],
		['request_id'],
		['data', 'request_id'],
		['result'],
	]) {
		const value = place.reduce<unknown>((inner, key) => (inner as IDataObject | undefined)?.[key], body);
		if (String(value) === taskId) return place;
	}
	return undefined;
}

describe('a create', () => {
	test.each(CREATED)('%s', (_file, { body, path, expect: expected }, provider) => {
		const api = apiOf(provider, expected.route);
		const request: CreateRequest = { path, encoding: 'json', body: {}, media: [] };
		const idPath = pathOfId(body as IDataObject, expected.taskId);
		// An added member can be another envelope's id, which then is as good as this one.
		const isOtherId = ({ path: place, value }: Mutation) =>
			['id', 'task_id', 'request_id', 'result'].includes(place[place.length - 1]) ||
			/"(id|task_id|request_id|result)"/.test(JSON.stringify(value) ?? '');
		const property = fc.property(brokenReplyOf(body as IDataObject), ({ body: broken, mutations }) => {
			const created = attempt(() => api.parseCreated(overTheWire(broken), request, provider.id));
			if (!(created instanceof Error)) {
				expect(typeof created.taskId).toBe('string');
				expect(typeof created.rawStatus).toBe('string');
				expect(created.taskId !== '' || created.finished !== undefined).toBe(true);
				expect(created.route).toBe(expected.route);
				if (created.finished) expectSound(created.finished);
			}
			const mustKeep = !expected.finished && idPath && isIdUntouched(mutations, idPath) && !mutations.some(isOtherId);
			if (mustKeep) expect(created instanceof Error ? created.message : created.taskId).toBe(expected.taskId);
		});
		fc.assert(property, fuzzSettings(RUNS));
	});
});

describe('a look at a task', () => {
	test.each(STATUSES)('%s', (_file, { body, ref }, provider) => {
		const api = apiOf(provider, ref.route);
		const own = { ...ref, provider: provider.id };
		const property = fc.property(brokenReplyOf(body as IDataObject), ({ body: broken }) => {
			const task = attempt(() => api.parseTask(overTheWire(broken), own));
			if (task instanceof Error) return;
			expect(task.ref).toEqual(own);
			expectSound(task);
			if (task.status === 'succeeded') expect(task.assets.length > 0 || task.lacksFile === true).toBe(true);
		});
		fc.assert(property, fuzzSettings(RUNS));
	});
});

describe('other answers', () => {
	const CATALOGUE = {
		data: [
			{
				...{
					id: 'wan2.7',
					name: 'Wan',
					provider: 'Alibaba',
					description: 'x',
					model_type: 'video',
					features: ['text-to-video'],
					upcoming: false,
				},
				...{
					endpoints: '{"a":{"path":"/v1/videos"}}',
					pricing: { currency: 'USD', per_second: 0.1, ratio: 0.8 },
					api_doc_url: 'https://example.com',
				},
			},
		],
	};
	const BALANCE = {
		data: { name: 'key', total_granted: 5, total_used: 1, total_available: 4, unlimited_quota: false, expires_at: 0 },
	};

	test.each<[string, IDataObject, (body: unknown) => unknown]>([
		['the list of models', CATALOGUE, parseCatalogue],
		['the balance', BALANCE, (body) => parseReply(balanceSchema, body, 'the balance')],
	])('%s', (_what, body, parse) => {
		const property = fc.property(brokenReplyOf(body), ({ body: broken }) => {
			attempt(() => parse(overTheWire(broken)));
		});
		fc.assert(property, fuzzSettings(RUNS * 3));
	});
});
