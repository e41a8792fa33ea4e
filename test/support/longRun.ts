/** Sizes that only `npm run test:long` has; every test also runs small, with `npm test`. */
const isLongRun = process.env.LONG_RUN === '1';

/** @param small enough to find the kind of fault @param large as many as an account may have */
export function atLength(small: number, large: number): number {
	return isLongRun ? large : small;
}
