/** Video > Generate: read, check, create, wait, hand over. Everything that can be checked is checked before the first create. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readCatalogueIfPossible, roundUsd } from '../../tasks/catalogue';
import { createCometApiClient } from '../../tasks/client';
import type { CometApiClient } from '../../tasks/client';
import { InvalidInputError, RequestError, UnexpectedResponseError, withDetails } from '../../tasks/errors';
import type { ErrorDetails } from '../../tasks/errors';
import type { StartedTask } from '../../tasks/waitForTasks';
import { openCreatedTasks } from '../createdTasks';
import type { CreatedTasks, Memory } from '../createdTasks';
import { estimateCostUsd } from '../estimatedCost';
import { finishTask } from '../finishTask';
import { prepareItem } from '../readGenerateInput';
import type { PreparedItem } from '../readGenerateInput';
import { MediaCache } from '../readMedia';
import { readDownloadSettings, readNumber, readRunSettings } from '../runSettings';
import type { DownloadSettings } from '../runSettings';
import { runItems, tryEachItem } from '../runItems';

interface ReadyItem extends PreparedItem {
	wait: boolean;
	download?: DownloadSettings;
	estimatedCostUsd: number | null;
}

export async function generate(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const settings = readRunSettings(context);
	const [client, catalogue] = await Promise.all([
		createCometApiClient(context, settings),
		readCatalogueIfPossible(context),
	]);
	const cache = new MediaCache();
	const items = await tryEachItem(context, async (itemIndex): Promise<ReadyItem> => {
		const prepared = await prepareItem(context, itemIndex, cache);
		const wait = context.getNodeParameter('waitForCompletion', itemIndex, true) as boolean;
		const download = wait && (context.getNodeParameter('downloadVideo', itemIndex, false) as boolean);
		return {
			...prepared,
			wait,
			download: download ? readDownloadSettings(context, itemIndex) : undefined,
			estimatedCostUsd: estimateCostUsd(prepared.mode, prepared.input, catalogue),
		};
	});
	assertWithinBudget(context, items.flatMap((item) => (item.ok ? [item.value] : [])));

	const createdTasks = openCreatedTasks(context);
	return await runItems(context, settings, items, (ready, itemIndex) => {
		const { provider, mode, input, estimatedCostUsd } = ready;
		const taskApi = mode.taskApi ?? provider.taskApi;
		let created: { rawStatus: string; raw?: IDataObject } = { rawStatus: '' };
		return {
			async start() {
				const start = await createOnce(client, createdTasks, ready, itemIndex);
				created = start.created;
				return start.started;
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
					download: ready.download,
					row: {
						model: input.model || undefined,
						mode: mode.id,
						durationSeconds: Number(input.values.seconds) || undefined,
						estimatedCostUsd,
						createdStatus: created.rawStatus,
						createdRaw: created.raw,
					},
				});
				createdTasks.deliver(itemIndex, ready.request);
				return item;
			},
		};
	});
}

/** @throws InvalidInputError when all items together are estimated above the limit, or cannot be estimated */
function assertWithinBudget(context: IExecuteFunctions, items: readonly ReadyItem[]) {
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const limit = readNumber(options, 'maxEstimatedCost', 'Max Estimated Cost (USD)', Infinity, 0);
	if (limit === Infinity) return;
	const unpriced = items.find(({ estimatedCostUsd }) => estimatedCostUsd === null);
	if (unpriced) {
		throw new InvalidInputError(
			`The cost of a video with ${unpriced.input.model || unpriced.mode.displayName} cannot be estimated, so "Max Estimated Cost (USD)" cannot be kept; nothing was created`,
			'CometAPI publishes no price for it, or its price list could not be reached. Remove the option, or choose another model.',
		);
	}
	const total = roundUsd(items.reduce((sum, { estimatedCostUsd }) => sum + (estimatedCostUsd ?? 0), 0));
	if (total <= limit) return;
	throw new InvalidInputError(
		`${items.length} ${items.length === 1 ? 'video' : 'videos'} would cost about ${total.toFixed(2)} USD, more than Max Estimated Cost (USD) of ${limit.toFixed(2)}; nothing was created`,
		'Raise the limit, or make fewer, shorter or smaller videos.',
	);
}

interface Start {
	started: StartedTask;
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
		return { started: { ref, isNew: true, wait, details, finished }, created: { rawStatus, raw } };
	} catch (error) {
		const failure = withDetails(error, details);
		const isUncertain =
			failure instanceof UnexpectedResponseError ||
			(failure instanceof RequestError && failure.kind === 'transient');
		if (!isUncertain) throw failure;
		const unknown = unknownOutcome(failure.message, failure.details);
		createdTasks.remember(itemIndex, request, {
			unknownOutcome: failure.message,
			requestId: failure.details.requestId,
		});
		throw unknown;
	}
}

function takenUp(known: Memory, wait: boolean, details: ErrorDetails): Start {
	if ('unknownOutcome' in known) {
		throw unknownOutcome(known.unknownOutcome, { ...details, requestId: known.requestId });
	}
	const { ref, rawStatus, finished } = known;
	return { started: { ref, isNew: false, wait, details, finished }, created: { rawStatus } };
}

function unknownOutcome(cause: string, details: ErrorDetails): RequestError {
	return new RequestError(
		'refused',
		`It is not known whether CometAPI created the video: ${cause}`,
		'The video may exist and be billed, so the request was not sent again. Look for it in the CometAPI console; if it is not there, run the item again.',
		details,
	);
}
