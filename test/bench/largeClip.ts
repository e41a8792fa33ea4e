/** A plain MP4 of any size with few, large pictures, as a file: the sample video with its picture track alone, and other sizes in its tables. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uint32, writeFullBox } from '../../nodes/CometApiVideo/join/boxes';
import { headOfClip } from '../join/headOfClip';
import { sampleVideo } from '../simulator/sampleMedia';

const CHUNK_BYTES = 1024 * 1024;

/** @param frameBytes of each of its pictures */
export async function writeLargeClip(file: string, frameBytes: number): Promise<void> {
	const frames = countFrames(sampleVideo);
	const bytes = frames * frameBytes;
	const head = headOfClip(sampleVideo, bytes, (place) => {
		const contents: Readonly<Record<string, Buffer>> = {
			stsz: uint32(frameBytes, frames),
			stsc: uint32(1, 1, frames, 1),
			stco: uint32(1, place),
		};
		return {
			keeps: ({ type, body }) => type !== 'trak' || body.includes('vide'),
			table: (type) => contents[type] && writeFullBox(type, 0, 0, contents[type]),
		};
	});
	const chunk = Buffer.alloc(CHUNK_BYTES, 7);
	const write = function* () {
		yield head;
		for (let left = bytes; left > 0; left -= CHUNK_BYTES) yield chunk.subarray(0, Math.min(left, CHUNK_BYTES));
	};
	await pipeline(Readable.from(write()), createWriteStream(file));
}

function countFrames(movie: Buffer): number {
	return movie.readUInt32BE(movie.indexOf('stsz', 0, 'latin1') + 12);
}
