/** What the native routes remember besides the tasks themselves. */

export type NativeProvider =
	'kling' | 'runway' | 'runwayCompat' | 'xai' | 'volc' | 'miniMax' | 'midjourney' | 'veoLegacy';

export type FileFormat = 'mp4' | 'mp3' | 'wav' | 'png' | 'jpg';

export interface NativeDetails {
	provider: NativeProvider;
	/** The last part of the create path, e.g. `text2video`. */
	kind: string;
	durationSeconds: number;
	/** By format; only a finished task's files can be fetched. */
	fileUrls: Partial<Record<FileFormat, string>>;
	/** All pictures of a task that makes several, the first of `fileUrls` included. */
	imageUrls?: readonly string[];
	/** Kling: the id of the video, MiniMax: the id of the file. Other than the id of the task. */
	videoId?: string;
	audioId?: string;
	externalTaskId?: string;
	/** Kling's video-extend. */
	parentVideo?: { id: string; url: string; duration: string };
	/** Midjourney gives it back as it came. */
	state?: string;
	/** Volc: the options that were written into the text. */
	resolution?: string;
	ratio?: string;
}

/** Kling's speech: finished at once, no task. */
interface Speech {
	ownerKey: string;
	taskId: string;
	url: string;
	durationSeconds: number;
}

/** Kling, step 1 of a lip sync. */
interface FaceSession {
	ownerKey: string;
	faceIds: readonly string[];
	/** Undefined for a video that is known by its address only. */
	videoSeconds?: number;
}

/** Kling, step 1 of an edit with selections. */
export interface SelectionSession {
	ownerKey: string;
	createdAtMs: number;
	/** Points per frame. */
	selections: Map<number, string[]>;
	videoSeconds?: number;
}

export interface NativeStore {
	readonly speeches: Map<string, Speech>;
	readonly faceSessions: Map<string, FaceSession>;
	readonly selectionSessions: Map<string, SelectionSession>;
	/** Per key, in internal units: what was charged besides tasks. */
	readonly fees: Map<string, number>;
}

export function createNativeStore(): NativeStore {
	return { speeches: new Map(), faceSessions: new Map(), selectionSessions: new Map(), fees: new Map() };
}
