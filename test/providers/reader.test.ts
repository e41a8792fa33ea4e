/** Every provider reads every known form: where an id is, where a link is, which words end a task, what is a refusal. */
import { VIDEO_PROVIDERS, taskApisOf } from '../../nodes/CometApiVideo/providers';
import { RequestError, UnexpectedResponseError } from '../../nodes/CometApiVideo/task/errors';
import type { CreateRequest, TaskApi } from '../../nodes/CometApiVideo/task/types';
import { readTime } from '../../nodes/CometApiVideo/task/readTime';

const APIS = [...new Set(VIDEO_PROVIDERS.flatMap(taskApisOf))].map((api): [string, TaskApi] => [api.routes[0], api]);
const REQUEST: CreateRequest = { path: '/kling/v1/videos/text2video', encoding: 'json', body: {}, media: [] };
const LINK = 'https://cdn.example.com/v.mp4?sig=1';

const create = (api: TaskApi, body: unknown) => api.parseCreated(body, REQUEST, 'any');
const look = (api: TaskApi, body: unknown) =>
	api.parseTask(body, { provider: 'any', taskId: 'task_1', route: api.routes[0] });
function thrownBy(work: () => unknown): Error {
	try {
		work();
	} catch (error) {
		return error as Error;
	}
	throw new Error('nothing was thrown');
}

describe.each(APIS)('%s', (_route, api) => {
	test.each<[string, unknown]>([
		['id', { id: 'task_1' }],
		['task_id', { task_id: 'task_1' }],
		['taskId', { taskId: 'task_1' }],
		['data.id', { code: 0, data: { id: 'task_1' } }],
		['data.task_id', { code: 'success', message: '', data: { task_id: 'task_1' } }],
		['data.data.task_id', { code: 200, msg: 'ok', data: { data: { task_id: 'task_1' } } }],
		['data[0].task_id', { data: [{ task_id: 'task_1' }] }],
		['the only element of a list', [{ id: 'task_1' }]],
		['output.task_id', { output: { task_id: 'task_1', task_status: 'PENDING' } }],
		['task.id', { task: { id: 'task_1' } }],
		['result', { code: 1, result: 'task_1' }],
		['data as text', { code: 'success', message: '', data: 'task_1' }],
		['data as JSON text', { data: '{"task_id":"task_1"}' }],
		['beside an error', { task_id: 'task_1', error: { message: 'slow' }, code: 400 }],
	])('the id at %s', (_place, body) => {
		expect(create(api, body).taskId).toBe('task_1');
	});

	test.each<[string, unknown]>([
		['url', { url: LINK }],
		['video.url', { video: { url: LINK } }],
		['videos[0].url', { videos: [{ url: LINK }] }],
		['output as text', { output: LINK }],
		['output[0]', { output: [LINK] }],
		['works', { output: { works: [{ video: { resource: LINK } }] } }],
		['content.video_url', { content: { video_url: LINK } }],
		['data.outputs[0]', { data: { outputs: [LINK] } }],
		['metadata.video_url', { metadata: { video_url: LINK } }],
		['JSON text', { resultJson: JSON.stringify({ resultUrls: [LINK] }) }],
		['fail_reason', { fail_reason: LINK }],
	])('the link at %s, with a known and with an unknown word', (_place, result) => {
		for (const status of ['succeeded', 'wonderful']) {
			const task = look(api, { id: 'task_1', status, ...(result as object) });
			const sources = task.status === 'succeeded' ? task.assets.flatMap((asset) => asset.sources) : [];
			expect(sources).toContainEqual({ at: 'url', url: LINK });
		}
	});

	test('words end a task without regard to case, blanks and dashes; running ones do not, whatever stands beside them', () => {
		const words = [' Completed ', 'SUCCEED', 'TASK_STATUS_SUCCEED', 'done', 'ok'];
		expect(words.map((status) => look(api, { id: 'task_1', status, url: LINK }).status)).toEqual(
			words.map(() => 'succeeded'),
		);
		const bad = ['FAIL', 'timed out', 'content_filtered', 'Canceled', 'nsfw', 'wonderful'];
		const error = { message: 'the reason' };
		expect(bad.map((status) => look(api, { id: 'task_1', status, error }))).toEqual(
			bad.map((rawStatus) => expect.objectContaining({ status: 'failed', rawStatus, reason: 'the reason' }) as unknown),
		);
		for (const status of ['unknown', 'In Progress', 'NOT_START']) {
			expect(look(api, { id: 'task_1', status, url: LINK, error }).status).toBe('pending');
		}
	});

	test('a finished task without a link has the content route, or lacks its file', () => {
		const task = look(api, { id: 'task_1', status: 'succeeded' });
		const hasContent = api.failureDetailPath !== undefined;
		expect(task).toMatchObject(
			hasContent ? { assets: [{ sources: [{ at: 'content' }] }] } : { lacksFile: true, assets: [] },
		);
	});

	test.each<[string, unknown]>([
		['error object', { error: { message: 'REASON', code: 'x' } }],
		['error text', { error: 'REASON' }],
		['code and message', { code: 'bad', message: 'REASON', data: null }],
		['code and msg', { code: 400, msg: 'REASON' }],
		['success false', { success: false, message: 'REASON' }],
		['base_resp', { base_resp: { status_code: 2013, status_msg: 'REASON' }, task_id: '' }],
		['detail', { detail: 'REASON' }],
		['detail list', { detail: [{ loc: ['body'], msg: 'REASON' }] }],
		['JSON text', { error: '{"error":{"message":"REASON"}}' }],
	])('a refusal as %s', (_form, body) => {
		const error = thrownBy(() => create(api, body));
		expect(error).toBeInstanceOf(RequestError);
		expect(error).toMatchObject({ kind: 'refused' });
		expect(error.message.split('REASON')).toHaveLength(2);
		expect(look(api, body)).toMatchObject({ status: 'failed', reason: 'REASON' });
	});

	test('no credit is about money', () => {
		for (const body of [{ code: 402, msg: 'x' }, { error: 'Insufficient balance' }, { code: 1102, message: 'x' }]) {
			const error = thrownBy(() => create(api, body));
			expect(error).toMatchObject({ kind: 'refused' });
			expect(error.message).toMatch(/^Your CometAPI account is out of credit/);
		}
	});

	test('an answer without an id shows its beginning', () => {
		const error = thrownBy(() => create(api, { message: 'ok', ticket: { number: 'paid-7' } }));
		expect(error).toBeInstanceOf(UnexpectedResponseError);
		expect(error.message).toContain('paid-7');
		expect(error).toMatchObject({ details: { answer: expect.stringContaining('paid-7') as unknown } });
	});

	test.each([[{}], [{ code: 200, msg: 'success', data: {} }], [null], [[]]])('%j means not yet', (body) => {
		expect(look(api, body)).toMatchObject({ status: 'pending', rawStatus: '' });
	});

	test('a megabyte is read in time that grows with its length', () => {
		const long = 'a '.repeat(500_000);
		const started = performance.now();
		look(api, {
			id: 'task_1',
			status: 'done',
			output: Array.from({ length: 20_000 }, () => ({ text: 'x' })),
			prompt: long,
		});
		create(api, { id: 'task_1', data: [long], output: `[${long}` });
		expect(performance.now() - started).toBeLessThan(1000);
	});
});

test.each<[unknown, string | undefined]>([
	[1779938152, '2026-05-28T03:15:52.000Z'],
	['1779938152000', '2026-05-28T03:15:52.000Z'],
	[1779938152e6, '2026-05-28T03:15:52.000Z'],
	[1779938152e9, '2026-05-28T03:15:52.000Z'],
	['2026-05-28 03:15:52', '2026-05-28T03:15:52.000Z'],
	['2026-05-28T05:15:52+02:00', '2026-05-28T03:15:52.000Z'],
	[0, undefined],
	[5, undefined],
	['soon', undefined],
])('the time %p', (value, expected) => {
	expect(readTime(value)).toBe(expected);
});
