import { crc32, deflateSync } from 'node:zlib';

export interface RgbColour {
	red: number;
	green: number;
	blue: number;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS_PER_CHANNEL = 8;
const COLOUR_TYPE_RGB = 2;

/** A picture of one colour. Format: https://www.w3.org/TR/png-3/ */
export function createPng(width: number, height: number, { red, green, blue }: RgbColour): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header[8] = BITS_PER_CHANNEL;
	header[9] = COLOUR_TYPE_RGB;
	// Each row begins with the number of its filter; 0 = none.
	const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
	const rows = Buffer.alloc(row.length * height, row);
	return Buffer.concat([
		SIGNATURE,
		createChunk('IHDR', header),
		createChunk('IDAT', deflateSync(rows, { level: 1 })),
		createChunk('IEND', Buffer.alloc(0)),
	]);
}

function createChunk(type: string, data: Buffer): Buffer {
	const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const checksum = Buffer.alloc(4);
	checksum.writeUInt32BE(crc32(content));
	return Buffer.concat([length, content, checksum]);
}
