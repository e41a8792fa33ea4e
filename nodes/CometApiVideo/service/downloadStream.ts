/** The bytes of a download on their way into n8n's store: watched for silence, their errors told from the store's. */
import { DownloadError, RequestError, UnexpectedResponseError, toCometApiVideoError } from '../task/errors';
import { networkErrorCode } from './networkFailures';

export type ReadableStream = import('stream').Readable;

export interface FileResponse {
	statusCode: number;
	contentType: string;
	location?: string;
	body: ReadableStream;
	/** Ends the request. Without effect on requests with the key, whose signal n8n replaces. */
	abort(): void;
}

/** The first chunk and the rest; tells an error of the transfer from one of n8n's store, which wraps it. */
export async function* noticingErrors(first: Buffer, rest: AsyncGenerator<Buffer>, onError: (error: unknown) => void) {
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

/**
 * The chunks of a body, or an error when none comes for a while: neither n8n nor its HTTP library watches a body that
 * stops arriving. Destroying the stream is not enough, for a read that is under way would never end.
 */
export async function* withStallLimit({ body, abort }: FileResponse, timeoutMs: number): AsyncGenerator<Buffer> {
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

/** Whatever ended a transfer, as one of ours. */
export function toDownloadError(error: unknown): DownloadError {
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
