/**
 * A doubtful world: one way in which CometAPI may answer although its pages do not say so. Each is data; `answerInWorld.ts`
 * carries them out. A task lives in the world of its create (`Simulator.worldFor`), everything else is as documented.
 */
import type { NativeProvider } from '../native/nativeDetails';
import type { RecordedRequest } from '../recordedRequest';
import type { Reply } from '../reply';
import type { SimulatedTask, TaskState, TaskTraits } from '../simulatedTask';

/** The kinds of replies: `/v1/videos`, and one for each native format. */
export type Envelope = 'unified' | NativeProvider;

/** What the user must get to see of an order in a world. */
type Outcome =
	/** The video, with its file. */
	| 'video'
	/** A failed task, with its id. */
	| 'failed'
	/** A finished task whose file cannot be had; its id, and its link if it has one. */
	| 'noFile'
	/** Nothing was made; CometAPI's words. */
	| 'refused'
	/** The same for want of money: one create, and no talk of too many requests. */
	| 'noCredit'
	/** Nobody knows whether a task was made; the task's id, or the start of the answer that may hold it. */
	| 'unknown';

export interface Scene {
	task: SimulatedTask;
	state: TaskState;
	/** Which request of this kind about the task it is, from 1. */
	count: number;
	/** Seconds of the simulated life since the task ended; negative before that. */
	secondsSinceEnd: number;
	/** The task's links. */
	links: readonly string[];
	/** A link to the same file on the API's own host, which takes the key. */
	homeUrl: string;
	apiKey: string;
}

export type Change = (reply: Reply, scene: Scene) => Reply;

export interface DoubtfulWorld {
	/** Unique; what tests and the README call it. */
	name: string;
	/** Who has seen it, or from what it was concluded. */
	source: string;
	outcome: Outcome;
	/** Words of the service that must reach the user. */
	says?: string;
	/** Default: all. */
	envelopes?: readonly Envelope[];
	id?: (usual: string) => string;
	/** Instead of the simulator's `taskSeconds`. */
	lifeSeconds?: number;
	traits?: Partial<TaskTraits>;
	/** In the place of making a task. Undefined: this request is taken. */
	refuses?: (create: RecordedRequest, apiKey: string) => Reply | undefined;
	/** Of the reply to a create that made a task. */
	created?: Change;
	/** Of the replies to looks: at a task that runs, has succeeded, has failed. */
	running?: Change;
	succeeded?: Change;
	failed?: Change;
	/** In the place of the file behind the link, or behind `/content`. Undefined: as usual. */
	file?: (scene: Scene) => Reply | undefined;
	content?: (scene: Scene) => Reply | undefined;
}
