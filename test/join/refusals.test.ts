/** What cannot be joined is refused before anything is written, with the difference and the clip in the message. */
import { fixture } from './fixtures';
import { itemOf, runJoin } from './joinRun';

const MAKE_ALIKE = 'Make all clips with the same model and the same settings, then join them.';

async function refusalOf(...clips: Buffer[]): Promise<string> {
	return (await runJoin(clips.map((bytes, clip) => itemOf(bytes, `shot-${clip + 1}.mp4`)))).refusal;
}

test.each([
	['another size', 'plain-0', 'larger', `is 80 × 48, clip 1 is 64 × 64 | ${MAKE_ALIKE}`],
	['another codec', 'silent-0', 'hevc', `is encoded as HEVC (H.265), clip 1 as H.264 | ${MAKE_ALIKE}`],
	[
		'other settings of the decoder',
		'plain-0',
		'no-b-frames',
		`is H.264 like clip 1, but encoded with other settings | ${MAKE_ALIKE}`,
	],
	['pixels of another shape', 'plain-0', 'wide-pixels', `has pixels of another shape than clip 1 | ${MAKE_ALIKE}`],
	['another sample rate', 'plain-0', 'sound-48000', `has sound of 48000 Hz, clip 1 of 44100 Hz | ${MAKE_ALIKE}`],
	['other channels', 'plain-0', 'sound-stereo', `has sound with 2 channels, clip 1 with 1 | ${MAKE_ALIKE}`],
	['another codec of the sound', 'plain-0', 'sound-mp3', `has MP3 sound, clip 1 has AAC | ${MAKE_ALIKE}`],
	['sound missing', 'plain-0', 'silent-0', 'has no sound, clip 1 has | Make all clips with sound or all without'],
	['sound in one', 'silent-0', 'plain-0', 'has sound, clip 1 has none | Make all clips with sound or all without'],
	['more sound tracks', 'plain-0', 'two-sounds', `has 2 sound tracks, clip 1 has 1 | ${MAKE_ALIKE}`],
])('%s', async (_what, first, other, refusal) => {
	expect(await refusalOf(fixture(first), fixture(first), fixture(other))).toContain(`Clip 3 (shot-3.mp4) ${refusal}`);
});

/** Writes over the first place of `text`. */
function changed(bytes: Buffer, text: string, other: string | Buffer, from = 0): Buffer {
	const copy = Buffer.from(bytes);
	const at = copy.indexOf(text, from, 'latin1');
	copy.set(Buffer.from(other), at);
	return copy;
}

test.each<[string, Buffer, string]>([
	['a web page', Buffer.from('<!doctype html><title>Not found</title>'), 'is not an MP4 file'],
	['a WebM', Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'), 'is not an MP4 file'],
	['an empty file', Buffer.alloc(0), 'is not an MP4 file'],
	['an encrypted clip', changed(fixture('silent-0'), 'avc1', 'encv', 64), 'is encrypted'],
	['a sound alone', changed(fixture('plain-0'), 'vide', 'text', fixture('plain-0').indexOf('moov')), 'has no pictures'],
	['tables that were cut off', fixture('plain-0').subarray(0, -100), 'is broken: its end is missing'],
	['a file without tables', fixture('plain-0').subarray(0, 4000), 'is broken: its table of contents is missing'],
	['pictures that were cut off', fixture('plain-1').subarray(0, -100), 'is broken: its end is missing'],
	['fragments that were cut off', fixture('silent-1').subarray(0, -300), 'is broken: its end is missing'],
	['a table that is missing', changed(fixture('silent-0'), 'stsz', 'free'), 'is broken: its part "stsz" is missing'],
])('%s', async (_what, bytes, refusal) => {
	const refused = await refusalOf(fixture(bytes.includes('mp4a') ? 'plain-0' : 'silent-0'), bytes);
	expect(refused).toContain(`Clip 2 (shot-2.mp4) ${refusal}`);
});

test('a clip that is turned another way', async () => {
	const clip = fixture('silent-0');
	const header = clip.indexOf('tkhd', 0, 'latin1');
	const turned = Buffer.from(clip);
	turned.writeInt32BE(-0x10000, header + 4 + 40);
	expect(await refusalOf(clip, turned)).toContain('Clip 2 (shot-2.mp4) is turned another way than clip 1');
});

test('a video that would be too large, before anything is written', async () => {
	const run = await runJoin([itemOf(fixture('plain-0'))], { options: { maxFileSize: 1 } });
	expect(run.refusal).toBe('');
	const large = Buffer.concat([fixture('plain-0'), Buffer.alloc(8)]);
	const many = Array.from({ length: 120 }, () => itemOf(large));
	expect((await runJoin(many, { options: { maxFileSize: 1 } })).refusal).toMatch(
		/^The joined video would have 2 MB, more than 1 MB \| Raise "Maximum File Size \(MB\)"/,
	);
});
