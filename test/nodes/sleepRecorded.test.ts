/** While Waiting: sleep, with recorded tasks: whose the rows are while nobody runs, and what becomes of them. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Fault } from '../simulator/simulator';
import { atLength } from '../support/longRun';
import type { Parking } from '../support/parking';
import { TriggerNodeTest } from '../support/triggerNode';
import type { RunOptions } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';
import { useVirtualClock } from '../support/virtualClock';
import { startWorld } from '../support/world';

const TABLE = 'CometAPI Tasks';
const TASK_SECONDS = 300;
/** What a wait lasts if nothing is said, and the time after which nobody wakes the node any more. */
const TIMEOUT_MS = 20 * 60_000;
const MARGIN_MS = 10 * 60_000;
const TWO = [{ json: { prompt: 'A boat' } }, { json: { prompt: 'A kite' } }];
const isFor =
	(prompt: string): NonNullable<Fault['when']> =>
	({ form }) =>
		form?.fields.some(([, value]) => value === prompt) ?? false;
const NEVER: Fault = { on: 'create', kind: 'neverEnds' };
const FAILS: Fault = { on: 'create', kind: 'taskFails', reason: 'The prompt was refused' };

let node: VideoNodeTest;
let trigger: TriggerNodeTest;

beforeEach(async () => {
	const world = await startWorld(useVirtualClock(), { taskSeconds: TASK_SECONDS });
	node = VideoNodeTest.in(world);
	trigger = TriggerNodeTest.in(world, { watch: 'dataTable' });
});

afterEach(async () => {
	await trigger.close();
});

const rowsOf = () => node.n8nApi.table(TABLE).rows;
const statuses = (): Record<string, unknown> =>
	Object.fromEntries(rowsOf().map(({ prompt, status }) => [prompt, status])) as Record<string, unknown>;
const promptOf = ({ prompt }: IDataObject): unknown => prompt;

interface Given {
	parameters: INodeParameters;
	options?: INodeParameters;
	run?: RunOptions;
	onWake?(parking: Parking, id: string, isParent: boolean): Promise<void> | 'lose' | void;
}

/** Runs Generate for two items, and looks at the world before each time that an execution is woken. */
async function sleep({ parameters, options = {}, run = {}, onWake }: Given) {
	const given = { prompt: '={{ $json.prompt }}', downloadVideo: false, ...parameters };
	const engine = node.engine(run);
	const { parking } = engine;
	if (!parking) throw new Error('No database');
	parking.onWake = (id, isParent) => (onWake?.(parking, id, isParent) === 'lose' ? 'lose' : 'wake');
	jest.spyOn(node, 'engine').mockReturnValue(engine);
	const result = await node.run({ ...given, options: { whileWaiting: 'sleep', ...options } }, { items: TWO, ...run });
	expect(parking.asleepMs).toBeGreaterThan(0);
	return result;
}

/** Whatever the trigger would hand over by now. */
async function pollTwice(): Promise<IDataObject[]> {
	const before = trigger.started.length;
	await trigger.pollNow();
	await trigger.pollNow();
	return trigger.started.slice(before);
}

type Variant = [string, INodeParameters, 'kept' | 'removed', boolean];
const VARIANTS: Variant[] = [
	['Unfinished Tasks, without a key', {}, 'removed', true],
	['Unfinished Tasks, by key', { recordTasks: 'unfinishedElsewhere', tableAccess: 'apiKey' }, 'removed', false],
	['All Tasks, without a key', { recordTasks: 'all' }, 'kept', true],
	['All Tasks, by key', { recordTasks: 'all', tableAccess: 'apiKey' }, 'kept', false],
];
/** What is kept and how the table is reached do not depend on one another: each of both once. */
const EACH_ONCE = VARIANTS.filter(([, , fate, hasDataTables]) => (fate === 'removed') === hasDataTables);

describe.each(atLength(EACH_ONCE, VARIANTS))('%s', (_what, parameters, fate, hasDataTables) => {
	beforeEach(() => {
		if (hasDataTables) node.giveDataTables();
	});

	test('rows are held until the deadline, and closed when their tasks have ended', async () => {
		const holds = new Set<number>();
		const began = node.clock.now();
		const { rows } = await sleep({
			parameters,
			onWake() {
				for (const row of rowsOf()) if (row.status === 'pending') holds.add(Date.parse(String(row.heldUntil)) - began);
			},
		});
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(rows.filter(({ recordWarning }) => recordWarning)).toEqual([]);
		expect(holds.size).toBe(1);
		expect(Math.abs([...holds][0] - TIMEOUT_MS - MARGIN_MS)).toBeLessThan(10_000);
		expect(rowsOf()).toMatchObject(
			fate === 'removed'
				? []
				: rows.map(({ taskId, videoUrl }) => ({ taskId, videoUrl, status: 'succeeded', heldUntil: null })),
		);
		await trigger.activate();
		expect(await pollTwice()).toEqual([]);
	});

	test('a task that has timed out is free, one that has failed is not left', async () => {
		node.simulator.addFault({ ...NEVER, when: isFor('A boat') });
		node.simulator.addFault({ ...FAILS, when: isFor('A kite') });
		const { errorItems } = await sleep({
			parameters,
			options: { timeout: 8 },
			run: { onError: 'continueErrorOutput' },
		});
		expect(errorItems).toHaveLength(2);
		expect(statuses()).toEqual({ 'A boat': 'pending', ...(fate === 'kept' ? { 'A kite': 'failed' } : {}) });
		expect(rowsOf()[0]).toMatchObject({ prompt: 'A boat', heldUntil: null });
	});

	test('n8n that is only just starting, again and again, when it wakes the looks is given time, and hands over nothing twice', async () => {
		let earlyLooks = 0;
		const { rows } = await sleep({
			parameters,
			onWake(parking, _id, isParent) {
				const haveEnded = node.clock.now() - Date.parse('2026-11-21T12:00:00Z') > TASK_SECONDS * 1000;
				parking.lacksDataTables = !isParent && haveEnded && earlyLooks < 3;
				if (parking.lacksDataTables) earlyLooks += 1;
			},
		});
		// A table that is reached by key is there.
		expect(earlyLooks).toBe(hasDataTables ? 3 : 1);
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(rows.filter(({ recordWarning }) => recordWarning)).toEqual([]);
		expect(rowsOf()).toMatchObject(
			fate === 'removed' ? [] : rows.map(() => ({ status: 'succeeded', heldUntil: null })),
		);
	});

	test('after Stop the rows are there, and free', async () => {
		for (const row of TWO) node.simulator.addFault({ ...NEVER, when: isFor(row.json.prompt) });
		const stopped = sleep({
			parameters,
			onWake(parking, id, isParent) {
				if (!isParent) parking.stop(parking.parentOf(id));
			},
		});
		await expect(stopped).rejects.toThrow('Nothing wakes');
		expect(rowsOf()).toMatchObject(TWO.map(() => ({ status: 'pending', heldUntil: null })));
	});
});

describe('Unfinished Tasks', () => {
	test('a video that nobody was handed stays in the table when n8n is killed', async () => {
		node.giveDataTables();
		// One is ready long before the other, and was seen so.
		node.simulator.addFault({ ...NEVER, when: isFor('A kite') });
		let isKilled = false;
		const { rows } = await sleep({
			parameters: {},
			onWake(_parking, _id, isParent) {
				isKilled ||= node.clock.now() - Date.parse('2026-11-21T12:00:00Z') > 2 * TASK_SECONDS * 1000;
				return isKilled && !isParent ? 'lose' : undefined;
			},
		});
		expect(isKilled).toBe(true);
		expect(rows).toMatchObject([{ timedOut: true }, { timedOut: true }]);
		expect(rowsOf().map(promptOf)).toEqual(['A boat', 'A kite']);
		await trigger.activate();
		expect((await pollTwice()).map(promptOf)).toEqual(['A boat']);
	});

	test('one that was finished awake comes out then, and stays in the table all the same', async () => {
		await trigger.close();
		const world = await startWorld(useVirtualClock(), { taskSeconds: 100 });
		node = VideoNodeTest.in(world);
		trigger = TriggerNodeTest.in(world, { watch: 'dataTable' });
		node.giveDataTables();
		node.simulator.addFault({ ...NEVER, when: isFor('A kite') });
		const { rows } = await sleep({
			parameters: {},
			onWake: (_parking, _id, isParent) => (isParent ? undefined : 'lose'),
		});
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'pending', timedOut: true }]);
		expect(rowsOf().map(promptOf)).toEqual(['A boat', 'A kite']);
	});

	test('tables that were switched off for good hold up nothing', async () => {
		node.giveDataTables();
		const { rows } = await sleep({
			parameters: {},
			onWake(parking) {
				parking.lacksDataTables = true;
			},
		});
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
	});

	test('a task that nobody waits for is not held', async () => {
		node.giveDataTables();
		const seen: unknown[] = [];
		await sleep({
			parameters: { waitForCompletion: '={{ $json.prompt === "A boat" }}' },
			onWake: () => void seen.push(rowsOf().map((row) => [row.prompt, row.heldUntil !== null])),
		});
		expect(seen[0]).toEqual([
			['A boat', true],
			['A kite', false],
		]);
		expect(rowsOf().map(promptOf)).toEqual(['A kite']);
	});

	test.each<[string, () => void]>([
		['cannot be used', () => void (node.giveDataTables().fault = () => Promise.reject(new Error('module is off')))],
		['is not offered', () => {}],
	])('a table that %s is not told with the videos', async (_what, arrange) => {
		arrange();
		const { rows } = await sleep({ parameters: {} });
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(rows.filter(({ recordWarning }) => recordWarning !== undefined)).toEqual([]);
	});
});

test('the name of a table is no expression asleep', async () => {
	node.giveDataTables();
	const tables = new Set<string>();
	await sleep({
		parameters: { recordTasks: 'all', dataTable: { __rl: true, mode: 'name', value: '={{ "Spring " + (1 + 1) }}' } },
		onWake: () => node.n8nApi.tables.forEach(({ name }) => tables.add(name)),
	});
	expect([...tables]).toEqual(['Spring 2']);
	expect(node.n8nApi.table('Spring 2').rows.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});
