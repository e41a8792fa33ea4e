/** How a wait that was too short is told to the user. */
import { TaskTimeoutError } from '../task/errors';
import type { WaitedTask } from './job';

/** The error for a task that did not end in time, telling a slow task from a lost connection. */
export function timeoutError({ started, task, waitedMs, lostContact }: WaitedTask): TaskTimeoutError {
	const { ref } = started;
	const time = inMinutes(waitedMs);
	if (lostContact?.kind === 'refused') {
		return new TaskTimeoutError(
			`CometAPI does not know the task ${ref.taskId}`,
			'Check the task ID, and that the credential belongs to the account that created it.',
			{ ...started.details, ...ref, requestId: lostContact.details.requestId },
		);
	}
	const lastSeen = task ? `, last seen as "${task.rawStatus}"` : '';
	const headline = () => {
		if (!lostContact) return `Task ${ref.taskId} was still running after ${time}${lastSeen}`;
		const [what, cause] =
			lostContact.kind === 'throttled'
				? ['CometAPI limited the number of requests at the end of', `HTTP 429${lastSeen}`]
				: ['CometAPI could not be reached for the last part of', `${lostContact.message}${lastSeen}`];
		return `${what} ${time}, so the end of task ${ref.taskId} is unknown (${cause})`;
	};
	return new TaskTimeoutError(
		headline(),
		'The task goes on at CometAPI and is paid for: wait for it with Task > Wait instead of creating it again. Raise "Timeout (Minutes)" if this happens often.',
		{ ...started.details, ...ref, rawStatus: task?.rawStatus, requestId: lostContact?.details.requestId },
	);
}

/** E.g. `1 minute`, `2.5 minutes`. */
function inMinutes(milliseconds: number): string {
	const minutes = Math.round(milliseconds / 6000) / 10;
	return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}
