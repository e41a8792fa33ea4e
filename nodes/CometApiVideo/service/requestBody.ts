/**
 * The body of a create as it travels. The bytes of pictures, videos and sounds are never copied for it as a whole: they go out
 * piece by piece, from the one `Blob` that all items of a run share.
 */
import { randomUUID } from 'crypto';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { getAtPath, setAtPath } from '../task/jsonPath';
import type { CreateRequest, MediaPart } from '../task/types';
import { JSON_HEADERS } from './http';

export interface EncodedBody {
	body: IHttpRequestOptions['body'];
	headers?: Readonly<Record<string, string>>;
}

/** Good for one request. @throws what reading a medium throws */
export async function encodeBody(request: CreateRequest): Promise<EncodedBody> {
	return request.encoding === 'json' ? await encodeJson(request) : { body: await encodeForm(request) };
}

async function encodeForm({ body, media }: CreateRequest): Promise<IHttpRequestOptions['body']> {
	const form = new FormData();
	for (const [name, value] of Object.entries(body)) form.append(name, formText(value));
	for (const part of media) {
		if (part.encoding === 'file') {
			const { fileName, mimeType } = part.value;
			const bytes = await part.value.read();
			// A Blob made of another shares its memory.
			form.append(part.field, new Blob([bytes], { type: mimeType }), fileName);
		} else {
			form.append(part.field, await toText(part));
		}
	}
	return form;
}

function formText(value: IDataObject[string]): string {
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A medium as the text of a field: its link, a `data:` URI or bare base64. */
async function toText(part: MediaPart): Promise<string> {
	if (part.encoding === 'url') return part.value.url ?? '';
	const base64 = Buffer.from(await (await part.value.read()).arrayBuffer()).toString('base64');
	return `${dataPrefix(part)}${base64}`;
}

function dataPrefix({ encoding, value }: MediaPart): string {
	return encoding === 'dataUri' ? `data:${value.mimeType};base64,` : '';
}

async function encodeJson({ body, media }: CreateRequest): Promise<EncodedBody> {
	const json = structuredClone(body);
	const blobs: Blob[] = [];
	// Stands for the base64 text that is written only when it is sent; nobody can guess it, so no field can hold it.
	const mark = `${randomUUID()}:`;
	for (const part of media) {
		let text = part.value.url ?? '';
		if (part.encoding !== 'url') {
			text = `${dataPrefix(part)}${mark}${blobs.length}${mark}`;
			blobs.push(await part.value.read());
		}
		const isRepeated = media.filter(({ field }) => field === part.field).length > 1;
		const known = getAtPath(json, part.field) as string[] | undefined;
		setAtPath(json, part.field, isRepeated ? [...(known ?? []), text] : text);
	}
	const text = JSON.stringify(json);
	if (blobs.length === 0) return { body: text, headers: JSON_HEADERS };
	const pieces = text.split(mark).map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : blobAt(blobs, piece)));
	return { body: streamedBody(pieces), headers: JSON_HEADERS };
}

function blobAt(blobs: readonly Blob[], index: string): Blob {
	const blob = blobs[Number(index)];
	if (!blob) throw new RangeError(`There is no medium ${index}`);
	return blob;
}

/**
 * A body of known length that comes into being while it is sent. n8n's HTTP library takes a `Blob` by its `size`, `type` and
 * `stream`; n8n itself takes an object without members of its own for an empty body, so these are its own.
 * @param pieces as they are, or a Blob as base64
 */
function streamedBody(pieces: ReadonlyArray<Buffer | Blob>): IHttpRequestOptions['body'] {
	const lengths = pieces.map((piece) => (piece instanceof Blob ? 4 * Math.ceil(piece.size / 3) : piece.length));
	const size = lengths.reduce((sum, length) => sum + length, 0);
	const blob = new Blob([], { type: JSON_HEADERS['Content-Type'] });
	return Object.defineProperties(blob, {
		size: { value: size, enumerable: true },
		stream: { value: () => encoded(pieces), enumerable: true },
	});
}

async function* encoded(pieces: ReadonlyArray<Buffer | Blob>): AsyncGenerator<Buffer> {
	for (const piece of pieces) {
		if (piece instanceof Blob) yield* toBase64(piece);
		else yield piece;
	}
}

/** Three bytes make four characters, so what is left over goes to the next piece. */
async function* toBase64(blob: Blob): AsyncGenerator<Buffer> {
	let rest = Buffer.alloc(0);
	for await (const chunk of blob.stream()) {
		const bytes = Buffer.concat([rest, chunk]);
		const end = bytes.length - (bytes.length % 3);
		if (end > 0) yield Buffer.from(bytes.toString('base64', 0, end), 'latin1');
		rest = bytes.subarray(end);
	}
	if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
}
