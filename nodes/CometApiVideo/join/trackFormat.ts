/** How a track is encoded, as far as a decoder must be told (ISO/IEC 14496-12, section 8.5.2), and in words for people. */
import { ClipProblem, MAKE_ALIKE, brokenClip, readBoxes } from './boxes';
import type { Box } from './boxes';

export interface TrackFormat {
	kind: 'video' | 'sound';
	/** E.g. "H.264". */
	codec: string;
	/** What a decoder is set up with, without what only informs, such as bit rates. */
	settings: string;
	/** Pixels, of video. */
	width: number;
	height: number;
	/** Shape of a pixel, of video: width by height. */
	pixelShape: number;
	/** Hertz, of sound. */
	sampleRate: number;
	channels: number;
}

const CODECS: Readonly<Record<string, string>> = {
	avc1: 'H.264',
	avc3: 'H.264',
	hvc1: 'HEVC (H.265)',
	hev1: 'HEVC (H.265)',
	av01: 'AV1',
	vp08: 'VP8',
	vp09: 'VP9',
	mp4v: 'MPEG-4 Video',
	mp4a: 'AAC',
	Opus: 'Opus',
	fLaC: 'FLAC',
	alac: 'ALAC',
	'ac-3': 'AC-3',
	'ec-3': 'E-AC-3',
	'.mp3': 'MP3',
};

/** MPEG-4's object types that are not AAC (https://mp4ra.org/registered-types/object-types). */
const CODECS_BY_OBJECT_TYPE: Readonly<Record<number, string>> = { 0x69: 'MP3', 0x6b: 'MP3', 0xa9: 'DTS' };

/** Boxes that a decoder does not need. */
const INFORMING = ['btrt', 'pasp', 'colr', 'fiel', 'clap', 'chrm', 'free', 'chan', 'srat'];

const VIDEO_FIELDS_BYTES = 78;
const SOUND_FIELDS_BYTES = 28;
/** QuickTime's longer descriptions of sound, by their version. */
const MORE_SOUND_FIELDS_BYTES = [0, 16, 36];
const FULL_BOX_BYTES = 4;
const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC = 5;
/** Of the decoder's configuration, before what is specific to it. */
const DECODER_CONFIG_BYTES = 13;

/** @param stsd the body of the box */
export function readTrackFormat(stsd: Buffer, kind: TrackFormat['kind']): TrackFormat {
	const entries = readBoxes(stsd, 8);
	const [entry] = entries;
	if (!entry) throw brokenClip('it does not say how it is encoded');
	if (entries.length > 1) throw new ClipProblem('changes its encoding within the clip', MAKE_ALIKE);
	const { type, body } = entry;
	if (/^enc[vas]$/.test(type) || type === 'drms') {
		throw new ClipProblem('is encrypted', 'Join clips without copy protection.');
	}
	const codec = CODECS[type] ?? type.replace(/[^\w.-]/g, '?');
	return kind === 'video' ? readVideoFormat(codec, type, body) : readSoundFormat(codec, type, body);
}

function readVideoFormat(codec: string, type: string, body: Buffer): TrackFormat {
	const boxes = readBoxes(body, VIDEO_FIELDS_BYTES);
	const pixels = boxes.find((box) => box.type === 'pasp')?.body;
	return {
		kind: 'video',
		codec,
		width: body.readUInt16BE(24),
		height: body.readUInt16BE(26),
		pixelShape: pixels ? pixels.readUInt32BE(0) / (pixels.readUInt32BE(4) || 1) : 1,
		sampleRate: 0,
		channels: 0,
		settings: `${type} ${describeBoxes(boxes)}`,
	};
}

function readSoundFormat(codec: string, type: string, body: Buffer): TrackFormat {
	const more = MORE_SOUND_FIELDS_BYTES[body.readUInt16BE(8)] ?? 0;
	const boxes = readBoxes(body, SOUND_FIELDS_BYTES + more);
	const configuration = boxes.find((box) => box.type === 'esds')?.body;
	const decoder = configuration && readDecoderConfiguration(configuration);
	return {
		kind: 'sound',
		codec: CODECS_BY_OBJECT_TYPE[decoder?.objectType ?? 0] ?? codec,
		width: 0,
		height: 0,
		pixelShape: 1,
		sampleRate: body.readUInt16BE(24),
		channels: (decoder && aacChannels(decoder)) || body.readUInt16BE(16),
		settings: `${type} ${describeBoxes(boxes)}`,
	};
}

function describeBoxes(boxes: readonly Box[]): string {
	return boxes
		.filter(({ type }) => !INFORMING.includes(type))
		.map(({ type, body }) => {
			if (type !== 'esds') return `${type}:${body.toString('base64')}`;
			const { objectType, specific } = readDecoderConfiguration(body);
			return `${type}:${objectType}:${specific.toString('hex')}`;
		})
		.join(' ');
}

interface DecoderConfiguration {
	objectType: number;
	specific: Buffer;
}

const MPEG_4_AUDIO = 0x40;
const RATE_IS_WRITTEN_OUT = 15;

/** Which the sample description itself often gets wrong (ISO/IEC 14496-3, section 1.6.2.1). @returns 0 if it does not say */
function aacChannels({ objectType, specific }: DecoderConfiguration): number {
	if (objectType !== MPEG_4_AUDIO || specific.length < 2) return 0;
	const bits = specific.readUInt16BE(0);
	if (((bits >> 7) & 0xf) === RATE_IS_WRITTEN_OUT) return 0;
	const configuration = (bits >> 3) & 0xf;
	return configuration === 7 ? 8 : configuration;
}

/** Of `esds`, without the bit rates that stand there too (ISO/IEC 14496-1, section 7.2.6). */
function readDecoderConfiguration(body: Buffer): DecoderConfiguration {
	const stream = openDescriptor(body.subarray(FULL_BOX_BYTES), ES_DESCRIPTOR);
	const flags = stream.readUInt8(2);
	const optional = (flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0);
	const name = flags & 0x40 ? 1 + stream.readUInt8(3 + (flags & 0x80 ? 2 : 0)) : 0;
	const configuration = openDescriptor(stream.subarray(3 + optional + name), DECODER_CONFIG);
	const rest = configuration.subarray(DECODER_CONFIG_BYTES);
	const specific = rest[0] === DECODER_SPECIFIC ? openDescriptor(rest, DECODER_SPECIFIC) : rest.subarray(0, 0);
	return { objectType: configuration.readUInt8(0), specific };
}

/** The content of a descriptor, whose length is written in groups of seven bits. */
function openDescriptor(bytes: Buffer, tag: number): Buffer {
	if (bytes.readUInt8(0) !== tag) throw brokenClip('it does not say how its sound is encoded');
	let length = 0;
	let at = 1;
	for (let goesOn = true; goesOn && at <= 4; at++) {
		const byte = bytes.readUInt8(at);
		length = length * 128 + (byte & 0x7f);
		goesOn = byte >= 0x80;
	}
	return bytes.subarray(at, at + length);
}
