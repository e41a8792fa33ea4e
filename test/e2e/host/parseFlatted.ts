/**
 * Reads the format in which n8n keeps the data of executions: a list of values whose members name other values of the
 * list by their position, so that what occurs twice is stored once. https://github.com/WebReflection/flatted
 */
export function parseFlatted(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const known = new Map<number, unknown>();

	const readEntry = (index: number): unknown => {
		const entry = entries[index];
		if (entry === null || typeof entry !== 'object') return entry;
		if (known.has(index)) return known.get(index);
		const value: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		// Known before its members are read: these may lead back to it.
		known.set(index, value);
		for (const [key, member] of Object.entries(entry)) {
			Reflect.set(value, key, typeof member === 'string' ? readEntry(Number(member)) : member);
		}
		return value;
	};
	return readEntry(0);
}
