/** Video > Join on n8n's real engine, without any credential. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { Engine, singleNodeWorkflow } from '../support/engine';
import { NODE_TYPE, toNodeRun } from '../support/videoNode';
import type { NodeRun, OnError } from '../support/videoNode';

export interface JoinRun extends NodeRun {
	/** The first row's file. */
	file(field?: string, row?: number): Promise<Buffer>;
	/** Message and advice of the error. */
	refusal: string;
}

export async function runJoin(
	items: INodeExecutionData[],
	parameters: INodeParameters = {},
	onError?: OnError,
): Promise<JoinRun> {
	return await (
		await startJoin(items, parameters, onError)
	).finished;
}

/** Like `runJoin`, but can be stopped. */
export async function startJoin(
	items: INodeExecutionData[],
	parameters: INodeParameters = {},
	onError?: OnError,
): Promise<{ finished: Promise<JoinRun>; cancel(): void }> {
	const engine = new Engine({ nodeTypes: { [NODE_TYPE]: new CometApiVideo() }, credentialTypes: [], credentials: {} });
	const definition = singleNodeWorkflow({
		type: NODE_TYPE,
		parameters: { resource: 'video', operation: 'join', ...parameters },
		credentials: undefined,
		onError,
	});
	const started = await engine.start(definition, items);
	return { finished: toNodeRun(started).then((run) => toJoinRun(run, engine)), cancel: () => started.cancel() };
}

function toJoinRun(run: NodeRun, engine: Engine): JoinRun {
	return {
		...run,
		refusal: run.error ? [run.error.message, run.error.description].join(' | ') : '',
		file: async (field = 'data', row = 0) => await engine.readBinary(run.items[row] ?? { json: {} }, field),
	};
}

/** An item as n8n has it in memory. */
export function itemOf(bytes: Buffer, fileName = 'clip.mp4', json: IDataObject = {}): INodeExecutionData {
	return { json, binary: { data: { data: bytes.toString('base64'), mimeType: 'video/mp4', fileName } } };
}

let ready: Promise<void> | undefined;

/** An item whose file is in n8n's store. */
export async function storedItemOf(bytes: Buffer, fileName = 'clip.mp4'): Promise<INodeExecutionData> {
	const service = Container.get(BinaryDataService);
	ready ??= service.init();
	await ready;
	const location = { type: 'execution' as const, workflowId: 'workflow', executionId: 'earlier' };
	const empty: IBinaryData = { data: '', mimeType: 'video/mp4', fileName };
	return { json: {}, binary: { data: await service.store(location, bytes, empty) } };
}
