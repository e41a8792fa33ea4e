/**
 * Mutation testing of the paths that cost money if they are wrong: create, retry rule, what counts as sent, origin of the key,
 * order of the journal, state of the trigger. `npm run mutate -- --mutate <file>` for one file. Takes hours for all.
 */
export default {
	mutate: [
		'nodes/CometApiVideo/wait/*.ts',
		'nodes/CometApiVideo/service/{retry,networkFailures,refusals,http,origin}.ts',
		'nodes/CometApiVideo/operations/generate/createdTasks.ts',
		'nodes/CometApiVideo/watch/finishedTasks.ts',
		'nodes/CometApiVideo/journal/taskJournal.ts',
	],
	testRunner: 'jest',
	jest: { configFile: 'jest.mutation.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// Constants of a module concern all tests; each would take a run of all of them.
	ignoreStatic: true,
	concurrency: 2,
	timeoutMS: 20_000,
	dryRunTimeoutMinutes: 60,
	ignorePatterns: ['dist', '.build', 'out', 'docs'],
	reporters: ['clear-text', 'progress-append-only', 'html'],
	htmlReporter: { fileName: 'out/mutation.html' },
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	thresholds: { high: 90, low: 80, break: 90 },
	disableTypeChecks: false,
	tempDirName: '.stryker-tmp',
};
