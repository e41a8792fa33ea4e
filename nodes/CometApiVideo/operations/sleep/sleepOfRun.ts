/** When the run of an operation goes to sleep, and what its rows are then. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { RunRecord } from '../generate/runRecord';
import type { RunSettings } from '../input/runSettings';
import type { RowsRest } from '../items/runItems';
import { clock } from '../../task/clock';
import { goToSleep } from './goToSleep';
import { withoutSleep } from './sleepingRow';
import { MIN_SLEEP_MS } from './wakeUpTime';

/** Most videos are there by then, without the delay that sleeping brings. */
const AWAKE_MS = 2 * 60_000;

export interface SleepOfRun {
	/** Of the tasks; who sleeps closes their rows. */
	record?: RunRecord;
	/** Why this run has to stay awake, as the end of a sentence. */
	whyAwake?: string;
}

/** @param run gives its rows, and hands over those that are to be waited for asleep */
export async function runWithSleep(
	context: IExecuteFunctions,
	settings: RunSettings,
	{ record, whyAwake }: SleepOfRun,
	run: (rest: RowsRest | undefined) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	if (!settings.sleepsWhileWaiting) return await run(undefined);
	const startedAt = clock.now();
	const hasErrorRows = context.continueOnFail();
	// The rows of who sleeps go on without the node, and so without the columns of its items.
	const needsItems = settings.includeInputFields ? 'Include Input Fields is on' : undefined;
	const sleepSettings = {
		...settings,
		// Once asleep nothing can be thrown: a task that failed or is late comes out as a row.
		returnOnFailure: settings.returnOnFailure || !hasErrorRows,
		returnOnTimeout: settings.returnOnTimeout || !hasErrorRows,
		parentExecutionId: context.getExecutionId(),
		hasErrorRows,
	};
	const rows = await run({
		afterMs: AWAKE_MS,
		minimumMs: MIN_SLEEP_MS,
		async handOver(open) {
			const recordIn = record?.place;
			const until = await goToSleep(context, open, { ...sleepSettings, recordIn }, startedAt, needsItems ?? whyAwake);
			if (until !== undefined) await record?.leaveTo(until);
			return until !== undefined;
		},
	});
	return rows.map(withoutSleep);
}
