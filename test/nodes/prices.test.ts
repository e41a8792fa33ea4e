/** The price that is shown is the price that is charged, for every model with a published one. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { fieldsFor, slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import type { VideoField, VideoMode } from '../../nodes/CometApiVideo/providers/types';
import { CATALOG } from '../simulator/catalog';
import { samplePng } from '../simulator/sampleMedia';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

const PICTURE = `data:image/png;base64,${samplePng.toString('base64')}`;

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

async function shownPrice(parameters: INodeParameters, id: string): Promise<string> {
	const base = { id: 'node', name: 'Node', type: NODE_TYPE, typeVersion: 1, position: [0, 0] as [number, number] };
	const credentials = { cometApiVideoApi: { id: '1', name: 'CometAPI' } };
	const { results } = await node
		.engine()
		.searchList(
			{ ...base, credentials, parameters: { resource: 'video', operation: 'generate', ...parameters } },
			'searchModels',
		);
	return / \((.*)\)$/.exec(results.find(({ value }) => value === id)?.name ?? '')?.[1] ?? '';
}

const listed = new Set(CATALOG.flatMap(({ id, pricing }) => (pricing.per_second === null ? [] : [id])));

/** The first mode of a provider that has the model, for each model with a published price. */
const PRICED = VIDEO_PROVIDERS.flatMap((provider) => {
	const ids = new Set(
		provider.modes.flatMap(({ models }) =>
			models.flatMap(({ id, pricePerSecondUsd }) => (pricePerSecondUsd || listed.has(id) ? [id] : [])),
		),
	);
	return [...ids].flatMap((id) => {
		const mode = provider.modes.find(({ models }) => models.some((model) => model.id === id));
		return mode ? [[provider.id, mode, id] as const] : [];
	});
});

/** What a price depends on: the shortest and smallest, the preset, the longest and largest. */
function settingsOf(mode: VideoMode, model: string, which: 'least' | 'preset' | 'most'): IDataObject {
	const fields = fieldsFor(mode, model).filter(({ property }) =>
		['seconds', 'size', 'resolution'].includes(property.name),
	);
	return Object.fromEntries(fields.map((field) => [field.property.name, valueOf(field, which)]));
}

function valueOf({ property }: VideoField, which: 'least' | 'preset' | 'most'): IDataObject[string] {
	const { type, typeOptions, options = [], default: preset } = property;
	if (which === 'preset') return preset;
	if (type === 'number') return which === 'least' ? typeOptions?.minValue : (typeOptions?.maxValue ?? 12);
	const values = options.flatMap((option) => ('value' in option ? [option.value as string | number] : []));
	return values.at(which === 'least' ? 0 : -1);
}

describe.each(PRICED)('%s %#: %s', (provider, mode, model) => {
	test.each(['least', 'preset', 'most'] as const)('%s', async (which) => {
		const media = slotsFor(mode, model)
			.filter(({ required }) => required)
			.flatMap(({ name }) => [
				[`${name}Source`, 'data'],
				[`${name}Data`, PICTURE],
			]);
		const panel = {
			...{ provider, mode: mode.id, model: { __rl: true, mode: 'id', value: model } },
			...{ prompt: 'A kite', ...settingsOf(mode, model, which), ...(Object.fromEntries(media) as IDataObject) },
		} as INodeParameters;
		const text = await shownPrice(panel, model);
		const { rows, error } = await node.run({ ...panel, dryRun: true });
		expect(error).toBeUndefined();
		const { estimatedCostUsd } = rows[0];
		if (typeof estimatedCostUsd !== 'number') {
			// The larger sizes of a few models have no published price.
			expect(text).toMatch(/^from [\d.]+ USD per second$/);
			return;
		}
		expect(text).toMatch(/^about [\d.]+ USD for \d+ s$/);
		const shown = Number(/[\d.]+/.exec(text)?.[0]);
		expect(Math.abs(shown - estimatedCostUsd)).toBeLessThanOrEqual(estimatedCostUsd < 0.1 ? 0.0005 : 0.005);
	});
});
