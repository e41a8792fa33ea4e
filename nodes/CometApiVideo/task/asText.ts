/**
 * A parameter, a cell or a member of an answer as text: empty for what is not there. An object becomes "[object Object]", which
 * `assertText` refuses where a person is asked for a text.
 */
export function asText(value: unknown): string {
	if (value === undefined || value === null) return '';
	const plain = value as string | number | boolean;
	return String(plain);
}
