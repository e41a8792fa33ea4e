/** Fetches what a user's link leads to, before anything is paid: bounded in size and time, and Stop is heard. */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { FailedDownload } from '../../service/downloadFailure';
import { toFileResponse, withLimits } from '../../service/downloadStream';
import type { StreamedResponse } from '../../service/downloadStream';
import { networkErrorCode } from '../../service/networkFailures';
import { collectBlob } from '../../task/blobPieces';
import { clock } from '../../task/clock';
import { CanceledError, InvalidInputError, cleanServerText } from '../../task/errors';
import { shownLink } from '../../task/shownLink';
import { untilStopped } from '../items/untilStopped';

/** Without any answer, or any data. */
const SILENCE_MS = 60_000;

/** @param label of the field, for messages @throws InvalidInputError; CanceledError after Stop */
export async function fetchMedia(
	context: IExecuteFunctions,
	url: string,
	label: string,
	maxBytes: number,
): Promise<Blob> {
	const cancel = context.getExecutionCancelSignal();
	// n8n's helper does not hear Stop while it looks up an address or connects.
	return await untilStopped(context, fetchOnce(context, url, label, maxBytes)).catch((error: unknown) => {
		if (cancel?.aborted) throw new CanceledError(`Fetching ${label} was canceled`, 'Nothing was created.');
		throw error instanceof InvalidInputError ? error : notFetched(label, url, error);
	});
}

async function fetchOnce(context: IExecuteFunctions, url: string, label: string, maxBytes: number): Promise<Blob> {
	const controller = new AbortController();
	const cancel = context.getExecutionCancelSignal();
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: SILENCE_MS,
		abortSignal: cancel ? AbortSignal.any([cancel, controller.signal]) : controller.signal,
	};
	const streamed = (await context.helpers.httpRequest(options)) as StreamedResponse;
	const response = toFileResponse(streamed, () => controller.abort());
	const { statusCode, contentLength = 0, body } = response;
	if (statusCode !== 200 || contentLength > maxBytes) {
		response.abort();
		body.destroy();
		if (statusCode === 200) throw tooLarge(label, maxBytes);
		throw new InvalidInputError(
			`${label} could not be fetched from ${shownLink(url)} (HTTP ${statusCode})`,
			'Open the link in a private browser window: it must give the file itself, without a login.',
		);
	}
	return await collectBlob(withLimits(response, { clock, timeoutMs: SILENCE_MS }), (bytes) => {
		if (bytes > maxBytes) throw tooLarge(label, maxBytes);
	});
}

export function tooLarge(label: string, maxBytes: number): InvalidInputError {
	return new InvalidInputError(`${label} is larger than ${maxBytes / 1e6} MB`, 'Use a smaller file.');
}

function notFetched(label: string, url: string, error: unknown): InvalidInputError {
	const isSlow = error instanceof FailedDownload;
	const cause = networkErrorCode(error) || cleanServerText((error as Error).message);
	return new InvalidInputError(
		`${label} could not be fetched from ${shownLink(url)} (${cause})`,
		isSlow
			? 'Put the file where it can be fetched faster, or set the source to Input Data Field.'
			: 'Check the link, and whether n8n can reach that address.',
	);
}
