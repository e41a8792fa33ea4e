/** What a node of the sleeping sub-workflow is told, as text in its hidden parameter. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { RecordPlace } from '../generate/runRecord';
import { asText } from '../../task/asText';
import type { RunSettings } from '../input/runSettings';

export type SleepStep = { is: 'sleep' } | { is: 'look'; settings: SleepSettings };

export interface SleepSettings extends RunSettings {
	/** The execution that waits for the outcome. */
	parentExecutionId: string;
	/** What the node's On Error asks for: error rows, or else rows of tasks, for nothing can be thrown any more. */
	hasErrorRows: boolean;
	/** Where the tasks are recorded. */
	recordIn?: RecordPlace;
}

/** Never with `=` at the beginning: n8n would take it for an expression. */
export function writeSleepStep(step: SleepStep): string {
	return JSON.stringify(step);
}

/** Undefined for a node that a user has put into a workflow. */
export function readSleepStep(context: IExecuteFunctions): SleepStep | undefined {
	const text = asText(context.getNodeParameter('sleepStep', 0, ''));
	if (text === '') return undefined;
	// Written above, by the same version of the node: the sub-workflow is stored with it.
	const step = JSON.parse(text) as SleepStep;
	// The tasks run already, so there is nothing to hold back.
	return step.is === 'look' ? { ...step, settings: { ...step.settings, maxTasksInFlight: Infinity } } : step;
}
