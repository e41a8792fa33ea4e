/** One poll of the trigger: look, see what is news, hand it over. */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { clock } from '../task/clock';
import { InvalidInputError, RequestError, reworded, toCometApiVideoError, toNodeError } from '../task/errors';
import { toItemJson } from '../task/row';
import { openAccountSource } from './accountSource';
import { openDataTableSource } from './dataTableSource';
import {
	forgetHandOver,
	forgetOld,
	openWatchState,
	rememberHandOver,
	takeBack,
	takeNewlyFinished,
	toStored,
} from './finishedTasks';
import type { Reading, WatchState } from './finishedTasks';
import { openListedSource } from './listedSource';
import type { Looks } from './lookAtTasks';
import type { OpenTaskSource, TaskSource, WatchSettings } from './taskSource';
import { passesFilters } from './taskSource';
import { isOn, openWatchMemory, watchMemories } from './watchMemory';
import type { WatchMemory } from './watchMemory';
import { asText } from '../task/asText';

const SOURCES: Readonly<Record<string, OpenTaskSource>> = {
	account: openAccountSource,
	dataTable: openDataTableSource,
	listed: openListedSource,
};

/** A poll ends well before the next one; n8n may allow less. */
const MAX_POLL_MS = 50_000;
/** The part of a poll in which tasks are marked that the last one has handed over. */
const FIRST_MARKS_SHARE = 0.3;
/** The part of a poll in which looks begin: one that has begun may take 15 s. */
const LOOKS_SHARE = 0.7;
/** The same where tasks are marked: looks that used up all the time would leave no poll any for marks. */
const LOOKS_BEFORE_MARKS_SHARE = 0.5;
/** n8n, which is asked to mark, is given 10 s for it. */
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
	const watch = `${context.getWorkflow().id}:${context.getNode().id}`;
	const memory = openWatchMemory(watch, isByHand);
	if (isUnderWay(memory, context)) return null;
	const own = { context, since: clock.now() };
	memory.polling = own;
	// Another poll has begun since, because this one has taken so long, or because the workflow was changed: it will find the same.
	const isOvertaken = () => memory.polling !== own || watchMemories.get(watch) !== memory;
	try {
		const emitted = await poll(context, memory, { isByHand, isActivation, isOvertaken });
		contextsSeen.add(context);
		return emitted.length > 0 ? [emitted] : null;
	} catch (error) {
		if (!isByHand && isToBeBorne(error, memory)) return null;
		throw toNodeError(context.getNode(), error);
	} finally {
		if (memory.polling === own) memory.polling = undefined;
	}
}

function isUnderWay(memory: WatchMemory, context: IPollFunctions): boolean {
	const { polling } = memory;
	if (polling?.context !== context) return false;
	// A clock that was set back begins the time anew.
	polling.since = Math.min(polling.since, clock.now());
	return clock.now() - polling.since < MAX_OVERLAP_MS;
}

interface PollOccasion {
	/** A person has just switched the workflow on. */
	isByHand: boolean;
	isActivation: boolean;
	/** Whether another poll has taken this one's place, so that it must hand over nothing. */
	isOvertaken(): boolean;
}

async function poll(
	context: IPollFunctions,
	memory: WatchMemory,
	{ isByHand, isActivation, isOvertaken }: PollOccasion,
): Promise<INodeExecutionData[]> {
	const budgetMs = Math.min(context.getPollBudgetMs?.() ?? MAX_POLL_MS, MAX_POLL_MS);
	const began = clock.now();
	const settings = readSettings(context);
	const source = await openSource(context, settings, isByHand);
	const { marks } = source;
	if (isByHand) await source.check?.();
	const stored = context.getWorkflowStaticData('node');
	const { state: opened, isNew } = openWatchState(stored, source.watched, isByHand && !marks);
	const isAfterRestart = isActivation && isRestart(context) && !isNew;
	const cutOff = isAfterRestart ? await marks?.findCutOff(opened.handedOver) : undefined;
	const known = takeBack(opened, cutOff ?? []);

	const toMarkFirst = forgetDropped(memory, known);
	const marked = await markFinished(context, source, memory, toMarkFirst, began + budgetMs * FIRST_MARKS_SHARE);
	const until = began + budgetMs * (marks ? LOOKS_BEFORE_MARKS_SHARE : LOOKS_SHARE);
	const sight = await source.look({ state: known, memory, isFirstLook: isNew, until });
	assertSomethingWasRead(sight, memory, isByHand);
	logFailures(context, sight);
	if (isByHand && marks) {
		// What is finished already is left to the first poll of the workflow, which n8n starts once it has published it.
		memory.sweep = undefined;
		saveState(stored, known);
		return [];
	}

	const { state: taken, news } = takeNewlyFinished(known, sight.readings);
	const emitted = news.filter((reading) => isWanted(reading, settings));
	const others = sight.readings.filter((reading) => isOver(reading, settings) && !emitted.includes(reading));
	const markedToo = await markFinished(context, source, memory, others, began + budgetMs * MARKS_SHARE);
	if (isOvertaken()) return [];
	const keys = marks ? emitted.map(({ key }) => key) : [];
	if (marks) for (const reading of emitted) memory.unmarked.set(reading.key, reading);
	const remembered = forgetHandOver(forgetOld(taken, sight.forgettable), [...marked, ...markedToo]);
	saveState(stored, {
		...rememberHandOver(remembered, keys, Math.floor(clock.now() / 1000)),
		newestSubmission: sight.newestSubmission ?? remembered.newestSubmission,
		lists: [...new Set([...remembered.lists, ...source.lists])],
	});
	return emitted.map((reading) => toItem(reading, settings));
}

/** Tasks that this state has handed over and that are not marked. n8n has dropped what it does not know: that is news again. */
function forgetDropped({ unmarked }: WatchMemory, { done }: WatchState): Reading[] {
	for (const key of unmarked.keys()) if (!done.has(key)) unmarked.delete(key);
	return [...unmarked.values()];
}

async function openSource(context: IPollFunctions, settings: WatchSettings, isByHand: boolean): Promise<TaskSource> {
	const open = Object.hasOwn(SOURCES, settings.watch) ? SOURCES[settings.watch] : undefined;
	if (open) return await open(context, settings, isByHand);
	throw new InvalidInputError(`Watch cannot be "${settings.watch}"`, 'Choose what to watch from the list.');
}

/** Whole keys: n8n notices only these as a change. */
function saveState(stored: IDataObject, state: WatchState): void {
	Object.assign(stored, toStored(state));
}

/**
 * Marking is repeated by the next poll where it does not succeed, so it stops no workflow.
 * @returns keys of the tasks that are marked
 */
async function markFinished(
	context: IPollFunctions,
	{ marks }: TaskSource,
	{ unmarked }: WatchMemory,
	readings: readonly Reading[],
	until: number,
): Promise<string[]> {
	if (!marks || readings.length === 0) return [];
	const { marked, failure } = await marks.markFinished(readings, until);
	if (failure) context.logger.warn(`Finished tasks are not marked yet: ${toCometApiVideoError(failure).message}`);
	for (const key of marked) unmarked.delete(key);
	return marked;
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

function toItem(
	{ task, known, failureReason, rows: [row] = [] }: Reading,
	{ includeRaw }: WatchSettings,
): INodeExecutionData {
	return {
		json: { ...toItemJson(task, { ...known, ref: task.ref, failureReason, includeRaw }), ...(row ? { row } : {}) },
	};
}

/** A real task, so that the next nodes can be set up with it; nothing is remembered of it. */
async function readSample(context: IPollFunctions): Promise<INodeExecutionData[][]> {
	const settings = readSettings(context);
	const source = await openSource(context, settings, false);
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
	const [first] = failures;
	if (readings.length > 0 || !first) {
		if (!first) memory.failedPolls = 0;
		return;
	}
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
	if (isOn(memory.silence, clock.now())) return false;
	memory.silence = { since: clock.now(), lengthMs: COMPLAINT_GAP_MS };
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
			model: asText(filters.model).trim(),
			action: asText(filters.action).trim(),
		},
		options: context.getNodeParameter('options', {}) as IDataObject,
	};
}
