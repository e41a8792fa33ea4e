/**
 * Time that never goes back and never leaps. The wait is measured with it, for the clock of a computer can be set while
 * tasks are waited for: by an hour or a day, by hand, by a time server, or when a virtual machine is woken up.
 */
import type { Clock } from '../task/clock';

/** More than this between two readings, beyond the sleep that was asked for, was no time that has passed. */
const MAX_STEP_MS = 60_000;

export class SteadyTime {
	private time: number;
	private lastReading: number;
	private sleepsUntil = 0;

	constructor(private readonly clock: Clock) {
		this.lastReading = clock.now();
		this.time = this.lastReading;
	}

	/** Milliseconds; those of the clock until the clock is set. */
	now(): number {
		const reading = this.clock.now();
		const mostLikely = Math.max(0, this.sleepsUntil - this.time) + MAX_STEP_MS;
		this.time += Math.max(0, Math.min(reading - this.lastReading, mostLikely));
		this.lastReading = reading;
		return this.time;
	}

	/** Resolves at about `until`, or soon after the signal aborts. */
	async sleepUntil(until: number, signal: AbortSignal): Promise<void> {
		const milliseconds = Math.max(0, until - this.now());
		this.sleepsUntil = this.time + milliseconds;
		await this.clock.sleep(milliseconds, signal);
	}
}
