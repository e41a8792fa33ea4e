/** One run of the node with an item for each world, and what became of each item. */
import type { IDataObject } from 'n8n-workflow';
import type { RecordedRequest, SimulatedTask } from '../simulator/simulator';
import type { DoubtfulWorld } from '../simulator/worlds';
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
/** Of the item with this number. */
const markOf = (index: number) => `world-${String(index).padStart(3, '0')}`;

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
			options: { maxTasksInFlight: 200, onFailure: 'return', onTimeout: 'return', simplify: false, timeout: 5 },
		},
		{
			items: worlds.map((_, index) => ({ json: { prompt: `A lighthouse ${markOf(index)}` } })),
			onError: 'continueRegularOutput',
		},
	);
	const requests = simulator.requests.slice(firstRequest);
	const tasks = [...simulator.tasks.values()].filter((task) => !knownTasks.has(task));
	const taskByMark = new Map(tasks.map((task) => [readMark(task.details.request), task]));
	const creates = countBy(requests.filter(({ route }) => route === 'create').map(readMark));
	const looks = countBy(requests.filter(({ route }) => route === 'status').map(readLookedAtId));
	const rows = new Map(run.items.map((item) => [(item.pairedItem as { item: number }).item, item]));
	return worlds.map((world, index): WorldRecord => {
		const [item, task] = [rows.get(index), taskByMark.get(String(index))];
		return {
			world,
			row: item?.json ?? { error: errorText(run.error) || 'nothing came out' },
			fileBytes: item?.binary?.data?.bytes,
			creates: creates.get(String(index)) ?? 0,
			looks: task ? (looks.get(task.id) ?? 0) : 0,
			task,
		};
	});
}

function readMark({ body }: RecordedRequest): string {
	return String(Number(MARK.exec(body.toString('latin1'))?.[1]));
}

function readLookedAtId({ path, query, json }: RecordedRequest): string {
	const { task_id: inBody } = (json ?? {}) as { task_id?: string };
	const parts = path.split('/').filter((part) => part !== 'fetch');
	return query.get('task_id') ?? inBody ?? decodeURIComponent(parts.at(-1) ?? '');
}

function countBy(values: readonly string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}
