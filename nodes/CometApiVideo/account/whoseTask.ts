/** Whose task a row of the account's list is. */
import { VIDEO_PROVIDERS, findProviderOfModel, knownTaskApisOf } from '../providers';
import { custom } from '../providers/custom';
import { midjourney } from '../providers/midjourney';
import type { VideoProvider } from '../providers/types';
import type { VideoTask } from '../task/types';
import type { AccountList, AccountTask } from './accountTaskList';

/** The list names a model at best; whose it is, and so where the task answers, is known from that. */
export function withProvider({ task }: AccountTask, list: AccountList): VideoTask {
	const provider = list === 'midjourney' ? midjourney : findProviderFor(task.model);
	const [route = '', ...others] = knownTaskApisOf(provider).flatMap((taskApi) => taskApi.routes);
	// Where a provider has several routes nobody knows which it was; Task > Get and Download then try all.
	return { ...task, ref: { ...task.ref, provider: provider.id, route: others.length === 0 ? route : '' } };
}

function findProviderFor(model = ''): VideoProvider {
	const isOf = (provider: VideoProvider) => provider !== custom && provider.cataloguePattern?.test(model) === true;
	return findProviderOfModel(model) ?? VIDEO_PROVIDERS.find(isOf) ?? custom;
}
