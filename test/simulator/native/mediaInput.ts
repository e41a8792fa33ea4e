/**
 * Pictures, sounds and videos in JSON bodies: addresses, raw base64, data URIs. Nothing is fetched: an address is
 * judged by its form, sent bytes by their headers.
 */
import { isMp4, readImageFile } from '../imageFile';
import { isAddress, type BodyReader } from './bodyReader';

const MAXIMUM_KLING_IMAGE_BYTES = 10 * 1024 * 1024;
const MINIMUM_KLING_SIDE_PIXELS = 300;
const MAXIMUM_KLING_RATIO = 2.5;
const MAXIMUM_KLING_AUDIO_BYTES = 5 * 1024 * 1024;

/**
 * Kling: address, or base64 without the prefix `data:`; JPEG or PNG, at most 10 MB, sides from 300 pixels, ratio
 * 1:2.5 to 2.5:1. https://apidoc.cometapi.com/api/video/kling/image-to-video
 */
export function readKlingImage(body: BodyReader, name: string): string | undefined {
	const value = body.text(name);
	if (value === undefined || isAddress(value)) return value;
	const bytes = decodeRawBase64(body, name, value);
	const image = readImageFile(bytes);
	if (!image || image.format === 'webp') throw body.refuse(`${body.nameOf(name)} must be a JPEG or PNG image`);
	if (bytes.length > MAXIMUM_KLING_IMAGE_BYTES) throw body.refuse(`${body.nameOf(name)} is larger than 10 MB`);
	const shorter = Math.min(image.width, image.height);
	const longer = Math.max(image.width, image.height);
	if (shorter < MINIMUM_KLING_SIDE_PIXELS || longer / shorter > MAXIMUM_KLING_RATIO) {
		throw body.refuse(`${body.nameOf(name)} must have sides of at least 300px and a ratio between 1:2.5 and 2.5:1`);
	}
	return value;
}

export function readRequiredKlingImage(body: BodyReader, name: string): string {
	const value = readKlingImage(body, name);
	if (!value) throw body.refuse(`${body.nameOf(name)} is required`);
	return value;
}

/**
 * Kling: address, or raw base64 of an MP3, WAV, M4A or AAC of at most 5 MB.
 * https://apidoc.cometapi.com/api/video/kling/avatar
 */
export function readKlingSound(body: BodyReader, name: string): string {
	const value = body.requiredText(name);
	if (isAddress(value)) return value;
	const bytes = decodeRawBase64(body, name, value);
	if (!isSound(bytes)) throw body.refuse(`${body.nameOf(name)} must be an MP3, WAV, M4A or AAC file`);
	if (bytes.length > MAXIMUM_KLING_AUDIO_BYTES) throw body.refuse(`${body.nameOf(name)} is larger than 5 MB`);
	return value;
}

/** Address or `data:image/…;base64,…`; undefined when absent. */
export function readImageAddressOrData(body: BodyReader, name: string, formats: readonly string[]): string | undefined {
	const value = body.text(name);
	if (value === undefined || isAddress(value)) return value;
	const [, encoded] = /^data:image\/[a-z]+;base64,([A-Za-z0-9+/]+=*)$/.exec(value) ?? [];
	const image = encoded === undefined ? undefined : readImageFile(Buffer.from(encoded, 'base64'));
	if (!image || !formats.includes(image.format)) {
		throw body.refuse(`${body.nameOf(name)} must be an address or a data URI of a ${formats.join(', ')} image`);
	}
	return value;
}

/** As Runway takes videos: HTTPS address, or a data URI where `data` allows it. */
export function readSecureAddress(
	body: BodyReader,
	name: string,
	{ resultOrigin, data = false }: { resultOrigin: string; data?: boolean },
): string {
	const value = body.requiredText(name);
	// The simulator's own result files stand for files behind HTTPS.
	if (/^https:\/\/\S+$/.test(value) || value.startsWith(`${resultOrigin}/`)) return value;
	const [, encoded] = /^data:video\/[a-z0-9-]+;base64,([A-Za-z0-9+/]+=*)$/.exec(value) ?? [];
	if (data && encoded !== undefined && isMp4(Buffer.from(encoded, 'base64'))) return value;
	throw body.refuse(`${body.nameOf(name)} must be an HTTPS address${data ? ' or a base64 data URI' : ''}`);
}

function decodeRawBase64(body: BodyReader, name: string, value: string): Buffer {
	if (value.startsWith('data:')) throw body.refuse(`${body.nameOf(name)}: base64 must not have a data: prefix`);
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) {
		throw body.refuse(`${body.nameOf(name)} must be an address or base64`);
	}
	return Buffer.from(value, 'base64');
}

/** MP3 with or without ID3, WAV, M4A, AAC (ADTS), by their first bytes. */
function isSound(bytes: Buffer): boolean {
	const isWav = bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE';
	const isFrame = bytes.length > 2 && bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0;
	return isWav || isFrame || isMp4(bytes) || bytes.toString('latin1', 0, 3) === 'ID3';
}
