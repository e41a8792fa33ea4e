/**
 * Every provider in every doubtful world, on the real engine: a task that is paid for is never lost, one create is one create, no
 * word of CometAPI is hidden, and the video arrives where the world delivers one.
 */
import { DOUBTFUL_WORLDS } from '../simulator/worlds';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { VideoNodeTest } from '../support/videoNode';
import { worldsOf } from './dealWorlds';
import { judgeWorld } from './judgeWorld';
import { WORLD_JOBS } from './worldJobs';
import { runInWorlds } from './worldRun';

/** So that the first look at the defaults finds them finished. */
const TASK_SECONDS = 8;

let node: VideoNodeTest;

beforeEach(async () => {
	node = await VideoNodeTest.start({ taskSeconds: TASK_SECONDS });
});

afterEach(async () => {
	await node.close();
});

test('every provider has a job, every world a name of its own', () => {
	const providers = new Set(WORLD_JOBS.map(({ parameters }) => parameters.provider));
	expect(VIDEO_PROVIDERS.filter(({ id }) => !providers.has(id))).toEqual([]);
	expect(new Set(DOUBTFUL_WORLDS.map(({ name }) => name)).size).toBe(DOUBTFUL_WORLDS.length);
});

test.each(WORLD_JOBS.map((job) => [`${String(job.parameters.provider)} ${String(job.parameters.mode)}`, job] as const))(
	'%s',
	async (_name, job) => {
		const records = await runInWorlds(node, job, worldsOf(job));
		expect(records.flatMap(judgeWorld)).toEqual([]);
	},
);
