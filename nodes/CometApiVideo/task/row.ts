/** The one shape in which every operation shows a task: flat, so that it drops into a sheet or a table by auto-mapping. */
import type { IDataObject } from 'n8n-workflow';
import { cleanServerText } from './errors';
import type { Asset, TaskRef, VideoTask } from './types';

/** What is known about a task besides its last reading. */
export interface TaskContext {
	ref: TaskRef;
	/** Raw status of the create's answer, for a task that nobody has looked at yet. */
	createdStatus?: string;
	createdRaw?: IDataObject;
	model?: string;
	mode?: string;
	durationSeconds?: number;
	estimatedCostUsd?: number | null;
	waitedMs?: number;
	pollCount?: number;
	timedOut?: boolean;
	/** Text of the failure when the task itself gave none. */
	failureReason?: string;
	/** Why a task that may still succeed could not be read or fetched. */
	problem?: string;
	/** Why the task could not be recorded. */
	recordWarning?: string;
	includeRaw: boolean;
}

/** Links of a succeeded task's files; empty before that, and for files that have no link or came as text. */
export function resultUrls(task: VideoTask | undefined, kind: Asset['kind']): string[] {
	if (task?.status !== 'succeeded') return [];
	return task.assets.flatMap((asset) =>
		asset.kind === kind
			? asset.sources.flatMap((source) => (source.at === 'url' && !source.url.startsWith('data:') ? [source.url] : []))
			: [],
	);
}

interface RowSource {
	/** Undefined: nobody has looked at the task. */
	task: VideoTask | undefined;
	context: TaskContext;
}

/** How the task journal keeps a column. */
export interface RecordedColumn {
	type: 'string' | 'number' | 'boolean' | 'date';
	/** Where it stands in a table that the node makes; those without a place come last. */
	place?: number;
	/** `atEnd`: it says how a task has ended. `ifEmpty`: filled in at the end if nobody has. Absent: written with the create only. */
	written?: 'atEnd' | 'ifEmpty';
	/** Label and description in the trigger, for tables whose column has another name. */
	label?: string;
	hint?: string;
}

interface RowColumn {
	/** Absent: the task's reading does not have it, only the journal. Undefined leaves the column out of the row. */
	value?(source: RowSource): unknown;
	recorded?: RecordedColumn;
	/** What README says; absent: told with the column before. */
	meaning?: string;
}

/**
 * The columns of a task in the order in which they are put out: the only list of them. The type of the row, the row itself, the
 * journal's columns, the trigger's names of columns and README's table are made from it.
 */
export const ROW_COLUMNS = {
	taskId: {
		value: ({ context }) => context.ref.taskId || null,
		recorded: { type: 'string', place: 1, label: 'Task ID', hint: 'Text column with the task ID' },
		meaning: 'ID of the task at CometAPI',
	},
	provider: {
		value: ({ context }) => context.ref.provider,
		recorded: {
			type: 'string',
			place: 5,
			written: 'ifEmpty',
			label: 'Provider',
			hint: 'Text column with the provider, as the output field has it',
		},
		meaning: 'what was asked for, and the path that answers for the task',
	},
	model: {
		value: ({ task, context }) => context.model ?? task?.model ?? null,
		recorded: {
			type: 'string',
			place: 6,
			written: 'ifEmpty',
			label: 'Model',
			hint: 'Text column with the model ID',
		},
	},
	mode: { value: ({ context }) => context.mode ?? null, recorded: { type: 'string', place: 7 } },
	route: {
		value: ({ context }) => context.ref.route || null,
		recorded: {
			type: 'string',
			place: 13,
			written: 'ifEmpty',
			label: 'Route',
			hint: 'Text column with the route, as the output field has it',
		},
	},
	status: {
		value: ({ task }) => task?.status ?? 'pending',
		recorded: {
			type: 'string',
			place: 2,
			written: 'atEnd',
			label: 'Status',
			hint: 'Text column; rows with "pending" or nothing in it are watched',
		},
		meaning: '`pending`, `succeeded` or `failed`',
	},
	rawStatus: {
		value: ({ task, context }) => task?.rawStatus ?? context.createdStatus ?? '',
		recorded: { type: 'string', place: 12, written: 'atEnd' },
		meaning: "CometAPI's own word and number. A progress of 100 does not mean finished",
	},
	progress: {
		value: ({ task }) => task?.progressPercent ?? null,
		recorded: { type: 'number', place: 2.5 },
	},
	videoUrl: {
		value: ({ task }) => resultUrls(task, 'video')[0] ?? null,
		recorded: {
			type: 'string',
			place: 3,
			written: 'atEnd',
			label: 'Video URL',
			hint: 'Text column for the link to the video',
		},
		meaning: 'links to the video. They expire, so download the file',
	},
	videoUrls: { value: ({ task }) => resultUrls(task, 'video') },
	prompt: { recorded: { type: 'string', place: 4 } },
	durationSeconds: {
		value: ({ task, context }) => task?.durationSeconds ?? context.durationSeconds ?? null,
		recorded: { type: 'number', place: 8 },
		meaning: 'length that was asked for',
	},
	createdAt: { value: ({ task }) => task?.createdAt ?? null, meaning: 'ISO 8601, UTC' },
	completedAt: {
		// CometAPI fills it in while the task runs.
		value: ({ task }) => (task && task.status !== 'pending' ? (task.completedAt ?? null) : null),
		recorded: {
			type: 'date',
			place: 11,
			written: 'atEnd',
			label: 'Completed At',
			hint: 'Date column for the end of the task',
		},
	},
	waitedSeconds: {
		value: ({ context }) => Math.round((context.waitedMs ?? 0) / 1000),
		meaning: 'how long the node waited, and how often it asked',
	},
	pollCount: { value: ({ context }) => context.pollCount ?? 0 },
	estimatedCostUsd: {
		value: ({ context }) => context.estimatedCostUsd ?? null,
		recorded: { type: 'number', place: 9 },
		meaning: 'by published prices; empty if none is published',
	},
	failureReason: {
		value: failureReason,
		recorded: {
			type: 'string',
			place: 10,
			written: 'atEnd',
			label: 'Failure Reason',
			hint: 'Text column for why a task failed',
		},
		meaning:
			'why a failed task failed, in at most 500 characters; for a [recorded task](#recording-tasks), also why it could not be read or fetched',
	},
	timedOut: {
		value: ({ context }) => context.timedOut ?? false,
		meaning: 'true if the node stopped waiting (option On Timeout: Return the Task)',
	},
	audioUrl: {
		value: ({ task }): string | undefined => resultUrls(task, 'audio')[0],
		meaning: 'links to the sound, of jobs that make sound',
	},
	audioUrls: {
		value: ({ task }): string[] | undefined => {
			const urls = resultUrls(task, 'audio');
			return urls.length > 0 ? urls : undefined;
		},
	},
	raw: {
		value: ({ task, context }): IDataObject | null | undefined =>
			context.includeRaw ? (task?.raw ?? context.createdRaw ?? null) : undefined,
		meaning: "CometAPI's answer as it was, if the option Simplify is off",
	},
	recordWarning: {
		value: ({ context }): string | undefined => context.recordWarning,
		meaning: 'why the task could not be [recorded](#recording-tasks)',
	},
	workflowId: { recorded: { type: 'string', place: 14 } },
	executionId: { recorded: { type: 'string', place: 15 } },
	heldUntil: { recorded: { type: 'date', place: 16 } },
} satisfies Record<string, RowColumn>;

type Columns = typeof ROW_COLUMNS;

type ColumnName = keyof Columns;

type Values = {
	[Name in ColumnName as Columns[Name] extends { value: unknown } ? Name : never]: Columns[Name] extends {
		value(source: RowSource): infer Value;
	}
		? Value
		: never;
};
type OptionalName = { [Name in keyof Values]: undefined extends Values[Name] ? Name : never }[keyof Values];

/**
 * The output row of a task. Absent values are `null`, so that every row has the same columns; only jobs that make something
 * else than video add their own, which come on top of these.
 */
export type TaskRow = Omit<Values, OptionalName> & Partial<Pick<Values, OptionalName>>;

export function toItemJson(task: VideoTask | undefined, context: TaskContext): TaskRow {
	const source: RowSource = { task, context };
	const values = COLUMNS.flatMap(([name, { value }]) => {
		const cell = value?.(source);
		return cell === undefined ? [] : [[name, cell] as const];
	});
	const { raw, ...row } = Object.fromEntries(values);
	const outputs = task?.status === 'succeeded' ? task.outputs : {};
	// By the type of the columns, each of which gives its own value.
	return { ...row, ...outputs, ...(raw === undefined ? {} : { raw }) } as TaskRow;
}

const COLUMNS: ReadonlyArray<[string, RowColumn]> = Object.entries(ROW_COLUMNS);

/** The columns of the task journal, in the order of a table that the node makes. */
export const RECORDED_COLUMNS: ReadonlyArray<RecordedColumn & { name: string }> = COLUMNS.flatMap(
	([name, { recorded }]) => (recorded ? [{ name, ...recorded }] : []),
).sort((left, right) => (left.place ?? COLUMNS.length) - (right.place ?? COLUMNS.length));

/** Once, for row, table and trigger. */
function failureReason({ task, context }: RowSource): string | null {
	const reason = task?.status === 'failed' ? task.reason || context.failureReason : context.problem;
	return cleanServerText(reason ?? '') || null;
}
