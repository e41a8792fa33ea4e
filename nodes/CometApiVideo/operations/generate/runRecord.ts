/**
 * How Video > Generate records the tasks of a run. "All Tasks" is a history: no table, no create, and each write is waited for.
 * "Unfinished Tasks" is a safety net beside the run: a row is there from the create until its result was handed over, and a table that
 * is slow, broken or not there holds up no video.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { readChosenTable } from '../../journal/chosenTable';
import { HOLD_COLUMN, RENEW_AFTER_MS, holdFrom, holdUntil } from '../../journal/rowHold';
import { PENDING, openOrCreateJournal } from '../../journal/taskJournal';
import type { TaskEntry, TaskJournal } from '../../journal/taskJournal';
import { hasDataTables } from '../../journal/tablesOfThisN8n';
import { asText } from '../../task/asText';
import { clock, withinTime } from '../../task/clock';
import { InvalidInputError, toCometApiVideoError } from '../../task/errors';
import { showValue } from '../../task/shownText';
import type { VideoTask } from '../../task/types';

/** At most one write of live states in so much time. */
const LIVE_GAP_MS = 30_000;
/** How long the end of a run waits for a table that only is a safety net: until it has been tried twice to open it. */
const CLOSE_WAIT_MS = 25_000;
/** Before what did not succeed is tried again. */
const PAUSE_MS = 1000;

interface RecordedTask {
	/** Columns that are known with the create. */
	created: IDataObject;
	/** An earlier try of the run has written the row. */
	hasRow: boolean;
	/** The run waits for the task, so that nobody else is to hand it over. */
	isAwaited: boolean;
	/** Called when the row is there. */
	onRecorded(): void;
}

/** The record of one task. */
export interface TaskRecord {
	/** What to tell the user with the task. */
	readonly warning?: string;
	/** The task exists. */
	begin(rawStatus: string): Promise<void>;
	/** The task was looked at. */
	see(task: VideoTask): void;
	/** The task has ended; gives what to tell the user. @param json its output row */
	end(json: IDataObject): Promise<string | undefined>;
}

/** For who goes on with the run asleep. Plain data. */
export interface RecordPlace {
	/** As in the panel. */
	hasKey: boolean;
	tableId: string;
	/** Which rows stay when their tasks have ended. */
	keeps: 'none' | 'all';
}

export interface RunRecord {
	/** Undefined as long as the table could not be opened. */
	readonly place: RecordPlace | undefined;
	open(taskId: string, task: RecordedTask): TaskRecord;
	/** The last thing of a run. @param outcome whether its rows go out */
	close(outcome: 'handedOver' | 'failed' | 'stopped'): Promise<void>;
	/**
	 * The run goes on asleep, and its rows are closed there. Until then nobody else is to hand them over.
	 * @param until milliseconds since 1970
	 */
	leaveTo(until: number): Promise<void>;
}

/** @throws InvalidInputError, RequestError when all tasks shall be recorded and cannot be: better now than after paying */
export async function openRunRecord(context: IExecuteFunctions): Promise<RunRecord | undefined> {
	const wanted: unknown = context.getNodeParameter('recordTasks', 0, 'unfinished');
	if (wanted === 'off') return undefined;
	if (wanted === 'all') return createRunRecord(context, await openJournal(context), undefined);
	if (wanted === 'unfinished' || wanted === 'unfinishedElsewhere')
		return openSafetyNet(context, wanted === 'unfinishedElsewhere');
	throw new InvalidInputError(`Record Tasks cannot be ${showValue(wanted)}`, 'Choose one from the list.');
}

interface Opened {
	journal: TaskJournal;
	hasKey: boolean;
}

async function openJournal(context: IExecuteFunctions): Promise<Opened> {
	const { tables, locator, hasKey } = await readChosenTable(context);
	return { journal: await openOrCreateJournal(tables, locator, context.getExecutionCancelSignal()), hasKey };
}

/**
 * An n8n that has no Data Tables, or runs no sub-workflow, is no reason to say anything.
 * @param isChosen whether the user has named the table
 */
function openSafetyNet(context: IExecuteFunctions, isChosen: boolean): RunRecord | undefined {
	if (!isChosen && !hasDataTables(context)) return undefined;
	const say = (problem: string) => {
		context.logger.warn(problem);
		context.addExecutionHints?.({ message: problem, type: 'warning', location: 'outputPane' });
	};
	const signal = context.getExecutionCancelSignal();
	const opened = tryTwice(async () => await openJournal(context), signal).catch((error: unknown) => {
		const { message, advice } = toCometApiVideoError(error);
		const problem = `The tasks are not recorded; their videos are not affected. ${message}. ${advice}`;
		// What n8n does not let a node do, nobody has asked for; a table that is there, or was chosen, should have worked.
		if (isChosen || error instanceof InvalidInputError) say(problem);
		else context.logger.debug(problem);
		return undefined;
	});
	return createRunRecord(context, opened, say);
}

/** Beside the run, where there is time for it. n8n that is busy or has just begun may take long to answer. */
async function tryTwice<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
	return await work().catch(async () => {
		await clock.sleep(PAUSE_MS, signal);
		return await work();
	});
}

/** One task and what the table does not know of it yet. */
interface Entry {
	taskId: string;
	task: RecordedTask;
	/** Its writes, one after the other. */
	writes: Promise<unknown>;
	hasBegun: boolean;
	/** What the row says by now, and since when it is held; milliseconds since 1970. */
	shown: { rawStatus?: string; progress?: number | null; heldSince: number };
	seen?: VideoTask;
	end?: string;
}

/** @param say absent: all tasks are recorded, and what goes wrong is told with each */
function createRunRecord(
	context: IExecuteFunctions,
	opening: Opened | Promise<Opened | undefined>,
	say: ((problem: string) => void) | undefined,
): RunRecord {
	const entries = new Map<string, Entry>();
	const signal = context.getExecutionCancelSignal();
	let place: RecordPlace | undefined;
	const ready = Promise.resolve(opening).then((opened) => {
		if (opened) place = { hasKey: opened.hasKey, tableId: opened.journal.table.id, keeps: say ? 'none' : 'all' };
		return opened?.journal;
	});
	let lastLive = clock.now();
	let isWritingLive = false;
	let live: Promise<void> = Promise.resolve();
	let hasComplained = false;
	let isLeft = false;
	const complain = (problem: string) => {
		if (hasComplained) return;
		hasComplained = true;
		say?.(problem);
	};
	const holdNow = ({ task }: Entry) => (task.isAwaited ? { [HOLD_COLUMN]: holdFrom(clock.now()) } : {});

	const writeLive = async (changed: readonly Entry[]) => {
		const journal = await ready;
		if (!journal || changed.length === 0) return;
		const news = changed.map((entry) => ({
			taskId: entry.taskId,
			known: { ...liveColumns(entry), ...holdNow(entry) },
		}));
		await journal.update(news);
		for (const entry of changed) entry.shown = { ...liveColumns(entry), heldSince: clock.now() };
	};

	const showLive = () => {
		const now = clock.now();
		if (isWritingLive || Math.abs(now - lastLive) < LIVE_GAP_MS || signal?.aborted) return;
		const changed = [...entries.values()].filter((entry) => entry.hasBegun && isToBeWritten(entry, say !== undefined));
		if (changed.length === 0) return;
		lastLive = now;
		isWritingLive = true;
		live = writeLive(changed)
			// The next look tries again.
			.catch(() => undefined)
			.finally(() => {
				isWritingLive = false;
			});
	};

	const openEntry = (taskId: string, task: RecordedTask): TaskRecord => {
		const entry: Entry = { taskId, task, writes: ready, hasBegun: false, shown: { heldSince: clock.now() } };
		entries.set(taskId, entry);
		let row: TaskEntry | undefined;
		let warning: string | undefined;
		const write = async (known: IDataObject) => {
			const journal = await ready;
			if (!journal) return;
			row ??= journal.entryOfTask(taskId, task.created, task.hasRow);
			warning = await row.write(known);
			entry.hasBegun ||= warning === undefined;
			if (warning === undefined) task.onRecorded();
			else complain(warning);
		};
		const inTurn = async (known: IDataObject) => {
			const written = entry.writes.then(async () => await write(known));
			entry.writes = written;
			await written;
		};
		return {
			get warning() {
				return say ? undefined : warning;
			},
			async begin(rawStatus) {
				entry.shown = { rawStatus, heldSince: clock.now() };
				// A row of an earlier try may have been closed since, and is not opened again.
				const known = task.hasRow ? holdNow(entry) : { status: PENDING, rawStatus, ...holdNow(entry) };
				if (Object.keys(known).length === 0) return;
				const begun = inTurn(known);
				if (!say) await begun;
			},
			see(seen) {
				entry.seen = seen;
				showLive();
			},
			async end(json) {
				entry.end = asText(json.status);
				if (say) return undefined;
				await inTurn({ ...json, [HOLD_COLUMN]: null });
				return warning;
			},
		};
	};

	/** A hold of a live state that is still on its way must not come last. */
	const settled = async () => {
		await Promise.all([live, ...[...entries.values()].map(async ({ writes }) => await writes)]);
		return [...entries.values()].filter(({ hasBegun }) => hasBegun);
	};

	return {
		get place() {
			return place;
		},
		open: openEntry,
		async leaveTo(until) {
			isLeft = true;
			const holdAll = async () => {
				const begun = await settled();
				const journal = await ready;
				if (!journal) return;
				if (say) await journal.remove(begun.filter(({ end }) => end === 'failed').map(({ taskId }) => taskId));
				const known = { [HOLD_COLUMN]: holdUntil(until, clock.now()) };
				const held = begun.filter(({ task, end }) => task.isAwaited && end !== 'failed');
				// Nobody renews these holds.
				await tryTwice(async () => await journal.update(held.map(({ taskId }) => ({ taskId, known }))), signal);
			};
			const holding = holdAll().catch((error: unknown) => context.logger.warn(toCometApiVideoError(error).message));
			await (say ? withinTime(holding, CLOSE_WAIT_MS, () => undefined) : holding);
		},
		async close(outcome) {
			if (isLeft) return;
			const work = async () => {
				const begun = await settled();
				const journal = await ready;
				if (!journal) return;
				const isOver = ({ end }: Entry) => (outcome === 'handedOver' ? isFinal(end) : end === 'failed');
				if (say) await journal.remove(begun.filter(isOver).map(({ taskId }) => taskId));
				// After an error n8n may try again, and then the run goes on with its tasks.
				if (outcome === 'failed') return;
				const left = begun.filter((entry) => !isFinal(entry.end) && entry.task.isAwaited);
				await journal.update(left.map(({ taskId }) => ({ taskId, known: { [HOLD_COLUMN]: null } })));
			};
			const closing = work().catch((error: unknown) => {
				complain(`Rows of finished tasks could not be removed: ${toCometApiVideoError(error).message}`);
			});
			if (outcome === 'stopped') return;
			await (say ? withinTime(closing, CLOSE_WAIT_MS, () => undefined) : closing);
		},
	};
}

function isFinal(status: string | undefined): boolean {
	return status === 'succeeded' || status === 'failed';
}

function liveColumns({ seen, shown }: Entry): { rawStatus?: string; progress?: number | null } {
	if (!seen) return { rawStatus: shown.rawStatus, progress: shown.progress };
	return { rawStatus: seen.rawStatus, progress: seen.progressPercent ?? null };
}

/** A row whose end is written, or comes next, is not live any more; one that waits to be removed is still held. */
function isToBeWritten(entry: Entry, isSafetyNet: boolean): boolean {
	if (!isSafetyNet && (entry.end !== undefined || (entry.seen && entry.seen.status !== 'pending'))) return false;
	const { rawStatus, progress } = liveColumns(entry);
	const { shown, task } = entry;
	if (rawStatus !== shown.rawStatus || (progress ?? null) !== (shown.progress ?? null)) return true;
	return task.isAwaited && clock.now() - shown.heldSince >= RENEW_AFTER_MS;
}
