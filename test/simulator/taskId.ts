/** An id as it stands in a path: escaped, where it holds characters that paths do not. */
export function decodeId(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
