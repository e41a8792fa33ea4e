import type { Simulator } from '../simulator/simulator';

const CHECK_MS = 200;

/** Gives the simulator, which has no timers, a chance to call back on time. @returns ends it */
export function deliverCallbacks(simulator: Simulator): () => void {
	const timer = setInterval(() => void simulator.deliverCallbacks(), CHECK_MS);
	return () => clearInterval(timer);
}
