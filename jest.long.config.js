/** Tests that take minutes or need programs such as ffmpeg; `npm run test:long`. */
const config = require('./jest.config');

/** @type {import('jest').Config} */
module.exports = { ...config, testMatch: ['<rootDir>/test/**/*.long.ts'] };
