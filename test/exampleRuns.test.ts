/** The workflows in `examples/` on n8n's engine, with the media of the simulator in the place of their links. */
import type { INode } from 'n8n-workflow';
import { detectMedia } from '../nodes/CometApiVideo/tasks/media';
import { sampleVideo } from './simulator/simulator';
import { TOOL_TYPE, readExample, runExample, runWorkflow } from './support/exampleWorkflows';
import type { Example } from './support/exampleWorkflows';
import { TRIGGER_TYPE, TriggerNodeTest } from './support/triggerNode';
import { VideoNodeTest } from './support/videoNode';

describe('one after the other', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
	});

	afterEach(async () => {
		await node.close();
	});

	/** Tasks of the simulator by the last part of their create path. */
	const taskOf = (kind: string) => [...node.simulator.tasks.values()].find(({ details }) => details.native?.kind === kind);
	const created = () => node.creates().map(({ path, status }) => [path, status]);
	const table = () => node.n8nApi.table('CometAPI Tasks');

	test('text-to-video.json makes a video', async () => {
		const { row, file } = await runExample('text-to-video.json', node);
		expect(row('Generate video')).toMatchObject({ status: 'succeeded', provider: 'seedance' });
		expect((await file('Generate video')).equals(sampleVideo)).toBe(true);
	});

	test('image-to-video-first-last-frame.json sends both pictures, the first one first', async () => {
		const { row, file } = await runExample('image-to-video-first-last-frame.json', node);
		expect(created()).toEqual([['/v1/videos', 200]]);
		const { fields, files } = node.creates()[0].form ?? { fields: [], files: [] };
		expect(Object.fromEntries(fields)).toMatchObject({ model: 'veo3.1-fast', seconds: '4', size: '1280x720' });
		expect(files).toHaveLength(2);
		expect(files.map(({ bytes }) => detectMedia(bytes)?.mimeType)).toEqual(['image/png', 'image/png']);
		expect(row('From picture to picture')).toMatchObject({ status: 'succeeded', provider: 'veo', mode: 'firstLastFrame', estimatedCostUsd: 0.32 });
		expect((await file('From picture to picture')).equals(sampleVideo)).toBe(true);
	});

	describe('batch-from-a-sheet.json', () => {
		const WRITTEN = 'Write back to the sheet (replace me)';

		test('makes a video of each row, three at a time, with the name and shape that the row gives', async () => {
			let most = 0;
			const { sleep } = node.clock;
			jest.spyOn(node.clock, 'sleep').mockImplementation(sleep);
			const { items, file } = await runExample('batch-from-a-sheet.json', node);
			const times = [...node.simulator.tasks.values()].map(({ createdAt }) => createdAt);
			for (const time of times) most = Math.max(most, times.filter((other) => other === time).length);
			expect(most).toBe(3);
			const rows = items('Rows').map(({ json }) => json);
			const forms = node.creates().map(({ form }) => Object.fromEntries(form?.fields ?? []));
			expect(forms.map(({ prompt, size }) => [prompt, size])).toEqual(rows.map(({ prompt, ratio }) => [prompt, ratio]));
			expect(items('Make videos').map(({ binary }) => binary?.data.fileName)).toEqual(rows.map(({ title }) => `${String(title)}.mp4`));
			expect((await file('Make videos', 'data', 4)).equals(sampleVideo)).toBe(true);
			const made = items('Make videos').map(({ json }) => json);
			expect(items(WRITTEN).map(({ json }) => json)).toEqual(
				made.map(({ videoUrl, taskId }, index) => ({ title: rows[index].title, status: 'succeeded', videoUrl, taskId, problem: '' })),
			);
		});

		test('a row that cannot be right, one that CometAPI refuses and one whose video fails do not stop the others', async () => {
			const example = readExample('batch-from-a-sheet.json');
			const rows = example.nodes.find(({ name }) => name === 'Rows') as INode;
			rows.parameters.jsCode = String(rows.parameters.jsCode).replace("'21:9'", "'banner'").replace("'Sneaker'", "'Sneaker/white'");
			const { form: promptOf } = { form: (word: string) => ({ form }: { form?: { fields: Array<[string, string]> } }) => form?.fields.some(([, value]) => value.includes(word)) ?? false };
			node.simulator.addFault({ on: 'create', kind: 'reply', status: 400, body: { error: { message: 'not a word about boats' } }, when: promptOf('boat') });
			node.simulator.addFault({ on: 'create', kind: 'taskFails', reason: 'out of paint', when: promptOf('wok') });
			const { items } = await runWorkflow(example, node, [{ json: {} }]);
			const written = Object.fromEntries(items(WRITTEN).map(({ json }) => [json.title, json]));
			expect(Object.keys(written)).toHaveLength(5);
			expect(written['Paper boat']).toMatchObject({ status: 'failed', taskId: '', problem: expect.stringContaining('not a word about boats') });
			expect(written['Street food']).toMatchObject({ status: 'failed', taskId: expect.stringMatching(/./), problem: expect.stringContaining('out of paint') });
			expect(written['Mountain lake']).toMatchObject({ status: 'failed', taskId: '', problem: expect.stringContaining('banner') });
			for (const title of ['Lighthouse', 'Sneaker/white']) {
				expect(written[title]).toMatchObject({ status: 'succeeded', problem: '', videoUrl: expect.stringContaining(node.simulator.resultOrigin) });
			}
			expect(items('Make videos').flatMap(({ binary }) => binary?.data.fileName ?? [])).toEqual(['Lighthouse.mp4', 'Sneaker-white.mp4']);
		});
	});
});
