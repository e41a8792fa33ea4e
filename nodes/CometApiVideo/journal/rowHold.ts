/**
 * Whose turn it is to hand a recorded task over. A node that waits for the task holds its row until a time, and moves the time on as long
 * as it lives; whoever watches the table leaves held rows alone. When the node has died, the time comes, and the task is
 * anybody's.
 */
import type { DataTableRow } from './dataTables';
import { readTableTime } from './tableTime';
import type { ColumnNames } from './taskJournal';

export const HOLD_COLUMN = 'heldUntil';

/** Longer than the gap between two looks, a pause that CometAPI asks for, or most downloads. */
const HOLD_MS = 10 * 60_000;
/** How old a hold may become before it is renewed. */
export const RENEW_AFTER_MS = 3 * 60_000;

/** Whoever waits asleep cannot renew a hold, so one may last as long as a wait; a longer one comes from a clock that is wrong. */
const LONGEST_HOLD_MS = 7 * 24 * 60 * 60_000;

/** @param now milliseconds since 1970 @returns ISO 8601, for the column */
export function holdFrom(now: number): string {
	return new Date(now + HOLD_MS).toISOString();
}

/** A hold that nobody renews. @param until, now milliseconds since 1970 */
export function holdUntil(until: number, now: number): string {
	return new Date(Math.min(until, now + LONGEST_HOLD_MS)).toISOString();
}

/** @param now milliseconds since 1970 */
export function isHeld(row: DataTableRow, names: ColumnNames, now: number): boolean {
	const until = readTableTime(row[names[HOLD_COLUMN] ?? HOLD_COLUMN]);
	return until !== undefined && until > now && until <= now + LONGEST_HOLD_MS;
}
