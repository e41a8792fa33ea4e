/** The one shape in which every operation shows a task: flat, so that it drops into a sheet or a table by auto-mapping. */
import type { IDataObject } from 'n8n-workflow';
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

/**
 * The output row of a task. Absent values are `null`, so that every row has the same columns; only jobs that make something
 * else than video add their own. `completedAt` only of a task that has ended: CometAPI fills it while tasks run.
 */
export function toItemJson(task: VideoTask | undefined, context: TaskContext): IDataObject {
	const urls = resultUrls(task, 'video');
	const audioUrls = resultUrls(task, 'audio');
	const isOver = task !== undefined && task.status !== 'pending';
	return {
		taskId: context.ref.taskId || null,
		provider: context.ref.provider,
		model: context.model ?? task?.model ?? null,
		mode: context.mode ?? null,
		route: context.ref.route || null,
		status: task?.status ?? 'pending',
		rawStatus: task?.rawStatus ?? context.createdStatus ?? '',
		progress: task?.progressPercent ?? null,
		videoUrl: urls[0] ?? null,
		videoUrls: urls,
		durationSeconds: task?.durationSeconds ?? context.durationSeconds ?? null,
		createdAt: task?.createdAt ?? null,
		completedAt: isOver ? (task.completedAt ?? null) : null,
		waitedSeconds: Math.round((context.waitedMs ?? 0) / 1000),
		pollCount: context.pollCount ?? 0,
		estimatedCostUsd: context.estimatedCostUsd ?? null,
		failureReason: task?.status === 'failed' ? task.reason || context.failureReason || null : null,
		timedOut: context.timedOut ?? false,
		...(audioUrls.length > 0 ? { audioUrl: audioUrls[0], audioUrls } : {}),
		...(task?.status === 'succeeded' ? task.outputs : {}),
		...(context.includeRaw ? { raw: task?.raw ?? context.createdRaw ?? null } : {}),
	};
}
