/** Watches a fixed list of task references, with the API key alone. */
import type { IDataObject } from 'n8n-workflow';
import { DETECT_PROVIDER } from '../description/taskFields';
import { findProvider } from '../providers';
import { readTaskId, toTaskReference } from '../providers/taskReference';
import type { TaskReference } from '../providers/taskReference';
import { createCometApiClient } from '../service/client';
import { clock } from '../task/clock';
import { InvalidInputError, reworded, toCometApiVideoError } from '../task/errors';
import { isObject, parseJson } from '../task/json';
import { MAX_LOOKS_PER_POLL, lookAtTasks } from './lookAtTasks';
import type { WatchedTask } from './lookAtTasks';
import type { OpenTaskSource } from './taskSource';
import { newestOf } from './taskSource';
import { createWatchMemory, forgetOthers } from './watchMemory';

const REQUEST_TIMEOUT_SECONDS = 15;
/** When the workflow is published, since what is not seen finished then is news later. */
const MAX_FIRST_LOOKS = 1000;
const MAX_SAMPLES = 10;

/** @throws InvalidInputError for an entry that names no task */
export const openListedSource: OpenTaskSource = async (context) => {
	const client = await createCometApiClient(context, { requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS });
	const references = readReferences(context.getNodeParameter('listAs', 'fields') as string, {
		fields: context.getNodeParameter('tasks', {}),
		json: context.getNodeParameter('tasksJson', '[]'),
	});
	const tasks = references.map((reference): WatchedTask => toWatchedTask(reference));
	return {
		watched: 'listed',
		lists: ['listed'],
		look: async ({ memory, isFirstLook, state, until }) => {
			const keys = new Set(tasks.map(({ key }) => key));
			forgetOthers(memory, (key) => keys.has(key));
			const maxLooks = isFirstLook ? MAX_FIRST_LOOKS : MAX_LOOKS_PER_POLL;
			const open = inTurn(
				tasks.filter(({ key }) => !state.done.has(key)),
				memory.lastLooks,
			);
			const looks = await lookAtTasks(client, open, memory, { maxLooks, until, isFirstLook });
			memory.lastLooks = new Set([...[...memory.lastLooks].filter((key) => !looks.looked.has(key)), ...looks.looked]);
			// A task that is taken out of the list may be put in again.
			return { ...looks, forgettable: {} };
		},
		sample: async () => {
			const limits = { maxLooks: MAX_SAMPLES, until: Infinity };
			const { readings, failures } = await lookAtTasks(client, tasks, createWatchMemory(), limits);
			const [failure] = failures;
			if (readings.length === 0 && failure) throw failure;
			return newestOf(readings);
		},
	};
};

/** Those first that have never been looked at, then those whose last look was longest ago. */
function inTurn(tasks: readonly WatchedTask[], lastLooks: ReadonlySet<string>): WatchedTask[] {
	const turns = new Map([...lastLooks].map((key, turn) => [key, turn]));
	const turnOf = ({ key }: WatchedTask) => turns.get(key) ?? -1;
	return [...tasks].sort((left, right) => turnOf(left) - turnOf(right));
}

function toWatchedTask(reference: TaskReference): WatchedTask {
	return {
		key: reference.ref.taskId,
		known: reference.row,
		seconds: Math.floor(clock.now() / 1000),
		list: 'listed',
		reference,
	};
}

interface ListParameters {
	/** Fixed collection. */
	fields: unknown;
	/** Text, or a list from an expression. */
	json: unknown;
}

function readReferences(listAs: string, { fields, json }: ListParameters): TaskReference[] {
	const entries = listAs === 'json' ? readJsonList(json) : (((fields as IDataObject).task ?? []) as IDataObject[]);
	const references = entries.map((entry, index) => toReference(entry, index + 1));
	if (references.length === 0) {
		throw new InvalidInputError('No task is listed', 'Add a task, or watch the tasks of an n8n Data Table instead.');
	}
	return references.filter(
		({ ref }, index) => references.findIndex((other) => other.ref.taskId === ref.taskId) === index,
	);
}

/** @throws InvalidInputError */
function readJsonList(json: unknown): unknown[] {
	const list: unknown = typeof json === 'string' ? parseJson(json) : json;
	if (Array.isArray(list)) return list;
	throw new InvalidInputError(
		'Tasks (JSON) is not a list',
		'Give a JSON list of task IDs or of rows as the node returns them, e.g. ["task_4bWq7", {"taskId": "8231", "provider": "kling"}].',
	);
}

function toReference(entry: unknown, position: number): TaskReference {
	const { taskId, provider, route } = isObject(entry)
		? entry
		: { taskId: entry, provider: undefined, route: undefined };
	const isNamed = typeof provider === 'string' && provider !== '' && provider !== DETECT_PROVIDER;
	const known = isNamed ? findProvider(provider) : undefined;
	const place = `Entry ${position} of the list`;
	if (isNamed && !known) {
		throw new InvalidInputError(
			`${place}: Provider "${provider}" does not exist`,
			'Choose a provider from the list, or leave it out.',
		);
	}
	return named(place, () =>
		toTaskReference(readTaskId(taskId), known, typeof route === 'string' ? route.trim() : undefined, {}),
	);
}

/** @throws InvalidInputError that says which entry it is about */
function named<Result>(place: string, read: () => Result): Result {
	try {
		return read();
	} catch (error) {
		const wrong = toCometApiVideoError(error);
		throw reworded(wrong, { message: `${place}: ${wrong.message}` });
	}
}
