/** Downloads that drip: how long until the node gives one up, and whether its error has the link. */
import type { ServerResponse } from 'node:http';
import { sampleVideo } from '../simulator/simulator';
import { Listener } from '../support/listener';
import type { Figure } from './figure';
import { runVideos } from './videoRun';
import { loadCompiledPackage } from './compiledPackage';

const DRIPS = 4;
const GAP_MS = 1_000;
/** Of real time: the node is to wait for the server, not the server for the node. */
const TICK_MS = 30;
const BAR_SECONDS = 180;

export async function measureDrips(): Promise<Figure[]> {
	let time = Date.now();
	const now = () => time;
	Object.assign(loadCompiledPackage().clock, { now });
	const drip = (response: ServerResponse) => {
		response.writeHead(200, { 'content-type': 'video/mp4' }).write(sampleVideo.subarray(0, 64));
		const timer = setInterval(() => {
			time += GAP_MS;
			response.write('12345678');
		}, TICK_MS);
		response.on('close', () => clearInterval(timer));
	};
	const server = await Listener.start(({ url }, response) => {
		if (/\/content$|^\/drip/.test(url)) return drip(response);
		const id = url.split('/').pop() ?? '';
		const task = { id, status: 'completed', video_url: `${server.origin}/drip/${id}` };
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(task));
	});
	const items = Array.from({ length: DRIPS }, (_, index) => ({ json: { id: `task_${index}` } }));
	const parameters = { resource: 'task', operation: 'download', taskProvider: 'seedance', taskId: '={{ $json.id }}' };
	const run = await runVideos(parameters, items, {
		now,
		baseUrl: server.origin,
		onError: 'continueErrorOutput',
	});
	await server.close();
	const withLink = run.errorRows.filter(({ json }) => JSON.stringify(json).includes('/drip/task_'));
	return [
		{
			what: 'a download that drips, also from its second source: time until it is given up',
			value: run.wallMs / 1000 / DRIPS,
			unit: 's',
			bar: BAR_SECONDS,
			time: 'virtual',
		},
		{
			what: `${DRIPS} downloads that drip: errors without the link`,
			value: DRIPS - withLink.length,
			bar: 0,
			time: 'none',
		},
	];
}
