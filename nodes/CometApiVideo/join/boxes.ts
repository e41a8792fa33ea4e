/**
 * The box structure of MP4 files (ISO/IEC 14496-12, section 4.2), read with bounds and written. Reading past the end of a
 * box is a RangeError of `Buffer`, which `readClip` turns into a refusal of the clip.
 */

/** A clip that cannot be read or joined: the end of the sentence "Clip 2 …". */
export class ClipProblem extends Error {
	constructor(
		message: string,
		readonly advice: string,
	) {
		super(message);
	}
}

export const MAKE_ALIKE = 'Make all clips with the same model and the same settings, then join them.';

export function brokenClip(what: string): ClipProblem {
	return new ClipProblem(
		`is broken: ${what}`,
		'Check that the file plays to its end; download or make the clip again if it does not.',
	);
}

export interface Box {
	type: string;
	/** Without the header, up to the end of the box. */
	body: Buffer;
}

export interface BoxHeader {
	type: string;
	headerBytes: number;
	/** With the header; 0: up to the end of the file. */
	bytes: number;
}

/** @returns undefined when more bytes are needed; 16 are always enough */
export function readBoxHeader(bytes: Buffer): BoxHeader | undefined {
	if (bytes.length < 8) return undefined;
	const type = bytes.toString('latin1', 4, 8);
	const size = bytes.readUInt32BE(0);
	if (size !== 1) return { type, headerBytes: 8, bytes: size };
	return bytes.length < 16 ? undefined : { type, headerBytes: 16, bytes: readUint64(bytes, 8) };
}

/** The boxes that lie one after the other in `bytes`. A rest that is too short for a box is passed over, as players do. */
export function readBoxes(bytes: Buffer, from = 0): Box[] {
	const boxes: Box[] = [];
	for (let at = from; at + 8 <= bytes.length;) {
		const header = readBoxHeader(bytes.subarray(at));
		if (!header) break;
		const size = header.bytes === 0 ? bytes.length - at : header.bytes;
		if (size < header.headerBytes || at + size > bytes.length) {
			throw brokenClip('one of its parts is longer than what holds it');
		}
		boxes.push({ type: header.type, body: bytes.subarray(at + header.headerBytes, at + size) });
		at += size;
	}
	return boxes;
}

export function findBox(boxes: readonly Box[], type: string): Buffer | undefined {
	return boxes.find((box) => box.type === type)?.body;
}

/** @throws ClipProblem when it is not there */
export function needBox(boxes: readonly Box[], type: string): Buffer {
	const body = findBox(boxes, type);
	if (!body) throw brokenClip(`its part "${type}" is missing`);
	return body;
}

/** @throws RangeError for numbers that are not exact; no file is as long */
export function readUint64(bytes: Buffer, at: number): number {
	const value = Number(bytes.readBigUInt64BE(at));
	if (!Number.isSafeInteger(value)) throw new RangeError('Number too large');
	return value;
}

/** The flags of a "full box", the 24 bits after its version. */
export function readFlags(body: Buffer): number {
	return body.readUIntBE(1, 3);
}

export function uint16(...values: number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 2);
	for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
	return bytes;
}

export function uint32(...values: number[]): Buffer {
	return uint32List(values.length, (index) => values[index] ?? 0);
}

/** For long lists, which cannot be the arguments of a call. */
export function uint32List(count: number, valueAt: (index: number) => number): Buffer {
	const bytes = Buffer.alloc(count * 4);
	for (let index = 0; index < count; index++) bytes.writeUInt32BE(valueAt(index), index * 4);
	return bytes;
}

export function uint64(...values: number[]): Buffer {
	const bytes = Buffer.alloc(values.length * 8);
	for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), index * 8);
	return bytes;
}

export function writeBox(type: string, ...parts: readonly Buffer[]): Buffer {
	const length = parts.reduce((sum, part) => sum + part.length, 8);
	return Buffer.concat([uint32(length), Buffer.from(type, 'latin1'), ...parts], length);
}

export function writeFullBox(type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer {
	return writeBox(type, uint32(version * 2 ** 24 + flags), ...parts);
}
