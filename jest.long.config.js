/**
 * All tests of `npm test` with what `atLength` (test/support/longRun.ts) leaves out there: every entry of tables whose classes are tried
 * otherwise, and as many tasks as an account may have. Those that try at random try more often; and those that need ffmpeg.
 */
process.env.LONG_RUN = '1';
process.env.FUZZ_FACTOR ??= '6';

const config = require('./jest.config');

/** @type {import('jest').Config} */
module.exports = { ...config, testMatch: [...config.testMatch, '<rootDir>/test/join/*.long.ts'], testTimeout: 900_000 };
