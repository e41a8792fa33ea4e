/**
 * Reads what CometAPI answers about a task, for all providers: the places and words are in `places.ts`, this says which of
 * them counts when. Nobody has seen an answer of the live service, so nothing that is missing or odd costs a paid task.
 */
import type { IDataObject } from 'n8n-workflow';
import { RequestError, UnexpectedResponseError, cleanServerText } from '../../task/errors';
import { readTime } from '../../task/readTime';
import { ERROR_ONLY } from '../../task/types';
import type { Asset, AssetSource, CreatedTask, TaskRef, TaskState, VideoTask } from '../../task/types';
import { isObject } from '../../task/json';
import { countEnvelopes, dataChainOf, endingOf, idFrom, idIn, layersOf, wordIn } from './layers';
import {
	CHANGED_NAMES,
	CODE_NAMES,
	COMPLETED_NAMES,
	CREATED_NAMES,
	DURATION_NAMES,
	ID_NAMES,
	LAST_LINK_NAMES,
	LINK_NAMES,
	MODEL_NAMES,
	PROGRESS_NAMES,
	REASON_NAMES,
	WEAK_ID_NAMES,
} from './places';
import type { Ending } from './places';
import { readRefusal, readSaid, saysUnknownTask, toRequestError } from './refusal';
import type { RefusalForm } from './refusal';
import { assetsAt, coverIn, firstOf, isLink, linksIn, memberOf, opened, picturesIn, textOf, wordsIn } from './values';

/** What the tasks of one route have of their own. */
export interface TaskForm extends RefusalForm {
	/** Names of the id that only this route has, before all others. */
	idNames?: readonly string[];
	/** The provider's own answer inside CometAPI's wrapper counts before the wrapper. */
	isPayloadFirst?: boolean;
	/** `progress` of the provider's own answer runs from 0 to 1. */
	isProgressFraction?: boolean;
	/** Where the file is when no link is named, or when it does not work. */
	contentPath?(ref: TaskRef): string;
	/** Some of the route's tasks make pictures. */
	mayMakePictures?: boolean;
}

/** Long enough to find an id in it. */
const MAX_ANSWER_LENGTH = 300;
const MAX_SECONDS = 3600;

/** The task that an answer to a create names; undefined if it names none. */
export function readTaskId(body: unknown, form: TaskForm = {}): string | undefined {
	const layers = layersOf(body);
	const find = (read: (layer: IDataObject) => string | undefined) => {
		for (const layer of layers) {
			const id = read(layer);
			if (id !== undefined) return id;
		}
		return undefined;
	};
	const certain = find((layer) => idIn(layer, [...(form.idNames ?? []), ...ID_NAMES]));
	if (certain !== undefined || readRefusal(body, form)) return certain;
	return find((layer) => {
		const isAnswerCode = ['code', 'message', 'msg'].some((name) => memberOf(layer, name) !== undefined);
		const places = WEAK_ID_NAMES.filter(({ isAlone }) => !isAlone || !isAnswerCode);
		for (const { name, form: pattern } of places) {
			const id = idFrom(memberOf(layer, name));
			if (id !== undefined && !endingOf(id) && (pattern?.test(id) ?? true)) return id;
		}
		return undefined;
	});
}

/**
 * The answer to a create.
 * @throws RequestError when it is a refusal; UnexpectedResponseError when it names no task, and nobody knows whether there is one
 */
export function readCreated(body: unknown, form: TaskForm = {}): Omit<CreatedTask, 'route'> {
	const taskId = readTaskId(body, form);
	const chain = dataChainOf(body);
	const raw = chain[countEnvelopes(chain)] ?? {};
	if (taskId !== undefined) return { taskId, rawStatus: firstWord(chain), raw };
	assertAccepted(body, form);
	throw namesNoTask(body);
}

/** @throws RequestError when an answer says no, with HTTP 200 */
export function assertAccepted(body: unknown, form: TaskForm = {}): void {
	const refusal = readRefusal(body, form);
	if (refusal) throw toRequestError(refusal, form, requestIdOf(body));
}

/** A create of which nobody knows what has become; the answer's beginning is for a person to find the id in. */
export function namesNoTask(body: unknown): UnexpectedResponseError {
	const answer = beginningOf(textOfAnswer(body));
	return new UnexpectedResponseError(
		`CometAPI accepted the request, but its answer names no task (no "id" or "task_id"): ${answer}`,
		'The task may exist and be billed, so the request was not sent again. Look for it in the CometAPI console.',
		{ answer },
	);
}

function textOfAnswer(body: unknown): string {
	try {
		return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
	} catch {
		// Nested too deeply to be written.
		return '';
	}
}

/** The beginning of an answer, for a person. */
export function beginningOf(answer: string): string {
	return cleanServerText(answer).slice(0, MAX_ANSWER_LENGTH);
}

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

function firstWord(chain: readonly IDataObject[]): string {
	const words = chain.slice(countEnvelopes(chain)).map(wordIn);
	return words.find((word) => word !== '') ?? '';
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

/** The links of the first place that has any; or of a later one that has these and more, as lists of variants do. */
function readLinks(layers: readonly IDataObject[]): AssetSource[] {
	let found: AssetSource[] = [];
	for (const name of LINK_NAMES) {
		for (const layer of layers) {
			const links = linksIn(memberOf(layer, name));
			const isMore = links.length > found.length && links.some((link) => isSameSource(link, found[0]));
			if (isMore || found.length === 0) found = links;
		}
	}
	return found.length > 0 ? found : layers.flatMap((layer) => LAST_LINK_NAMES.flatMap((name) => linksIn(layer[name])));
}

function isSameSource(one: AssetSource, other: AssetSource | undefined): boolean {
	return one.at === 'url' && other?.at === 'url' && one.url === other.url;
}

function readNamedFiles(layers: readonly IDataObject[], { mayMakePictures }: TaskForm): Asset[] {
	const files = assetsAt(readLinks(layers));
	if (files.length > 0 || !mayMakePictures) return files;
	return layers.map((layer) => picturesIn(layer)).find((pictures) => pictures.length > 0) ?? [];
}

/** Of a finished video; while a task runs its picture is that of an unfinished one. */
function coverOf(state: TaskState, layers: readonly IDataObject[]): string | undefined {
	if (state.status !== 'succeeded' || !state.assets.some(({ kind }) => kind === 'video')) return undefined;
	return layers.map((layer) => coverIn(layer)).find(Boolean);
}

/** The content route is the next place of the first file. */
function readAssets(layers: readonly IDataObject[], ref: TaskRef, form: TaskForm): Asset[] {
	const { contentPath } = form;
	const [first, ...more] = readNamedFiles(layers, form);
	if (!contentPath) return first ? [first, ...more] : [];
	const content: AssetSource = { at: 'content', path: contentPath(ref) };
	return first
		? [{ ...first, sources: [...first.sources, content] }, ...more]
		: [{ kind: 'video', sources: [content] }];
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

/** By layers first, so that an outer time is not mixed with an inner one of another kind. */
function firstIn<Result>(
	layers: readonly IDataObject[],
	names: readonly string[],
	read: (value: unknown) => Result | undefined,
): Result | undefined {
	for (const layer of layers) {
		const found = firstOf(names, (name) => read(memberOf(layer, name)));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** Kling names the request's id in the answer itself. */
function requestIdOf(body: unknown): { requestId?: string } {
	const requestId = isObject(body) ? textOf(body.request_id) : '';
	return requestId === '' || isLink(requestId) ? {} : { requestId: cleanServerText(requestId) };
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
