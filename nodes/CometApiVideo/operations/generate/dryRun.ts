/** Dry Run: everything is checked, nothing is created, and the rows say what it would cost. */
import type { INodeExecutionData } from 'n8n-workflow';
import { toItemJson } from '../../task/row';
import type { TaskContext } from '../../task/types';
import type { ItemOutcome } from '../items/runItems';

interface MaybeDry {
	dryRun: boolean;
}

/** The items that are more than a Dry Run, and those that have failed. */
export function withoutDryRuns<Ready extends MaybeDry>(
	items: ReadonlyArray<ItemOutcome<Ready>>,
): Array<ItemOutcome<Ready>> {
	return items.filter((item) => !item.ok || !item.value.dryRun);
}

/**
 * @param rows of `withoutDryRuns(items)`, in this order
 * @returns the rows of all items, in their order
 */
export function withDryRows<Ready extends MaybeDry>(
	items: ReadonlyArray<ItemOutcome<Ready>>,
	rows: readonly INodeExecutionData[],
	toDryRow: (ready: Ready, itemIndex: number) => INodeExecutionData,
): INodeExecutionData[] {
	const left = rows[Symbol.iterator]();
	return items.flatMap((item) => {
		if (item.ok && item.value.dryRun) return [toDryRow(item.value, item.itemIndex)];
		const { value, done } = left.next();
		return done ? [] : [value];
	});
}

export function dryRow(
	provider: string,
	known: Partial<TaskContext>,
	includeRaw: boolean,
	itemIndex: number,
): INodeExecutionData {
	const ref = { provider, taskId: '', route: '' };
	return {
		json: toItemJson(undefined, { ...known, ref, status: 'notCreated', includeRaw }),
		pairedItem: { item: itemIndex },
	};
}
