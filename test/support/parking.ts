/**
 * n8n's database and its tracker of waiting executions, in small: sub-workflows written by a node, executions that are put to wait,
 * and what a sub-workflow's end does to the execution that waits for it. Each step follows n8n 2.41 (`workflow-execute-additional-data`,
 * `wait-tracker`, `workflow-helpers`); the engine is n8n's own. Left out: permissions and the policy of callers, time limits of workflows,
 * several processes, the minute that n8n may take to see a new waiting execution (who waits less than 65 seconds is refused here).
 */
import { WorkflowExecute } from 'n8n-core';
import type {
	ExecuteWorkflowData,
	ExecuteWorkflowOptions,
	IExecuteWorkflowInfo,
	INode,
	IRun,
	IRunExecutionData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	RelatedExecution,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { newRunData } from './olderEngine';

/** n8n's wait tracker asks its database once a minute. */
const SHORTEST_WAIT_MS = 65_000;

export interface ParkingClock {
	now(): number;
	advance(milliseconds: number): void;
}

interface ParkingHost {
	workflow(definition: Pick<IWorkflowBase, 'nodes' | 'connections'>): Workflow;
	additionalData(
		definition: Pick<IWorkflowBase, 'nodes' | 'connections'>,
		executionId: string,
	): IWorkflowExecuteAdditionalData;
}

interface Stored {
	id: string;
	definition: Pick<IWorkflowBase, 'nodes' | 'connections'>;
	mode: WorkflowExecuteMode;
	status: 'waiting' | 'canceled' | 'lost' | 'ended';
	/** As it lies in the database. */
	data: string;
	waitTill: number;
}

export class Parking {
	private readonly executions = new Map<string, Stored>();

	private count = 0;

	/** Time of the clock during which nothing ran, in milliseconds. */
	asleepMs = 0;

	/** How many executions are in the database, with those that are over. */
	get executionCount(): number {
		return this.executions.size;
	}

	/** Refuses all sub-workflows, as a policy of callers does. */
	refusal: string | undefined;

	/** Why n8n cannot read credentials just now. */
	credentialFailure: string | undefined;

	/** n8n has just begun to start: what is due is woken, and its Data Tables are not there yet. */
	lacksDataTables = false;

	/** Called before an execution is woken. `lose`: n8n is killed just then. */
	onWake: (id: string, isParent: boolean) => 'wake' | 'lose' = () => 'wake';

	constructor(
		private readonly host: ParkingHost,
		private readonly clock: ParkingClock,
	) {}

	/** What n8n gives to the contexts of nodes. */
	readonly executeWorkflow = async (
		{ code }: IExecuteWorkflowInfo,
		_additionalData: IWorkflowExecuteAdditionalData,
		{ inputData, parentExecution, node }: ExecuteWorkflowOptions,
	): Promise<ExecuteWorkflowData> => {
		if (!code) throw new Error('Only sub-workflows that a node writes itself');
		if (this.refusal !== undefined) throw Object.assign(new Error(this.refusal), { node });
		const definition = asStored(code);
		const [start] = definition.nodes;
		const data = newRunData({
			executionData: {
				nodeExecutionStack: [
					{ node: start, data: { main: [inputData ?? [{ json: {} }]] }, metadata: { parentExecution }, source: null },
				],
			},
			parentExecution,
		});
		const id = `sub-execution-${++this.count}`;
		const run = await this.execute(id, definition, 'integrated', data);
		if (run.finished !== true && run.status !== 'waiting') {
			const { error } = run.data.resultData;
			throw Object.assign(new Error(error?.message), error);
		}
		return { executionId: id, data: lastNodeData(run)?.main ?? [null], waitTill: run.waitTill };
	};

	readonly getRunExecutionData = async (id: string): Promise<IRunExecutionData | undefined> =>
		await Promise.resolve(this.dataOf(id));

	/** The parent's run after all sleeps, when it has ended. @param run as it was put to wait */
	async untilEnded(id: string, definition: Stored['definition'], mode: WorkflowExecuteMode, run: IRun): Promise<IRun> {
		this.store(id, definition, mode, run);
		for (;;) {
			const [next] = [...this.executions.values()]
				.filter(({ status }) => status === 'waiting')
				.sort((one, other) => one.waitTill - other.waitTill);
			if (!next) throw new Error(`Nothing wakes ${id} any more`);
			const sleepMs = Math.max(0, next.waitTill - this.clock.now());
			this.clock.advance(sleepMs);
			this.asleepMs += sleepMs;
			const ended = await this.wake(next, id);
			if (ended) return ended;
		}
	}

	/** The execution that waits for this one. */
	parentOf(id: string): string {
		return this.dataOf(id)?.parentExecution?.executionId ?? '';
	}

	/** Stop, pressed on an execution that waits. */
	stop(id: string): void {
		const stored = this.find(id);
		const data = JSON.parse(stored.data) as IRunExecutionData;
		data.resultData.error = { message: 'The execution was cancelled manually' } as never;
		this.executions.set(id, { ...stored, status: 'canceled', data: JSON.stringify(data) });
	}

	/** @returns the parent's run if that has ended */
	private async wake(stored: Stored, parentId: string): Promise<IRun | undefined> {
		const isParent = stored.id === parentId;
		if (this.onWake(stored.id, isParent) === 'lose') {
			this.executions.set(stored.id, { ...stored, status: 'lost' });
			return undefined;
		}
		const run = await this.execute(
			stored.id,
			stored.definition,
			stored.mode,
			JSON.parse(stored.data) as IRunExecutionData,
		);
		if (run.status === 'waiting') return undefined;
		if (isParent) return run;
		const { parentExecution } = run.data;
		return parentExecution?.shouldResume === false || !parentExecution
			? undefined
			: await this.resumeParent(parentExecution, run);
	}

	private async resumeParent({ executionId }: RelatedExecution, run: IRun): Promise<IRun | undefined> {
		const parent = this.executions.get(executionId);
		const error = run.data.resultData.error;
		const output = lastNodeData(run);
		if (parent?.status !== 'waiting' || (!error && !output)) return undefined;
		const data = JSON.parse(parent.data) as IRunExecutionData;
		const [entry] = data.executionData?.nodeExecutionStack ?? [];
		if (error) entry.metadata = { ...entry.metadata, resumeError: error };
		else if (output) entry.data = output;
		return await this.execute(parent.id, parent.definition, parent.mode, data);
	}

	private async execute(
		id: string,
		definition: Stored['definition'],
		mode: WorkflowExecuteMode,
		data: IRunExecutionData,
	): Promise<IRun> {
		const workflow = this.host.workflow(definition);
		const additionalData = this.host.additionalData(definition, id);
		const run = await new WorkflowExecute(additionalData, mode, data).processRunExecutionData(workflow);
		this.store(id, definition, mode, run);
		return run;
	}

	private store(id: string, definition: Stored['definition'], mode: WorkflowExecuteMode, run: IRun): void {
		const waitTill = run.waitTill?.getTime() ?? 0;
		const isWaiting = run.status === 'waiting';
		if (isWaiting && waitTill - this.clock.now() < SHORTEST_WAIT_MS - 1)
			throw new Error(`${id} sleeps ${(waitTill - this.clock.now()) / 1000} s: n8n would wake it too late`);
		const status = isWaiting ? 'waiting' : 'ended';
		this.executions.set(id, { id, definition, mode, status, data: JSON.stringify(run.data), waitTill });
	}

	private find(id: string): Stored {
		const stored = this.executions.get(id);
		if (!stored) throw new Error(`No execution ${id}`);
		return stored;
	}

	private dataOf(id: string): IRunExecutionData | undefined {
		const stored = this.executions.get(id);
		return stored && (JSON.parse(stored.data) as IRunExecutionData);
	}
}

/** As it lies in the database. */
function asStored({ nodes, connections }: IWorkflowBase): Stored['definition'] {
	return JSON.parse(JSON.stringify({ nodes, connections })) as { nodes: INode[] } & Stored['definition'];
}

function lastNodeData(run: IRun) {
	const { lastNodeExecuted, runData } = run.data.resultData;
	return lastNodeExecuted === undefined ? undefined : runData[lastNodeExecuted]?.at(-1)?.data;
}
