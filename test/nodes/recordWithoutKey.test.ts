/** Record Tasks without a key, through n8n's own Data Table node: which rows there are when, and that the table holds up no video. */
import type { INodeParameters } from 'n8n-workflow';
import type { DataTableNode } from '../support/dataTableNode';
import { errorText } from '../support/errorText';
import { atLength } from '../support/longRun';
import type { NodeRun } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

const TABLE = 'CometAPI Tasks';
const GENERATE = { prompt: 'A lighthouse in a storm', downloadVideo: false };
const ALL = { ...GENERATE, recordTasks: 'all' };
const EACH_PROMPT = { ...GENERATE, prompt: '={{ $json.prompt }}' };
const RECORDED = { resource: 'task', operation: 'wait', useRecordedTasks: true };

let node: VideoNodeTest;
let dataTable: DataTableNode;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 60 });
	dataTable = node.giveDataTables();
});

afterEach(async () => {
	await node.close();
});

const taskIds = () => [...node.simulator.tasks.keys()];
const rowsOf = () => node.n8nApi.table(TABLE).rows;
const hintsAbout = ({ hints }: NodeRun) => hints.filter((hint) => !hint.startsWith('About '));
const itemsOf = (...prompts: string[]) => prompts.map((prompt) => ({ json: { prompt } }));

/** Looks at the world when CometAPI is asked about a task. */
function onLook(look: () => void): void {
	node.simulator.addFault({
		on: 'status',
		kind: 'html',
		when: () => {
			look();
			return false;
		},
	});
}

describe('Unfinished Tasks', () => {
	test('is what Generate does without being told: a row while the task is under way, none after the hand-over', async () => {
		const seen: unknown[] = [];
		onLook(() => seen.push(structuredClone(rowsOf())));
		const run = await node.run(GENERATE);
		const { rows } = run;
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(hintsAbout(run)).toEqual([]);
		const heldUntil = expect.stringMatching(/^2026-11-21T12:1/) as unknown;
		expect(seen[0]).toMatchObject([{ taskId: taskIds()[0], status: 'pending', prompt: GENERATE.prompt, heldUntil }]);
		expect(rowsOf()).toEqual([]);
		expect(node.n8nApi.requests).toEqual([]);
	});

	test('shows live status and progress, all changed rows together and at most every 30 s', async () => {
		const progress = new Set<unknown>();
		onLook(() => rowsOf().forEach((row) => progress.add(row.progress)));
		await node.run(EACH_PROMPT, { items: itemsOf('one', 'two', 'three') });
		expect(progress.size).toBeGreaterThan(1);
		const updates = dataTable.calls.filter(({ operation }) => operation === 'update');
		const live = updates.filter(({ at, items }) => items > 0 && at > 0).slice(0, -1);
		for (const [index, { at }] of live.slice(1).entries()) expect(at - live[index].at).toBeGreaterThanOrEqual(30_000);
		expect(updates.some(({ items }) => items === 3)).toBe(true);
	});

	test('costs few calls, however many items there are', async () => {
		await node.run(EACH_PROMPT, { items: itemsOf('1', '2', '3', '4', '5') });
		const { 'row upsert': creates, 'row deleteRows': ends, 'row update': live = 0 } = dataTable.counts();
		expect(creates).toBeLessThanOrEqual(6);
		expect(ends).toBe(1);
		const minutes = (node.clock.now() - Date.parse('2026-11-21T12:00:00Z')) / 60_000;
		// Two dry ones say whether the table may be written.
		expect(live).toBeLessThanOrEqual(2 * minutes + 2);
	});

	test('stays when nobody waits, held by nobody', async () => {
		await node.run({ ...GENERATE, waitForCompletion: false });
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending', heldUntil: null }]);
	});

	test('stays when the wait was too short, and is free for others', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		await node.run({ ...GENERATE, options: { timeout: 1, onTimeout: 'return' } });
		expect(rowsOf()).toMatchObject([{ taskId: taskIds()[0], status: 'pending', heldUntil: null }]);
	});

	test('what another item has ended stays in the table: those videos were handed to nobody', async () => {
		const isSecond = {
			when: ({ form }: { form?: { fields: string[][] } }) => form?.fields.some(([, text]) => text === 'two') ?? false,
		};
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', ...isSecond });
		const { error } = await node.run(EACH_PROMPT, { items: itemsOf('one', 'two') });
		expect(errorText(error)).toContain('out of paint');
		expect(rowsOf()).toMatchObject([{ prompt: 'one', status: 'pending' }]);
	});

	test('after Stop the ids are in the table, and Task > Wait brings the videos', async () => {
		const run = await node.start({ ...EACH_PROMPT }, { items: itemsOf('one', 'two') });
		let looks = 0;
		onLook(() => {
			looks += 1;
			if (looks === 3) run.cancel();
		});
		expect((await run.finished).run.status).toBe('canceled');
		await node.clock.sleep(0);
		expect(rowsOf().map(({ taskId, status }) => [taskId, status])).toEqual(taskIds().map((id) => [id, 'pending']));
		const { items } = await node.run(RECORDED);
		expect(items.map(({ json }) => json.taskId)).toEqual(taskIds());
		expect(items.every(({ binary }) => binary?.data)).toBe(true);
		expect(rowsOf().map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
	});

	test('holds its rows as long as it lives', async () => {
		node.simulator.addFault({ on: 'create', kind: 'neverEnds' });
		/** At each look, in milliseconds. */
		const left: number[] = [];
		onLook(() => left.push(...rowsOf().map(({ heldUntil }) => Date.parse(String(heldUntil)) - node.clock.now())));
		await node.run({ ...GENERATE, options: { timeout: atLength(20, 45), onTimeout: 'return' } });
		expect(left.length).toBeGreaterThan(atLength(20, 50));
		expect(Math.min(...left)).toBeGreaterThan(0);
	});

	test.each<[string, () => void]>([
		['there are no Data Tables', () => (node.dataTableNode = undefined)],
		[
			'n8n refuses',
			() => {
				dataTable.fault = () => {
					throw new Error('Data table module is off');
				};
			},
		],
	])('where %s the video goes on, and nothing is said', async (_what, arrange) => {
		arrange();
		const run = await node.run(GENERATE);
		const { rows } = run;
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(rows[0]).not.toHaveProperty('recordWarning');
		expect(hintsAbout(run)).toEqual([]);
	});

	test.each(['never answers', 'breaks after the create'])(
		'a table that %s holds up neither create nor look',
		async (what) => {
			dataTable.fault = async ({ resource }) => {
				if (what === 'breaks after the create' && resource === 'table') return;
				if (what === 'breaks after the create') throw new Error('database is locked');
				dataTable.open -= 1;
				await new Promise(() => {});
			};
			const began = node.clock.now();
			let createdAt = 0;
			node.simulator.addFault({
				on: 'create',
				kind: 'html',
				when: () => {
					createdAt = node.clock.now();
					return false;
				},
			});
			const { rows } = await node.run(GENERATE);
			expect(rows).toMatchObject([{ status: 'succeeded' }]);
			expect(createdAt).toBe(began);
		},
	);

	test('an n8n that does not answer at first, because it has just begun, costs no row', async () => {
		let calls = 0;
		dataTable.fault = async () => {
			if (++calls > 1) return;
			dataTable.open -= 1;
			await new Promise(() => {});
		};
		const seen: unknown[] = [];
		onLook(() => seen.push(node.n8nApi.tables.flatMap((table) => table.rows.map(({ taskId }) => taskId))));
		await node.run(GENERATE);
		expect(seen.at(-1)).toEqual(taskIds());
		expect(rowsOf()).toEqual([]);
	});

	test('a table without the needed columns is named below the output', async () => {
		node.n8nApi.addTable(TABLE, [{ name: 'other', type: 'string' }]);
		const run = await node.run(GENERATE);
		const { rows } = run;
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(hintsAbout(run)).toEqual([expect.stringContaining('has no column "status"')]);
	});

	test('values that look like expressions are values', async () => {
		const prompt = '= 6 * 7';
		const seen: unknown[] = [];
		onLook(() => seen.push(rowsOf()[0]?.prompt));
		await node.run(EACH_PROMPT, { items: itemsOf(prompt) });
		expect(seen[0]).toBe(prompt);
	});

	test('a table of a longer name is not taken for it', async () => {
		node.n8nApi.addTable(`${TABLE} of last year`, [{ name: 'other', type: 'string' }]);
		await node.run({ ...GENERATE, waitForCompletion: false });
		expect(rowsOf()).toHaveLength(1);
	});
});

describe('Unfinished Tasks in Another Table', () => {
	const OTHER = 'Spring campaign';
	const ELSEWHERE = {
		...{ ...GENERATE, recordTasks: 'unfinishedElsewhere' },
		dataTable: { __rl: true, mode: 'name', value: OTHER },
	};

	test('is the same with that table', async () => {
		const seen: unknown[] = [];
		onLook(() => seen.push(structuredClone(node.n8nApi.table(OTHER).rows)));
		const run = await node.run(ELSEWHERE);
		expect(hintsAbout(run)).toEqual([]);
		expect(seen[0]).toMatchObject([{ taskId: taskIds()[0], status: 'pending' }]);
		expect(node.n8nApi.tables.map(({ name, rows }) => [name, rows])).toEqual([[OTHER, []]]);
	});

	test('says so where there are no Data Tables: somebody has chosen one', async () => {
		node.dataTableNode = undefined;
		const run = await node.run(ELSEWHERE);
		expect(run.rows).toMatchObject([{ status: 'succeeded' }]);
		expect(hintsAbout(run)).toEqual([expect.stringContaining('This n8n has no Data Tables')]);
	});

	test('a table that was chosen before does not count without it', async () => {
		await node.run({ ...ELSEWHERE, recordTasks: 'unfinished', waitForCompletion: false });
		expect(node.n8nApi.tables.map(({ name }) => name)).toEqual([TABLE]);
	});
});

describe('All Tasks', () => {
	test('keeps the row, with the end', async () => {
		const { rows } = await node.run(ALL);
		expect(rowsOf()).toMatchObject([
			{ status: 'succeeded', videoUrl: rows[0].videoUrl, progress: 100, heldUntil: null },
		]);
	});

	test.each<[string, INodeParameters, () => void, RegExp]>([
		['no Data Tables', {}, () => (node.dataTableNode = undefined), /^This n8n has no Data Tables\n.*Record Tasks/s],
		[
			'a table that cannot be used',
			{},
			() => {
				dataTable.fault = () => {
					throw new Error('no such table: data_table_user_x');
				};
			},
			/^n8n could not work with its data table: no such table/,
		],
		[
			'a table that is not there',
			{ dataTable: { __rl: true, mode: 'id', value: 'gone' } },
			() => {},
			/ID gone does not exist/,
		],
	])('with %s nothing is created', async (_what, parameters, arrange, reads) => {
		arrange();
		const { error } = await node.run({ ...ALL, ...parameters });
		expect(errorText(error)).toMatch(reads);
		expect(node.creates()).toEqual([]);
	});

	test('a row that could not be written is told with its task', async () => {
		dataTable.fault = ({ operation, items }) => {
			if (operation === 'upsert' && items > 0 && node.creates().length > 0) throw new Error('database is locked');
		};
		const { rows } = await node.run(ALL);
		expect(rows).toMatchObject([
			{ status: 'succeeded', recordWarning: expect.stringContaining('could not be recorded') as unknown },
		]);
	});
});

test.each([true, 'everything'])('Record Tasks cannot be %p', async (recordTasks) => {
	const { error } = await node.run({ ...GENERATE, recordTasks });
	expect(errorText(error)).toMatch(/Record Tasks|recordTasks/);
	expect(node.creates()).toEqual([]);
});
