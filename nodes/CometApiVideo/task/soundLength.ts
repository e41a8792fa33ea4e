/** How long a sound is, by its bytes: WAV, MP3, AAC and M4A. */

/** Seconds; undefined for anything else, and for files without their end. */
export function soundSeconds(bytes: Buffer): number | undefined {
	const name = (at: number) => bytes.toString('latin1', at, at + 4);
	if (name(0) === 'RIFF' && name(8) === 'WAVE') return secondsOfWav(bytes);
	if (name(4) === 'ftyp') return secondsOfM4a(bytes);
	return secondsOfFrames(bytes, name(0).startsWith('ID3') ? sizeOfId3(bytes) : 0);
}

function secondsOfWav(bytes: Buffer): number | undefined {
	let bytesPerSecond = 0;
	for (let at = 12; at + 8 <= bytes.length;) {
		const [id, size] = [bytes.toString('latin1', at, at + 4), bytes.readUInt32LE(at + 4)];
		if (id === 'fmt ' && at + 20 <= bytes.length) bytesPerSecond = bytes.readUInt32LE(at + 16);
		// A file that was written as a stream does not know its size.
		if (id === 'data') return positive(Math.min(size, bytes.length - at - 8) / bytesPerSecond);
		at += 8 + size + (size % 2);
	}
	return undefined;
}

/** The header of the whole movie: ISO 14496-12, section 8.2.2. */
function secondsOfM4a(bytes: Buffer): number | undefined {
	const at = bytes.indexOf('mvhd', 0, 'latin1') + 4;
	if (at < 4 || at + 32 > bytes.length) return undefined;
	const isLong = bytes[at] === 1;
	const scale = bytes.readUInt32BE(at + (isLong ? 20 : 12));
	const length = isLong ? Number(bytes.readBigUInt64BE(at + 24)) : bytes.readUInt32BE(at + 16);
	return positive(length / scale);
}

/** Size of the tag before an MP3, written in 7 bits of each byte. */
function sizeOfId3(bytes: Buffer): number {
	return bytes.length < 10 ? 0 : 10 + [6, 7, 8, 9].reduce((size, at) => size * 128 + ((bytes[at] ?? 0) & 127), 0);
}

interface Frame {
	bytes: number;
	seconds: number;
}

function secondsOfFrames(bytes: Buffer, start: number): number | undefined {
	let seconds = 0;
	let at = start;
	for (; at + 7 <= bytes.length;) {
		const frame = readMp3Frame(bytes, at) ?? readAacFrame(bytes, at);
		if (!frame || frame.bytes < 7) break;
		// The first frame of many MP3 files holds facts about the others, and no sound.
		const isIndex = at === start && /Xing|Info/.test(bytes.toString('latin1', at, at + 40));
		if (!isIndex) seconds += frame.seconds;
		at += frame.bytes;
	}
	return positive(seconds);
}

/** kbit/s of layer III, of MPEG 1 and of its lower sampling rates. */
const BIT_RATES = [
	[0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	[0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const MP3_RATES = [44_100, 48_000, 32_000];

function readMp3Frame(bytes: Buffer, at: number): Frame | undefined {
	const header = bytes.readUInt32BE(at);
	if (header >>> 21 !== 0x7ff || ((header >>> 17) & 3) !== 1) return undefined;
	const version = (header >>> 19) & 3;
	const isFirst = version === 3;
	const kilobits = BIT_RATES[isFirst ? 0 : 1]?.[(header >>> 12) & 15];
	const rate = (MP3_RATES[(header >>> 10) & 3] ?? 0) / { 0: 4, 2: 2, 3: 1 }[version as 0 | 2 | 3];
	if (version === 1 || !kilobits || !(rate > 0)) return undefined;
	const samples = isFirst ? 1152 : 576;
	return { bytes: Math.floor((samples * 125 * kilobits) / rate) + ((header >>> 9) & 1), seconds: samples / rate };
}

const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000];

/** ADTS: ISO 13818-7, section 6.2. */
function readAacFrame(bytes: Buffer, at: number): Frame | undefined {
	const header = bytes.readUInt32BE(at);
	const rate = AAC_RATES[(header >>> 10) & 15];
	if ((header & 0xfff60000) >>> 0 !== 0xfff00000 || !rate) return undefined;
	return { bytes: ((header & 3) << 11) | (bytes.readUInt16BE(at + 4) >>> 5), seconds: 1024 / rate };
}

function positive(seconds: number): number | undefined {
	return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}
