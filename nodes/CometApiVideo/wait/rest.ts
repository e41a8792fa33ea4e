/** How a wait is put down by one loop and taken up by another, perhaps in another process and after a long time. Pure. */
import type { EarlierWait, Rest, StartedTask } from './job';
import type { JobState, Waiting, Watch } from './jobState';

/** Whether there is nothing to do for the job but to wait, for a while. */
export function isAtRest(
	state: JobState<unknown>,
	now: number,
	{ minimumMs }: Pick<Rest<unknown>, 'minimumMs'>,
): state is Waiting {
	if (state.phase !== 'waiting' || state.watch.missingFile) return false;
	const { started, pollCount, deadline } = state.watch;
	// Who waits for a task that exists already wants to know first whether it has ended.
	const wasLookedAt = started.isNew || pollCount > (started.earlier?.pollCount ?? 0);
	return wasLookedAt && deadline - now >= minimumMs;
}

/** @param clockNow milliseconds since 1970; `now` is the time of the loop */
export function putDown(watch: Watch, now: number, clockNow: number): EarlierWait {
	const { startedAt, deadline, gapMs, pollCount, task, strangeRefusals } = watch;
	return {
		restedAt: clockNow,
		waitedMs: now - startedAt,
		leftMs: deadline - now,
		gapMs,
		pollCount,
		task,
		strangeRefusals: strangeRefusals && { count: strangeRefusals.count, sinceMs: now - strangeRefusals.since },
	};
}

/** @param clockNow milliseconds since 1970; `now` is the time of the loop */
export function takeUp(started: StartedTask, earlier: EarlierWait, now: number, clockNow: number): Watch {
	const { waitedMs, leftMs, gapMs, pollCount, task, strangeRefusals } = earlier;
	const sleptMs = Math.max(0, clockNow - earlier.restedAt);
	return {
		started,
		startedAt: now - sleptMs - waitedMs,
		deadline: now - sleptMs + leftMs,
		gapMs,
		pollCount,
		task,
		strangeRefusals: strangeRefusals && {
			count: strangeRefusals.count,
			since: now - sleptMs - strangeRefusals.sinceMs,
		},
	};
}
