/** @type {import('jest').Config} */
module.exports = {
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: { '^.+\\.ts$': ['@swc/jest', require('./test/swc.json')] },
	testEnvironment: '<rootDir>/test/support/oneRealm/environment.js',
	runtime: '<rootDir>/test/support/oneRealm/runtime.js',
	globalSetup: '<rootDir>/test/support/createTestFolder.ts',
	globalTeardown: '<rootDir>/test/support/removeTestFolder.ts',
	maxWorkers: 2,
	restoreMocks: true,
	testTimeout: 180_000,
	// n8n's HTTP agents keep sockets that no test can close; without this jest waits for them.
	forceExit: true,
};
