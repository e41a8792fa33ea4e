/** An execution as n8n keeps it, with its items readable. */
import type { IBinaryData, IDataObject, INodeExecutionData, IRunExecutionData, ITaskData } from 'n8n-workflow';
import { parseFlatted } from './parseFlatted';

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	/** `new`, `running`, `waiting`, `success`, `error`, `canceled`, `crashed` */
	status: string;
	/** `manual`, `trigger`, `retry`, … */
	mode: string;
	/** ISO 8601; null before it starts, and for a poll that failed. */
	startedAt: string | null;
	/** Null while it runs. */
	stoppedAt: string | null;
	retryOf?: string | null;
	retrySuccessId?: string | null;
}

export interface StoredExecution extends ExecutionSummary {
	/** In n8n's storage format. */
	data: string;
}

const UNENDED: readonly string[] = ['new', 'running', 'waiting'];

export class Execution {
	readonly data: IRunExecutionData;

	constructor(readonly summary: StoredExecution) {
		this.data = parseFlatted(summary.data) as IRunExecutionData;
	}

	get id(): string {
		return this.summary.id;
	}

	get status(): string {
		return this.summary.status;
	}

	get hasEnded(): boolean {
		return !UNENDED.includes(this.status);
	}

	/** Message and description of what ended the execution; '' when nothing did. */
	get errorText(): string {
		const { error } = this.data.resultData;
		return error ? [error.message, error.description].filter(Boolean).join('\n') : '';
	}

	/** The last run of a node; undefined when it has not run. */
	taskData(nodeName: string): ITaskData | undefined {
		return this.data.resultData.runData[nodeName]?.at(-1);
	}

	/** Items of a node by output; `[]` when it did not run. */
	output(nodeName: string): INodeExecutionData[][] {
		return (this.taskData(nodeName)?.data?.main ?? []).map((items) => items ?? []);
	}

	/** The first item's fields. @throws when the node put nothing out */
	row(nodeName: string): IDataObject {
		return this.firstItem(nodeName).json;
	}

	/** A file of the first item. @throws when it has none */
	file(nodeName: string, field = 'data'): IBinaryData {
		const file = this.firstItem(nodeName).binary?.[field];
		if (!file) throw new Error(`The first item of "${nodeName}" has no file in "${field}"`);
		return file;
	}

	private firstItem(nodeName: string): INodeExecutionData {
		const item = this.output(nodeName).flat()[0];
		if (!item) throw new Error(`"${nodeName}" put out nothing: the execution is ${this.status} ${this.errorText}`);
		return item;
	}
}
