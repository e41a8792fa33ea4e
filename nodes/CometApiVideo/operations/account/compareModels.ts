/** What CometAPI's list of models says otherwise than the descriptors. */
import { VIDEO_PROVIDERS } from '../../providers';
import type { CatalogueModel } from '../../service/catalogue';
import { isVideoModel } from '../model/catalogueProviders';

export interface ModelDifferences {
	/** Ids that this package offers and CometAPI does not name. */
	missing: string[];
	/** Ids of CometAPI's video models that no mode names. */
	added: string[];
	/** The lowest price per second of each, in US dollars. */
	prices: Array<{ id: string; here: number; there: number }>;
}

/** @param ids of `GET /v1/models`: the catalogue is said to miss some models that work */
export function compareModels(catalogue: readonly CatalogueModel[], ids: readonly string[]): ModelDifferences {
	const own = VIDEO_PROVIDERS.flatMap(({ modes }) => modes.flatMap(({ models }) => models));
	const known = new Set(own.map(({ id }) => id));
	const offered = new Set([...ids, ...catalogue.map(({ id }) => id)]);
	const prices = new Map<string, { id: string; here: number; there: number }>();
	for (const { id, pricePerSecondUsd } of own) {
		const here = Math.min(...Object.values(pricePerSecondUsd ?? {}));
		const there = catalogue.find((model) => model.id === id)?.pricePerSecondUsd;
		if (Number.isFinite(here) && there && Math.abs(here - there) > 1e-6) prices.set(id, { id, here, there });
	}
	return {
		missing: [...known].filter((id) => !offered.has(id)),
		added: catalogue.filter((model) => isVideoModel(model) && !known.has(model.id)).map(({ id }) => id),
		prices: [...prices.values()],
	};
}
