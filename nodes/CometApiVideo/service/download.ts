/**
 * Fetches a finished video into n8n's binary store: streamed, bounded, checked to be a video. The API key goes to
 * CometAPI's own address only; links to private networks are refused, for they come from a server's answer.
 */
import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { CREDENTIAL_TYPE } from './client';
import type { Clock } from '../task/clock';
import { DownloadError, toCometApiVideoError } from '../task/errors';
import { detectMedia, withExtension } from '../task/media';
import { noticingErrors, toDownloadError, toStream, withStallLimit } from './downloadStream';
import type { FileResponse, ReadableStream } from './downloadStream';
import { isPrivateHost } from './origin';
import { readSaid } from './reader/refusal';
import { parseJson } from './replies';
import type { Asset, AssetSource } from '../task/types';

export interface DownloadOptions {
	baseUrl: string;
	fileName: string;
	maxBytes: number;
	clock: Clock;
	/** Milliseconds without a response before the server counts as hung. */
	timeoutMs: number;
	/** Finds the link of an asset that has to be looked up. */
	lookUpLink(path: string, urlPath: string): Promise<string>;
}

const TRIES_PER_SOURCE = 3;
const RETRY_DELAY_MS = 2000;
const MAX_REDIRECTS = 5;
/** Enough to recognise a file; a chunk of a stream may be smaller. */
const HEAD_BYTES = 32;
const MAX_ERROR_TEXT_BYTES = 20_000;
const FALLBACK_TYPES = { video: 'video/mp4', audio: 'audio/mpeg' } as const;

/** @throws DownloadError after every source failed, with the reason of the first one */
export async function downloadAsset(
	context: IExecuteFunctions,
	asset: Asset,
	options: DownloadOptions,
): Promise<IBinaryData> {
	let firstFailure: DownloadError | undefined;
	for (const source of asset.sources) {
		const attempt = await downloadWithRetries(context, asset.kind, source, options);
		if (!(attempt instanceof DownloadError)) return attempt;
		firstFailure ??= attempt;
	}
	throw firstFailure ?? new DownloadError('The task has no video to download', '');
}

async function downloadWithRetries(
	context: IExecuteFunctions,
	kind: Asset['kind'],
	source: AssetSource,
	options: DownloadOptions,
): Promise<IBinaryData | DownloadError> {
	const signal = context.getExecutionCancelSignal();
	let link: string | undefined;
	/** A lookup may be billed, so its link serves all tries. */
	const lookUpLink = async (path: string, urlPath: string) => (link ??= await options.lookUpLink(path, urlPath));
	for (let tries = 1; ; tries++) {
		try {
			return await downloadOnce(context, kind, source, { ...options, lookUpLink });
		} catch (error) {
			const failure = toDownloadError(error);
			if (!failure.worthRepeating || tries === TRIES_PER_SOURCE || signal?.aborted) return failure;
			await options.clock.sleep(RETRY_DELAY_MS * tries, signal);
		}
	}
}

async function downloadOnce(
	context: IExecuteFunctions,
	kind: Asset['kind'],
	source: AssetSource,
	options: DownloadOptions,
) {
	const response = await openSource(context, source, options);
	if (response.statusCode !== 200) throw await refusedDownload(response, options.timeoutMs);
	const checked = checkedFile(response, kind, options);
	const first = (await checked.next()).value as Buffer;
	const mimeType = detectMedia(first)?.mimeType ?? FALLBACK_TYPES[kind];
	let transferError: unknown;
	const chunks = noticingErrors(first, checked, (error) => {
		transferError = error;
	});
	try {
		const stream = toStream(response.body, chunks);
		return await context.helpers.prepareBinaryData(stream, withExtension(options.fileName, mimeType), mimeType);
	} catch (error) {
		throw transferError === undefined ? notStored(error) : toDownloadError(transferError);
	}
}

/** A full disk, a broken object store: repeating the download would not help. */
function notStored(error: unknown): DownloadError {
	return new DownloadError(
		`n8n could not store the file (${toCometApiVideoError(error).message})`,
		"Check n8n's disk space or binary data storage, then fetch the file with Task > Download.",
	);
}

/**
 * Passes the body on while counting it; the first chunk it yields is long enough to recognise the file by.
 * @throws DownloadError when it is of another kind, larger than allowed, or stops arriving
 */
async function* checkedFile(
	response: FileResponse,
	kind: Asset['kind'],
	{ maxBytes, timeoutMs }: DownloadOptions,
): AsyncGenerator<Buffer> {
	const { contentType } = response;
	let total = 0;
	let head: Buffer | undefined = Buffer.alloc(0);
	for await (const chunk of withStallLimit(response, timeoutMs)) {
		total += chunk.length;
		if (total > maxBytes) {
			throw new DownloadError(
				`The video is larger than ${Math.floor(maxBytes / 1e6)} MB`,
				'Raise "Maximum File Size (MB)" in the options, or use the link in videoUrl.',
			);
		}
		if (head === undefined) {
			yield chunk;
			continue;
		}
		head = Buffer.concat([head, chunk]);
		if (head.length < HEAD_BYTES) continue;
		assertKind(kind, head, contentType);
		yield head;
		head = undefined;
	}
	if (head === undefined) return;
	assertKind(kind, head, contentType);
	yield head;
}

function assertKind(kind: Asset['kind'], head: Buffer, contentType: string) {
	if (detectMedia(head)?.mimeType.startsWith(`${kind}/`)) return;
	const what = head.length === 0 ? 'an empty file' : contentType ? `"${contentType}"` : 'something else';
	throw new DownloadError(
		`The link of the finished task gives ${what} instead of ${kind === 'video' ? 'a video' : 'a sound'}`,
		'The link may have expired. Read the task again with Task > Download for a fresh one.',
	);
}

async function openSource(
	context: IExecuteFunctions,
	source: AssetSource,
	options: DownloadOptions,
): Promise<FileResponse> {
	const { baseUrl } = options;
	if (source.at === 'lookup') {
		return await openLink(context, await options.lookUpLink(source.path, source.urlPath), options);
	}
	if (source.at === 'content') {
		const response = await openWithKey(context, `${baseUrl}${source.path}`, options);
		return response.location ? await openLink(context, response.location, options) : response;
	}
	return await openLink(context, source.url, options);
}

/** Follows redirects itself: each hop is checked, and none gets the key. */
async function openLink(context: IExecuteFunctions, link: string, options: DownloadOptions): Promise<FileResponse> {
	let url = allowedUrl(link, options.baseUrl, options.baseUrl);
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const response = await openWithoutKey(context, url, options);
		if (!response.location) return response;
		url = allowedUrl(response.location, url, options.baseUrl);
	}
	throw new DownloadError(
		'The link of the finished task redirects too often',
		'Use the link in videoUrl in a browser.',
	);
}

/** @throws DownloadError for anything that a server's answer must not make n8n fetch */
function allowedUrl(link: string, relativeTo: string, baseUrl: string): string {
	const url = URL.canParse(link, relativeTo) ? new URL(link, relativeTo) : undefined;
	const isCometApiPrivate = isPrivateHost(new URL(baseUrl).hostname);
	if (!url || !/^https?:$/.test(url.protocol) || (isPrivateHost(url.hostname) && !isCometApiPrivate)) {
		throw new DownloadError(
			`The link of the finished task points to ${url?.host || 'no web address'}, which is not fetched`,
			'Links into private networks are refused. Look at videoUrl, and report it to CometAPI if it is wrong.',
		);
	}
	return url.href;
}

function streamOptions(url: string, timeout: number, abortSignal: AbortSignal): IHttpRequestOptions {
	return {
		method: 'GET',
		url,
		timeout,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		abortSignal,
	};
}

function abortable(context: IExecuteFunctions) {
	const controller = new AbortController();
	const cancel = context.getExecutionCancelSignal();
	return {
		signal: cancel ? AbortSignal.any([cancel, controller.signal]) : controller.signal,
		abort: () => controller.abort(),
	};
}

async function openWithKey(context: IExecuteFunctions, url: string, { timeoutMs }: DownloadOptions) {
	const { signal, abort } = abortable(context);
	const response = await context.helpers.httpRequestWithAuthentication.call(
		context,
		CREDENTIAL_TYPE,
		streamOptions(url, timeoutMs, signal),
	);
	return toFileResponse(response, abort);
}

async function openWithoutKey(context: IExecuteFunctions, url: string, { timeoutMs }: DownloadOptions) {
	const { signal, abort } = abortable(context);
	return toFileResponse(await context.helpers.httpRequest(streamOptions(url, timeoutMs, signal)), abort);
}

function toFileResponse(
	response: { statusCode: number; headers: Record<string, unknown>; body: ReadableStream },
	abort: () => void,
): FileResponse {
	const { statusCode, headers, body } = response;
	const isRedirect = statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string';
	if (isRedirect) body.destroy();
	return {
		statusCode,
		body,
		abort,
		contentType: String(headers['content-type'] ?? ''),
		location: isRedirect ? (headers.location as string) : undefined,
	};
}

async function refusedDownload(response: FileResponse, timeoutMs: number): Promise<DownloadError> {
	const { statusCode, body } = response;
	// A text that drips would be read for ever.
	AbortSignal.timeout(timeoutMs).addEventListener('abort', () => body.destroy());
	let text = '';
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			text += chunk.toString('utf8');
			if (text.length > MAX_ERROR_TEXT_BYTES) break;
		}
	} catch {
		text = '';
	}
	body.destroy();
	const said = readSaid(parseJson(text)).said;
	const worthRepeating = statusCode === 429 || statusCode >= 500;
	return new DownloadError(
		`The video could not be downloaded (HTTP ${statusCode})${said ? `: ${said}` : ''}`,
		statusCode === 403 || statusCode === 404 || statusCode === 410
			? 'The link may have expired: use Task > Download, which asks for a fresh one.'
			: 'Try again with Task > Download; the task itself is finished and need not be created again.',
		worthRepeating,
		{ httpStatus: statusCode },
	);
}
