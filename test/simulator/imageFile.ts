/**
 * What kind of picture some bytes are, judged by their headers as a service does and never by name or declared type.
 * Sources: PNG https://www.w3.org/TR/png-3/ · JPEG https://www.w3.org/Graphics/JPEG/itu-t81.pdf ·
 * WebP https://developers.google.com/speed/webp/docs/riff_container
 */
export interface ImageFile {
	format: 'png' | 'jpeg' | 'webp';
	width: number;
	height: number;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Undefined for everything but a PNG, JPEG or WebP with readable headers. */
export function readImageFile(bytes: Buffer): ImageFile | undefined {
	return readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
}

export function isMp4(bytes: Buffer): boolean {
	return bytes.length > 8 && bytes.toString('latin1', 4, 8) === 'ftyp';
}

function readPng(bytes: Buffer): ImageFile | undefined {
	if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return undefined;
	if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
	return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readJpeg(bytes: Buffer): ImageFile | undefined {
	if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
	for (let offset = 2; offset + 9 <= bytes.length && bytes[offset] === 0xff;) {
		const marker = bytes[offset + 1];
		// C4, C8 and CC lie among the start-of-frame markers but are tables.
		const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (startsFrame) {
			return { format: 'jpeg', height: bytes.readUInt16BE(offset + 5), width: bytes.readUInt16BE(offset + 7) };
		}
		offset += 2 + bytes.readUInt16BE(offset + 2);
	}
	return undefined;
}

function readWebp(bytes: Buffer): ImageFile | undefined {
	if (bytes.length < 30) return undefined;
	if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined;
	switch (bytes.toString('latin1', 12, 16)) {
		case 'VP8 ':
			return { format: 'webp', width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
		case 'VP8L': {
			const packed = bytes.readUInt32LE(21);
			return { format: 'webp', width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
		}
		case 'VP8X':
			return { format: 'webp', width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
		default:
			return undefined;
	}
}
