/**
 * The only loop of the package: creates tasks as slots become free, looks at all open ones together, hands each finished one
 * over. Knows nothing of n8n or HTTP: the steps, the clock and the cancel signal come from the caller. What is done when is
 * decided in `schedule.ts`, what comes of it in `transitions.ts`; here it is set going and kept in mind.
 */
import type { CanceledError } from '../task/errors';
import type { Job, JobOutcome, WaitOptions } from './job';
import { hasEnded, isRunning, watchOf } from './jobState';
import type { JobState, Watch } from './jobState';
import { seenRunTime } from './lookTimes';
import { NO_PAUSE, extendPause } from './rateLimitPause';
import { isAtRest, putDown } from './rest';
import { schedule } from './schedule';
import { SteadyTime } from './steadyTime';
import { takeStep } from './steps';
import type { Begun, Surroundings } from './steps';
import { canceledError, withOtherTasks } from './tasksOfRun';
import type { JobOfRun } from './tasksOfRun';
import { QUEUED } from './transitions';
import { WakeUp } from './wakeUp';

/**
 * Runs all jobs to their end; outcomes in the order of the jobs. With `stopOnError` it ends at the first job that fails
 * (but for problems of its own), whose error then names the other tasks that exist; jobs that were still open have no outcome.
 * @throws CanceledError when `signal` aborts; it names every task that exists
 */
export async function runJobs<Result>(
	jobs: ReadonlyArray<Job<Result>>,
	options: WaitOptions<Result>,
): Promise<Array<JobOutcome<Result> | undefined>> {
	return await new JobLoop(jobs, options).run();
}

class JobLoop<Result> {
	private jobs: ReadonlyArray<JobOfRun<Result>>;
	private pause = NO_PAUSE;
	private isAwakeForGood = false;
	private readonly creates = new Set<Promise<void>>();
	private readonly time: SteadyTime;
	private readonly beganAt: number;
	private readonly wakeUp: WakeUp;
	private readonly surroundings: Surroundings;

	constructor(
		jobs: ReadonlyArray<Job<Result>>,
		private readonly options: WaitOptions<Result>,
	) {
		const { clock, signal, pollIntervalMs, timeoutMs, onProgress } = options;
		this.jobs = jobs.map((job) => ({ job, state: QUEUED }));
		this.time = new SteadyTime(clock);
		this.wakeUp = new WakeUp(this.time, signal);
		const beganAt = this.time.now();
		this.beganAt = beganAt;
		this.surroundings = {
			paceOf: (started) => ({ beganAt, pollIntervalMs, timeoutMs, seenRunMs: seenRunTime(this.watches(), started) }),
			moment: () => ({ now: this.time.now(), clockNow: clock.now(), random: clock.random() }),
			tasksOfRun: () => ({
				ended: this.states().filter(hasEnded).length,
				isAnyRunning: this.states().some(isRunning),
			}),
			onProgress,
		};
	}

	async run(): Promise<Array<JobOutcome<Result> | undefined>> {
		try {
			for (;;) {
				if (this.options.signal?.aborted) throw await this.canceled();
				if (this.options.stopOnError && this.firstFailure()) break;
				if (this.states().every(({ phase }) => phase === 'settled')) break;
				const limits = { tasksInFlight: this.options.maxTasksInFlight, pausedUntil: this.pause.until };
				const { launch, wakeAt } = schedule(this.states(), this.time.now(), limits);
				const resting = this.atRest();
				if (resting.isComplete) {
					if (await this.handOver()) break;
					continue;
				}
				for (const index of launch.filter((each) => !resting.jobs.has(each))) this.beginStep(index);
				await this.wakeUp.next(wakeAt);
			}
			// An earlier item may fail meanwhile; the error of the first one is what the user sees.
			await this.createsToEnd();
			return this.outcomes();
		} finally {
			this.wakeUp.close();
		}
	}

	/**
	 * The jobs that are left in peace because the loop is about to end, and whether those are all that are open. A job that is just
	 * being looked at is waited for; as long as anything takes longer, such as a download, the others go on.
	 */
	private atRest(): { jobs: ReadonlySet<number>; isComplete: boolean } {
		const { rest } = this.options;
		const now = this.time.now();
		const open = [...this.states().entries()].filter(([, { phase }]) => phase !== 'settled');
		const isTime = rest && !this.isAwakeForGood && now - this.beganAt >= rest.afterMs;
		if (!isTime) return { jobs: new Set(), isComplete: false };
		const resting = open.filter(([, state]) => isAtRest(state, now, rest));
		const areOthersLooking = open.every(([, state]) => state.phase === 'looking' || isAtRest(state, now, rest));
		return {
			jobs: new Set(areOthersLooking ? resting.map(([index]) => index) : []),
			isComplete: open.length > 0 && resting.length === open.length,
		};
	}

	/** @returns false: nobody takes the jobs, and nobody will */
	private async handOver(): Promise<boolean> {
		const { rest, clock } = this.options;
		const before = this.jobs;
		const now = this.time.now();
		this.jobs = before.map(({ job, state }) => {
			if (state.phase !== 'waiting' || !job.rest) return { job, state };
			const { watch } = state;
			const result = job.rest(watch.started, putDown(watch, now, clock.now()));
			return { job, state: { phase: 'settled', outcome: { ok: true, result }, watch } };
		});
		const outcomes = this.outcomes().filter((outcome) => outcome !== undefined);
		if (await rest?.handOver(outcomes)) return true;
		this.jobs = before;
		this.isAwakeForGood = true;
		return false;
	}

	private states(): Array<JobState<Result>> {
		return this.jobs.map(({ state }) => state);
	}

	private watches(): Watch[] {
		return this.states().flatMap((state) => watchOf(state) ?? []);
	}

	private beginStep(index: number): void {
		const { job, state } = this.jobs[index] ?? {};
		const begun = state && beginNext(state, this.time.now());
		if (!job || !begun) return;
		const step = this.take(index, job, begun);
		if (begun.phase !== 'creating') return;
		this.creates.add(step);
		void step.then(() => this.creates.delete(step));
	}

	private async take(index: number, job: Job<Result>, begun: Begun): Promise<void> {
		this.replace(index, begun);
		const { state, refusal } = await takeStep(job, begun, this.surroundings);
		if (refusal) this.pause = extendPause(this.pause, refusal);
		this.replace(index, state);
		this.wakeUp.wake();
	}

	private replace(index: number, state: JobState<Result>): void {
		this.jobs = this.jobs.map((other, position) => (position === index ? { job: other.job, state } : other));
	}

	private outcomes(): Array<JobOutcome<Result> | undefined> {
		const failed = this.options.stopOnError ? this.firstFailure() : undefined;
		return this.jobs.map((entry) => {
			if (entry.state.phase !== 'settled') return undefined;
			const { outcome } = entry.state;
			if (entry !== failed || outcome.ok) return outcome;
			return { ...outcome, error: withOtherTasks(outcome.error, entry, this.jobs) };
		});
	}

	/** The first job that has failed and does not let the others go on. */
	private firstFailure(): JobOfRun<Result> | undefined {
		return this.jobs.find(({ job, state }) => {
			if (state.phase !== 'settled' || state.outcome.ok) return false;
			return !job.letsOthersGoOn?.(state.outcome.error);
		});
	}

	private async canceled(): Promise<CanceledError> {
		await this.createsToEnd();
		return canceledError(this.jobs);
	}

	/** Waits for the answers to creates that are under way, or their task ids would be lost. Stop has cut them off already. */
	private async createsToEnd(): Promise<void> {
		await Promise.all(this.creates);
	}
}

/** Undefined for a job that is under way or done. */
function beginNext(state: JobState<unknown>, now: number): Begun | undefined {
	if (state.phase === 'queued') return { phase: 'creating', sentAt: now, refusals: state.refusals };
	if (state.phase === 'waiting') return { phase: 'looking', sentAt: now, watch: state.watch };
	if (state.phase === 'ended') return { ...state, phase: 'finishing', begunAt: now };
	return undefined;
}
