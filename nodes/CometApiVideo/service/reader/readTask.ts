/**
 * Reads what CometAPI answers to a look at a task, for all providers: the places and words are in `places.ts`, this says which of
 * them counts when. Nobody has seen an answer of the live service, so nothing that is missing or odd costs a paid task.
 */
import type { IDataObject } from 'n8n-workflow';
import { RequestError, cleanServerText } from '../../task/errors';
import { isObject } from '../../task/json';
import { readTime } from '../../task/readTime';
import { ERROR_ONLY } from '../../task/types';
import type { Asset, TaskRef, TaskState, VideoTask } from '../../task/types';
import { countEnvelopes, dataChainOf, endingOf, idIn, layersOf, wordIn } from './layers';
import {
	CHANGED_NAMES,
	CODE_NAMES,
	COMPLETED_NAMES,
	CREATED_NAMES,
	DURATION_NAMES,
	MODEL_NAMES,
	PROGRESS_NAMES,
	REASON_NAMES,
} from './places';
import type { Ending } from './places';
import { coverOf, readAssets, readLinks, readNamedFiles } from './readFiles';
import { readRefusal, readSaid, requestIdOf, saysUnknownTask, toRequestError } from './refusal';
import type { TaskForm } from './taskForm';
import { firstIn, opened, textOf, wordsIn } from './values';

const MAX_SECONDS = 3600;

/**
 * The answer to a look.
 * @throws RequestError when it says that the task is not known (as HTTP 404 would), that the key is not accepted (401), or
 * that CometAPI is limited or faulty just now
 */
export function readTask(body: unknown, ref: TaskRef, form: TaskForm = {}): VideoTask {
	const chain = dataChainOf(body);
	const envelopes = countEnvelopes(chain);
	const tasks = chain.slice(envelopes);
	const payload = form.isPayloadFirst ? [...tasks].reverse() : tasks;
	const others = layersOf(body).filter((layer) => !chain.includes(layer));
	/** In the order in which they count. */
	const layers = [...payload, ...others, ...chain.slice(0, envelopes).reverse()];
	const state = readState(body, layers, payload, ref, form);
	const isOver = state.status !== 'pending';
	const thumbnailUrl = coverOf(state, layers);
	return {
		...state,
		...(thumbnailUrl ? { thumbnailUrl } : {}),
		ref,
		progressPercent: readProgress(layers, form),
		model: firstIn(layers, MODEL_NAMES, (value) => textOf(value).slice(0, 200)) ?? modelOfProperties(layers),
		durationSeconds: readSeconds(layers),
		createdAt: firstIn(layers, CREATED_NAMES, readTime),
		completedAt: firstIn(layers, isOver ? [...COMPLETED_NAMES, ...CHANGED_NAMES] : COMPLETED_NAMES, readTime),
		raw: tasks[0] ?? {},
	};
}

function readState(
	body: unknown,
	layers: readonly IDataObject[],
	tasks: readonly IDataObject[],
	ref: TaskRef,
	form: TaskForm,
): TaskState {
	const { word: rawStatus, ending } = readWord(tasks, layers, form);
	if (ending === 'succeeded') return succeeded(rawStatus, readAssets(layers, ref, form), form);
	if (ending === 'failed') return failed(rawStatus, layers);
	// Before a link or an error, which a task that runs may have as well.
	if (saysUnknownTask(body)) {
		// As HTTP 404 would say it: a wait puts up with that for the first minute.
		const message = `CometAPI does not know the task ${ref.taskId} (task_not_exist)`;
		throw new RequestError('refused', message, 'Check the task ID.', { httpStatus: 404 });
	}
	if (ending === 'running') return { status: 'pending', rawStatus };
	if (readNamedFiles(layers, form).length > 0) return succeeded(rawStatus, readAssets(layers, ref, form), form);
	const isTask = rawStatus !== '' || tasks.some((layer) => idIn(layer) !== undefined);
	const refusal = readRefusal(rawStatus === '' ? body : tasks[0], form, isTask);
	if (!refusal) return { status: 'pending', rawStatus };
	if (refusal.meaning === 'refused' || refusal.meaning === 'noCredit') {
		return failed(rawStatus || ERROR_ONLY, layers, refusal.code);
	}
	throw toRequestError(refusal, form, requestIdOf(body));
}

/** The word that counts: that of the task itself; of a provider's own answer in the wrapper, one that says it is over. */
function readWord(tasks: readonly IDataObject[], layers: readonly IDataObject[], form: TaskForm) {
	const read = (layer: IDataObject) => {
		const word = wordIn(layer);
		return { word, ending: endingOf(word) };
	};
	const inTasks = tasks.map(read).filter(({ word }) => word !== '');
	const isEnd = ({ ending }: { ending?: Ending }) => ending === 'succeeded' || ending === 'failed';
	const ended = form.isPayloadFirst ? inTasks.find(isEnd) : undefined;
	const elsewhere = () => layers.map(read).find(({ word, ending }) => word !== '' && ending !== undefined);
	return ended ?? inTasks[0] ?? elsewhere() ?? { word: '', ending: undefined };
}

function succeeded(rawStatus: string, assets: readonly Asset[], { contentPath }: TaskForm): TaskState {
	const lacksFile = assets.length === 0 && !contentPath;
	return { status: 'succeeded', rawStatus, assets, ...(lacksFile ? { lacksFile } : {}) };
}

function failed(rawStatus: string, layers: readonly IDataObject[], code = ''): TaskState {
	const known = code || readCode(layers);
	return { status: 'failed', rawStatus, reason: readReason(layers), ...(known === '' ? {} : { code: known }) };
}

function readReason(layers: readonly IDataObject[]): string {
	return cleanServerText(firstIn(layers, REASON_NAMES, (value) => wordsIn(value)) ?? '');
}

function readCode(layers: readonly IDataObject[]): string {
	const own = firstIn(layers, CODE_NAMES, (value) => textOf(value).slice(0, 100));
	return own ?? readSaid(layers).code;
}

/** 0 to 100; numbers travel as `30`, `"30"` and `"30%"`. */
function readProgress(layers: readonly IDataObject[], { isProgressFraction }: TaskForm): number | undefined {
	return firstIn(layers, PROGRESS_NAMES, (value) => {
		const number = typeof value === 'string' ? Number.parseFloat(value.slice(0, 20)) : value;
		if (typeof number !== 'number' || !(number >= 0 && number <= 100)) return undefined;
		return isProgressFraction && typeof value === 'number' && number <= 1 ? Math.round(number * 100) : number;
	});
}

function readSeconds(layers: readonly IDataObject[]): number | undefined {
	const read = (value: unknown) => {
		const seconds = Number(textOf(value).slice(0, 20));
		return seconds > 0 && seconds <= MAX_SECONDS ? seconds : undefined;
	};
	const videos = layers.map(({ video }) => video).filter(isObject);
	return firstIn([...layers, ...videos], DURATION_NAMES, read);
}

/** The list of an account's tasks names the model among the properties. */
function modelOfProperties(layers: readonly IDataObject[]): string | undefined {
	const properties = layers.map((layer) => opened(layer.properties)).filter(isObject);
	return firstIn(properties, ['origin_model_name', 'upstream_model_name'], textOf);
}

/** Whether an answer says that all is well and nothing else: an envelope around nothing. */
export function hasNothingYet(body: unknown): boolean {
	const [outermost, ...inner] = dataChainOf(body);
	if (!outermost || !('data' in outermost) || inner.some((layer) => Object.keys(layer).length > 0)) return false;
	const { data } = outermost;
	const isEmpty = data === null || data === '' || (Array.isArray(data) ? data.length === 0 : isObject(data));
	return isEmpty && idIn(outermost) === undefined && wordIn(outermost) === '' && readLinks([outermost]).length === 0;
}

/** For routes whose answer to a look needs a closer look: the provider's own object in whatever wrapper. */
export function payloadOf(body: unknown): IDataObject {
	const chain = dataChainOf(body);
	return chain[chain.length - 1] ?? {};
}
