/** No text from outside holds n8n up, whatever it consists of, and none comes back whole. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import {
	assertMeant,
	assertNoExpressionText,
	assertNoForgottenExpression,
	assertTaskId,
} from '../../nodes/CometApiVideo/task/checkText';
import { CometApiVideoError, cleanServerText, withReason } from '../../nodes/CometApiVideo/task/errors';
import { showValue } from '../../nodes/CometApiVideo/task/shownText';
import { isPrivateHost } from '../../nodes/CometApiVideo/service/origin';
import { errorText } from '../support/errorText';
import { TriggerNodeTest } from '../support/triggerNode';
import { VideoNodeTest } from '../support/videoNode';

const LENGTH = 1_000_000;
/** A pattern that is not linear needs many minutes for a text of this length; a busy machine some tenths of a second. */
const LIMIT_MS = 10_000;

const repeated = (part: string) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);

const TEXTS: Array<[string, string]> = [
	['blanks', `a${repeated(' ')}b`],
	['line breaks', `a${repeated('\r\n')}b`],
	['braces', repeated('{')],
	['open expressions', repeated('{{ ')],
	['closed braces', repeated('}} {')],
	['brackets', repeated('[')],
	['request ids', repeated('(request id: ')],
	['quotes', repeated('"')],
	['backslashes', repeated('\\')],
	['marks that combine', `e${repeated('\u0301')}`],
	['links', repeated('https://')],
	['links with queries', repeated('https://a.b?')],
	['keys', repeated('sk-')],
	['key headers', repeated('Bearer ')],
	['slashes', `a${repeated('/')}b`],
	['dots', `a${repeated('.')}b`],
	['control characters', repeated('\u0007\u202E')],
	['halves of characters', repeated('\uD83D')],
];

/** Any refusal is fine here. */
function tried(work: () => void): void {
	try {
		work();
	} catch {
		// Only the time counts.
	}
}

describe.each(TEXTS)('a megabyte of %s', (_what, text) => {
	test.each<[string, (value: string) => unknown]>([
		['from a server', cleanServerText],
		['as a reason', (value) => withReason('It failed', value)],
		['in an error', (value) => new CometApiVideoError(value, value, { errorCode: value, videoUrl: value }).message],
		['as an advice', (value) => new CometApiVideoError('It failed', value).advice],
		['as a value', showValue],
		['as a fixed text', (value) => tried(() => assertNoExpressionText('Prompt', value))],
		['in rows', (value) => tried(() => assertNoForgottenExpression('Shots', [{ scene: value }]))],
		['as a prompt', (value) => tried(() => assertMeant('Prompt', value))],
		['as a task ID', (value) => tried(() => assertTaskId('Task ID', value))],
		['as a host', (value) => isPrivateHost(value)],
	])('%s', (_way, work) => {
		const start = performance.now();
		const result = work(text);
		expect(performance.now() - start).toBeLessThan(LIMIT_MS);
		if (typeof result === 'string') expect(result.length).toBeLessThanOrEqual(800);
	});
});

describe('through the node', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	const NASTY = TEXTS.filter(([what]) => ['blanks', 'open expressions', 'request ids', 'links'].includes(what));
	const fromData = (parameters: INodeParameters) => ({ prompt: 'x', waitForCompletion: false, ...parameters });

	const WAYS: Array<[string, INodeParameters]> = [
		['a prompt', fromData({ prompt: '={{ $json.text }}' })],
		['a size', fromData({ size: '={{ $json.text }}' })],
		['a length', fromData({ seconds: '={{ $json.text }}' })],
		['a model', fromData({ model: { __rl: true, mode: 'id', value: '={{ $json.text }}' } })],
		['a picture link', fromData({ mode: 'imageToVideo', imagesUrl: '={{ $json.text }}' })],
		['picture data', fromData({ mode: 'imageToVideo', imagesSource: 'data', imagesData: '={{ $json.text }}' })],
		['a poll interval', fromData({ options: { pollInterval: '={{ $json.text }}' } })],
		['more fields', fromData({ options: { extraBodyFields: '={{ $json.text }}' } })],
		['a task ID', { resource: 'task', operation: 'get', taskId: '={{ $json.text }}' }],
		[
			'a route',
			{ resource: 'task', operation: 'get', taskId: 'a', taskProvider: 'wan', options: { route: '={{ $json.text }}' } },
		],
	];

	test.each(WAYS)('%s', async (_way, parameters) => {
		for (const [, text] of NASTY) {
			const start = performance.now();
			const { error } = await node.run(parameters, { items: [{ json: { text } }] });
			expect(performance.now() - start).toBeLessThan(LIMIT_MS);
			if (error) expect(errorText(error).length).toBeLessThan(2000);
		}
	});

	test.each<[string, number, (text: string) => IDataObject]>([
		['an error body', 400, (text) => ({ error: { message: text, code: text } })],
		['the body of a refusal', 200, (text) => ({ error: { message: text }, message: text })],
	])('%s', async (_way, status, body) => {
		for (const [, text] of NASTY) {
			node.simulator.addFault({ on: 'create', kind: 'reply', status, body: body(text) });
			const start = performance.now();
			const { error } = await node.run({ prompt: 'x' });
			expect(performance.now() - start).toBeLessThan(LIMIT_MS);
			expect(errorText(error)).not.toBe('');
			expect(`${errorText(error)}${JSON.stringify(error?.context)}`.length).toBeLessThan(3000);
		}
	});
});

describe('a megabyte in a place where a word belongs', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	const REASON = `out of\u0000 paint\u0007\u202E ${repeated('\u0001no\r\n')}`;
	const UNSEEN = /[\p{Cc}\u2028-\u202E]/u;
	const table = { recordTasks: 'all', tableAccess: 'apiKey' };

	test('the reason of a failed task is a line of 500 characters in row, error, table and trigger', async () => {
		const body = { id: 'task_1', status: 'failed', error: { message: REASON } };
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: Infinity });
		const row = await node.run({ prompt: 'x', ...table, options: { onFailure: 'return' } });
		const error = await node.run({ prompt: 'y', ...table });
		const [recorded] = node.n8nApi.table('CometAPI Tasks').rows;
		for (const reason of [row.rows[0].failureReason, recorded.failureReason]) {
			expect(reason).toMatch(/^out of paint no/);
			expect(String(reason).length).toBeLessThanOrEqual(500);
			expect(UNSEEN.test(String(reason))).toBe(false);
		}
		expect(errorText(error.error)).toMatch(/out of paint no/);
		expect(errorText(error.error).length).toBeLessThan(1500);
		expect(JSON.stringify(row.engineRun.run.data.resultData).length).toBeLessThan(20_000);
		const trigger = await TriggerNodeTest.start({ watch: 'listed', listAs: 'json', tasksJson: '["task_1"]' });
		await trigger.activate().catch(() => {});
		trigger.simulator.addFault({ on: 'status', kind: 'reply', status: 200, body, times: Infinity });
		const [started] = await trigger.poll();
		expect(started.failureReason).toMatch(/^out of paint no/);
		expect(String(started.failureReason).length).toBeLessThanOrEqual(500);
		await trigger.close();
	});

	test.each([
		['that HTTP itself refuses', LENGTH, /not known whether CometAPI created the video/],
		['that is just short enough for it', 15_000, /HTTP 400/],
	])('a header %s', async (_what, length, reads) => {
		const long = 'x'.repeat(length);
		const headers = { 'x-cometapi-request-id': long };
		node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: { message: 'no' }, headers });
		const { error } = await node.run({ prompt: 'x' });
		expect(errorText(error)).toMatch(reads);
		expect(`${errorText(error)}${JSON.stringify(error?.context)}`.length).toBeLessThan(3000);
		expect(node.creates()).toHaveLength(1);
	});

	/** A row that is looked at all the same, and one that cannot be. */
	const CELLS = ['prompt', 'model', 'mode', 'provider', 'route', 'status', 'failureReason', 'createdAt', 'heldUntil'];

	test.each([...CELLS, 'taskId'])('the cell %s of a table', async (column) => {
		node.n8nApi.addTable('CometAPI Tasks', JOURNAL_COLUMNS);
		const known = { provider: 'seedance', route: '/v1/videos', status: 'pending' };
		const { rows } = await node.run({ prompt: 'x', waitForCompletion: false });
		node.clock.advance(100_000);
		const bad = TEXTS.filter(([what]) => ['blanks', 'dots', 'slashes', 'open expressions'].includes(what));
		const cells = bad.map(([, text]) => ({ ...known, taskId: rows[0].taskId as string, [column]: text }));
		node.n8nApi.addRows('CometAPI Tasks', [...cells, { ...known, taskId: rows[0].taskId as string }]);
		const trigger = TriggerNodeTest.in(node, { watch: 'dataTable' });
		const start = performance.now();
		const { rows: got, error } = await node.run({
			...{ resource: 'task', operation: 'get', useRecordedTasks: true, tableAccess: 'apiKey' },
			...{ limit: 50, options: { simplify: true } },
		});
		await trigger.activate();
		const started = await trigger.poll();
		expect(performance.now() - start).toBeLessThan(LIMIT_MS);
		expect(errorText(error)).toBe('');
		expect(got.some(({ status, taskId }) => status === 'succeeded' && taskId === rows[0].taskId)).toBe(true);
		expect(started.length + got.length).toBeGreaterThan(0);
		for (const { message } of trigger.errors) expect(message.length).toBeLessThan(1000);
	});
});

test('what is shown of a text has no keys, no signatures and nothing unseen', () => {
	const said =
		'no\u0007pe\u202E sk-abcdefghijkl Bearer abcdefghijkl https://u:p@files.example.com/a.mp4?X-Signature=abc#d (request id: 2026) end';
	expect(cleanServerText(said)).toBe('no pe sk-… Bearer … https://files.example.com/a.mp4?… end');
	const link = 'At https://a.b/c?token=1\n';
	const { message, advice, details } = new CometApiVideoError(link, link, { requestId: 'sk-abcdefghijkl' });
	expect([message, advice]).toEqual(['At https://a.b/c?… ', 'At https://a.b/c?… ']);
	expect(details.requestId).toBe('sk-…');
});

test('what lies behind the cut is not even looked at: no pattern brings it forward', () => {
	expect(cleanServerText(`https://a.b?${repeated('x')} the end`)).toBe('https://a.b?…');
});
