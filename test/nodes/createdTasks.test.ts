/** What an execution remembers of its creates, so that no retry pays twice. n8n is a stand-in here: it gives a store, and says who runs. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	hintAtLeftTasks,
	isToolOfAgent,
	nameLeftTasks,
	openCreatedTasks,
} from '../../nodes/CometApiVideo/operations/generate/createdTasks';
import { CometApiVideoError } from '../../nodes/CometApiVideo/task/errors';
import type { CreateRequest } from '../../nodes/CometApiVideo/task/types';

interface Run {
	store?: IDataObject;
	executionId?: string;
	runIndex?: number;
	tool?: 'execution' | 'node';
	retryOnFail?: boolean;
	maxTries?: number;
	continuesOnFail?: boolean;
}

function contextOf(run: Run, hints: IDataObject[] = []): IExecuteFunctions {
	const { store = {}, executionId = '1', runIndex = 0, tool, retryOnFail, maxTries, continuesOnFail = false } = run;
	return {
		getContext: (kind: string) => (kind === 'node' ? store : {}),
		getExecutionId: () => executionId,
		evaluateExpression: (text: string) => (text === '{{ $runIndex }}' ? runIndex : undefined),
		isToolExecution: () => tool === 'execution',
		getNode: () => ({ retryOnFail, maxTries, rewireOutputLogTo: tool === 'node' ? 'ai_tool' : undefined }),
		continueOnFail: () => continuesOnFail,
		addExecutionHints: (hint: IDataObject) => hints.push(hint),
	} as unknown as IExecuteFunctions;
}

const open = (run: Run) => openCreatedTasks(contextOf(run));
const picture = (identity: string) =>
	({ field: 'image', value: { identity } }) as unknown as CreateRequest['media'][number];
const REQUEST: CreateRequest = { path: '/v1/videos', encoding: 'json', body: { prompt: 'A' }, media: [picture('one')] };
const OTHERS: Array<[string, CreateRequest]> = [
	['path', { ...REQUEST, path: '/v2/videos' }],
	['encoding', { ...REQUEST, encoding: 'multipart' }],
	['body', { ...REQUEST, body: { prompt: 'B' } }],
	['picture', { ...REQUEST, media: [picture('two')] }],
	['field of the picture', { ...REQUEST, media: [{ ...picture('one'), field: 'end' }] }],
	['call before', { ...REQUEST, before: { request: { ...REQUEST, path: '/upload' }, complete: () => REQUEST } }],
];
const memoryOf = (taskId: string) => ({ ref: { provider: 'veo', taskId, route: '/v1/videos' }, rawStatus: 'queued' });
const UNKNOWN = { unknownOutcome: 'the connection was lost' };

describe('a retry', () => {
	test('takes up what was created for the same item and the same request, in the same run of the node', () => {
		const store = {};
		open({ store }).remember(1, REQUEST, memoryOf('t1'));
		expect(open({ store }).takeUp(1, REQUEST)).toMatchObject(memoryOf('t1'));
		expect(open({ store, executionId: '2' }).takeUp(1, REQUEST)).toMatchObject(memoryOf('t1'));
		expect(open({ store }).takeUp(0, REQUEST)).toBeUndefined();
		expect(open({ store, runIndex: 1 }).takeUp(1, REQUEST)).toBeUndefined();
	});

	test.each(OTHERS)('asks for something else with another %s', (_, other) => {
		const store = {};
		open({ store }).remember(0, REQUEST, memoryOf('t1'));
		expect(open({ store }).takeUp(0, other)).toBeUndefined();
	});

	test('a call before is part of the request', () => {
		const [, request] = OTHERS[5];
		const store = {};
		open({ store }).remember(0, request, memoryOf('t1'));
		const before = { ...request.before, request: { ...REQUEST, path: '/other' } } as CreateRequest['before'];
		expect(open({ store }).takeUp(0, { ...request, before })).toBeUndefined();
		expect(open({ store }).takeUp(0, request)).toBeDefined();
	});

	test.each([
		['an unknown outcome', UNKNOWN, false],
		['a failed task', memoryOf('t1'), true],
	])("%s stays as it is for n8n's retry, and is a new try for a person's", (_, memory, hasFailed) => {
		const store = {};
		const created = open({ store });
		created.remember(0, REQUEST, memory);
		if (hasFailed) created.markFailed(0, REQUEST);
		expect(open({ store }).takeUp(0, REQUEST)).toMatchObject(memory);
		expect(open({ store, executionId: '2' }).takeUp(0, REQUEST)).toBeUndefined();
	});

	test('knows what has its row in the table', () => {
		const created = open({});
		created.remember(0, REQUEST, memoryOf('t1'));
		expect(created.takeUp(0, REQUEST)).not.toHaveProperty('isRecorded');
		created.markRecorded(0, REQUEST);
		expect(created.takeUp(0, REQUEST)).toMatchObject({ ...memoryOf('t1'), isRecorded: true });
		created.remember(1, REQUEST, UNKNOWN);
		created.markRecorded(1, REQUEST);
		expect(created.takeUp(1, REQUEST)).not.toHaveProperty('isRecorded');
	});

	test('what was never created is not remembered by its end', () => {
		const created = open({});
		created.markRecorded(0, REQUEST);
		created.markFailed(0, REQUEST);
		expect(created.takeUp(0, REQUEST)).toBeUndefined();
	});
});

describe('as the tool of an agent', () => {
	test.each([
		['execution', true],
		['node', true],
		[undefined, false],
	] as const)('%s', (tool, isTool) => {
		expect(isToolOfAgent(contextOf({ tool }))).toBe(isTool);
		expect(open({ tool }).isTool).toBe(isTool);
	});

	test('a task is remembered in all runs of the node until it is handed over', () => {
		const store = {};
		open({ store, tool: 'node' }).remember(0, REQUEST, memoryOf('t1'));
		const later = open({ store, tool: 'node', runIndex: 3 });
		expect(later.takeUp(0, REQUEST)).toMatchObject(memoryOf('t1'));
		later.markHandedOver(0, REQUEST);
		expect(later.takeUp(0, REQUEST)).toBeUndefined();
	});

	test('elsewhere it is remembered after that, too', () => {
		const created = open({});
		created.remember(0, REQUEST, memoryOf('t1'));
		created.markHandedOver(0, REQUEST);
		expect(created.takeUp(0, REQUEST)).toBeDefined();
	});

	test.each([
		{ retryOnFail: false, maxTries: 3, calls: 0 },
		{ retryOnFail: undefined, maxTries: 3, calls: 0 },
		{ retryOnFail: true, maxTries: undefined, calls: 2 },
		{ retryOnFail: true, maxTries: 0, calls: 2 },
		{ retryOnFail: true, maxTries: 1, calls: 1 },
		{ retryOnFail: true, maxTries: 4, calls: 3 },
		{ retryOnFail: true, maxTries: 9, calls: 4 },
		{ retryOnFail: true, maxTries: 4, continuesOnFail: true, calls: 0 },
	])(
		'a failed task is given to $calls more calls: $retryOnFail, $maxTries, $continuesOnFail',
		({ calls, ...settings }) => {
			const store = {};
			const call = () => open({ store, tool: 'execution', ...settings });
			call().remember(0, REQUEST, memoryOf('t1'));
			call().markFailed(0, REQUEST);
			for (let more = 0; more < calls; more++) {
				expect(call().takeUp(0, REQUEST)).toMatchObject(memoryOf('t1'));
				// Each of them fails in turn.
				call().markFailed(0, REQUEST);
			}
			expect(call().takeUp(0, REQUEST)).toBeUndefined();
		},
	);
});

describe('what a try has left', () => {
	test('are the tasks of earlier tries of this run that it has not asked for', () => {
		const store = {};
		const earlier = open({ store });
		earlier.remember(0, REQUEST, memoryOf('t1'));
		earlier.remember(1, REQUEST, memoryOf('t2'));
		earlier.remember(2, REQUEST, memoryOf('t3'));
		earlier.markFailed(2, REQUEST);
		earlier.remember(3, REQUEST, UNKNOWN);
		earlier.remember(4, REQUEST, memoryOf(''));
		open({ store, runIndex: 1 }).remember(5, REQUEST, memoryOf('of another run'));
		const later = open({ store });
		later.takeUp(0, REQUEST);
		expect(later.notTakenUp()).toEqual([
			{ itemIndex: 1, taskId: 't2', hasFailed: false },
			{ itemIndex: 2, taskId: 't3', hasFailed: true },
			{ itemIndex: 3, taskId: '', hasFailed: false },
		]);
	});

	test('is nothing for an agent, whose calls are for other videos', () => {
		const store = {};
		open({ store, tool: 'node' }).remember(0, REQUEST, memoryOf('t1'));
		expect(open({ store, tool: 'node' }).notTakenUp()).toEqual([]);
	});

	test('is said below the output, unless all of it has failed', () => {
		const [store, hints] = [{}, [] as IDataObject[]];
		const earlier = open({ store });
		earlier.remember(0, REQUEST, memoryOf('t1'));
		earlier.markFailed(0, REQUEST);
		hintAtLeftTasks(contextOf({ store }, hints), open({ store }));
		expect(hints).toEqual([]);
		earlier.remember(1, REQUEST, memoryOf('t2'));
		hintAtLeftTasks(contextOf({ store }, hints), open({ store }));
		expect(hints).toEqual([
			{
				message:
					'Earlier tries of this run have created videos with other values, which are not in this output: t2 (item 2). Wait for them with Task > Wait.',
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	test('is named by the error that ends a try', () => {
		const store = {};
		const error = new CometApiVideoError('It ended', '', {});
		expect(nameLeftTasks(open({ store }), error)).toBe(error);
		open({ store }).remember(0, REQUEST, memoryOf('t1'));
		const named = nameLeftTasks(open({ store }), error) as CometApiVideoError;
		expect(named.leftTasks).toBe(
			'Earlier tries of this run have left tasks at CometAPI: t1 (item 1). Wait for them with Task > Wait.',
		);
		expect((nameLeftTasks(open({ store }), named) as CometApiVideoError).leftTasks).toBe(
			`${named.leftTasks} ${named.leftTasks}`,
		);
	});
});
