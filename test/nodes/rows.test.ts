/** The rows that people read: which columns they have, in which order, and the item's own beside them. */
import type { INodeParameters } from 'n8n-workflow';
import { documentedReplies } from '../simulator/simulator';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const PROMPT = { prompt: 'A lighthouse in a storm', downloadVideo: false };
/** Names of the columns, in the order of the row. */
const columnsOf = async (parameters: INodeParameters) => Object.keys((await node.run(parameters)).rows[0]);
const GET = { resource: 'task', operation: 'get', taskId: '={{ $json.taskId }}' };

describe('a row', () => {
	test('has few columns, what people read first coming first', async () => {
		const { rows } = await node.run(PROMPT);
		expect(Object.keys(rows[0])).toMatchSnapshot();
		expect(rows[0]).toMatchObject({
			...{ status: 'succeeded', prompt: PROMPT.prompt, provider: 'seedance', model: 'doubao-seedance-2-0' },
			...{ durationSeconds: 5, estimatedCostUsd: 0.684, route: '/v1/videos', failureReason: null },
		});
	});

	test('has the same ones before the end, and says so if the wait was too short', async () => {
		const finished = await columnsOf(PROMPT);
		expect(await columnsOf({ ...PROMPT, waitForCompletion: false })).toEqual(finished);
		const late = { ...PROMPT, options: { timeout: 0.1, onTimeout: 'return' } };
		expect(await columnsOf(late)).toEqual([...finished, 'timedOut']);
	});

	test('has the details with Simplify off', async () => {
		expect(await columnsOf({ ...PROMPT, options: { simplify: false } })).toMatchSnapshot();
	});

	test('has the beginning of a long prompt, and keeps it in the Task operations', async () => {
		const { rows } = await node.run({ ...PROMPT, prompt: 'A kite. '.repeat(100) });
		const { prompt } = rows[0];
		expect(prompt).toHaveLength(200);
		expect(prompt).toMatch(/^A kite\. A kite.*…$/);
		const read = await node.run(GET, { items: [{ json: rows[0] }] });
		expect(read.rows).toMatchObject([{ prompt }]);
		const unknown = await node.run({ ...GET, taskId: rows[0].taskId as string });
		expect(unknown.rows).toMatchObject([{ prompt: null }]);
	});

	test.each(['wait', 'download'])('has the link that was looked up: Task > %s', async (operation) => {
		const hailuo = { ...PROMPT, provider: 'minimax', mode: 'textToVideoHailuo' };
		const generated = await node.run({ ...hailuo, downloadVideo: true });
		expect(generated.rows[0].videoUrl).toMatch(/^http/);
		const { fileId, ...row } = generated.rows[0];
		const { rows } = await node.run(
			{ resource: 'task', operation, taskId: '={{ $json.taskId }}' },
			{ items: [{ json: { ...row, videoUrl: null } }] },
		);
		expect(rows).toMatchObject([{ fileId, videoUrl: expect.stringMatching(/^http/) as string }]);
	});
});

describe('Include Input Fields', () => {
	const OPTIONS = { options: { includeInputFields: true } };
	const ITEM = { sku: 'A-1', status: 'approved', nested: { a: 1 } };

	test("keeps the item's own columns behind those of the row, which win", async () => {
		const { rows } = await node.run({ ...PROMPT, ...OPTIONS }, { items: [{ json: ITEM }] });
		expect(Object.keys(rows[0])).toEqual([...(await columnsOf(PROMPT)), 'sku', 'nested']);
		expect(rows[0]).toMatchObject({ sku: 'A-1', status: 'succeeded', nested: { a: 1 } });
	});

	test('is off by itself', async () => {
		const { rows } = await node.run(PROMPT, { items: [{ json: ITEM }] });
		expect(rows[0]).not.toHaveProperty('sku');
	});

	test('leaves out a column that n8n would take for a failure, and error rows as they are', async () => {
		node.simulator.addFault({ on: 'create', ...documentedReplies.noCredit });
		const items = [{ json: { error: 'old', sku: 'A-1' } }, { json: { error: 'old', sku: 'A-2' } }];
		const { rows } = await node.run(
			{ ...PROMPT, prompt: '={{ $json.sku }}', ...OPTIONS },
			{ items, onError: 'continueRegularOutput' },
		);
		const [failed, good] = 'error' in rows[0] ? rows : [rows[1], rows[0]];
		expect(good).toHaveProperty('sku');
		expect(good).not.toHaveProperty('error');
		expect(Object.keys(failed)).toEqual(['error', 'message', 'details']);
		expect(node.creates()).toHaveLength(2);
	});

	test.each(['get', 'wait', 'download'])('works in Task > %s', async (operation) => {
		const { rows } = await node.run(PROMPT);
		const again = await node.run(
			{ ...GET, operation, ...OPTIONS },
			{ items: [{ json: { ...rows[0], sku: 'A-1', status: 'old' } }] },
		);
		expect(again.rows).toMatchObject([{ sku: 'A-1', status: 'succeeded' }]);
	});
});

describe('the name of the file', () => {
	test.each([
		['Red sneaker spins, close-up!', 'red-sneaker-spins-close-up.mp4'],
		["It's 4K: a cat / a dog", 'its-4k-a-cat-a-dog.mp4'],
		['Красный кроссовок ❤️ вращается', 'красный-кроссовок-вращается.mp4'],
		['赤いスニーカーが回る', '赤いスニーカーが回る.mp4'],
		['नमस्ते दुनिया', 'नमस्ते-दुनिया.mp4'],
		['../../etc/passwd', 'etc-passwd.mp4'],
		[
			'one two three four five six seven eight nine ten eleven twelve',
			'one-two-three-four-five-six-seven-eight-nine-ten-eleven.mp4',
		],
		['x'.repeat(5000), `${'x'.repeat(60)}.mp4`],
	])('of %j is %j', async (prompt, expected) => {
		const { items } = await node.run({ prompt });
		expect(items[0].binary?.data.fileName).toBe(expected);
	});

	test('is the ID of the task where the prompt has no words', async () => {
		const { items, rows } = await node.run({ prompt: '🚀🔥' });
		expect(items[0].binary?.data.fileName).toBe(`${rows[0].taskId as string}.mp4`);
	});

	test.each(['wait', 'download'])('is the same in Task > %s', async (operation) => {
		const { rows } = await node.run({ ...PROMPT });
		const { items } = await node.run({ ...GET, operation }, { items: [{ json: rows[0] }] });
		expect(items[0].binary?.data.fileName).toBe('a-lighthouse-in-a-storm.mp4');
	});
});
