/** A task that exists already: how it is named, and where it is looked for. Knows no parameters and no items. */
import type { IDataObject } from 'n8n-workflow';
import { findProvider, findProviderOfModel, findTaskApi, knownTaskApisOf, taskApisOf } from './';
import { custom } from './custom';
import type { VideoProvider } from './types';
import { InvalidInputError } from '../task/errors';
import { assertNoExpressionText, assertTaskId, exactText } from '../task/checkText';
import type { TaskContext } from '../task/types';
import type { TaskApi, TaskRef } from '../task/types';
import { asText } from '../task/asText';

export interface TaskReference {
	/** Its route is a guess if there are several places. */
	ref: TaskRef;
	provider: VideoProvider;
	taskApi: TaskApi;
	/** Where to look for it: one place, or all routes of the provider if nobody said which kind of job the task is. */
	places: ReadonlyArray<{ taskApi: TaskApi; ref: TaskRef; routes?: readonly string[] }>;
	/** True: nobody said which provider it is; the model in the answer of CometAPI decides. */
	isGuess: boolean;
	providerOfModel?(model: string): string | undefined;
	/** What was known already, so that a row keeps its columns on the way through several nodes. */
	row: KnownColumns;
}

export type KnownColumns = Pick<TaskContext, 'prompt' | 'model' | 'mode' | 'durationSeconds' | 'estimatedCostUsd'>;

/** @throws InvalidInputError for what cannot be an id */
export function readTaskId(given: unknown): string {
	const taskId = typeof given === 'number' ? exactText(given, 'Task ID') : asText(given).trim();
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
	const path = route ? toPath(route) : undefined;
	const taskApi = path === undefined ? undefined : findTaskApi(known, path);
	if (path !== undefined && !taskApi) {
		const allowed = taskApisOf(known).flatMap(({ routes }) => routes);
		throw new InvalidInputError(`${known.displayName} has no route "${path}"`, `Allowed: ${allowed.join(', ')}.`);
	}
	const ref = { provider: known.id, taskId, route: path ?? usual.routes[0] };
	return {
		ref,
		provider: known,
		taskApi: taskApi ?? usual,
		places: taskApi
			? [{ taskApi, ref }]
			: knownTaskApisOf(known).map((each) => ({ taskApi: each, ref, routes: each.routes })),
		isGuess: !provider,
		...(provider ? {} : { providerOfModel: (model) => findProviderOfModel(model)?.id }),
		row,
	};
}

/** A route with a place for the id is exact; of others the slashes around them may be missing. */
function toPath(route: string): string {
	return route.includes('{') ? route : `/${route.replace(/^\/+|(?<!\/)\/+$/g, '')}`;
}

/** The columns of an output row that a later row keeps. */
export function knownColumns(json: IDataObject): KnownColumns {
	const text = (key: string) => (typeof json[key] === 'string' && json[key] !== '' ? json[key] : undefined);
	const number = (key: string) => (typeof json[key] === 'number' ? json[key] : undefined);
	return {
		prompt: text('prompt'),
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
	const isKnownRoute = provider && route !== undefined && findTaskApi(provider, route) !== undefined;
	return toTaskReference(taskId, provider, isKnownRoute ? route : undefined, knownColumns(json));
}

/** The reference of a task that has been found; nobody looks elsewhere any more. */
export function foundAt(reference: TaskReference, task: { ref: TaskRef }, taskApi: TaskApi): TaskReference {
	const { ref } = task;
	return { ...reference, ref, taskApi, places: [{ taskApi, ref }] };
}
