/** End-to-end tests against a complete n8n; the ordinary `npm test` does not run them. See test/e2e/README.md. */
const { transform, restoreMocks } = require('./jest.config');

/** `npm run test:long`: the files that take many minutes, and only those. */
const isLong = process.env.LONG_RUN === '1';

/** @type {import('jest').Config} */
module.exports = {
	testMatch: isLong ? ['**/e2e/*.long.e2e.ts'] : ['**/e2e/*.e2e.ts', '!**/*.long.e2e.ts'],
	transform,
	testEnvironment: 'node',
	restoreMocks,
	// One n8n serves all scenarios: they take turns.
	maxWorkers: 1,
	testTimeout: 180_000,
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/globalTeardown.ts',
	// Compiled, because jest does not compile reporters.
	reporters: ['default', '<rootDir>/.build/test/e2e/scenarioReporter.js'],
};
