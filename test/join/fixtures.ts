/** The clips in `clips/`, made by ffmpeg once (`UPDATE_CLIPS=1 npm run test:long -- clips`), so that `npm test` needs no ffmpeg. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipSet } from './clipSets';
import { AAC, B_FRAMES, FIRST, FRAGMENTED, H264, HEVC } from './clipSets';

export const CLIPS_FOLDER = join(__dirname, 'clips');

export interface Fixture {
	set: ClipSet;
	/** Which picture and sound. */
	clip: number;
	size?: string;
}

const one = (name: string, clip: number, codecs: string[], rest: Partial<ClipSet> = {}): Fixture => ({
	set: { name, clips: Array(clip + 1).fill(codecs) as string[][], ...rest },
	clip,
});

const SOUND = { soundRate: 44_100 };

/** By the name of the file. */
export const FIXTURES: Readonly<Record<string, Fixture>> = {
	'plain-0': one('plain', 0, [...B_FRAMES, ...AAC], SOUND),
	'plain-1': one('plain', 1, [...B_FRAMES, ...AAC, ...FIRST], SOUND),
	fragmented: one('fragmented', 2, [...B_FRAMES, ...AAC, ...FRAGMENTED], SOUND),
	'silent-0': one('silent', 0, B_FRAMES),
	'silent-1': one('silent', 1, [...B_FRAMES, ...FRAGMENTED]),
	'no-b-frames': one('no B-frames', 1, [...H264, ...AAC], SOUND),
	'slower-clock': one('slower clock', 1, [...B_FRAMES, '-video_track_timescale', '600']),
	hevc: one('HEVC', 0, HEVC),
	larger: { ...one('larger', 0, [...B_FRAMES, ...AAC], SOUND), size: '80x48' },
	'sound-48000': one('48,000 Hz', 0, [...B_FRAMES, ...AAC], { soundRate: 48_000 }),
	'sound-stereo': one('stereo', 0, [...B_FRAMES, ...AAC, '-ac', '2'], SOUND),
	'sound-mp3': one('MP3', 0, [...B_FRAMES, '-c:a', 'libmp3lame', '-b:a', '32k'], SOUND),
	'two-sounds': one('two sounds', 0, [...B_FRAMES, ...AAC], { ...SOUND, soundTracks: 2 }),
	'wide-pixels': one('wide pixels', 0, [...B_FRAMES, ...AAC, '-vf', 'setsar=4/3'], SOUND),
};

export function fixture(name: keyof typeof FIXTURES): Buffer {
	return readFileSync(join(CLIPS_FOLDER, `${name}.mp4`));
}
