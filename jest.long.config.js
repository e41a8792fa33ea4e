/**
 * The tests that `atLength` (test/support/longRun.ts) makes longer, at full length: as many tasks as an account may have; those that
 * try at random, with more tries; and those that need ffmpeg.
 */
process.env.LONG_RUN = '1';
process.env.FUZZ_FACTOR ??= '6';

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	testMatch: [
		'<rootDir>/test/watch/{account,listed}.test.ts',
		'<rootDir>/test/nodes/batch.test.ts',
		'<rootDir>/test/fuzz/*.test.ts',
		'<rootDir>/test/join/*.long.ts',
	],
	testTimeout: 900_000,
};
