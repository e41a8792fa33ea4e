/** The tests that `test/mutation/command.mjs` names for the file that is mutated. */
const tests = (process.env.MUTATION_TESTS ?? '').split(',').filter(Boolean);

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	// Stryker wraps the environment, and counts on a realm for each file.
	testEnvironment: 'node',
	runtime: undefined,
	testMatch: tests.map((name) => `<rootDir>/test/${name}{,*,/**/*}.test.ts`),
	testSequencer: '<rootDir>/test/mutation/inOrder.js',
	maxWorkers: 1,
};
