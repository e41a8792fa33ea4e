/** Finished at CometAPI, and the file is not there yet: another look with a fresh link for a minute, then an ordinary failed task. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { sampleVideo } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import type { Listener } from '../support/listener';
import type { Answer } from '../support/tinyService';
import { sendJson, sendVideo, startTinyService } from '../support/tinyService';
import { atLength } from '../support/longRun';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;
let service: Listener;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await Promise.all([node.close(), service.close()]);
});

async function serve(answer: Answer): Promise<void> {
	service = await startTinyService(node.clock, answer);
}

const run = async (operation: string, parameters: INodeParameters, taskIds = ['task_1']) =>
	await node.run(
		{ resource: 'task', operation, taskId: '={{ $json.id }}', downloadVideo: true, ...parameters },
		{ baseUrl: service.origin, items: taskIds.map((id) => ({ json: { id } })) },
	);

const asked = (path: string) => service.requests.filter(({ url }) => url.split('?')[0] === path);

const PROVIDERS: ReadonlyArray<[string, string, (id: string, link: string) => IDataObject]> = [
	['seedance', '/v1/videos', (id, link) => ({ id, status: 'completed', video_url: link })],
	[
		'kling',
		'/kling/v1/videos/text2video',
		(id, url) => ({ code: 0, data: { task_id: id, task_status: 'succeed', task_result: { videos: [{ url }] } } }),
	],
	['xai', '/grok/v1/videos', (_id, url) => ({ status: 'done', video: { url, duration: 5 } })],
	['runway', '/runwayml/v1/tasks', (id, link) => ({ id, status: 'SUCCEEDED', output: [link] })],
];

const LATE = ['400', '403', '404', '409', '410', '425', '429', '500', '503', 'json', 'page', 'nothing'];
/** Providers differ in where the link stands; what its host says is understood in the same way for all. */
const LATE_ELSEWHERE = atLength(['404', '503', 'json'], LATE);

test.each(PROVIDERS)(
	'%s: whatever the first two tries get, the third has the file',
	async (provider, route, toTask) => {
		const tries = new Map<string, number>();
		await serve(({ url }, response) => {
			const [, place, what = ''] = /^(.*)\/([^/?]+)$/.exec(url) ?? [];
			if (place === route) return sendJson(response, toTask(what, `${service.origin}/files/${what}`));
			if (place !== '/files') return false;
			tries.set(what, (tries.get(what) ?? 0) + 1);
			if ((tries.get(what) ?? 0) > 2) return sendVideo(response, sampleVideo);
			if (Number(what) > 0) return sendJson(response, { error: { message: 'video_not_ready' } }, Number(what));
			if (what === 'json') return sendJson(response, { message: 'processing' });
			response.writeHead(200, { 'content-type': what === 'page' ? 'text/html' : 'video/mp4' });
			response.end(what === 'page' ? '<html>Soon</html>' : '');
			return true;
		});
		const late = provider === 'seedance' ? LATE : LATE_ELSEWHERE;
		const { items, error } = await run('wait', { taskProvider: provider }, late);
		expect(errorText(error)).toBe('');
		expect(items.map(({ binary }) => binary?.data.bytes)).toEqual(late.map(() => sampleVideo.length));
		expect([...tries.values()]).toEqual(late.map(() => 3));
	},
);

test.each(['wait', 'download'])('Task > %s reads the task again for a fresh link', async (operation) => {
	let looks = 0;
	await serve(({ url }, response) => {
		if (url === '/v1/videos/task_1') {
			looks += 1;
			return sendJson(response, { id: 'task_1', status: 'completed', video_url: `${service.origin}/link${looks}` });
		}
		return url === '/link3' && sendVideo(response, sampleVideo);
	});
	const { items, error } = await run(operation, { taskProvider: 'seedance' });
	expect(errorText(error)).toBe('');
	expect(items[0].binary?.data.bytes).toBe(sampleVideo.length);
	expect(looks).toBe(3);
});

describe('a file that never comes', () => {
	const never = async (status: number) => {
		await serve(({ url }, response) => {
			if (url === '/v1/videos/task_1') {
				const video_url = `${service.origin}/link?signature=secret`;
				return sendJson(response, { id: 'task_1', status: 'completed', video_url });
			}
			return sendJson(response, { error: { message: 'no such file' } }, status);
		});
	};

	test('is a failed task after a minute: as a row, with the link', async () => {
		await never(404);
		const startedAt = node.clock.now();
		const { rows } = await run('wait', { taskProvider: 'seedance', options: { onFailure: 'return' } });
		const videoUrl = `${service.origin}/link?signature=secret`;
		expect(rows).toMatchObject([{ taskId: 'task_1', status: 'failed', videoUrl }]);
		expect(rows[0].failureReason).toMatch(/finished, but there is no file.*HTTP 404/);
		expect(node.clock.now() - startedAt).toBeGreaterThanOrEqual(60_000);
		expect(node.clock.now() - startedAt).toBeLessThan(150_000);
		expect(asked('/link').length).toBeLessThan(15);
	});

	test('is a failed task after a minute: as an error', async () => {
		await never(403);
		const { error } = await run('wait', { taskProvider: 'seedance' });
		expect(errorText(error)).toMatch(/Task task_1 is finished at CometAPI, but its file is not there.*HTTP 403/);
		expect(error?.context.details).toMatchObject({ taskId: 'task_1', videoUrl: expect.stringContaining('/link') });
	});

	test('is no failed task when only the servers are at fault: it can be fetched later', async () => {
		await never(503);
		const { error } = await run('wait', { taskProvider: 'seedance', options: { onFailure: 'return' } });
		expect(errorText(error)).toMatch(/could not be downloaded \(HTTP 503\).*Task > Download/s);
		expect(error?.context.details).toMatchObject({ taskId: 'task_1', videoUrl: expect.stringContaining('/link') });
	});

	test('ends Task > Download after a minute, with the link', async () => {
		await never(404);
		const startedAt = node.clock.now();
		const { error } = await run('download', { taskProvider: 'seedance' });
		expect(errorText(error)).toMatch(/could not be downloaded \(HTTP 404\)/);
		expect(error?.context.details).toMatchObject({ videoUrl: expect.stringContaining('/link') });
		expect(node.clock.now() - startedAt).toBeGreaterThanOrEqual(60_000);
		expect(node.clock.now() - startedAt).toBeLessThan(100_000);
	});
});

test.each([
	[50, 'pending', null],
	[70, 'failed', expect.stringMatching(/finished, but there is no file/)],
])('Task > Get of a task that has ended %d seconds ago without a file: %s', async (seconds, status, failureReason) => {
	await serve(({ url }, response) => {
		const data = { task_id: 'task_1', task_status: 'succeed', updated_at: node.clock.now() - seconds * 1000 };
		return url === '/kling/v1/videos/text2video/task_1' && sendJson(response, { code: 0, data });
	});
	const { rows } = await run('get', { taskProvider: 'kling', options: { route: '/kling/v1/videos/text2video' } });
	expect(rows).toMatchObject([{ taskId: 'task_1', status, failureReason }]);
});

test('no link but a content route that works is a success', async () => {
	await serve(({ url }, response) => {
		if (url === '/v1/videos/task_1') return sendJson(response, { id: 'task_1', status: 'completed' });
		return url === '/v1/videos/task_1/content' && sendVideo(response, sampleVideo);
	});
	const { items } = await run('wait', { taskProvider: 'seedance' });
	expect(items).toMatchObject([{ json: { status: 'succeeded' }, binary: { data: { bytes: sampleVideo.length } } }]);
});

test('of several files those that have come are not fetched again', async () => {
	let tries = 0;
	await serve(({ url }, response) => {
		if (url === '/runwayml/v1/tasks/task_1') {
			const output = [`${service.origin}/first`, `${service.origin}/second`];
			return sendJson(response, { id: 'task_1', status: 'SUCCEEDED', output });
		}
		if (url === '/second' && ++tries < 3) return false;
		return /first|second/.test(url) && sendVideo(response, sampleVideo);
	});
	const { items } = await run('wait', { taskProvider: 'runway' });
	expect(Object.keys(items[0].binary ?? {})).toEqual(['data', 'data_1']);
	expect([asked('/first').length, asked('/second').length]).toEqual([1, 3]);
});
