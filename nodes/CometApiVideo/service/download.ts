/**
 * Fetches a finished file into n8n's binary store: streamed, bounded, checked to be what it should be. Tries each source once; when to
 * try again is decided by those who ask for it.
 */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Clock } from '../task/clock';
import { detectMedia, withExtension } from '../task/media';
import type { Asset, AssetSource } from '../task/types';
import { FETCH_LATER, FailedDownload, combinedFailure, notStored, toFailedDownload, tooLarge } from './downloadFailure';
import type { DownloadFailureKind } from './downloadFailure';
import { noticingErrors, toStream, withLimits } from './downloadStream';
import type { FileResponse } from './downloadStream';
import { openSource } from './fileRequest';
import type { FileRequestOptions } from './fileRequest';
import { readSaid } from './reader/refusal';
import { withoutSecrets } from './http';
import { parseAnswer } from './replies';

export interface DownloadOptions extends FileRequestOptions {
	fileName: string;
	maxBytes: number;
	clock: Clock;
}

const NOUNS = { video: 'video', audio: 'sound', image: 'picture' } as const;

/** Enough to recognise a file; a chunk of a stream may be smaller. */
const HEAD_BYTES = 32;
const MAX_ERROR_TEXT_BYTES = 20_000;
const MAX_ERROR_TEXT_MS = 10_000;
const FALLBACK_TYPES = { video: 'video/mp4', audio: 'audio/mpeg', image: 'image/png' } as const;

/** @throws FailedDownload after every source failed; at once if no source can help */
export async function downloadAsset(
	context: IExecuteFunctions,
	asset: Asset,
	options: DownloadOptions,
): Promise<IBinaryData> {
	const failures: FailedDownload[] = [];
	for (const source of asset.sources) {
		try {
			return await downloadFrom(context, source, asset.kind, options);
		} catch (error) {
			const failure = toFailedDownload(error);
			if (failure.kind === 'final' || context.getExecutionCancelSignal()?.aborted) throw failure;
			failures.push(failure);
		}
	}
	throw combinedFailure(failures);
}

async function downloadFrom(
	context: IExecuteFunctions,
	source: AssetSource,
	kind: Asset['kind'],
	options: DownloadOptions,
): Promise<IBinaryData> {
	if (source.at === 'url' && source.url.startsWith('data:')) {
		return await storeDataUri(context, source.url, kind, options);
	}
	const response = await openSource(context, source, options);
	if (response.statusCode !== 200) throw await refusedDownload(response, options);
	if ((response.contentLength ?? 0) > options.maxBytes) {
		response.abort();
		response.body.destroy();
		throw tooLarge(options.maxBytes);
	}
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
		throw transferError === undefined ? notStored(error) : toFailedDownload(transferError);
	}
}

/** Some gateways put a short file itself in the place of its link. */
async function storeDataUri(
	context: IExecuteFunctions,
	uri: string,
	kind: Asset['kind'],
	{ maxBytes, fileName }: DownloadOptions,
): Promise<IBinaryData> {
	const start = uri.indexOf(',') + 1;
	if (start === 0 || !uri.slice(0, start).endsWith(';base64,')) {
		throw new FailedDownload('refused', 'The link of the finished task is a data URI without base64 text', FETCH_LATER);
	}
	if (((uri.length - start) * 3) / 4 > maxBytes) throw tooLarge(maxBytes);
	const bytes = Buffer.from(uri.slice(start), 'base64');
	assertKind(kind, bytes, uri.slice('data:'.length, start - ';base64,'.length));
	const mimeType = detectMedia(bytes)?.mimeType ?? FALLBACK_TYPES[kind];
	try {
		return await context.helpers.prepareBinaryData(bytes, withExtension(fileName, mimeType), mimeType);
	} catch (error) {
		throw notStored(error);
	}
}

/**
 * Passes the body on while counting it; the first chunk it yields is long enough to recognise the file by.
 * @throws FailedDownload when it is of another kind, larger than allowed, stops arriving or comes too slowly
 */
async function* checkedFile(
	response: FileResponse,
	kind: Asset['kind'],
	options: DownloadOptions,
): AsyncGenerator<Buffer> {
	const contentType = withoutSecrets(response.contentType, options.secrets);
	let total = 0;
	let head: Buffer | undefined = Buffer.alloc(0);
	for await (const chunk of withLimits(response, options)) {
		total += chunk.length;
		if (total > options.maxBytes) throw tooLarge(options.maxBytes);
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
	const type = contentType.slice(0, 60);
	const what = head.length === 0 ? 'an empty file' : type ? `"${type}"` : 'something else';
	throw new FailedDownload(
		isText(head, contentType) ? 'missing' : 'refused',
		`The link of the finished task gives ${what} instead of a ${NOUNS[kind]}`,
		'The link may have expired. Read the task again with Task > Download for a fresh one.',
	);
}

/** Whether a server has more to say about the file than to give it: nothing at all, data or a web page. */
function isText(head: Buffer, contentType: string): boolean {
	return head.length === 0 || /json|html|xml|^text\//i.test(contentType) || /^\s*[{[<]/.test(head.toString('latin1'));
}

async function refusedDownload(
	response: FileResponse,
	{ timeoutMs, secrets }: DownloadOptions,
): Promise<FailedDownload> {
	const { statusCode, body } = response;
	// A text that drips would be read for ever.
	AbortSignal.timeout(Math.min(timeoutMs, MAX_ERROR_TEXT_MS)).addEventListener('abort', () => body.destroy());
	let text = '';
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			text += chunk.toString('utf8');
			if (text.length > MAX_ERROR_TEXT_BYTES) break;
		}
	} catch {
		text = '';
	}
	response.abort();
	body.destroy();
	const { said } = readSaid(parseAnswer(withoutSecrets(text, secrets), secrets));
	return new FailedDownload(
		kindOfStatus(statusCode),
		`The file could not be downloaded (HTTP ${statusCode})${said ? `: ${said}` : ''}`,
		statusCode === 403 || statusCode === 404 || statusCode === 410
			? 'The link may have expired: use Task > Download, which asks for a fresh one.'
			: FETCH_LATER,
		{ httpStatus: statusCode },
	);
}

/** 400, 403, 404, 409 and 425 are how gateways and their delivery networks say "not yet"; an expired link looks the same. */
function kindOfStatus(statusCode: number): DownloadFailureKind {
	if ([400, 403, 404, 409, 410, 425].includes(statusCode)) return 'missing';
	return statusCode === 408 || statusCode === 429 || statusCode >= 500 ? 'fault' : 'refused';
}
