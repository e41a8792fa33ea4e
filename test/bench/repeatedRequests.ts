/** Records when this process sends HTTP requests, and sends the same ones again without the node: what n8n's own helper costs. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { INodeType } from 'n8n-workflow';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { Engine, singleNodeWorkflow } from '../support/engine';
import { NODE_TYPE, loadCompiledPackage } from './compiledPackage';

const STARTED = 'http.client.request.start';

export interface SentRequest {
	/** Milliseconds after the beginning of the record. */
	at: number;
	path: string;
}

/** @returns ends the record */
export function recordRequests(): () => SentRequest[] {
	const beganAt = performance.now();
	const requests: SentRequest[] = [];
	const add = (message: unknown) => {
		const { path } = (message as { request: ClientRequest }).request;
		requests.push({ at: performance.now() - beganAt, path });
	};
	subscribe(STARTED, add);
	return () => {
		unsubscribe(STARTED, add);
		return requests;
	};
}

/** Sends them at the same times by n8n's helper, as a node does that does nothing else. @throws when one is refused */
export async function repeatRequests(requests: readonly SentRequest[], baseUrl: string): Promise<void> {
	const { createNode, credentialType } = loadCompiledPackage();
	const node: INodeType = {
		description: { ...createNode().description, properties: [] },
		async execute() {
			const send = async (path: string): Promise<unknown> =>
				await this.helpers.httpRequestWithAuthentication.call(this, 'cometApiVideoApi', {
					url: `${baseUrl}${path}`,
					json: true,
				});
			const beganAt = performance.now();
			const answers: Array<Promise<unknown>> = [];
			for (const { at, path } of requests) {
				const early = at - (performance.now() - beganAt);
				if (early > 1) await pause(early);
				answers.push(send(path));
			}
			await Promise.all(answers);
			return [[]];
		},
	};
	const engine = new Engine({
		nodeTypes: { [NODE_TYPE]: node },
		credentialTypes: [credentialType],
		credentials: { cometApiVideoApi: { apiKey: SIMULATOR_API_KEY, baseUrl } },
	});
	const { taskData } = await engine.run(singleNodeWorkflow({ type: NODE_TYPE, parameters: {} }), [{ json: {} }]);
	const error = taskData('Node')?.error;
	if (error) throw error;
}
