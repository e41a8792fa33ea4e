/** The route table's row type. One file per route family fills it; `simulator.ts` joins them. */
import type { Fault, FaultTarget } from './faults';
import type { RecordedRequest } from './recordedRequest';
import type { Reply } from './reply';

export interface Exchange {
	request: RecordedRequest;
	/** The groups of the route's `path`. */
	parameters: readonly string[];
	/** Empty on public routes. */
	apiKey: string;
	/** As the reply's header carries it; some providers repeat it in their bodies. */
	requestId: string;
	/** The fault that will be applied to the reply; routes that create a task read its traits from it. */
	fault?: Fault;
}

export interface Route {
	target: FaultTarget;
	method: 'GET' | 'POST';
	path: RegExp;
	access: 'apiKey' | 'public';
	/** Faults that `handle` shows in the reply itself, because each provider words them differently. */
	ownFaults?: ReadonlySet<Fault['kind']>;
	/** Synchronous, so that finding and using up a fault cannot interleave with another request. Throws `Refusal`. */
	handle: (exchange: Exchange) => Reply;
}
