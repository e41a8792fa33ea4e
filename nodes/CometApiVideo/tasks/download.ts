/**
 * Fetches a finished video into n8n's binary store: streamed, bounded, checked to be a video. The API key goes to
 * CometAPI's own address only; links to private networks are refused, for they come from a server's answer.
 */
import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { CREDENTIAL_TYPE, cleanServerText, networkErrorCode } from './client';
import type { Clock } from './clock';
import { DownloadError, RequestError, UnexpectedResponseError, toCometApiVideoError } from './errors';
import { detectMedia, withExtension } from './media';
import { isPrivateHost } from './origin';
import { readErrorBody } from './responses';
import type { Asset, AssetSource } from './types';

type ReadableStream = import('stream').Readable;

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

interface FileResponse {
	statusCode: number;
	contentType: string;
	location?: string;
	body: ReadableStream;
	/** Ends the request. Without effect on requests with the key, whose signal n8n replaces. */
	abort(): void;
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
	if (response.statusCode !== 200) throw await refusedDownload(response);
	const checked = checkedFile(response, kind, options);
	const first = (await checked.next()).value as Buffer;
	const mimeType = detectMedia(first)?.mimeType ?? FALLBACK_TYPES[kind];
	let transferError: unknown;
	const chunks = noticingErrors(first, checked, (error) => {
		transferError = error;
	});
	try {
		const stream = toStream(response.body, chunks);
		return await context.helpers.prepareBinaryData(
			stream,
			withExtension(options.fileName, mimeType),
			mimeType,
		);
	} catch (error) {
		throw transferError === undefined ? notStored(error) : toDownloadError(transferError);
	}
}

/** The first chunk and the rest; tells an error of the transfer from one of n8n's store, which wraps it. */
async function* noticingErrors(first: Buffer, rest: AsyncGenerator<Buffer>, onError: (error: unknown) => void) {
	let isComplete = false;
	try {
		yield first;
		for (;;) {
			const { done, value } = await rest.next().catch((error: unknown) => {
				onError(error);
				throw toDownloadError(error);
			});
			if (done) break;
			yield value;
		}
		isComplete = true;
	} finally {
		if (!isComplete) await rest.return(undefined);
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

/**
 * The chunks of a body, or an error when none comes for a while: neither n8n nor its HTTP library watches a body that
 * stops arriving. Destroying the stream is not enough, for a read that is under way would never end.
 */
async function* withStallLimit({ body, abort }: FileResponse, timeoutMs: number): AsyncGenerator<Buffer> {
	const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
	let count = 0;
	let isOver = false;
	/** Absent while the store is busy with the last chunk: its pauses are not the server's. */
	let rejectRead: ((error: Error) => void) | undefined;
	const watch = (countBefore: number, wasReading: boolean) => {
		AbortSignal.timeout(timeoutMs).addEventListener('abort', () => {
			if (isOver) return;
			const isReading = rejectRead !== undefined;
			if (wasReading && isReading && count === countBefore) rejectRead?.(stalled(timeoutMs));
			else watch(count, isReading);
		});
	};
	watch(count, true);
	try {
		for (;;) {
			const { done, value } = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
				rejectRead = reject;
				chunks.next().then(resolve, reject);
			});
			rejectRead = undefined;
			if (done) return;
			count += 1;
			yield value;
		}
	} finally {
		isOver = true;
		abort();
		body.destroy();
	}
}

function stalled(timeoutMs: number): DownloadError {
	return new DownloadError(
		`The download of the video stopped: no data for ${timeoutMs / 1000} seconds`,
		'Try again with Task > Download; the task itself is finished and need not be created again.',
		true,
	);
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
	throw new DownloadError('The link of the finished task redirects too often', 'Use the link in videoUrl in a browser.');
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

/**
 * A stream for n8n's store. `stream` is no module for community nodes, so its class is taken from the response, which is one.
 */
function toStream(body: ReadableStream, chunks: AsyncGenerator<Buffer>): ReadableStream {
	let prototype = Object.getPrototypeOf(body) as { constructor: { name: string } };
	while (prototype.constructor.name !== 'Readable') {
		prototype = Object.getPrototypeOf(prototype) as typeof prototype;
	}
	const { from } = prototype.constructor as unknown as {
		from(iterable: AsyncIterable<Buffer>, options: { objectMode: boolean }): ReadableStream;
	};
	return from(chunks, { objectMode: false });
}

async function refusedDownload({ statusCode, body }: FileResponse): Promise<DownloadError> {
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
	const said = cleanServerText(readErrorBody(jsonOrUndefined(text)).message);
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

function toDownloadError(error: unknown): DownloadError {
	if (error instanceof DownloadError) return error;
	if (error instanceof RequestError || error instanceof UnexpectedResponseError) {
		// Of the lookup; one whose answer got lost may be billed already.
		const worthRepeating = error instanceof RequestError && (error.kind === 'throttled' || error.kind === 'notSent');
		return new DownloadError(error.message, error.advice, worthRepeating, error.details);
	}
	const code = networkErrorCode(error);
	return new DownloadError(
		`The download of the video broke off (${code || toCometApiVideoError(error).message})`,
		'Try again with Task > Download; the task itself is finished and need not be created again.',
		true,
	);
}

function jsonOrUndefined(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
