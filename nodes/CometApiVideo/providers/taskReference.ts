/** A task that exists already: how it is named, and where it is looked for. Knows no parameters and no items. */
import type { IDataObject } from 'n8n-workflow';
import { findProvider, findProviderOfModel, taskApisOf } from './';
import { custom } from './custom';
import type { VideoProvider } from './types';
import type { CometApiClient } from '../service/client';
import { InvalidInputError, RequestError, reworded } from '../task/errors';
import { assertNoExpressionText, assertTaskId, exactText } from '../task/checkText';
import type { TaskContext } from '../task/row';
import { isUnknownTask } from '../service/refusals';
import type { TaskApi, TaskRef, VideoTask } from '../task/types';

export interface TaskReference {
	/** Its route is a guess until `isPlaceKnown`. */
	ref: TaskRef;
	provider: VideoProvider;
	taskApi: TaskApi;
	/** False: nobody said which kind of job the task is, so all routes of the provider are tried. */
	isPlaceKnown: boolean;
	/** True: nobody said which provider it is; the model in the answer of CometAPI decides. */
	isGuess: boolean;
	/** What was known already, so that a row keeps its columns on the way through several nodes. */
	row: KnownColumns;
}

export type KnownColumns = Pick<TaskContext, 'model' | 'mode' | 'durationSeconds' | 'estimatedCostUsd'>;

/** @throws InvalidInputError for what cannot be an id */
export function readTaskId(given: unknown): string {
	const taskId = typeof given === 'number' ? exactText(given, 'Task ID') : String(given ?? '').trim();
	assertNoExpressionText('Task ID', taskId);
	if (taskId === '') {
		throw new InvalidInputError(
			'Task ID is empty',
			'Give the ID that "Video > Generate" returned in its field taskId.',
		);
	}
	assertTaskId('Task ID', taskId);
	return taskId;
}

/**
 * @param provider undefined: nobody said
 * @param route path that answers for the task, with or without slashes around it; empty: nobody said
 * @throws InvalidInputError for a route that the provider does not have
 */
export function toTaskReference(
	taskId: string,
	provider: VideoProvider | undefined,
	route: string | undefined,
	row: KnownColumns,
): TaskReference {
	const known = provider ?? custom;
	const [usual] = taskApisOf(known);
	const path = route ? `/${route.replace(/^\/+|(?<!\/)\/+$/g, '')}` : undefined;
	const taskApi = taskApisOf(known).find(({ routes }) => path !== undefined && routes.includes(path));
	if (path !== undefined && !taskApi) {
		const allowed = taskApisOf(known).flatMap(({ routes }) => routes);
		throw new InvalidInputError(`${known.displayName} has no route "${path}"`, `Allowed: ${allowed.join(', ')}.`);
	}
	return {
		ref: { provider: known.id, taskId, route: path ?? usual.routes[0] },
		provider: known,
		taskApi: taskApi ?? usual,
		isPlaceKnown: taskApi !== undefined,
		isGuess: !provider,
		row,
	};
}

/** The columns of an output row that a later row keeps. */
export function knownColumns(json: IDataObject): KnownColumns {
	const text = (key: string) => (typeof json[key] === 'string' && json[key] !== '' ? json[key] : undefined);
	const number = (key: string) => (typeof json[key] === 'number' ? json[key] : undefined);
	return {
		model: text('model'),
		mode: text('mode'),
		durationSeconds: number('durationSeconds'),
		estimatedCostUsd: number('estimatedCostUsd'),
	};
}

/** The reference that an output row, or a row of a table made from one, holds. A provider or route unknown here is none. */
export function readStoredReference(json: IDataObject): TaskReference {
	const taskId = readTaskId(json.taskId);
	const provider = typeof json.provider === 'string' ? findProvider(json.provider) : undefined;
	const route = provider && typeof json.route === 'string' ? json.route : undefined;
	const isKnownRoute =
		provider && taskApisOf(provider).some(({ routes }) => route !== undefined && routes.includes(route));
	return toTaskReference(taskId, provider, isKnownRoute ? route : undefined, knownColumns(json));
}

/**
 * Reads the task, on all routes of the provider if need be, and remembers in the reference where it was found.
 * @throws RequestError, UnexpectedResponseError
 */
export async function readReferencedTask(client: CometApiClient, reference: TaskReference): Promise<VideoTask> {
	const { provider, ref, isPlaceKnown } = reference;
	let unknown: Error | undefined;
	for (const taskApi of isPlaceKnown ? [reference.taskApi] : taskApisOf(provider)) {
		const routes = isPlaceKnown ? undefined : taskApi.routes;
		const outcome = await client.getTask(taskApi, ref, routes).catch((error: Error) => error);
		if (!(outcome instanceof Error)) {
			Object.assign(reference, { taskApi, ref: outcome.ref, isPlaceKnown: true });
			return withDetectedProvider(outcome, reference);
		}
		if (!isUnknownTask(outcome)) throw outcome;
		unknown ??= outcome;
	}
	if (unknown instanceof RequestError && reference.isGuess) {
		throw reworded(unknown, {
			advice: 'Check the task ID. If the task was not made on /v1/videos, choose its Provider.',
		});
	}
	throw unknown;
}

/** The task with the provider that its model belongs to, if nobody said which it is. */
function withDetectedProvider(task: VideoTask, { isGuess }: TaskReference): VideoTask {
	const detected = isGuess && task.model ? findProviderOfModel(task.model) : undefined;
	return detected ? { ...task, ref: { ...task.ref, provider: detected.id } } : task;
}
