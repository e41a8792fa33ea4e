/** The nodes of the scenarios' workflows, as they stand in a workflow that n8n exports. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IConnections, IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { ExecutionSummary } from './host/execution';
import type { N8nClient, WorkflowDefinition } from './host/n8nClient';
import { PACKAGE_NAME } from './host/projectFolder';
import { POLL_INTERVAL_SECONDS } from './scenario';
import { withJob } from '../support/panelParameters';

/** Everything of a node but what the workflow decides. */
export type NodePart = Omit<INode, 'id' | 'position'>;

export const GENERATE = 'Generate';
export const TRIGGER = 'Finished';
const ANY_CREDENTIAL = { id: '', name: '' };
/** As the editor creates workflows; without it, n8n resumes an agent before its tool has run. */
const NEW_WORKFLOW = { executionOrder: 'v1' } as const;

export function manualTrigger(): NodePart {
	return { name: 'By hand', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
}

/** Answers at once, and starts the workflow with what was posted to it. */
export function webhook(path: string): NodePart {
	const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} };
	return { name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path, parameters };
}

/** One item per row. */
export function rows(list: readonly IDataObject[]): NodePart[] {
	const parameters: INodeParameters = { mode: 'raw', jsonOutput: JSON.stringify({ rows: list }), options: {} };
	return [{ name: 'Sheet', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters }, splitRows('rows')];
}

/** One item per entry of the list in the field. */
export function splitRows(field: string): NodePart {
	const parameters = { fieldToSplitOut: field, options: {} };
	return { name: 'Rows', type: 'n8n-nodes-base.splitOut', typeVersion: 1, parameters };
}

/** Our node with any operation. */
export function cometApi(name: string, parameters: INodeParameters, settings: Partial<NodePart> = {}): NodePart {
	return {
		name,
		type: `${PACKAGE_NAME}.cometApiVideo`,
		typeVersion: 1,
		parameters: withJob(parameters),
		credentials: {
			cometApiVideoApi: ANY_CREDENTIAL,
			...(parameters.tableAccess === 'apiKey' ? { n8nDataTableApi: ANY_CREDENTIAL } : {}),
		},
		...settings,
	};
}

/** Video > Generate with the prompt of its item. @param settings e.g. `{ retryOnFail: true }` */
export function generate(parameters: INodeParameters = {}, settings: Partial<NodePart> = {}): NodePart {
	const options = { pollInterval: POLL_INTERVAL_SECONDS, ...(parameters.options as INodeParameters | undefined) };
	return cometApi(GENERATE, { prompt: '={{ $json.prompt }}', ...parameters, options }, settings);
}

/** "CometAPI Video Trigger" on a data table, by default the one that Record Tasks makes; polls each minute. */
export function dataTableTrigger(parameters: INodeParameters = {}): NodePart {
	return {
		name: TRIGGER,
		type: `${PACKAGE_NAME}.cometApiVideoTrigger`,
		typeVersion: 1,
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
		credentials: { cometApiVideoApi: ANY_CREDENTIAL, n8nDataTableApi: ANY_CREDENTIAL },
	};
}

/** For workflows that need a node after their trigger. */
export function end(): NodePart {
	return { name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
}

/** A workflow whose nodes run one after the other. */
export function chain(name: string, ...parts: NodePart[]): WorkflowDefinition {
	const connections: IConnections = Object.fromEntries(
		parts
			.slice(1)
			.map(({ name: next }, index) => [
				parts[index].name,
				{ main: [[{ node: next, type: 'main' as const, index: 0 }]] },
			]),
	);
	return { name, nodes: placeNodes(parts), connections, settings: NEW_WORKFLOW };
}

export function placeNodes(parts: readonly NodePart[]): INode[] {
	return parts.map((part, index) => ({ ...part, id: `node-${index + 1}`, position: [index * 220, 0] }));
}

/** Calls the webhook of a published workflow, which answers when its execution has begun, or waits for its turn. */
export async function postToWebhook({ baseUrl }: N8nClient, path: string, body: IDataObject): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const response = await fetch(`${baseUrl}/webhook/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`The webhook answered ${response.status}: ${await response.text()}`);
}

/** Executions that a webhook has started, newest first: without those of their nodes' sub-workflows, which n8n lists with them. */
export async function listCalls(client: N8nClient, workflowId: string): Promise<ExecutionSummary[]> {
	return (await client.listExecutions({ workflowId, limit: 100 })).filter(({ mode }) => mode === 'webhook');
}

/** Calls the webhook of a published workflow, which nobody else calls just then. @returns the execution's ID */
export async function callWebhook(
	client: N8nClient,
	workflowId: string,
	path: string,
	body: IDataObject,
): Promise<string> {
	const listIds = async () => (await listCalls(client, workflowId)).map(({ id }) => id);
	const before = await listIds();
	await postToWebhook(client, path, body);
	return await waitFor('an execution of the webhook', async () => (await listIds()).find((id) => !before.includes(id)));
}

const WAIT_TIMEOUT_MS = 60_000;
const CHECK_MS = 200;

/** @param look gives undefined until it is there @throws after the timeout, naming what was waited for */
export async function waitFor<T>(
	what: string,
	look: () => T | undefined | Promise<T | undefined>,
	timeoutMs = WAIT_TIMEOUT_MS,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}`);
		await sleep(CHECK_MS);
	}
}
