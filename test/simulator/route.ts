/** The route table's row type. One file per route family fills it; `simulator.ts` joins them. */
import type { Fault, FaultTarget } from './faults';
import type { RecordedRequest } from './recordedRequest';
import type { Reply } from './reply';

export interface Exchange {
	request: RecordedRequest;
	/** The groups of the route's `path`. */
	parameters: readonly string[];
	/** Empty on routes of another access. */
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
	/** `accessToken`: the account's own, no API key. */
	access: 'apiKey' | 'accessToken' | 'public';
	/** Absent = always. What is not present is a path that the service does not know. */
	isPresent?: () => boolean;
	/** Faults that `handle` shows in the reply itself, because each provider words them differently. */
	ownFaults?: ReadonlySet<Fault['kind']>;
	/** Synchronous, so that finding and using up a fault cannot interleave with another request. Throws `Refusal`. */
	handle: (exchange: Exchange) => Reply;
}

export function matchRoute(route: Route, method: string, path: string): RegExpExecArray | null {
	const isOpen = route.method === method && (route.isPresent?.() ?? true);
	return isOpen ? route.path.exec(path) : null;
}
