/** A simulator and the compiled node's clock, both in virtual time. */
import type { SimulatorOptions } from '../simulator/simulator';
import { Simulator } from '../simulator/simulator';
import { failClientSocket, watchClientSockets } from '../support/clientSockets';
import { loadCompiledPackage } from './compiledPackage';
import { EventClock } from './eventClock';

export interface VirtualService {
	simulator: Simulator;
	clock: EventClock;
	/** For `RunSettings`. */
	settings: { baseUrl: string; now: () => number };
}

let clock: EventClock | undefined;

/** Close the simulator when done. All services of a process share one clock. */
export async function startVirtualService(options: SimulatorOptions = {}): Promise<VirtualService> {
	if (!clock) {
		clock = new EventClock();
		clock.install(loadCompiledPackage().clock);
	}
	watchClientSockets();
	const simulator = await Simulator.start({ now: clock.now, failClient: failClientSocket, ...options });
	clock.openRequests = () => simulator.openRequests;
	return { simulator, clock, settings: { baseUrl: simulator.baseUrl, now: clock.now } };
}
