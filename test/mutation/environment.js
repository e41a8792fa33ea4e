/**
 * The environment of all tests, which ends a mutant with the first test that notices it: jest's own option for that is not heard
 * when another program runs jest.
 */
const OneRealmEnvironment = require('../support/oneRealm/environment');

/** Stryker tells the instrumented code by it which fault is put in. */
const activeMutant = () => process.env.__STRYKER_ACTIVE_MUTANT__;

let noticedMutant;

module.exports = class MutationEnvironment extends OneRealmEnvironment {
	handleTestEvent({ name, test }) {
		const mutant = activeMutant();
		if (mutant === undefined) return;
		if (name === 'test_start' && noticedMutant === mutant) test.mode = 'skip';
		if (name === 'test_done' && test.errors.length > 0) noticedMutant = mutant;
	}
};
