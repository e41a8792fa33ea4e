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
import { toErrorRow, toNodeError } from './task/errors';
import { DEFAULT_PROVIDER, VIDEO_PROVIDERS } from './providers';

export class CometApiVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CometAPI Video',
		name: 'cometApiVideo',
		icon: { light: 'file:cometApiVideo.svg', dark: 'file:cometApiVideo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: buildSubtitle(VIDEO_PROVIDERS),
		description: 'Make videos with Kling, Veo, Seedance, Wan, Grok, Runway, Vidu and other models of CometAPI',
		defaults: { name: 'CometAPI Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'cometApiVideoApi', required: true, displayOptions: { hide: { operation: ['join'] } } },
			{ name: 'n8nDataTableApi', required: true, displayOptions: { show: { recordTasks: [true] } } },
		],
		properties: buildNodeProperties(VIDEO_PROVIDERS, DEFAULT_PROVIDER),
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
		try {
			return [await findOperation(this)(this)];
		} catch (error) {
			const isStopped = this.getExecutionCancelSignal()?.aborted === true;
			if (!this.continueOnFail() || isStopped) throw toNodeError(this.getNode(), error);
			// What concerns all items is each item's error: n8n would pass the input items on as if they were results.
			return [[...this.getInputData().keys()].map((itemIndex) => toErrorRow(error, itemIndex))];
		}
	}
}
