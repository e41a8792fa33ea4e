/** A sound's length is read from its bytes, and Lip Sync uses the whole sound: each format that Kling takes. */
import { sampleMp3, sampleWav } from '../simulator/sampleMedia';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

/** ISO 14496-12, section 8.2.2. @param length in units of the scale */
function m4a(scale: number, length: number, isLong = false): Buffer {
	const times = isLong ? Buffer.alloc(32) : Buffer.alloc(20);
	times[0] = Number(isLong);
	times.writeUInt32BE(scale, isLong ? 20 : 12);
	if (isLong) times.writeBigUInt64BE(BigInt(length), 24);
	else times.writeUInt32BE(length, 16);
	const box = (type: string, content: Buffer) => {
		const size = Buffer.alloc(4);
		size.writeUInt32BE(content.length + 8);
		return Buffer.concat([size, Buffer.from(type, 'latin1'), content]);
	};
	const movie = box('moov', box('mvhd', Buffer.concat([times, Buffer.alloc(80)])));
	return Buffer.concat([box('ftyp', Buffer.from('M4A \0\0\0\0', 'latin1')), movie, box('mdat', Buffer.alloc(4000))]);
}

/** ADTS: ISO 13818-7, section 6.2. @param rateIndex 4 is 44.1 kHz, 8 is 16 kHz */
function aac(frames: number, rateIndex: number, bytes = 200): Buffer {
	const frame = Buffer.alloc(bytes);
	frame.writeUInt32BE(((0xfff1_0000 | (1 << 14) | (rateIndex << 10) | (2 << 6) | (bytes >>> 11)) >>> 0) >>> 0);
	frame.writeUInt16BE(((bytes & 0x7ff) << 5) | 0x1f, 4);
	frame[6] = 0xfc;
	return Buffer.concat(Array.from({ length: frames }, () => frame));
}

/** MPEG 2, layer III: 64 kbit/s at 22.05 kHz, 576 samples a frame. */
function slowMp3(frames: number): Buffer {
	const frame = Buffer.alloc(208);
	frame.writeUInt32BE(0xfff38000);
	return Buffer.concat(Array.from({ length: frames }, () => frame));
}

function id3(size: number): Buffer {
	return Buffer.concat([
		Buffer.from(`ID3\x04\0\0\0\0${String.fromCharCode(size >>> 7, size & 127)}`, 'latin1'),
		Buffer.alloc(size),
	]);
}

async function soundEndOf(sound: Buffer, mimeType: string, fileName: string) {
	const data = { data: sound.toString('base64'), mimeType, fileName };
	const run = await node.run(
		{
			...{ provider: 'kling', mode: 'lipSync', videoSource: 'url', videoUrl: 'https://example.com/clip.mp4' },
			...{ soundFileSource: 'binary', waitForCompletion: false },
		},
		{ items: [{ json: {}, binary: { data } }] },
	);
	const sent = node.simulator.requests.find(({ path }) => path.endsWith('/advanced-lip-sync'))?.json as
		{ face_choose: Array<{ sound_end_time: string }> } | undefined;
	return { ...run, end: sent?.face_choose[0].sound_end_time };
}

test.each<[string, Buffer, number]>([
	['sound.m4a', m4a(44_100, 44_100 * 3), 3000],
	['long-form.m4a', m4a(1000, 4500, true), 4500],
	['sound.aac', aac(130, 4), (130 * 1024) / 44.1],
	['voice.aac', aac(63, 8), (63 * 1024) / 16],
	['tagged.aac', Buffer.concat([id3(300), aac(130, 4)]), (130 * 1024) / 44.1],
	['low-rate.mp3', slowMp3(120), (120 * 576) / 22.05],
	['sound.mp3', sampleMp3, 2664],
	['sound.wav', sampleWav, 2500],
])('%s is used to its end', async (fileName, sound, milliseconds) => {
	const { end, error } = await soundEndOf(sound, `audio/${fileName.split('.')[1]}`, fileName);
	expect(errorText(error)).toBe('');
	expect(Math.abs(Number(end) - milliseconds)).toBeLessThanOrEqual(1);
});

test.each<[string, Buffer]>([
	['an M4A file without its header', m4a(0, 0)],
	['an M4A file that ends too early', m4a(44_100, 100_000).subarray(0, 50)],
	['other bytes', Buffer.from('OggS and nothing that could be read')],
])('%s asks for Sound End', async (_what, sound) => {
	const { end, error } = await soundEndOf(sound, 'audio/mp4', 'sound.m4a');
	expect(end).toBeUndefined();
	expect(errorText(error)).toMatch(/The length of the Sound cannot be told.*Sound End \(Seconds\).*M4A or AAC/s);
});
