/**
 * The account that owns all keys: its access token, its user id and the settings of its task lists. Owns the ids of
 * the rows and those that a test wrote; what a row shows of a task is in `accountRows.ts`.
 */
import type { MidjourneyRow, TaskRow } from './accountRows';
import type { RecordedRequest } from './recordedRequest';
import type { SimulatedTask } from './simulatedTask';

/**
 * `paged`: `data: { page, page_size, total, items }`. `bareArray`: `data: […]` with `p` from 0, always 10 rows, as the
 * public gateway software until June 2025. `nestedData`: `data: { data: […] }`, paged. `nullItems`: as `paged`, but
 * `items: null` for an empty page. `absent`: neither list exists.
 */
export type TaskListForm = 'paged' | 'bareArray' | 'nestedData' | 'nullItems' | 'absent';

/**
 * Where a successful row has the address of its result. `failReason`: the public gateway software until February 2026,
 * and CometAPI's wrapper of March 2026. `resultUrl`: since then. `both`: an old row on a newer gateway.
 */
export type ResultUrlField = 'failReason' | 'resultUrl' | 'both';

export interface Account {
	readonly accessToken: string;
	readonly userId: number;
	/** So far its clock is ahead of ours. */
	readonly clockOffsetSeconds: number;
	readonly resultUrlField: ResultUrlField;
	readonly taskRows: RowTable<TaskRow>;
	readonly midjourneyRows: RowTable<MidjourneyRow>;
	taskListForm: TaskListForm;
	/** Called just before a page of either list is computed. */
	onTaskListRead?: (request: RecordedRequest) => void;
}

/** Rows of tasks and rows that a test wrote, under one ascending count. */
export class RowTable<Row extends { id: number | string }> {
	private lastId = 0;
	private readonly idsOfTasks = new Map<SimulatedTask, number>();
	private readonly written: Row[] = [];

	/** @param listTasks In the order in which they were created. */
	constructor(private readonly listTasks: () => readonly SimulatedTask[]) {}

	/** `build` may give the row another id than the offered one. */
	add(build: (id: number) => Row): Row {
		// Tasks that are older than the row get the lower ids.
		this.numberTasks();
		const row = build(this.lastId + 1);
		this.written.push(row);
		this.lastId = Math.max(this.lastId, toNumber(row.id));
		return row;
	}

	/** Highest id first, which is the newest unless a test chose otherwise. */
	list(build: (task: SimulatedTask, id: number) => Row): Row[] {
		const rows = this.numberTasks().map(([task, id]) => build(task, id));
		return [...rows, ...this.written].sort((left, right) => toNumber(right.id) - toNumber(left.id));
	}

	private numberTasks(): Array<[SimulatedTask, number]> {
		return this.listTasks().map((task) => {
			const id = this.idsOfTasks.get(task) ?? ++this.lastId;
			this.idsOfTasks.set(task, id);
			return [task, id];
		});
	}
}

function toNumber(id: number | string): number {
	return Number(id) || 0;
}
