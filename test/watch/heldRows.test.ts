/** The trigger beside nodes that wait for the same table's tasks, and the table that it makes. */
import type { IDataObject } from 'n8n-workflow';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import { atLength } from '../support/longRun';
import { TriggerNodeTest } from '../support/triggerNode';
import { VideoNodeTest } from '../support/videoNode';
import { useVirtualClock } from '../support/virtualClock';
import { startWorld } from '../support/world';
import { enterRows, watchTable } from './watchedTable';

const TABLE = 'CometAPI Tasks';
const MINUTE_MS = 60_000;

let close: () => Promise<void>;

afterEach(async () => {
	await close();
	jest.restoreAllMocks();
});

/** Its name, the node's parameters, and whether n8n has Data Tables without a key. */
type Policy = [string, IDataObject, boolean];

describe('a waiting Generate and the trigger on the same table', () => {
	let node: VideoNodeTest;
	let trigger: TriggerNodeTest;

	beforeEach(async () => {
		const world = await startWorld(useVirtualClock());
		node = VideoNodeTest.in(world);
		trigger = TriggerNodeTest.in(world, { watch: 'dataTable' });
		close = async () => await trigger.close();
	});

	/** Polls all the time while the node runs. */
	async function generateWhilePolling(parameters: IDataObject): Promise<IDataObject[]> {
		await trigger.activate();
		const prompts = ['one', 'two', 'three'].map((prompt) => ({ json: { prompt } }));
		const run = node.run(
			{ prompt: '={{ $json.prompt }}', downloadVideo: false, ...(parameters as object) },
			{ items: prompts },
		);
		let isRunning = true;
		void run.finally(() => (isRunning = false));
		while (isRunning) {
			await trigger.pollNow();
			for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
		}
		const { rows } = await run;
		// Until no hold can last.
		for (let poll = 0; poll < 4; poll++) await trigger.poll(4 * MINUTE_MS);
		expect(trigger.errors).toEqual([]);
		return rows;
	}

	const unfinished: Policy = ['Unfinished Tasks, without a key', { recordTasks: 'unfinished' }, true];
	const allByKey: Policy = ['All Tasks, by key', { recordTasks: 'all', tableAccess: 'apiKey' }, false];

	/** What becomes of a row at the end, and how it is written, each in both ways. */
	test.each(
		atLength(
			[unfinished, allByKey],
			[
				...[unfinished, allByKey],
				['All Tasks, without a key', { recordTasks: 'all' }, true],
				['Unfinished Tasks, by key', { recordTasks: 'unfinishedElsewhere', tableAccess: 'apiKey' }, false],
			],
		),
	)('hand each video over once: the node (%s)', async (_what, parameters, hasDataTables) => {
		if (hasDataTables) node.giveDataTables();
		const rows = await generateWhilePolling(parameters);
		expect(rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(trigger.started).toEqual([]);
	});

	test('hand each video over once: the trigger, if the node does not wait', async () => {
		node.giveDataTables();
		const rows = await generateWhilePolling({ waitForCompletion: false });
		expect(trigger.started.map(({ taskId }) => taskId).sort()).toEqual(rows.map(({ taskId }) => taskId).sort());
	});
});

describe('a held row', () => {
	async function watchHeldTask(columns: IDataObject = {}) {
		const { trigger, table } = await watchTable();
		close = async () => await trigger.close();
		await trigger.activate();
		const taskId = await trigger.createTask();
		const heldUntil = new Date(trigger.clock.now() + 10 * MINUTE_MS).toISOString();
		enterRows({ trigger, table }, { taskId, heldUntil, workflowId: 'other', executionId: '1', ...columns });
		return { trigger, taskId };
	}

	test('is left alone until the hold has run out, and then handed over once', async () => {
		const { trigger, taskId } = await watchHeldTask();
		for (let poll = 0; poll < 3; poll++) expect(await trigger.poll(3 * MINUTE_MS)).toEqual([]);
		expect(await trigger.poll()).toMatchObject([{ taskId, status: 'succeeded' }]);
		expect(await trigger.poll()).toEqual([]);
	});

	test.each(['crashed', 'canceled', 'error'] as const)('is free at once when its execution has %s', async (status) => {
		const { trigger, taskId } = await watchHeldTask();
		const startedAt = new Date(trigger.clock.now()).toISOString();
		trigger.n8nApi.addExecution({ workflowId: 'other', startedAt, mode: 'webhook', status });
		await trigger.poll();
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId }]);
	});

	test.each(['running', 'success'] as const)('stays held while its execution is %s', async (status) => {
		const { trigger } = await watchHeldTask();
		const startedAt = new Date(trigger.clock.now()).toISOString();
		trigger.n8nApi.addExecution({ workflowId: 'other', startedAt, mode: 'webhook', status });
		for (let poll = 0; poll < 3; poll++) expect(await trigger.poll(3 * MINUTE_MS)).toEqual([]);
	});

	test('with a time that no node gives is not held', async () => {
		const { trigger, taskId } = await watchHeldTask({ heldUntil: '2036-11-21T12:00:00.000Z' });
		await trigger.poll();
		await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId }]);
	});
});

describe('the table', () => {
	beforeEach(() => {
		close = async () => await Promise.resolve();
	});

	async function startTrigger(parameters: IDataObject = {}): Promise<TriggerNodeTest> {
		const trigger = await TriggerNodeTest.start({ watch: 'dataTable', ...(parameters as object) });
		close = async () => await trigger.close();
		return trigger;
	}

	test('is made when the workflow is published, with the columns that Generate makes', async () => {
		const trigger = await startTrigger();
		await trigger.activate();
		const { columns } = trigger.n8nApi.table(TABLE);
		expect(columns.map(({ name, type }) => ({ name, type }))).toEqual(JOURNAL_COLUMNS);
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.errors).toEqual([]);
	});

	test('is not made behind the back of a person: a restart misses it loudly', async () => {
		const trigger = await startTrigger();
		await trigger.activate();
		trigger.n8nApi.deleteTable(trigger.n8nApi.table(TABLE).id);
		const error = await trigger.restart().catch((thrown: Error) => thrown);
		expect(String(error instanceof Error ? error.message : trigger.errors[0]?.message)).toContain('does not exist');
		expect(trigger.n8nApi.tables).toEqual([]);
	});

	test("is not made where columns have names of the user's own", async () => {
		const trigger = await startTrigger({ columnNames: { taskId: 'job' } });
		expect((await trigger.activationError()).message).toBe(`The data table "${TABLE}" does not exist`);
		expect(trigger.n8nApi.tables).toEqual([]);
	});

	test('needs a scope to be made, which is named', async () => {
		const trigger = await startTrigger();
		trigger.n8nApi.scopes = trigger.n8nApi.scopes.filter((scope) => scope !== 'dataTable:create');
		expect((await trigger.activationError()).message).toContain('lacks the scope dataTable:create');
	});
});
