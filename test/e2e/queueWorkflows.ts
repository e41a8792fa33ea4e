/** The workflows of the scenarios in queue mode: short, published, with the tasks recorded in a data table. */
import { randomUUID } from 'node:crypto';
import type { IDataObject, INode } from 'n8n-workflow';
import type { CredentialReference, WorkflowDefinition } from './host/n8nClient';
import { PACKAGE_NAME } from './host/projectFolder';
import { POLL_INTERVAL_SECONDS } from './scenario';

export interface Credentials {
	cometApi: CredentialReference;
	dataTable: CredentialReference;
}

export const GENERATE = 'Generate video';
export const WAIT = 'Wait for the unfinished';
export const START = 'Run by hand';

/** One item per prompt of a call's body `{ prompts: […] }`; n8n answers the call at once. */
export function orderByWebhook(
	path: string,
	table: string,
	credentials: Credentials,
	waitForCompletion = true,
): WorkflowDefinition {
	const webhook = {
		...buildNode('Webhook', 'n8n-nodes-base.webhook', {
			httpMethod: 'POST',
			path,
			responseMode: 'onReceived',
			options: {},
		}),
		typeVersion: 2,
		webhookId: randomUUID(),
	};
	const split = { fieldToSplitOut: 'body.prompts', options: { destinationFieldName: 'prompt' } };
	const generate = {
		resource: 'video',
		operation: 'generate',
		provider: 'seedance',
		mode: 'textToVideo',
		model: { __rl: true, mode: 'id', value: 'doubao-seedance-2-0' },
		prompt: '={{ $json.prompt }}',
		seconds: 5,
		size: '16:9',
		waitForCompletion,
		...(waitForCompletion ? { downloadVideo: true } : {}),
		...recorded(table),
		waitingOptions: waitForCompletion ? { pollInterval: POLL_INTERVAL_SECONDS } : {},
	};
	const nodes = [
		webhook,
		buildNode('Split', 'n8n-nodes-base.splitOut', split),
		ourNode(GENERATE, 'cometApiVideo', generate, credentials),
	];
	return chain(`Order by ${path}`, nodes);
}

/** Task > Wait with Use Recorded Tasks. */
export function recoverByHand(table: string, credentials: Credentials): WorkflowDefinition {
	const wait = {
		resource: 'task',
		operation: 'wait',
		useRecordedTasks: true,
		tableAccess: 'apiKey',
		dataTable: recorded(table).dataTable,
		downloadVideo: true,
		waitingOptions: { pollInterval: POLL_INTERVAL_SECONDS },
	};
	return chain('Recover', [
		buildNode(START, 'n8n-nodes-base.manualTrigger', {}),
		ourNode(WAIT, 'cometApiVideo', wait, credentials),
	]);
}

/** Starts once a minute, n8n's shortest, for each task of the table that has become finished. */
export function watchTable(table: string, credentials: Credentials): WorkflowDefinition {
	const watch = {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		watch: 'dataTable',
		dataTable: recorded(table).dataTable,
		triggerOn: 'both',
	};
	return chain('Watch', [
		ourNode('Finished', 'cometApiVideoTrigger', watch, credentials),
		buildNode('Go on', 'n8n-nodes-base.noOp', {}),
	]);
}

function recorded(table: string) {
	return { recordTasks: 'all', tableAccess: 'apiKey', dataTable: { __rl: true, mode: 'name', value: table } };
}

function ourNode(name: string, type: string, parameters: IDataObject, { cometApi, dataTable }: Credentials): INode {
	const credentials = Object.fromEntries([cometApi, dataTable].map((credential) => [credential.type, credential]));
	return { ...buildNode(name, `${PACKAGE_NAME}.${type}`, parameters), credentials };
}

function buildNode(name: string, type: string, parameters: IDataObject): INode {
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INode['parameters'],
	};
}

function chain(name: string, nodes: INode[]): WorkflowDefinition {
	const links = nodes
		.slice(1)
		.map((node, index) => [nodes[index].name, { main: [[{ node: node.name, type: 'main' as const, index: 0 }]] }]);
	return { name, nodes, connections: Object.fromEntries(links), settings: { executionOrder: 'v1' } };
}
