/** The table of prices of `docs/cost.md`, from the registry. */
import type { VideoModel } from '../../nodes/CometApiVideo/providers/types';
import type { PricedModel } from './pricedSettings';
import { SETTINGS, knownCostUsd, pricedModels, pricedValues } from './pricedSettings';

const HEADER = [
	'| Provider | Model | USD per second | The least | As preset | The most |',
	'|---|---|---|---|---|---|',
];

export function priceTable(): string {
	const rows = pricedModels().map((priced) => {
		const { provider, model } = priced;
		const costs = SETTINGS.map((setting) => {
			const cost = knownCostUsd(priced, setting);
			return `${cost === null ? 'not published' : cost.toFixed(2)} (${settingText(priced, setting)})`;
		});
		return `| ${[provider.displayName, model.displayName, perSecond(model), ...costs].join(' | ')} |`;
	});
	return [...HEADER, ...rows].join('\n');
}

function settingText(priced: PricedModel, setting: (typeof SETTINGS)[number]): string {
	const { seconds = priced.model.fixedSeconds, resolution } = pricedValues(priced, setting);
	return [...(seconds === undefined ? [] : [`${String(seconds)} s`]), ...(resolution ? [String(resolution)] : [])].join(
		', ',
	);
}

/** Up to that many lines. */
function perSecond({ pricePerSecondUsd = {}, pricePerImageUsd }: VideoModel): string {
	const prices = Object.entries(pricePerSecondUsd).map(([lines, price]) => `${price} (${lines})`);
	return [...prices, ...(pricePerImageUsd ? [`+ ${pricePerImageUsd} for each picture`] : [])].join(', ');
}
