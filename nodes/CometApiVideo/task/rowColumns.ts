/** The columns of a task: what each shows, and how the journal keeps it. */
import type { IDataObject } from 'n8n-workflow';
import { cleanServerText } from './errors';
import { cutText } from './shownText';
import type { Asset, TaskContext, VideoTask } from './types';

export interface RowSource {
	/** Undefined: nobody has looked at the task. */
	task: VideoTask | undefined;
	context: TaskContext;
}

/** How the task journal keeps a column. */
export interface RecordedColumn {
	type: 'string' | 'number' | 'boolean' | 'date';
	/** `atEnd`: it says how a task has ended. `ifEmpty`: filled in at the end if nobody has. Absent: written with the create only. */
	written?: 'atEnd' | 'ifEmpty';
	/** Label and description in the trigger, for tables whose column has another name. */
	label?: string;
	hint?: string;
}

export interface RowColumn {
	/** Absent: the task's reading does not have it, only the journal. Undefined leaves the column out of the row. */
	value?(source: RowSource): unknown;
	/** Only with Simplify off. */
	isDetail?: true;
	recorded?: RecordedColumn;
	/** What README says; absent: told with the column before. */
	meaning?: string;
}

/** A prompt is in the row so that people recognize the video. */
const MAX_PROMPT_LENGTH = 200;

/**
 * The columns of a task in the order in which they are put out, what a person reads first coming first: the only list of them.
 * The type of the row, the row itself, the journal's columns, the trigger's names of columns and README's table are made from it.
 */
export const ROW_COLUMNS = {
	status: {
		value: ({ task, context }) => task?.status ?? context.status ?? 'pending',
		recorded: {
			type: 'string',
			written: 'atEnd',
			label: 'Status',
			hint: 'Text column; rows with "pending" or nothing in it are watched',
		},
		meaning: '`pending`, `succeeded` or `failed`; `notCreated` after a Dry Run',
	},
	videoUrl: {
		value: ({ task }) => resultUrls(task, 'video')[0] ?? null,
		recorded: {
			type: 'string',
			written: 'atEnd',
			label: 'Video URL',
			hint: 'Text column for the link to the video',
		},
		meaning: 'link to the video. It expires, so download the file',
	},
	prompt: {
		value: ({ context }) => (context.prompt ? cutText(context.prompt, MAX_PROMPT_LENGTH) : null),
		recorded: { type: 'string' },
		meaning: `its first ${MAX_PROMPT_LENGTH} characters, where they are known`,
	},
	provider: {
		value: ({ context }) => context.ref.provider,
		recorded: {
			type: 'string',
			written: 'ifEmpty',
			label: 'Provider',
			hint: 'Text column with the provider, as the output field has it',
		},
		meaning: 'what was asked for',
	},
	model: {
		value: ({ task, context }) => context.model ?? task?.model ?? null,
		recorded: {
			type: 'string',
			written: 'ifEmpty',
			label: 'Model',
			hint: 'Text column with the model ID',
		},
	},
	durationSeconds: {
		value: ({ task, context }) => task?.durationSeconds ?? context.durationSeconds ?? null,
		recorded: { type: 'number' },
	},
	estimatedCostUsd: {
		value: ({ context }) => context.estimatedCostUsd ?? null,
		recorded: { type: 'number' },
		meaning: 'by list prices; empty if none is published',
	},
	taskId: {
		value: ({ context }) => context.ref.taskId || null,
		recorded: { type: 'string', label: 'Task ID', hint: 'Text column with the task ID' },
		meaning: 'ID of the task at CometAPI',
	},
	createdAt: { value: ({ task }) => task?.createdAt ?? null, meaning: 'ISO 8601, UTC' },
	completedAt: {
		// CometAPI fills it in while the task runs.
		value: ({ task }) => (task && task.status !== 'pending' ? (task.completedAt ?? null) : null),
		recorded: {
			type: 'date',
			written: 'atEnd',
			label: 'Completed At',
			hint: 'Date column for the end of the task',
		},
	},
	failureReason: {
		value: failureReason,
		recorded: {
			type: 'string',
			written: 'atEnd',
			label: 'Failure Reason',
			hint: 'Text column for why a task failed',
		},
		meaning:
			'why a failed task failed, in at most 500 characters; for a [recorded task](recording-and-trigger.md), also why it could not be read or fetched',
	},
	route: {
		value: ({ context }) => context.ref.route || null,
		recorded: {
			type: 'string',
			written: 'ifEmpty',
			label: 'Route',
			hint: 'Text column with the route, as the output field has it',
		},
		meaning: 'path at CometAPI that answers for the task',
	},
	timedOut: {
		value: ({ context }): true | undefined => (context.timedOut ? true : undefined),
		meaning: 'true if the node stopped waiting (option On Timeout: Return the Task)',
	},
	recordWarning: {
		value: ({ context }): string | undefined => context.recordWarning,
		meaning: 'why the task could not be [recorded](recording-and-trigger.md)',
	},
	videoUrls: {
		value: ({ task, context }): string[] | undefined => listed(resultUrls(task, 'video'), context.includeRaw),
		meaning: 'all links, where a job makes several videos',
	},
	thumbnailUrl: {
		value: ({ task }): string | undefined => task?.thumbnailUrl,
		meaning: 'link to a picture of the video',
	},
	audioUrl: {
		value: ({ task }): string | undefined => resultUrls(task, 'audio')[0],
		meaning: 'links to the sound or the pictures, of jobs that make them',
	},
	audioUrls: { value: ({ task }): string[] | undefined => listed(resultUrls(task, 'audio')) },
	imageUrl: { value: ({ task }): string | undefined => resultUrls(task, 'image')[0] },
	imageUrls: { value: ({ task }): string[] | undefined => listed(resultUrls(task, 'image')) },
	mode: {
		value: ({ context }) => context.mode ?? null,
		isDetail: true,
		recorded: { type: 'string' },
		meaning: 'with Simplify off: the Mode',
	},
	rawStatus: {
		value: ({ task, context }) => task?.rawStatus ?? context.createdStatus ?? '',
		isDetail: true,
		recorded: { type: 'string', written: 'atEnd' },
		meaning: "with Simplify off: CometAPI's own word and number. A progress of 100 does not mean finished",
	},
	progress: { value: ({ task }) => task?.progressPercent ?? null, isDetail: true, recorded: { type: 'number' } },
	waitedSeconds: {
		value: ({ context }) => Math.round((context.waitedMs ?? 0) / 1000),
		isDetail: true,
		meaning: 'with Simplify off: how long the node waited, and how often it asked',
	},
	pollCount: { value: ({ context }) => context.pollCount ?? 0, isDetail: true },
	raw: {
		value: ({ task, context }): IDataObject | null => task?.raw ?? context.createdRaw ?? null,
		isDetail: true,
		meaning: "with Simplify off: CometAPI's answer as it was",
	},
	workflowId: { recorded: { type: 'string' } },
	executionId: { recorded: { type: 'string' } },
	heldUntil: { recorded: { type: 'date' } },
} satisfies Record<string, RowColumn>;

/** Links of a succeeded task's files; empty before that, and for files that have no link or came as text. */
export function resultUrls(task: VideoTask | undefined, kind: Asset['kind']): string[] {
	if (task?.status !== 'succeeded') return [];
	return task.assets.flatMap((asset) =>
		asset.kind === kind
			? asset.sources.flatMap((source) => (source.at === 'url' && !source.url.startsWith('data:') ? [source.url] : []))
			: [],
	);
}

/** A list that says more than its first link, or that is wanted in any case. */
function listed(urls: string[], isWanted = false): string[] | undefined {
	return urls.length > 1 || isWanted ? urls : undefined;
}

/** Once, for row, table and trigger. */
function failureReason({ task, context }: RowSource): string | null {
	const reason = task?.status === 'failed' ? task.reason || context.failureReason : context.problem;
	return cleanServerText(reason ?? '') || null;
}
