/** What the first bytes of a file say about it, and how it is named. */

export interface DetectedMedia {
	mimeType: string;
	pixels?: { width: number; height: number };
}

/** Files that begin like an MP4, by their major brand (https://mp4ra.org/registered-types/brands). */
const TYPES_BY_BRAND: Readonly<Record<string, string>> = {
	'qt  ': 'video/quicktime',
	'M4A ': 'audio/mp4',
	'M4B ': 'audio/mp4',
	'M4P ': 'audio/mp4',
	avif: 'image/avif',
	avis: 'image/avif',
	heic: 'image/heic',
	heix: 'image/heic',
	heim: 'image/heic',
	heis: 'image/heic',
	hevc: 'image/heic',
	hevx: 'image/heic',
	mif1: 'image/heic',
	msf1: 'image/heic',
};

/**
 * Type and size of PNG, JPEG, GIF, WebP, HEIC, AVIF, MP4/MOV, WebM, MP3, M4A and WAV data; undefined for anything else. Names and declared
 * types lie often enough (a web page saved as .png), and a provider that gets one may bill for a failed task.
 */
export function detectMedia(bytes: Buffer): DetectedMedia | undefined {
	if (bytes.length < 12) return undefined;
	const ascii = (start: number, end: number) => bytes.toString('latin1', start, end);
	if (ascii(0, 8) === '\x89PNG\r\n\x1a\n' && bytes.length >= 24) {
		return {
			mimeType: 'image/png',
			pixels: { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) },
		};
	}
	if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) {
		return { mimeType: 'image/jpeg', pixels: jpegPixels(bytes) };
	}
	if (ascii(0, 4) === 'GIF8') {
		return { mimeType: 'image/gif', pixels: { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) } };
	}
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return { mimeType: 'image/webp', pixels: webpPixels(bytes) };
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WAVE') return { mimeType: 'audio/wav' };
	if (ascii(4, 8) === 'ftyp') return { mimeType: TYPES_BY_BRAND[ascii(8, 12)] ?? 'video/mp4' };
	if (bytes.readUInt32BE(0) === 0x1a45dfa3) return { mimeType: 'video/webm' };
	if (ascii(0, 3) === 'ID3' || (bytes.readUInt16BE(0) & 0xffe6) === 0xffe2) return { mimeType: 'audio/mpeg' };
	return undefined;
}

function jpegPixels(bytes: Buffer): DetectedMedia['pixels'] {
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
		const marker = bytes.readUInt8(at + 1);
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
	}
	return undefined;
}

function webpPixels(bytes: Buffer): DetectedMedia['pixels'] {
	if (bytes.length < 30) return undefined;
	switch (bytes.toString('latin1', 12, 16)) {
		case 'VP8X':
			return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
		case 'VP8L': {
			const bits = bytes.readUInt32LE(21);
			return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
		}
		case 'VP8 ':
			return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
		default:
			return undefined;
	}
}

const EXTENSIONS: Readonly<Record<string, string>> = {
	'image/png': '.png',
	'image/jpeg': '.jpg',
	'image/webp': '.webp',
	'image/gif': '.gif',
	'video/mp4': '.mp4',
	'video/quicktime': '.mov',
	'video/webm': '.webm',
	'image/heic': '.heic',
	'image/avif': '.avif',
	'audio/mpeg': '.mp3',
	'audio/mp4': '.m4a',
	'audio/wav': '.wav',
};

const EXTENSION = /\.[a-z][a-z0-9]{1,4}$/i;

/** The name with the extension of its type, if it has none: some services and players go by it. */
export function withExtension(fileName: string, mimeType: string): string {
	const extension = EXTENSIONS[mimeType];
	return extension && !EXTENSION.test(fileName) ? `${fileName}${extension}` : fileName;
}

/** A name in which nothing looks like an extension. */
export function withoutExtension(name: string): string {
	return EXTENSION.test(name) ? name.replace(/\.(?=[^.]*$)/, '_') : name;
}

const MAX_NAME_LENGTH = 100;

/**
 * A name from an address or another node that is safe as the name of a file: short, no path, nothing that cannot be seen;
 * letters of all languages and emoji stay.
 */
export function safeFileName(name: string): string {
	const characters = Array.from(
		name.slice(0, 10 * MAX_NAME_LENGTH).replace(/[/\\\p{Cc}\p{Bidi_Control}\uD800-\uDFFF]/gu, '_'),
	);
	if (characters.length <= MAX_NAME_LENGTH) return characters.join('');
	const [extension = ''] = EXTENSION.exec(name.slice(-10)) ?? [];
	return `${characters.slice(0, MAX_NAME_LENGTH - extension.length).join('')}${extension}`;
}
