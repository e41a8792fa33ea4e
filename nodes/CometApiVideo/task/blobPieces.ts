/** Bytes as a Blob of small pieces. One that is made in one piece is copied as a whole each time it is sent. */

const PIECE_BYTES = 64 * 1024;
/** Network chunks are copied into a Blob when this much has come, so that they are not all in memory beside it. */
const BATCH_BYTES = 1024 * 1024;

/** @param onSize is told the bytes so far and may throw */
export async function collectBlob(
	chunks: AsyncIterable<Uint8Array>,
	onSize: (bytes: number) => void = () => {},
): Promise<Blob> {
	const batches: Blob[] = [];
	let batch: Uint8Array[] = [];
	let batchBytes = 0;
	let total = 0;
	for await (const chunk of chunks) {
		total += chunk.length;
		onSize(total);
		batch.push(...piecesOf(chunk));
		batchBytes += chunk.length;
		if (batchBytes < BATCH_BYTES) continue;
		batches.push(new Blob(batch));
		batch = [];
		batchBytes = 0;
	}
	return new Blob([...batches, ...batch]);
}

export function toBlob(bytes: Uint8Array): Blob {
	return new Blob(piecesOf(bytes));
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
	const count = Math.ceil(bytes.length / PIECE_BYTES);
	return Array.from({ length: count }, (_, index) => bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES));
}
