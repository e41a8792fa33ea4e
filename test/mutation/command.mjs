/**
 * Mutation testing of the paths that cost money if they are wrong: create, retry rule, what counts as sent, origin of the key,
 * order of the journal, state of the trigger. Stryker puts faults into a file and runs the tests that are written for it.
 *
 * npm run mutate            all of them: hours
 * npm run mutate -- origin  those with "origin" in their path
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

const SOURCES = 'nodes/CometApiVideo';

/** Tests by file, those that need no engine first: most faults end there. */
const PATHS = [
	{ file: 'service/origin.ts', tests: ['service/origin', 'credentials', 'security/addresses', 'security/redirects'] },
	{
		file: 'service/retry.ts',
		tests: ['service/retry', 'nodes/createFaults', 'nodes/waitFaults', 'nodes/taskOperations'],
	},
	{ file: 'service/networkFailures.ts', tests: ['service/networkFailures', 'nodes/networkFailures'] },
	{ file: 'service/refusals.ts', tests: ['service/refusals', 'nodes/createFaults', 'nodes/waitFaults'] },
	{ file: 'service/http.ts', tests: ['service', 'security', 'nodes/hardening', 'nodes/createFaults'] },
	{ file: 'wait', tests: ['wait', 'nodes/createFaults', 'nodes/waitFaults', 'nodes/batch'] },
	{
		file: 'operations/generate/createdTasks.ts',
		tests: ['nodes/createdTasks', 'nodes/agentTool', 'nodes/createFaults'],
	},
	{ file: 'watch/finishedTasks.ts', tests: ['watch/finishedTasks', 'watch/listed'] },
	{ file: 'journal/taskJournal.ts', tests: ['journal', 'nodes/journal'] },
];

const wanted = process.argv.slice(2);
const chosen = PATHS.filter(({ file }) => wanted.length === 0 || wanted.some((word) => file.includes(word))).filter(
	({ file }) => existsSync(join(SOURCES, file)),
);
const results = chosen.map(({ file, tests }) => {
	const mutate = file.endsWith('.ts') ? file : `${file}/*.ts`;
	const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', `${SOURCES}/${mutate}`], {
		stdio: 'inherit',
		env: {
			...process.env,
			MUTATION_TESTS: tests.join(),
			MUTATION_REPORT: `out/mutation/${basename(file, '.ts')}.html`,
		},
	});
	return { file, status };
});
for (const { file, status } of results)
	console.log(`${file}: ${status === 0 ? 'reaches the bar' : 'below the bar, or failed'}`);
process.exitCode = results.length > 0 && results.every(({ status }) => status === 0) ? 0 : 1;
