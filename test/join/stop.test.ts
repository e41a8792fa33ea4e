/** The user's Stop while clips are joined. */
import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import { BinaryDataService } from 'n8n-core';
import { Listener } from '../support/listener';
import { fixture } from './fixtures';
import { startJoin, storedItemOf } from './joinRun';

const CLIPS = ['plain-0', 'plain-1', 'plain-0'] as const;

/** Each clip is opened twice: for its tables, and for its pictures and sounds. */
test.each([
	['tables are read', 2],
	['pictures and sounds are copied', 5],
])('while %s: no other clip is opened, and nothing is put out', async (_what, stoppedAt) => {
	const items = await Promise.all(CLIPS.map(async (name) => await storedItemOf(fixture(name))));
	const real = BinaryDataService.prototype.getAsStream;
	let opened = 0;
	let cancel = () => {};
	jest.spyOn(BinaryDataService.prototype, 'getAsStream').mockImplementation(async function (
		this: BinaryDataService,
		...given: Parameters<typeof real>
	) {
		const stream = await real.apply(this, given);
		opened += 1;
		if (opened === stoppedAt) cancel();
		return stream;
	});
	const run = await startJoin(items);
	cancel = () => run.cancel();
	const { items: made, engineRun } = await run.finished;
	await sleep(50);
	expect(engineRun.run.status).toBe('canceled');
	expect(made).toEqual([]);
	expect(opened).toBe(stoppedAt);
});

test('while a clip is fetched: the connection is closed', async () => {
	let close = () => {};
	const closed = new Promise<void>((resolve) => (close = resolve));
	let begin = () => {};
	const begun = new Promise<void>((resolve) => (begin = resolve));
	const listener = await Listener.start((_request, response) => {
		response.once('close', close);
		response.writeHead(200, { 'content-type': 'video/mp4' }).write(fixture('plain-0').subarray(0, 100), begin);
	});
	const real = dns.lookup;
	jest
		.spyOn(dns, 'lookup')
		.mockImplementation((_host: string, ...rest: unknown[]) =>
			(real as (...given: unknown[]) => void)('127.0.0.1', ...rest),
		);
	const clipUrls = `http://clips.example.com:${new URL(listener.origin).port}/a.mp4`;
	const run = await startJoin([{ json: {} }], { clipSource: 'url', clipUrls });
	await begun;
	run.cancel();
	await closed;
	expect((await run.finished).engineRun.run.status).toBe('canceled');
	await listener.close();
});
