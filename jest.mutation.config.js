/** The tests of the money paths, for `npm run mutate`. Stryker notes which of them reach a line, and runs only those. */
/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	testMatch: [
		'<rootDir>/test/{wait,service,journal,watch}/**/*.test.ts',
		'<rootDir>/test/security/{addresses,redirects}.test.ts',
		'<rootDir>/test/nodes/{batch,createFaults,waitFaults,journal*,recorded*,taskOperations}.test.ts',
	],
	maxWorkers: 1,
};
