/** What can be wrong with a text or a number that a user gave, whatever it is for. */
import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from './errors';
import { cutText, showValue } from './shownText';

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
		`${label} cannot be ${showValue(taskId)}`,
		`Give the ID alone, e.g. task_4bWq7: no link, no blanks, at most ${MAX_ID_LENGTH} characters.`,
	);
}

/** An expression that names a whole object or list instead of a text in it, which would be sent as "[object Object]". */
export function assertText(label: string, value: unknown): void {
	if (typeof value !== 'object' || value === null) return;
	throw new InvalidInputError(
		`${label} is ${Array.isArray(value) ? 'a list' : 'an object'} where a text is needed: ${showValue(value)}`,
		`Name the text inside it in the expression of the field "${label}", e.g. {{ $json.answer.text }}.`,
	);
}

/** What programs and sheets write where a value is missing or a formula has gone wrong. */
const NO_VALUES = [
	...['NaN', 'undefined', 'null', '[object Object]'],
	...['#N/A', '#REF!', '#VALUE!', '#NAME?', '#ERROR!', '#DIV/0!', '#NUM!', '#NULL!'],
];

/** @throws InvalidInputError for a text that stands for a missing value: it would be filmed, spoken or sent */
export function assertMeant(label: string, text: string): void {
	const trimmed = text.length > 100 ? '' : text.trim();
	const found =
		NO_VALUES.find((word) => word === trimmed) ?? (text.includes('[object Object]') ? '[object Object]' : '');
	if (found === '') return;
	throw new InvalidInputError(
		`${label} ${trimmed === found ? 'is' : 'contains'} the text ${found}, which stands for a value that is missing`,
		`Check the data that the field "${label}" is filled from, and the expression in it.`,
	);
}

/**
 * The parameter as it was typed. A text that begins with `=` is an expression; what it gives comes from data and may hold
 * anything.
 * @throws InvalidInputError when a text in it, or in its rows, looks like an expression in a field that is Fixed
 */
export function assertNoForgottenExpression(label: string, typed: unknown): void {
	if (typeof typed === 'string' && !typed.startsWith('=')) assertNoExpressionText(label, typed);
	if (typeof typed !== 'object' || typed === null) return;
	for (const inner of Object.values(typed)) assertNoForgottenExpression(label, inner);
}

/** n8n leaves `{{ … }}` as text where a field is not switched to Expression, and the text would be filmed. */
export function assertNoExpressionText(label: string, value: string): void {
	const start = value.indexOf('{{');
	const end = start < 0 ? -1 : value.indexOf('}}', start + 2);
	if (end < 0) return;
	throw new InvalidInputError(
		`${label} contains the text ${cutText(value.slice(start, end + 2), 60)}, which looks like an expression that was not evaluated`,
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

/**
 * A number within the limits that the panel shows: expressions pass it by.
 * @param fallback when the field was not added, or its expression gives nothing
 * @throws InvalidInputError naming the label, the value and what is allowed
 */
export function checkedNumber(
	{ displayName, typeOptions }: Pick<INodeProperties, 'displayName' | 'typeOptions'>,
	given: unknown,
	fallback: number,
): number {
	if (given === undefined || given === null || given === '') return fallback;
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = typeOptions ?? {};
	const number = typeof given === 'number' || typeof given === 'string' ? Number(given) : NaN;
	const isWhole = numberPrecision !== 0 || Number.isInteger(number);
	if (isWhole && number >= minValue && number <= maxValue) return number;
	const kind = numberPrecision === 0 ? 'whole numbers' : 'numbers';
	const range = maxValue === Infinity ? `of at least ${minValue}` : `from ${minValue} to ${maxValue}`;
	throw new InvalidInputError(`${displayName} cannot be ${showValue(given)}`, `Allowed: ${kind} ${range}.`);
}
