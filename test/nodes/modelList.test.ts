/** The searchable model list of the editor: the panel's models joined with what CometAPI offers today. */
import type { INodeParameters } from 'n8n-workflow';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

async function list(parameters: INodeParameters, filter?: string) {
	const { results } = await node.engine().searchList(
		{
			id: 'node',
			name: 'Node',
			type: NODE_TYPE,
			typeVersion: 1,
			position: [0, 0],
			parameters: { resource: 'video', operation: 'generate', ...parameters },
			credentials: { cometApiVideoApi: { id: '1', name: 'CometAPI' } },
		},
		'searchModels',
		filter,
	);
	return results;
}

test('known models come first and with a price, new ones of the family after them', async () => {
	const results = await list({ provider: 'wan', mode: 'textToVideo' });
	expect(results.map(({ value }) => value)).toEqual(['recommended', 'wan2.7', 'wan2.6', 'wan3.0', 'wan3.1']);
	expect(results[0].name).toBe('Recommended: Wan 2.7 (about 0.40 USD for 5 s)');
	expect(results[3].name).toBe('Wan 3.0 (about 0.50 USD for 5 s)');
});

test('announced models and models of other routes are left out', async () => {
	const values = (await list({ provider: 'custom', mode: 'anyModel' })).map(({ value }) => value);
	expect(values).toContain('doubao-seedance-2-0');
	expect(values).not.toContain('veo4');
	expect(values).not.toContain('grok-imagine-video-1.5');
});

test('a new model is offered by the modes of its route only', async () => {
	const row = {
		id: 'seedance-9',
		model_type: 'video',
		endpoints: JSON.stringify({ video: { path: '/v1/videos', method: 'POST' } }),
	};
	node.simulator.addFault({ on: 'catalog', kind: 'reply', status: 200, body: { data: [row] }, times: Infinity });
	expect((await list({ provider: 'seedance', mode: 'textToVideo' })).map(({ value }) => value)).toContain('seedance-9');
	expect((await list({ provider: 'seedance', mode: 'textToVideoNative' })).map(({ value }) => value)).not.toContain(
		'seedance-9',
	);
});

test('can be searched by name and by id', async () => {
	expect((await list({ provider: 'seedance', mode: 'textToVideo' }, '2.0 fast')).map(({ value }) => value)).toEqual([
		'doubao-seedance-2-0-fast',
	]);
	expect((await list({ provider: 'seedance', mode: 'textToVideo' }, '1-5-PRO')).map(({ value }) => value)).toEqual([
		'doubao-seedance-1-5-pro',
	]);
});

test('offers for a mode only the models that have it', async () => {
	const values = (await list({ provider: 'wan', mode: 'imageToVideo' })).map(({ value }) => value);
	expect(values).toContain('wan2.7');
	expect(values).not.toContain('wan2.6');
});

test.each([
	['a web page', { on: 'catalog', kind: 'html', times: Infinity }],
	['a fault', { on: 'catalog', kind: 'reply', status: 500, times: Infinity }],
	['a reset', { on: 'catalog', kind: 'resetBeforeAccept', times: Infinity }],
] as const)('still works when the catalogue answers with %s', async (_what, fault) => {
	node.simulator.addFault(fault);
	expect(await list({ provider: 'vidu', mode: 'textToVideo' })).toMatchObject([
		{ name: 'Recommended: Vidu Q3 Turbo', value: 'recommended' },
		{ name: 'Vidu Q3 Turbo', value: 'viduq3-turbo' },
		{ name: 'Vidu Q3 (about 0.62 USD for 5 s)', value: 'viduq3' },
	]);
});

test('asks the catalogue once in ten minutes, without the key', async () => {
	const asked = () => node.simulator.requests.filter(({ path }) => path === '/api/models');
	await list({ provider: 'wan', mode: 'textToVideo' });
	await list({ provider: 'veo', mode: 'textToVideo' });
	expect(asked()).toHaveLength(1);
	expect(asked()[0].headers.authorization).toBeUndefined();
	node.clock.advance(11 * 60_000);
	await list({ provider: 'wan', mode: 'textToVideo' });
	expect(asked()).toHaveLength(2);
});
