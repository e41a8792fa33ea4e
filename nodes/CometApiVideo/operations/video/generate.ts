/** Video > Generate: read, check, create, wait, hand over. Everything that can be checked is checked before the first create. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toTableLocator } from '../../journal/chosenTable';
import { createDataTableClient } from '../../journal/dataTableApi';
import { openOrCreateJournal, shortenPrompt } from '../../journal/taskJournal';
import type { TaskJournal } from '../../journal/taskJournal';
import { readCatalogueIfPossible } from '../../service/catalogue';
import { createCometApiClient } from '../../service/client';
import type { CometApiClient } from '../../service/client';
import { RequestError, UnexpectedResponseError, UnknownOutcomeError, withDetails } from '../../task/errors';
import type { ErrorDetails } from '../../task/errors';
import type { StartedTask } from '../../wait/job';
import type { TaskRef } from '../../task/types';
import { assertWithinBudget, hintAtCost } from '../generate/budget';
import { hintAtLeftTasks, nameLeftTasks, openCreatedTasks } from '../generate/createdTasks';
import type { CreatedTasks, Memory } from '../generate/createdTasks';
import { estimateCostUsd } from '../generate/estimatedCost';
import { finishTask } from '../items/finishTask';
import { prepareItem } from '../input/readGenerateInput';
import type { PreparedItem } from '../input/readGenerateInput';
import { MediaCache } from '../input/mediaCache';
import { readSwitch } from '../input/readSwitch';
import { readDownloadSettings, readRunSettings } from '../input/runSettings';
import type { DownloadSettings } from '../input/runSettings';
import { runItems, tryEachItem } from '../items/runItems';
import { TaskFiles } from '../items/taskFiles';

interface ReadyItem extends PreparedItem {
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
		throw nameLeftTasks(context, createdTasks, error);
	}
}

async function generateOnce(context: IExecuteFunctions, createdTasks: CreatedTasks): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const [client, catalogue] = await Promise.all([
		createCometApiClient(context, settings),
		readCatalogueIfPossible(context),
	]);
	const cache = new MediaCache();
	const items = await tryEachItem(context, async (itemIndex): Promise<ReadyItem> => {
		const prepared = await prepareItem(context, itemIndex, cache);
		const wait = readSwitch(context, 'waitForCompletion', itemIndex, 'Wait for Completion');
		const download = wait && readSwitch(context, 'downloadVideo', itemIndex, 'Download Video');
		return {
			...prepared,
			wait,
			download: download ? readDownloadSettings(context, itemIndex) : undefined,
			estimatedCostUsd: estimateCostUsd(prepared.mode, prepared.input, catalogue),
		};
	});
	assertWithinBudget(
		context,
		items.flatMap((item) => (item.ok ? [item.value] : [])),
	);
	const journal = await openJournalIfWanted(context);

	const orderedCosts: Array<number | null> = [];
	const rows = await runItems(context, settings, items, (ready, itemIndex) => {
		const { provider, mode, input, estimatedCostUsd } = ready;
		const taskApi = mode.taskApi ?? provider.taskApi;
		let created: { rawStatus: string; raw?: IDataObject } = { rawStatus: '' };
		/** Of all errors of this item; what is learned later goes in as well. */
		const details: ErrorDetails = {};
		let hasRow = false;
		const files = ready.download && new TaskFiles(context, client, ready.download, settings);
		const record = async (ref: TaskRef, known: IDataObject) => {
			if (!journal || ref.taskId === '') return;
			// A row that exists may have been changed by somebody since.
			details.recordWarning = hasRow
				? await journal.end(ref.taskId, known)
				: await journal.write(ref.taskId, { ...orderColumns(context, ready, ref), ...known });
			if (details.recordWarning) return;
			hasRow = true;
			createdTasks.markRecorded(itemIndex, ready.request);
		};
		return {
			async start() {
				const { started, isRecorded, ...start } = await createOnce(client, createdTasks, ready, itemIndex);
				cache.release(ready.request);
				created = start.created;
				if (started.isNew) orderedCosts.push(estimatedCostUsd);
				// The first thing after the create, before anything else can go wrong.
				hasRow = isRecorded;
				if (!isRecorded) await record(started.ref, { status: 'pending', rawStatus: created.rawStatus });
				return { ...started, details: Object.assign(details, { ...started.details, ...details }) };
			},
			async poll(ref) {
				const task = await client.getTask(taskApi, ref);
				if (task.status === 'failed') createdTasks.markFailed(itemIndex, ready.request);
				return task;
			},
			async finish(waited) {
				const item = await finishTask(waited, {
					context,
					client,
					settings,
					taskApi,
					itemIndex,
					files,
					row: {
						model: input.model || undefined,
						mode: mode.id,
						durationSeconds: Number(input.values.seconds) || undefined,
						estimatedCostUsd,
						createdStatus: created.rawStatus,
						createdRaw: created.raw,
					},
					async record(json) {
						await record(waited.started.ref, json);
						return details.recordWarning as string | undefined;
					},
				});
				if (details.recordWarning) item.json.recordWarning = details.recordWarning;
				createdTasks.deliver(itemIndex, ready.request);
				return item;
			},
		};
	});
	hintAtCost(context, orderedCosts);
	return rows;
}

/** @throws InvalidInputError, RequestError when tasks shall be recorded and cannot be: better now than after paying */
async function openJournalIfWanted(context: IExecuteFunctions): Promise<TaskJournal | undefined> {
	if (!readSwitch(context, 'recordTasks', 0, 'Record Tasks')) return undefined;
	const client = await createDataTableClient(context);
	const locator = toTableLocator(context.getNodeParameter('dataTable', 0));
	return await openOrCreateJournal(client, locator, context.getExecutionCancelSignal());
}

/** What the journal knows of a task from its order; the rest comes from CometAPI. */
function orderColumns(
	context: IExecuteFunctions,
	{ mode, input, estimatedCostUsd }: ReadyItem,
	{ provider, route }: TaskRef,
): IDataObject {
	return {
		provider,
		route,
		model: input.model || null,
		mode: mode.id,
		prompt: shortenPrompt(input.prompt),
		durationSeconds: Number(input.values.seconds) || null,
		estimatedCostUsd,
		workflowId: context.getWorkflow().id ?? null,
		executionId: context.getExecutionId(),
	};
}

interface Start {
	started: StartedTask;
	/** An earlier try has written the task's row. */
	isRecorded: boolean;
	created: { rawStatus: string; raw?: IDataObject };
}

/** Creates the task, unless an earlier try of this execution has done so. */
async function createOnce(
	client: CometApiClient,
	createdTasks: CreatedTasks,
	{ provider, mode, input, request, wait }: ReadyItem,
	itemIndex: number,
): Promise<Start> {
	const details: ErrorDetails = { provider: provider.id, mode: mode.id, model: input.model };
	const known = createdTasks.find(itemIndex, request);
	if (known) return takenUp(known, wait, details);
	try {
		const taskApi = mode.taskApi ?? provider.taskApi;
		const { taskId, route, rawStatus, raw, finished } = await client.createTask(taskApi, request, provider.id);
		const ref = { provider: provider.id, taskId, route };
		createdTasks.remember(itemIndex, request, { ref, rawStatus, finished });
		return { started: { ref, isNew: true, wait, details, finished }, isRecorded: false, created: { rawStatus, raw } };
	} catch (error) {
		const failure = withDetails(error, details);
		const isUncertain =
			failure instanceof UnexpectedResponseError || (failure instanceof RequestError && failure.kind === 'transient');
		if (!isUncertain) throw failure;
		createdTasks.remember(itemIndex, request, {
			unknownOutcome: failure.message,
			requestId: failure.details.requestId,
		});
		const unknown = new UnknownOutcomeError(failure.message, failure.details);
		throw unknown;
	}
}

function takenUp(known: Memory, wait: boolean, details: ErrorDetails): Start {
	if ('unknownOutcome' in known) {
		throw new UnknownOutcomeError(known.unknownOutcome, { ...details, requestId: known.requestId });
	}
	const { ref, rawStatus, finished, isRecorded = false } = known;
	return { started: { ref, isNew: false, wait, details, finished }, isRecorded, created: { rawStatus } };
}
