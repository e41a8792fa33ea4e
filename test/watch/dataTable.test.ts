/** The trigger on an n8n Data Table: every task once, whatever happens in between. */
import type { IDataObject } from 'n8n-workflow';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import type { N8nTable } from '../support/n8nApi';
import type { CrashPoint, TriggerNodeTest } from '../support/triggerNode';
import { enterRows, watchTable } from './watchedTable';

const MINUTE_MS = 60_000;

let trigger: TriggerNodeTest;
let table: N8nTable;

async function watch(...settings: Parameters<typeof watchTable>) {
	({ trigger, table } = await watchTable(...settings));
}

afterEach(async () => {
	await trigger.close();
	jest.restoreAllMocks();
});

/** A row as the action node records it. */
async function recordTask(columns: IDataObject = {}): Promise<string> {
	const taskId = await trigger.createTask(columns.model as string | undefined);
	enter({ taskId, ...columns });
	return taskId;
}

const enter = (...rows: IDataObject[]) => enterRows({ trigger, table }, ...rows);

function rowOf(taskId: string) {
	return table.rows.find((row) => row.taskId === taskId);
}

test('a recorded task starts the workflow once when it is finished, and its row says so', async () => {
	await watch();
	await trigger.activate();
	const taskId = await recordTask({
		model: 'doubao-seedance-2-0',
		mode: 'textToVideo',
		estimatedCostUsd: 0.7,
		prompt: 'A boat',
	});

	expect(await trigger.poll(30_000)).toEqual([]);
	const [row] = await trigger.poll();
	expect(row).toMatchObject({
		taskId,
		status: 'succeeded',
		provider: 'seedance',
		prompt: 'A boat',
		estimatedCostUsd: 0.7,
	});
	expect(row.videoUrl).toContain(trigger.simulator.resultOrigin);
	expect(row.row).toMatchObject({ prompt: 'A boat' });
	expect(await trigger.poll()).toEqual([]);
	expect(rowOf(taskId)).toMatchObject({ status: 'succeeded', videoUrl: row.videoUrl, prompt: 'A boat' });
	expect(rowOf(taskId)?.completedAt).toEqual(expect.any(String));
	const asked = looks().length;
	expect(await trigger.poll()).toEqual([]);
	expect(looks()).toHaveLength(asked);
	expect(trigger.errors).toEqual([]);
});

test('an older task that ends after a newer one is not lost', async () => {
	await watch();
	await trigger.activate();
	trigger.simulator.addFault({ on: 'create', kind: 'neverEnds' });
	const older = await recordTask();
	const newer = await recordTask();
	expect(await trigger.poll()).toMatchObject([{ taskId: newer }]);
	finish(older);
	expect(await trigger.poll()).toMatchObject([{ taskId: older }]);
	expect(await trigger.poll()).toEqual([]);
});

test('two rows with one task start the workflow once, and both are marked', async () => {
	await watch();
	await trigger.activate();
	const taskId = await recordTask();
	enter({ taskId });
	expect(await trigger.poll()).toMatchObject([{ taskId }]);
	expect(await trigger.poll()).toEqual([]);
	expect(table.rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
	expect(await trigger.poll()).toEqual([]);
});

test('only unfinished rows are asked for, by n8n itself', async () => {
	await watch();
	await trigger.activate();
	enter({ taskId: 'task_old', status: 'succeeded' });
	enter({ taskId: null, status: null });
	const taskId = await recordTask({ status: null, provider: null, route: null });
	expect(await trigger.poll()).toMatchObject([{ taskId, provider: 'seedance', route: '/v1/videos' }]);
	expect(looks()).not.toContain('/v1/videos/task_old');
	expect(rowRequests().at(-1)?.query.get('filter')).toContain('"pending"');
});

describe('what was recorded before the workflow was switched on', () => {
	test('three videos that CometAPI had finished by then: the table calls them pending, so each starts it once', async () => {
		await watch();
		const taskIds = [await recordTask(), await recordTask(), await recordTask()];
		trigger.clock.advance(120_000);
		await trigger.activate();
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(trigger.started.map(({ taskId }) => taskId).sort()).toEqual([...taskIds].sort());
		expect(table.rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	});

	test('what the table calls finished starts nothing', async () => {
		await watch();
		const taskId = await recordTask();
		Object.assign(rowOf(taskId) ?? {}, { status: 'failed' });
		trigger.clock.advance(120_000);
		await trigger.activate();
		expect(await trigger.poll()).toEqual([]);
		expect(looks()).toEqual([]);
	});

	test('another table that is chosen while the workflow is active: what is pending there starts it', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		expect(await trigger.poll()).toHaveLength(1);
		const other = trigger.n8nApi.addTable('Other', [...JOURNAL_COLUMNS]);
		trigger.n8nApi.addRows(other.id, [{ taskId, provider: 'seedance', route: '/v1/videos', status: 'pending' }]);
		trigger.parameters.dataTable = { __rl: true, mode: 'name', value: 'Other' };
		await trigger.activate('update');
		await trigger.poll();
		await trigger.poll();
		expect(trigger.started.map((row) => row.taskId)).toEqual([taskId, taskId]);
		expect(other.rows).toMatchObject([{ status: 'succeeded' }]);
	});

	test('a task that was under way then does start it', async () => {
		await watch();
		const taskId = await recordTask();
		await trigger.activate();
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
	});

	test('switching off and on again does not repeat anything either', async () => {
		await watch();
		await trigger.activate();
		await recordTask();
		expect(await trigger.poll()).toHaveLength(1);
		await trigger.activate();
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.started).toHaveLength(1);
	});

	test('what ends while n8n is down starts it when n8n is back', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.clock.advance(3_600_000);
		expect(await trigger.restart()).toMatchObject([{ taskId }]);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('n8n ends in the middle of a poll that has found something', () => {
	test.each<[string, CrashPoint]>([
		['before it stores the state', 'beforeStore'],
		['between storing the state and starting the workflow', 'afterStore'],
		['after starting the workflow, before the row is marked', 'afterStart'],
	])('%s: the workflow is started once all the same', async (_when, crashAt) => {
		await watch();
		await trigger.activate();
		// Evidence that this n8n keeps executions.
		const first = await recordTask();
		await trigger.poll();
		const second = await recordTask();
		// What n8n makes of a poll that has failed tells nothing.
		trigger.n8nApi.addExecution({ workflowId: 'workflow', startedAt: null, mode: 'trigger', status: 'error' });
		trigger.crashAt = crashAt;
		await trigger.poll();
		await trigger.restart();
		await trigger.poll();
		await trigger.poll();
		expect(trigger.started.map(({ taskId }) => taskId)).toEqual([first, second]);
		expect(rowOf(second)).toMatchObject({ status: 'succeeded' });
	});

	test.each<[string, CrashPoint]>([
		['before the transaction', 'beforeStore'],
		['after it, before the row is marked', 'afterStart'],
	])('with durable poll cursors, %s: once', async (_when, crashAt) => {
		await watch({}, { durableCursors: true });
		await trigger.activate();
		const taskId = await recordTask();
		trigger.crashAt = crashAt;
		await trigger.poll();
		await trigger.restart();
		await trigger.poll();
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId }]);
		expect(rowOf(taskId)).toMatchObject({ status: 'succeeded' });
	});

	test.each([
		['4 s before, by the database that notes it', 4000, 1],
		['10 s before, so it was for something else', 10_000, 2],
	])('an execution that began %s', async (_when, milliseconds, times) => {
		await watch();
		await trigger.activate();
		await recordTask();
		trigger.crashAt = 'afterStart';
		await trigger.poll();
		const startedAt = new Date(trigger.clock.now() - milliseconds).toISOString();
		trigger.n8nApi.executions.splice(0);
		trigger.n8nApi.addExecution({ workflowId: 'workflow', startedAt, mode: 'trigger' });
		await trigger.restart();
		await trigger.poll();
		expect(trigger.started).toHaveLength(times);
	});

	test.each([
		['a key that may not list executions', () => without('execution:list')],
		['an n8n that does not keep executions that succeed', () => trigger.n8nApi.executions.splice(0)],
	])('%s: what was stored counts as handed over', async (_what, spoil) => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.crashAt = 'afterStart';
		await trigger.poll();
		spoil();
		trigger.n8nApi.addExecution({
			workflowId: 'workflow',
			startedAt: '2026-11-20T00:00:00.000Z',
			mode: 'manual',
			status: 'error',
		});
		await trigger.restart();
		expect(trigger.started).toMatchObject([{ taskId }]);
		expect(rowOf(taskId)).toMatchObject({ status: 'succeeded' });
	});
});

test('a row that could not be marked is marked by the next poll, without starting the workflow again', async () => {
	await watch();
	await trigger.activate();
	const taskId = await recordTask();
	expect(await trigger.poll()).toHaveLength(1);
	trigger.n8nApi.addFault({ kind: 'reply', status: 503, times: 2, when: ({ method }) => method === 'PATCH' });
	expect(await trigger.poll()).toEqual([]);
	expect(rowOf(taskId)).toMatchObject({ status: 'pending' });
	expect(await trigger.poll()).toEqual([]);
	expect(rowOf(taskId)).toMatchObject({ status: 'succeeded' });
});

describe('Trigger On', () => {
	async function oneOfEach(triggerOn: string) {
		await watch({ triggerOn });
		await trigger.activate();
		trigger.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'The picture is too dark' });
		const failed = await recordTask();
		const succeeded = await recordTask();
		const rows = await trigger.poll();
		expect(await trigger.poll()).toEqual([]);
		expect([rowOf(failed)?.status, rowOf(succeeded)?.status]).toEqual(['failed', 'succeeded']);
		expect(rowOf(failed)?.failureReason).toBe('The picture is too dark');
		expect(await trigger.poll()).toEqual([]);
		return rows.map(({ status, failureReason }) => [status, failureReason]);
	}

	test.each([
		['succeeded', [['succeeded', null]]],
		['failed', [['failed', 'The picture is too dark']]],
		[
			'both',
			[
				['failed', 'The picture is too dark'],
				['succeeded', null],
			],
		],
	])('%s', async (triggerOn, expected) => {
		expect(await oneOfEach(triggerOn)).toEqual(expected);
	});
});

test('rows that the filters leave out are neither asked for nor marked', async () => {
	await watch({ filters: { providers: ['seedance'], model: '2-0-fast' } });
	await trigger.activate();
	const otherModel = await recordTask({ model: 'doubao-seedance-2-0' });
	const otherProvider = await recordTask({ provider: 'wan', model: 'doubao-seedance-2-0-fast' });
	const wanted = await recordTask({ model: 'doubao-seedance-2-0-fast' });
	expect(await trigger.poll()).toMatchObject([{ taskId: wanted }]);
	await trigger.poll();
	expect([rowOf(otherModel)?.status, rowOf(otherProvider)?.status]).toEqual(['pending', 'pending']);
	expect(new Set(looks())).toEqual(new Set([`/v1/videos/${wanted}`]));
});

test('columns with names of their own', async () => {
	await watch({
		dataTable: { __rl: true, mode: 'name', value: 'Jobs' },
		columnNames: { taskId: 'job', status: 'state', videoUrl: 'link', completedAt: 'ended' },
	});
	table = trigger.n8nApi.addTable('Jobs', [
		{ name: 'job', type: 'string' },
		{ name: 'state', type: 'string' },
		{ name: 'link', type: 'string' },
		{ name: 'ended', type: 'date' },
		{ name: 'title', type: 'string' },
	]);
	await trigger.activate();
	const taskId = await trigger.createTask();
	trigger.n8nApi.addRows(table.id, [{ job: taskId, state: 'pending', title: 'Spring' }]);
	const [row] = await trigger.poll();
	expect(row).toMatchObject({ taskId, row: { title: 'Spring' } });
	await trigger.poll();
	expect(table.rows[0]).toMatchObject({
		state: 'succeeded',
		link: row.videoUrl,
		ended: expect.any(String),
		title: 'Spring',
	});
});

describe('a broken task', () => {
	test('does not stop the others, is asked for ever more seldom, and is given up after a day', async () => {
		await watch();
		await trigger.activate();
		enter({ taskId: 'task_unknown' });
		enter({ taskId: 'not an id' });
		const taskId = await recordTask();
		const asked = () => looks().filter((path) => path.endsWith('task_unknown')).length;
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
		// After a minute, five, a quarter of an hour, and then an hour.
		for (const [minutes, times] of [
			...[
				[0.5, 1],
				[0.5, 2],
				[4.5, 2],
				[0.5, 3],
				[14.5, 3],
				[0.5, 4],
			],
			...[
				[29, 4],
				[10, 4],
			],
		]) {
			expect(await trigger.poll(minutes * MINUTE_MS)).toEqual([]);
			expect(asked()).toBe(times);
		}
		expect(rowOf('task_unknown')).toMatchObject({ status: 'pending' });
		await trigger.poll(24 * 3_600_000);
		expect(rowOf('task_unknown')).toMatchObject({
			status: 'unknown',
			failureReason: expect.stringMatching(/^CometAPI/),
		});
		expect(trigger.errors).toEqual([]);
	});

	test('a new task that is unknown for a moment is asked for by the next poll', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.simulator.addFault({ on: 'status', kind: 'taskNotExist' });
		expect(await trigger.poll(3000)).toEqual([]);
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
	});

	test('several new tasks that are unknown for a moment are no reason to complain', async () => {
		await watch();
		await trigger.activate();
		const taskIds = [await recordTask(), await recordTask()];
		trigger.simulator.addFault({ on: 'status', kind: 'taskNotExist', times: 4 });
		expect(await trigger.poll(3000)).toEqual([]);
		// n8n would switch the workflow off if the first poll after a change failed.
		await trigger.restart();
		expect(trigger.errors).toEqual([]);
		expect((await trigger.poll()).map(({ taskId }) => taskId)).toEqual(taskIds);
	});

	test('when none of several can be read, the poll says so, once an hour', async () => {
		await watch();
		await trigger.activate();
		enter({ taskId: 'task_unknown' });
		enter({ taskId: 'task_gone' });
		for (let polls = 0; polls < 6; polls++) await trigger.poll(10 * MINUTE_MS);
		expect(trigger.errors).toHaveLength(1);
		expect(trigger.errors[0].message).toMatch(/^None of 2 tasks could be read\. The first: CometAPI/);
	});

	test('the key of another account: said each time the workflow is switched on, and mended at once', async () => {
		await watch();
		enter({ taskId: 'task_a' });
		enter({ taskId: 'task_b' });
		for (let tries = 0; tries < 3; tries++)
			expect((await trigger.activationError()).message).toMatch(/^None of 2 tasks/);
		table.rows.length = 0;
		const taskId = await recordTask();
		await trigger.activate();
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
	});
});

describe('n8n drops the result of a poll', () => {
	test('because the workflow was changed meanwhile: the next poll hands over', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.crashAt = 'beforeStore';
		expect(await trigger.poll()).toEqual([]);
		await trigger.settle();
		expect(rowOf(taskId)).toMatchObject({ status: 'pending' });
		trigger.crashAt = undefined;
		await trigger.activate('update');
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId }]);
	});
});

describe("a table that is somebody's own", () => {
	const columns = [
		'taskId',
		'status',
		'provider',
		'estimatedCostUsd',
		'durationSeconds',
		'progress',
		'failureReason',
		'videoUrl',
	];

	test('marking fills in the end and leaves the rest as it is', async () => {
		await watch({ dataTable: { __rl: true, mode: 'name', value: 'Jobs' } });
		table = trigger.n8nApi.addTable(
			'Jobs',
			columns.map((name) => ({ name, type: 'string' as const })),
		);
		await trigger.activate();
		const taskId = await trigger.createTask();
		const own = {
			provider: 'Seedance',
			estimatedCostUsd: '0.7',
			durationSeconds: '5',
			progress: 'script written',
			failureReason: 'none',
		};
		trigger.n8nApi.addRows(table.id, [{ taskId, status: 'pending', ...own }]);
		await trigger.poll();
		await trigger.poll();
		expect(table.rows[0]).toMatchObject({ ...own, status: 'succeeded', videoUrl: expect.stringContaining('http') });
	});

	test('a status that the started workflow has set stays', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		await trigger.poll();
		trigger.n8nApi.addFault({
			kind: 'reset',
			when: ({ method, path }) => method === 'PATCH' && setStatus(path, taskId),
		});
		await trigger.poll();
		await trigger.poll();
		expect(rowOf(taskId)).toMatchObject({ status: 'published' });
	});

	/** The workflow is quicker than the mark. */
	function setStatus(_path: string, taskId: string): boolean {
		Object.assign(rowOf(taskId) ?? {}, { status: 'published' });
		return false;
	}
});

describe('when CometAPI or n8n cannot be reached', () => {
	test('a passing outage goes by in silence, and nothing is lost', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 500 });
		expect(await trigger.poll()).toEqual([]);
		trigger.n8nApi.addFault({ kind: 'reset' });
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
		expect(trigger.errors).toEqual([]);
	});

	test('a long one is said from the third poll on, once an hour', async () => {
		await watch();
		await trigger.activate();
		await recordTask();
		trigger.simulator.addFault({ on: 'status', kind: 'html', times: Infinity });
		for (let minute = 0; minute < 2; minute++) await trigger.poll();
		expect(trigger.errors).toEqual([]);
		await trigger.poll();
		for (let polls = 0; polls < 6; polls++) await trigger.poll(10 * MINUTE_MS);
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			'CometAPI answered with a web page instead of data',
			'CometAPI answered with a web page instead of data',
		]);
	});

	test.each([
		['as long as it wants', { 'retry-after': '50' }],
		['for a minute if it does not say', undefined],
	])('after a 429 CometAPI is left alone %s', async (_long, headers) => {
		await watch();
		await trigger.activate();
		for (let count = 0; count < 7; count++) await recordTask();
		trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 429, headers, times: 5 });
		await trigger.poll();
		expect(looks().length).toBeLessThanOrEqual(5);
		expect(await trigger.poll(30_000)).toEqual([]);
		expect(looks().length).toBeLessThanOrEqual(5);
		expect(await trigger.poll(30_000)).toHaveLength(7);
	});
});

describe('what is wrong is said when the workflow is switched on', () => {
	test.each<[string, () => void, RegExp]>([
		['wrong key', () => (trigger.n8nApi.scopes = []), /lacks the scope dataTable:list/],
		['no reading', () => without('dataTableRow:read'), /lacks the scope dataTableRow:read/],
		['no writing', () => without('dataTableRow:update'), /lacks the scope dataTableRow:update/],
		[
			'no column',
			() =>
				table.columns.splice(
					table.columns.findIndex(({ name }) => name === 'taskId'),
					1,
				),
			/^The data table "CometAPI Tasks" has no column "taskId"; its columns are: completedAt/,
		],
		['web page', () => trigger.n8nApi.addFault({ kind: 'html' }), /^There is no n8n API with data tables at http/],
		[
			'redirect',
			() => trigger.n8nApi.addFault({ kind: 'redirect', location: 'https://n8n.example.com/' }),
			/^There is no n8n API with data tables at http/,
		],
		['no answer', () => trigger.n8nApi.addFault({ kind: 'reset' }), /^The connection to n8n at 127/],
	])('%s', async (_what, spoil, message) => {
		await watch();
		spoil();
		expect((await trigger.activationError()).message).toMatch(message);
	});

	test('a table that is deleted later', async () => {
		await watch();
		await trigger.activate();
		trigger.n8nApi.deleteTable(table.id);
		await trigger.poll();
		expect(trigger.errors.map(({ message }) => message)).toEqual(['The data table "CometAPI Tasks" does not exist']);
	});
});

describe('a test run in the editor', () => {
	test('shows the newest finished task, and changes nothing', async () => {
		await watch();
		await recordTask();
		trigger.clock.advance(5000);
		const newest = await recordTask();
		trigger.clock.advance(120_000);
		await recordTask();
		const before = structuredClone(table.rows);
		const [item] = await trigger.sample();
		expect(item.json).toMatchObject({ taskId: newest, status: 'succeeded' });
		expect(table.rows).toEqual(before);
	});

	test('shows a pending one when none is finished', async () => {
		await watch();
		const taskId = await recordTask();
		expect((await trigger.sample()).map(({ json }) => json)).toMatchObject([
			{ taskId, status: 'pending', videoUrl: null },
		]);
	});

	test('says what to do when there is none', async () => {
		await watch();
		await expect(trigger.sample()).rejects.toThrow('There is no task to show yet');
	});
});

test('ids of every form are handed over once', async () => {
	await watch();
	await trigger.activate();
	const taskIds = ['__proto__', 'constructor', 'x'.repeat(200)];
	for (const taskId of taskIds) {
		const created = await trigger.createTask();
		const task = trigger.simulator.tasks.get(created);
		if (task) trigger.simulator.tasks.set(taskId, Object.assign(task, { id: taskId }));
		enter({ taskId });
	}
	for (let polls = 0; polls < 4; polls++) await trigger.poll();
	expect(trigger.started.map(({ taskId }) => taskId).sort()).toEqual([...taskIds].sort());
	expect(new Set(table.rows.map(({ status }) => status))).toEqual(new Set(['succeeded']));
	await trigger.restart();
	await trigger.poll();
	expect(trigger.started).toHaveLength(3);
});

describe("n8n's clock is set", () => {
	const DAY_MS = 86_400_000;

	test.each([
		['back by a day after a 429', 'throttled'],
		['back by a day after a look that failed', 'unknown'],
	])('%s: the next poll looks all the same', async (_when, fault) => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.simulator.addFault(
			fault === 'throttled' ? { on: 'status', kind: 'reply', status: 429 } : { on: 'status', kind: 'taskNotExist' },
		);
		await trigger.poll();
		trigger.clock.advance(-DAY_MS);
		finish(taskId);
		// By CometAPI's clock, which is the same here, the task runs again.
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(looks().length).toBeGreaterThan(2);
	});

	test('ahead by a day: a new task that CometAPI does not know yet is not given up', async () => {
		await watch();
		await trigger.activate();
		const taskId = await recordTask();
		trigger.clock.advance(DAY_MS);
		trigger.simulator.addFault({ on: 'status', kind: 'taskNotExist' });
		await trigger.poll();
		expect(rowOf(taskId)).toMatchObject({ status: 'pending' });
		expect(await trigger.poll(2 * 60_000)).toMatchObject([{ taskId }]);
	});

	test('ahead by a day while a poll is under way: the poll that is overtaken hands over nothing', async () => {
		await watch();
		await trigger.activate();
		await recordTask();
		trigger.clock.advance(60_000);
		const slow = trigger.pollNow();
		trigger.clock.advance(DAY_MS);
		await Promise.all([slow, trigger.pollNow()]);
		await trigger.poll();
		expect(trigger.started).toHaveLength(1);
	});
});

test('polls that overlap hand over once', async () => {
	await watch();
	await trigger.activate();
	await recordTask();
	trigger.clock.advance(60_000);
	await Promise.all([trigger.pollNow(), trigger.pollNow()]);
	expect(trigger.started).toHaveLength(1);
});

function finish(taskId: string) {
	const task = trigger.simulator.tasks.get(taskId);
	if (task) task.details.traits.ending = 'success';
}

/** Paths of the looks at tasks. */
function looks(): string[] {
	return trigger.simulator.requests.filter(({ route }) => route === 'status').map(({ path }) => path);
}

function rowRequests() {
	return trigger.n8nApi.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/rows'));
}

function without(scope: string) {
	trigger.n8nApi.scopes = trigger.n8nApi.scopes.filter((other) => other !== scope);
}
