/** A try to fetch a file that has failed: what that means for the next one, and how the user reads it. */
import { DownloadError, RequestError, UnexpectedResponseError, toCometApiVideoError } from '../task/errors';
import type { ErrorDetails } from '../task/errors';
import { networkErrorCode } from './networkFailures';

/**
 * - `missing`: the source says that there is no file, or gives something else instead; for a while after the end of a task
 *   that may only mean "not yet"
 * - `fault`: the server or the way to it has a fault that may pass
 * - `refused`: this source never gives the file; another one may
 * - `slow`: the file comes, but it would take for ever
 * - `final`: no source can help, because the file is too large or cannot be stored
 */
export type DownloadFailureKind = 'missing' | 'fault' | 'refused' | 'slow' | 'final';

export class FailedDownload extends DownloadError {
	constructor(
		readonly kind: DownloadFailureKind,
		message: string,
		advice: string,
		details: ErrorDetails = {},
	) {
		super(message, advice, details);
	}

	/** Whether the same file may be there a moment later. */
	get mayPass(): boolean {
		return this.kind === 'missing' || this.kind === 'fault';
	}
}

export const FETCH_LATER = 'Try again with Task > Download; the task itself is finished and need not be created again.';

/**
 * What the failures of all sources of one file mean together. The file is missing only if no source gives another reason
 * than faults that may pass.
 * @param failures one per source, in their order; at least one
 */
export function combinedFailure(failures: readonly FailedDownload[]): FailedDownload {
	const find = (kind: DownloadFailureKind) => failures.find((failure) => failure.kind === kind);
	const { message, advice, details } = find('slow') ?? failures[0] ?? noSource();
	return new FailedDownload(combinedKind(), message, advice, details);

	function combinedKind(): DownloadFailureKind {
		if (find('slow')) return 'slow';
		if (find('missing')) return find('refused') ? 'fault' : 'missing';
		return find('fault') ? 'fault' : 'refused';
	}
}

function noSource(): FailedDownload {
	return new FailedDownload('missing', 'The task has no file to download', '');
}

/** Whatever ended a transfer, as one of ours. */
export function toFailedDownload(error: unknown): FailedDownload {
	if (error instanceof FailedDownload) return error;
	if (error instanceof RequestError || error instanceof UnexpectedResponseError) {
		// Of the look-up; one whose answer got lost may be billed already.
		const mayPass = error instanceof RequestError && (error.kind === 'throttled' || error.kind === 'notSent');
		return new FailedDownload(mayPass ? 'fault' : 'refused', error.message, error.advice, error.details);
	}
	const cause = networkErrorCode(error) || toCometApiVideoError(error).message;
	return new FailedDownload('fault', `The download of the file broke off (${cause})`, FETCH_LATER);
}

/** @param maxBytes Maximum File Size, in bytes */
export function tooLarge(maxBytes: number): FailedDownload {
	return new FailedDownload(
		'final',
		`The file is larger than ${Math.floor(maxBytes / 1e6)} MB`,
		'Raise "Maximum File Size (MB)" in the options, or open the link of the result in a browser.',
	);
}

/** A full disk, a broken object store: no other source would help. */
export function notStored(error: unknown): FailedDownload {
	return new FailedDownload(
		'final',
		`n8n could not store the file (${toCometApiVideoError(error).message})`,
		"Check n8n's disk space or binary data storage, then fetch the file with Task > Download.",
	);
}
