/** Video > Generate: read, check, create, wait, hand over. Everything that can be checked is checked before the first create. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { resultNoun } from '../../providers/jobs';
import { readCatalogueIfPossible } from '../../service/catalogue';
import { createCometApiClient } from '../../service/client';
import type { CometApiClient } from '../../service/client';
import {
	RequestError,
	TaskFailedError,
	UnexpectedResponseError,
	UnknownOutcomeError,
	reworded,
	withDetails,
} from '../../task/errors';
import type { CometApiVideoError, ErrorDetails } from '../../task/errors';
import type { StartedTask } from '../../wait/job';
import { toRecordedJson } from '../../task/row';
import type { TaskRef } from '../../task/types';
import { assertWithinBudget, hintAtCost } from '../generate/budget';
import { hintAtLeftTasks, nameLeftTasks, openCreatedTasks } from '../generate/createdTasks';
import type { CreatedTasks, Memory } from '../generate/createdTasks';
import { dryRow, withDryRows, withoutDryRuns } from '../generate/dryRun';
import { estimateCostUsd } from '../generate/estimatedCost';
import { finishTask } from '../items/finishTask';
import { withInputFields } from '../items/inputFields';
import { nothingCreated } from '../generate/nothingCreated';
import { assertNotLeftToAgent } from '../generate/ownerSettings';
import { openRunRecord } from '../generate/runRecord';
import type { RunRecord, TaskRecord } from '../generate/runRecord';
import { prepareItem } from '../input/readGenerateInput';
import type { PreparedItem } from '../input/readGenerateInput';
import { MediaCache } from '../input/mediaCache';
import { readSwitch } from '../input/readSwitch';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import type { DownloadSettings, RunSettings } from '../input/runSettings';
import { runItems, tryEachItem } from '../items/runItems';
import type { ItemJob, ItemOutcome } from '../items/runItems';
import { untilStopped } from '../items/untilStopped';
import { TaskFiles } from '../items/taskFiles';
import { toSleepingRow } from '../sleep/sleepingRow';
import { runWithSleep } from '../sleep/sleepOfRun';

interface ReadyItem extends PreparedItem {
	itemIndex: number;
	dryRun: boolean;
	wait: boolean;
	download?: DownloadSettings;
	estimatedCostUsd: number | null;
}

export async function generate(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const createdTasks = openCreatedTasks(context);
	try {
		const rows = await generateOnce(context, createdTasks);
		hintAtLeftTasks(context, createdTasks);
		return rows;
	} catch (error) {
		throw nameLeftTasks(createdTasks, error);
	}
}

async function generateOnce(context: IExecuteFunctions, createdTasks: CreatedTasks): Promise<INodeExecutionData[]> {
	assertNotLeftToAgent(context);
	const settings = readRunSettings(context);
	const prepared = await untilStopped(context, prepare(context, settings, createdTasks));
	const { runRecord } = prepared;
	let rows: INodeExecutionData[] | undefined;
	try {
		rows = await createAndWait(context, settings, createdTasks, prepared);
		return rows;
	} finally {
		const unfinished = context.getExecutionCancelSignal()?.aborted ? 'stopped' : 'failed';
		await runRecord?.close(rows ? 'handedOver' : unfinished);
	}
}

interface Prepared {
	client: CometApiClient;
	cache: MediaCache;
	items: Array<ItemOutcome<ReadyItem>>;
	runRecord?: RunRecord;
}

async function createAndWait(
	context: IExecuteFunctions,
	settings: RunSettings,
	createdTasks: CreatedTasks,
	{ client, cache, items, runRecord }: Prepared,
): Promise<INodeExecutionData[]> {
	const created: ReadyItem[] = [];
	const dry = items.flatMap((item) => (item.ok && item.value.dryRun ? [item.value] : []));
	const toJob = (ready: ReadyItem): ItemJob => {
		const { provider, mode, itemIndex, input } = ready;
		const taskApi = mode.taskApi ?? provider.taskApi;
		let answer: { rawStatus: string; raw?: IDataObject } = { rawStatus: '' };
		const files = ready.download && new TaskFiles(context, client, ready.download, settings, input.prompt);
		let record: TaskRecord | undefined;
		return {
			async start() {
				const { started, isRecorded, ...start } = await createOnce(client, createdTasks, ready, itemIndex);
				cache.release(ready.request);
				answer = start.answer;
				if (started.isNew) created.push(ready);
				// The first thing after the create, before anything else can go wrong.
				const { ref } = started;
				if (ref.taskId !== '') {
					record = runRecord?.open(ref.taskId, {
						created: createdColumns(context, ready, ref),
						hasRow: isRecorded,
						isAwaited: started.wait,
						onRecorded: () => createdTasks.markRecorded(itemIndex, ready.request),
					});
				}
				await record?.begin(answer.rawStatus);
				return {
					...started,
					details: {
						...started.details,
						// What is true when an error is built: a later write may succeed.
						get recordWarning() {
							return record?.warning;
						},
					},
				};
			},
			async poll(ref) {
				const task = await client.getTask(taskApi, ref);
				record?.see(task);
				if (task.status === 'failed') createdTasks.markFailed(itemIndex, ready.request);
				return task;
			},
			async finish(waited) {
				const finishing = finishTask(waited, {
					context,
					client,
					settings,
					taskApi,
					itemIndex,
					files,
					row: {
						...orderedColumns(ready),
						createdStatus: answer.rawStatus,
						createdRaw: answer.raw,
					},
					record: async (json) => await record?.end(json),
				});
				const item = await finishing.catch((error: unknown) => {
					// A task whose file alone is missing may still deliver it, and is taken up again.
					if (error instanceof TaskFailedError && waited.task?.status === 'failed')
						createdTasks.markFailed(itemIndex, ready.request);
					throw withDetails(error, { recordWarning: record?.warning });
				});
				createdTasks.markHandedOver(itemIndex, ready.request);
				const recordWarning = record?.warning;
				return recordWarning ? { ...item, json: { ...item.json, recordWarning } } : item;
			},
			rest: ({ ref, details }, wait) => {
				const createdRaw = settings.includeRaw ? answer.raw : undefined;
				const row = {
					...orderedColumns(ready),
					createdStatus: answer.rawStatus,
					createdRaw,
					recordWarning: record?.warning,
				};
				const sleeping = { itemIndex, ref, wait, details, row, download: ready.download };
				return toSleepingRow(sleeping, ref, settings.includeRaw);
			},
		};
	};
	const rows = await runWithSleep(
		context,
		settings,
		{ record: runRecord, whyAwake: dry.length > 0 ? 'Dry Run is on for some items' : undefined },
		async (rest) => await runItems(context, settings, withoutDryRuns(items), toJob, rest),
	);
	hintAtCost(context, { created, dry });
	const all = withDryRows(items, rows, (ready, itemIndex) =>
		dryRow(ready.provider.id, orderedColumns(ready), settings.includeRaw, itemIndex),
	);
	return withInputFields(context, settings, all);
}

/** Everything that can go wrong before the first create; nothing is created here. */
async function prepare(
	context: IExecuteFunctions,
	settings: RunSettings,
	createdTasks: CreatedTasks,
): Promise<Prepared> {
	const [client, catalogue] = await Promise.all([
		createCometApiClient(context, settings),
		readCatalogueIfPossible(context),
	]);
	const cache = new MediaCache();
	const readItem = async (itemIndex: number): Promise<ReadyItem> => {
		const prepared = await prepareItem(context, itemIndex, cache);
		const wait = readSwitch(context, 'waitForCompletion', itemIndex, 'Wait for Completion');
		const download = wait && readSwitch(context, 'downloadVideo', itemIndex, 'Download Video');
		return {
			...prepared,
			itemIndex,
			dryRun: readSwitch(context, 'dryRun', itemIndex, 'Dry Run'),
			wait,
			download: download ? readDownloadSettings(context, itemIndex) : undefined,
			estimatedCostUsd: estimateCostUsd(prepared, catalogue ?? []),
		};
	};
	const items = await tryEachItem(context, nothingCreated(context, createdTasks, readItem));
	assertWithinBudget(
		context,
		items.flatMap((item) => (item.ok ? [item.value] : [])),
		catalogue !== undefined,
	);
	const isAnyCreated = items.some((item) => item.ok && !item.value.dryRun);
	return { client, cache, items, runRecord: isAnyCreated ? await openRunRecord(context) : undefined };
}

/** What the row shows of what was asked for. */
function orderedColumns({ mode, input, estimatedCostUsd }: ReadyItem) {
	return {
		prompt: input.prompt,
		model: input.model || undefined,
		mode: mode.id,
		durationSeconds: Number(input.values.seconds) || undefined,
		estimatedCostUsd,
	};
}

/** What the journal knows of a task with its create; the rest comes from CometAPI. */
function createdColumns(context: IExecuteFunctions, ready: ReadyItem, ref: TaskRef): IDataObject {
	return {
		...toRecordedJson(undefined, { ...orderedColumns(ready), ref }),
		workflowId: context.getWorkflow().id ?? null,
		executionId: context.getExecutionId(),
	};
}

interface Start {
	started: StartedTask;
	/** An earlier try has written the task's row. */
	isRecorded: boolean;
	/** Of the create. */
	answer: { rawStatus: string; raw?: IDataObject };
}

/** Creates the task, unless an earlier try of this execution has done so. */
async function createOnce(
	client: CometApiClient,
	createdTasks: CreatedTasks,
	{ provider, mode, input, request, wait }: ReadyItem,
	itemIndex: number,
): Promise<Start> {
	const details: ErrorDetails = { provider: provider.id, mode: mode.id, model: input.model };
	const known = createdTasks.takeUp(itemIndex, request);
	if (known) return takenUp(known, wait, details, createdTasks.isTool, resultNoun(mode.job));
	try {
		const taskApi = mode.taskApi ?? provider.taskApi;
		const { taskId, route, rawStatus, raw, finished } = await client.createTask(taskApi, request, provider.id);
		const ref = { provider: provider.id, taskId, route };
		createdTasks.remember(itemIndex, request, { ref, rawStatus, finished });
		return { started: { ref, isNew: true, wait, details, finished }, isRecorded: false, answer: { rawStatus, raw } };
	} catch (error) {
		const failure = withDetails(error, details);
		const isUncertain =
			failure instanceof UnexpectedResponseError || (failure instanceof RequestError && isOutcomeUnknown(failure));
		if (!isUncertain) throw withoutCreate(failure);
		createdTasks.remember(itemIndex, request, {
			unknownOutcome: failure.message,
			requestId: failure.details.requestId,
		});
		throw unknownOutcome(failure.message, failure.details, createdTasks.isTool, resultNoun(mode.job));
	}
}

function takenUp(known: Memory, wait: boolean, details: ErrorDetails, isTool: boolean, noun: string): Start {
	if ('unknownOutcome' in known) {
		throw unknownOutcome(known.unknownOutcome, { ...details, requestId: known.requestId }, isTool, noun);
	}
	const { ref, rawStatus, finished, isRecorded = false } = known;
	return { started: { ref, isNew: false, wait, details, finished }, isRecorded, answer: { rawStatus } };
}

/** Whoever gives up on a request (408, 499) does not know what has become of it, whichever side it is. */
const GIVEN_UP_STATUSES = [408, 499];

function isOutcomeUnknown({ kind, details: { httpStatus = 0 } }: RequestError): boolean {
	return kind === 'transient' || GIVEN_UP_STATUSES.includes(httpStatus);
}

/** Says so where it may be doubted: CometAPI has not heard of the request. */
function withoutCreate(failure: CometApiVideoError): CometApiVideoError {
	const isUnheard =
		failure instanceof RequestError &&
		(failure.kind === 'notSent' || (failure.kind === 'refused' && failure.details.httpStatus === undefined));
	return isUnheard ? reworded(failure, { message: `${failure.message}; nothing was created` }) : failure;
}

/** @param cause what has happened to the create */
function unknownOutcome(cause: string, details: ErrorDetails, isTool: boolean, noun: string): CometApiVideoError {
	const error = new UnknownOutcomeError(cause, details, noun);
	if (!isTool) return error;
	// An agent cannot look there, and is told what it can do.
	return reworded(error, {
		advice: `The ${noun} may exist and be billed, so the request was not sent again, and is not for the same prompt. Ask the user to look in the CometAPI console; for another ${noun}, call the tool with another prompt.`,
	});
}
