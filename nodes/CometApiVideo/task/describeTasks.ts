/** What a message that ends a whole run says of the tasks that it leaves behind: no id may be lost. */

export interface OrderedTask {
	/** From 0, as n8n counts; people count from 1. */
	itemIndex: number;
	/** Empty: nobody knows whether CometAPI has created it. */
	taskId: string;
	hasFailed: boolean;
}

/**
 * Some sentences, none without tasks.
 * @param introduction of the list of tasks, e.g. `Other tasks of this run exist at CometAPI`
 */
export function describeTasks(introduction: string, tasks: readonly OrderedTask[]): string {
	const known = new Map<string, OrderedTask>();
	for (const task of tasks) {
		if (task.taskId === '') continue;
		const hasFailed = task.hasFailed || known.get(task.taskId)?.hasFailed === true;
		known.set(task.taskId, { ...task, hasFailed });
	}
	const names = [...known.values()].map(
		({ taskId, itemIndex, hasFailed }) => `${taskId} (item ${itemIndex + 1}${hasFailed ? ', failed' : ''})`,
	);
	const unknown = [...new Set(tasks.filter(({ taskId }) => taskId === '').map(({ itemIndex }) => itemIndex + 1))];
	const isWorthFetching = [...known.values()].some(({ hasFailed }) => !hasFailed);
	return [
		names.length > 0 ? `${introduction}: ${names.join(', ')}.` : '',
		isWorthFetching ? 'Wait for them with Task > Wait.' : '',
		unknown.length > 0 ? `${whoseVideos(unknown)} created: look in the CometAPI console.` : '',
	]
		.filter(Boolean)
		.join(' ');
}

/** @param items counted from 1 */
function whoseVideos(items: readonly number[]): string {
	const [videos, were] = items.length === 1 ? ['video of item', 'was'] : ['videos of items', 'were'];
	return `It is not known whether the ${videos} ${items.join(', ')} ${were}`;
}
