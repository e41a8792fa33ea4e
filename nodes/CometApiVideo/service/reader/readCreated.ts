/** Reads the answer to a create: which task it names, or why there is none. */
import type { IDataObject } from 'n8n-workflow';
import { UnexpectedResponseError, cleanServerText } from '../../task/errors';
import type { CreatedTask } from '../../task/types';
import { countEnvelopes, dataChainOf, endingOf, idFrom, idIn, layersOf, wordIn } from './layers';
import { ID_NAMES, WEAK_ID_NAMES } from './places';
import { readRefusal, requestIdOf, toRequestError } from './refusal';
import type { TaskForm } from './taskForm';
import { memberOf } from './values';

/** Long enough to find an id in it. */
const MAX_ANSWER_LENGTH = 300;

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

function firstWord(chain: readonly IDataObject[]): string {
	const words = chain.slice(countEnvelopes(chain)).map(wordIn);
	return words.find((word) => word !== '') ?? '';
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
