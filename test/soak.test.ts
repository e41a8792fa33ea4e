/** A small soak, and proof that its judgement can fail: it is shown doctored records and a node that lies. */
import './soak/memoryStore';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { CometApiVideo } from '../nodes/CometApiVideo/CometApiVideo.node';
import type { SimulatedTask } from './simulator/simulator';
import { SIMULATOR_API_KEY } from './simulator/simulator';
import { judgeBatch } from './soak/batchJudgement';
import type { BatchRecord, ShownRow, Telling } from './soak/batchRecord';
import { toTelling } from './soak/batchRecord';
import type { FindingKind } from './soak/ledger';
import { Ledger, orderName } from './soak/ledger';
import { countFindings, soak } from './soak/soak';
import { judgeTable, judgeTrigger } from './soak/triggerJudgement';
import { atLength } from './support/longRun';
import { VideoNodeTest } from './support/videoNode';
import { useVirtualClock } from './support/virtualClock';
import type { World } from './support/world';
import { startWorld } from './support/world';

const SEED = 7;
const ITEMS = 3;
const CHAPTERS = 3;
const TASKS = CHAPTERS * atLength(9, 20);
/** Of short soaks few meet so many kinds of faults as this one. */
const SEED_OF_FAULTS = atLength(8, SEED);

test(`${TASKS} tasks with faults by chance: none is paid twice, lost or told wrongly`, async () => {
	const report = await soak(useVirtualClock(), {
		tasks: TASKS,
		seed: SEED_OF_FAULTS,
		tasksPerChapter: TASKS / CHAPTERS,
	});
	expect(report.findings).toEqual([]);
	expect(report.tasks).toBeGreaterThanOrEqual(TASKS);
	// One for each source of the trigger.
	expect(report.chapters).toBeGreaterThanOrEqual(CHAPTERS);
	expect(report.emitted).toBeGreaterThan(10);
	expect(report.faults.size).toBeGreaterThan(8);
});

describe('a node that lies does not get through', () => {
	test.each<[string, FindingKind, (rows: INodeExecutionData[]) => INodeExecutionData[]]>([
		['forgets the ids', 'lost', (rows) => rows.map((row) => ({ ...row, json: { status: 'pending', taskId: null } }))],
		[
			'swaps its items',
			'wrong',
			(rows) => rows.map((row, index) => ({ ...row, json: rows[rows.length - 1 - index].json })),
		],
		['drops a row', 'broken', (rows) => rows.slice(1)],
		[
			'says that all succeeded',
			'wrong',
			(rows) => rows.map(({ json, ...row }) => ({ ...row, json: { ...json, status: 'succeeded' } })),
		],
	])('one that %s', async (_what, kind, doctor) => {
		const { execute } = CometApiVideo.prototype;
		jest.spyOn(CometApiVideo.prototype, 'execute').mockImplementation(async function (this: IExecuteFunctions) {
			const [rows] = await execute.call(this);
			return [doctor(rows)];
		});
		const { counts } = await soak(useVirtualClock(), { tasks: 12, seed: SEED });
		expect(counts[kind]).toBeGreaterThan(0);
	});
});

describe('the judgement', () => {
	let world: World;
	let ledger: Ledger;
	/** Of a batch without faults, which the judgement finds to be right. */
	let record: BatchRecord;

	async function openBatch() {
		world = await startWorld(useVirtualClock());
		record = await orderThree();
	}

	async function closeBatch() {
		await Promise.all([world.simulator.close(), world.n8nApi.close()]);
	}

	const openLedger = () => {
		ledger = new Ledger(world, 'a chapter');
	};

	async function orderThree(): Promise<BatchRecord> {
		const orders = Array.from({ length: ITEMS }, (_, index) => ({
			name: orderName(index),
			plan: { faults: [], stalls: false },
		}));
		const run = await VideoNodeTest.in(world).run(
			{
				provider: 'seedance',
				prompt: '={{ $json.prompt }}',
				downloadVideo: true,
				recordTasks: 'all',
				tableAccess: 'apiKey',
			},
			{ items: orders.map(({ name }) => ({ json: { prompt: name } })), onError: 'continueRegularOutput' },
		);
		return {
			where: 'a batch',
			settings: {
				what: 'seedance',
				onError: 'continueRegularOutput',
				retryOnFail: false,
				waits: true,
				timeoutMs: 20 * 60_000,
				downloads: true,
				returnsFailures: false,
				isRecorded: true,
				isStopped: false,
				hasCommonFaults: false,
			},
			orders,
			tellings: [toTelling(run, [])],
			recorded: new Set(tasks().map(({ id }) => id)),
		};
	}

	const tasks = (): SimulatedTask[] => [...world.simulator.tasks.values()];

	function judge(change: Partial<BatchRecord>) {
		judgeBatch(ledger, { ...record, ...change });
		return countFindings(ledger.findings);
	}

	/** The record with another first row. */
	function withRow(change: (row: ShownRow) => ShownRow | undefined): Partial<BatchRecord> {
		const [
			{
				rows: [first, ...others],
				...telling
			},
		] = record.tellings;
		const changed = change(first);
		return { tellings: [{ ...telling, rows: changed ? [changed, ...others] : others }] };
	}

	const withJson = (change: IDataObject) => withRow((row) => ({ ...row, json: { ...row.json, ...change } }));

	const stoppedWith = (error: string, errorItem?: number): Telling => ({ rows: [], error, errorItem, console: [] });

	describe('of a batch that is only read', () => {
		beforeAll(openBatch);
		beforeEach(openLedger);
		afterAll(closeBatch);

		test('finds nothing in a batch that went well', () => {
			judge({});
			expect(ledger.findings).toEqual([]);
		});

		test.each([
			['Wrong key. It is not known whether the video of item 3 was created: look', 2, 0],
			['Wrong key. It is not known whether the videos of items 1, 3 were created: look', 2, 0],
			['Wrong key. It is not known whether the video of item 12 was created: look', 2, 1],
			[
				'Not known whether the video of item 2 was created: look. Earlier: not known whether the video of item 3 was created',
				2,
				0,
			],
			['Wrong key', 2, 1],
		])('takes "%s" as it is meant', (error, item, lost) => {
			const others = tasks().filter((_, index) => index !== item);
			judge({ recorded: new Set(others.map(({ id }) => id)), tellings: [stoppedWith(error)] });
			expect(countFindings(ledger.findings).lost).toBe(lost);
		});

		test('finds a task that nobody names', () => {
			expect(
				judge({ recorded: new Set(), ...withJson({ taskId: null, videoUrl: null, videoUrls: [] }) }),
			).toMatchObject({
				lost: 1,
				notRecorded: 2,
			});
		});

		test('finds a task that is in no table', () => {
			expect(judge({ recorded: new Set() }).notRecorded).toBe(ITEMS);
			ledger.findings.length = 0;
			const [telling] = record.tellings;
			const rows = telling.rows.map((row) => ({ ...row, json: { ...row.json, recordWarning: 'The table is gone' } }));
			expect(judge({ recorded: new Set(), tellings: [{ ...telling, rows }] }).notRecorded).toBe(0);
		});

		test.each<[string, IDataObject]>([
			['a video said to have failed', { status: 'failed' }],
			['a video said to be under way', { status: 'pending' }],
			['a video without its link', { videoUrl: null }],
			['a task that does not exist', { taskId: 'task_none' }],
			['an error', { status: undefined, error: 'Nothing works' }],
			[
				'a message about a failure that was none',
				{ failureReason: 'CometAPI could not make the video of task TASK: no' },
			],
			['a message that a task still ran', { failureReason: 'Task TASK was still running after 20 minutes' }],
		])('finds %s', (_what, change) => {
			const [{ id }] = tasks();
			const named = JSON.parse(JSON.stringify(change).replace('TASK', id)) as IDataObject;
			expect(judge(withJson({ ...change, ...named })).wrong).toBeGreaterThan(0);
		});

		test.each<[string, (row: ShownRow) => ShownRow]>([
			['the task of another item', (row) => ({ ...row, json: { ...row.json, taskId: tasks()[1].id } })],
			[
				'the link of another task',
				(row) => ({ ...row, json: { ...row.json, videoUrl: tasks()[1].details.resultUrl } }),
			],
			['half of a file', ({ fileBytes = 0, ...row }) => ({ ...row, fileBytes: fileBytes / 2 })],
			['no file', (row) => ({ ...row, fileBytes: undefined })],
		])('finds %s', (_what, change) => {
			expect(judge(withRow(change)).wrong).toBeGreaterThan(0);
		});

		test('finds items that come out never, twice, as nothing, or with a message nobody can read', () => {
			expect(judge(withRow(() => undefined)).broken).toBe(1);
			expect(judge(withRow((row) => ({ ...row, item: 1 }))).broken).toBe(3);
			expect(judge(withRow((row) => ({ ...row, json: { prompt: 'as it came' } }))).broken).toBe(4);
			expect(judge(withJson({ recordWarning: 'The table "undefined" is gone' })).broken).toBe(5);
		});

		test('excuses a failure for want of a file only where the link was the only place', () => {
			ledger.withDeadLink.add(orderName(0));
			expect(judge(withJson({ status: 'failed' })).wrong).toBeGreaterThan(0);
		});

		test('finds what the trigger does wrong', () => {
			const [{ rows }] = record.tellings;
			const [first, second, third] = rows.map(({ json }) => json);
			const expected = new Set(tasks().map(({ id }) => id));
			const judged = (started: IDataObject[], errors: Error[] = []) => {
				ledger.findings.length = 0;
				judgeTrigger(ledger, { watch: 'dataTable', started, errors, expected });
				return countFindings(ledger.findings);
			};
			judged([first, second, third]);
			expect(ledger.findings).toEqual([]);
			expect(judged([first, second, third, first])).toMatchObject({ emittedTwice: 1, neverEmitted: 0 });
			expect(judged([first, third])).toMatchObject({ emittedTwice: 0, neverEmitted: 1, wrong: 0 });
			expect(judged([first, second, { ...third, status: 'pending' }]).wrong).toBeGreaterThan(0);
			expect(judged([first, second, { ...third, status: 'failed' }]).wrong).toBe(1);
			expect(
				judged([first, second, third], [new TypeError("Cannot read properties of undefined (reading 'id')")]).broken,
			).toBe(1);
		});

		test('finds what the table says wrongly', () => {
			const { rows } = world.n8nApi.tables[0];
			const judged = (changed: IDataObject[], isWatched = false) => {
				ledger.findings.length = 0;
				judgeTable(ledger, changed, isWatched);
				return countFindings(ledger.findings).wrong;
			};
			const pending = { ...rows[0], status: 'pending', videoUrl: null };
			expect(judged(rows, true)).toBe(0);
			expect(judged([...rows, rows[0]])).toBe(1);
			expect(judged([pending])).toBe(0);
			expect(judged([pending], true)).toBe(1);
			expect(judged([{ ...rows[0], taskId: rows[1].taskId, videoUrl: rows[1].videoUrl }])).toBe(1);
		});
	});

	describe('of creates that are sent again', () => {
		beforeEach(openBatch);
		beforeEach(openLedger);
		afterEach(closeBatch);

		/** As a client would that sends a create again after its answer got lost. */
		async function createAgain(task: SimulatedTask) {
			const { path, headers, body } = task.details.request;
			const reply = await fetch(`${world.simulator.baseUrl}${path}`, {
				method: 'POST',
				headers: { authorization: `Bearer ${SIMULATOR_API_KEY}`, 'content-type': String(headers['content-type']) },
				body: new Uint8Array(body),
			});
			expect(reply.status).toBe(200);
		}

		test('finds a create that was sent twice', async () => {
			await createAgain(tasks()[0]);
			expect(judge({}).paidTwice).toBe(1);
		});

		test('excuses a second create only by a person who has read that the outcome is unknown', async () => {
			await createAgain(tasks()[1]);
			const [last] = record.tellings;
			const unknown = 'It is not known whether CometAPI created the video';
			expect(judge({ tellings: [stoppedWith('Wrong key', 1), last] }).paidTwice).toBe(1);
			expect(judge({ tellings: [stoppedWith(unknown, 0), last] }).paidTwice).toBe(2);
			expect(judge({ tellings: [stoppedWith(unknown, 1), last] }).paidTwice).toBe(2);
		});
	});
});
