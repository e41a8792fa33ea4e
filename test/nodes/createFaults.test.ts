/** Everything that can go wrong between the click and the task id: what the user reads, and that nothing is paid twice. */
import type { Fault } from '../simulator/simulator';
import { documentedReplies } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { UNREACHABLE, VideoNodeTest } from '../support/videoNode';

const PROMPT = { prompt: 'A lighthouse in a storm' };

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 20 });
});

afterEach(async () => {
	await node.close();
});

interface Refusal {
	what: string;
	fault: Fault;
	reads: RegExp;
	httpStatus: number;
}

const REFUSALS: Refusal[] = [
	{
		what: 'a wrong key (401)',
		fault: { on: 'create', ...documentedReplies.invalidKey },
		reads: /does not accept the API key: Invalid token.*Open the credential "CometAPI Video API"/s,
		httpStatus: 401,
	},
	{
		what: 'no credit (403)',
		fault: { on: 'create', ...documentedReplies.noCredit },
		reads: /account is out of credit: user quota is not enough.*Add credit in the CometAPI console/s,
		httpStatus: 403,
	},
	{
		what: 'no credit, which only the type of the error says (429)',
		fault: {
			on: 'create',
			kind: 'reply',
			status: 429,
			body: { error: { message: 'limit reached', type: 'insufficient_quota' } },
		},
		reads: /account is out of credit: limit reached.*Add credit in the CometAPI console/s,
		httpStatus: 429,
	},
	{
		what: 'a bad field (400)',
		fault: {
			on: 'create',
			kind: 'reply',
			status: 400,
			body: { code: 'InvalidParameter', message: 'duration is out of range' },
		},
		reads: /refused the request \(HTTP 400\): duration is out of range.*Correct the field/s,
		httpStatus: 400,
	},
	{
		what: 'an unknown model (503 model_not_found)',
		fault: { on: 'create', ...documentedReplies.unknownModel },
		reads: /no such model for this key: no available channel.*Choose another model/s,
		httpStatus: 503,
	},
	{
		what: '500 invalid_request, which is a refusal',
		fault: { on: 'create', ...documentedReplies.invalidRequest500 },
		reads: /refused the request \(HTTP 500\): invalid request.*Correct the field/s,
		httpStatus: 500,
	},
	{
		what: 'files that are too large (413)',
		fault: { on: 'create', ...documentedReplies.tooLarge },
		reads: /too large for CometAPI: request body too large.*smaller or fewer files/s,
		httpStatus: 413,
	},
];

describe.each(REFUSALS)('$what', ({ fault, reads, httpStatus }) => {
	test('stops with a message that says what to do, after one create', async () => {
		node.simulator.addFault(fault);
		const { error, items } = await node.run(PROMPT);
		expect(errorText(error)).toMatch(reads);
		expect(errorText(error)).toMatch(/Request ID: \d{14}/);
		expect(error?.context).toMatchObject({ itemIndex: 0, details: { httpStatus, provider: 'seedance' } });
		expect(items).toEqual([]);
		expect(node.creates()).toHaveLength(1);
		expect(node.simulator.tasks.size).toBe(0);
	});
});

test('refusals arrive at the error output, while the other item gets its video', async () => {
	for (const { what, fault } of REFUSALS) node.simulator.addFault({ ...fault, when: isPrompt(what) });
	const prompts = [...REFUSALS.map(({ what }) => what), 'good'];
	const { items, errorItems } = await node.run(
		{ prompt: '={{ $json.prompt }}' },
		{ onError: 'continueErrorOutput', items: prompts.map((prompt) => ({ json: { prompt } })) },
	);
	expect(items).toMatchObject([{ json: { status: 'succeeded' }, pairedItem: { item: REFUSALS.length } }]);
	// n8n adds the fields of the input item.
	expect(errorItems).toMatchObject(
		REFUSALS.map(({ what, reads, httpStatus }, item) => ({
			json: {
				prompt: what,
				details: { httpStatus, provider: 'seedance' },
				message: expect.stringMatching(reads),
			},
			pairedItem: { item },
		})),
	);
	expect(node.creates()).toHaveLength(prompts.length);
});

describe('a create that was certainly not accepted is sent again', () => {
	test.each([
		['429 with Retry-After', documentedReplies.tooManyRequests(7), 7000],
		['429 without it', documentedReplies.tooManyRequests(), 1500],
		['429 with an empty body', documentedReplies.tooManyRequestsEmpty, 1500],
		['a saturated provider', documentedReplies.providerSaturated, 1500],
	])('%s', async (_what, reply, pauseMs) => {
		node.simulator.addFault({ on: 'create', ...reply });
		const { rows } = await node.run(PROMPT);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
		expect(node.simulator.tasks.size).toBe(1);
		expect(node.clock.sleeps[0]).toBe(pauseMs);
	});

	test('a Retry-After of an hour is cut to a minute', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(3600) });
		await node.run(PROMPT);
		expect(node.clock.sleeps[0]).toBe(60_000);
	});

	test('one limited item makes the others wait as well', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(20) });
		const { rows } = await node.run(
			{ ...PROMPT, options: { maxTasksInFlight: 1 } },
			{ items: [{ json: {} }, { json: {} }] },
		);
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(node.simulator.tasks.size).toBe(2);
	});

	test('but not for ever', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.tooManyRequests(), times: Infinity });
		const { error } = await node.run(PROMPT);
		expect(errorText(error)).toMatch(/limiting the number of requests \(HTTP 429\).*Videos at the Same Time/s);
		expect(node.creates()).toHaveLength(6);
		expect(node.simulator.tasks.size).toBe(0);
	});

	test('a refused connection', async () => {
		const { error } = await node.run(PROMPT, { baseUrl: UNREACHABLE });
		expect(errorText(error)).toMatch(/could not be reached at 127\.0\.0\.1:\d+ \(ECONNREFUSED\).*Base URL/s);
		expect(node.clock.sleeps).toEqual([1500, 2500, 4500, 8500, 16500]);
	});
});

const AMBIGUOUS: Array<{ what: string; fault: Fault; exists: boolean; reads: RegExp }> = [
	{
		what: '502',
		fault: { on: 'create', ...documentedReplies.badGateway },
		exists: false,
		reads: /internal fault \(HTTP 502\)/,
	},
	{
		what: '500',
		fault: { on: 'create', ...documentedReplies.internalError },
		exists: false,
		reads: /internal fault \(HTTP 500\)/,
	},
	{
		what: "500 with words about credit, which may be CometAPI's own at the provider,",
		fault: { on: 'create', kind: 'reply', status: 500, body: { error: { message: 'insufficient account balance' } } },
		exists: false,
		reads: /internal fault \(HTTP 500\): insufficient account balance/,
	},
	{ what: '524', fault: { on: 'create', ...documentedReplies.timeoutOccurred }, exists: false, reads: /HTTP 524/ },
	{
		what: 'HTML instead of JSON',
		fault: { on: 'create', kind: 'html' },
		exists: false,
		reads: /a web page instead of data/,
	},
	{
		what: 'a reset before the request was accepted',
		fault: { on: 'create', kind: 'resetBeforeAccept' },
		exists: false,
		reads: /was lost \(ECONNRESET\)/,
	},
	{
		what: 'a reset after it was accepted',
		fault: { on: 'create', kind: 'resetAfterAccept' },
		exists: true,
		reads: /was lost \(ECONNRESET\)/,
	},
	{
		what: 'truncated JSON',
		fault: { on: 'create', kind: 'truncatedJson' },
		exists: true,
		reads: /answer of CometAPI was incomplete/,
	},
	{
		what: 'a server that hangs',
		fault: { on: 'create', kind: 'stall', accept: true },
		exists: true,
		reads: /did not answer in time/,
	},
	{
		what: 'an answer without a task id',
		fault: { on: 'create', kind: 'reply', status: 200, body: { object: 'video', status: 'queued' } },
		exists: false,
		reads: /names no task/,
	},
];

describe('a create after which nobody knows whether the task exists', () => {
	const parameters = {
		prompt: '={{ $json.prompt }}',
		options: { requestTimeout: 1, maxTasksInFlight: AMBIGUOUS.length },
	};
	const items = AMBIGUOUS.map(({ what }) => ({ json: { prompt: what } }));
	const promptsOf = () => node.creates().map(({ form }) => form?.fields.find(([name]) => name === 'prompt')?.[1] ?? '');
	const expectOneCreateEach = () => {
		expect(promptsOf().sort()).toEqual(AMBIGUOUS.map(({ what }) => what).sort());
		expect(node.simulator.tasks.size).toBe(AMBIGUOUS.filter(({ exists }) => exists).length);
	};

	beforeEach(() => {
		for (const { what, fault } of AMBIGUOUS) node.simulator.addFault({ ...fault, when: isPrompt(what) });
	});

	test('is not repeated, and the user is told', async () => {
		const { items: rows, errorItems } = await node.run(parameters, { items, onError: 'continueErrorOutput' });
		expect(rows).toEqual([]);
		expect(errorItems.map(({ json }) => json.prompt)).toEqual(AMBIGUOUS.map(({ what }) => what));
		for (const [index, { reads }] of AMBIGUOUS.entries()) {
			const text = JSON.stringify(errorItems[index].json);
			expect(text).toMatch(/not known whether CometAPI created the video/);
			expect(text).toMatch(reads);
			expect(text).toMatch(/was not sent again.*CometAPI console/s);
		}
		expectOneCreateEach();
	});

	test('nor by Retry On Fail', async () => {
		const { error } = await node.run(parameters, { items, retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video/);
		expect(errorText(error)).toMatch(/was not sent again.*CometAPI console/s);
		expectOneCreateEach();
	});

	test('an error of a single one reads the same', async () => {
		node.simulator.clearFaults();
		node.simulator.addFault({ on: 'create', kind: 'resetAfterAccept' });
		const { error } = await node.run(PROMPT, { retryOnFail: true });
		expect(errorText(error)).toMatch(/not known whether CometAPI created the video.*was lost \(ECONNRESET\)/s);
		expect(errorText(error)).toMatch(/was not sent again.*CometAPI console/s);
		expect(node.creates()).toHaveLength(1);
	});
});

describe('Retry On Fail', () => {
	test('takes the existing tasks up again instead of paying twice', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const { rows } = await node.run(
			{ prompt: '={{ $json.prompt }}' },
			{
				retryOnFail: true,
				items: [{ json: { prompt: 'one' } }, { json: { prompt: 'two' } }],
			},
		);
		expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
		expect(node.simulator.tasks.size).toBe(2);
	});

	test('does not buy a failed video a second time', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', upstreamStatus: 'VIOLATION' });
		const { error } = await node.run(PROMPT, { retryOnFail: true });
		expect(errorText(error)).toMatch(/VIOLATION/);
		expect(node.creates()).toHaveLength(1);
	});

	test('creates again what was refused', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.noCredit });
		const { rows } = await node.run(PROMPT, { retryOnFail: true });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
		expect(node.simulator.tasks.size).toBe(1);
	});

	test('does not run a successful node again', async () => {
		await node.run(PROMPT, { retryOnFail: true });
		expect(node.creates()).toHaveLength(1);
	});
});

describe('the retry of a failed execution by a person', () => {
	test('takes up the tasks that exist', async () => {
		node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
		const failed = await node.run(PROMPT);
		expect(failed.error).toBeDefined();
		const { rows } = await node.run(PROMPT, { retryOf: failed });
		expect(rows).toMatchObject([{ status: 'succeeded', taskId: [...node.simulator.tasks.keys()][0] }]);
		expect(node.creates()).toHaveLength(1);
	});

	test('orders again what failed', async () => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const failed = await node.run(PROMPT);
		const { rows } = await node.run(PROMPT, { retryOf: failed });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
	});

	test('sends again what had an unknown outcome: the person has looked', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.badGateway });
		const failed = await node.run(PROMPT);
		const { rows } = await node.run(PROMPT, { retryOf: failed });
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
		expect(node.creates()).toHaveLength(2);
	});
});

test('an item that fails names the tasks of the others, which are paid for', async () => {
	node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: isPrompt('bad') });
	const { error } = await node.run(
		{ prompt: '={{ $json.prompt }}' },
		{ items: [{ json: { prompt: 'good' } }, { json: { prompt: 'bad' } }, { json: { prompt: 'also good' } }] },
	);
	const [first, second, third] = [...node.simulator.tasks.keys()];
	const text = errorText(error);
	for (const taskId of [first, second, third]) expect(text).toContain(taskId);
	expect(text).toMatch(/Other tasks of this run exist at CometAPI/);
});

test('an item that is refused before anything is sent says which one it is, counted from 1, and that nothing was created', async () => {
	const { error } = await node.run(
		{ prompt: '={{ $json.prompt }}' },
		{ items: ['a', 'b', ''].map((prompt) => ({ json: { prompt } })) },
	);
	expect(errorText(error)).toMatch(/^Prompt is empty in item 3; nothing was created$/m);
	expect(node.creates()).toEqual([]);
});

test('an item that fails tells of the others of which nobody knows whether they exist', async () => {
	node.simulator.addFault({ on: 'create', kind: 'resetAfterAccept', times: 3 });
	const { error } = await node.run(
		{ prompt: '={{ $json.prompt }}' },
		{ items: ['a', 'b', 'c'].map((prompt) => ({ json: { prompt } })) },
	);
	expect(errorText(error)).toMatch(/This is item 1 of 3\..*not known whether the videos of items 2, 3 were created/);
	// n8n would show it behind the message, counted from 0.
	expect(error?.context.itemIndex).toBeUndefined();
});

test('the last try of Retry On Fail names the tasks of all tries', async () => {
	const parameters = { prompt: '={{ $json.prompt }}', options: { maxTasksInFlight: 12 } };
	const items = Array.from({ length: 12 }, (_, index) => ({ json: { prompt: `Scene ${index}` } }));
	// The first try ends after its creates; the second one at the first answer, long before it gets to the last item.
	node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: isPrompt('Scene 0') });
	const { error } = await node.run(parameters, { items, retryOnFail: true });
	expect(node.simulator.tasks.size).toBe(12);
	for (const taskId of node.simulator.tasks.keys()) expect(errorText(error)).toContain(taskId);
});

test('and those whose prompt was another one in each try', async () => {
	let tries = 0;
	node.simulator.addFault({
		on: 'create',
		kind: 'taskFails',
		reason: 'out of paint',
		times: Infinity,
		when: () => ++tries > 0,
	});
	const { error } = await node.run({ prompt: '={{ "Scene " + Math.random() }}' }, { retryOnFail: true });
	expect(node.simulator.tasks.size).toBeGreaterThan(1);
	for (const taskId of node.simulator.tasks.keys()) expect(errorText(error)).toContain(taskId);
});

test('a success tells of them too, below the output', async () => {
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
	const { rows, hints } = await node.run({ prompt: '={{ "Scene " + Math.random() }}' }, { retryOnFail: true });
	const [left, delivered] = [...node.simulator.tasks.keys()];
	expect(rows).toMatchObject([{ status: 'succeeded', taskId: delivered }]);
	expect(hints).toContainEqual(expect.stringContaining(`not in this output: ${left} (item 1).`));
});

test('an error before the creates of a later try names what the earlier one has created', async () => {
	node.simulator.addFault({ on: 'status', kind: 'reply', status: 401, body: {} });
	const { error } = await node.run(
		{ prompt: '={{ $json.prompts.shift() }}' },
		{ retryOnFail: true, items: [{ json: { prompts: ['A fox', '', '', ''] } }] },
	);
	expect(node.simulator.tasks.size).toBe(1);
	expect(errorText(error)).toMatch(/Prompt/);
	expect(errorText(error)).toContain([...node.simulator.tasks.keys()][0]);
});

test('and of a video of which nobody knows whether an earlier try has created it', async () => {
	node.simulator.addFault({ on: 'create', kind: 'resetAfterAccept' });
	const { rows, hints } = await node.run({ prompt: '={{ "Scene " + Math.random() }}' }, { retryOnFail: true });
	expect(rows).toMatchObject([{ status: 'succeeded' }]);
	expect(hints).toContainEqual(expect.stringMatching(/not known whether the video of item 1 was created/));
});

function isPrompt(prompt: string): NonNullable<Fault['when']> {
	return ({ form }) => form?.fields.some(([name, value]) => name === 'prompt' && value === prompt) ?? false;
}
