/** Broken files: whatever stands in them, the clip is refused or joined, in bounded time and memory. */
import * as fc from 'fast-check';
import { fuzzSettings } from '../support/fuzz';
import { atLength } from '../support/longRun';
import { InvalidInputError } from '../../nodes/CometApiVideo/task/errors';
import { joinClips } from '../../nodes/CometApiVideo/join/joinClips';
import { fixture } from './fixtures';

const MAX_MS = 2000;
const CLIPS = ['plain-0', 'plain-1', 'fragmented', 'silent-1'].map(fixture);

/** Places of the tables, where a changed byte means most. */
const TABLES = CLIPS.map((clip) => {
	const names = [
		'moov',
		'moof',
		'stts',
		'ctts',
		'stsc',
		'stsz',
		'stco',
		'elst',
		'esds',
		'avcC',
		'tfhd',
		'trun',
		'tfdt',
		'mdhd',
	];
	return names.map((name) => clip.indexOf(name, 0, 'latin1')).filter((at) => at > 0);
});

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer, void, undefined> {
	for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length));
}

/** @returns the length of the joined video, or undefined when the clip was refused */
async function tryToJoin(bytes: Buffer, chunk: number): Promise<number | undefined> {
	try {
		const sources = [0, 1].map((clip) => ({
			label: `Clip ${clip + 1}`,
			open: async () => await Promise.resolve(pieces(bytes, chunk)),
		}));
		const { bytes: length, chunks } = await joinClips(sources);
		let written = 0;
		for await (const part of chunks()) written += part.length;
		expect(written).toBe(length);
		return written;
	} catch (error) {
		if (!(error instanceof InvalidInputError)) throw error;
		expect(error.message).toMatch(/^Clip [12] \S/);
		return undefined;
	}
}

const change = fc.record({
	table: fc.nat(),
	offset: fc.integer({ min: -4, max: 60 }),
	value: fc.oneof(fc.constantFrom(0, 1, 0xff, 0x7f, 0x80), fc.integer({ min: 0, max: 255 })),
	length: fc.constantFrom(1, 1, 2, 4, 8),
});

test('changed tables', async () => {
	const broken = fc.record({
		clip: fc.nat({ max: CLIPS.length - 1 }),
		changes: fc.array(change, { minLength: 1, maxLength: 4 }),
		cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 6 }),
		chunk: fc.constantFrom(7, 1000, 1_000_000),
	});
	await fc.assert(
		fc.asyncProperty(broken, async ({ clip, changes, cutAt, chunk }) => {
			const bytes = Buffer.from(CLIPS[clip] ?? Buffer.alloc(0));
			const places = TABLES[clip] ?? [];
			for (const { table, offset, value, length } of changes) {
				const at = Math.max(0, (places[table % places.length] ?? 0) + offset);
				bytes.fill(value, at, at + length);
			}
			const startedAt = performance.now();
			await tryToJoin(cutAt === null ? bytes : bytes.subarray(0, Math.floor(bytes.length * cutAt)), chunk);
			expect(performance.now() - startedAt).toBeLessThan(MAX_MS);
		}),
		fuzzSettings(atLength(100, 300)),
	);
});

test('any bytes', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ maxLength: 400 }),
			fc.constantFrom('ftyp', 'moov', 'moof', 'mdat'),
			async (rest, type) => {
				const size = Buffer.alloc(4);
				size.writeUInt32BE(rest.length + 8);
				expect(await tryToJoin(Buffer.concat([size, Buffer.from(type), rest]), 50)).toBeUndefined();
			},
		),
		fuzzSettings(200),
	);
});

/** Sets 32 bits of a box, counted from its body. */
function withNumber(clip: Buffer, box: string, at: number, value: number): Buffer {
	const copy = Buffer.from(clip);
	copy.writeUInt32BE(value, copy.indexOf(box, 0, 'latin1') + 4 + at);
	return copy;
}

test.each<[string, Buffer]>([
	['billions of samples of one size', withNumber(withNumber(fixture('silent-0'), 'stsz', 4, 1), 'stsz', 8, 0xffffffff)],
	['billions of rows', withNumber(fixture('silent-0'), 'stts', 4, 0xffffffff)],
	['billions of places', withNumber(fixture('silent-0'), 'stco', 4, 0xffffffff)],
	[
		'billions of samples in a fragment that says nothing of them',
		withNumber(withNumber(fixture('silent-1'), 'trun', 0, 0), 'trun', 4, 0xffffffff),
	],
	['tables that claim gigabytes', withNumber(fixture('plain-1'), 'moov', -8, 0xfffffff0)],
	['a place behind the end', withNumber(fixture('silent-0'), 'stco', 8, 0xfffffff0)],
])('%s: refused', async (_what, bytes) => {
	const before = process.memoryUsage().arrayBuffers;
	expect(await tryToJoin(bytes, 1000)).toBeUndefined();
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
});
