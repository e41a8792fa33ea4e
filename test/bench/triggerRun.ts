/** The compiled trigger as n8n polls it: a fixed list of tasks, one tick a minute. */
import type { IDataObject } from 'n8n-workflow';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import type { Poller } from '../support/engine';
import { Engine } from '../support/engine';
import { TRIGGER_TYPE, loadCompiledPackage } from './compiledPackage';
import type { VirtualService } from './virtualService';

const POLL_GAP_MS = 60_000;

export interface TriggerRun {
	/** One tick, a minute after the last. */
	poll(): Promise<void>;
	/** Rows that workflows were started with. */
	started: IDataObject[];
}

/** Creates the tasks at the simulator. @returns their ids */
export async function createTasks(count: number, { settings }: VirtualService): Promise<string[]> {
	const ids: string[] = [];
	for (let index = 0; index < count; index++) {
		const body = new FormData();
		const fields = { model: 'doubao-seedance-2-0', prompt: `Scene ${index}`, seconds: '5', size: '16:9' };
		for (const [name, value] of Object.entries(fields)) body.append(name, value);
		const headers = { authorization: `Bearer ${SIMULATOR_API_KEY}` };
		const reply = await fetch(`${settings.baseUrl}/v1/videos`, { method: 'POST', headers, body });
		ids.push(String(((await reply.json()) as IDataObject).id));
	}
	return ids;
}

/** Switches the workflow on. */
export async function startTrigger(
	taskIds: readonly string[],
	{ settings, clock }: VirtualService,
): Promise<TriggerRun> {
	const compiled = loadCompiledPackage();
	const engine = new Engine({
		nodeTypes: { [TRIGGER_TYPE]: compiled.createTrigger() },
		credentialTypes: [compiled.credentialType],
		credentials: { cometApiVideoApi: { apiKey: SIMULATOR_API_KEY, baseUrl: settings.baseUrl } },
	});
	const started: IDataObject[] = [];
	const node = {
		id: 'trigger',
		name: 'Trigger',
		type: TRIGGER_TYPE,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { watch: 'listed', listAs: 'json', tasksJson: JSON.stringify(taskIds) },
		credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' } },
	};
	const poller: Poller = engine.poller(
		{ nodes: [node], connections: {} },
		{
			activation: 'activate',
			emit: (data) => void started.push(...data.flat().map(({ json }) => json)),
			emitError: (error) => {
				throw error;
			},
		},
	);
	await poller.poll(true);
	return {
		started,
		poll: async () => {
			await clock.sleep(POLL_GAP_MS);
			await poller.poll();
		},
	};
}
