/** Model > Get Many: the video models of CometAPI's live catalogue, with prices. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { VIDEO_PROVIDERS } from '../../providers';
import { readCatalogue } from '../../tasks/catalogue';
import type { CatalogueModel } from '../../tasks/catalogue';
import { UNIFIED_ROUTE } from '../../tasks/unifiedTaskApi';
import { toErrorRow, toNodeError } from '../../tasks/errors';

export async function getAll(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const rows: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const limit = (context.getNodeParameter('returnAll', itemIndex, false) as boolean)
				? Infinity
				: (context.getNodeParameter('limit', itemIndex, 50) as number);
			const filters = context.getNodeParameter('filters', itemIndex, {}) as IDataObject;
			const models = (await readCatalogue(context)).filter((model) => model.isVideo && matches(model, filters));
			rows.push(
				...models.slice(0, limit).map((model) => ({ json: toModelRow(model), pairedItem: { item: itemIndex } })),
			);
		} catch (error) {
			if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
			rows.push(toErrorRow(error, itemIndex));
		}
	}
	return rows;
}

function matches(model: CatalogueModel, { provider, feature, text }: IDataObject): boolean {
	const has = (part: unknown, ...texts: string[]) =>
		!part || texts.some((whole) => whole.toLowerCase().includes(String(part).trim().toLowerCase()));
	return (
		has(provider, model.provider, providerIdOf(model), providerOf(model)?.displayName ?? '') &&
		(!feature || model.features.includes(String(feature))) &&
		has(text, model.id, model.description)
	);
}

/** The provider whose panel offers the model; models of other routes have none here. */
function providerOf({ id, paths }: CatalogueModel) {
	if (!paths.some((path) => path.startsWith(UNIFIED_ROUTE))) return undefined;
	return VIDEO_PROVIDERS.find(({ cataloguePattern }) => cataloguePattern?.test(id));
}

function providerIdOf(model: CatalogueModel): string {
	return providerOf(model)?.id ?? '';
}

function toModelRow(model: CatalogueModel): IDataObject {
	return {
		id: model.id,
		/** Of this node's Provider field; empty when the model is called on a route that this node does not have. */
		provider: providerIdOf(model),
		maker: model.provider,
		features: model.features,
		fromUsdPerSecond: model.pricePerSecondUsd,
		fromUsdPerRequest: model.pricePerRequestUsd,
		route: model.paths[0] ?? null,
		documentationUrl: model.documentationUrl,
		description: model.description,
	};
}
