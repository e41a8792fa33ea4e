/**
 * "CometAPI Video": creates, waits for and downloads videos. Programmatic style, because one run makes many dependent calls
 * (create, polls, download) and waits for all items together. What it offers is in `providers/`, what it does in `operations/`,
 * which is loaded when it is needed: n8n loads every installed node at its start, and most are not run.
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
				const { searchModels } = await import('./operations/model/searchModels');
				return await searchModels(this, filter);
			},
			async searchDataTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				const { searchDataTables } = await import('./journal/chosenTable');
				return await searchDataTables(this, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { executeNode } = await import('./operations/executeNode');
		return await executeNode(this);
	}
}
