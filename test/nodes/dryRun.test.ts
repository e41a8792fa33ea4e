/** Dry Run: all checks, the cost, and nothing else. */
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const DRY = { prompt: '={{ $json.prompt }}', dryRun: true };
const itemsOf = (...prompts: string[]) => prompts.map((prompt) => ({ json: { prompt } }));
/** All that CometAPI is asked for. */
const paths = () => node.simulator.requests.map(({ path }) => path);

test('creates nothing, records nothing, and says what it would cost', async () => {
	const { rows, hints } = await node.run({ ...DRY, recordTasks: true }, { items: itemsOf('A kite', 'A boat') });
	expect(rows).toMatchObject([
		{ status: 'notCreated', prompt: 'A kite', taskId: null, estimatedCostUsd: 0.684, durationSeconds: 5 },
		{ status: 'notCreated', prompt: 'A boat', model: 'doubao-seedance-2-0', route: null },
	]);
	expect(hints).toEqual(['Dry Run: nothing was created. About 1.37 USD for 2 videos by list prices.']);
	expect(paths()).toEqual(['/api/models']);
	expect(node.n8nApi.requests).toEqual([]);
});

test('needs no wait', async () => {
	const { rows } = await node.run({ ...DRY, waitForCompletion: false }, { items: itemsOf('A kite') });
	expect(rows).toMatchObject([{ status: 'notCreated' }]);
});

test('checks what a run would check', async () => {
	const empty = await node.run(DRY, { items: itemsOf('A kite', '') });
	expect(errorText(empty.error)).toMatch(/Prompt is empty in item 2; nothing was created/);
	const dear = await node.run({ ...DRY, options: { maxEstimatedCost: 1 } }, { items: itemsOf('A kite', 'A boat') });
	expect(errorText(dear.error)).toMatch(/2 videos would cost about 1\.37 USD/);
});

test('honours On Error', async () => {
	const { items, errorItems } = await node.run(DRY, { items: itemsOf('', 'A boat'), onError: 'continueErrorOutput' });
	expect(items).toMatchObject([{ json: { status: 'notCreated', prompt: 'A boat' }, pairedItem: { item: 1 } }]);
	expect(errorItems).toHaveLength(1);
});

test('can be some of the items, in their order', async () => {
	const { rows } = await node.run(
		{ ...DRY, dryRun: "={{ $json.prompt !== 'A boat' }}", downloadVideo: false },
		{ items: itemsOf('A kite', 'A boat', 'A car') },
	);
	expect(rows).toMatchObject([
		{ status: 'notCreated', prompt: 'A kite' },
		{ status: 'succeeded', prompt: 'A boat' },
		{ status: 'notCreated', prompt: 'A car' },
	]);
	expect(node.creates()).toHaveLength(1);
});

describe('what the agent may not decide', () => {
	const BY_AGENT = "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('limit', ``, 'number') }}";

	test.each([
		['Dry Run', { dryRun: BY_AGENT }],
		['Max Estimated Cost (USD)', { options: { maxEstimatedCost: BY_AGENT } }],
		['Max Estimated Cost (USD)', { options: { maxEstimatedCost: "={{ $fromai('limit') }}" } }],
		['Max Estimated Cost (USD)', { options: { maxEstimatedCost: '={{ $tool.parameters.limit }}' } }],
		['If the Price Is Unknown', { options: { maxEstimatedCost: 1, ifPriceUnknown: BY_AGENT } }],
	])('%s: %j', async (label, parameters) => {
		const { error } = await node.run({ prompt: 'A kite', ...parameters }, { items: [{ json: { limit: 1000 } }] });
		expect(error?.message).toBe(`${label} cannot be filled in by the AI agent; nothing was created`);
		expect(node.creates()).toEqual([]);
	});

	test('other expressions are fine', async () => {
		const options = { maxEstimatedCost: '={{ $json.limit }}' };
		const { rows } = await node.run(
			{ prompt: 'A kite', downloadVideo: false, options },
			{ items: [{ json: { limit: 5 } }] },
		);
		expect(rows).toMatchObject([{ status: 'succeeded' }]);
	});
});
