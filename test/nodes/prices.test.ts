/** The price that is shown is the price that is charged, for every model with a published one. The table: out/prices.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { slotsFor } from '../../nodes/CometApiVideo/providers/fields';
import { CATALOG } from '../simulator/catalog';
import { samplePng } from '../simulator/sampleMedia';
import { atLength, firstOfEach } from '../support/longRun';
import type { PricedModel } from '../support/pricedSettings';
import { SETTINGS, knownCostUsd, pricedModels, pricedValues } from '../support/pricedSettings';
import { NODE_TYPE, VideoNodeTest } from '../support/videoNode';

const REPORT = join(__dirname, '..', '..', 'out', 'prices.md');
const PICTURE = `data:image/png;base64,${samplePng.toString('base64')}`;

const listed = new Set(CATALOG.flatMap(({ id, pricing }) => (pricing.per_second === null ? [] : [id])));
const PRICED = pricedModels((id) => listed.has(id));

/** The price is known before the create: what a wait adds, one model of each provider shows. */
const WAITED_FOR = atLength(
	firstOfEach(PRICED, ({ provider }) => provider.id),
	PRICED,
);

interface Line {
	model: string;
	settings: string;
	shown: string;
	charged: number | null;
	dry: number | null;
}

const report: Line[] = [];
let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start();
});

afterEach(async () => {
	await node.close();
});

afterAll(() => {
	mkdirSync(join(REPORT, '..'), { recursive: true });
	const rows = report.map(
		({ model, settings, shown, charged, dry }) =>
			`| ${model} | ${settings} | ${shown} | ${charged ?? ''} | ${dry ?? ''} |`,
	);
	writeFileSync(
		REPORT,
		`${['| Model | Settings | Model list | Row of the run | Dry Run |', '|---|---|---|---|---|', ...rows].join('\n')}\n`,
	);
});

/** What the model list of the editor says behind the model's name. */
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

function panelOf({ provider, mode, model }: PricedModel): INodeParameters {
	const media = slotsFor(mode, model.id)
		.filter(({ required }) => required)
		.flatMap(({ name }) => [
			[`${name}Source`, 'data'],
			[`${name}Data`, PICTURE],
		]);
	return {
		...{ provider: provider.id, mode: mode.id, model: { __rl: true, mode: 'id', value: model.id }, prompt: 'A kite' },
		...(Object.fromEntries(media) as INodeParameters),
	};
}

/** A video of each of the settings, and the same as a Dry Run: its rows in this order. */
async function costsOf(priced: PricedModel): Promise<Array<number | null>> {
	const settings = SETTINGS.map((setting) => pricedValues(priced, setting));
	const waitForCompletion = WAITED_FOR.includes(priced);
	const fromItem = Object.keys(settings[0]).map((name) => [name, `={{ $json.${name} }}`]);
	const { rows, error } = await node.run(
		{
			...panelOf(priced),
			...(Object.fromEntries(fromItem) as INodeParameters),
			...{ dryRun: '={{ $json.dryRun }}', waitForCompletion, downloadVideo: false, recordTasks: 'off' },
		},
		{ items: [false, true].flatMap((dryRun) => settings.map((values) => ({ json: { ...values, dryRun } }))) },
	);
	expect(error).toBeUndefined();
	expect(rows.map(({ status }) => status)).toEqual([
		...SETTINGS.map(() => (waitForCompletion ? 'succeeded' : 'pending')),
		...SETTINGS.map(() => 'notCreated'),
	]);
	return rows.map(({ estimatedCostUsd }) => estimatedCostUsd as number | null);
}

test.each(PRICED.map((priced) => [`${priced.provider.id} ${priced.mode.id} ${priced.model.id}`, priced] as const))(
	'%s costs at each of three settings what the list says',
	async (_name, priced) => {
		const costs = await costsOf(priced);
		for (const [index, setting] of SETTINGS.entries()) {
			const values = pricedValues(priced, setting);
			const { id: model, pricePerSecondUsd } = priced.model;
			const shown = await shownPrice({ ...panelOf(priced), ...(values as INodeParameters) }, model);
			const [charged, dry] = [costs[index], costs[index + SETTINGS.length]];
			report.push({ model, settings: Object.values(values as IDataObject).join(', '), shown, charged, dry });
			expect(dry).toBe(charged);
			// docs/cost.md.
			if (pricePerSecondUsd) expect(knownCostUsd(priced, setting)).toBe(charged);
			if (charged === null) {
				// The larger sizes of a few models have no published price.
				expect(shown).toMatch(/^from [\d.]+ USD per second$/);
				continue;
			}
			expect(shown).toMatch(/^about [\d.]+ USD for \d+ s$/);
			const difference = Math.abs(Number(/[\d.]+/.exec(shown)?.[0]) - charged);
			// Cents, and tenths of a cent where it is little.
			expect(difference).toBeLessThanOrEqual(charged < 0.1 ? 0.0005 : 0.005);
		}
	},
);
