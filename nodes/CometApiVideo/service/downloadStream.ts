/** The bytes of a file on their way into n8n: watched for silence and for their pace, their errors told from the store's. */
import type { Clock } from '../task/clock';
import { FETCH_LATER, FailedDownload, toFailedDownload } from './downloadFailure';
import { asText } from '../task/asText';

export type ReadableStream = import('stream').Readable;

export interface FileResponse {
	statusCode: number;
	/** Empty if the server does not say. */
	contentType: string;
	/** Bytes that the server announces; of packed ones that is less than arrives. */
	contentLength?: number;
	location?: string;
	body: ReadableStream;
	/** Ends the request. Without effect on requests with the key, whose signal n8n replaces. */
	abort(): void;
}

/** How an HTTP response arrives from n8n's helper with `encoding: 'stream'`. */
export interface StreamedResponse {
	statusCode: number;
	headers: Record<string, unknown>;
	body: ReadableStream;
}

/** @param abort ends the request */
export function toFileResponse({ statusCode, headers, body }: StreamedResponse, abort: () => void): FileResponse {
	const isRedirect = statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string';
	if (isRedirect) body.destroy();
	const length = Number(headers['content-length']);
	return {
		statusCode,
		body,
		abort,
		contentType: asText(headers['content-type']),
		contentLength: Number.isFinite(length) ? length : undefined,
		location: isRedirect ? String(headers.location) : undefined,
	};
}

/**
 * Far below any line on which n8n is run (a quarter of the slowest mobile network's 384 kbit/s), and judged over a minute, so
 * that only a server that drips is caught: at this rate a short video of 5 MB would take eight minutes.
 */
const LEAST_BYTES_PER_SECOND = 10_000;
const PACE_WINDOW_MS = 60_000;
/** All in all ten minutes, and more for files that need them: 100 MB may take 43 minutes, the default maximum of 2 GB half a day. */
const TOTAL_MS = 10 * 60_000;
const TOTAL_BYTES_PER_SECOND = 50_000;
/**
 * What a gap between two chunks counts at most. A clock jumps when a computer wakes up or its time is set, and one jump says
 * nothing about the server; a silence that is real has a limit of its own.
 */
const MAX_COUNTED_GAP_MS = 10_000;

/** Judges the pace of a transfer by the time that was spent waiting for the server. */
class Pace {
	private windowMs = 0;

	private windowBytes = 0;

	private totalMs = 0;

	private totalBytes = 0;

	/** @param waitedMs for a chunk of `bytes` bytes @throws FailedDownload of the kind `slow` */
	add(waitedMs: number, bytes: number): void {
		const counted = Math.min(Math.max(waitedMs, 0), MAX_COUNTED_GAP_MS);
		this.windowMs += counted;
		this.totalMs += counted;
		this.windowBytes += bytes;
		this.totalBytes += bytes;
		const allowedMs = TOTAL_MS + (this.totalBytes / TOTAL_BYTES_PER_SECOND) * 1000;
		if (this.totalMs > allowedMs) throw tooSlow(this.totalBytes, this.totalMs);
		if (this.windowMs < PACE_WINDOW_MS) return;
		if (this.windowBytes < (LEAST_BYTES_PER_SECOND * this.windowMs) / 1000)
			throw tooSlow(this.windowBytes, this.windowMs);
		this.windowMs = 0;
		this.windowBytes = 0;
	}
}

function tooSlow(bytes: number, milliseconds: number): FailedDownload {
	const amount = bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 1000)} kB`;
	return new FailedDownload(
		'slow',
		`The file comes too slowly: ${amount} in ${Math.round(milliseconds / 1000)} seconds`,
		'Open the link of the result in a browser, or try again later with Task > Download; the task itself is finished and need not be created again.',
	);
}

export interface TransferLimits {
	clock: Clock;
	/** Milliseconds without any data before the server counts as hung. */
	timeoutMs: number;
}

/**
 * The chunks of a body, or an error when they stop or come too slowly: neither n8n nor its HTTP library watches a body that
 * stops arriving. Destroying the stream is not enough, for a read that is under way would never end.
 * @throws FailedDownload
 */
export async function* withLimits(
	{ body, abort }: Pick<FileResponse, 'body' | 'abort'>,
	{ clock, timeoutMs }: TransferLimits,
): AsyncGenerator<Buffer> {
	const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
	const pace = new Pace();
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
			const askedAt = clock.now();
			const read = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
				rejectRead = reject;
				chunks.next().then(resolve, reject);
			});
			rejectRead = undefined;
			if (read.done) return;
			pace.add(clock.now() - askedAt, read.value.length);
			count += 1;
			yield read.value;
		}
	} finally {
		isOver = true;
		abort();
		body.destroy();
	}
}

function stalled(timeoutMs: number): FailedDownload {
	return new FailedDownload(
		'fault',
		`The download of the file stopped: no data for ${timeoutMs / 1000} seconds`,
		FETCH_LATER,
	);
}

/** The first chunk and the rest; tells an error of the transfer from one of n8n's store, which wraps it. */
export async function* noticingErrors(first: Buffer, rest: AsyncGenerator<Buffer>, onError: (error: unknown) => void) {
	let isComplete = false;
	try {
		yield first;
		for (;;) {
			const read = await rest.next().catch((error: unknown) => {
				onError(error);
				throw toFailedDownload(error);
			});
			if (read.done) break;
			yield read.value;
		}
		isComplete = true;
	} finally {
		if (!isComplete) await rest.return(undefined);
	}
}

/**
 * A stream for n8n's store. `stream` is no module for community nodes, so its class is taken from the response, which is one.
 */
export function toStream(body: ReadableStream, chunks: AsyncGenerator<Buffer>): ReadableStream {
	let prototype = Object.getPrototypeOf(body) as { constructor: { name: string } };
	while (prototype.constructor.name !== 'Readable') {
		prototype = Object.getPrototypeOf(prototype) as typeof prototype;
	}
	const { from } = prototype.constructor as unknown as {
		from(iterable: AsyncIterable<Buffer>, options: { objectMode: boolean }): ReadableStream;
	};
	return from(chunks, { objectMode: false });
}
