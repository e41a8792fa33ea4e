/** An n8n before 2.0 cannot go on with what a sleeping execution brings, so the node stays awake there, and says so. */
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

afterEach(async () => {
	await node.close();
});

test('While Waiting: Sleep stays awake with a note, and brings the video', async () => {
	node = await VideoNodeTest.start({ taskSeconds: 300 });
	const { rows, items, hints } = await node.run({ prompt: 'A boat', options: { whileWaiting: 'sleep' } });
	expect(rows).toMatchObject([{ status: 'succeeded' }]);
	expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	expect(hints).toContain(
		'While Waiting is set to sleep, but the workflow was kept running: it needs n8n 2.0 or newer.',
	);
	expect(node.creates()).toHaveLength(1);
});
