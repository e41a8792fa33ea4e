/**
 * The vocabulary of a video task, shared by everything that creates, polls, shows or downloads one.
 * Plain data only: nothing here knows n8n's execution context or a particular provider.
 */
import type { IDataObject } from 'n8n-workflow';

/** Everything that is needed to find a task again later, in another execution or another workflow. JSON, storable. */
export interface TaskRef {
	/** Id of the provider in the registry, e.g. `seedance`. */
	provider: string;
	/** Always a string: some providers' ids are longer than a safe integer. */
	taskId: string;
	/** Path that answers for the task when `/{taskId}` follows, e.g. `/v1/videos`. */
	route: string;
}

/** Where the bytes of a finished video are; a list of these is tried in order. */
export type AssetSource =
	/** A link that CometAPI handed out, or the file itself as `data:` URI. The API key goes along to CometAPI's own origin only. */
	| { at: 'url'; url: string }
	/** A path of CometAPI itself, asked with the API key. */
	| { at: 'content'; path: string }
	/** One more call with the key names the link. It may be billed, so it is made for a download only. */
	| { at: 'lookup'; path: string; urlPath: string };

/** A file that a task has made. */
export interface Asset {
	kind: 'video' | 'audio' | 'image';
	sources: readonly [AssetSource, ...AssetSource[]];
}

export type TaskState =
	| { status: 'pending'; rawStatus: string }
	| {
			status: 'succeeded';
			rawStatus: string;
			/** In the order of the answer; empty for jobs whose result is no file. */
			assets: readonly Asset[];
			/**
			 * CometAPI says that the task succeeded, but names no link, and there is no content route to ask. The link may follow
			 * within a minute: see `missingFile.ts`.
			 */
			lacksFile?: true;
			/** Further results, as columns of the row: ids that follow-up jobs need, faces that were found. */
			outputs?: IDataObject;
	  }
	/** Includes cancelled, expired and moderated tasks. `reason` is empty when CometAPI gave none. */
	| { status: 'failed'; rawStatus: string; reason: string; code?: string };

/** One reading of a task. Times are ISO 8601 in UTC. */
export type VideoTask = TaskState & {
	ref: TaskRef;
	/** 0–100 as CometAPI says it; 100 does not mean finished. */
	progressPercent?: number;
	model?: string;
	durationSeconds?: number;
	createdAt?: string;
	completedAt?: string;
	/** Cover picture of a finished video. */
	thumbnailUrl?: string;
	raw: IDataObject;
};

/** One picture, video or sound of the user. */
export interface MediaValue {
	fileName: string;
	mimeType: string;
	/** Set when the user gave a link; sent as it is where the route takes links. */
	url?: string;
	/** Stable description of where the bytes come from; part of the request's fingerprint. Never the bytes. */
	identity: string;
	/** Width and height in pixels of a PNG, JPEG or WebP picture whose bytes have been looked at. */
	pixels?: { width: number; height: number };
	/** Of a sound whose length has to be known; absent where it cannot be told. */
	seconds?: number;
	/** All bytes, in pieces that are sent without being copied together. */
	read(): Promise<Blob>;
}

/** How the bytes of a medium travel: file part, link, `data:` URI or bare base64. */
export type MediaEncoding = 'file' | 'url' | 'dataUri' | 'base64';

export interface MediaPart {
	/** Name of the field. Several parts of one field keep their order: repeated in a form, a list in JSON. */
	field: string;
	value: MediaValue;
	encoding: MediaEncoding;
}

/** A create call, complete but for the key. Bytes of media are read only when it is sent. */
export interface CreateRequest {
	path: string;
	encoding: 'json' | 'multipart';
	body: IDataObject;
	media: readonly MediaPart[];
	/** A call whose answer the create needs, made just before it. */
	before?: { request: CreateRequest; complete(answer: IDataObject): CreateRequest };
	/** Of a route that the user names: the task's route, and where the answer has its id (a dotted path; empty: the usual places). */
	own?: { route: string; idAt: string };
}

export interface CreatedTask {
	/** Empty for jobs that are done when they are answered and leave no task behind. */
	taskId: string;
	route: string;
	rawStatus: string;
	raw: IDataObject;
	/** Set for jobs that are done when they are answered. */
	finished?: VideoTask;
}

export interface StatusRequest {
	method: 'GET' | 'POST';
	path: string;
	/** JSON. */
	body?: IDataObject;
}

/** One wire envelope. Providers that share an envelope share the object. */
export interface TaskApi {
	/** Headers that every call of this envelope needs besides the key. */
	headers?: Readonly<Record<string, string>>;
	/** All routes on which tasks of this envelope are found; the first is taken for a task of which only the id is known. */
	routes: readonly [string, ...string[]];
	/**
	 * Where users name routes themselves: whether a route is one of these.
	 * @throws InvalidInputError for one that must not be asked
	 */
	takesRoute?(route: string): boolean;
	/** @throws UnexpectedResponseError when the reply has no task id; RequestError when it is a refusal in disguise */
	parseCreated(body: unknown, request: CreateRequest, provider: string): CreatedTask;
	statusRequest(ref: TaskRef): StatusRequest;
	/** Where else the task may be found, where the documentation is unsure; tried when its own route does not know it. */
	otherRoutes?(ref: TaskRef): readonly string[];
	parseTask(body: unknown, ref: TaskRef): VideoTask;
	/** One request for several tasks, where CometAPI has one. */
	many?: {
		request(taskIds: readonly string[]): StatusRequest;
		/** What `parseTask` takes, by task id; tasks that the answer leaves out are asked for one by one. */
		split(body: unknown): ReadonlyMap<string, unknown>;
	};
	/** Asked once when a failed task gives no reason. */
	failureDetailPath?(ref: TaskRef): string;
}

/** Raw status of a failed task whose answer had an error and no word for its state. */
export const ERROR_ONLY = 'error';

/** What is known about a task besides its last reading. */
export interface TaskContext {
	ref: TaskRef;
	/** Of a row without a task, when nobody has looked at one. */
	status?: 'notCreated';
	/** Raw status of the create's answer, for a task that nobody has looked at yet. */
	createdStatus?: string;
	createdRaw?: IDataObject;
	prompt?: string;
	model?: string;
	mode?: string;
	durationSeconds?: number;
	estimatedCostUsd?: number | null;
	waitedMs?: number;
	pollCount?: number;
	timedOut?: boolean;
	/** Text of the failure when the task itself gave none. */
	failureReason?: string;
	/** Why a task that may still succeed could not be read or fetched. */
	problem?: string;
	/** Why the task could not be recorded. */
	recordWarning?: string;
	/** Whether Simplify is off: CometAPI's answer and the details of the wait come along. */
	includeRaw: boolean;
}
