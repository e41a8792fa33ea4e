/** Clips by link: fetched without a key, from public addresses only. */
import dns from 'node:dns';
import { Listener } from '../support/listener';
import { fixture } from './fixtures';
import { runJoin } from './joinRun';

const HOST = 'clips.example.com';
let listener: Listener;

/** A public name that leads to this machine. */
beforeEach(async () => {
	listener = await Listener.start(({ url }, response) => {
		if (url.startsWith('/moved')) response.writeHead(302, { location: 'http://10.0.0.1/a.mp4' }).end();
		else if (url.startsWith('/gone')) response.writeHead(404).end('gone');
		else
			response
				.writeHead(200, { 'content-type': 'video/mp4' })
				.end(fixture(url.includes('b.mp4') ? 'plain-1' : 'plain-0'));
	});
	const real = dns.lookup;
	jest
		.spyOn(dns, 'lookup')
		.mockImplementation((host: string, ...rest: unknown[]) =>
			(real as (...given: unknown[]) => void)(host === HOST ? '127.0.0.1' : host, ...rest),
		);
});

afterEach(async () => {
	await listener.close();
});

const link = (path: string) => `http://${HOST}:${new URL(listener.origin).port}${path}`;
const BY_LINK = { clipSource: 'url' };

test('one for each item, or a list that is the same for all items, once', async () => {
	const items = ['/a.mp4?sig=1', '/b.mp4'].map((path) => ({ json: { videoUrl: link(path) } }));
	const each = await runJoin(items, { ...BY_LINK, clipUrls: '={{ $json.videoUrl }}' });
	expect(each.refusal).toBe('');
	expect(each.rows).toMatchObject([{ clips: 2, durationSeconds: 1 }]);
	expect(listener.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
		['/a.mp4?sig=1', undefined],
		['/b.mp4', undefined],
	]);
	const list = await runJoin(items, { ...BY_LINK, clipUrls: `${link('/a.mp4')}\n${link('/b.mp4')}` });
	expect(list.rows).toMatchObject([{ clips: 2 }]);
});

test.each([
	['http://127.0.0.1:9/a.mp4', /^Clip 1: its link points to 127\.0\.0\.1:9, which is not fetched/],
	['http://localhost/a.mp4', /^Clip 1: its link points to localhost/],
	['file:///etc/passwd', /^Clip 1: "file:\/\/\/etc\/passwd" is not a web address/],
])('%s is refused', async (clipUrls, refusal) => {
	expect((await runJoin([{ json: {} }], { ...BY_LINK, clipUrls })).refusal).toMatch(refusal);
});

test('redirects into private networks are not followed, and what is gone is named without its signature', async () => {
	const moved = await runJoin([{ json: {} }], { ...BY_LINK, clipUrls: link('/moved') });
	expect(moved.refusal).toMatch(/^Clip 1: its link points to 10\.0\.0\.1/);
	const gone = await runJoin([{ json: {} }], { ...BY_LINK, clipUrls: link('/gone.mp4?sig=secret') });
	expect(gone.refusal).toMatch(/^Clip 1 could not be fetched from \S+\/gone\.mp4\?… \(HTTP 404\)/);
	expect(gone.refusal).not.toContain('secret');
});
