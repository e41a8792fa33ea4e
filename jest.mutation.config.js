/** The tests that `test/mutation/command.mjs` names for the file that is mutated. */
const tests = (process.env.MUTATION_TESTS ?? '').split(',').filter(Boolean);

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	// Stryker knows no <rootDir> here.
	testEnvironment: require.resolve('./test/mutation/environment.js'),
	setupFiles: ['<rootDir>/test/mutation/loadNodes.ts'],
	testMatch: tests.map((name) => `<rootDir>/test/${name}{,*,/**/*}.test.ts`),
	testSequencer: '<rootDir>/test/mutation/inOrder.js',
	maxWorkers: 1,
	// What a fault keeps from ending must not cost minutes for each of them.
	testTimeout: 30_000,
};
