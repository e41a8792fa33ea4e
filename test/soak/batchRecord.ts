/** What is known of one batch when it is over: the orders with their faults, the settings, and all that the user can see. */
import type { IDataObject } from 'n8n-workflow';
import { errorText } from '../support/errorText';
import type { NodeRun, OnError } from '../support/videoNode';
import type { FaultPlan } from './faultPlans';

export interface Order {
	/** Its mark, see `orderName`. */
	name: string;
	plan: FaultPlan;
}

export interface BatchSettings {
	/** For messages, e.g. `kling imageToVideo`. */
	what: string;
	onError: OnError;
	retryOnFail: boolean;
	waits: boolean;
	timeoutMs: number;
	downloads: boolean;
	returnsFailures: boolean;
	isRecorded: boolean;
	/** Somebody presses Stop on the way. */
	isStopped: boolean;
	/** Faults that belong to no single order, or to its row in the table. */
	hasCommonFaults: boolean;
}

export interface ShownRow {
	item: number;
	json: IDataObject;
	/** Size of the file that came with it; absent without one. */
	fileBytes?: number;
}

/** What one execution has shown. */
export interface Telling {
	rows: ShownRow[];
	/** Headline and description of the error that ended it; empty without one. */
	error: string;
	/** Number of the item that the error is about, as n8n shows it. */
	errorItem?: number;
	/** The console of the browser, which only those look at who have pressed Stop. */
	console: readonly string[];
}

export interface BatchRecord {
	where: string;
	settings: BatchSettings;
	orders: readonly Order[];
	/** The execution, then those that a person started again from n8n's list. */
	tellings: readonly Telling[];
	/** Tasks in the tables of n8n. */
	recorded: ReadonlySet<unknown>;
}

/** What a run of the node has shown. */
export function toTelling(run: NodeRun, console: readonly string[]): Telling {
	const rows = [...run.items, ...run.errorItems].map(({ json, pairedItem, binary }): ShownRow => {
		const { item } = pairedItem as { item: number };
		return { item, json, fileBytes: binary?.data?.bytes };
	});
	const error = errorText(run.error);
	return { rows, error, errorItem: run.error && itemOf(run.error.context.itemIndex, error), console };
}

/** In the text items are counted from 1, and n8n is told of none then: it would count from 0. */
function itemOf(index: unknown, text: string): number | undefined {
	if (typeof index === 'number') return index;
	const [, number] = /This is item (\d+) of \d+\./.exec(text) ?? [];
	return number === undefined ? undefined : Number(number) - 1;
}
