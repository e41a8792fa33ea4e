/** When the run of an operation goes to sleep, and what its rows are then. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { TableLocator } from '../../journal/dataTableApi';
import type { RunSettings } from '../input/runSettings';
import type { RowsRest } from '../items/runItems';
import { goToSleep } from './goToSleep';
import { withoutSleep } from './sleepingRow';
import { MIN_SLEEP_MS } from './wakeUpTime';

/** Most videos are there by then, without the delay that sleeping brings. */
const AWAKE_MS = 2 * 60_000;

export interface SleepOfRun {
	/** Where the tasks are recorded, so that who sleeps closes their rows. */
	recordIn?: TableLocator;
	/** Why this run has to stay awake, as the end of a sentence. */
	whyAwake?: string;
}

/** @param run gives its rows, and hands over those that are to be waited for asleep */
export async function runWithSleep(
	context: IExecuteFunctions,
	settings: RunSettings,
	{ recordIn, whyAwake }: SleepOfRun,
	run: (rest: RowsRest | undefined) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	if (!settings.sleepsWhileWaiting) return await run(undefined);
	const hasErrorRows = context.continueOnFail();
	const sleepSettings = {
		...settings,
		// Once asleep nothing can be thrown: a task that failed or is late comes out as a row.
		returnOnFailure: settings.returnOnFailure || !hasErrorRows,
		returnOnTimeout: settings.returnOnTimeout || !hasErrorRows,
		parentExecutionId: context.getExecutionId(),
		hasErrorRows,
		recordIn,
	};
	const rows = await run({
		afterMs: AWAKE_MS,
		minimumMs: MIN_SLEEP_MS,
		handOver: async (open) => await goToSleep(context, open, sleepSettings, whyAwake),
	});
	return rows.map(withoutSleep);
}
