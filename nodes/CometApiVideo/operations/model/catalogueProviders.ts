/** Which provider of the panel offers a model of the live catalogue. */
import { VIDEO_PROVIDERS, findProviderOfModel, taskApisOf } from '../../providers';
import { custom } from '../../providers/custom';
import type { VideoProvider } from '../../providers/types';
import type { CatalogueModel } from '../../service/catalogue';
import type { TaskApi } from '../../task/types';

/** @param taskApis the provider's, or that of one mode */
export function offersModel(
	provider: VideoProvider,
	{ id, isVideo, paths }: CatalogueModel,
	taskApis: readonly TaskApi[] = taskApisOf(provider),
): boolean {
	const roots = taskApis.flatMap(({ routes }) => routes.map(rootOf));
	if (isVideo === false || provider.cataloguePattern?.test(id) !== true) return false;
	if (paths.length > 0) return (isVideo ?? isKnownKind(id)) && paths.some((path) => roots.includes(rootOf(path)));
	// A row that names no path belongs to the provider whose way of naming models it follows.
	return provider !== custom && taskApis.includes(provider.taskApi);
}

/** Whether a row of the catalogue is a model for videos: by what it says, else by its id. */
export function isVideoModel({ id, isVideo }: CatalogueModel): boolean {
	return isVideo ?? isKnownKind(id);
}

function isKnownKind(id: string): boolean {
	return VIDEO_PROVIDERS.some((provider) => provider !== custom && provider.cataloguePattern?.test(id) === true);
}

export function findProviderOfCatalogueModel(model: CatalogueModel): VideoProvider | undefined {
	return VIDEO_PROVIDERS.find((provider) => offersModel(provider, model)) ?? findProviderOfModel(model.id);
}

/** What the routes of one provider have in common: `/kling`, `/grok`; below `/v1` also the next part: `/v1/videos`. */
function rootOf(path: string): string {
	return /^(\/v1)?\/[^/]+/.exec(path)?.[0] ?? path;
}
