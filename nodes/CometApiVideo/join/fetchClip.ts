/**
 * Fetches a clip by its link into n8n's binary store, where both passes read it. No key goes along, and addresses of private
 * networks are refused: links often come from the answer of a server or from a form.
 */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { streamRequest } from '../service/fileRequest';
import { toFileResponse, toStream, withLimits } from '../service/downloadStream';
import type { FileResponse, StreamedResponse } from '../service/downloadStream';
import { joiningCanceled } from './joinClips';
import { isPrivateHost } from '../service/origin';
import { networkErrorCode } from '../service/networkFailures';
import { clock } from '../task/clock';
import { InvalidInputError, cleanServerText, toCometApiVideoError } from '../task/errors';
import { shownLink } from '../task/shownLink';

const STALL_MS = 60_000;
const MAX_REDIRECTS = 5;

export interface ClipLink {
	/** For messages, e.g. "Clip 2". */
	label: string;
	url: string;
	maxBytes: number;
}

/** @throws InvalidInputError, CanceledError after Stop */
export async function fetchClip(context: IExecuteFunctions, link: ClipLink): Promise<IBinaryData> {
	const signal = context.getExecutionCancelSignal();
	let problem: unknown;
	const noticing = async function* (response: FileResponse) {
		try {
			yield* bounded(response, link);
		} catch (error) {
			problem = error;
			throw toCometApiVideoError(error);
		}
	};
	try {
		const response = await open(context, link);
		const { pathname } = new URL(link.url);
		const fileName = pathname.split('/').pop() || 'clip.mp4';
		return await context.helpers.prepareBinaryData(toStream(response.body, noticing(response)), fileName, 'video/mp4');
	} catch (error) {
		// n8n's store wraps what ended the transfer.
		throw signal?.aborted ? joiningCanceled() : toInputError(link, problem ?? error);
	}
}

async function* bounded(response: FileResponse, { label, maxBytes }: ClipLink) {
	let total = 0;
	for await (const chunk of withLimits(response, { clock, timeoutMs: STALL_MS })) {
		total += chunk.length;
		if (total > maxBytes) {
			throw new InvalidInputError(
				`${label} is larger than ${Math.floor(maxBytes / 1e6)} MB`,
				'Raise "Maximum File Size (MB)" in the options, or join fewer or shorter clips.',
			);
		}
		yield chunk;
	}
}

/** Follows redirects itself, so that each address is checked. */
async function open(context: IExecuteFunctions, link: ClipLink): Promise<FileResponse> {
	let url = allowedUrl(link, link.url);
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const { request, abort } = streamRequest(context, url, STALL_MS);
		const response = toFileResponse((await context.helpers.httpRequest(request)) as StreamedResponse, abort);
		if (response.statusCode === 200) return response;
		response.body.destroy();
		response.abort();
		if (response.location === undefined) {
			throw new InvalidInputError(
				`${link.label} could not be fetched from ${shownLink(url)} (HTTP ${response.statusCode})`,
				'Links to videos expire; get a fresh one with Task > Get. The link must give the file itself, without a login.',
			);
		}
		url = allowedUrl(link, response.location, url);
	}
	throw new InvalidInputError(`${link.label}: its link redirects too often`, 'Give the link to the file itself.');
}

/** @throws InvalidInputError for anything but a public web address */
function allowedUrl({ label }: ClipLink, text: string, relativeTo?: string): string {
	const url = URL.canParse(text, relativeTo) ? new URL(text, relativeTo) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new InvalidInputError(
			`${label}: "${shownLink(text)}" is not a web address`,
			'Give a link that begins with https://, or set "Clips From" to Files of the Items.',
		);
	}
	if (isPrivateHost(url.hostname)) {
		throw new InvalidInputError(
			`${label}: its link points to ${url.host}, which is not fetched`,
			'Links into private networks are refused. Fetch the file with another node, and set "Clips From" to Files of the Items.',
		);
	}
	return url.href;
}

function toInputError({ label, url }: ClipLink, error: unknown): InvalidInputError {
	if (error instanceof InvalidInputError) return error;
	const cause = networkErrorCode(error) || cleanServerText(toCometApiVideoError(error).message);
	return new InvalidInputError(
		`${label} could not be fetched from ${shownLink(url)} (${cause})`,
		'Check the link, and whether n8n can reach that address.',
	);
}
