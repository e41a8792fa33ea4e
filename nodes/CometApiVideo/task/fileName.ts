/** How the files of a task are called where the user has not named them. */
import { withoutExtension } from './media';

const MAX_NAME_LENGTH = 60;
const MAX_ID_LENGTH = 100;
/** More than a name can hold, however many signs the prompt begins with; prompts may be books. */
const MAX_READ_LENGTH = 500;
/** What stands between or behind letters without ending a word: apostrophes, joiners, and signs that make a picture of a digit. */
const INSIDE_WORDS = /['\u2019\u200C\u200D\u20E3\uFE00-\uFE0F]/g;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/**
 * A name without extension: the first words of the prompt in lower case, with letters of any script; the task's ID where it
 * has none.
 */
export function toFileName(prompt: string | undefined, taskId: string): string {
	return ofPrompt(prompt ?? '') || ofId(taskId) || 'result';
}

function ofPrompt(prompt: string): string {
	const text = prompt.slice(0, MAX_READ_LENGTH).normalize('NFKC').replace(INSIDE_WORDS, '').toLowerCase();
	const [first = '', ...others] = text.match(WORD) ?? [];
	let name = beginningOf(first);
	for (const word of others) {
		// Of a script without blanks a sentence is a word.
		if (name.length + 1 + word.length > MAX_NAME_LENGTH) break;
		name += `-${word}`;
	}
	return name;
}

/** Without half of a character that consists of two. */
function beginningOf(word: string): string {
	return word.slice(0, MAX_NAME_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

/** An ID comes from an answer; what is no part of a plain name could lead into another folder, and what follows a dot is no extension. */
function ofId(taskId: string): string {
	return withoutExtension(taskId.slice(0, MAX_ID_LENGTH).replace(/[^\w.-]/g, '_'));
}
