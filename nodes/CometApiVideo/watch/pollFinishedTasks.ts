/** One poll of the trigger: look, see what is news, hand it over. */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { clock } from '../task/clock';
import { InvalidInputError, RequestError, reworded, toCometApiVideoError, toNodeError } from '../task/errors';
import { toItemJson } from '../task/row';
import { openAccountSource } from './accountSource';
import { openDataTableSource } from './dataTableSource';
import { forgetOld, forgetStaleUnseen, openWatchState, rememberUnseen, takeNewlyFinished } from './finishedTasks';
import type { Reading, WatchState } from './finishedTasks';
import { openListedSource } from './listedSource';
import type { Looks } from './lookAtTasks';
import type { OpenTaskSource, TaskSource, WatchSettings } from './taskSource';
import { passesFilters } from './taskSource';
import { openWatchMemory } from './watchMemory';
import type { WatchMemory } from './watchMemory';

const SOURCES: Readonly<Record<string, OpenTaskSource>> = {
	account: openAccountSource,
	dataTable: openDataTableSource,
	listed: openListedSource,
};

/** A poll ends well before the next one; n8n may allow less. */
const MAX_POLL_MS = 50_000;
/** The part of a poll in which looks begin: one that has begun may take 15 s. */
const LOOKS_SHARE = 0.7;
/** The same where tasks are marked: looks that used up all the time would leave no poll any for marks. */
const LOOKS_BEFORE_MARKS_SHARE = 0.5;
/** n8n, which is asked to mark, gives up after 10 s. */
const MARKS_SHARE = 0.8;
/** A poll that hangs for so long does not hold up the others any more. */
const MAX_OVERLAP_MS = 600_000;
/** An outage is worth a message when it lasts, and then not every minute. */
const POLLS_UNTIL_COMPLAINT = 3;
const COMPLAINT_GAP_MS = 3_600_000;

/** The polls of one activation share a context; the first of each is the activation itself. */
const contextsSeen = new WeakSet<IPollFunctions>();

/**
 * @returns the tasks that have become terminal since the last poll; null when there are none
 * @throws NodeApiError | NodeOperationError when the settings or the credential are wrong, or nothing can be read for long
 */
export async function pollFinishedTasks(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (context.getMode() === 'manual') {
		return await readSample(context).catch((error: unknown) => {
			throw toNodeError(context.getNode(), error);
		});
	}
	const isActivation = !contextsSeen.has(context);
	const isByHand = isActivation && ['activate', 'create'].includes(context.getActivationMode());
	const memory = openWatchMemory(`${context.getWorkflow().id}:${context.getNode().id}`, isByHand);
	const { polling } = memory;
	if (polling?.context === context && clock.now() - polling.since < MAX_OVERLAP_MS) return null;
	const own = { context, since: clock.now() };
	memory.polling = own;
	try {
		const emitted = await poll(context, memory, isByHand, isActivation);
		contextsSeen.add(context);
		return emitted.length > 0 ? [emitted] : null;
	} catch (error) {
		if (!isByHand && isToBeBorne(error, memory)) return null;
		throw toNodeError(context.getNode(), error);
	} finally {
		if (memory.polling === own) memory.polling = undefined;
	}
}

async function poll(
	context: IPollFunctions,
	memory: WatchMemory,
	isByHand: boolean,
	isActivation: boolean,
): Promise<INodeExecutionData[]> {
	const budgetMs = Math.min(context.getPollBudgetMs?.() ?? MAX_POLL_MS, MAX_POLL_MS);
	const began = clock.now();
	const settings = readSettings(context);
	const source = await openSource(context, settings);
	if (isByHand) await source.check?.();
	const stored = context.getWorkflowStaticData('node');
	const { state, isNew } = openWatchState(stored, source.watched, clock.now(), isByHand);
	const isAfterRestart = isActivation && isRestart(context) && !isNew;
	if (isAfterRestart) forgetStaleUnseen(state, clock.now());
	const until = began + budgetMs * (source.markFinished ? LOOKS_BEFORE_MARKS_SHARE : LOOKS_SHARE);
	const looks = await source.look({ state, memory, isFirstLook: isNew, isAfterRestart, until });
	assertSomethingWasRead(looks, memory, isByHand);
	logFailures(context, looks);
	if (isNew) rememberUnseen(state, looks.unseen ?? []);
	const news = takeNewlyFinished(state, looks.readings);
	const emitted = news.filter((reading) => isWanted(reading, settings));
	const toMark = looks.readings.filter((reading) => isOver(reading, settings) && !emitted.includes(reading));
	await markFinished(context, source, toMark, began + budgetMs * MARKS_SHARE);
	forgetOld(state, source.forgettable);
	rememberHandOver(state, source, emitted);
	state.lists = [...new Set([...state.lists, ...source.lists])];
	saveState(stored, state);
	return emitted.map((reading) => toItem(reading, settings));
}

/** For sources that mark tasks: those of which it is not known yet that the workflow was started with them. */
function rememberHandOver(
	state: WatchState,
	{ forgettable, markFinished: mark }: TaskSource,
	emitted: readonly Reading[],
): void {
	if (!mark) return;
	const open = Object.entries(state.handedOver).filter(([key]) => forgettable.canComeUpAgain?.(key) ?? true);
	const seconds = Math.floor(clock.now() / 1000);
	state.handedOver = { ...Object.fromEntries(open), ...Object.fromEntries(emitted.map(({ key }) => [key, seconds])) };
}

async function openSource(context: IPollFunctions, settings: WatchSettings): Promise<TaskSource> {
	const open = SOURCES[settings.watch];
	if (open) return await open(context, settings);
	throw new InvalidInputError(`Watch cannot be "${settings.watch}"`, 'Choose what to watch from the list.');
}

/** Whole keys: n8n notices only these as a change. */
function saveState(stored: IDataObject, state: WatchState): void {
	for (const [key, value] of Object.entries(state)) stored[key] = value as IDataObject[string];
}

/** Marking is repeated by the next poll where it does not succeed, so it stops no workflow. */
async function markFinished(
	context: IPollFunctions,
	source: TaskSource,
	readings: readonly Reading[],
	until: number,
): Promise<void> {
	if (readings.length === 0) return;
	await source.markFinished?.(readings, until).catch((error: unknown) => {
		context.logger.warn(`Finished tasks are not marked yet: ${toCometApiVideoError(error).message}`);
	});
}

/** A task that the filters leave out is not this trigger's to mark. */
function isOver(reading: Reading, settings: WatchSettings): boolean {
	return reading.task.status !== 'pending' && passes(reading, settings);
}

function isWanted(reading: Reading, settings: WatchSettings): boolean {
	const { triggerOn } = settings;
	return passes(reading, settings) && (triggerOn === 'both' || reading.task.status === triggerOn);
}

function passes({ task, known, action }: Reading, settings: WatchSettings): boolean {
	return passesFilters(settings, { provider: task.ref.provider, model: task.model ?? known.model, action });
}

function toItem({ task, known, failureReason, row }: Reading, { includeRaw }: WatchSettings): INodeExecutionData {
	return {
		json: { ...toItemJson(task, { ...known, ref: task.ref, failureReason, includeRaw }), ...(row ? { row } : {}) },
	};
}

/** A real task, so that the next nodes can be set up with it; nothing is remembered of it. */
async function readSample(context: IPollFunctions): Promise<INodeExecutionData[][]> {
	const settings = readSettings(context);
	const source = await openSource(context, settings);
	const reading = await source.sample();
	if (reading) return [[toItem(reading, settings)]];
	throw new NodeOperationError(context.getNode(), 'There is no task to show yet', {
		description:
			'Create one with the node "CometAPI Video", Video > Generate, then test again. Check Watch and the filters.',
	});
}

/**
 * One task that cannot be read stops nothing; when none can, it is the watch that is broken.
 * @throws CometApiVideoError
 */
function assertSomethingWasRead({ readings, failures }: Looks, memory: WatchMemory, isByHand: boolean): void {
	if (readings.length > 0 || failures.length === 0) {
		if (failures.length === 0) memory.failedPolls = 0;
		return;
	}
	const [first] = failures;
	const isLost = failures.every((failure) => !isOutage(failure));
	// A single task that CometAPI does not know says nothing about the others that may come.
	if (isLost && failures.length === 1) return;
	if (isLost && !isByHand && (mayBeTooNew(failures, memory) || !isComplaintDue(memory))) return;
	if (failures.length === 1) throw first;
	throw reworded(first, { message: `None of ${failures.length} tasks could be read. The first: ${first.message}` });
}

/** CometAPI may not know a task yet in the first seconds of its life; the next poll tells it from one that is lost. */
function mayBeTooNew(failures: Looks['failures'], { unknownTasks }: WatchMemory): boolean {
	return failures.some(({ details }) => unknownTasks.get(String(details.taskId))?.times === 1);
}

function isOutage(error: unknown): boolean {
	return error instanceof RequestError && error.kind !== 'refused';
}

/** Whether a poll that read nothing passes in silence. */
function isToBeBorne(error: unknown, memory: WatchMemory): boolean {
	if (!isOutage(error)) return false;
	memory.failedPolls += 1;
	return memory.failedPolls < POLLS_UNTIL_COMPLAINT || !isComplaintDue(memory);
}

/** Once an hour. */
function isComplaintDue(memory: WatchMemory): boolean {
	if (clock.now() - memory.lastComplaintAt < COMPLAINT_GAP_MS) return false;
	memory.lastComplaintAt = clock.now();
	return true;
}

/** One task that cannot be read must not go unnoticed for ever. */
function logFailures(context: IPollFunctions, { failures }: Looks): void {
	for (const failure of failures) {
		if (!isOutage(failure))
			context.logger.warn(`Task ${failure.details.taskId ?? ''} could not be read: ${failure.message}`);
	}
}

/** n8n has started, or has taken over from another n8n. */
function isRestart(context: IPollFunctions): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

function readSettings(context: IPollFunctions): WatchSettings {
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const { providers } = filters;
	return {
		watch: context.getNodeParameter('watch') as string,
		triggerOn: context.getNodeParameter('triggerOn', 'both') as WatchSettings['triggerOn'],
		includeRaw: context.getNodeParameter('simplify', true) === false,
		filters: {
			providers: Array.isArray(providers) ? (providers as string[]) : [],
			model: String(filters.model ?? '').trim(),
			action: String(filters.action ?? '').trim(),
		},
		options: context.getNodeParameter('options', {}) as IDataObject,
	};
}
