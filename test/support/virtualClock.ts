/**
 * Time that passes only when the node sleeps. Real HTTP needs real time, so a sleep first lets everything that is under
 * way come to rest, and then moves the clock at once.
 */
import { clock } from '../../nodes/CometApiVideo/task/clock';

const NODE_CLOCK = { ...clock };

/** Turns of the event loop without any request under way, after which nothing more is expected. */
const QUIET_TURNS = 20;

export class VirtualClock {
	private time = Date.parse('2026-11-21T12:00:00Z');

	/** Number of requests that a server has not yet answered; set it to the simulator's `openRequests`. */
	openRequests: () => number = () => 0;

	/** Every sleep, in milliseconds. */
	readonly sleeps: number[] = [];

	readonly now = (): number => this.time;

	/** Always the middle, so that jitter is none. */
	readonly random = (): number => 0.5;

	readonly sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
		await this.rest(signal);
		if (signal?.aborted) return;
		this.sleeps.push(milliseconds);
		this.time += milliseconds;
	};

	advance(milliseconds: number): void {
		this.time += milliseconds;
	}

	private async rest(signal?: AbortSignal): Promise<void> {
		for (let quiet = 0; quiet < QUIET_TURNS && !signal?.aborted; quiet++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.openRequests() > 0) quiet = 0;
		}
	}
}

/** Puts a virtual clock in the place of the node's clock until jest restores its mocks. */
export function useVirtualClock(): VirtualClock {
	const virtual = new VirtualClock();
	jest.spyOn(clock, 'now').mockImplementation(virtual.now);
	jest.spyOn(clock, 'sleep').mockImplementation(virtual.sleep);
	jest.spyOn(clock, 'random').mockImplementation(virtual.random);
	return virtual;
}

/** The same where there is no jest, and for several tests: jest's mocks end with each. `restoreClock` ends it. */
export function replaceClock(): VirtualClock {
	const virtual = new VirtualClock();
	Object.assign(clock, { now: virtual.now, sleep: virtual.sleep, random: virtual.random });
	return virtual;
}

/** Puts the node's own clock back. */
export function restoreClock(): void {
	Object.assign(clock, NODE_CLOCK);
}
