/** The files that the simulator hands out: our own MP4, sounds, pictures for reference inputs, videos of any length. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPng } from './pngImage';

const MEDIA_FOLDER = findMediaFolder();
const LARGEST_SIDE_PIXELS = 4096;
const CHUNK_BYTES = 64 * 1024;
const FREE_BOX_HEADER_BYTES = 16;

export const sampleVideo = readFileSync(join(MEDIA_FOLDER, 'video.mp4'));
export const sampleJpeg = readFileSync(join(MEDIA_FOLDER, 'image.jpg'));
export const sampleWebp = readFileSync(join(MEDIA_FOLDER, 'image.webp'));
export const sampleMp3 = readFileSync(join(MEDIA_FOLDER, 'audio.mp3'));
export const sampleWav = readFileSync(join(MEDIA_FOLDER, 'audio.wav'));
/** 640x360: large enough for every limit on reference images that is documented. */
export const samplePng = createPng(640, 360, { red: 230, green: 120, blue: 40 });
export const secondSamplePng = createPng(640, 360, { red: 30, green: 90, blue: 200 });

/** To pack the pixels takes much longer than all that a test does with them. */
const namedPngs = new Map<string, Buffer>();

/** The picture of a name such as `1280x720.png`, or undefined when the name has another form or is too large. */
export function createNamedPng(name: string): Buffer | undefined {
	const [, width, height] = (/^(\d{1,4})x(\d{1,4})\.png$/.exec(name) ?? []).map(Number);
	const fits = (side: number) => side >= 1 && side <= LARGEST_SIDE_PIXELS;
	if (!fits(width) || !fits(height)) return undefined;
	const png = namedPngs.get(name) ?? createPng(width, height, { red: 60, green: 160, blue: 90 });
	namedPngs.set(name, png);
	return png;
}

/**
 * An MP4 of exactly `byteLength` bytes, chunk by chunk: the type box of the sample video, then one box that players
 * skip (64-bit length, so that sizes above 4 GB are possible). Boxes: ISO/IEC 14496-12, sections 4.2 and 8.1.2.
 */
export function* streamLargeVideo(byteLength: number): Generator<Buffer> {
	const typeBox = sampleVideo.subarray(0, sampleVideo.readUInt32BE(0));
	const skipped = Buffer.alloc(FREE_BOX_HEADER_BYTES);
	skipped.writeUInt32BE(1, 0);
	skipped.write('free', 4, 'latin1');
	skipped.writeBigUInt64BE(BigInt(Math.max(byteLength - typeBox.length, FREE_BOX_HEADER_BYTES)), 8);
	const opening = Buffer.concat([typeBox, skipped]).subarray(0, byteLength);
	yield opening;
	const filling = Buffer.alloc(CHUNK_BYTES);
	for (let left = byteLength - opening.length; left > 0; left -= CHUNK_BYTES) {
		yield filling.subarray(0, Math.min(left, CHUNK_BYTES));
	}
}

/** Compiled files lie in an output folder to which media are not copied, so look upwards for the sources as well. */
function findMediaFolder(): string {
	for (let folder = __dirname; ; folder = dirname(folder)) {
		for (const candidate of [join(folder, 'media'), join(folder, 'test', 'simulator', 'media')]) {
			if (existsSync(join(candidate, 'video.mp4'))) return candidate;
		}
		if (folder === dirname(folder)) throw new Error('test/simulator/media/video.mp4 is missing');
	}
}
