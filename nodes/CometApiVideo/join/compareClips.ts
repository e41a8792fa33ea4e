/** Whether clips can stand in one file without re-encoding, and if not, what is different, in words. */
import { ClipProblem, MAKE_ALIKE } from './boxes';
import type { Clip, Track } from './readClip';

/** Where a track's header says how the picture is turned and mirrored: nine numbers. */
const MATRIX = { from: 16, to: 52 };

function tracksOf({ tracks }: Clip, kind: Track['format']['kind']): Track[] {
	return tracks.filter(({ format }) => format.kind === kind);
}

/** @throws ClipProblem naming the first difference to the first clip */
export function assertAlike(clip: Clip, first: Clip): void {
	assertCounts(clip, first);
	for (const kind of ['video', 'sound'] as const) {
		const others = tracksOf(first, kind);
		for (const [index, track] of tracksOf(clip, kind).entries()) {
			const other = others[index];
			if (other) assertTracksAlike(track, other);
		}
	}
}

/** @throws ClipProblem */
export function assertHasVideo(clip: Clip): void {
	if (tracksOf(clip, 'video').length > 0) return;
	throw new ClipProblem('has no pictures', 'Join takes videos; sounds alone cannot be joined.');
}

function assertCounts(clip: Clip, first: Clip): void {
	const [sounds, firstSounds] = [clip, first].map((one) => tracksOf(one, 'sound').length) as [number, number];
	if (sounds === 0 && firstSounds > 0) throw different('has no sound, clip 1 has', GIVE_SOUND);
	if (sounds > 0 && firstSounds === 0) throw different('has sound, clip 1 has none', GIVE_SOUND);
	if (sounds !== firstSounds) throw different(`has ${countOf(sounds, 'sound track')}, clip 1 has ${firstSounds}`);
	const [videos, firstVideos] = [clip, first].map((one) => tracksOf(one, 'video').length) as [number, number];
	if (videos !== firstVideos) throw different(`has ${countOf(videos, 'video track')}, clip 1 has ${firstVideos}`);
}

const GIVE_SOUND = 'Make all clips with sound or all without, with the same model and settings, then join them.';

function countOf(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function different(message: string, advice = MAKE_ALIKE): ClipProblem {
	return new ClipProblem(message, advice);
}

function assertTracksAlike(track: Track, other: Track): void {
	const [own, first] = [track.format, other.format];
	if (own.kind === 'sound') {
		if (own.codec !== first.codec) throw different(`has ${own.codec} sound, clip 1 has ${first.codec}`);
		if (own.sampleRate !== first.sampleRate) {
			throw different(`has sound of ${own.sampleRate} Hz, clip 1 of ${first.sampleRate} Hz`);
		}
		if (own.channels !== first.channels) {
			throw different(`has sound with ${countOf(own.channels, 'channel')}, clip 1 with ${first.channels}`);
		}
		if (own.settings !== first.settings)
			throw different('has sound that is encoded with other settings than that of clip 1');
		return;
	}
	if (own.codec !== first.codec) throw different(`is encoded as ${own.codec}, clip 1 as ${first.codec}`);
	if (own.width !== first.width || own.height !== first.height) {
		throw different(`is ${own.width} × ${own.height}, clip 1 is ${first.width} × ${first.height}`);
	}
	if (own.pixelShape !== first.pixelShape) throw different('has pixels of another shape than clip 1');
	if (!matrixOf(track).equals(matrixOf(other))) throw different('is turned another way than clip 1');
	if (own.settings !== first.settings) {
		throw different(`is ${own.codec} like clip 1, but encoded with other settings`);
	}
}

function matrixOf({ presentation }: Track): Buffer {
	return presentation.subarray(MATRIX.from, MATRIX.to);
}
