/** Everything that can go wrong while a paid task runs: the task id is never lost, and no second create is sent. */
import type { Fault } from '../simulator/simulator';
import { documentedReplies } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };
const NO_DOWNLOAD = { ...PROMPT, downloadVideo: false };

let node: VideoNodeTest;
let mostCreates: number;

beforeEach(async () => {
	mostCreates = 1;
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	expect(node.creates().length).toBeLessThanOrEqual(mostCreates);
	await node.close();
});

const taskId = () => [...node.simulator.tasks.keys()][0];

const OUTLIVED: Array<{ what: string; fault: Fault }> = [
	{ what: '502, then fine', fault: { on: 'status', ...documentedReplies.badGateway, times: 3 } },
	{ what: '500', fault: { on: 'status', ...documentedReplies.internalError, times: 3 } },
	{ what: '503', fault: { on: 'status', ...documentedReplies.unavailable, times: 3 } },
	{ what: '504', fault: { on: 'status', ...documentedReplies.gatewayTimeout, times: 3 } },
	{ what: '429 with Retry-After', fault: { on: 'status', ...documentedReplies.tooManyRequests(25), times: 3 } },
	{ what: '429 with an empty body', fault: { on: 'status', ...documentedReplies.tooManyRequestsEmpty, times: 3 } },
	{ what: 'HTML instead of JSON', fault: { on: 'status', kind: 'html', times: 3 } },
	{ what: 'a redirect', fault: { on: 'status', kind: 'redirect', location: 'https://www.cometapi.com/', times: 3 } },
	{ what: 'a reset', fault: { on: 'status', kind: 'resetBeforeAccept', times: 3 } },
	{ what: 'truncated JSON', fault: { on: 'status', kind: 'truncatedJson', times: 3 } },
	{ what: 'a list instead of a task', fault: { on: 'status', kind: 'reply', status: 200, body: '[]', times: 3 } },
	{ what: 'a bare null', fault: { on: 'status', kind: 'reply', status: 200, body: 'null', times: 3 } },
	{
		what: 'a time beyond all years',
		fault: { on: 'status', kind: 'reply', status: 200, body: { status: 'queued', created_at: 1.7e18 } },
	},
	{ what: 'a server that hangs', fault: { on: 'status', kind: 'stall' } },
	{ what: 'a task that is unknown at first', fault: { on: 'status', kind: 'taskNotExist', times: 3 } },
	{ what: 'a wrapped answer', fault: { on: 'status', kind: 'wrapped', times: Infinity } },
	{ what: 'the older upper-case words', fault: { on: 'status', kind: 'uppercase', times: Infinity } },
	{
		what: 'a status word that nobody knows',
		fault: { on: 'status', kind: 'unknownWord', word: 'reticulating', times: 2 },
	},
	...[400, 401, 403, 404, 405, 408, 409, 421, 425, 451, 499].map((status) => ({
		what: `a stray page with ${status}`,
		fault: { on: 'status', kind: 'reply', status, body: 'x', times: 3 } as const,
	})),
	...[405, 409, 425, 451].map((status) => ({
		what: `a stray refusal with ${status}`,
		fault: { on: 'status', kind: 'reply', status, body: { message: 'no' }, times: 2 } as const,
	})),
	{ what: 'the older place of the link', fault: { on: 'create', kind: 'metadataUrl' } },
	{ what: 'a task without a link', fault: { on: 'create', kind: 'noVideoUrl' } },
];

const idOf = (prompt: string) =>
	[...node.simulator.tasks.values()].find(({ details }) =>
		details.request.form?.fields.some(([name, value]) => name === 'prompt' && value === prompt),
	)?.id;

/** The limits make all items of a run wait, longer than a task may be unknown. */
const LIMITS = OUTLIVED.filter(({ what }) => what.startsWith('429'));

test.each([
	['a limit of the number of requests', LIMITS],
	['anything else', OUTLIVED.filter((fault) => !LIMITS.includes(fault))],
])('%s does not end the wait', async (_kind, faults) => {
	mostCreates = faults.length;
	for (const { what, fault } of faults) {
		const when: Fault['when'] = ({ path, form }) =>
			fault.on === 'create'
				? (form?.fields.some(([, value]) => value === what) ?? false)
				: path.endsWith(`/${idOf(what)}`);
		node.simulator.addFault({ ...fault, when });
	}
	const { rows, items, error } = await node.run(
		{ prompt: '={{ $json.prompt }}', options: { requestTimeout: 1, maxTasksInFlight: faults.length } },
		{ items: faults.map(({ what }) => ({ json: { prompt: what } })) },
	);
	expect(errorText(error)).toBe('');
	expect(rows).toMatchObject(faults.map(({ what }) => ({ status: 'succeeded', taskId: idOf(what) })));
	expect(items.map(({ binary }) => binary?.data.mimeType)).toEqual(faults.map(() => 'video/mp4'));
	const happened = faults.filter(
		({ what, fault }) =>
			fault.on === 'create' ||
			node.simulator.requests.some(
				(request) => request.fault === fault.kind && request.path.endsWith(`/${idOf(what)}`),
			),
	);
	expect(happened).toEqual(faults);
});

test('the upstream gateway unmodified works as well', async () => {
	await node.close();
	node = await VideoNodeTest.start({ profile: 'upstream-strict' });
	const { rows } = await node.run(PROMPT);
	expect(rows).toMatchObject([{ status: 'succeeded', taskId: taskId() }]);
});

describe('a failed task', () => {
	test('at progress 100 is a failure, with its reason', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'the model ran out of paint' });
		const { error } = await node.run(PROMPT);
		expect(errorText(error)).toMatch(/could not make the video of task \S+: the model ran out of paint/);
		expect(errorText(error)).toContain(taskId());
		expect(error?.context.details).toMatchObject({ taskId: taskId(), rawStatus: 'failed', route: '/v1/videos' });
	});

	test('with the word "error" as well', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', failedWord: 'error' });
		expect(errorText((await node.run(PROMPT)).error)).toContain(taskId());
	});

	test.each(['Your prompt violates our content policy', 'input new_sensitive'])(
		'a create that the content check refuses says so: %s',
		async (message) => {
			node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: { error: { message } } });
			const { error } = await node.run(PROMPT);
			expect(error?.message).toBe(`The content check refused the request: ${message}`);
			expect(errorText(error)).toContain('Reword the prompt');
		},
	);

	test('without a reason: the content route is asked for it, and moderation is explained', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' });
		const { error } = await node.run(PROMPT);
		expect(errorText(error)).toMatch(/current status: VIOLATION/);
		expect(errorText(error)).toMatch(/The content check refused this video.*Reword the prompt/s);
		expect(errorText(error)).toContain(taskId());
	});

	test('is a row when On Failure says so', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' });
		const { rows, items } = await node.run({ ...PROMPT, options: { onFailure: 'return', simplify: false } });
		expect(rows).toMatchObject([
			{
				status: 'failed',
				taskId: taskId(),
				progress: 100,
				failureReason: expect.stringContaining('VIOLATION'),
				videoUrl: null,
			},
		]);
		expect(rows[0]).not.toHaveProperty('error');
		expect(items[0].binary).toBeUndefined();
	});

	test('goes to the error output with its task id', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { items, errorItems } = await node.run(PROMPT, { onError: 'continueErrorOutput' });
		expect(items).toEqual([]);
		expect(errorItems[0].json).toMatchObject({
			error: expect.stringContaining('out of paint'),
			details: {
				taskId: taskId(),
				provider: 'seedance',
				model: 'doubao-seedance-2-0',
				route: '/v1/videos',
				rawStatus: 'failed',
			},
		});
	});

	test('stays on the main output with On Error = continue', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const { items } = await node.run(PROMPT, { onError: 'continueRegularOutput' });
		expect(items).toMatchObject([{ json: { details: { taskId: taskId() } }, pairedItem: { item: 0 } }]);
	});
});

describe('a task that does not end in time', () => {
	test('fails with its id and the advice to wait on', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { error } = await node.run({ ...PROMPT, options: { timeout: 3 } });
		expect(errorText(error)).toMatch(/still running after 3 minutes, last seen as "in_progress"/);
		expect(errorText(error)).toMatch(/paid for: wait for it with Task > Wait/);
		expect(errorText(error)).toContain(taskId());
	});

	test('is told in minutes as people write them', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { error } = await node.run({ ...PROMPT, options: { timeout: 1 } });
		expect(errorText(error)).toMatch(/still running after 1 minute, last seen/);
	});

	test('is looked at a last time at the deadline, not after it', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { rows } = await node.run({ ...PROMPT, options: { timeout: 1, onTimeout: 'return', simplify: false } });
		expect(rows).toMatchObject([{ status: 'pending', timedOut: true, waitedSeconds: 60, taskId: taskId() }]);
	});

	test('because CometAPI cannot be reached is told apart from a slow task', async () => {
		node.simulator.addFault({ on: 'status', ...documentedReplies.badGateway, times: Infinity });
		const { error } = await node.run({ ...PROMPT, options: { timeout: 3 } });
		expect(errorText(error)).toMatch(/could not be reached for the last part of 3 minutes.*is unknown/);
		expect(errorText(error)).toContain(taskId());
	});

	test('because CometAPI limits the looks is told apart from an outage', async () => {
		let looks = 0;
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		node.simulator.addFault({
			on: 'status',
			...documentedReplies.tooManyRequests(60),
			times: Infinity,
			when: () => ++looks > 1,
		});
		const { error } = await node.run({ ...PROMPT, options: { timeout: 3 } });
		expect(errorText(error)).toMatch(
			/limited the number of requests at the end of 3 minutes.*is unknown \(HTTP 429, last seen as "in_progress"\)/,
		);
		expect(errorText(error)).toContain(taskId());
	});

	test('goes to the error output with its task id', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const { errorItems } = await node.run({ ...PROMPT, options: { timeout: 1 } }, { onError: 'continueErrorOutput' });
		expect(errorItems[0].json).toMatchObject({ details: { taskId: taskId(), rawStatus: 'in_progress' } });
	});
});

describe('an error that no waiting mends ends the wait at once', () => {
	test.each([
		['a key that was withdrawn (401)', documentedReplies.invalidKey, /does not accept the API key/],
		[
			'an account that was blocked (403)',
			{ kind: 'reply', status: 403, body: { error: { message: 'blocked' } } } as const,
			/does not allow this request: blocked/,
		],
	])('%s', async (_what, reply, reads) => {
		node.simulator.addFault({ on: 'status', ...reply });
		const { error } = await node.run(NO_DOWNLOAD);
		expect(errorText(error)).toMatch(reads);
		expect(errorText(error)).toContain(taskId());
		expect(node.polls()).toHaveLength(1);
	});

	test.each([405, 451])('a %d again and again, for two minutes', async (status) => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status, body: 'x', times: Infinity });
		const startedAt = node.clock.now();
		const { error } = await node.run(NO_DOWNLOAD);
		expect(errorText(error)).toContain(taskId());
		expect(errorText(error)).toMatch(/exists all the same.*before you create it again/);
		expect(node.polls().length).toBeGreaterThanOrEqual(5);
		expect(node.clock.now() - startedAt).toBeGreaterThanOrEqual(120_000);
		expect(node.clock.now() - startedAt).toBeLessThan(180_000);
	});

	test.each([
		[408, 'a page'],
		[409, { message: 'conflict' }],
		[421, { message: 'misdirected' }],
		[425, { message: 'too early' }],
		[499, 'a page'],
	])('but not a %d, however often it comes: it says nothing about the task', async (status, body) => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status, body, times: Infinity });
		const { error } = await node.run({ ...NO_DOWNLOAD, options: { timeout: 4 } });
		expect(errorText(error)).toMatch(/could not be reached for the last part of 4 minutes/);
		expect(errorText(error)).toContain(taskId());
	});

	test('a task that stays unknown for a minute', async () => {
		node.simulator.addFault({ on: 'status', kind: 'taskNotExist', times: Infinity });
		const { error } = await node.run(NO_DOWNLOAD);
		expect(errorText(error)).toMatch(/task_not_exist/);
		expect(errorText(error)).toContain(taskId());
		expect(node.polls().length).toBeGreaterThan(3);
	});
});
