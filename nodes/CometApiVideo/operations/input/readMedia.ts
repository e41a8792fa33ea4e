/** Reads the pictures, videos and sounds of an item: from links, input fields or text, each checked to be what it says. */
import { createHash } from 'crypto';
import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import {
	DEFAULT_FILE_FIELD,
	NAMED_FILES_COLLECTION,
	mediaLabels,
	mediaParameterNames,
	mediaSources,
	takesLinksOnly,
} from '../../description/mediaFields';
import type { MediaSource } from '../../description/mediaFields';
import type { MediaSlot, NamedMediaValue } from '../../providers/types';
import { collectBlob, toBlob } from '../../task/blobPieces';
import { InvalidInputError } from '../../task/errors';
import { assertNoForgottenExpression } from '../../task/checkText';
import { showValue } from '../../task/shownText';
import { assertNotTooMany } from '../../providers/validate';
import { soundSeconds } from '../../task/soundLength';
import { detectMedia, safeFileName, withExtension } from '../../task/media';
import { shownLink } from '../../task/shownLink';
import type { MediaValue } from '../../task/types';
import { fetchMedia, tooLarge } from './fetchMedia';
import type { MediaCache } from './mediaCache';
import { toList } from './mediaList';
import { asText } from '../../task/asText';

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
		const seconds = slot.needsLength ? await readSeconds(context, slot, value) : undefined;
		values.push({ ...value, ...(seconds ? { seconds } : {}), formField: origin.formField });
	}
	return values;
}

/** Undefined where it cannot be told, e.g. of a link that only CometAPI can fetch. */
async function readSeconds(
	context: IExecuteFunctions,
	slot: MediaSlot,
	value: MediaValue,
): Promise<number | undefined> {
	const label = mediaLabels(slot).url;
	const isUnread = value.url !== undefined && slot.accepts.includes('url');
	const reading = isUnread ? fetchMedia(context, value.url ?? '', label, slot.maxMegabytes * 1e6) : value.read();
	const blob = await reading.catch((error: Error) => {
		if (error instanceof InvalidInputError) return undefined;
		throw error;
	});
	return blob && soundSeconds(Buffer.from(await blob.arrayBuffer()));
}

function origins(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): Origin[] {
	const names = mediaParameterNames(slot.name);
	const source = sourceOf(context, itemIndex, slot);
	if (source === 'none' || source === 'id') return [];
	const name = names[source];
	const given: unknown = context.getNodeParameter(name, itemIndex, '');
	assertNoForgottenExpression(
		mediaLabels(slot)[source],
		context.getNodeParameter(name, itemIndex, '', { rawExpressions: true }),
	);
	const texts = toList(given, source, mediaLabels(slot)[source]);
	return (source === 'binary' ? orOnlyFile(context, itemIndex, texts) : texts).map((text) => ({ source, text }));
}

function sourceOf(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): MediaSource {
	const preset = slot.byId ? 'id' : 'url';
	const names = mediaParameterNames(slot.name);
	const source = takesLinksOnly(slot) && !slot.byId ? 'url' : context.getNodeParameter(names.source, itemIndex, preset);
	const allowed = mediaSources(slot).map(({ value }) => value);
	// The choice of a source may be left over from another mode.
	return allowed.find((each) => each === source) ?? 'url';
}

/** Whether the slot's medium is something that CometAPI has made before. */
export function namesById(context: IExecuteFunctions, itemIndex: number, slot: MediaSlot): boolean {
	return sourceOf(context, itemIndex, slot) === 'id';
}

/** The only file of an item is meant where none is named, or the usual name that it does not have. */
function orOnlyFile(context: IExecuteFunctions, itemIndex: number, fields: readonly string[]): readonly string[] {
	const present = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
	const isUnnamed = fields.length === 0 || (fields.length === 1 && fields[0] === DEFAULT_FILE_FIELD);
	const [only, ...others] = present;
	if (!isUnnamed || only === undefined || others.length > 0) return fields;
	return [only];
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
		const formField = asText(row.formField).trim();
		if (formField === '') {
			throw new InvalidInputError(
				`${slot.displayName}: file ${index + 1} has no form field name`,
				'Fill in "Form Field Name", or remove the file.',
			);
		}
		const source = (row.source ?? 'url') as MediaSource;
		const texts = toList(row[source], source, slot.displayName);
		const fields = source === 'binary' ? orOnlyFile(context, itemIndex, texts) : texts;
		if (fields.length === 0) {
			throw new InvalidInputError(`${slot.displayName}: file ${index + 1} is empty`, 'Fill it in, or remove the file.');
		}
		return fields.map((text) => ({ source, text, formField }));
	});
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
			return await fromInputField(context, itemIndex, slot, origin.text, cache);
		case 'data':
			return fromText(slot, origin.text, cache);
		default:
			return origin.text.startsWith('data:') && !takesLinksOnly(slot)
				? fromText(slot, origin.text, cache)
				: await fromLink(context, slot, origin.text, cache);
	}
}

/** Of names in messages: a field may hold anything. */
const MAX_SHOWN = 80;
const MAX_SHOWN_NAMES = 10;

function shown(text: string): string {
	return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

async function fromInputField(
	context: IExecuteFunctions,
	itemIndex: number,
	slot: MediaSlot,
	field: string,
	cache: MediaCache,
): Promise<MediaValue> {
	const { binary = {} } = context.getInputData()[itemIndex] ?? {};
	const file = Object.hasOwn(binary, field) ? binary[field] : undefined;
	if (!file) {
		const present = Object.keys(binary);
		const names = present.slice(0, MAX_SHOWN_NAMES).map(shown).join(', ');
		throw new InvalidInputError(
			`${mediaLabels(slot).binary}: the input item has no file in the field ${showValue(field)}`,
			present.length > 0
				? `Its files are in: ${names}${present.length > MAX_SHOWN_NAMES ? ', …' : ''}. Correct "${mediaLabels(slot).binary}".`
				: 'The item has no files at all: check the node before this one, or give a link instead.',
		);
	}
	const fileName = file.fileName ?? field;
	const { id } = file;
	if (id) {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		const identity = `file:${id}`;
		cache.announce(identity);
		const read = async () => await cache.read(identity, async () => await readStored(context, id));
		return checked(slot, { head: await readHead(context, id), size: fileSize }, fileName, { identity, read });
	}
	// Kept by n8n in memory as base64 text, which is decoded again when it is sent.
	const identity = fingerprint(decode(file));
	cache.announce(identity);
	const read = async () => await cache.read(identity, async () => await Promise.resolve(toBlob(decode(file))));
	return checked(slot, headOf(decode(file)), fileName, { identity, read });
}

function decode({ data }: IBinaryData): Buffer {
	return Buffer.from(data, 'base64');
}

async function readStored(context: IExecuteFunctions, id: string): Promise<Blob> {
	return await collectBlob((await context.helpers.getBinaryStream(id)) as AsyncIterable<Buffer>);
}

async function readHead(context: IExecuteFunctions, id: string): Promise<Buffer> {
	const stream = await context.helpers.getBinaryStream(id);
	const chunks: Buffer[] = [];
	let size = 0;
	// Leaving the loop closes the stream.
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		size += chunk.length;
		if (size >= HEAD_BYTES) break;
	}
	return Buffer.concat(chunks);
}

function fromText(slot: MediaSlot, text: string, cache: MediaCache): MediaValue {
	const base64 = text.replace(/^data:[^,]*,/, '').replace(/\s+/g, '');
	if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) {
		throw new InvalidInputError(
			`${mediaLabels(slot).data} is neither a data URI nor base64 text`,
			`Give text such as data:image/png;base64,… or set "${mediaLabels(slot).source}" to URL or Input Data Field.`,
		);
	}
	const bytes = Buffer.from(base64, 'base64');
	const identity = fingerprint(bytes);
	const head = headOf(bytes);
	cache.announce(identity);
	const read = async () => {
		return await cache.read(identity, async () => await Promise.resolve(toBlob(Buffer.from(base64, 'base64'))));
	};
	return checked(slot, head, slot.name, { identity, read });
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
			`${mediaLabels(slot).url}: "${shownLink(text)}" is not a web address`,
			takesLinksOnly(slot)
				? 'CometAPI takes only links here: put the file where CometAPI can fetch it, and give a link that begins with https://.'
				: `Give a link that begins with https://, or set "${mediaLabels(slot).source}" to Input Data Field.`,
		);
	}
	if (slot.accepts.includes('url')) {
		assertReadableLink(slot, url);
		const unread = async () => await Promise.reject<Blob>(new Error('A link is sent as it is'));
		return { url: url.href, fileName: fileNameOf(url), mimeType: '', identity: url.href, read: unread };
	}
	const maxBytes = slot.maxMegabytes * 1e6;
	cache.announce(url.href);
	const read = async () =>
		await cache.read(url.href, async () => await fetchMedia(context, url.href, slot.displayName, maxBytes));
	const blob = await read();
	const head = Buffer.from(await blob.slice(0, HEAD_BYTES).arrayBuffer());
	return checked(slot, { head, size: blob.size }, fileNameOf(url), { identity: url.href, url: url.href, read });
}

/** Enough to find the size of a picture behind the previews and profiles that cameras write before it. */
const HEAD_BYTES = 1024 * 1024;

/** What a file is judged by. */
interface FileSample {
	/** Its first bytes; a small file as a whole. */
	head: Buffer;
	/** Bytes in all; undefined if n8n's store does not say. */
	size: number | undefined;
}

function headOf(bytes: Buffer): FileSample {
	return { head: Buffer.from(bytes.subarray(0, HEAD_BYTES)), size: bytes.length };
}

const TO_JPEG = 'Convert it with n8n\'s "Edit Image" node, for instance to JPEG.';
const WAY_OUT: Readonly<Record<string, string>> = {
	'image/avif': TO_JPEG,
	'image/heic': TO_JPEG,
	'image/gif': 'Convert it with n8n\'s "Edit Image" node, for instance to PNG.',
};

/** A link that is sent as it is cannot be looked into; its ending says enough of the pictures of telephones. */
function assertReadableLink(slot: MediaSlot, url: URL): void {
	const [, ending = ''] = /\.(avif|heic|heif)$/i.exec(url.pathname) ?? [];
	if (ending === '' || (slot.kind !== 'image' && slot.kind !== 'any')) return;
	throw new InvalidInputError(
		`${mediaLabels(slot).url}: CometAPI takes no ${ending.toUpperCase()} pictures`,
		`${slot.mimeTypes.length > 0 ? `Allowed: ${slot.mimeTypes.join(', ')}. ` : ''}${TO_JPEG}`,
	);
}

function checked(
	slot: MediaSlot,
	{ head, size = head.length }: FileSample,
	fileName: string,
	origin: Pick<MediaValue, 'identity' | 'url' | 'read'>,
): MediaValue {
	if (size > slot.maxMegabytes * 1e6) throw tooLarge(slot.displayName, slot.maxMegabytes * 1e6);
	const detected = detectMedia(head);
	const isAllowed = slot.mimeTypes.length === 0 || slot.mimeTypes.includes(detected?.mimeType ?? '');
	if (!isAllowed || head.length === 0) {
		const wayOut =
			WAY_OUT[detected?.mimeType ?? ''] ?? 'Check that the link or field holds the file itself and not a web page.';
		throw new InvalidInputError(
			`${slot.displayName} ${showValue(fileName)} is ${detected ? `of the type ${detected.mimeType}` : 'no file of a known type'}`,
			`Allowed: ${slot.mimeTypes.join(', ') || 'any file that is not empty'}. ${wayOut}`,
		);
	}
	const mimeType = detected?.mimeType ?? 'application/octet-stream';
	const name = withExtension(safeFileName(fileName), mimeType);
	return { ...origin, mimeType, pixels: detected?.pixels, fileName: name };
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
