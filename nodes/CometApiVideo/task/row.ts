/** The one shape in which every operation shows a task: flat, so that it drops into a sheet or a table by auto-mapping. */
import type { IDataObject } from 'n8n-workflow';
import { ROW_COLUMNS } from './rowColumns';
import type { RecordedColumn, RowColumn, RowSource } from './rowColumns';
import type { TaskContext, VideoTask } from './types';

type Columns = typeof ROW_COLUMNS;

type ColumnName = keyof Columns;

type Values = {
	[Name in ColumnName as Columns[Name] extends { value: unknown } ? Name : never]: Columns[Name] extends {
		value(source: RowSource): infer Value;
	}
		? Value
		: never;
};
type OptionalName = {
	[Name in keyof Values]: undefined extends Values[Name]
		? Name
		: Columns[Name] extends { isDetail: true }
			? Name
			: never;
}[keyof Values];

/**
 * The output row of a task. Absent values are `null`, so that every row has the same columns; others come on top where they
 * have something to say, and those of jobs that make something else than video.
 */
export type TaskRow = Omit<Values, OptionalName> & Partial<Pick<Values, OptionalName>>;

export function toItemJson(task: VideoTask | undefined, context: TaskContext): TaskRow {
	const shown = COLUMNS.filter(([, { isDetail }]) => context.includeRaw || !isDetail);
	const { raw, ...row } = valuesOf(shown, { task, context });
	const outputs = task?.status === 'succeeded' ? task.outputs : {};
	// By the type of the columns, each of which gives its own value.
	return { ...row, ...outputs, ...(raw === undefined ? {} : { raw }) } as TaskRow;
}

/** What a journal may keep of a task, whether Simplify is on or off: a table can have further columns of the row. */
export function toRecordedJson(task: VideoTask | undefined, context: Omit<TaskContext, 'includeRaw'>): IDataObject {
	const { raw: _, ...row } = toItemJson(task, { ...context, includeRaw: true });
	return row;
}

const COLUMNS: ReadonlyArray<[string, RowColumn]> = Object.entries(ROW_COLUMNS);

function valuesOf(columns: typeof COLUMNS, source: RowSource): Record<string, unknown> {
	const values = columns.flatMap(([name, { value }]) => {
		const cell = value?.(source);
		return cell === undefined ? [] : [[name, cell] as const];
	});
	return Object.fromEntries(values);
}

/** The columns of the task journal, in the order of a table that the node makes. */
export const RECORDED_COLUMNS: ReadonlyArray<RecordedColumn & { name: string }> = COLUMNS.flatMap(
	([name, { recorded }]) => (recorded ? [{ name, ...recorded }] : []),
);
