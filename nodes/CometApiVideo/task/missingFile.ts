/** A task that CometAPI calls finished although there is no file: how long that may last, and what it is then. */
import { withReason } from './errors';
import type { VideoTask } from './types';

/**
 * How long a file may be missing after its task has succeeded. The gateway's races have lasted 5 to 15 s
 * (https://github.com/storytold/artcraft, live runs of 2026); a minute is generous.
 */
export const FILE_GRACE_MS = 60_000;

/**
 * The task as one that has failed, because its file never came.
 * @param said the last words of CometAPI about the file, if it had any
 */
export function asFailedWithoutFile(task: VideoTask, said = ''): VideoTask {
	const { ref, rawStatus, progressPercent, model, durationSeconds, createdAt, completedAt, raw } = task;
	const reason = withReason('CometAPI says that the task is finished, but there is no file', said);
	return {
		status: 'failed',
		rawStatus,
		reason,
		ref,
		progressPercent,
		model,
		durationSeconds,
		createdAt,
		completedAt,
		raw,
	};
}

/**
 * What one look at a task means: a task that has succeeded and has no file yet is still under way, or it has failed if the file
 * has been missing for too long.
 * @param missingForMs how long; undefined if that is not known
 */
export function judgeMissingFile(task: VideoTask, missingForMs = 0): VideoTask {
	if (task.status !== 'succeeded' || !task.lacksFile) return task;
	if (missingForMs >= FILE_GRACE_MS) return asFailedWithoutFile(task);
	const { ref, rawStatus, progressPercent, model, durationSeconds, createdAt, raw } = task;
	return { status: 'pending', rawStatus, ref, progressPercent, model, durationSeconds, createdAt, raw };
}
