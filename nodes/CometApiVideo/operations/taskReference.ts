/** Which task an item of the Task operations means. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { DETECT_PROVIDER } from '../description/nodeProperties';
import { custom } from '../providers/custom';
import { findProvider, findProviderOfModel, taskApisOf } from '../providers';
import { assertNoExpressionText, exactText } from '../providers/fields';
import type { VideoProvider } from '../providers/types';
import { isUnknownTask } from '../tasks/requestErrors';
import type { CometApiClient } from '../tasks/client';
import { InvalidInputError, RequestError } from '../tasks/errors';
import type { TaskContext } from '../tasks/output';
import type { TaskApi, TaskRef, VideoTask } from '../tasks/types';

export interface TaskReference {
	/** Its route is a guess until `isPlaceKnown`. */
	ref: TaskRef;
	provider: VideoProvider;
	taskApi: TaskApi;
	/** False: nobody said which kind of job the task is, so all routes of the provider are tried. */
	isPlaceKnown: boolean;
	/** True: nobody said which provider it is; the model in the answer of CometAPI decides. */
	isGuess: boolean;
	/** What the input item already knew, so that a row keeps its columns on the way through several nodes. */
	row: Pick<TaskContext, 'model' | 'mode' | 'durationSeconds' | 'estimatedCostUsd'>;
}

/** Ids as CometAPI's own tool accepts them. */
const TASK_ID = /^[\w-]{1,200}$/;

/** @throws InvalidInputError */
export function readTaskReference(context: IExecuteFunctions, itemIndex: number): TaskReference {
	const given: unknown = context.getNodeParameter('taskId', itemIndex, '') ?? '';
	const taskId = typeof given === 'number' ? exactText(given, 'Task ID') : String(given).trim();
	assertNoExpressionText('Task ID', taskId);
	if (taskId === '') {
		throw new InvalidInputError('Task ID is empty', 'Give the ID that "Video > Generate" returned in its field taskId.');
	}
	if (!TASK_ID.test(taskId)) {
		throw new InvalidInputError(
			`Task ID cannot be "${taskId.slice(0, 100)}"`,
			'Allowed: letters, digits, - and _, e.g. task_4bWq7. Give the ID alone, not a link.',
		);
	}
	const { json } = context.getInputData()[itemIndex];
	const isSameTask = json.taskId === taskId;
	const text = (key: string) => (isSameTask && typeof json[key] === 'string' ? (json[key] as string) : undefined);
	const number = (key: string) => (isSameTask && typeof json[key] === 'number' ? (json[key] as number) : undefined);
	const provider = readProvider(context, itemIndex, text('provider'));
	const known = provider ?? custom;
	const [usual] = taskApisOf(known);
	const routeOfItem = text('provider') === known.id ? text('route') : undefined;
	const route = readRoute(context, itemIndex) ?? routeOfItem;
	const taskApi = taskApisOf(known).find(({ routes }) => route !== undefined && routes.includes(route));
	if (route !== undefined && !taskApi) {
		const allowed = taskApisOf(known).flatMap(({ routes }) => routes);
		throw new InvalidInputError(`${known.displayName} has no route "${route}"`, `Allowed: ${allowed.join(', ')}.`);
	}
	return {
		ref: { provider: known.id, taskId, route: route ?? usual.routes[0] },
		provider: known,
		taskApi: taskApi ?? usual,
		isPlaceKnown: taskApi !== undefined,
		isGuess: !provider,
		row: {
			model: text('model'),
			mode: text('mode'),
			durationSeconds: number('durationSeconds'),
			estimatedCostUsd: number('estimatedCostUsd'),
		},
	};
}

function readProvider(context: IExecuteFunctions, itemIndex: number, ofItem: string | undefined): VideoProvider | undefined {
	const chosen = String(context.getNodeParameter('taskProvider', itemIndex, DETECT_PROVIDER) ?? DETECT_PROVIDER);
	if (chosen === DETECT_PROVIDER) return ofItem === undefined ? undefined : findProvider(ofItem);
	const provider = findProvider(chosen);
	if (!provider) throw new InvalidInputError(`Provider "${chosen}" does not exist`, 'Choose a provider from the list, or Detect.');
	return provider;
}

function readRoute(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const given = String(context.getNodeParameter('options.route', itemIndex, '') ?? '').trim();
	return given === '' ? undefined : `/${given.replace(/^\/+|\/+$/g, '')}`;
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
		unknown.advice = 'Check the task ID. If the task was not made on /v1/videos, choose its Provider.';
	}
	throw unknown;
}

/** The task with the provider that its model belongs to, if nobody said which it is. */
function withDetectedProvider(task: VideoTask, { isGuess }: TaskReference): VideoTask {
	const detected = isGuess && task.model ? findProviderOfModel(task.model) : undefined;
	return detected ? { ...task, ref: { ...task.ref, provider: detected.id } } : task;
}
