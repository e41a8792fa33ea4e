/** How much memory it takes to join large clips: they must stream from n8n's store on disk into it. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { Figure } from './figure';
import { collectGarbage } from './garbage';
import { writeLargeClip } from './largeClip';
import { assertSucceeded, runVideos } from './videoRun';

const MIB = 1024 * 1024;
const CLIPS = 10;
/** The sample has 48 pictures: clips of 100 MB. */
const FRAME_BYTES = 2_084_000;
const WARM_UP_FRAME_BYTES = 20_000;
const SAMPLE_GAP_MS = 5;
const PARAMETERS = { resource: 'video', operation: 'join' };
/** Nothing is asked of it. */
const NOWHERE = 'http://127.0.0.1:9';

export async function measureJoin(): Promise<Figure[]> {
	await Container.get(BinaryDataService).init();
	const warmUp = await storeClips(WARM_UP_FRAME_BYTES);
	const items = await storeClips(FRAME_BYTES);
	await joinClips(warmUp);
	await collectGarbage();
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const sampling = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, SAMPLE_GAP_MS);
	const startedAt = performance.now();
	const bytes = await joinClips(items);
	const seconds = (performance.now() - startedAt) / 1000;
	clearInterval(sampling);
	if (bytes < 1e9) throw new Error(`The joined video has only ${bytes} bytes`);
	return [
		{
			what: `peak memory of joining ${CLIPS} clips of 100 MB over idle`,
			value: (peak - idle) / MIB,
			unit: 'MiB',
			bar: 64,
			time: 'real',
		},
		{ what: `time to join ${CLIPS} clips of 100 MB`, value: seconds, unit: 's', time: 'real' },
	];
}

async function storeClips(frameBytes: number): Promise<INodeExecutionData[]> {
	const file = join(process.env.N8N_USER_FOLDER ?? tmpdir(), 'clip.mp4');
	await writeLargeClip(file, frameBytes);
	const items: INodeExecutionData[] = [];
	for (let clip = 0; clip < CLIPS; clip++) {
		const location = { type: 'execution' as const, workflowId: 'workflow', executionId: `clip-${clip}` };
		const binary: IBinaryData = { data: '', mimeType: 'video/mp4', fileName: `clip-${clip}.mp4` };
		items.push({
			json: {},
			binary: { data: await Container.get(BinaryDataService).copyBinaryFile(location, binary, file) },
		});
	}
	rmSync(file);
	return items;
}

/** @returns the length of the joined video */
async function joinClips(items: INodeExecutionData[]): Promise<number> {
	const run = await runVideos(PARAMETERS, items, { baseUrl: NOWHERE });
	assertSucceeded(run, 1);
	return Number(run.rows[0]?.json.fileSizeBytes);
}
