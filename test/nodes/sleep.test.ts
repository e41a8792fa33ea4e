/** While Waiting: what comes out of a wait asleep is what comes out of one awake, but for what docs/waiting.md names. */
import type { IDataObject, INodeExecutionData, INodeParameters, IWorkflowSettings } from 'n8n-workflow';
import type { Fault, SimulatorOptions } from '../simulator/simulator';
import { sampleVideo } from '../simulator/simulator';
import type { Engine } from '../support/engine';
import type { Parking } from '../support/parking';
import type { NodeRun, RunOptions } from '../support/videoNode';
import { withJob } from '../support/panelParameters';
import { NODE_TYPE, VideoNodeTest, toNodeRun } from '../support/videoNode';
import { singleNodeWorkflow } from '../support/engine';

let open: VideoNodeTest[] = [];

afterEach(async () => {
	await Promise.all(open.map(async (node) => await node.close()));
	open = [];
});

interface Case {
	parameters?: INodeParameters;
	options?: INodeParameters;
	run?: RunOptions;
	/** Of the workflow. */
	settings?: IWorkflowSettings;
	faults?: Fault[];
	simulator?: SimulatorOptions;
	/** Between the creates and the first sleep. */
	prepare?(node: VideoNodeTest): Promise<void>;
	onParking?(parking: Parking, node: VideoNodeTest): void;
}

/** Longer than the two minutes that are always waited awake, and than the first two sleeps. */
const TASK_SECONDS = 300;
const TWO = [{ json: { prompt: 'A boat' } }, { json: { prompt: 'A kite' } }];

async function startNode({ faults = [], simulator }: Case): Promise<VideoNodeTest> {
	const node = await VideoNodeTest.start({ taskSeconds: TASK_SECONDS, ...simulator });
	open.push(node);
	for (const fault of faults) node.simulator.addFault(fault);
	return node;
}

async function runCase(node: VideoNodeTest, given: Case, whileWaiting: string): Promise<NodeRun & { engine: Engine }> {
	const { parameters = {}, options = {}, run = {}, settings, onParking } = given;
	const engine = node.engine(run);
	if (engine.parking) onParking?.(engine.parking, node);
	const { onError } = run;
	const credentials = { cometApiVideoApi: { id: '1', name: 'C' }, n8nDataTableApi: { id: '2', name: 'n8n' } };
	const definition = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: withJob({ prompt: '={{ $json.prompt }}', ...parameters, options: { ...options, whileWaiting } }),
		credentials,
		onError,
	});
	const started = await engine.start({ ...definition, settings }, run.items ?? TWO);
	return { ...(await toNodeRun(started)), engine };
}

/** Without what differs between two runs of any kind: IDs, ports, signatures. */
async function comparable(
	node: VideoNodeTest,
	{ engine, items, errorItems, error }: Awaited<ReturnType<typeof runCase>>,
) {
	const ids = [...node.simulator.tasks.keys()];
	const clean = (value: unknown) => {
		let text = JSON.stringify(value ?? null);
		for (const [index, id] of ids.entries()) text = text.replaceAll(id, `task-${index + 1}`);
		text = text.replace(/127\.0\.0\.1:\d+/g, 'cometapi').replace(/signature=\w+/g, 'signature');
		return JSON.parse(text.replace(/"(requestId|videoId)":"[^"]*"/g, '"$1":""')) as IDataObject;
	};
	const files = async ({ binary = {} }: INodeExecutionData) =>
		await Promise.all(
			Object.entries(binary).map(async ([field, { fileName, mimeType }]) => {
				const isSame = (await engine.readBinary({ json: {}, binary }, field)).equals(sampleVideo);
				return clean({ field, fileName, mimeType, isSame });
			}),
		);
	const rowsOf = async (list: INodeExecutionData[]) =>
		await Promise.all(
			list.map(async (item) => {
				const { waitedSeconds: _waited, pollCount: _polls, ...json } = clean(item.json);
				return { json, pairedItem: clean(item.pairedItem), files: await files(item) };
			}),
		);
	return { main: await rowsOf(items), errors: await rowsOf(errorItems), error: clean(error?.message) };
}

async function bothWays(given: Case) {
	const results = [];
	for (const way of ['awake', 'sleep']) {
		const node = await startNode(given);
		await given.prepare?.(node);
		const run = await runCase(node, given, way);
		const slept = Math.round((run.engine.parking?.asleepMs ?? 0) / 1000);
		results.push({
			...(await comparable(node, run)),
			slept,
			creates: node.creates().length,
			rows: run.rows,
			hints: run.hints,
		});
	}
	return { awake: results[0], asleep: results[1] };
}

const failing: Fault = { on: 'create', kind: 'taskFails', reason: 'The prompt was refused' };
const never: Fault = { on: 'create', kind: 'neverEnds' };
const isFor =
	(prompt: string): NonNullable<Fault['when']> =>
	({ form }) =>
		form?.fields.some(([, value]) => value === prompt) ?? false;
/** One item fails, one is late, one succeeds. */
const THREE = [...TWO, { json: { prompt: 'A tram' } }];
const FAILED_AND_LATE: Fault[] = [
	{ ...failing, when: isFor('A boat') },
	{ ...never, when: isFor('A kite') },
];
/** The time that late tasks are waited for, in minutes. */
const TIMEOUT = 8;
const REFUSED: Fault = {
	on: 'status',
	kind: 'reply',
	status: 401,
	body: { error: { message: 'Invalid token' } },
	times: 1e6,
};

/** The key is withdrawn while the tasks run. */
const losesKey = (parking: Parking, node: VideoNodeTest) => {
	const withdraw = () => node.simulator.addFault(REFUSED);
	parking.onWake = (_id, isParent) => {
		if (!isParent) withdraw();
		return 'wake';
	};
};

describe('rows, files and error rows are those of a wait awake', () => {
	test.each<[string, Case]>([
		['two videos with their files', {}],
		[
			'raw answers, with a file in another field, with another name',
			{ options: { simplify: false, binaryField: 'clip', fileName: 'a clip.mp4' } },
		],
		[
			'no file wanted, of more videos than may be made at the same time',
			{ parameters: { downloadVideo: false }, options: { maxTasksInFlight: 1 } },
		],
		['a kind of job with routes of its own', { parameters: { provider: 'kling' } }],
		[
			'a failed and a late task as rows',
			{
				faults: FAILED_AND_LATE,
				options: { onFailure: 'return', onTimeout: 'return', timeout: TIMEOUT },
				run: { items: THREE },
			},
		],
		[
			'a failed and a late task as error rows',
			{
				faults: FAILED_AND_LATE,
				options: { timeout: TIMEOUT },
				run: { items: THREE, onError: 'continueRegularOutput' },
			},
		],
		[
			'an item that could not be created and a failed task at the error output, before one that sleeps',
			{
				faults: [{ ...failing, when: isFor('A boat') }],
				run: { items: [{ json: { prompt: '' } }, ...TWO], onError: 'continueErrorOutput' },
			},
		],
		['a file that comes late', { faults: [{ on: 'content', kind: 'reply', status: 404, body: {}, times: 2 }] }],
	])('%s', async (_name, given) => {
		const { awake, asleep } = await bothWays(given);
		expect(awake.slept).toBe(0);
		expect(asleep.slept).toBeGreaterThan(60);
		expect({ ...asleep, slept: 0, rows: [], hints: [] }).toEqual({ ...awake, slept: 0, rows: [], hints: [] });
	});

	test('of Task > Wait, with the provider found out awake', async () => {
		const taskIds: string[] = [];
		const { awake, asleep } = await bothWays({
			async prepare(node) {
				const { rows } = await node.run({ prompt: 'A boat', provider: 'wan', waitForCompletion: false });
				taskIds.push(String(rows[0].taskId));
			},
			parameters: { resource: 'task', operation: 'wait', taskId: '={{ $json.id }}' },
			get run() {
				return { items: [{ json: { id: taskIds.at(-1) } }] };
			},
		});
		expect(asleep.slept).toBeGreaterThan(60);
		expect(asleep.main).toEqual(awake.main);
		expect(asleep.main[0].files).toHaveLength(1);
	});
});

describe('what differs, as docs/waiting.md says', () => {
	test.each<[string, Case, string, IDataObject]>([
		[
			'a failed task',
			{ faults: [failing] },
			'CometAPI could not make the video of task task-1: The prompt was refused',
			{ status: 'failed', failureReason: 'The prompt was refused' },
		],
		[
			'a late task',
			{ faults: [never], options: { timeout: TIMEOUT } },
			'Task task-1 was still running after 8 minutes',
			{ status: 'pending', timedOut: true },
		],
		[
			'a key that is withdrawn',
			{ onParking: losesKey },
			'',
			{ status: 'pending', failureReason: expect.stringContaining('API key') },
		],
	])('with On Error = stop %s comes out as a row, with its ID', async (_name, given, message, row) => {
		const { awake, asleep } = await bothWays({ ...given, run: { items: [TWO[0]] } });
		expect(String(awake.error)).toContain(message);
		expect(asleep.error).toBeNull();
		expect(asleep.main[0].json).toMatchObject({ taskId: 'task-1', ...row });
	});

	test('the time that a task took to be seen, and notes below the output, which are gone', async () => {
		const { awake, asleep } = await bothWays({
			parameters: { downloadVideo: false },
			options: { simplify: false },
		});
		expect(awake.hints).not.toEqual([]);
		expect(asleep.hints).toEqual([]);
		const delay = Number(asleep.rows[0].waitedSeconds) - TASK_SECONDS;
		expect(delay).toBeGreaterThanOrEqual(0);
		expect(delay).toBeLessThanOrEqual(65);
	});

	test('a time-out is kept to the second all the same', async () => {
		const given: Case = { faults: [never], options: { onTimeout: 'return', timeout: 7.3, simplify: false } };
		const { rows, engine } = await runCase(await startNode(given), given, 'sleep');
		expect(engine.parking?.asleepMs).toBeGreaterThan(60_000);
		expect(rows[0].waitedSeconds).toBe(438);
	});
});

describe('n8n is killed while the tasks are looked at', () => {
	const losesChild = (parking: Parking) => {
		parking.onWake = (_id, isParent) => (isParent ? 'wake' : 'lose');
	};

	test('the rows come out at the deadline, never the prompts, and say what to do', async () => {
		const node = await startNode({});
		const { rows } = await runCase(node, { onParking: losesChild }, 'sleep');
		const ids = [...node.simulator.tasks.keys()];
		expect(rows).toMatchObject(
			ids.map((taskId) => ({ taskId, status: 'pending', timedOut: true, videoUrl: null, provider: 'seedance' })),
		);
		expect(rows[0].failureReason).toMatch(/interrupted.*Task > Wait/);
		expect(Object.keys(rows[0])).not.toContain('cometApiVideoSleep');
		const parameters = { resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' };
		const taken = await node.run(parameters, { items: rows.map((json) => ({ json })) });
		expect(taken.rows).toMatchObject(ids.map((taskId) => ({ taskId, status: 'succeeded' })));
		expect(taken.rows.filter(({ timedOut }) => timedOut)).toEqual([]);
		expect(taken.items.every(({ binary }) => binary?.data)).toBe(true);
		expect(node.creates()).toHaveLength(2);
	});

	test('they go to the error output if there is one', async () => {
		const node = await startNode({});
		const given: Case = { onParking: losesChild, run: { onError: 'continueErrorOutput' } };
		const { rows, errorItems } = await runCase(node, given, 'sleep');
		expect(rows).toEqual([]);
		expect(errorItems.map(({ json }) => json.details)).toMatchObject(
			[...node.simulator.tasks.keys()].map((taskId) => ({ taskId, provider: 'seedance' })),
		);
	});
});

test('a credential that cannot be read for a while ends no wait', async () => {
	const node = await startNode({});
	let wakes = 0;
	const given: Case = {
		onParking(parking) {
			parking.onWake = (_id, isParent) => {
				parking.credentialFailure = !isParent && ++wakes < 3 ? 'The database is locked' : undefined;
				return 'wake';
			};
		},
	};
	const { rows } = await runCase(node, given, 'sleep');
	expect(wakes).toBeGreaterThan(2);
	expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
});

test('Stop of the execution that sleeps ends the looks, and nothing is created', async () => {
	const node = await startNode({ faults: [{ ...never, times: 2 }] });
	let looksAtStop = 0;
	const given: Case = {
		onParking(parking) {
			parking.onWake = (id) => {
				if (id.startsWith('sub-')) parking.stop(parking.parentOf(id));
				looksAtStop ||= node.polls().length;
				return 'wake';
			};
		},
	};
	await expect(runCase(node, given, 'sleep')).rejects.toThrow('Nothing wakes');
	expect(node.polls()).toHaveLength(looksAtStop);
	expect(node.creates()).toHaveLength(2);
});

describe('where it cannot sleep, a hint says why and the node stays awake', () => {
	const refuse = (parking: Parking) => {
		parking.refusal = 'The sub-workflow (workflow) cannot be called by this workflow';
	};
	/** Two unfinished tasks in the table. */
	const recordTwo = async (node: VideoNodeTest) => {
		node.giveDataTables();
		await node.run({ prompt: '={{ $json.prompt }}', waitForCompletion: false }, { items: TWO });
	};
	test.each<[string, Case, string, number]>([
		[
			'a policy refuses the sub-workflow',
			{ onParking: refuse },
			'The sub-workflow (workflow) cannot be called by this workflow',
			2,
		],
		['Include Input Fields', { options: { includeInputFields: true } }, 'Include Input Fields is on', 2],
		[
			'Dry Run for some items',
			{ parameters: { dryRun: '={{ $json.prompt === "A kite" }}' } },
			'Dry Run is on for some items',
			1,
		],
		[
			'a time limit of the workflow that is shorter than the wait may be',
			{ settings: { executionTimeout: 20 * 60 }, options: { timeout: 18 } },
			'its time limit (Workflow Settings > Timeout Workflow) could pass before the last video is finished. To let it sleep, allow 23 minutes or more there, or lower Timeout (Minutes)',
			2,
		],
		[
			'Use Recorded Tasks',
			{
				prepare: recordTwo,
				parameters: { resource: 'task', operation: 'wait', useRecordedTasks: true },
				run: { items: [{ json: {} }] },
			},
			'Use Recorded Tasks is on',
			2,
		],
	])('%s', async (_name, given, reason, succeeded) => {
		// Long enough to be put to sleep.
		const node = await startNode({ simulator: { taskSeconds: 150 } });
		await given.prepare?.(node);
		const { rows, hints, engine } = await runCase(node, given, 'sleep');
		expect(engine.parking?.asleepMs).toBe(0);
		expect(rows.filter(({ status }) => status === 'succeeded')).toHaveLength(succeeded);
		expect(hints.filter((hint) => hint.startsWith('While Waiting'))).toEqual([
			`While Waiting is set to sleep, but the workflow was kept running: ${reason}.`,
		]);
	});
});

test('what comes out in two minutes is not put to sleep', async () => {
	const node = await startNode({ simulator: { taskSeconds: 100 } });
	const { rows, engine } = await runCase(node, {}, 'sleep');
	expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
	expect(engine.parking?.executionCount).toBe(0);
});

test.each<[string, IWorkflowSettings]>([
	['no time limit', { executionTimeout: -1 }],
	['a time limit that is longer than the wait can be', { executionTimeout: 30 * 60 }],
])('with %s it sleeps', async (_name, settings) => {
	const node = await startNode({});
	const { rows, engine } = await runCase(node, { settings }, 'sleep');
	expect(engine.parking?.asleepMs).toBeGreaterThan(60_000);
	expect(rows).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
});
