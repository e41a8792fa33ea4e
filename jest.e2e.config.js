/** End-to-end tests against a complete n8n; the ordinary `npm test` does not run them. See test/e2e/README.md. */
const { transform, restoreMocks } = require('./jest.config');

/** @type {import('jest').Config} */
module.exports = {
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
	// Workers are killed and waited for, over many minutes: `npm run test:long`.
	testPathIgnorePatterns: process.env.LONG_RUN === '1' ? [] : ['queueMode'],
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
