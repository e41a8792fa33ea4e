/** Chapters until enough tasks are made, and the sums of what they found. */
import type { VirtualClock } from '../support/virtualClock';
import { runChapter } from './chapter';
import type { ChapterResult } from './chapter';
import type { Finding, FindingKind } from './ledger';
import { FINDING_KINDS } from './ledger';
import { Random } from './random';

export interface SoakOptions {
	tasks: number;
	seed: number;
	onProgress?(tasks: number): void;
}

export interface SoakReport extends Omit<ChapterResult, 'findings'> {
	chapters: number;
	counts: Record<FindingKind, number>;
	findings: Finding[];
}

/** So that the lists of one simulated account stay as short as those of a busy person. */
const TASKS_PER_CHAPTER = 200;

export async function soak(clock: VirtualClock, { tasks, seed, onProgress }: SoakOptions): Promise<SoakReport> {
	const random = new Random(seed);
	const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as SoakReport['counts'];
	const report: SoakReport = { chapters: 0, tasks: 0, orders: 0, emitted: 0, requests: 0, counts, findings: [] };
	while (report.tasks < tasks) {
		const before = report.tasks;
		const chapter = await runChapter({
			clock,
			random,
			number: report.chapters + 1,
			taskCount: Math.min(TASKS_PER_CHAPTER, tasks - before),
			firstOrder: report.orders,
			onProgress: (made) => onProgress?.(before + made),
		});
		report.chapters += 1;
		for (const key of ['tasks', 'orders', 'emitted', 'requests'] as const) report[key] += chapter[key];
		for (const finding of chapter.findings) counts[finding.kind] += 1;
		report.findings.push(...chapter.findings);
	}
	return report;
}
