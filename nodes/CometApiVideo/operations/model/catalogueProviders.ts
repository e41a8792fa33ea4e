/** Which provider of the panel offers a model of the live catalogue. */
import { VIDEO_PROVIDERS, findProviderOfModel, taskApisOf } from '../../providers';
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
	return isVideo && provider.cataloguePattern?.test(id) === true && paths.some((path) => roots.includes(rootOf(path)));
}

export function findProviderOfCatalogueModel(model: CatalogueModel): VideoProvider | undefined {
	return VIDEO_PROVIDERS.find((provider) => offersModel(provider, model)) ?? findProviderOfModel(model.id);
}

/** What the routes of one provider have in common: `/kling`, `/grok`; below `/v1` also the next part: `/v1/videos`. */
function rootOf(path: string): string {
	return /^(\/v1)?\/[^/]+/.exec(path)?.[0] ?? path;
}
