/** What one scenario file works with: the shared n8n, a simulator of its own, and a credential that leads to it. */
import type { IDataObject } from 'n8n-workflow';
import { SIMULATOR_API_KEY, Simulator, type SimulatorOptions } from '../simulator/simulator';
import { deliverCallbacks } from './deliverCallbacks';
import { withCredential } from './exampleWorkflows';
import type { Execution } from './host/execution';
import type { CredentialReference, N8nClient, StoredWorkflow, WorkflowDefinition } from './host/n8nClient';
import { connectToSharedN8n } from './sharedN8n';

/** A task ends three seconds after its creation. */
const SPEED = 20;
/** The shortest that the nodes allow. */
export const POLL_INTERVAL_SECONDS = 2;

export class Scenario {
	private constructor(
		readonly client: N8nClient,
		readonly simulator: Simulator,
		readonly credential: CredentialReference,
		private readonly endCallbacks: () => void,
	) {}

	/** @param client default: of the shared n8n */
	static async start(options: SimulatorOptions = {}, client = connectToSharedN8n()): Promise<Scenario> {
		const simulator = await Simulator.start({ speed: SPEED, ...options });
		const data = { apiKey: SIMULATOR_API_KEY, baseUrl: simulator.baseUrl };
		const credential = await client.createCredential({ name: 'CometAPI account', type: 'cometApiVideoApi', data });
		return new Scenario(client, simulator, credential, deliverCallbacks(simulator));
	}

	/** With the credential chosen. */
	async importWorkflow(definition: WorkflowDefinition): Promise<StoredWorkflow> {
		return await this.client.createWorkflow(withCredential(definition, this.credential));
	}

	/**
	 * Imports the workflow, runs it by hand from its first node, and waits for its end.
	 * @param triggerItem see `N8nClient.runWorkflow`
	 */
	async run(definition: WorkflowDefinition, triggerItem?: IDataObject): Promise<Execution> {
		const { id, nodes } = await this.importWorkflow(definition);
		return await this.client.waitForExecution(await this.client.runWorkflow(id, nodes[0].name, triggerItem));
	}

	async close(): Promise<void> {
		this.endCallbacks();
		await this.simulator.close();
	}
}
