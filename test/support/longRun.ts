/** Sizes that only `npm run test:long` has; every test also runs small, with `npm test`. */
const isLongRun = process.env.LONG_RUN === '1';

/** @param small enough to find the kind of fault @param large as many as an account may have, or every case there is */
export function atLength<Value>(small: Value, large: Value): Value {
	return isLongRun ? large : small;
}

/** The first of each class of entries, for tables whose other entries go the same way through the node. @param classOf as JSON */
export function firstOfEach<Entry>(entries: readonly Entry[], classOf: (entry: Entry) => unknown): Entry[] {
	const classes = entries.map((entry) => JSON.stringify(classOf(entry)));
	return entries.filter((_, index) => classes.indexOf(classes[index]) === index);
}
