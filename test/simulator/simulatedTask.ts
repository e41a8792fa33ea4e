/**
 * A task and its life. The life follows the clock alone: nothing here waits, so a virtual clock moves everything.
 * Steps (public gateway software, matching what CometAPI's replies show): NOT_START 0 % → 15 s QUEUED → 30 s
 * IN_PROGRESS 30 % → 45 s 50 % → end 100 %, also for a failure.
 */
import type { NativeDetails } from './native/nativeDetails';
import type { RecordedRequest } from './recordedRequest';
import type { DoubtfulWorld } from './worlds/doubtfulWorld';

export type RowStatus = 'NOT_START' | 'QUEUED' | 'IN_PROGRESS' | 'SUCCESS' | 'FAILURE';

export interface TaskState {
	rowStatus: RowStatus;
	progressPercent: number;
	/** When the row was last written; undefined before the first update. */
	updatedAtMs?: number;
}

/** Milliseconds since 1970; 0 for what has not come yet. */
export interface TaskTimes {
	submittedMs: number;
	startedMs: number;
	endedMs: number;
	/** When the row was last written; the submission before the first update. */
	updatedMs: number;
}

/** How a task ends and shows itself; set by faults. */
export interface TaskTraits {
	ending: 'success' | 'failure' | 'never';
	/** Text of the `error` object in the status reply; without it a failed task gives no reason there. */
	reason?: string;
	reasonCode?: string;
	/** The status word that the download route names, e.g. VIOLATION for content moderation. */
	upstreamStatus?: string;
	/** Replaces `failed` in the status reply; the pages of Seedance, Wan, Vidu and HappyHorse also name `error`. */
	failedWord?: string;
	/** `nowhere`: neither in the replies nor behind `/content`. */
	resultField?: 'video_url' | 'metadata' | 'none' | 'nowhere';
	/** Native xAI: ends as done, with a video that moderation holds back. */
	moderated?: boolean;
}

export interface TaskLife {
	/** Life runs this many times faster than the clock. */
	speed: number;
	taskSeconds: number;
}

export interface TaskDetails {
	id: string;
	ownerKey: string;
	/** The id that was asked for. */
	model: string;
	family: string;
	prompt: string;
	/** `seconds` and `size` as the replies show them. */
	seconds: string;
	size: string;
	createdAtMs: number;
	resultUrl: string;
	/** What the task cost, in internal units: 500 000 are 1 USD. */
	quota: number;
	remixedFromId?: string;
	request: RecordedRequest;
	traits: TaskTraits;
	/** Only for tasks of the native routes, which `/v1/videos` does not know. */
	native?: NativeDetails;
	/** Replies about the task are given as in this world. */
	world?: DoubtfulWorld;
}

const FIRST_STEPS_SECONDS = [15, 30, 45] as const;
const FIRST_STEPS_SHARE = [0.25, 0.5, 0.75] as const;

export class SimulatedTask {
	readonly id: string;

	constructor(
		readonly details: TaskDetails,
		private readonly life: TaskLife,
	) {
		this.id = details.id;
	}

	stateAt(nowMs: number): TaskState {
		return this.stateAtAge(this.ageAt(nowMs));
	}

	/** Seconds of the simulated life. */
	ageAt(nowMs: number): number {
		return ((nowMs - this.details.createdAtMs) / 1000) * this.life.speed;
	}

	/** Seconds of the simulated life since the task ended; negative before that. */
	secondsSinceEnd(nowMs: number): number {
		return this.ageAt(nowMs) - this.life.taskSeconds;
	}

	/** The times that a row of the task shows in one of its states. */
	timesAt({ rowStatus, updatedAtMs }: TaskState): TaskTimes {
		const submittedMs = this.details.createdAtMs;
		const updatedMs = Math.floor(updatedAtMs ?? submittedMs);
		const hasEnded = rowStatus === 'SUCCESS' || rowStatus === 'FAILURE';
		const hasStarted = hasEnded || rowStatus === 'IN_PROGRESS';
		const [, started] = this.readSteps();
		const { updatedAtMs: startedMs = submittedMs } = this.stateAtAge(started);
		return {
			submittedMs,
			startedMs: hasStarted ? Math.floor(startedMs) : 0,
			endedMs: hasEnded ? updatedMs : 0,
			updatedMs,
		};
	}

	/** The states that the task has entered up to now, oldest first, without the one it was created in. */
	changesUntil(nowMs: number): TaskState[] {
		const ageSeconds = this.ageAt(nowMs);
		const steps = [...this.readSteps(), this.life.taskSeconds];
		return steps.filter((step) => step <= ageSeconds).map((step) => this.stateAtAge(step));
	}

	private stateAtAge(ageSeconds: number): TaskState {
		const { taskSeconds } = this.life;
		const [queued, started, halfway] = this.readSteps();
		const { ending } = this.details.traits;
		if (ending !== 'never' && ageSeconds >= taskSeconds) {
			const rowStatus = ending === 'failure' ? 'FAILURE' : 'SUCCESS';
			return this.buildState(rowStatus, 100, taskSeconds);
		}
		if (ageSeconds >= halfway) return this.buildState('IN_PROGRESS', 50, halfway);
		if (ageSeconds >= started) return this.buildState('IN_PROGRESS', 30, started);
		if (ageSeconds >= queued) {
			// Seedance rows are queued at 10 %, the others at 20 % (public gateway software).
			return this.buildState('QUEUED', this.details.family === 'seedance' ? 10 : 20, queued);
		}
		return { rowStatus: 'NOT_START', progressPercent: 0 };
	}

	/** A life too short for the usual steps still shows all of them. */
	private readSteps(): readonly number[] {
		const { taskSeconds } = this.life;
		return taskSeconds >= 60 ? FIRST_STEPS_SECONDS : FIRST_STEPS_SHARE.map((share) => share * taskSeconds);
	}

	private buildState(rowStatus: RowStatus, progressPercent: number, ageSeconds: number): TaskState {
		return {
			rowStatus,
			progressPercent,
			updatedAtMs: this.details.createdAtMs + (ageSeconds * 1000) / this.life.speed,
		};
	}
}
