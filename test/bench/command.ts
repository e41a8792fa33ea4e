/**
 * `npm run bench`: measures the compiled package against its bars and prints a table (`--json`: the figures).
 * Exit code 1 when a bar is missed or a measurement fails. One process per topic, so that none disturbs another.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './figure';
import { buildTable, isMissed } from './figure';
import { TOPICS } from './topics';

const USAGE = `Usage: npm run bench -- [options]
  --only <name>   one part: ${Object.keys(TOPICS).join(', ')}; can be given several times
  --json          figures for machines instead of the table`;

/** Run beside the others: the first mostly sleeps and counts its own processor time, the others count memory. */
const SECOND_LANE = ['waiting', 'triggerHeap', 'waitHeap'];

async function measureTopic(name: string): Promise<Figure[]> {
	const folder = mkdtempSync(join(tmpdir(), 'cometapi-video-bench-'));
	const startedAt = Date.now();
	try {
		const child = fork(join(__dirname, 'topicProcess.js'), [name], {
			execArgv: ['--expose-gc'],
			env: { ...process.env, N8N_USER_FOLDER: folder, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		let figures: Figure[] | undefined;
		child.on('message', (message) => {
			figures = message as Figure[];
		});
		await new Promise<void>((resolve) => child.once('exit', () => resolve()));
		if (!figures) throw new Error(`The part "${name}" could not be measured`);
		console.error(`${name}: ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
		return figures;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** In the order of the names. */
async function measureTopics(names: readonly string[]): Promise<Figure[]> {
	const results = new Map<string, Figure[]>();
	const inOrder = async (some: readonly string[]) => {
		for (const name of some) results.set(name, await measureTopic(name));
	};
	await Promise.all([
		inOrder(names.filter((name) => SECOND_LANE.includes(name))),
		inOrder(names.filter((name) => !SECOND_LANE.includes(name))),
	]);
	return names.flatMap((name) => results.get(name) ?? []);
}

async function run(): Promise<void> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string', multiple: true, default: [] },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const unknown = values.only.filter((name) => !Object.hasOwn(TOPICS, name));
	if (values.help || unknown.length > 0) {
		console.log([...unknown.map((name) => `There is no part "${name}".`), USAGE].join('\n'));
		process.exitCode = unknown.length > 0 ? 2 : 0;
		return;
	}
	const names = Object.keys(TOPICS).filter((name) => values.only.length === 0 || values.only.includes(name));
	const figures = await measureTopics(names);
	const missed = figures.filter(isMissed);
	console.log(values.json ? JSON.stringify(figures) : buildTable(figures));
	if (missed.length > 0) {
		console.error(`Missed: ${missed.map(({ what }) => what).join('; ')}`);
		process.exitCode = 1;
	}
}

run().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
