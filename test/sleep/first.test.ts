import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: 400 });
});

afterEach(async () => {
	await node.close();
});

jest.setTimeout(6000);
test('sleeps', async () => {
	const run = await node.run({ prompt: 'A boat', downloadVideo: true, options: { whileWaiting: 'sleep' } }, { items: [{ json: {} }, { json: {} }] });
	console.log(run.error, run.hints, JSON.stringify(run.items, null, 1), node.clock.sleeps);
});
