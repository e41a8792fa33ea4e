/** "CometAPI Video Trigger": starts the workflow when a video is finished. What a poll does is in `watch/`, loaded when it is needed. */
import type {
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { buildTriggerProperties } from './description/triggerProperties';
import { VIDEO_PROVIDERS } from './providers';

export class CometApiVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CometAPI Video Trigger',
		name: 'cometApiVideoTrigger',
		icon: { light: 'file:cometApiVideo.svg', dark: 'file:cometApiVideo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ ({ account: "all tasks of the account", dataTable: "tasks in a data table", listed: "listed tasks" })[$parameter["watch"]] }}',
		description: 'Make videos with Kling, Veo, Seedance, Wan, Runway and more, or start when one is finished',
		eventTriggerDescription: 'Waiting for a video to be finished',
		activationMessage: 'From now on, each video that is finished starts this workflow once.',
		defaults: { name: 'CometAPI Video Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'cometApiVideoApi', required: true },
			{ name: 'n8nDataTableApi', required: true, displayOptions: { show: { watch: ['dataTable'] } } },
		],
		properties: buildTriggerProperties(VIDEO_PROVIDERS),
	};

	methods = {
		listSearch: {
			async searchDataTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				const { searchDataTables } = await import('./journal/chosenTable');
				return await searchDataTables(this, filter);
			},
		},
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const { pollFinishedTasks } = await import('./watch/pollFinishedTasks');
		return await pollFinishedTasks(this);
	}
}
