/** The compiled node on n8n's real engine: one run of it, with any number of items. */
import type { INode, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { SIMULATOR_API_KEY } from '../simulator/simulator';
import type { EngineRun } from '../support/engine';
import { Engine, singleNodeWorkflow } from '../support/engine';
import type { Parking, ParkingClock } from '../support/parking';
import { NODE_TYPE, loadCompiledPackage } from './compiledPackage';
import { withJob } from '../support/panelParameters';

export interface RunSettings extends Pick<INode, 'onError' | 'retryOnFail'> {
	baseUrl: string;
	/** Milliseconds; default the node's own clock. */
	now?: () => number;
	/** n8n has a database in which executions wait; see `EngineOptions`. */
	parkingClock?: ParkingClock;
	/** Called before the run begins. @param executing calls of the node's `execute` that have not ended */
	onParking?(parking: Parking, executing: () => number): void;
}

export interface VideoRun {
	rows: INodeExecutionData[];
	errorRows: INodeExecutionData[];
	/** Message, description and details of the error with which the node stopped; empty without one. */
	errorText: string;
	/** What the nodes have remembered; n8n saves it with the execution. */
	contextText: string;
	status: string;
	/** Between the calls of the node's `execute` and its end, in milliseconds of `now`. */
	wallMs: number;
	/** When `execute` ended, by `now`. */
	endedAt: number;
	engine: Engine;
}

export interface StartedVideoRun {
	finished: Promise<VideoRun>;
	cancel(): void;
}

/** One item per video, each with a prompt of its own. */
export function buildItems(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, index) => ({ json: { prompt: `Scene ${index}` } }));
}

export const PROMPT_OF_ITEM = { prompt: '={{ $json.prompt }}' };
export const NO_DOWNLOAD = { ...PROMPT_OF_ITEM, downloadVideo: false };

/** @param parameters as `withJob` takes them (defaults left out) */
export async function startVideoRun(
	parameters: INodeParameters,
	items: INodeExecutionData[],
	{ baseUrl, now = Date.now, onError, retryOnFail, parkingClock, onParking }: RunSettings,
): Promise<StartedVideoRun> {
	const compiled = loadCompiledPackage();
	const times = { startedAt: 0, endedAt: 0 };
	let executing = 0;
	let reportEnd = () => {};
	const ended = new Promise<void>((resolve) => {
		reportEnd = resolve;
	});
	const node: INodeType = compiled.createNode();
	const { execute } = node;
	node.execute = async function (...given) {
		times.startedAt ||= now();
		executing += 1;
		try {
			return (await execute?.call(this, ...given)) ?? null;
		} finally {
			executing -= 1;
			times.endedAt = now();
			reportEnd();
		}
	};
	const engine = new Engine({
		nodeTypes: { [NODE_TYPE]: node },
		credentialTypes: [compiled.credentialType],
		credentials: { cometApiVideoApi: { apiKey: SIMULATOR_API_KEY, baseUrl } },
		parkingClock,
	});
	if (engine.parking) onParking?.(engine.parking, () => executing);
	const waitBetweenTries = retryOnFail ? 1 : undefined;
	const definition = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: withJob(parameters),
		onError,
		retryOnFail,
		waitBetweenTries,
	});
	const run = await engine.start(definition, items);
	const finish = async (): Promise<VideoRun> => {
		const engineRun = await run.finished;
		// After Stop n8n does not wait for the node.
		await ended;
		const [rows = [], errorRows = []] = engineRun.output('Node');
		return {
			rows,
			errorRows,
			errorText: readErrorText(engineRun),
			contextText: JSON.stringify(engineRun.run.data.executionData?.contextData ?? {}),
			status: engineRun.run.status,
			wallMs: times.endedAt - times.startedAt,
			endedAt: times.endedAt,
			engine,
		};
	};
	return { finished: finish(), cancel: () => run.cancel() };
}

export async function runVideos(
	parameters: INodeParameters,
	items: INodeExecutionData[],
	settings: RunSettings,
): Promise<VideoRun> {
	return await (
		await startVideoRun(parameters, items, settings)
	).finished;
}

function readErrorText(run: EngineRun): string {
	const error = run.taskData('Node')?.error;
	if (!error) return '';
	const { details } = error.context ?? {};
	return [error.message, error.description, JSON.stringify(details ?? {})].join('\n');
}

/** @throws when the run did not end as the measurement supposes */
export function assertSucceeded({ rows, errorText }: VideoRun, count: number): void {
	const succeeded = rows.filter(({ json }) => json.status === 'succeeded').length;
	if (succeeded !== count) throw new Error(`${succeeded} of ${count} videos were made. ${errorText}`);
}
