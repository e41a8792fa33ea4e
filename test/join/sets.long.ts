/** Joined videos, decoded by ffmpeg: every picture and every sound of the clips, at the right moment. `npm run test:long`. */
import '../support/engineEnvironment';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_SETS, clipArguments } from './clipSets';
import type { ClipSet } from './clipSets';
import { decode, ffmpeg } from './ffmpeg';
import type { Frame } from './ffmpeg';
import { itemOf, runJoin } from './joinRun';
import { joinByMediabunny } from './packets';

const folder = mkdtempSync(join(process.env.ENGINE_TEST_FOLDER ?? tmpdir(), 'join-'));

async function makeClips(set: ClipSet): Promise<string[]> {
	const name = set.name.replace(/\W+/g, '-');
	return await Promise.all(
		set.clips.map(async (_, clip) => {
			const file = join(folder, `${name}-${clip}.mp4`);
			await ffmpeg(...clipArguments(set, clip), file);
			return file;
		}),
	);
}

/** ffmpeg's concatenation of files as they are. */
function concatenated(files: readonly string[]): string[] {
	const list = join(folder, 'list.txt');
	writeFileSync(list, files.map((file) => `file '${file}'\n`).join(''));
	return ['-f', 'concat', '-safe', '0', '-i', list];
}

const hashesOf = (frames: ReadonlyArray<{ hash: string }>) => frames.map(({ hash }) => hash);

test.each(CLIP_SETS.map((set): [string, ClipSet] => [set.name, set]))('%s', async (_name, set) => {
	const files = await makeClips(set);
	const clips = files.map((file) => readFileSync(file));
	const run = await runJoin(clips.map((bytes) => itemOf(bytes)));
	expect(run.refusal).toBe('');
	const joined = join(folder, 'joined.mp4');
	writeFileSync(joined, await run.file());

	const frames = await decode(['-i', joined], '0:v:0');
	const own = await Promise.all(files.map(async (file) => await decode(['-i', file], '0:v:0')));
	expect(hashesOf(frames)).toEqual(hashesOf(own.flat()));
	const starts = beginnings(frames, own);
	if (!set.hasSeveralClocks) {
		const byConcat = await decode(concatenated(files), '0:v:0');
		expect(hashesOf(frames)).toEqual(hashesOf(byConcat));
		const shift = (frames[0]?.seconds ?? 0) - (byConcat[0]?.seconds ?? 0);
		for (const [index, { seconds }] of byConcat.entries()) {
			// ffmpeg reads the lengths of clips in milliseconds.
			expect(Math.abs((frames[index]?.seconds ?? 0) - seconds - shift)).toBeLessThan(0.0015 * files.length);
		}
	}

	const byMediabunny = join(folder, 'mediabunny.mp4');
	writeFileSync(byMediabunny, await joinByMediabunny(clips, starts));
	expect(hashesOf(frames)).toEqual(hashesOf(await decode(['-i', byMediabunny], '0:v:0')));

	for (let track = 0; set.soundRate !== undefined && track < (set.soundTracks ?? 1); track++) {
		await expectSoundInStep(files, joined, `0:a:${track}`, { own, starts, set });
	}
});

/** By how much the pictures of each clip are later than in the clip itself. */
function beginnings(frames: readonly Frame[], own: readonly Frame[][]): number[] {
	let index = 0;
	return own.map((ofClip) => {
		const seconds = (frames[index]?.seconds ?? 0) - (ofClip[0]?.seconds ?? 0);
		// The pictures of a clip keep their distances.
		for (const [number, frame] of ofClip.entries()) {
			expect(Math.abs((frames[index + number]?.seconds ?? 0) - frame.seconds - seconds)).toBeLessThan(0.0005);
		}
		index += ofClip.length;
		return seconds;
	});
}

interface Pictures {
	own: readonly Frame[][];
	starts: readonly number[];
	set: ClipSet;
}

/** All sounds of each clip are there, bit for bit, and as much later than in the clip as its pictures are, to the sample. */
async function expectSoundInStep(
	files: readonly string[],
	joined: string,
	stream: string,
	{ starts, set }: Pictures,
): Promise<void> {
	const { soundRate = 1, decoderRemembers = false, hasNoLeadIn = false } = set;
	const sounds = await decode(['-i', joined], stream);
	let begin = 0;
	for (const [clip, file] of files.entries()) {
		const own = await decode(['-i', file], stream);
		const from = hasNoLeadIn ? 1 : 0;
		const found = hashesOf(sounds.slice(begin + from, begin + own.length));
		if (decoderRemembers) {
			const second = (own[1]?.seconds ?? 0) + (starts[clip] ?? 0);
			expect(sounds.some(({ seconds }) => Math.abs(seconds - second) * soundRate <= 1)).toBe(true);
			continue;
		}
		expect(found).toEqual(hashesOf(own.slice(from)));
		const later = (sounds[begin]?.seconds ?? 0) - (own[0]?.seconds ?? 0);
		expect(Math.abs(later - (starts[clip] ?? 0)) * soundRate).toBeLessThanOrEqual(1);
		begin += own.length;
	}
	if (!decoderRemembers) expect(sounds).toHaveLength(begin);
}
