/** For `npm run mutate`, which chooses the file and its tests: test/mutation/command.mjs. */
export default {
	testRunner: 'jest',
	jest: { configFile: 'jest.mutation.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// Constants of a module concern all tests; each would take a run of all of them.
	ignoreStatic: true,
	concurrency: 2,
	// A busy machine must not look like a fault that was noticed.
	timeoutMS: 60_000,
	dryRunTimeoutMinutes: 60,
	ignorePatterns: ['dist', '.build', 'out', 'docs'],
	reporters: ['clear-text', 'progress-append-only', 'html'],
	htmlReporter: { fileName: process.env.MUTATION_REPORT ?? 'out/mutation/report.html' },
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	thresholds: { high: 90, low: 80, break: 90 },
	tempDirName: '.stryker-tmp',
};
