/** The nodes on the oldest engine of n8n that can be had: `npm run test:oldest`. See test/oldest/installEngine.js. */
const { folder } = require('./test/oldest/installEngine');

const packages = `${folder}/node_modules/$1`;

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	// Packages are mapped, which the faster environment does not do.
	testEnvironment: 'node',
	runtime: undefined,
	moduleNameMapper: { '^(n8n-core|n8n-workflow|@n8n/di|zod|reflect-metadata)$': packages },
	testMatch: ['<rootDir>/test/oldest/*.oldest.ts', '<rootDir>/test/watch/listed.test.ts'],
	globalSetup: '<rootDir>/test/oldest/installEngine.js',
};
