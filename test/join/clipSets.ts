/** Clips that one model could have made, by the arguments with which ffmpeg makes them: small, short, each with its own picture and sound. */
export interface ClipSet {
	name: string;
	/** For each clip, what follows the inputs. */
	clips: string[][];
	/** Hertz; absent: no sound. */
	soundRate?: number;
	/** Seconds of each clip. */
	seconds?: number[];
	framesPerSecond?: number | string;
	soundTracks?: number;
	/** Seconds. */
	soundDelay?: number;
	pictureDelay?: number;
	/** ffmpeg's own concatenation takes only clips with one clock. */
	hasSeveralClocks?: boolean;
	/** The files do not say what of their sound is a lead-in, so it sounds, and differently after another clip. */
	hasNoLeadIn?: boolean;
	/** What the decoder makes of a packet depends on all before it, so the sounds are the same, but not bit for bit. */
	decoderRemembers?: boolean;
}

const PICTURES = ['testsrc2', 'testsrc', 'smptebars', 'yuvtestsrc'];

export const H264 = '-c:v libx264 -preset veryfast -bf 0 -pix_fmt yuv420p'.split(' ');
export const B_FRAMES = '-c:v libx264 -preset veryfast -bf 3 -b_strategy 0 -g 12 -pix_fmt yuv420p'.split(' ');
// Its open groups of pictures would refer across the joints.
export const HEVC =
	'-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none:open-gop=0:pools=1 -pix_fmt yuv420p'.split(
		' ',
	);
const AV1 = '-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p'.split(' ');
// Without noise that the decoder makes up, which is another in each run.
export const AAC = '-c:a aac -b:a 64k -aac_pns 0'.split(' ');
const OPUS = '-c:a libopus -b:a 48k -strict -2'.split(' ');
export const FIRST = ['-movflags', '+faststart'];
export const FRAGMENTED = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
const FRAGMENTED_BY_POSITION = ['-movflags', '+frag_keyframe+empty_moov', '-frag_duration', '200000'];

export const CLIP_SETS: ClipSet[] = [
	{ name: 'H.264 without sound, tables last', clips: [H264, H264, H264] },
	{
		name: 'H.264 without sound, tables first',
		clips: [
			[...H264, ...FIRST],
			[...H264, ...FIRST],
		],
	},
	{ name: 'B-frames without sound', clips: [B_FRAMES, B_FRAMES, B_FRAMES] },
	{ name: 'B-frames, tables first and last', clips: [[...B_FRAMES, ...FIRST], B_FRAMES] },
	{
		name: 'AAC of 44,100 Hz',
		clips: [
			[...H264, ...AAC],
			[...H264, ...AAC],
			[...H264, ...AAC],
		],
		soundRate: 44_100,
	},
	{
		name: 'AAC of 48,000 Hz, tables first',
		clips: Array(3).fill([...H264, ...AAC, ...FIRST]) as string[][],
		soundRate: 48_000,
	},
	{ name: 'B-frames and AAC', clips: Array(4).fill([...B_FRAMES, ...AAC]) as string[][], soundRate: 44_100 },
	{ name: 'AAC of 22,050 Hz', clips: Array(2).fill([...H264, ...AAC]) as string[][], soundRate: 22_050 },
	{ name: 'Opus', clips: Array(2).fill([...H264, ...OPUS]) as string[][], soundRate: 48_000, decoderRemembers: true },
	{
		name: '30 frames in a second',
		clips: Array(2).fill([...B_FRAMES, ...AAC]) as string[][],
		soundRate: 48_000,
		framesPerSecond: 30,
	},
	{
		name: '29.97 frames in a second',
		clips: Array(2).fill([...B_FRAMES, ...AAC]) as string[][],
		soundRate: 48_000,
		framesPerSecond: '30000/1001',
	},
	{
		name: '25 frames in a second, lengths that are no whole frames of sound',
		clips: Array(3).fill([...H264, ...AAC]) as string[][],
		soundRate: 44_100,
		framesPerSecond: 25,
		seconds: [0.72, 0.52, 0.88],
	},
	{ name: 'fragmented', clips: Array(3).fill([...H264, ...FRAGMENTED]) as string[][] },
	{
		name: 'fragmented, B-frames and AAC',
		hasNoLeadIn: true,
		clips: Array(2).fill([...B_FRAMES, ...AAC, ...FRAGMENTED]) as string[][],
		soundRate: 44_100,
	},
	{
		name: 'fragmented, places from the beginning of the file',
		hasNoLeadIn: true,
		clips: Array(2).fill([...H264, ...AAC, ...FRAGMENTED_BY_POSITION]) as string[][],
		soundRate: 48_000,
	},
	{
		name: 'fragmented between plain',
		hasNoLeadIn: true,
		clips: [
			[...B_FRAMES, ...AAC],
			[...B_FRAMES, ...AAC, ...FRAGMENTED],
			[...B_FRAMES, ...AAC, ...FIRST],
		],
		soundRate: 44_100,
	},
	{ name: 'HEVC', clips: [HEVC, HEVC] },
	{ name: 'HEVC and AAC', clips: Array(2).fill([...HEVC, ...AAC]) as string[][], soundRate: 44_100 },
	{ name: 'AV1', clips: [AV1, AV1] },
	{ name: 'AV1 and AAC', clips: Array(2).fill([...AV1, ...AAC]) as string[][], soundRate: 48_000 },
	{
		name: 'clocks that differ',
		hasSeveralClocks: true,
		clips: [
			[...H264, '-video_track_timescale', '24000'],
			[...H264, '-video_track_timescale', '90000'],
			[...H264, '-video_track_timescale', '600'],
		],
	},
	{
		name: 'two sound tracks',
		clips: Array(2).fill([...H264, ...AAC]) as string[][],
		soundRate: 48_000,
		soundTracks: 2,
	},
	{
		name: 'an initial delay of the sound',
		hasNoLeadIn: true,
		clips: Array(2).fill([...H264, ...AAC]) as string[][],
		soundRate: 48_000,
		soundDelay: 0.1,
	},
	{
		name: 'an initial delay of the picture',
		clips: Array(2).fill([...B_FRAMES, ...AAC]) as string[][],
		soundRate: 48_000,
		pictureDelay: 0.125,
	},
	{ name: 'one clip', clips: [[...B_FRAMES, ...AAC]], soundRate: 44_100 },
];

/** The arguments that make a clip of a set. */
export function clipArguments(set: ClipSet, clip: number, size = '64x64'): string[] {
	const { soundRate, seconds = [], framesPerSecond = 24, soundTracks = 1, soundDelay = 0, pictureDelay = 0 } = set;
	const length = String(seconds[clip] ?? 0.5);
	const picture = `${PICTURES[clip % PICTURES.length] ?? ''}=s=${size}:r=${framesPerSecond}:d=${length}`;
	const sounds =
		soundRate === undefined ? [] : Array.from({ length: soundTracks }, (_, track) => 220 * (clip + 1) + 110 * track);
	const inputs = sounds.flatMap((hertz) => [
		'-itsoffset',
		String(soundDelay),
		'-f',
		'lavfi',
		'-i',
		`sine=${hertz}:r=${String(soundRate)}:d=${length}`,
	]);
	const maps = ['-map', '0:v', ...sounds.flatMap((_, track) => ['-map', `${track + 1}:a`])];
	return [
		'-itsoffset',
		String(pictureDelay),
		'-f',
		'lavfi',
		'-i',
		picture,
		...inputs,
		...maps,
		...(set.clips[clip] ?? []),
	];
}
