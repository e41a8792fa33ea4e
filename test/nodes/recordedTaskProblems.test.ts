/** Use Recorded Tasks when something goes wrong: a task is finished in the table only if the workflow has got it, and stops no other. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Fault } from '../simulator/simulator';
import { documentedReplies, sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength, firstOfEach } from '../support/longRun';
import type { OnError, RunOptions } from '../support/videoNode';
import { UNREACHABLE, VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const RECORD = { prompt: 'A lighthouse', waitForCompletion: false, recordTasks: 'all', tableAccess: 'apiKey' };

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const statuses = () => node.n8nApi.table(TABLE).rows.map(({ status }) => status);

/** Tasks as Video > Generate records them; the simulator ends them after a minute. */
async function record(count: number, parameters: INodeParameters = {}): Promise<string[]> {
	const items = Array.from({ length: count }, () => ({ json: {} }));
	const { rows, error } = await node.run({ ...RECORD, ...parameters }, { items });
	if (error) throw error;
	return rows.map(({ taskId }) => String(taskId));
}

/** Lets all tasks end. */
async function run(operation: string, parameters: INodeParameters = {}, options: RunOptions = {}) {
	node.clock.advance(100_000);
	return await node.run(
		{ resource: 'task', operation, useRecordedTasks: true, tableAccess: 'apiKey', ...parameters },
		options,
	);
}

/** Hits the requests of one task only. */
const of = (taskId: string, fault: Fault): Fault => ({
	...fault,
	times: Infinity,
	when: ({ path }) => path.includes(taskId),
});
const onUpdate = (handle: () => void) =>
	node.n8nApi.addFault({
		kind: 'reset',
		times: Infinity,
		when({ path }) {
			if (path.endsWith('/rows/update')) handle();
			return false;
		},
	});

const UNREADABLE: Array<{ operation: string; what: string; fault: Fault; reason: RegExp }> = [
	{ operation: 'get', what: '502', fault: { on: 'status', ...documentedReplies.badGateway }, reason: /HTTP 502/ },
	{
		operation: 'get',
		what: '429',
		fault: { on: 'status', ...documentedReplies.tooManyRequests() },
		reason: /HTTP 429/,
	},
	{
		operation: 'get',
		what: 'a reset',
		fault: { on: 'status', kind: 'resetBeforeAccept' },
		reason: /connection to CometAPI/,
	},
	{
		operation: 'get',
		what: 'an unknown task that is new',
		fault: { on: 'status', kind: 'taskNotExist' },
		reason: /task_not_exist/,
	},
	{
		operation: 'wait',
		what: '502',
		fault: { on: 'status', ...documentedReplies.badGateway },
		reason: /could not be reached.*HTTP 502/,
	},
	{
		operation: 'wait',
		what: 'an unknown task that is new',
		fault: { on: 'status', kind: 'taskNotExist' },
		reason: /task_not_exist/,
	},
];

/** A task that is out of reach, whatever keeps it there, and one that CometAPI does not know. */
const KINDS = firstOfEach(UNREADABLE, ({ operation, fault }) => [operation, fault.kind === 'taskNotExist']);

describe.each(atLength(KINDS, UNREADABLE))('Task > $operation: $what', ({ operation, fault, reason }) => {
	test('becomes the row of its task, which stays unfinished, and stops no other', async () => {
		const [first, second, third] = await record(3);
		node.simulator.addFault(of(second, fault));
		const { rows, items, error } = await run(operation);
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([
			{ taskId: first, status: 'succeeded', failureReason: null },
			{
				taskId: second,
				provider: 'seedance',
				route: '/v1/videos',
				status: 'pending',
				failureReason: expect.stringMatching(reason),
			},
			{ taskId: third, status: 'succeeded', failureReason: null },
		]);
		// What is special about a row comes on top.
		const columns = Object.keys(rows[1]).filter((name) => name !== 'timedOut');
		expect(columns).toEqual(Object.keys(rows[0]));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 0 }]);
		expect(statuses()).toEqual(['succeeded', 'pending', 'succeeded']);
	});

	const outputs: OnError[] = ['continueRegularOutput', 'continueErrorOutput'];
	const output = outputs[fault.kind === 'taskNotExist' ? 1 : 0];

	// What is wrong makes no difference to where it goes.
	test.each(atLength([output], outputs))('is an error row if On Error says %s', async (onError) => {
		const [first, second] = await record(2);
		node.simulator.addFault(of(second, fault));
		const { items, errorItems } = await run(operation, {}, { onError });
		const rows = [...items, ...errorItems].map(({ json }) => json);
		expect(rows).toMatchObject([
			{ taskId: first, status: 'succeeded' },
			{ error: expect.stringMatching(reason), details: { taskId: second } },
		]);
		expect(statuses()).toEqual(['succeeded', 'pending']);
	});
});

describe.each(['get', 'wait'])('Task > %s', (operation) => {
	test.each([
		['a key that is refused', documentedReplies.invalidKey, /does not accept the API key/],
		['an account without credit', documentedReplies.noCredit, /account is out of credit/],
	])('%s fails the node, and finishes no row', async (_what, reply, reads) => {
		const [, second] = await record(3);
		node.simulator.addFault(of(second, { on: 'status', ...reply }));
		const { items, error } = await run(operation);
		expect(errorText(error)).toMatch(reads);
		expect(items).toEqual([]);
		expect(statuses()).toEqual(['pending', 'pending', 'pending']);
	});

	const everywhere: Array<[string, Fault]> = [
		['429', { on: 'status', ...documentedReplies.tooManyRequests(), times: Infinity }],
		['a reset', { on: 'status', kind: 'resetBeforeAccept', times: Infinity }],
	];

	// A wait goes on after a reset as it does where there is no CometAPI, see below, for as long.
	test.each(operation === 'get' ? everywhere : atLength(everywhere.slice(0, 1), everywhere))(
		'%s for every task fails the node',
		async (_what, fault) => {
			const taskIds = await record(2);
			node.simulator.addFault(fault);
			const { items, error } = await run(operation);
			expect(errorText(error)).toContain(taskIds[0]);
			expect(items).toEqual([]);
			expect(statuses()).toEqual(['pending', 'pending']);
		},
	);

	test('a finished task without a link stops no other', async () => {
		node.simulator.taskSeconds = 60;
		const [kling] = await record(1, {
			provider: 'kling',
			mode: 'imageToVideo',
			imageUrl: 'https://example.com/picture.png',
		});
		const [other] = await record(1);
		node.simulator.addFault(of(kling, { on: 'status', kind: 'noVideoUrl' }));
		const { rows, error } = await run(operation);
		expect(errorText(error)).toBe('');
		// A single look cannot know whether the link is still to come; a wait looks for it for a minute.
		const [status, failureReason] =
			operation === 'get' ? ['pending', null] : ['failed', expect.stringMatching(/is finished, but there is no file/)];
		expect(rows).toMatchObject([
			{ taskId: kling, provider: 'kling', status, failureReason },
			{ taskId: other, status: 'succeeded' },
		]);
		expect(statuses()).toEqual([status, 'succeeded']);
	});

	test('that CometAPI cannot be reached fails the node', async () => {
		await record(2);
		expect(errorText((await run(operation, {}, { baseUrl: UNREACHABLE })).error)).toMatch(/could not be reached/);
		expect(statuses()).toEqual(['pending', 'pending']);
	});

	test('finishes no row before all tasks are there', async () => {
		const taskIds = await record(3);
		const looksLeft: number[] = [];
		const looked = () => new Set(node.polls().map(({ path }) => path)).size;
		onUpdate(() => looksLeft.push(taskIds.length - looked()));
		await run(operation);
		expect(looksLeft).toEqual([0, 0, 0]);
	});

	test('finishes no row after Stop', async () => {
		const [, second] = await record(2);
		const started = await start(operation);
		node.simulator.addFault({
			...{ on: 'status', kind: 'html', times: Infinity },
			when({ path }) {
				if (path.includes(second)) started.cancel();
				return false;
			},
		});
		await started.finished;
		await node.clock.sleep(0);
		expect(statuses()).toEqual(['pending', 'pending']);
	});
});

async function start(operation: string) {
	node.clock.advance(100_000);
	return await node.start({ resource: 'task', operation, useRecordedTasks: true, tableAccess: 'apiKey' });
}

describe('Task > Wait', () => {
	test('a task that does not end in time stops no other', async () => {
		const [fast] = await record(1);
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		const [slow] = await record(1);
		const { rows, error } = await run('wait', { options: { timeout: 2, simplify: false } });
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([
			{ taskId: fast, status: 'succeeded' },
			{
				...{ taskId: slow, status: 'pending', rawStatus: 'in_progress', timedOut: true, waitedSeconds: 120 },
				failureReason: expect.stringMatching(/was still running after 2 minutes/),
			},
		]);
		expect(rows[1].pollCount).toBeGreaterThan(5);
		expect(statuses()).toEqual(['succeeded', 'pending']);
	});

	const withFault = (taskId: string, fault: Fault) => {
		const resultOf = of(taskId, { ...fault, on: 'content', times: Infinity });
		node.simulator.addFault(resultOf);
		node.simulator.addFault({ ...resultOf, on: 'result' });
	};
	const BUSY: Fault = { on: 'content', kind: 'reply', status: 503, body: 'busy' };

	test('a task whose file never comes has failed, and stops no other', async () => {
		const [first, second] = await record(2);
		withFault(first, { on: 'content', kind: 'notVideo' });
		const { rows, error } = await run('wait');
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([
			{
				taskId: first,
				status: 'failed',
				videoUrl: expect.stringMatching(/^http/),
				failureReason: expect.stringMatching(/there is no file/),
			},
			{ taskId: second, status: 'succeeded', failureReason: null },
		]);
		expect(statuses()).toEqual(['failed', 'succeeded']);
	});

	test('a task whose file cannot be fetched stops no other, and is taken again by the next run', async () => {
		const [first, second] = await record(2);
		withFault(first, BUSY);
		const { items, rows, error } = await run('wait');
		expect(errorText(error)).toBe('');
		expect(rows).toMatchObject([
			{
				taskId: first,
				status: 'succeeded',
				videoUrl: expect.stringMatching(/^http/),
				failureReason: expect.stringMatching(/could not be downloaded \(HTTP 503\)/),
			},
			{ taskId: second, status: 'succeeded', failureReason: null },
		]);
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([[], ['data']]);
		expect(statuses()).toEqual(['pending', 'succeeded']);
		node.simulator.clearFaults();
		const again = await run('wait');
		expect(again.rows).toMatchObject([{ taskId: first, status: 'succeeded', failureReason: null }]);
		expect((await node.engine().readBinary(again.items[0], 'data')).equals(sampleVideo)).toBe(true);
		expect(statuses()).toEqual(['succeeded', 'succeeded']);
	});

	test('a file that cannot be fetched is an error row if On Error says so, and its task stays unfinished', async () => {
		const [first] = await record(2);
		withFault(first, BUSY);
		const { items, errorItems } = await run('wait', {}, { onError: 'continueErrorOutput' });
		expect(items).toHaveLength(1);
		expect(errorItems.map(({ json }) => json.details as IDataObject)).toMatchObject([
			{ taskId: first, videoUrl: expect.stringMatching(/^http/) },
		]);
		expect(statuses()).toEqual(['pending', 'succeeded']);
	});
});
