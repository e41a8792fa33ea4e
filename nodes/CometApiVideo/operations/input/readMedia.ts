/** Reads the pictures, videos and sounds of an item: from links, input fields or text, each checked to be what it says. */
import { createHash } from 'crypto';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { NAMED_FILES_COLLECTION, mediaParameterNames, takesLinksOnly } from '../../description/mediaFields';
import type { MediaSource } from '../../description/mediaFields';
import type { MediaSlot, NamedMediaValue } from '../../providers/types';
import { networkErrorCode } from '../../service/networkFailures';
import { InvalidInputError, cleanServerText } from '../../task/errors';
import { assertNoForgottenExpression, assertText } from '../../task/checkText';
import { cutText, showValue } from '../../task/shownText';
import { assertNotTooMany } from '../../providers/validate';
import { detectMedia, withExtension } from '../../task/media';
import type { MediaValue } from '../../task/types';

const FETCH_TIMEOUT_MS = 60_000;
/** Links are fetched once to be checked and kept for the create; beyond this they are fetched again. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** Bytes behind links, shared by all items of a run. */
export class MediaCache {
	private readonly kept = new Map<string, Buffer>();

	private size = 0;

	async read(url: string, fetch: () => Promise<Buffer>): Promise<Buffer> {
		const known = this.kept.get(url);
		if (known) return known;
		const bytes = await fetch();
		if (this.size + bytes.length <= MAX_KEPT_BYTES) {
			this.kept.set(url, bytes);
			this.size += bytes.length;
		}
		return bytes;
	}
}

interface Origin {
	source: MediaSource;
	/** A link, the name of an input field, or the data itself. */
	text: string;
	formField?: string;
}

/** @throws InvalidInputError naming the field */
export async function readSlot(
	context: IExecuteFunctions,
	itemIndex: number,
	slot: MediaSlot,
	cache: MediaCache,
): Promise<NamedMediaValue[]> {
	const values: NamedMediaValue[] = [];
	const given = slot.isNamed ? namedOrigins(context, itemIndex, slot) : origins(context, itemIndex, slot);
	assertNotTooMany(slot, given.length);
	for (const origin of given) {
		const value = await readOrigin(context, itemIndex, slot, origin, cache);
		values.push({ ...value, formField: origin.formField });
	}
	return values;
}

function origins(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): Origin[] {
	const names = mediaParameterNames(slot.name);
	// The choice of a source may be left over from another mode.
	const source = takesLinksOnly(slot)
		? 'url'
		: (context.getNodeParameter(names.source, itemIndex, 'url') as MediaSource);
	if (source === 'none') return [];
	const name = names[source] ?? names.url;
	const given: unknown = context.getNodeParameter(name, itemIndex, '');
	assertNoForgottenExpression(
		slot.displayName,
		context.getNodeParameter(name, itemIndex, '', { rawExpressions: true }),
	);
	return toList(given, source, slot).map((text) => ({ source, text }));
}

/** Whether the panel names a file for the slot; a link, a field or data that is empty is none. */
export function isSlotFilled(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): boolean {
	return (slot.isNamed ? namedOrigins(context, itemIndex, slot) : origins(context, itemIndex, slot)).length > 0;
}

function namedOrigins(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): Origin[] {
	const collection = context.getNodeParameter(slot.name, itemIndex, {}) as IDataObject;
	assertNoForgottenExpression(
		slot.displayName,
		context.getNodeParameter(slot.name, itemIndex, {}, { rawExpressions: true }),
	);
	const rows = (collection[NAMED_FILES_COLLECTION] ?? []) as IDataObject[];
	return rows.flatMap((row, index) => {
		const formField = String(row.formField ?? '').trim();
		if (formField === '') {
			throw new InvalidInputError(
				`${slot.displayName}: file ${index + 1} has no form field name`,
				'Fill in "Form Field Name", or remove the file.',
			);
		}
		const source = (row.source ?? 'url') as MediaSource;
		const texts = toList(row[source], source, slot);
		if (texts.length === 0) {
			throw new InvalidInputError(`${slot.displayName}: file ${index + 1} is empty`, 'Fill it in, or remove the file.');
		}
		return texts.map((text) => ({ source, text, formField }));
	});
}

/** One per line for links, with commas for field names; an expression may give a list. */
function toList(given: unknown, source: MediaSource, { displayName }: MediaSlot): string[] {
	for (const part of Array.isArray(given) ? given : [given]) assertText(displayName, part);
	const parts: unknown[] = Array.isArray(given) ? given : splitText(String(given ?? ''), source);
	return parts.map((part) => String(part ?? '').trim()).filter((part) => part !== '');
}

function splitText(text: string, source: MediaSource): string[] {
	if (source === 'binary') return text.split(',');
	const lines = text.split(/\r?\n/).map((line) => line.trim());
	return source === 'data' ? joinWrapped(lines) : lines;
}

/** The longest line of base64 text that programs wrap (RFC 2045, section 6.8); no file is as short. */
const MAX_WRAPPED_LINE_LENGTH = 76;

/** Base64 text is often wrapped: a short line goes on in the next one, if that is not empty and begins no data URI. */
function joinWrapped(lines: readonly string[]): string[] {
	const files: string[] = [];
	let goesOn = false;
	for (const line of lines) {
		if (goesOn && line !== '' && !line.startsWith('data:')) files[files.length - 1] += line;
		else files.push(line);
		goesOn = line !== '' && line.replace(/^data:[^,]*,/, '').length <= MAX_WRAPPED_LINE_LENGTH;
	}
	return files;
}

async function readOrigin(
	context: IExecuteFunctions,
	itemIndex: number,
	slot: MediaSlot,
	origin: Origin,
	cache: MediaCache,
): Promise<MediaValue> {
	switch (origin.source) {
		case 'binary':
			return await fromInputField(context, itemIndex, slot, origin.text);
		case 'data':
			return fromText(slot, origin.text);
		default:
			return origin.text.startsWith('data:') && !takesLinksOnly(slot)
				? fromText(slot, origin.text)
				: await fromLink(context, slot, origin.text, cache);
	}
}

async function fromInputField(
	context: IExecuteFunctions,
	itemIndex: number,
	slot: MediaSlot,
	field: string,
): Promise<MediaValue> {
	const { binary } = context.getInputData()[itemIndex];
	if (!binary?.[field]) {
		const present = Object.keys(binary ?? {});
		throw new InvalidInputError(
			`${slot.displayName}: the input item has no file in the field ${showValue(field)}`,
			present.length > 0
				? `Its files are in: ${cutText(present.join(', '), 300)}. Correct "Input Data Field Name".`
				: 'The item has no files at all: check the node before this one, or give a link instead.',
		);
	}
	const { fileName, id } = binary[field];
	const read = async () => await context.helpers.getBinaryDataBuffer(itemIndex, field);
	const bytes = await read();
	return checked(slot, bytes, fileName ?? field, {
		identity: id ? `file:${id}` : fingerprint(bytes),
		read,
	});
}

function fromText(slot: MediaSlot, text: string): MediaValue {
	const base64 = text.replace(/^data:[^,]*,/, '').replace(/\s+/g, '');
	if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) {
		throw new InvalidInputError(
			`${slot.displayName} is neither a data URI nor base64 text`,
			'Give text such as data:image/png;base64,… or set the source to URL or Input Data Field.',
		);
	}
	const bytes = Buffer.from(base64, 'base64');
	return checked(slot, bytes, slot.name, { identity: fingerprint(bytes), read: async () => bytes });
}

async function fromLink(
	context: IExecuteFunctions,
	slot: MediaSlot,
	text: string,
	cache: MediaCache,
): Promise<MediaValue> {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new InvalidInputError(
			`${slot.displayName}: ${showValue(text)} is not a web address`,
			takesLinksOnly(slot)
				? 'CometAPI takes only links here: put the file where CometAPI can fetch it, and give a link that begins with https://.'
				: 'Give a link that begins with https://, or set the source to Input Data Field.',
		);
	}
	if (slot.accepts.includes('url')) {
		const unread = async () => await Promise.reject<Buffer>(new Error('A link is sent as it is'));
		return { url: url.href, fileName: fileNameOf(url), mimeType: '', identity: url.href, read: unread };
	}
	const maxBytes = slot.maxMegabytes * 1e6;
	const read = async () =>
		await cache.read(url.href, async () => await fetchBytes(context, url.href, slot.displayName, maxBytes));
	return checked(slot, await read(), fileNameOf(url), { identity: url.href, url: url.href, read });
}

function checked(
	slot: MediaSlot,
	bytes: Buffer,
	fileName: string,
	origin: Pick<MediaValue, 'identity' | 'url' | 'read'>,
): MediaValue {
	if (bytes.length > slot.maxMegabytes * 1e6) throw tooLarge(slot.displayName, slot.maxMegabytes);
	const detected = detectMedia(bytes);
	const isAllowed = slot.mimeTypes.length === 0 || slot.mimeTypes.includes(detected?.mimeType ?? '');
	if (!isAllowed || bytes.length === 0) {
		throw new InvalidInputError(
			`${slot.displayName} ${showValue(fileName)} is ${detected ? `of the type ${detected.mimeType}` : 'no file of a known type'}`,
			`Allowed: ${slot.mimeTypes.join(', ') || 'any file that is not empty'}. Check that the link or field holds the file itself and not a web page.`,
		);
	}
	const mimeType = detected?.mimeType ?? 'application/octet-stream';
	return { ...origin, mimeType, pixels: detected?.pixels, fileName: withExtension(fileName, mimeType) };
}

function tooLarge(label: string, maxMegabytes: number): InvalidInputError {
	return new InvalidInputError(`${label} is larger than ${maxMegabytes} MB`, 'Use a smaller file.');
}

async function fetchBytes(context: IExecuteFunctions, url: string, label: string, maxBytes: number): Promise<Buffer> {
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: FETCH_TIMEOUT_MS,
		abortSignal: AbortSignal.any([
			AbortSignal.timeout(FETCH_TIMEOUT_MS),
			...[context.getExecutionCancelSignal()].flatMap((signal) => (signal ? [signal] : [])),
		]),
	};
	const chunks: Buffer[] = [];
	let total = 0;
	try {
		const { statusCode, body } = (await context.helpers.httpRequest(options)) as {
			statusCode: number;
			body: AsyncIterable<Buffer> & { destroy(): void };
		};
		if (statusCode !== 200) {
			body.destroy();
			throw new InvalidInputError(
				`${label} could not be fetched from ${cutText(url, 200)} (HTTP ${statusCode})`,
				'Open the link in a private browser window: it must give the file itself, without a login.',
			);
		}
		for await (const chunk of body) {
			total += chunk.length;
			if (total > maxBytes) throw tooLarge(label, maxBytes / 1e6);
			chunks.push(chunk);
		}
	} catch (error) {
		throw error instanceof InvalidInputError ? error : unreachable(label, url, error);
	}
	return Buffer.concat(chunks);
}

function unreachable(label: string, url: string, error: unknown): InvalidInputError {
	const cause = networkErrorCode(error) || cleanServerText((error as Error).message);
	return new InvalidInputError(
		`${label} could not be fetched from ${cutText(url, 200)} (${cause})`,
		'Check the link, and whether n8n can reach that address.',
	);
}

function fingerprint(bytes: Buffer): string {
	return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function fileNameOf(url: URL): string {
	const name = url.pathname.split('/').pop() || 'file';
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}
