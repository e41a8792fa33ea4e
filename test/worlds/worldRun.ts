/** One run of the node with an item for each world, and what became of each item. */
import type { IDataObject } from 'n8n-workflow';
import type { RecordedRequest, SimulatedTask } from '../simulator/simulator';
import { DOUBTFUL_WORLDS, type DoubtfulWorld } from '../simulator/worlds';
import { errorText } from '../support/errorText';
import type { VideoNodeTest } from '../support/videoNode';
import type { WorldJob } from './worldJobs';

export interface WorldRecord {
	world: DoubtfulWorld;
	/** What the user gets for the item; an error that ended the run stands in the row of every item. */
	row: IDataObject;
	/** Bytes of the file; undefined without one. */
	fileBytes?: number;
	creates: number;
	/** Looks at the task. */
	looks: number;
	task?: SimulatedTask;
}

const MARK = /world-(\d{3})/;
const markOf = (index: number) => `world-${String(index).padStart(3, '0')}`;

const ORDINARY: DoubtfulWorld = { name: 'as documented', source: 'the pages', outcome: 'video' };

export function worldsFor({ envelope }: WorldJob): DoubtfulWorld[] {
	const all = DOUBTFUL_WORLDS.filter(({ envelopes }) => envelopes?.includes(envelope) ?? true);
	return [ORDINARY, ...all];
}

/** @param worlds one item each */
export async function runInWorlds(
	node: VideoNodeTest,
	{ parameters }: WorldJob,
	worlds: readonly DoubtfulWorld[],
): Promise<WorldRecord[]> {
	const { simulator } = node;
	simulator.worldFor = ({ body }) => {
		const index = MARK.exec(body.toString('latin1'))?.[1];
		return index === undefined ? undefined : worlds[Number(index)];
	};
	const [firstRequest, knownTasks] = [simulator.requests.length, new Set(simulator.tasks.values())];
	const run = await node.run(
		{
			...parameters,
			prompt: '={{ $json.prompt }}',
			downloadVideo: true,
			options: { maxTasksInFlight: 200, onFailure: 'return', onTimeout: 'return', simplify: false },
		},
		{
			items: worlds.map((_, index) => ({ json: { prompt: `A lighthouse ${markOf(index)}` } })),
			onError: 'continueRegularOutput',
		},
	);
	const requests = simulator.requests.slice(firstRequest);
	const tasks = [...simulator.tasks.values()].filter((task) => !knownTasks.has(task));
	return worlds.map((world, index) => {
		const item = run.items.find(({ pairedItem }) => (pairedItem as { item: number }).item === index);
		const isOfItem = ({ body }: RecordedRequest) => body.toString('latin1').includes(markOf(index));
		const task = tasks.find(({ details }) => isOfItem(details.request));
		return {
			world,
			row: item?.json ?? { error: errorText(run.error) || 'nothing came out' },
			fileBytes: item?.binary?.data?.bytes,
			creates: requests.filter((request) => request.route === 'create' && isOfItem(request)).length,
			looks: requests.filter((request) => request.route === 'status' && task && isLookAt(request, task)).length,
			task,
		};
	});
}

function isLookAt({ path, query, body }: RecordedRequest, { id }: SimulatedTask): boolean {
	return [path, query.get('task_id') ?? '', body.toString('utf8')].some(
		(text) => text.includes(encodeURIComponent(id)) || text.includes(id),
	);
}
