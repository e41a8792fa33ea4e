/** The check of CometAPI's routes, as an operation of the node and as a command: free, capped, redacted, and right about what differs. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { INVENTED_MODEL } from '../../nodes/CometApiVideo/operations/account/probes';
import { parseCatalogue } from '../../nodes/CometApiVideo/service/catalogue';
import { CATALOG } from '../simulator/catalog';
import type { Fault, RecordedRequest, SimulatorOptions } from '../simulator/simulator';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { VideoNodeTest, toNodeRun } from '../support/videoNode';
import { askByFetch } from './askByFetch';
import { LiveFixtures } from './liveFixtures';
import { makePaidClips } from './paidClips';
import { redact } from './redact';

const CHECK = { resource: 'account', operation: 'check' };
let node: VideoNodeTest;

const start = async (options: SimulatorOptions = {}) => {
	node = await VideoNodeTest.start(options);
};

beforeEach(async () => {
	await start();
});

afterEach(async () => {
	await node.close();
});

const routeOf = ({ method, path }: RecordedRequest) => `${method} ${path}`;

describe('Account > Check', () => {
	test.each<SimulatorOptions>([{}, { profile: 'upstream-strict' }, { envelopes: 'march2026' }])(
		'finds all as documented, and sends no create that could be accepted: %p',
		async (options) => {
			await node.close();
			await start(options);
			const { rows, error } = await node.run(CHECK, { items: [{ json: {} }, { json: {} }] });
			expect(errorText(error)).toBe('');
			expect(rows.filter(({ result }) => result !== 'ok' && result !== 'notAsked')).toEqual([]);
			const creates = node.creates();
			expect(creates.length).toBeGreaterThan(10);
			for (const create of creates) {
				const body = create.json ?? Object.fromEntries(create.form?.fields ?? []);
				expect(Object.values(body as IDataObject)).toEqual([INVENTED_MODEL]);
				expect(create.status).toBeGreaterThanOrEqual(400);
			}
			expect(node.simulator.tasks.size).toBe(0);
			expect(rows.find(({ route }) => route === 'POST /grok/v1/videos/generations')).toEqual({
				result: 'ok',
				check: 'Create',
				provider: 'xAI Grok',
				finding: 'The made-up model was refused, as it should be',
				route: 'POST /grok/v1/videos/generations',
				requestId: expect.stringMatching(/^\d{14}/),
			});
			const asked = rows.filter(({ result }) => result !== 'notAsked').map(({ route }) => route);
			expect(asked).toEqual(expect.arrayContaining(creates.map(routeOf)));
			expect(rows.filter(({ result }) => result === 'notAsked').map(({ route }) => route)).toEqual(
				expect.arrayContaining(['POST /mj/submit/video', 'POST /v1/videos/{id}/remix', 'POST /kling/v1/audio/tts']),
			);
		},
	);

	const at = (path: string) => (request: RecordedRequest) => request.path.startsWith(path);
	const task = { id: 'x', status: 'completed', video_url: 'https://example.com/x.mp4' };
	const boom = { error: { message: 'boom' } };
	const noRoute = { error: { message: 'Invalid URL (POST /x)', type: 'invalid_request_error' } };
	const CHANGES: Array<[route: string, result: string, fault: Fault]> = [
		['GET /api/models', 'differs', { on: 'catalog', kind: 'reply', status: 200, body: { data: 'soon' } }],
		['GET /api/usage/token', 'differs', { on: 'balance', kind: 'reply', status: 200, body: { data: {} } }],
		['GET /mj/task', 'differs', { on: 'status', kind: 'reply', status: 500, body: boom, when: at('/mj/') }],
		['GET /runwayml/v1/tasks', 'notThere', { on: 'status', kind: 'html', when: at('/runwayml/') }],
		[
			'GET /volc/v3/contents/generations/tasks',
			'noAnswer',
			{ on: 'status', kind: 'resetBeforeAccept', when: at('/volc/') },
		],
		['GET /grok/v1/videos', 'differs', { on: 'status', kind: 'reply', status: 200, body: task, when: at('/grok/') }],
		[
			'POST /runway/pro/generate',
			'notThere',
			{ on: 'create', kind: 'reply', status: 404, body: noRoute, when: at('/runway/') },
		],
		[
			...(['POST /volc/v3/contents/generations/tasks', 'differs'] as const),
			{ on: 'create', kind: 'reply', status: 500, body: boom, when: at('/volc/') },
		],
		[
			'POST /grok/v1/videos/edits',
			'noAnswer',
			{ on: 'create', kind: 'reply', status: 429, body: {}, when: at('/grok/v1/videos/edits') },
		],
	];

	test('what the service does otherwise is told in the right rows, and in no others', async () => {
		for (const [, , fault] of CHANGES) node.simulator.addFault(fault);
		const { rows } = await node.run(CHECK);
		const others = rows.filter((row) => row.result !== 'ok' && row.result !== 'notAsked');
		expect(others.map((row) => [row.route, row.result])).toEqual(CHANGES.map(([route, result]) => [route, result]));
	});

	test.each([
		['a task', { id: 'task_made', task_id: 'task_made', status: 'queued' }, /task_made/],
		['neither a task nor a refusal', { accepted: 'maybe' }, /maybe/],
	])('an answer to a create that holds %s stops everything', async (_what, body, words) => {
		node.simulator.addFault({ on: 'create', kind: 'reply', status: 200, body });
		const { error } = await node.run(CHECK);
		expect(errorText(error)).toMatch(words);
		expect(errorText(error)).toMatch(/stopped.*billed/);
		expect(node.creates()).toHaveLength(1);
	});

	test('a key that is not accepted is one error, not fifty rows', async () => {
		const { error } = await node.run(CHECK, { apiKey: 'sk-anotherKeyThatIsWrong' });
		expect(errorText(error)).toMatch(/does not accept the API key/);
		expect(node.simulator.requests).toHaveLength(1);
	});

	test('Stop ends it with the request under way', async () => {
		const run = await node.start(CHECK);
		let looks = 0;
		node.simulator.addFault({
			...{ on: 'status', kind: 'reply', status: 404, body: {}, times: Infinity },
			when() {
				looks += 1;
				if (looks === 3) run.cancel();
				return false;
			},
		});
		const { rows, engineRun } = await toNodeRun(run);
		const asked = node.simulator.requests.length;
		// A request behind the user's back would be there by then.
		await sleep(100);
		expect(engineRun.run.status).toBe('canceled');
		expect(rows).toEqual([]);
		expect([looks, node.simulator.requests.length]).toEqual([3, asked]);
		expect(node.creates()).toEqual([]);
	});

	test('who is out of reach is not asked fifty times', async () => {
		node.simulator.addFault({ on: 'status', kind: 'resetBeforeAccept', times: Infinity });
		const { rows } = await node.run(CHECK);
		expect(rows.filter(({ result }) => result === 'noAnswer')).toHaveLength(3);
		expect(node.creates()).toEqual([]);
	});
});

describe('npm run doctor', () => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'doctor-'));
	});

	afterEach(() => {
		rmSync(folder, { recursive: true });
	});

	const open = () => ({
		ask: askByFetch(node.simulator.baseUrl, SIMULATOR_API_KEY),
		fixtures: new LiveFixtures(folder, node.simulator.baseUrl, [SIMULATOR_API_KEY], '2026-11-27', 'live'),
		catalogue: parseCatalogue(CATALOG),
	});
	const spentUsd = () =>
		[...node.simulator.tasks.values()].reduce((sum, { details }) => sum + details.quota, 0) / 500_000;

	test.each([0.4, 1])('paid clips stay under the cap of %d USD', async (maxUsd) => {
		const { ask, fixtures, catalogue } = open();
		const providers = ['flux', 'happyHorse', 'minimax', 'sora', 'veo', 'vidu', 'wan'];
		const clips = await makePaidClips(ask, catalogue, { providers, maxUsd, fixtures });
		expect(clips.reduce((sum, { estimatedUsd }) => sum + estimatedUsd, 0)).toBeLessThanOrEqual(maxUsd);
		expect(spentUsd()).toBeLessThanOrEqual(maxUsd);
		expect(node.creates().length).toBeGreaterThan(0);
		expect(clips.some(({ outcome }) => outcome.includes('would go over'))).toBe(true);
	});

	test('only the chosen providers, and nothing after a create of which nobody knows what has become', async () => {
		const { ask, fixtures, catalogue } = open();
		node.simulator.addFault({ on: 'create', kind: 'resetAfterAccept' });
		const settings = { providers: ['seedance', 'wan'], maxUsd: 5, fixtures };
		const clips = await makePaidClips(ask, catalogue, settings);
		expect(clips.map(({ provider }) => provider)).toEqual(['Seedance']);
		expect(node.creates()).toHaveLength(1);
	});

	test('what is written is dated and live, has the reading of our reader, and nothing of the account', async () => {
		const { ask, fixtures, catalogue } = open();
		await makePaidClips(ask, catalogue, { providers: ['wan'], maxUsd: 5, fixtures });
		const [task] = node.simulator.tasks.values();
		const texts = readdirSync(join(folder, 'wan')).map((name) => readFileSync(join(folder, 'wan', name), 'utf8'));
		expect(texts.length).toBeGreaterThan(2);
		for (const text of texts) {
			expect(text).toContain('"provenance": "live"');
			expect(text).toContain('"checkedOn": "2026-11-27"');
			expect(text).not.toContain(SIMULATOR_API_KEY);
			expect(text).not.toContain(task.id);
			expect(text).not.toContain(node.simulator.resultOrigin);
		}
		const ended = texts
			.map((text) => JSON.parse(text) as IDataObject)
			.find(({ body }) => (body as IDataObject).video_url);
		expect(ended).toMatchObject({
			ref: { provider: 'wan', taskId: 'task_redacted', route: '/v1/videos' },
			expect: { status: 'succeeded', assets: [{ sources: [{ url: 'https://example.com/redacted.mp4' }, {}] }] },
		});
	});
});

test('an answer is written without keys, links, ids and names of the account', () => {
	const answer = {
		message:
			'Key sk-abcdefghijklmnop of anna@example.org (request id: 20261127ABC) group vip and https://a.example/v.mp4?sig=1',
		data: {
			name: 'anna',
			total_available: 12,
			user_id: 7,
			nested: [{ key: 'zzz', url: 'https://s3.example/u/7?X-Sig=2' }],
		},
		model_name: 'kling-v3',
		task: 'task_1 and secret-text',
		picture: 'data:image/png;base64,AAAA',
		expires_at: 1800000000,
	};
	expect(redact(answer, ['secret-text'], new Map([['task_1', 'task_redacted']]))).toEqual({
		message:
			'Key redacted of redacted@example.com (request id: redacted) group redacted and https://example.com/redacted.mp4',
		data: {
			name: 'redacted',
			total_available: 0,
			user_id: 0,
			nested: [{ key: 'redacted', url: 'https://example.com/redacted' }],
		},
		model_name: 'kling-v3',
		task: 'task_redacted and redacted',
		picture: 'data:redacted',
		expires_at: 0,
	});
});
