/** Video > Join on n8n's engine; mediabunny, an independent reader, judges the files. What ffmpeg says of them: `npm run test:long`. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { VideoNodeTest } from '../support/videoNode';
import { fixture } from './fixtures';
import { itemOf, runJoin, storedItemOf } from './joinRun';
import { readPackets } from './packets';
import type { Packet } from './packets';

// mediabunny says on the console that it knows one edit of a track only.
beforeEach(() => {
	jest.spyOn(console, 'warn').mockImplementation(() => {});
});

const SOUND_TICK = 1 / 44_100;
const CLIP_SECONDS = 0.5;

/** Packets of the clips from the first one that is shown, as much later as the clips before are long. */
async function expectedPackets(
	clips: readonly Buffer[],
	kind: 'video' | 'audio',
	startSeconds: readonly number[],
): Promise<Packet[]> {
	const packets: Packet[] = [];
	for (const [clip, bytes] of clips.entries()) {
		const track = (await readPackets(bytes)).find((one) => one.kind === kind);
		for (const { seconds, hash } of track?.packets ?? [])
			packets.push({ seconds: seconds + (startSeconds[clip] ?? 0), hash });
	}
	return packets;
}

async function packetsOf(bytes: Buffer, kind: 'video' | 'audio'): Promise<Packet[]> {
	return (await readPackets(bytes)).find((track) => track.kind === kind)?.packets ?? [];
}

function expectSamePackets(found: readonly Packet[], expected: readonly Packet[], tolerance: number): void {
	expect(found.map(({ hash }) => hash)).toEqual(expected.map(({ hash }) => hash));
	for (const [index, { seconds }] of expected.entries()) {
		expect(Math.abs((found[index]?.seconds ?? NaN) - seconds)).toBeLessThanOrEqual(tolerance);
	}
}

describe('the joined video', () => {
	test.each<[string, string[]]>([
		['tables last and first', ['plain-0', 'plain-1', 'plain-0']],
		['without sound, plain and fragmented', ['silent-0', 'silent-1', 'silent-0']],
		['clocks that differ', ['silent-0', 'slower-clock', 'silent-0']],
		['HEVC', ['hevc', 'hevc']],
		['one clip', ['plain-0']],
	])('%s: has every picture of every clip at its time', async (_what, names) => {
		const clips = names.map(fixture);
		const run = await runJoin(clips.map((bytes) => itemOf(bytes)));
		expect(run.refusal).toBe('');
		const starts = clips.map((_, clip) => clip * CLIP_SECONDS);
		// Clips without an edit list show their first picture later, as their own clock says.
		if (names.includes('silent-1')) starts.splice(0, 3, 0, CLIP_SECONDS - 2 / 24, 2 * CLIP_SECONDS);
		expectSamePackets(await packetsOf(await run.file(), 'video'), await expectedPackets(clips, 'video', starts), 1e-6);
	});

	test('has every sound of every clip at its time, but for what encoders put before the first one', async () => {
		const clips = ['plain-0', 'plain-1', 'plain-0'].map(fixture);
		const run = await runJoin(clips.map((bytes) => itemOf(bytes)));
		const isShown = ({ seconds }: Packet) => seconds > -SOUND_TICK;
		const expected = (
			await Promise.all(clips.map(async (clip) => (await packetsOf(clip, 'audio')).filter(isShown)))
		).map((packets, clip) => packets.map(({ seconds, hash }) => ({ seconds: seconds + clip * CLIP_SECONDS, hash })));
		const leadIn = new Set((await packetsOf(clips[0] ?? Buffer.alloc(0), 'audio')).slice(0, 1).map(({ hash }) => hash));
		const leadIns = new Set([
			...leadIn,
			...(await packetsOf(fixture('plain-1'), 'audio')).slice(0, 1).map(({ hash }) => hash),
		]);
		const found = (await packetsOf(await run.file(), 'audio')).filter(({ hash }) => !leadIns.has(hash));
		// mediabunny knows one edit only, for which each lead-in takes one tick.
		expectSamePackets(found, expected.flat(), 3 * SOUND_TICK);
	});

	test('can be joined again', async () => {
		const once = await (await runJoin([itemOf(fixture('plain-0')), itemOf(fixture('plain-1'))])).file();
		const run = await runJoin([itemOf(once), itemOf(fixture('plain-0'))]);
		expect(run.rows[0]).toMatchObject({ clips: 2, durationSeconds: 3 * CLIP_SECONDS });
		const clips = ['plain-0', 'plain-1', 'plain-0'].map(fixture);
		const starts = [0, CLIP_SECONDS, 2 * CLIP_SECONDS];
		expectSamePackets(await packetsOf(await run.file(), 'video'), await expectedPackets(clips, 'video', starts), 1e-6);
	});

	test('has all sound tracks, in their order', async () => {
		const clip = fixture('two-sounds');
		const run = await runJoin([itemOf(clip), itemOf(clip)]);
		const before = (await readPackets(clip)).map(({ kind, packets }) => [kind, packets.at(-2)?.hash]);
		const after = (await readPackets(await run.file())).map(({ kind, packets }) => [kind, packets.at(-2)?.hash]);
		expect(after).toEqual(before);
	});
});

describe('the item', () => {
	test('says what was made, belongs to all items, and holds the file', async () => {
		const run = await runJoin([itemOf(fixture('plain-0')), itemOf(fixture('plain-1'))]);
		const file = await run.file();
		expect(run.rows).toEqual([
			{
				status: 'succeeded',
				fileName: 'joined.mp4',
				clips: 2,
				durationSeconds: 1,
				width: 64,
				height: 64,
				hasSound: true,
				fileSizeBytes: file.length,
			},
		]);
		expect(run.items[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
		expect(run.items[0]?.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileName: 'joined.mp4' });
	});

	test('is named and put as the options say', async () => {
		const options = { fileName: 'ad', binaryField: 'ad' };
		const run = await runJoin([itemOf(fixture('silent-0'))], { options });
		expect(run.items[0]?.binary).toMatchObject({ ad: { fileName: 'ad.mp4' } });
	});

	test('no items give none', async () => {
		expect((await runJoin([])).items).toEqual([]);
	});
});

describe('groups', () => {
	const rows = [
		{ ad: 'Boots', shot: 1 },
		{ ad: 'Hats/caps', shot: 1 },
		{ ad: 'Boots', shot: 2 },
	];

	test('items with the same value become one video, in their order', async () => {
		const names = ['plain-0', 'plain-1', 'plain-1'] as const;
		const items = rows.map((json, index) => itemOf(fixture(names[index] ?? 'plain-0'), `${index}.mp4`, json));
		const run = await runJoin(items, { options: { groupBy: 'ad' } });
		expect(run.rows).toMatchObject([
			{ group: 'Boots', fileName: 'Boots.mp4', clips: 2 },
			{ group: 'Hats/caps', fileName: 'Hats caps.mp4', clips: 1 },
		]);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }, { item: 2 }], [{ item: 1 }]]);
		const clips = [fixture('plain-0'), fixture('plain-1')];
		const expected = await expectedPackets(clips, 'video', [0, CLIP_SECONDS]);
		expectSamePackets(await packetsOf(await run.file('data', 0), 'video'), expected, 1e-6);
	});

	test('a group that cannot be joined stops no other where On Error says to go on', async () => {
		const names = ['plain-0', 'plain-1', 'larger'] as const;
		const items = rows.map((json, index) => itemOf(fixture(names[index] ?? 'plain-0'), `${index}.mp4`, json));
		const run = await runJoin(items, { options: { groupBy: 'ad' } }, 'continueErrorOutput');
		expect(run.rows).toMatchObject([{ group: 'Hats/caps' }]);
		expect(run.errorItems).toMatchObject([
			{ json: { error: expect.stringContaining('Clip 2 of "Boots" (2.mp4) is 80 × 48') } },
		]);
	});

	test.each([
		[{ groupBy: 'title' }, /Group By: item 1 has nothing in the column "title" \| Its columns are: ad, shot/],
		[{ groupBy: '{{ $json.ad }}' }, /Group By contains the text \{\{ \$json\.ad \}\}/],
	])('%j is refused', async (options, refusal) => {
		const run = await runJoin([itemOf(fixture('plain-0'), 'a.mp4', rows[0])], { options });
		expect(run.refusal).toMatch(refusal);
	});
});

describe('files', () => {
	test("in n8n's store are read and written as streams, however they lie in the file", async () => {
		const names = ['plain-0', 'plain-1', 'fragmented'] as const;
		const items = await Promise.all(names.map(async (name) => await storedItemOf(fixture(name))));
		const read = jest.spyOn(BinaryDataService.prototype, 'getAsBuffer');
		const run = await runJoin(items);
		expect(read).not.toHaveBeenCalled();
		expect(run.refusal).toBe('');
		expect(run.items[0]?.binary?.data?.id).toMatch(/^filesystem-v2:/);
		const inMemory = await runJoin(names.map((name) => itemOf(fixture(name))));
		expect((await run.file()).equals(await inMemory.file())).toBe(true);
	});

	test('where n8n keeps files in memory', async () => {
		const service = Container.get(BinaryDataService) as unknown as { mode: string; managers: object };
		const { mode, managers } = service;
		try {
			Object.assign(service, { mode: 'default', managers: {} });
			const run = await runJoin([itemOf(fixture('plain-0')), itemOf(fixture('plain-1'))]);
			expect(run.items[0]?.binary?.data?.id).toBeUndefined();
			expect(await packetsOf(await run.file(), 'video')).toHaveLength(24);
		} finally {
			Object.assign(service, { mode, managers });
		}
	});

	test.each([
		['the only one of the item', { video: 'plain-0' }, {}, 1],
		['the one in data', { poster: 'larger', data: 'plain-0' }, {}, 1],
		['the one that is named', { poster: 'larger', video: 'plain-0' }, { clipBinaryField: 'video' }, 1],
		['several of an item', { data: 'plain-0', data_1: 'plain-1' }, { clipBinaryField: 'data, data_1' }, 2],
	])('%s', async (_what, files, parameters, clips) => {
		const binary = Object.fromEntries(
			Object.entries(files).map(([field, name]) => [
				field,
				itemOf(fixture(name)).binary?.data ?? { data: '', mimeType: '' },
			]),
		);
		const run = await runJoin([{ json: {}, binary }], parameters);
		expect(run.rows).toMatchObject([{ clips, width: 64 }]);
	});

	test.each([
		[[{ json: {} }], {}, /Item 1 has no file in the field "data" \| The item has no files at all/],
		[
			[itemOf(Buffer.alloc(0))],
			{ clipBinaryField: 'video' },
			/Item 1 has no file in the field "video" \| Its files are in: data\./,
		],
	])('%#: a missing one is named', async (items, parameters, refusal) => {
		expect((await runJoin(items, parameters)).refusal).toMatch(refusal);
	});
});

test('videos that were just generated can be joined', async () => {
	const node = await VideoNodeTest.start();
	try {
		const made = await node.run(
			{ prompt: '={{ $json.prompt }}' },
			{ items: ['A boat', 'A hat', 'A lake'].map((prompt) => ({ json: { prompt } })) },
		);
		const run = await runJoin(made.items);
		expect(run.rows).toMatchObject([{ clips: 3, durationSeconds: 6, width: 320, height: 180, hasSound: true }]);
	} finally {
		await node.close();
	}
});
