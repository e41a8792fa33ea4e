/** A jest reporter: writes what the scenarios showed to `out/e2e/`, for machines (report.json) and people (report.md). */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { N8N_VERSION } from './host/installedN8n';
import { PACKAGE_NAME, PROJECT_FOLDER, REPORT_FOLDER } from './host/projectFolder';
import { readSeenPanels, type SeenPanel } from './panelPictures';

/** What is used of jest's own types, which it does not offer in a package of ours. */
interface AggregatedResult {
	/** Milliseconds since 1970. */
	startTime: number;
	testResults: Array<{
		testFilePath: string;
		failureMessage?: string | null;
		testResults: Array<{
			ancestorTitles: string[];
			title: string;
			status: string;
			/** Milliseconds. */
			duration?: number | null;
			failureMessages: string[];
		}>;
	}>;
}

export interface ReportedScenario {
	file: string;
	name: string;
	/** `passed`, `failed`, `pending` (skipped), `todo` */
	status: string;
	seconds: number;
	failure?: string;
}

export interface Report {
	package: string;
	n8n: string;
	/** ISO 8601, UTC. */
	startedAt: string;
	seconds: number;
	passed: number;
	failed: number;
	scenarios: ReportedScenario[];
	/** What n8n's editor showed for each provider and mode, where the run looked at it. */
	panels: SeenPanel[];
}

export default class ScenarioReporter {
	onRunComplete(_contexts: unknown, results: AggregatedResult): void {
		const report = buildReport(results);
		mkdirSync(REPORT_FOLDER, { recursive: true });
		writeFileSync(join(REPORT_FOLDER, 'report.json'), `${JSON.stringify(report, null, '\t')}\n`);
		writeFileSync(join(REPORT_FOLDER, 'report.md'), buildText(report));
		console.log(`Report: ${relative(PROJECT_FOLDER, join(REPORT_FOLDER, 'report.md'))}`);
	}
}

function buildReport({ startTime, testResults }: AggregatedResult): Report {
	const scenarios = testResults.flatMap(({ testFilePath, testResults: tests, failureMessage }): ReportedScenario[] => {
		const file = relative(PROJECT_FOLDER, testFilePath);
		if (tests.length === 0 && failureMessage) {
			return [{ file, name: 'the file itself', status: 'failed', seconds: 0, failure: withoutColours(failureMessage) }];
		}
		return tests.map(({ ancestorTitles, title, status, duration, failureMessages }) => ({
			file,
			name: [...ancestorTitles, title].join(' '),
			status,
			seconds: inSeconds(duration ?? 0),
			...(failureMessages.length > 0 ? { failure: withoutColours(failureMessages.join('\n')) } : {}),
		}));
	});
	const count = (wanted: string) => scenarios.filter(({ status }) => status === wanted).length;
	const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8')) as { version: string };
	return {
		package: `${PACKAGE_NAME} ${version}`,
		n8n: N8N_VERSION,
		startedAt: new Date(startTime).toISOString(),
		seconds: inSeconds(Date.now() - startTime),
		passed: count('passed'),
		failed: count('failed'),
		scenarios,
		panels: readSeenPanels(startTime),
	};
}

function buildText({ package: name, n8n, startedAt, seconds, passed, failed, scenarios, panels }: Report): string {
	const rows = scenarios.map(
		(scenario) => `| ${scenario.name} | ${scenario.status} | ${scenario.seconds} | ${scenario.file} |`,
	);
	const failures = scenarios.flatMap(({ name: title, failure }) =>
		failure ? [`## ${title}`, '', '```', failure, '```', ''] : [],
	);
	return [
		'# End-to-end tests',
		'',
		`${name} on n8n ${n8n}, ${startedAt}: ${passed} passed, ${failed} failed in ${seconds} s.`,
		'',
		'| scenario | result | seconds | file |',
		'|---|---|---|---|',
		...rows,
		'',
		...failures,
		...(panels.length > 0
			? ['## Panels', '', '| panel | fields | picture |', '|---|---|---|', ...panels.map(describePanel), '']
			: []),
	].join('\n');
}

function describePanel({ title, file, fields }: SeenPanel): string {
	return `| ${title} | ${fields.length} | [${basename(file)}](${relative(REPORT_FOLDER, join(PROJECT_FOLDER, file))}) |`;
}

const inSeconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;

const withoutColours = (text: string) => text.replaceAll(new RegExp('\\u001b\\[\\d+m', 'g'), '');
