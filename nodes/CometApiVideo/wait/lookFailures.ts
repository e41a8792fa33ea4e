/** Which failures of a look a wait outlives. The task is paid for and goes on, so whatever may pass is waited out. */
import { RequestError, reworded } from '../task/errors';
import { isAboutAccess, isNotFound } from '../service/refusals';
import type { Watch } from './jobState';

/** A task may be unknown for some seconds after its creation (documented for CometAPI's Runway route). */
const UNKNOWN_TASK_GRACE_MS = 60_000;
/** What need not be CometAPI's own word (a proxy, a firewall) ends a wait only when it says so again and again, for a while. */
const MAX_STRANGE_REFUSALS = 5;
const STRANGE_REFUSALS_MS = 120_000;
/** Statuses with which CometAPI itself answers looks, as JSON. */
const OWN_STATUSES = [400, 401, 403, 404];
/** With a web page instead of JSON these come from something in front of CometAPI. */
const PAGE_STATUSES = [401, 403, 404];

/** The watch after a look that failed. @throws the error, if it ends the wait */
export function outlive(watch: Watch, error: unknown, now: number): Watch {
	if (!(error instanceof RequestError)) throw error;
	const { httpStatus = 0 } = error.details;
	const isOwnRefusal = error.kind === 'refused' && OWN_STATUSES.includes(httpStatus);
	const mayBeTooNew = isNotFound(error) && now - watch.startedAt < UNKNOWN_TASK_GRACE_MS;
	if (isOwnRefusal && !mayBeTooNew) throw saidToExist(error);
	const lastFailure = error;
	const isStrange =
		(error.kind === 'refused' && !isOwnRefusal) || (error.kind === 'transient' && PAGE_STATUSES.includes(httpStatus));
	if (!isStrange) return { ...watch, lastFailure, strangeRefusals: undefined };
	const { count, since } = watch.strangeRefusals ?? { count: 0, since: now };
	const strangeRefusals = { count: count + 1, since };
	if (strangeRefusals.count >= MAX_STRANGE_REFUSALS && now - since >= STRANGE_REFUSALS_MS) throw saidToExist(error);
	return { ...watch, lastFailure, strangeRefusals };
}

function saidToExist(error: RequestError): RequestError {
	if (isAboutAccess(error) && error.kind === 'refused') return error;
	return reworded(error, {
		advice: 'The task exists all the same: look at it with Task > Get before you create it again.',
	});
}
