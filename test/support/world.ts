/** What stands around the nodes in a test: CometAPI's stand-in, a fake of n8n's own API, and one virtual clock for all. */
import type { SimulatorOptions } from '../simulator/simulator';
import { Simulator } from '../simulator/simulator';
import { N8nApi } from './n8nApi';
import type { VirtualClock } from './virtualClock';

export interface World {
	simulator: Simulator;
	n8nApi: N8nApi;
	clock: VirtualClock;
}

export async function startWorld(clock: VirtualClock, options: SimulatorOptions = {}): Promise<World> {
	const simulator = await Simulator.start({ now: clock.now, ...options });
	const n8nApi = await N8nApi.start({ now: clock.now });
	clock.openRequests = () => simulator.openRequests + n8nApi.openRequests;
	return { simulator, n8nApi, clock };
}
