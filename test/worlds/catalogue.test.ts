/** Every way in which the price list has been written: the models are there, and a limit of cost stops what is dearer. */
import type { IDataObject } from 'n8n-workflow';
import { CATALOGUE_FORMS, FILE_REFUSAL_WORLDS } from '../simulator/worlds';
import { errorText } from '../support/errorText';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

const modelOf = (value: string) => ({ __rl: true, mode: 'id', value });

/** What the editor offers as models. */
async function listed(provider: string) {
	const { results } = await node.engine().searchList(
		{
			...{ id: 'node', name: 'Node', type: NODE_TYPE, typeVersion: 1, position: [0, 0] as [number, number] },
			parameters: { resource: 'video', operation: 'generate', provider, mode: 'textToVideo' },
			credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' } },
		},
		'searchModels',
	);
	return results.map(({ value }) => value);
}

test.each(CATALOGUE_FORMS)('$name', async (form) => {
	node.simulator.catalogueForm = form;
	const { rows, error } = await node.run({ resource: 'model', operation: 'getAll', returnAll: true, filters: {} });
	expect(errorText(error)).toBe('');
	const ids = rows.map(({ id, model }: IDataObject) => id ?? model);
	expect(ids).toEqual(expect.arrayContaining(['wan2.7', 'veo3.1-fast', 'viduq3']));
	// Announced only.
	expect(ids).not.toContain('veo4');

	// A model that no mode names is in the list of its provider, and Get Many says whose it is and what it can do.
	const added = rows.find(({ id }) => id === 'wan3.1');
	const hasFeatures = form.name !== 'features null';
	expect(added).toMatchObject({
		provider: 'wan',
		features: hasFeatures ? expect.arrayContaining(['text-to-video']) : [],
	});
	expect(await listed('wan')).toContain('wan3.1');
	const [asked] = node.simulator.requests;
	expect([asked.path, asked.query.get('page'), asked.query.get('page_size')]).toEqual(['/api/models', '1', '500']);

	// 8 seconds for 0.08 USD each, or for the 80 % of it that CometAPI charges.
	const dear = { provider: 'veo', prompt: 'A lighthouse', model: modelOf('veo3.1-fast'), waitForCompletion: false };
	const refused = await node.run({ ...dear, options: { maxEstimatedCost: 0.4 } });
	expect(errorText(refused.error)).toMatch(/0\.4/);
	expect(node.creates()).toEqual([]);
	const taken = await node.run({ ...dear, options: { maxEstimatedCost: 0.7 } });
	expect(taken.rows).toMatchObject([{ status: 'pending' }]);
});

describe('a picture as a file, for a model that wants a link', () => {
	test.each(FILE_REFUSAL_WORLDS)('$name: its words are shown, and nothing is created twice', async (world) => {
		node.simulator.worldFor = () => world;
		const imageUrl = `${node.simulator.resultOrigin}/media/image.png`;
		const model = world.name.startsWith('wan2.6') ? 'wan2.6' : 'doubao-seedance-1-5-pro';
		const file = { formField: 'input_reference', source: 'url', url: imageUrl };
		const { error } = await node.run(
			{ provider: 'custom', mode: 'anyModel', prompt: 'A lighthouse', model: modelOf(model), files: { file: [file] } },
			{ retryOnFail: false },
		);
		expect(errorText(error)).toContain(world.says);
		expect(node.creates()).toHaveLength(1);
		expect(node.simulator.tasks.size).toBe(0);
	});

	test('the panel of Wan 2.6 sends what the model takes', async () => {
		node.simulator.worldFor = () => FILE_REFUSAL_WORLDS.find(({ name }) => name.startsWith('wan2.6'));
		const imagesUrl = `${node.simulator.resultOrigin}/media/image.png`;
		const { rows, error } = await node.run({
			...{ provider: 'wan', mode: 'referenceToVideo', prompt: 'A lighthouse', model: modelOf('wan2.6') },
			...{ imagesUrl, waitForCompletion: false },
		});
		const isShown = errorText(error).includes('reference_urls');
		expect(isShown || rows[0]?.status === 'pending').toBe(true);
		expect(node.creates()).toHaveLength(1);
	});
});

test('a number for seconds in JSON is refused with the words of the service', async () => {
	const reply = await fetch(`${node.simulator.baseUrl}/v1/videos`, {
		method: 'POST',
		headers: { authorization: 'Bearer sk-simulator-0123456789abcdef', 'content-type': 'application/json' },
		body: JSON.stringify({ model: 'wan2.7', prompt: 'A lighthouse', seconds: 5 }),
	});
	expect(reply.status).toBe(400);
	expect(await reply.text()).toMatch(/cannot unmarshal number into .*seconds of type string/);
});
