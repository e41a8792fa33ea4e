/** Wherever an answer leads, the keys stay at their own origins. */
import type { INodeParameters } from 'n8n-workflow';
import type { Fault, FaultTarget } from '../simulator/simulator';
import { sampleVideo } from '../simulator/simulator';
import { Listener } from '../support/listener';
import { atLength, firstOfEach } from '../support/longRun';
import { SECRETS, secretsIn } from '../support/secrets';
import { TriggerNodeTest } from '../support/triggerNode';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };

let node: VideoNodeTest;
let stranger: Listener;

beforeEach(async () => {
	node = await VideoNodeTest.start();
	stranger = await Listener.start((_request, response) => {
		response.writeHead(200, { 'content-type': 'video/mp4' }).end(sampleVideo);
	});
});

afterEach(async () => {
	await Promise.all([node.close(), stranger.close()]);
	jest.restoreAllMocks();
});

const STATUSES = [301, 302, 303, 307, 308];

const JOBS: ReadonlyArray<[FaultTarget, INodeParameters, Fault[]]> = [
	['create', PROMPT, []],
	['remix', { provider: 'sora', mode: 'remix', videoId: 'video_1', ...PROMPT }, []],
	['sync', { provider: 'kling', mode: 'textToSpeech', text: 'Welcome', voiceId: 'oversea_male1' }, []],
	['status', { ...PROMPT, options: { timeout: 0.5 } }, []],
	['content', PROMPT, [{ on: 'create', kind: 'noVideoUrl' }]],
	['result', PROMPT, []],
	['file', { provider: 'minimax', mode: 'textToVideoHailuo', ...PROMPT }, []],
	['balance', { resource: 'account', operation: 'getBalance' }, []],
	['catalog', { resource: 'model', operation: 'getAll' }, []],
];

const REDIRECTS = JOBS.flatMap(([target, parameters, faults]) =>
	STATUSES.map((status) => ({ target, parameters, faults, status })),
);
/** Each status at a create, at a look and at a file; elsewhere one that would keep the method and one that would not. */
const FIRST_REDIRECTS = firstOfEach(REDIRECTS, ({ target, status }) => [
	target,
	['create', 'status', 'result'].includes(target) ? status : status >= 307,
]);

test.each(atLength(FIRST_REDIRECTS, REDIRECTS))(
	'$target redirects with $status',
	async ({ target, parameters, faults, status }) => {
		for (const fault of faults) node.simulator.addFault(fault);
		node.simulator.addFault({
			on: target,
			kind: 'redirect',
			status,
			location: `${stranger.origin}/v1/videos/`,
			times: Infinity,
		});
		await node.run(parameters);
		const struck = [...node.simulator.requests, ...node.simulator.resultRequests].filter(
			({ fault }) => fault === 'redirect',
		);
		expect(struck.length).toBeGreaterThan(0);
		expect(secretsIn(stranger.heard())).toEqual([]);
		// Only files are fetched from elsewhere.
		expect(stranger.requests.length > 0).toBe(['content', 'result'].includes(target));
	},
);

test('a redirect to an address that begins like the one of the API is not followed', async () => {
	const [, host] = stranger.origin.split('//');
	const location = `${node.simulator.baseUrl}@${host}/v1/videos/task/`;
	node.simulator.addFault({ on: 'status', kind: 'redirect', status: 307, location, times: Infinity });
	await node.run({ ...PROMPT, options: { timeout: 0.5 } });
	expect(node.polls().length).toBeGreaterThan(0);
	expect(stranger.requests).toEqual([]);
});

test('a link that leads back to the API by way of a stranger brings no key with it', async () => {
	const detour = await Listener.start((_request, response) => {
		response.writeHead(302, { location: `${node.simulator.baseUrl}/v1/videos/other/content` }).end();
	});
	node.simulator.addFault({ on: 'result', kind: 'redirect', location: `${detour.origin}/file`, times: Infinity });
	await node.run(PROMPT);
	const led = node.simulator.requests.filter(({ path }) => path === '/v1/videos/other/content');
	expect(led.length).toBeGreaterThan(0);
	for (const { headers } of led) expect(headers.authorization).toBeUndefined();
	expect(secretsIn(detour.heard())).toEqual([]);
	await detour.close();
});

test.each<[string, (origin: string) => string]>([
	['on a sibling port of the API', (origin) => `${origin}/video.mp4`],
	[
		'with the name of the API as a user',
		(origin) => origin.replace('http://', 'http://api.cometapi.com@').concat('/video.mp4'),
	],
	['with a user and a password', (origin) => origin.replace('http://', 'http://user:password@').concat('/video.mp4')],
	['with the API in its query', (origin) => `${origin}/?https://api.cometapi.com/v1/videos`],
])('a finished video %s is fetched without the key', async (_what, linkAt) => {
	const body = { id: 'task_1', status: 'completed', video_url: linkAt(stranger.origin) };
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: Infinity });
	await node.run(PROMPT);
	expect(stranger.requests.length).toBeGreaterThan(0);
	expect(secretsIn(stranger.heard())).toEqual([]);
	for (const { headers } of stranger.requests) expect(headers.authorization ?? '').not.toContain('Bearer');
});

test.each<[FaultTarget]>([['taskList'], ['midjourneyList']])('%s redirects: the access token stays', async (target) => {
	const trigger = await TriggerNodeTest.start({ watch: 'account', options: { includeMidjourney: true } });
	trigger.simulator.addFault({
		on: target,
		kind: 'redirect',
		location: `${stranger.origin}/api/task/self`,
		times: Infinity,
	});
	await trigger.activate().catch(() => {});
	await trigger.poll().catch(() => {});
	expect(trigger.simulator.requests.some(({ fault }) => fault === 'redirect')).toBe(true);
	expect(stranger.requests).toEqual([]);
	await trigger.close();
});

test.each(atLength([301, 307], STATUSES))("n8n's own API redirects with %d: its key stays", async (status) => {
	const moved = await Listener.start((_request, response) => {
		response.writeHead(status, { location: `${stranger.origin}/api/v1/data-tables` }).end();
	});
	await node.run(
		{ ...PROMPT, recordTasks: 'all', tableAccess: 'apiKey', dataTable: { __rl: true, mode: 'name', value: 'Videos' } },
		{ n8nBaseUrl: moved.origin },
	);
	expect(moved.requests.length).toBeGreaterThan(0);
	expect(stranger.requests).toEqual([]);
	expect(secretsIn(moved.heard())).toEqual([SECRETS[2]]);
	await moved.close();
});
