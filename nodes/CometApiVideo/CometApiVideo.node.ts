/**
 * "CometAPI Video": creates, waits for and downloads videos. Programmatic style, because one run makes many dependent calls
 * (create, polls, download) and waits for all items together. What it offers is in `providers/`, what it does in `operations/`.
 */
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { buildNodeProperties } from './description/nodeProperties';
import { buildSubtitle } from './description/subtitle';
import { searchDataTables } from './journal/chosenTable';
import { findOperation } from './operations';
import { searchModels } from './operations/model/searchModels';
import {
	CanceledError,
	CometApiVideoError,
	toCometApiVideoError,
	toErrorRow,
	toNodeError,
	withLeftTasks,
} from './task/errors';
import { ItemError } from './operations/items/itemError';
import { readSleepStep } from './operations/sleep/sleepStep';
import { takeSleepStep } from './operations/sleep/takeSleepStep';

export class CometApiVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CometAPI Video',
		name: 'cometApiVideo',
		icon: { light: 'file:cometApiVideo.svg', dark: 'file:cometApiVideo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: buildSubtitle(),
		description: 'Make videos with Kling, Veo, Seedance, Wan, Runway and more, or start when one is finished',
		defaults: { name: 'CometAPI Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'cometApiVideoApi', required: true, displayOptions: { hide: { operation: ['join'] } } },
			{
				name: 'n8nDataTableApi',
				required: true,
				displayOptions: { show: { tableAccess: ['apiKey'] } },
			},
		],
		properties: buildNodeProperties(),
	};

	methods = {
		listSearch: {
			async searchModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				return await searchModels(this, filter);
			},
			async searchDataTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				return await searchDataTables(this, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const sleepStep = readSleepStep(this);
		if (sleepStep) return await takeSleepStep(this, sleepStep);
		try {
			return [await findOperation(this)(this)];
		} catch (thrown) {
			const { error: found, itemIndex } =
				thrown instanceof ItemError ? thrown : { error: thrown, itemIndex: undefined };
			const error = this.isToolExecution?.() === true ? asPlainError(found) : found;
			const isStopped = this.getExecutionCancelSignal()?.aborted === true;
			if (isStopped) throw toNodeError(this.getNode(), asCanceled(found));
			if (!this.continueOnFail()) throw toNodeError(this.getNode(), error, itemIndex);
			// What concerns all items is each item's error: n8n would pass the input items on as if they were results.
			return [[...this.getInputData().keys()].map((index) => toErrorRow(error, index))];
		}
	}
}

/** Stop cuts requests off, which is not what the user has to read of. */
function asCanceled(thrown: unknown): CanceledError {
	if (thrown instanceof CanceledError) return thrown;
	const { details, leftTasks } = toCometApiVideoError(thrown);
	return withLeftTasks(new CanceledError('The run was canceled', '', details), leftTasks);
}

/** n8n hands on a tool's NodeOperationError as it is; in any other it replaces texts that hold a code such as ECONNRESET. */
function asPlainError(thrown: unknown): CometApiVideoError {
	const { message, advice, details, leftTasks } = toCometApiVideoError(thrown);
	return withLeftTasks(new CometApiVideoError(message, advice, details), leftTasks);
}
