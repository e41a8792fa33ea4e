/** How much the property tests try. The seed is fixed, so that a run of the tests says the same every time. */
import type { Parameters as Settings } from 'fast-check';

const FACTOR = Number(process.env.FUZZ_FACTOR ?? 1);
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);

/**
 * @param runs for `npm test`; `FUZZ_FACTOR` tries as many times more, `FUZZ_SEED` tries others
 * @param rest e.g. examples that are always tried
 */
export function fuzzSettings<Values>(runs: number, rest: Settings<Values> = {}): Settings<Values> {
	return {
		seed: SEED,
		numRuns: Math.ceil(runs * FACTOR),
		endOnFailure: process.env.FUZZ_SHRINK === undefined,
		...rest,
	};
}
