/** A plain MP4 of any size with few, large pictures, as a file: the sample video with its picture track alone, and other sizes in its tables. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Box } from '../../nodes/CometApiVideo/join/boxes';
import { readBoxes, uint32, writeBox, writeFullBox } from '../../nodes/CometApiVideo/join/boxes';
import { sampleVideo } from '../simulator/sampleMedia';

const CHUNK_BYTES = 1024 * 1024;
const PARENTS = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** @param frameBytes of each of its pictures */
export async function writeLargeClip(file: string, frameBytes: number): Promise<void> {
	const boxes = readBoxes(sampleVideo);
	const [type, movie] = ['ftyp', 'moov'].map((name) => boxes.find((box) => box.type === name));
	if (!type || !movie) throw new Error('The sample video has no tables');
	const head = writeBox('ftyp', type.body);
	const frames = countFrames(movie.body);
	const tables = (place: number) => rewrite(movie, { frames, frameBytes, place });
	const place = head.length + tables(0).length + 8;
	const data = Buffer.concat([uint32(frames * frameBytes + 8), Buffer.from('mdat')]);
	const chunk = Buffer.alloc(CHUNK_BYTES, 7);
	const write = function* () {
		yield Buffer.concat([head, tables(place), data]);
		for (let left = frames * frameBytes; left > 0; left -= CHUNK_BYTES)
			yield chunk.subarray(0, Math.min(left, CHUNK_BYTES));
	};
	await pipeline(Readable.from(write()), createWriteStream(file));
}

function countFrames(movie: Buffer): number {
	return movie.readUInt32BE(movie.indexOf('stsz', 0, 'latin1') + 12);
}

interface Sizes {
	frames: number;
	frameBytes: number;
	place: number;
}

function rewrite({ type, body }: Box, sizes: Sizes): Buffer {
	const { frames, frameBytes, place } = sizes;
	if (PARENTS.includes(type)) {
		const children = readBoxes(body).filter((child) => child.type !== 'trak' || child.body.includes('vide'));
		return writeBox(type, ...children.map((child) => rewrite(child, sizes)));
	}
	if (type === 'stsz') return writeFullBox('stsz', 0, 0, uint32(frameBytes, frames));
	if (type === 'stsc') return writeFullBox('stsc', 0, 0, uint32(1, 1, frames, 1));
	if (type === 'stco') return writeFullBox('stco', 0, 0, uint32(1, place));
	return writeBox(type, body);
}
