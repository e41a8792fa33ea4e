/** The trigger on an n8n Data Table when a look does not see every task: nothing is repeated, nothing is lost. */
import type { IDataObject } from 'n8n-workflow';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { atLength } from '../support/longRun';
import type { N8nTable } from '../support/n8nApi';
import type { TriggerNodeTest } from '../support/triggerNode';
import { enterRows, watchTable } from './watchedTable';

/** n8n gives no more rows at once. */
const PAGE_SIZE = 250;
const MINUTE_MS = 60_000;
/** More than one page. */
const SEVERAL_PAGES = atLength(260, 600);

let trigger: TriggerNodeTest;
let table: N8nTable;

async function watch(...settings: Parameters<typeof watchTable>) {
	({ trigger, table } = await watchTable(...settings));
}

afterEach(async () => {
	await trigger.close();
	jest.restoreAllMocks();
});

const enter = (...rows: IDataObject[]) => enterRows({ trigger, table }, ...rows);

/** Rows that this trigger's filter leaves to others. */
const othersRows = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ taskId: `task_other${index}`, provider: 'wan', model: 'wan2.7' }));

const statuses = () => table.rows.map(({ status }) => status);

const looks = () => trigger.simulator.requests.filter(({ route }) => route === 'status');

describe('more unfinished rows than n8n gives at once', () => {
	const onlySeedance = { filters: { providers: ['seedance'] } };

	test('a row that leaves between two pages hides no other', async () => {
		await watch(onlySeedance);
		const [finishing] = enter(...othersRows(PAGE_SIZE));
		await trigger.activate();
		const taskId = await trigger.createTask();
		enter({ taskId }, ...othersRows(10));
		expect(await trigger.poll()).toMatchObject([{ taskId }]);
		betweenTwoPages(() => (finishing.status = 'succeeded'));
		for (let polls = 0; polls < 3; polls++) expect(await trigger.poll()).toEqual([]);
		expect(trigger.started).toHaveLength(1);
		expect(table.rows.find((row) => row.taskId === taskId)).toMatchObject({ status: 'succeeded' });
	});

	test('those without a status are found behind the first page, too', async () => {
		await watch(onlySeedance);
		enter(...othersRows(PAGE_SIZE + 1));
		await trigger.activate();
		const taskIds = [await trigger.createTask(), await trigger.createTask(), await trigger.createTask()];
		enter({ taskId: taskIds[0], status: null }, { taskId: taskIds[1], status: '' }, { taskId: taskIds[2] });
		enter({ taskId: 'task_published', status: 'published' });
		const found = (await trigger.poll()).map(({ taskId }) => String(taskId));
		expect(found.sort()).toEqual([...taskIds].sort());
		expect(looks().some(({ path }) => path.endsWith('task_published'))).toBe(false);
	});

	/** Before n8n answers the second request for rows. */
	function betweenTwoPages(change: () => void) {
		let reads = 0;
		trigger.n8nApi.addFault({
			kind: 'reset',
			when: ({ method, path }) => {
				if (method === 'GET' && path.endsWith('/rows') && ++reads === 2) change();
				return false;
			},
		});
	}
});

describe('tasks that could not be looked at when the workflow was published', () => {
	/** xAI does not say when a task has ended. */
	async function recordXaiTask(): Promise<string> {
		const reply = await fetch(`${trigger.simulator.baseUrl}/grok/v1/videos/generations`, {
			method: 'POST',
			headers: { authorization: `Bearer ${SIMULATOR_API_KEY}`, 'content-type': 'application/json' },
			body: JSON.stringify({ model: 'grok-imagine-video', prompt: 'A paper boat' }),
		});
		const { request_id: taskId } = (await reply.json()) as { request_id: string };
		enter({ taskId, provider: 'xai', route: '/grok/v1/videos' });
		return taskId;
	}

	/** One look at it fails, as it does now and then. */
	function breakLookAt(taskId: string, status = 502) {
		trigger.simulator.addFault({ on: 'status', kind: 'reply', status, when: ({ path }) => path.endsWith(taskId) });
	}

	/** Publishes the workflow when two tasks are over, of which one cannot be looked at. */
	async function publishAfterTheEnd() {
		await watch();
		const broken = await recordXaiTask();
		await recordXaiTask();
		trigger.clock.advance(2 * MINUTE_MS);
		breakLookAt(broken);
		await trigger.activate();
	}

	test('one that was over then starts it: nobody has seen it finished', async () => {
		await publishAfterTheEnd();
		for (let polls = 0; polls < 3; polls++) await trigger.poll();
		expect(trigger.started).toHaveLength(2);
		expect(statuses()).toEqual(['succeeded', 'succeeded']);
	});

	test('the same when n8n restarts soon, and what it knows is what it has stored', async () => {
		await publishAfterTheEnd();
		await trigger.restart();
		await trigger.poll();
		expect(trigger.started).toHaveLength(2);
	});

	test('one that is still under way at the next look starts it when it is finished', async () => {
		await watch({}, { simulator: { taskSeconds: 300 } });
		await recordXaiTask();
		const broken = await recordXaiTask();
		trigger.clock.advance(MINUTE_MS);
		breakLookAt(broken);
		await trigger.activate();
		expect(await trigger.poll()).toEqual([]);
		expect((await trigger.poll(5 * MINUTE_MS)).map(({ taskId }) => taskId)).toContain(broken);
	});

	test('one that was under way starts it after a restart, though n8n has stored nothing since it was published', async () => {
		await watch({}, { simulator: { taskSeconds: 7200 } });
		await recordXaiTask();
		const broken = await recordXaiTask();
		breakLookAt(broken);
		await trigger.activate();
		await trigger.poll();
		trigger.clock.advance(3 * 3_600_000);
		expect((await trigger.restart()).map(({ taskId }) => taskId)).toContain(broken);
	});

	test('one that says that it has ended since starts it', async () => {
		await watch();
		const other = await trigger.createTask();
		const broken = await trigger.createTask();
		enter({ taskId: other }, { taskId: broken });
		breakLookAt(broken);
		await trigger.activate();
		expect((await trigger.poll(2 * MINUTE_MS)).map(({ taskId }) => taskId)).toEqual([other, broken]);
	});

	test('one that CometAPI did not know yet starts it', async () => {
		await watch();
		const older = await trigger.createTask();
		enter({ taskId: older });
		const taskId = await recordXaiTask();
		trigger.simulator.addFault({ on: 'status', kind: 'taskNotExist', when: ({ path }) => path.endsWith(taskId) });
		await trigger.activate();
		expect((await trigger.poll(2 * MINUTE_MS)).map((row) => row.taskId)).toEqual([older, taskId]);
	});

	test('those that there was no time for start it', async () => {
		await watch();
		for (let count = 0; count < 10; count++) await recordXaiTask();
		trigger.clock.advance(2 * MINUTE_MS);
		takeForEachLook(10_000);
		await trigger.activate();
		expect(looks().length).toBeLessThan(10);
		expect(statuses()).toContain('pending');
		trigger.simulator.clearFaults();
		for (let polls = 0; polls < 2; polls++) await trigger.poll();
		expect(new Set(trigger.started.map(({ taskId }) => taskId)).size).toBe(10);
		expect(trigger.started).toHaveLength(10);
	});
});

describe('rows that are not to be looked at hide none behind them', () => {
	test.each<[string, IDataObject, () => IDataObject[]]>([
		['no task', {}, () => Array.from({ length: SEVERAL_PAGES }, () => ({ taskId: null, status: null }))],
		['of other providers', { filters: { providers: ['seedance'] } }, () => othersRows(SEVERAL_PAGES)],
		['of another model', { filters: { model: 'seedance' } }, () => othersRows(SEVERAL_PAGES)],
		['no possible id', {}, () => Array.from({ length: SEVERAL_PAGES }, () => ({ taskId: 'not an id' }))],
	])('%s', async (_what, parameters, rows) => {
		await watch(parameters);
		enter(...rows());
		await trigger.activate();
		const taskId = await trigger.createTask();
		enter({ taskId, model: 'doubao-seedance-2-0' });
		await trigger.poll();
		if (SEVERAL_PAGES > 2 * PAGE_SIZE) await trigger.poll();
		expect(trigger.started).toMatchObject([{ taskId }]);
	});

	test('those of other providers are not even given by n8n, page after page', async () => {
		await watch({ filters: { providers: ['seedance'] } });
		enter(...othersRows(SEVERAL_PAGES));
		await trigger.activate();
		const reads = () =>
			trigger.n8nApi.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/rows'));
		const before = reads().length;
		await trigger.poll();
		// All at once, and then by each of the three forms of an unfinished status.
		expect(reads().length - before).toBe(4);
	});

	test('more tasks than a poll may look at: each in its turn, with at most 100 looks a poll', async () => {
		await watch();
		await trigger.activate();
		const taskIds: string[] = [];
		for (let count = 0; count < atLength(105, 205); count++) taskIds.push(await trigger.createTask());
		enter(...taskIds.map((taskId) => ({ taskId })));
		for (let polls = 0; polls < 3; polls++) {
			const before = looks().length;
			await trigger.poll();
			expect(looks().length - before).toBeLessThanOrEqual(100);
		}
		expect(trigger.started.map(({ taskId }) => String(taskId)).sort()).toEqual([...taskIds].sort());
	});
});

test('finished rows are marked by every poll, also while CometAPI is so slow that the looks take all their time', async () => {
	await watch();
	await trigger.activate();
	// Twelve looks fit in a poll.
	const [tasks, polls] = atLength([30, 6], [60, 12]);
	const taskIds: string[] = [];
	for (let count = 0; count < tasks; count++) taskIds.push(await trigger.createTask());
	enter(...taskIds.map((taskId) => ({ taskId })));
	takeForEachLook(2000);
	const countMarked = () => statuses().filter((status) => status === 'succeeded').length;
	const marked: number[] = [];
	for (let poll = 0; poll < polls; poll++) {
		const began = trigger.clock.now() + MINUTE_MS;
		await trigger.poll();
		expect(trigger.clock.now() - began).toBeLessThan(50_000);
		marked.push(countMarked());
	}
	expect(marked.at(-1)).toBe(tasks);
	expect(trigger.started.map(({ taskId }) => taskId).sort()).toEqual([...taskIds].sort());
	expect(trigger.errors).toEqual([]);
});

/** Five looks are under way at a time, so each takes five times as long. */
function takeForEachLook(milliseconds: number) {
	trigger.simulator.addFault({
		on: 'status',
		kind: 'html',
		times: Infinity,
		when: () => {
			trigger.clock.advance(milliseconds);
			return false;
		},
	});
}
