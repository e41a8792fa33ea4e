/** How much memory a large download takes: the video must stream through n8n into its store on disk. */
import { execFileSync } from 'node:child_process';
import type { Fault } from '../simulator/simulator';
import type { Figure } from './figure';
import { collectGarbage } from './garbage';
import { startDistantSimulator } from './simulatorProcess';
import { PROMPT_OF_ITEM, assertSucceeded, buildItems, runVideos } from './videoRun';

const MIB = 1024 * 1024;
const WARM_UP_BYTES = 8 * MIB;
const LARGE_BYTES = 1024 * MIB;
const SAMPLE_GAP_MS = 5;
const PARAMETERS = { ...PROMPT_OF_ITEM, options: { pollInterval: 2 } };

export async function measureDownload(): Promise<Figure[]> {
	const sizes = [WARM_UP_BYTES, LARGE_BYTES];
	const faults = sizes.map((bytes): Fault => ({ on: 'result', kind: 'largeVideo', bytes }));
	const { baseUrl, child } = await startDistantSimulator({ taskSeconds: 1, faults });
	await download(baseUrl, WARM_UP_BYTES);
	await collectGarbage();
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const sampling = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, SAMPLE_GAP_MS);
	await download(baseUrl, LARGE_BYTES);
	clearInterval(sampling);
	child.disconnect();
	return [
		{
			what: 'peak memory of a 1 GiB download over idle',
			value: (peak - idle) / MIB,
			unit: 'MiB',
			bar: 64,
			time: 'real',
		},
	];
}

async function download(baseUrl: string, bytes: number): Promise<void> {
	const run = await runVideos(PARAMETERS, buildItems(1), { baseUrl });
	assertSucceeded(run, 1);
	const { id = '' } = run.rows[0].binary?.data ?? {};
	if (!id.startsWith('filesystem')) throw new Error(`n8n keeps files in another store than the file system: ${id}`);
	const folder = String(process.env.N8N_USER_FOLDER);
	const found = execFileSync('find', [folder, '-type', 'f', '-size', `${bytes}c`], { encoding: 'utf8' });
	if (found.trim() === '') throw new Error(`There is no file of ${bytes} bytes in n8n's store`);
}
