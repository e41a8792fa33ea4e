/** Lengths that no fixture has: hours of frames, and files beyond the numbers of 32 bits. */
import { uint32, uint32List, writeFullBox } from '../../nodes/CometApiVideo/join/boxes';
import { joinClips } from '../../nodes/CometApiVideo/join/joinClips';
import { fixture } from './fixtures';
import { headOfClip } from './headOfClip';
import { itemOf, runJoin } from './joinRun';

/** The beginning of a clip with as many frames, which differ as much as frames can: each second one is a key frame and is shown later. */
function headOf(count: number, bytes: number): Buffer {
	const half = Math.floor(count / 2);
	const pairs = (value: (index: number) => number) =>
		uint32List(count * 2, (index) => (index % 2 === 0 ? 1 : value((index - 1) / 2)));
	const contents = (place: number): Readonly<Record<string, Buffer[]>> => ({
		stts: [uint32(1, count, 512)],
		ctts: [uint32(count), pairs((index) => 512 * (index % 2))],
		stss: [uint32(half), uint32List(half, (index) => index * 2 + 1)],
		stsz: [uint32(bytes, count)],
		stsc: [uint32(1, 1, 1, 1)],
		stco: [uint32(count), uint32List(count, (index) => place + index * bytes)],
	});
	return headOfClip(fixture('silent-0'), count * bytes, (place) => {
		const tables = contents(place);
		return {
			keeps: ({ type }) => type !== 'edts',
			table: (type) => tables[type] && writeFullBox(type, 0, 0, ...tables[type]),
		};
	});
}

test('120,000 frames are joined, each at its place', async () => {
	const count = 120_000;
	const frames = Buffer.from(Uint8Array.from({ length: count }, (_, index) => index % 251));
	const clip = Buffer.concat([headOf(count, 1), frames]);
	const run = await runJoin([itemOf(clip), itemOf(fixture('silent-0'))]);
	expect(run.refusal).toBe('');
	expect(run.rows).toMatchObject([{ clips: 2, durationSeconds: expect.closeTo(count / 24 + 0.5, 0) }]);
	const file = await run.file();
	const tableAt = (name: string) => file.indexOf(name, 0, 'latin1') + 4;
	expect(file.readUInt32BE(tableAt('stsz') + 8)).toBe(count + 12);
	expect(file.readUInt32BE(tableAt('stss') + 4)).toBeGreaterThan(count / 2);
	const places = tableAt('stco') + 8;
	const joined = Array.from({ length: count }, (_, index) => file[file.readUInt32BE(places + index * 4)]);
	expect(Buffer.from(joined).equals(frames)).toBe(true);
});

/** Each clip is below the 4 GiB that a plain MP4 can have; together they are not. */
test('more than 4 GiB are written with places of 64 bits, as a stream', async () => {
	const [count, bytes] = [12, 130_000_000];
	const head = headOf(count, bytes);
	const chunk = Buffer.alloc(10_000_000);
	const open = async () =>
		await Promise.resolve(
			(async function* () {
				yield await Promise.resolve(head);
				for (let left = count * bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
			})(),
		);
	const video = await joinClips([0, 1, 2].map((clip) => ({ label: `Clip ${clip + 1}`, open })));
	let written = 0;
	let first: Buffer | undefined;
	for await (const part of video.chunks()) {
		first ??= part;
		written += part.length;
	}
	const tables = first ?? Buffer.alloc(0);
	const payload = 3 * count * bytes;
	expect(written).toBe(video.bytes);
	expect(written).toBe(tables.length + payload);
	expect(written).toBeGreaterThan(2 ** 32);
	// A size of 1 says that the real one follows in 64 bits.
	expect(tables.subarray(-16, -8)).toEqual(Buffer.concat([uint32(1), Buffer.from('mdat')]));
	expect(Number(tables.readBigUInt64BE(tables.length - 8))).toBe(payload + 16);
	const places = tables.indexOf('co64', 0, 'latin1') + 12;
	const found = Array.from({ length: 3 * count }, (_, index) => Number(tables.readBigUInt64BE(places + index * 8)));
	expect(found).toEqual(Array.from({ length: 3 * count }, (_, index) => tables.length + index * bytes));
});
