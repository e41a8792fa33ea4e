/** The table of prices of `docs/cost.md`, from the registry. */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import type { VideoModel } from '../../nodes/CometApiVideo/providers/types';

export function priceTable(): string {
	const rows = VIDEO_PROVIDERS.flatMap(({ displayName, modes }) => {
		const models = new Map(modes.flatMap((mode) => mode.models.map((model) => [model.id, model] as const)));
		return [...models.values()]
			.filter(({ pricePerSecondUsd }) => pricePerSecondUsd)
			.map((model) => `| ${displayName} | ${model.displayName} | ${perSecond(model)} | ${fiveSeconds(model)} |`);
	});
	return ['| Provider | Model | USD per second | Five seconds cost |', '|---|---|---|---|', ...rows].join('\n');
}

/** Up to that many lines. */
function perSecond({ pricePerSecondUsd = {}, pricePerImageUsd }: VideoModel): string {
	const prices = Object.entries(pricePerSecondUsd).map(([lines, price]) => `${price} (${lines})`);
	return [...prices, ...(pricePerImageUsd ? [`+ ${pricePerImageUsd} for each picture`] : [])].join(', ');
}

function fiveSeconds({ pricePerSecondUsd = {} }: VideoModel): string {
	const costs = Object.values(pricePerSecondUsd).map((price) => price * 5);
	const [least, most] = [Math.min(...costs), Math.max(...costs)].map((cost) => cost.toFixed(2));
	return least === most ? least : `${least} to ${most}`;
}
