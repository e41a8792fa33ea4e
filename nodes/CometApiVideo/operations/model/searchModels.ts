/** The model list of the editor: the models that the panel knows, joined with what CometAPI offers today. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { DEFAULT_PROVIDER, findMode, findProvider } from '../../providers';
import type { VideoMode, VideoProvider } from '../../providers/types';
import { readCatalogueIfPossible } from '../../service/catalogue';
import type { CatalogueModel } from '../../service/catalogue';
import { offersModel } from './catalogueProviders';
import { priceText } from './priceText';
import { asText } from '../../task/asText';

/** Works without CometAPI: then the list is the panel's own, without prices. */
export async function searchModels(context: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const provider = findProvider(asText(context.getCurrentNodeParameter('provider'))) ?? DEFAULT_PROVIDER;
	const mode = findMode(provider, asText(context.getCurrentNodeParameter('mode'))) ?? provider.modes[0];
	const catalogue = await readCatalogueIfPossible(context);
	const parameters: IDataObject = context.getCurrentNodeParameters() ?? {};
	const price = (id: string) => priceText(mode, id, parameters, catalogue);
	const wanted = filter.trim().toLowerCase();
	return {
		results: listModels(provider, mode, catalogue ?? [], price).filter(({ name, value }) =>
			`${name} ${String(value)}`.toLowerCase().includes(wanted),
		),
	};
}

function listModels(
	provider: VideoProvider,
	mode: VideoMode,
	catalogue: readonly CatalogueModel[],
	price: (modelId: string) => string,
): INodeListSearchItems[] {
	const known = mode.models.map(({ id, displayName, description }) => ({
		name: `${displayName}${price(id)}`,
		value: id,
		description,
	}));
	const knownIds = new Set(provider.modes.flatMap(({ models }) => models.map(({ id }) => id)));
	const taskApi = mode.taskApi ?? provider.taskApi;
	const isNew = (model: CatalogueModel) => !knownIds.has(model.id) && offersModel(provider, model, [taskApi]);
	const offered = catalogue.filter(isNew).map((model) => ({
		name: `${model.id}${price(model.id)}`,
		value: model.id,
		url: model.documentationUrl || undefined,
		description: model.description || undefined,
	}));
	return [...known, ...offered];
}
