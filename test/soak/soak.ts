/** Chapters until enough tasks are made, and the sums of what they found. */
import './memoryStore';
import { createHash } from 'node:crypto';
import type { VirtualClock } from '../support/virtualClock';
import { runChapter } from './chapter';
import type { ChapterResult } from './chapter';
import type { Finding, FindingKind } from './ledger';
import { FINDING_KINDS } from './ledger';
import { Random } from './random';

export interface SoakOptions {
	tasks: number;
	seed: number;
	/** Default: so many that the lists of one simulated account stay as short as those of a busy person. */
	tasksPerChapter?: number;
	onProgress?(tasks: number): void;
}

export interface SoakReport extends ChapterResult {
	chapters: number;
	counts: Record<FindingKind, number>;
}

const TASKS_PER_CHAPTER = 200;

/** Runs chapters until `tasks` tasks are made. */
export async function soak(clock: VirtualClock, options: SoakOptions): Promise<SoakReport> {
	const { tasks, seed, tasksPerChapter = TASKS_PER_CHAPTER, onProgress } = options;
	const random = new Random(seed);
	const report: SoakReport = {
		chapters: 0,
		tasks: 0,
		orders: 0,
		emitted: 0,
		requests: 0,
		faults: new Map(),
		fingerprint: '',
		counts: countFindings([]),
		findings: [],
	};
	while (report.tasks < tasks) {
		const before = report.tasks;
		const chapter = await runChapter({
			clock,
			random,
			number: report.chapters + 1,
			taskCount: Math.min(tasksPerChapter, tasks - before),
			firstOrder: report.orders,
			onProgress: (made) => onProgress?.(before + made),
		});
		report.chapters += 1;
		for (const key of ['tasks', 'orders', 'emitted', 'requests'] as const) report[key] += chapter[key];
		for (const [kind, count] of chapter.faults) report.faults.set(kind, (report.faults.get(kind) ?? 0) + count);
		report.fingerprint = createHash('sha256')
			.update(report.fingerprint + chapter.fingerprint)
			.digest('hex')
			.slice(0, 12);
		report.findings.push(...chapter.findings);
	}
	report.counts = countFindings(report.findings);
	return report;
}

/** How often each kind occurs; all kinds are there. */
export function countFindings(findings: readonly Finding[]): Record<FindingKind, number> {
	const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
	for (const { kind } of findings) counts[kind] += 1;
	return counts;
}
