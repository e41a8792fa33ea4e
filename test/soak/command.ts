/** `npm run soak -- --tasks 2000 --seed 1`: ends with 1 when a task was paid twice, lost, or told wrongly. */
import { parseArgs } from 'node:util';
import { replaceClock } from '../support/virtualClock';
import { soak } from './soak';

const { values } = parseArgs({
	options: { tasks: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const [tasks, seed] = [Number(values.tasks), Number(values.seed)];
const SHOWN_FINDINGS = 20;
const TASKS_PER_LINE = 250;

async function main() {
	if (!Number.isInteger(tasks) || tasks < 1 || !Number.isInteger(seed)) {
		console.error('Usage: npm run soak -- --tasks <number> --seed <whole number>');
		process.exit(2);
	}
	const startedAt = Date.now();
	let shown = 0;
	const report = await soak(replaceClock(), {
		tasks,
		seed,
		onProgress(made) {
			if (made - shown < TASKS_PER_LINE) return;
			shown = made;
			console.log(`  ${made} tasks`);
		},
	});
	const { counts, findings, chapters, orders, emitted, requests, faults, fingerprint } = report;
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
	const faultCount = [...faults.values()].reduce((sum, count) => sum + count, 0);
	console.log(
		`Seed ${seed}: ${orders} orders, ${report.tasks} tasks, ${emitted} starts by triggers, ${chapters} chapters, ${seconds} s`,
	);
	console.log(
		`  ${requests} requests (fingerprint ${fingerprint}), of which ${faultCount} met a fault of ${faults.size} kinds`,
	);
	for (const [kind, count] of Object.entries(counts)) console.log(`  ${kind}: ${count}`);
	for (const { kind, text } of findings.slice(0, SHOWN_FINDINGS)) console.error(`${kind} (seed ${seed}): ${text}`);
	process.exit(findings.length > 0 ? 1 : 0);
}

main().catch((error: unknown) => {
	console.error(`Seed ${seed}:`, error);
	process.exit(1);
});
