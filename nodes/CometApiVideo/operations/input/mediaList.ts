/** Several media in one parameter. */
import type { MediaSource } from '../../description/mediaFields';
import { asText } from '../../task/asText';
import { assertText } from '../../task/checkText';

/** One per line for links, with commas for field names; an expression may give a list. */
export function toList(given: unknown, source: MediaSource, label: string): string[] {
	for (const part of Array.isArray(given) ? given : [given]) assertText(label, part);
	const parts: unknown[] = Array.isArray(given) ? given : splitText(asText(given), source);
	return parts.map((part) => asText(part).trim()).filter((part) => part !== '');
}

function splitText(text: string, source: MediaSource): string[] {
	if (source === 'binary') return text.split(',');
	const lines = text.split(/\r?\n/).map((line) => line.trim());
	return source === 'data' ? joinWrapped(lines) : lines;
}

/** The longest line of base64 text that programs wrap (RFC 2045, section 6.8); no file is as short. */
const MAX_WRAPPED_LINE_LENGTH = 76;

/** Base64 text is often wrapped: a short line goes on in the next one, if that is not empty and begins no data URI. */
function joinWrapped(lines: readonly string[]): string[] {
	const files: string[] = [];
	let goesOn = false;
	for (const line of lines) {
		if (goesOn && line !== '' && !line.startsWith('data:')) files[files.length - 1] += line;
		else files.push(line);
		goesOn = line !== '' && line.replace(/^data:[^,]*,/, '').length <= MAX_WRAPPED_LINE_LENGTH;
	}
	return files;
}
