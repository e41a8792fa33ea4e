/** Model > Get Many: the video models of CometAPI's live catalogue, with prices. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readCatalogue } from '../../service/catalogue';
import type { CatalogueModel } from '../../service/catalogue';
import { readLimit } from '../input/limits';
import { readSwitch } from '../input/readSwitch';
import { toErrorRow, toNodeError } from '../../task/errors';
import { findProviderOfCatalogueModel, isVideoModel } from './catalogueProviders';
import { asText } from '../../task/asText';

export async function getAll(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const rows: INodeExecutionData[] = [];
	for (const itemIndex of context.getInputData().keys()) {
		try {
			const limit = readSwitch(context, 'returnAll', itemIndex, 'Return All')
				? Infinity
				: readLimit(context, itemIndex);
			const filters: IDataObject = context.getNodeParameter('filters', itemIndex, {});
			const models = (await readCatalogue(context)).filter((model) => isVideoModel(model) && matches(model, filters));
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
		!part || texts.some((whole) => whole.toLowerCase().includes(asText(part).trim().toLowerCase()));
	return (
		has(provider, model.provider, ...namesOf(model)) &&
		(!feature || model.features.includes(asText(feature))) &&
		has(text, model.id, model.description)
	);
}

function namesOf(model: CatalogueModel): string[] {
	const provider = findProviderOfCatalogueModel(model);
	return provider ? [provider.id, provider.displayName] : [];
}

function toModelRow(model: CatalogueModel): IDataObject {
	return {
		id: model.id,
		/** Of this node's Provider field; empty when the model is called on a route that this node does not have. */
		provider: findProviderOfCatalogueModel(model)?.id ?? '',
		maker: model.provider,
		features: model.features,
		fromUsdPerSecond: model.pricePerSecondUsd,
		fromUsdPerRequest: model.pricePerRequestUsd,
		route: model.paths[0] ?? null,
		documentationUrl: model.documentationUrl,
		description: model.description,
	};
}
