/**
 * Time that passes only when nothing is under way: then it moves at once to the next moment for which somebody waits. Unlike
 * the tests' clock it knows any number of sleepers, so that loops which wait side by side can be compared with one loop for all.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../nodes/CometApiVideo/task/clock';
import { countRequestEvents, countRequestsUnderWay } from './requestsUnderWay';

/** Turns of the event loop without any request under way, after which nothing more is expected. */
const QUIET_TURNS = 20;
/** A request that the server has had for so long (real time) without wanting to answer it is stalled: only time ends it. */
const STALLED_MS = 25;
/** Real time between two looks whether somebody has begun to wait. */
const LIMITS_ONLY_PAUSE_MS = 1;
/** Work of the system that is neither: files, connections being made, bytes being written. */
const SYSTEM_WORK = /^(?:FSReq|TCPConnect|GetAddrInfo|Write|Shutdown)/;

interface Wait {
	dueAt: number;
	/** A time limit: does not make time pass by itself unless a request hangs. */
	isLimit: boolean;
	end(): void;
}

export class EventClock implements Clock {
	private time = Date.parse('2026-11-21T12:00:00Z');

	private readonly waits = new Set<Wait>();

	private isMoving = false;

	private randomState = 4711;

	private lastEvents = 0;

	/** Real time of the last sign of a request. */
	private lastActiveAt = 0;

	/** Number of requests that a server has not yet answered; set it to the simulator's `openRequests`. */
	openRequests: () => number = () => 0;

	/** Called after each move, before anybody wakes up. */
	onMove: (nowMs: number) => void = () => {};

	readonly now = (): number => this.time;

	/** Evenly spread and the same in every run (a linear congruential generator). */
	readonly random = (): number => {
		this.randomState = (this.randomState * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return this.randomState / 2 ** 32;
	};

	readonly sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const end = () => {
				this.waits.delete(wait);
				signal?.removeEventListener('abort', end);
				resolve();
			};
			const wait: Wait = { dueAt: this.time + Math.max(0, milliseconds), isLimit: false, end };
			signal?.addEventListener('abort', end);
			this.waitFor(wait);
		});
	};

	/** Puts this clock in the place of the node's, and of the time limits of requests, until the process ends. */
	install(nodeClock: Clock): void {
		Object.assign(nodeClock, { now: this.now, sleep: this.sleep, random: this.random });
		AbortSignal.timeout = (milliseconds) => {
			const controller = new AbortController();
			const wait: Wait = {
				dueAt: this.time + milliseconds,
				isLimit: true,
				end: () => {
					this.waits.delete(wait);
					controller.abort();
				},
			};
			this.waitFor(wait);
			return controller.signal;
		};
	}

	private waitFor(wait: Wait): void {
		this.waits.add(wait);
		if (!this.isMoving) void this.move();
	}

	private async move(): Promise<void> {
		this.isMoving = true;
		while (this.waits.size > 0) {
			await this.rest();
			const waits = [...this.waits];
			if (waits.every(({ isLimit }) => isLimit) && countRequestsUnderWay() === 0) {
				// Limits of requests that are over: nobody waits for time to pass.
				await pause(LIMITS_ONLY_PAUSE_MS);
				continue;
			}
			let dueAt = Infinity;
			for (const wait of waits) dueAt = Math.min(dueAt, wait.dueAt);
			this.time = Math.max(this.time, dueAt);
			this.onMove(this.time);
			for (const wait of waits) if (wait.dueAt <= this.time) wait.end();
		}
		this.isMoving = false;
	}

	private async rest(): Promise<void> {
		for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
			await new Promise((resolve) => setImmediate(resolve));
			const events = countRequestEvents();
			if (events !== this.lastEvents || this.openRequests() > 0) this.lastActiveAt = performance.now();
			this.lastEvents = events;
			const isAnswerExpected = countRequestsUnderWay() > 0 && performance.now() - this.lastActiveAt < STALLED_MS;
			const isLastTurn = quiet === QUIET_TURNS - 1;
			if (isAnswerExpected || this.openRequests() > 0 || (isLastTurn && isSystemBusy())) quiet = 0;
		}
	}
}

function isSystemBusy(): boolean {
	return process.getActiveResourcesInfo().some((name) => SYSTEM_WORK.test(name));
}
