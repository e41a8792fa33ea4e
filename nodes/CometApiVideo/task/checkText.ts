/** What can be wrong with a text that a user gave, whatever it is for. */
import { InvalidInputError } from './errors';

const MAX_SHOWN = 100;

/** The gateway makes ids from whole names of its upstreams: up to some 220 characters have been seen. */
const MAX_ID_LENGTH = 500;
/** Blanks, control characters, and halves of characters, which no address can carry. */
const NOT_IN_IDS = /[\s\p{Cc}\p{Cs}]/u;
/** A part of an address that leads elsewhere, even when it is encoded. */
const RELATIVE_PART = /(^|[\\/])\.{1,2}([\\/]|$)/;
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;

/** Whether a text can be the id of a task. It becomes part of an address, percent-encoded as a whole. */
export function isTaskId(text: string): boolean {
	if (text === '' || text.length > MAX_ID_LENGTH) return false;
	return !NOT_IN_IDS.test(text) && !RELATIVE_PART.test(text) && !ADDRESS.test(text);
}

/** @throws InvalidInputError for what cannot be the id of a task */
export function assertTaskId(label: string, taskId: string): void {
	if (isTaskId(taskId)) return;
	throw new InvalidInputError(
		`${label} cannot be ${JSON.stringify(taskId.slice(0, MAX_SHOWN))}`,
		`Give the ID alone, e.g. task_4bWq7: no link, no blanks, at most ${MAX_ID_LENGTH} characters.`,
	);
}

/** An expression that names a whole object or list instead of a text in it, which would be sent as "[object Object]". */
export function assertText(label: string, value: unknown): void {
	if (typeof value !== 'object' || value === null) return;
	throw new InvalidInputError(
		`${label} is ${Array.isArray(value) ? 'a list' : 'an object'} where a text is needed: ${JSON.stringify(value).slice(0, MAX_SHOWN)}`,
		`Name the text inside it in the expression of the field "${label}", e.g. {{ $json.answer.text }}.`,
	);
}

/** `assertNoExpressionText` for all texts inside a value, such as the rows of a list. */
export function assertNoExpressionTextIn(label: string, value: unknown): void {
	if (typeof value === 'string') assertNoExpressionText(label, value);
	if (typeof value !== 'object' || value === null) return;
	for (const inner of Object.values(value)) assertNoExpressionTextIn(label, inner);
}

/** n8n leaves `{{ … }}` as text where a field is not switched to Expression, and the text would be filmed. */
export function assertNoExpressionText(label: string, value: string): void {
	const found = /\{\{[^}]*\}\}/.exec(value);
	if (!found) return;
	throw new InvalidInputError(
		`${label} contains the text ${found[0].slice(0, 60)}, which looks like an expression that was not evaluated`,
		`Switch the field "${label}" from Fixed to Expression, or remove the braces.`,
	);
}

/**
 * A number in a text field. Ids of Kling and Midjourney are longer than numbers are exact.
 * @throws InvalidInputError when the digits have already been lost
 */
export function exactText(value: number, label: string): string {
	if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value);
	throw new InvalidInputError(
		`${label} is the number ${value}, which is too long to be exact`,
		'Give it as text: in the data where it comes from, put it in quotes or format it as text.',
	);
}
