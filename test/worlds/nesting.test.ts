/**
 * Known members of answers, nested at random: an id, a link or a reason that is there is found, and whatever comes instead
 * ends in one of the package's own errors.
 */
import fc from 'fast-check';
import { VIDEO_PROVIDERS, taskApisOf } from '../../nodes/CometApiVideo/providers';
import { CometApiVideoError } from '../../nodes/CometApiVideo/task/errors';
import type { CreateRequest, TaskApi, TaskRef } from '../../nodes/CometApiVideo/task/types';
import { fuzzSettings } from '../support/fuzz';

/** Of each way of reading; they share the reader. */
const RUNS = 60;

/** Each way of reading answers once, by the route of its tasks. */
const APIS = [
	...new Map(
		VIDEO_PROVIDERS.flatMap((provider) =>
			taskApisOf(provider).map((api): [TaskApi, { api: TaskApi; provider: string }] => [
				api,
				{ api, provider: provider.id },
			]),
		),
	).values(),
].map(({ api, provider }): [string, TaskApi, string] => [api.routes[0], api, provider]);

type Json = unknown;
type Wrap = (inner: Json) => Json;

/** Envelopes that have been seen; two of them, one in the other, have been seen as well. */
const WRAPS: readonly Wrap[] = [
	(data) => ({ code: 'success', message: '', data }),
	(data) => ({ code: 0, message: 'SUCCEED', data }),
	(data) => ({ code: 200, msg: 'ok', data }),
	(data) => ({ success: true, data }),
	(data) => ({ data }),
	(result) => ({ code: 0, result }),
	(output) => ({ output }),
	(response) => ({ response }),
	(inner) => ({ data: [inner] }),
	(inner) => ({ code: 'success', data: JSON.stringify(inner) }),
];

/** Members that say nothing. */
const NOISE: ReadonlyArray<Record<string, Json>> = [
	{},
	{ object: 'video' },
	{ created_at: 1780531200 },
	{ error: null },
	{ error: '' },
	{ error: {} },
	{ message: '' },
	{ progress: 0 },
	{ model: 'some-model' },
	{ metadata: {} },
	{ properties: { prompt: 'A lighthouse' } },
	{ fail_reason: '' },
	{ buttons: [] },
];

const noise = fc.constantFrom(...NOISE);
const bare: Wrap = (inner) => inner;
const list: Wrap = (inner) => [inner];
/** A list stands around everything, or in `data`: none has been seen directly in another. */
const nesting = fc.tuple(fc.constantFrom(bare, ...WRAPS), fc.constantFrom(bare, list, ...WRAPS)).map(
	([first, second]): Wrap =>
		(inner) =>
			second(first(inner)),
);

const ID_NAMES = ['id', 'task_id', 'taskId'];
/** As gateways make them: digits, hexadecimals, words with separators. */
const taskId = fc
	.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:~-]{9,60}[A-Za-z0-9]$/)
	.filter((id) => !id.includes('..') && !/^(https?|data):/.test(id));

const LINK = 'https://cdn.example.com/results/7f3a.mp4?signature=1';
const LINKS: ReadonlyArray<Record<string, Json>> = [
	{ video_url: LINK },
	{ url: LINK },
	{ result_url: LINK },
	{ videoUrl: LINK },
	{ video: { url: LINK } },
	{ videos: [{ url: LINK }] },
	{ video_urls: [LINK] },
	{ output: [LINK] },
	{ output: { video_url: LINK } },
	{ metadata: { url: LINK } },
	{ content: { video_url: LINK } },
	{ task_result: { videos: [{ id: '9', url: LINK, duration: '5' }] } },
	{ creations: [{ id: '9', url: LINK }] },
];
const SUCCESS_WORDS = ['completed', 'SUCCESS', 'succeed', 'Succeeded', 'done'];

const REASON = 'the model ran out of paint';
const REASONS: ReadonlyArray<Record<string, Json>> = [
	{ error: REASON },
	{ error: { message: REASON, code: 'E42' } },
	{ error: { code: 'E42', message: REASON, type: 'task_error' } },
	{ fail_reason: REASON },
	{ failReason: REASON },
	{ failure: REASON, failureCode: 'E42' },
	{ task_status_msg: REASON },
	{ message: REASON },
	{ errors: [{ message: REASON }] },
];
const FAILURE_WORDS = ['failed', 'FAILURE', 'Fail', 'error'];

const statusName = fc.constantFrom('status', 'task_status');

/** As it comes from the wire. */
const overTheWire = (body: Json): Json => JSON.parse(JSON.stringify(body));

function requestFor(api: TaskApi): CreateRequest {
	return { path: api.routes[0], encoding: 'json', body: {}, media: [] };
}

const refFor = (api: TaskApi, provider: string): TaskRef => ({ provider, taskId: 'task_1', route: api.routes[0] });

/** The bodies are the values of the properties, so that a counterexample shows the answer itself. */
function check(bodies: fc.Arbitrary<Json>, verify: (body: Json) => void) {
	fc.assert(
		fc.property(bodies, (body) => verify(overTheWire(body))),
		fuzzSettings(RUNS),
	);
}

/** @param members what is to be found, and the word beside it */
function bodiesWith(members: fc.Arbitrary<Record<string, Json>>): fc.Arbitrary<Json> {
	return fc.tuple(members, noise, nesting).map(([own, more, nest]) => nest({ ...more, ...own }));
}

describe.each(APIS)('%s', (_route, api, provider) => {
	test('the id of a new task is found', () => {
		const members = fc
			.tuple(taskId, fc.constantFrom(...ID_NAMES))
			.map(([id, name]): Record<string, Json> => ({ [name]: id, status: 'queued', echo: id }));
		check(bodiesWith(members), (body) => {
			const [, id] = /\\*"echo\\*":\\*"([^"\\]+)/.exec(JSON.stringify(body)) ?? [];
			expect(api.parseCreated(body, requestFor(api), provider)).toMatchObject({ taskId: id });
		});
	});

	test('the link of a finished task is found', () => {
		const members = fc
			.tuple(fc.constantFrom(...LINKS), fc.constantFrom(...SUCCESS_WORDS), statusName)
			.map(([link, word, name]) => ({ id: 'task_1', [name]: word, ...link }));
		check(bodiesWith(members), (body) => {
			const task = api.parseTask(body, refFor(api, provider));
			expect(task.status).toBe('succeeded');
			const sources = task.status === 'succeeded' ? task.assets.flatMap((asset) => asset.sources) : [];
			expect(sources).toContainEqual({ at: 'url', url: LINK });
		});
	});

	test('the reason of a failed task is found', () => {
		const members = fc
			.tuple(fc.constantFrom(...REASONS), fc.constantFrom(...FAILURE_WORDS), statusName)
			.map(([reason, word, name]) => ({ id: 'task_1', [name]: word, ...reason }));
		check(bodiesWith(members), (body) => {
			const task = api.parseTask(body, refFor(api, provider));
			expect(task.status).toBe('failed');
			expect(task.status === 'failed' ? task.reason : '').toContain(REASON);
		});
	});

	test('whatever comes is read, or refused in words', () => {
		const names = fc.constantFrom(
			...['id', 'task_id', 'status', 'task_status', 'data', 'result', 'output', 'error', 'code', 'message', 'msg'],
			...['video_url', 'url', 'videos', 'task_result', 'fail_reason', 'base_resp', 'success', '__proto__', 'metadata'],
		);
		const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 5, withCrossShrink: true },
				fc.constantFrom<Json>(
					'task_1',
					'success',
					'failed',
					LINK,
					'',
					0,
					1,
					-1,
					1e21,
					null,
					true,
					false,
					'{"id":"x"}',
					'[1',
				),
				fc.array(tie('tree'), { maxLength: 3 }),
				fc.array(fc.tuple(names, tie('tree')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries) as Json),
			),
		}));
		const isOurs = (work: () => unknown) => {
			try {
				work();
			} catch (error) {
				expect(error).toBeInstanceOf(CometApiVideoError);
				expect((error as Error).message).not.toMatch(/undefined|\[object|NaN|is not a function|Cannot read/);
			}
		};
		check(tree, (body) => {
			isOurs(() => api.parseCreated(body, requestFor(api), provider));
			isOurs(() => api.parseTask(body, refFor(api, provider)));
		});
	});
});
