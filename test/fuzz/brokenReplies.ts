/** Replies that are not what they were: parts deleted, of other types, in other envelopes, with words nobody has seen. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

/** Keys and list positions from the root on. */
export type Path = readonly string[];

export interface Mutation {
	path: Path;
	/** Undefined deletes. */
	value: unknown;
}

export interface BrokenReply {
	body: unknown;
	mutations: readonly Mutation[];
}

/** What has been seen, or could be, where something else was expected. `1e999` in JSON is Infinity. */
const ODD_VALUES: readonly unknown[] = [
	...[undefined, null, '', ' ', 0, -1, 1, 0.5, 1e21, Number.MAX_SAFE_INTEGER + 2, 1e308, Infinity, true, false],
	...[
		[],
		{},
		[null],
		[[]],
		[{}],
		{ a: { b: [] } },
		{ message: { text: 'inner' } },
		{ message: null },
		{ error: 'inner' },
		{ code: 5 },
	],
	...['abc', '12', '1e999', '-5', '30%', '2026-02-30T99:99:99Z', '{"id":"task_1"}', '\u{1F6A4}', 'x'.repeat(5000)],
	...[
		'SUCCESS',
		'success',
		'succeeded',
		'completed',
		'Success',
		'done',
		'SUCCEEDED',
		'succeed',
		'failed',
		'FAILURE',
		'Fail',
		'paused',
		'constructor',
		'__proto__',
	],
	...[
		'not a link',
		'javascript:alert(1)',
		'//cdn.example.com/a.mp4',
		'file:///etc/passwd',
		'https://cdn.example.com/other.mp4',
	],
	...[400, 401, 429, 500, 1201, 1302, 1303, 5000, 1008, 2013],
];

function isContainer(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null;
}

/** Paths of all values inside, containers included. */
function pathsIn(value: unknown, start: Path = []): Path[] {
	if (!isContainer(value)) return [];
	return Object.entries(value).flatMap(([key, inner]) => [[...start, key], ...pathsIn(inner, [...start, key])]);
}

function withMutation(body: unknown, { path: [key, ...rest], value }: Mutation): unknown {
	if (key === undefined) return value;
	if (!isContainer(body)) return body;
	const copy = (Array.isArray(body) ? [...(body as unknown[])] : { ...body }) as IDataObject;
	if (rest.length === 0 && value === undefined) delete copy[key];
	else copy[key] = withMutation(copy[key], { path: rest, value }) as IDataObject[string];
	return copy;
}

/** Members that replies have somewhere, for places where they were not. */
const STRAY_KEYS = [
	'error',
	'code',
	'message',
	'status',
	'data',
	'id',
	'task_id',
	'base_resp',
	'fail_reason',
	'video_url',
	'output',
	'result',
];

function mutationOf(body: IDataObject): fc.Arbitrary<Mutation> {
	const strays = STRAY_KEYS.map((key): Path => [key]);
	const paths = [...pathsIn(body), ...strays.filter(([key]) => !(key in body))];
	return fc.record({
		path: fc.constantFrom(...paths),
		value: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ODD_VALUES) }, fc.jsonValue({ maxDepth: 2 })),
	});
}

const WRAPPERS: ReadonlyArray<(body: unknown) => unknown> = [
	(body) => ({ code: 'success', message: '', data: body }),
	(body) => ({
		code: 'success',
		message: '',
		data: { task_id: 'task_1', status: 'SUCCESS', fail_reason: '', progress: '100%', data: body },
	}),
	(body) => ({ code: 0, message: 'SUCCEED', data: body }),
	(body) => ({ code: 200, msg: 'ok', data: body }),
	(body) => ({ success: true, data: [body] }),
	(body) => [body],
	(body) => (isContainer(body) ? (body.data ?? body) : body),
	(body) => JSON.stringify(body),
];

/** One to three things changed, now and then the envelope as well. */
export function brokenReplyOf(body: IDataObject): fc.Arbitrary<BrokenReply> {
	const mutated = fc
		.array(mutationOf(body), { minLength: 1, maxLength: 3 })
		.map((mutations): BrokenReply => ({ body: mutations.reduce<unknown>(withMutation, body), mutations }));
	const wrapped = fc.tuple(mutated, fc.constantFrom(...WRAPPERS)).map(([reply, wrap]): BrokenReply => ({
		body: wrap(reply.body),
		mutations: [{ path: [], value: 'envelope' }, ...reply.mutations],
	}));
	return fc.oneof({ weight: 4, arbitrary: mutated }, wrapped);
}
