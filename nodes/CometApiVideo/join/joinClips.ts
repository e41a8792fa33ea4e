/**
 * Puts MP4 clips of one encoding one after the other without decoding them, in two passes: first the tables of all clips,
 * then, behind the joined tables, their pictures and sounds as they are.
 */
import { CanceledError, InvalidInputError } from '../task/errors';
import { ClipProblem } from './boxes';
import { assertAlike, assertHasVideo } from './compareClips';
import { copyRuns } from './copyPlan';
import { buildHead, isQuickTime } from './movie';
import { cutOff, readClip } from './readClip';
import type { ByteStream, Clip } from './readClip';
import { joinTimelines } from './timeline';

export interface ClipSource {
	/** For messages, e.g. "Clip 2 (beach.mp4)". */
	label: string;
	/** From the beginning, each time. */
	open(): Promise<ByteStream>;
}

export interface JoinedVideo {
	bytes: number;
	durationSeconds: number;
	width: number;
	height: number;
	hasSound: boolean;
	mimeType: 'video/mp4' | 'video/quicktime';
	/** The file. @throws InvalidInputError when a clip ends too early, CanceledError after Stop */
	chunks(): AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Reads the clips' tables and makes those of the joined video.
 * @param sources at least one
 * @throws InvalidInputError naming the clip and what is wrong with it or different from the first one
 */
export async function joinClips(sources: readonly ClipSource[], signal?: AbortSignal): Promise<JoinedVideo> {
	const open = async (source: ClipSource) => untilStopped(await source.open(), signal);
	const clips: Clip[] = [];
	for (const source of sources) {
		const clip = await naming(source, async () => {
			const read = await readClip(await open(source));
			assertHasVideo(read);
			assertAlike(read, clips[0] ?? read);
			return read;
		});
		clips.push(inOrderOf(clips[0] ?? clip, clip));
	}
	const joined = joinTimelines(clips);
	const fileType = clips[0]?.fileType;
	const head = buildHead(fileType, joined);
	const video = joined.tracks.find(({ first }) => first.format.kind === 'video')?.first.format;
	return {
		bytes: head.length + joined.payloadBytes,
		durationSeconds: joined.durationSeconds,
		width: video?.width ?? 0,
		height: video?.height ?? 0,
		hasSound: joined.tracks.some(({ first }) => first.format.kind === 'sound'),
		mimeType: isQuickTime(fileType) ? 'video/quicktime' : 'video/mp4',
		async *chunks() {
			yield head;
			for (const [index, source] of sources.entries()) {
				const lacking = yield* copyRuns(await open(source), joined.runs[index] ?? []);
				if (lacking > 0) throw toInputError(source, cutOff());
			}
		},
	};
}

/** The tracks of each kind in their own order, arranged as in the first clip. */
function inOrderOf(first: Clip, clip: Clip): Clip {
	const left = [...clip.tracks];
	const tracks = first.tracks.flatMap(({ format: { kind } }) => {
		const index = left.findIndex(({ format }) => format.kind === kind);
		return index < 0 ? [] : left.splice(index, 1);
	});
	return { ...clip, tracks };
}

async function naming<Result>(source: ClipSource, work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		throw error instanceof ClipProblem ? toInputError(source, error) : error;
	}
}

function toInputError({ label }: ClipSource, { message, advice }: ClipProblem): InvalidInputError {
	return new InvalidInputError(`${label} ${message}`, advice);
}

export function joiningCanceled(): CanceledError {
	return new CanceledError('The joining was canceled', 'There is no output.');
}

async function* untilStopped(stream: ByteStream, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
	for await (const chunk of stream) {
		if (signal?.aborted) throw joiningCanceled();
		yield chunk;
	}
}
