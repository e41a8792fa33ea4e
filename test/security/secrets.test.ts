/** A key is in no error, no row, no file, no line of a log and no message to the editor, whatever goes wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import type { Fault, FaultTarget } from '../simulator/simulator';
import { SIMULATOR_ACCESS_TOKEN, SIMULATOR_API_KEY } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength, firstOfEach } from '../support/longRun';
import { N8N_API_KEY } from '../support/n8nApi';
import { repositoryFiles } from '../support/repositoryFiles';
import { everythingIn, secretsIn } from '../support/secrets';
import { TriggerNodeTest } from '../support/triggerNode';
import type { OnError } from '../support/videoNode';
import { VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };
const RECORDED = {
	...PROMPT,
	recordTasks: 'all',
	tableAccess: 'apiKey',
	dataTable: { __rl: true, mode: 'name', value: 'Videos' },
};

/** A server that says what it was asked with, in all places that a message is read from. */
const echoOf = (secret: string) => ({
	error: { message: `Invalid token ${secret}`, code: secret },
	message: `Authorization: Bearer ${secret}; x-n8n-api-key=${secret}`,
	fail_reason: secret,
});
const SAID = `denied to Bearer ${SIMULATOR_API_KEY}`;
const echoes = (on: FaultTarget, status: number): Fault[] => [
	{
		on,
		kind: 'reply',
		status,
		body: { ...echoOf(SIMULATOR_API_KEY), ...(status === 200 ? { id: 'task_1', status: 'failed' } : {}) },
		times: Infinity,
	},
];

const lines: unknown[] = [];
let node: VideoNodeTest;

beforeEach(async () => {
	lines.length = 0;
	for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
		jest.spyOn(console, method).mockImplementation((...parts: unknown[]) => void lines.push(...parts));
	}
	for (const stream of [process.stdout, process.stderr]) {
		jest.spyOn(stream, 'write').mockImplementation((part) => {
			lines.push(part);
			return true;
		});
	}
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
	jest.restoreAllMocks();
});

const SCENARIOS: ReadonlyArray<[string, INodeParameters, Fault[]]> = [
	['a video that succeeds', { ...PROMPT, options: { simplify: false } }, []],
	...[400, 401, 403, 413, 429, 500, 200].map((status): [string, INodeParameters, Fault[]] => [
		`a create that echoes (${status})`,
		{ ...PROMPT, options: { timeout: 0.2, simplify: false } },
		echoes('create', status),
	]),
	...[400, 401, 500, 200].map((status): [string, INodeParameters, Fault[]] => [
		`a status that echoes (${status})`,
		{ ...PROMPT, options: { timeout: 0.2, simplify: false, onFailure: 'return' } },
		echoes('status', status),
	]),
	['a content route that echoes', PROMPT, [{ on: 'create', kind: 'noVideoUrl' }, ...echoes('content', 403)]],
	[
		'a failed task whose reason echoes',
		PROMPT,
		[{ on: 'create', kind: 'taskFails', reason: `denied to ${SIMULATOR_API_KEY}` }],
	],
	['a balance that echoes', { resource: 'account', operation: 'getBalance' }, echoes('balance', 401)],
	['a list of models that echoes', { resource: 'model', operation: 'getAll' }, echoes('catalog', 500)],
	['a lookup that echoes', { provider: 'minimax', mode: 'textToVideoHailuo', ...PROMPT }, echoes('file', 200)],
	[
		'Kling that echoes',
		{ provider: 'kling', ...PROMPT },
		[{ on: 'create', kind: 'businessError', code: 1201, message: SAID }],
	],
	[
		'Midjourney that echoes',
		{ provider: 'midjourney', imageUrl: 'https://example.com/a.png' },
		[{ on: 'create', kind: 'businessError', code: 24, message: SAID }],
	],
	[
		'Hailuo that echoes',
		{ provider: 'minimax', mode: 'textToVideoHailuo', ...PROMPT },
		[{ on: 'create', kind: 'businessError', code: 2013, message: SAID }],
	],
	['a connection that is reset', PROMPT, [{ on: 'create', kind: 'resetBeforeAccept' }]],
	['half an answer', PROMPT, [{ on: 'create', kind: 'truncatedJson' }]],
	['a web page', PROMPT, [{ on: 'create', kind: 'html' }]],
	['tasks that are recorded', RECORDED, []],
];
const ON_ERROR: readonly OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

const RUNS = SCENARIOS.flatMap(([what, parameters, faults]) =>
	ON_ERROR.map((onError) => ({ what, onError, parameters, faults })),
);
/** A failure becomes an item in the same way whatever its words: by what was asked for, and whether there was an answer. */
const FIRST_RUNS = firstOfEach(RUNS, ({ what, onError, faults }) =>
	onError === 'stopWorkflow' ? what : [onError, faults.map(({ on, kind }) => [on, kind])],
);

test.each(atLength(FIRST_RUNS, RUNS))('$what, $onError', async ({ onError, parameters, faults }) => {
	for (const fault of faults) node.simulator.addFault(fault);
	const run = await node.run(parameters, { onError });
	const { requests } = node.simulator;
	expect(
		requests.some(({ headers }) => headers.authorization?.includes(SIMULATOR_API_KEY)) ||
			parameters.resource === 'model',
	).toBe(true);
	const binaries = await Promise.all(
		run.items.map(async (item) => (item.binary?.data ? await node.engine().readBinary(item, 'data') : '')),
	);
	const seen = [
		run.error,
		run.items,
		run.errorItems,
		run.engineRun.run,
		node.messages,
		lines,
		binaries,
		JSON.stringify([run.error, run.items]),
	];
	expect(secretsIn(everythingIn(seen))).toEqual([]);
	// The journal is a place as well.
	expect(secretsIn(everythingIn(node.n8nApi.requests.map(({ body }) => body)))).toEqual([]);
});

test("n8n's own API that echoes", async () => {
	for (const status of [400, 401, 403, 500]) {
		node.n8nApi.addFault({ kind: 'reply', status, body: echoOf(N8N_API_KEY), times: Infinity } as never);
		const run = await node.run(RECORDED);
		expect(errorText(run.error)).not.toBe('');
		expect(secretsIn(everythingIn([run.error, run.items, lines, node.messages]))).toEqual([]);
		node.n8nApi.clearFaults();
	}
});

test.each([401, 403, 429, 500, 200])('the list of the account that echoes (%d)', async (status) => {
	const trigger = await TriggerNodeTest.start({ watch: 'account' });
	trigger.simulator.addFault({
		on: 'taskList',
		kind: 'reply',
		status,
		body: { ...echoOf(SIMULATOR_ACCESS_TOKEN), success: false },
		times: Infinity,
	});
	const error = await trigger.activationError();
	expect(error.message).not.toBe('');
	expect(secretsIn(everythingIn([error, trigger.errors, trigger.started, trigger.stored, lines]))).toEqual([]);
	await trigger.close();
});

test('no fixture, snapshot, example or text of the package has anything like a key', () => {
	const root = join(__dirname, '../..');
	const places =
		/^(test\/fixtures|test\/description\/__snapshots__|examples|nodes|credentials)\/|^(README|CHANGELOG)\.md$/;
	const files = repositoryFiles(root).filter((path) => places.test(path));
	const texts = files
		.filter((name) => /\.(json|snap|md|ts|svg)$/.test(name))
		.map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
	expect(texts.length).toBeGreaterThan(100);
	const isKey =
		/\bsk-[A-Za-z0-9_-]{12,}|\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+|Bearer\s+(?!\$|<|…|\\)[\w.-]{16,}|AKIA[0-9A-Z]{16}|X-Amz-Credential/;
	expect(texts.filter(({ text }) => isKey.test(text) || secretsIn(text).length > 0).map(({ name }) => name)).toEqual(
		[],
	);
});
