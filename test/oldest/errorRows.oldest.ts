/** Before 2.36 n8n knows an error row by its two keys only. */
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

test.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
	'with On Error = %s a video that fails is told from one that succeeds, and its task is named',
	async (onError) => {
		node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint' });
		const items = ['A boat', 'A kite'].map((prompt) => ({ json: { prompt } }));
		const run = await node.run({ prompt: '={{ $json.prompt }}', downloadVideo: false }, { items, onError });
		const [failedId] = node.simulator.tasks.keys();
		const failed = onError === 'continueErrorOutput' ? run.errorItems : run.items.slice(0, 1);
		const succeeded = onError === 'continueErrorOutput' ? run.items : run.items.slice(1);
		expect(succeeded).toMatchObject([{ json: { status: 'succeeded', prompt: 'A kite' } }]);
		expect(failed).toHaveLength(1);
		expect(failed[0].json.error).toContain('out of paint');
		expect(failed[0].json.message).toContain(failedId);
	},
);
