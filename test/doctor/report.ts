/** What the doctor has found, as a table and as a list of differences. */
import type { Checked } from '../../nodes/CometApiVideo/operations/account/checkRoutes';
import type { CheckResult } from '../../nodes/CometApiVideo/operations/account/judgeAnswer';

const RESULT_WORDS: Readonly<Record<CheckResult, string>> = {
	ok: 'as the contract says',
	differs: 'differs',
	notThere: 'not there',
	notAsked: 'not asked',
	noAnswer: 'no answer',
};

/** One line per route, then what is different about models and prices. */
export function report(all: readonly Checked[]): string {
	const lines = all.map(({ row }) => [RESULT_WORDS[row.result], row.route, row.providers.join(', '), row.finding]);
	const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column].length)));
	const table = lines.map(([result, route, providers, finding]) =>
		`${result.padEnd(widths[0])}  ${route.padEnd(widths[1])}  ${providers === '' ? '' : `[${providers}] `}${finding}`.trimEnd(),
	);
	return [...table, ...describeModels(all)].join('\n');
}

function describeModels(all: readonly Checked[]): string[] {
	const { missing = [], added = [], prices = [] } = all.find(({ differences }) => differences)?.differences ?? {};
	const lines = [
		...missing.map((id) => `- ${id}: in a descriptor, not at CometAPI`),
		...added.map((id) => `+ ${id}: at CometAPI, in no descriptor`),
		...prices.map(({ id, here, there }) => `~ ${id}: ${here} USD per second in its descriptor, ${there} at CometAPI`),
	];
	return lines.length === 0 ? [] : ['', 'Descriptors against the catalogue:', ...lines];
}
