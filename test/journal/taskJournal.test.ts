/** The order and the limits of what is written about a task, with a table that notes every call. */
import type { IDataObject } from 'n8n-workflow';
import type { DataTable, DataTables, TableLocator } from '../../nodes/CometApiVideo/journal/dataTables';
import {
	GONE,
	JOURNAL_COLUMNS,
	PENDING,
	endColumns,
	fitColumns,
	openJournal,
	openOrCreateJournal,
	openTable,
	statusOf,
	toOutputRow,
} from '../../nodes/CometApiVideo/journal/taskJournal';
import { useVirtualClock } from '../support/virtualClock';
import type { VirtualClock } from '../support/virtualClock';

const TABLE: DataTable = { id: 't1', name: 'Videos', columns: [...JOURNAL_COLUMNS] };
const BY_NAME: TableLocator = { by: 'name', value: 'Videos' };
const BY_ID: TableLocator = { by: 'id', value: 't1' };
const PENDING_ROW = { taskId: 'a', status: 'pending' };

let clock: VirtualClock;

beforeEach(() => {
	clock = useVirtualClock();
});

class NotingTables implements DataTables {
	readonly calls: unknown[][] = [];

	/** How many of the next calls fail. */
	failures = 0;

	constructor(private readonly table: DataTable | undefined = TABLE) {}

	findTable = async (locator: TableLocator) => await this.note(this.table, 'findTable', locator);
	findOrCreateTable = async (name: string) => await this.note(this.table ?? TABLE, 'findOrCreateTable', name);
	readRowPage = async () => await Promise.reject(new Error('Nobody reads rows here'));
	updateRows = async (...call: unknown[]) => await this.note(undefined, 'updateRows', ...call);
	upsertRow = async (...call: unknown[]) => await this.note(undefined, 'upsertRow', ...call);
	deleteRows = async (...call: unknown[]) => await this.note(undefined, 'deleteRows', ...call);
	assertMayWrite = async (...call: unknown[]) => await this.note(undefined, 'assertMayWrite', ...call);

	private async note<Answer>(answer: Answer, ...call: unknown[]): Promise<Answer> {
		this.calls.push(call);
		this.failures -= 1;
		if (this.failures >= 0) throw new Error('The table is away');
		return await Promise.resolve(answer);
	}
}

async function openNoting(signal?: AbortSignal) {
	const tables = new NotingTables();
	const journal = await openJournal(tables, BY_NAME, signal);
	tables.calls.length = 0;
	return { tables, journal };
}

describe('opening', () => {
	test('a table by name is made if it is not there, and it is asked whether rows may be written', async () => {
		const tables = new NotingTables();
		expect((await openOrCreateJournal(tables, BY_NAME)).table).toBe(TABLE);
		expect(tables.calls).toEqual([
			['findOrCreateTable', 'Videos'],
			['assertMayWrite', 't1', 'upsert', 'taskId'],
			['assertMayWrite', 't1', 'update', 'taskId'],
		]);
	});

	test('a table by ID must be there', async () => {
		const tables = new NotingTables();
		await openOrCreateJournal(tables, BY_ID);
		expect(tables.calls[0]).toEqual(['findTable', BY_ID]);
		await expect(openOrCreateJournal(new NotingTables({ ...TABLE, columns: [] }), BY_ID)).rejects.toMatchObject({
			message: 'The data table "Videos" has no column "status"; its columns are: none',
			advice: 'Add a column "status" of the type string in n8n, or choose another table.',
		});
	});

	test('one that somebody else made must have the needed columns', async () => {
		const columns = [{ name: 'taskId', type: 'string' }];
		await expect(openOrCreateJournal(new NotingTables({ ...TABLE, columns }), BY_NAME)).rejects.toMatchObject({
			message: 'The data table "Videos" has no column "status"; its columns are: taskId',
			advice: 'Add a column "status" of the type string in n8n, or choose another table.',
		});
	});

	test('to read, a table is never made', async () => {
		const tables = new NotingTables();
		jest.spyOn(tables, 'findTable').mockResolvedValue(undefined);
		await expect(openJournal(tables, BY_NAME)).rejects.toMatchObject({
			message: 'The data table "Videos" does not exist',
			advice:
				'Video > Generate makes one with Record Tasks. The table must be in the project of the workflow, or the owner of the API key must be able to see it.',
		});
	});

	test('columns may have other names, which the message asks for', async () => {
		const columns = [
			{ name: 'id of task', type: 'string' },
			{ name: 'status', type: 'string' },
		];
		const table = { ...TABLE, columns };
		const names = { taskId: 'id of task' };
		expect(await openTable(new NotingTables(table), BY_NAME, names)).toBe(table);
		await expect(openTable(new NotingTables(table), BY_NAME, { ...names, status: 'state' })).rejects.toMatchObject({
			advice: expect.stringContaining('give the right name under Column Names, or choose another table') as string,
		});
		await expect(openTable(new NotingTables(table), BY_NAME)).rejects.toMatchObject({
			advice: expect.stringContaining('in n8n, or choose another table') as string,
		});
	});
});

describe('the row of a task that this run has created', () => {
	test('is made with all that is known of the create, then changed as long as it is pending', async () => {
		const { tables, journal } = await openNoting();
		const entry = journal.entryOfTask('a', { prompt: 'A', status: 'pending' }, false);
		expect(await entry.write({ status: 'pending', model: 'm', unknownColumn: 1 })).toBeUndefined();
		await entry.write({ status: 'succeeded', videoUrl: 'https://example.com/v.mp4' });
		expect(tables.calls).toEqual([
			[
				'upsertRow',
				't1',
				{ where: { taskId: 'a' }, data: { prompt: 'A', status: 'pending', model: 'm', taskId: 'a' } },
			],
			[
				'updateRows',
				't1',
				[{ where: PENDING_ROW, data: { status: 'succeeded', videoUrl: 'https://example.com/v.mp4' } }],
			],
		]);
	});

	test('that exists is only changed', async () => {
		const { tables, journal } = await openNoting();
		await journal.entryOfTask('a', { prompt: 'A' }, true).write({ status: 'failed' });
		expect(tables.calls).toEqual([['updateRows', 't1', [{ where: PENDING_ROW, data: { status: 'failed' } }]]]);
	});

	test('is tried three times, a second apart; a failure is told, and the next write makes the row', async () => {
		const { tables, journal } = await openNoting();
		const entry = journal.entryOfTask('a', { prompt: 'A' }, false);
		tables.failures = 3;
		expect(await entry.write({ status: 'pending' })).toBe(
			'Task a could not be recorded in the data table "Videos": The table is away',
		);
		expect([tables.calls.length, clock.sleeps]).toEqual([3, [1000, 1000]]);
		tables.failures = 2;
		expect(await entry.write({ status: 'succeeded' })).toBeUndefined();
		expect(tables.calls.slice(3).map(([call]) => call)).toEqual(['upsertRow', 'upsertRow', 'upsertRow']);
		// Written once, it stays so, whatever becomes of a later write.
		tables.failures = 3;
		await entry.write({ status: 'failed' });
		await entry.write({ status: 'failed' });
		expect(tables.calls.slice(6).map(([call]) => call)).toEqual(Array(4).fill('updateRows'));
	});

	test('after Stop it is tried once', async () => {
		const stop = new AbortController();
		const { tables, journal } = await openNoting(stop.signal);
		stop.abort();
		tables.failures = 1;
		expect(await journal.entryOfTask('a', {}, false).write({})).toMatch(/could not be recorded/);
		expect(tables.calls).toHaveLength(1);
	});
});

describe('rows of tasks under way', () => {
	test('are changed together; what the table has no column for is left out', async () => {
		const { tables, journal } = await openNoting();
		await journal.update([
			{ taskId: 'a', known: { progress: 30 } },
			{ taskId: 'b', known: { unknownColumn: 1 } },
			{ taskId: 'c', known: { rawStatus: 'queued' } },
		]);
		expect(tables.calls).toEqual([
			[
				'updateRows',
				't1',
				[
					{ where: PENDING_ROW, data: { progress: 30 } },
					{ where: { taskId: 'c', status: 'pending' }, data: { rawStatus: 'queued' } },
				],
			],
		]);
	});

	test('are removed only as long as nobody else has changed their status', async () => {
		const { tables, journal } = await openNoting();
		await journal.remove(['a', 'b']);
		expect(tables.calls).toEqual([['deleteRows', 't1', [PENDING_ROW, { taskId: 'b', status: 'pending' }]]]);
	});
});

describe('the row of a task that was found in the table', () => {
	const end = { taskId: 'a', status: 'succeeded', provider: 'veo', model: 'new', prompt: 'B', failureReason: null };

	test('gets its end; nothing is emptied, and what it says of the order stays', async () => {
		const { tables, journal } = await openNoting();
		const row = { id: 7, taskId: 'a', status: 'pending', model: 'mine', provider: '', prompt: 'A' };
		expect(await journal.entryOfRow(row).write(end)).toBeUndefined();
		expect(tables.calls).toEqual([
			['updateRows', 't1', [{ where: { id: 7, status: 'pending' }, data: { status: 'succeeded', provider: 'veo' } }]],
		]);
	});

	test('is tried three times, and a failure names the task', async () => {
		const { tables, journal } = await openNoting();
		tables.failures = 3;
		expect(await journal.entryOfRow({ id: 7, status: null }).write(end)).toMatch(/^Task a could not be recorded/);
		expect(tables.calls).toHaveLength(3);
	});

	test.each(['', null, undefined])('a cell with %j is filled in, and a value of %j changes nothing', (empty) => {
		expect(endColumns({ route: '/v1', rawStatus: empty }, { route: empty, rawStatus: 'x' })).toEqual({ route: '/v1' });
	});
});

test('a status is a text or nothing, under whatever name', () => {
	expect(statusOf({ id: 1, status: 'failed' }, {})).toBe('failed');
	expect(statusOf({ id: 1, status: 'failed', state: 'done' }, { status: 'state' })).toBe('done');
	expect(statusOf({ id: 1, status: 5 }, {})).toBeNull();
	expect([PENDING, GONE]).toEqual(['pending', 'unknown']);
});

test('a row is read by the names of its columns', () => {
	const row = toOutputRow({ id: 1, taskId: 'a', wo: '/v1', extra: 1 }, { route: 'wo' });
	expect(row).toMatchObject({ taskId: 'a', route: '/v1' });
	expect(Object.keys(row)).toEqual(JOURNAL_COLUMNS.map(({ name }) => name));
});

describe('what a column can hold', () => {
	const fit = (type: string, value: unknown) =>
		fitColumns({ ...TABLE, columns: [{ name: 'cell', type }] }, { cell: value } as IDataObject, {});

	test.each([
		['string', 'a', 'a'],
		['string', 5, '5'],
		['string', { a: 1 }, '{"a":1}'],
		['number', 5, 5],
		['number', '5', null],
		['boolean', true, true],
		['boolean', 'true', null],
		['date', '2026-11-21T12:00:00Z', '2026-11-21T12:00:00Z'],
		['date', 'soon', null],
		['date', 5, null],
		['string', null, null],
		['number', null, null],
	])('%s: %j becomes %j', (type, value, cell) => {
		expect(fit(type, value)).toEqual({ cell });
	});

	test('what is not known is not written', () => {
		expect(fit('string', undefined)).toEqual({});
	});

	test('columns may have other names', () => {
		const table = { ...TABLE, columns: [{ name: 'link', type: 'string' }] };
		expect(fitColumns(table, { videoUrl: 'u', link: 'x' }, { videoUrl: 'link', link: 'other' })).toEqual({ link: 'u' });
	});
});
