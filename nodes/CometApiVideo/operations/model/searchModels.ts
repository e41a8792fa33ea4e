/** The model list of the editor: the models that the panel knows, joined with what CometAPI offers today. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { RECOMMENDED_MODEL, RECOMMENDED_NAME } from '../../description/providerFields';
import { defaultProviderFor, findProvider, modesFor } from '../../providers';
import { findJob } from '../../providers/jobs';
import type { VideoMode, VideoProvider } from '../../providers/types';
import { readCatalogueIfPossible } from '../../service/catalogue';
import type { CatalogueModel } from '../../service/catalogue';
import { offersModel } from './catalogueProviders';
import { priceText } from './priceText';
import { asText } from '../../task/asText';

/** Works without CometAPI: then the list is the panel's own, without prices. */
export async function searchModels(context: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const chosen = (name: string) => asText(context.getCurrentNodeParameter(name));
	const job = findJob(chosen('resource'), chosen('operation')) ?? 'video.generate';
	const preset = defaultProviderFor(job);
	const named = findProvider(chosen('provider')) ?? preset;
	const provider = modesFor(named, job).length > 0 ? named : preset;
	const modes = modesFor(provider, job);
	const mode = modes.find(({ id }) => id === chosen('mode')) ?? modes[0] ?? provider.modes[0];
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
	const [first] = mode.models;
	const recommended = first && {
		name: `${RECOMMENDED_NAME}: ${first.displayName}${price(first.id)}`,
		value: RECOMMENDED_MODEL,
		description: 'What this version of the node takes for your choices above',
	};
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
	return [...(recommended ? [recommended] : []), ...known, ...offered];
}
