/**
 * The registry. To add a provider: write `providers/<id>.ts` after the pattern of `vidu.ts`, import it here, put it in the
 * list, and record its requests and replies in `test/fixtures/<id>/`. Panel, checks, dispatch and tests follow from the list.
 */
import type { TaskApi } from '../task/types';
import { custom } from './custom';
import { flux } from './flux';
import { happyHorse } from './happyHorse';
import { JOB_IDS, JOBS, resultNoun } from './jobs';
import type { JobId } from './jobs';
import { kling } from './kling';
import { midjourney } from './midjourney';
import { minimax } from './minimax';
import { omni } from './omni';
import { runway } from './runway';
import { seedance } from './seedance';
import { sora } from './sora';
import type { VideoMode, VideoProvider } from './types';
import { veo } from './veo';
import { vidu } from './vidu';
import { wan } from './wan';
import { xai } from './xai';

export const VIDEO_PROVIDERS: readonly VideoProvider[] = [
	flux,
	happyHorse,
	kling,
	midjourney,
	minimax,
	omni,
	runway,
	seedance,
	veo,
	vidu,
	wan,
	xai,
	custom,
	sora,
];

const PROVIDERS_BY_JOB: ReadonlyMap<JobId, readonly VideoProvider[]> = new Map(
	JOB_IDS.map((id) => [id, VIDEO_PROVIDERS.filter(({ modes }) => modes.some(({ job }) => job === id))]),
);

/** Jobs that somebody does, in the order of the panel. */
export const OFFERED_JOBS: readonly JobId[] = JOB_IDS.filter((job) => providersFor(job).length > 0);

/** In the order of the panel. */
export function providersFor(job: JobId): readonly VideoProvider[] {
	return PROVIDERS_BY_JOB.get(job) ?? [];
}

/** First = default. */
export function modesFor({ modes }: VideoProvider, job: JobId): VideoMode[] {
	return modes.filter((mode) => mode.job === job);
}

/** Who does the job if nobody chooses. @throws Error for a job that nobody does */
export function defaultProviderFor(job: JobId): VideoProvider {
	const providers = providersFor(job);
	const [preset] = [...providers.filter(({ id }) => id === JOBS[job].defaultProvider), ...providers];
	if (!preset) throw new Error(`No provider does ${job}`);
	return preset;
}

export function findProvider(id: string): VideoProvider | undefined {
	return VIDEO_PROVIDERS.find((provider) => provider.id === id);
}

export function findMode(provider: VideoProvider, id: string): VideoMode | undefined {
	return provider.modes.find((mode) => mode.id === id);
}

/** What a task makes, for messages; a video if nobody knows its mode. */
export function resultNounOf(providerId: string, modeId: string | undefined): string {
	const provider = findProvider(providerId);
	const mode = provider && findMode(provider, modeId ?? '');
	return mode ? resultNoun(mode.job) : 'video';
}

/** All envelopes of a provider, the usual one first. */
export function taskApisOf({ taskApi, modes }: VideoProvider): [TaskApi, ...TaskApi[]] {
	const others = new Set(modes.flatMap((mode) => mode.taskApi ?? []));
	others.delete(taskApi);
	return [taskApi, ...others];
}

/** All envelopes with routes that are known beforehand. */
export function knownTaskApisOf(provider: VideoProvider): TaskApi[] {
	return taskApisOf(provider).filter(({ takesRoute }) => !takesRoute);
}

/** The envelope whose tasks are found on a route. @throws InvalidInputError for a route that must not be asked */
export function findTaskApi(provider: VideoProvider, route: string): TaskApi | undefined {
	return taskApisOf(provider).find(({ routes, takesRoute }) =>
		takesRoute ? takesRoute(route) : routes.includes(route),
	);
}

/** The provider that names this model in one of its modes. */
export function findProviderOfModel(model: string): VideoProvider | undefined {
	return VIDEO_PROVIDERS.find(({ modes }) => modes.some(({ models }) => models.some(({ id }) => id === model)));
}
