/**
 * The first pass over a clip: its tracks with all their samples, without the pictures and sounds themselves. The file comes
 * as a stream, so what is not wanted is read past; nothing larger than the tables is kept.
 */
import type { Box } from './boxes';
import { ClipProblem, brokenClip, findBox, needBox, readBoxHeader, readBoxes } from './boxes';
import { readEdits } from './edits';
import type { Edit } from './edits';
import { readFragment, readFragmentDefaults } from './fragments';
import type { FragmentedTrack } from './fragments';
import { readSampleTables } from './sampleTables';
import { MAX_SAMPLES, SampleList, forEachChunk } from './samples';
import type { TrackFormat } from './trackFormat';
import { readTrackFormat } from './trackFormat';

export interface Track {
	format: TrackFormat;
	/** Ticks in a second. */
	timescale: number;
	samples: SampleList;
	/** What is shown of the samples, and when. */
	edits: Edit[];
	/** Bodies of boxes that are taken over: sample description, handler, media header of its kind with its type. */
	description: Buffer;
	handler: Buffer;
	kindHeader: Box | undefined;
	/** Of the track's header: flags, layer to volume, how the picture is turned, size. */
	flags: number;
	presentation: Buffer;
	/** Packed code of the language, and what follows it. */
	language: Buffer;
}

export interface Clip {
	/** Body of the box that names the kind of file. */
	fileType: Buffer | undefined;
	tracks: Track[];
}

/** As it comes from n8n's store. */
export type ByteStream = AsyncIterable<Buffer>;

/** Tables of a file with `MAX_SAMPLES` samples. */
const MAX_TABLES_BYTES = 48 * 1024 * 1024;
const MAX_FILE_TYPE_BYTES = 4096;
/** Boxes with which an MP4 or MOV file can begin. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'styp', 'sidx', 'pdin', 'uuid'];

/** @throws ClipProblem saying what is wrong with the clip; whatever the stream ends with */
export async function readClip(stream: ByteStream): Promise<Clip> {
	const source = new ByteSource(stream);
	try {
		return await readTopLevel(source);
	} catch (error) {
		// By its name: what Node throws is of another realm than this code in some hosts.
		const isOutOfBounds = (error as Error).name === 'RangeError';
		throw isOutOfBounds ? brokenClip('a part of it is shorter than it says') : error;
	} finally {
		await source.close();
	}
}

async function readTopLevel(source: ByteSource): Promise<Clip> {
	let fileType: Buffer | undefined;
	let movie: Movie | undefined;
	for (let isFirst = true; ; isFirst = false) {
		const { position } = source;
		const header = readBoxHeader(await source.peek(16));
		if (isFirst && (!header || !FIRST_BOXES.includes(header.type))) {
			throw new ClipProblem('is not an MP4 file', 'Join takes MP4 files, as the models deliver them.');
		}
		if (!header) break;
		const bytes = header.bytes === 0 ? Infinity : header.bytes;
		if (bytes < header.headerBytes) throw brokenClip('one of its parts has an impossible length');
		await source.skip(header.headerBytes);
		const bodyBytes = bytes - header.headerBytes;
		if (header.type === 'ftyp' && bodyBytes <= MAX_FILE_TYPE_BYTES) fileType = await source.read(bodyBytes);
		else if (header.type === 'moov' && !movie) {
			movie = readMovie(await source.read(bodyBytes));
			// A plain file is known now; a cut one comes to light when its pictures are copied.
			if (!movie.isFragmented) return { fileType, tracks: movie.finish() };
		} else if (header.type === 'moof' && movie) {
			readFragment(await source.read(bodyBytes), position, movie.fragmented);
		} else await source.skip(bodyBytes);
	}
	if (!movie) throw brokenClip('its table of contents is missing, so it was probably not fetched to its end');
	for (const { samples } of movie.fragmented) {
		forEachChunk(samples, (position, bytes) => {
			if (position + bytes > source.position) throw cutOff();
		});
	}
	return { fileType, tracks: movie.finish() };
}

export function cutOff(): ClipProblem {
	return brokenClip('its end is missing');
}

interface Movie {
	isFragmented: boolean;
	fragmented: FragmentedTrack[];
	/** When all samples are known. */
	finish(): Track[];
}

function readMovie(moov: Buffer): Movie {
	const boxes = readBoxes(moov);
	const header = needBox(boxes, 'mvhd');
	const movieTimescale = header.readUInt32BE(header[0] === 1 ? 20 : 12);
	const extended = findBox(boxes, 'mvex');
	const defaults = extended ? readFragmentDefaults(extended) : undefined;
	const budget = { left: MAX_SAMPLES };
	const tracks = boxes.flatMap(({ type, body }) => {
		if (type !== 'trak') return [];
		const read = readTrack(readBoxes(body), new SampleList(budget));
		return read ? [read] : [];
	});
	const fragmented = tracks.map(({ id, track: { samples } }): FragmentedTrack => {
		const preset = defaults?.get(id) ?? { description: 1, duration: 0, size: 0, flags: 0 };
		return { id, samples, defaults: preset, endsAt: samples.totalDuration() };
	});
	return {
		isFragmented: defaults !== undefined,
		fragmented,
		finish: () =>
			tracks.flatMap(({ track, editList }, index) => {
				if (track.samples.count === 0) return [];
				const startsAt = fragmented[index]?.startsAt ?? 0;
				return [{ ...track, edits: readEdits(editList, track, movieTimescale, startsAt) }];
			}),
	};
}

interface ReadTrack {
	id: number;
	track: Omit<Track, 'edits'>;
	editList: Buffer | undefined;
}

/** @returns undefined for tracks of another kind than picture or sound */
function readTrack(boxes: readonly Box[], samples: SampleList): ReadTrack | undefined {
	const media = readBoxes(needBox(boxes, 'mdia'));
	const handler = needBox(media, 'hdlr');
	const kind = { vide: 'video', soun: 'sound' }[handler.toString('latin1', 8, 12)] as TrackFormat['kind'] | undefined;
	if (!kind) return undefined;
	const trackHeader = needBox(boxes, 'tkhd');
	const isLong = trackHeader[0] === 1;
	const mediaHeader = needBox(media, 'mdhd');
	const timescale = mediaHeader.readUInt32BE(mediaHeader[0] === 1 ? 20 : 12);
	if (timescale === 0) throw brokenClip('its clock stands still');
	const information = readBoxes(needBox(media, 'minf'));
	const tables = readBoxes(needBox(information, 'stbl'));
	const description = needBox(tables, 'stsd');
	// Copies: a part of the file's tables would keep all of them in memory.
	const copy = (bytes: Buffer) => Buffer.from(bytes);
	const kindHeader = information.find(({ type }) => /^[vs]mhd$/.test(type));
	const track = {
		format: readTrackFormat(description, kind),
		timescale,
		samples,
		description: copy(description),
		handler: copy(handler),
		kindHeader: kindHeader && { type: kindHeader.type, body: copy(kindHeader.body) },
		flags: trackHeader.readUIntBE(1, 3),
		presentation: copy(trackHeader.subarray(isLong ? 36 : 24)),
		language: copy(mediaHeader.subarray(mediaHeader[0] === 1 ? 32 : 20)),
	};
	readSampleTables(tables, samples);
	const edits = findBox(boxes, 'edts');
	const id = trackHeader.readUInt32BE(isLong ? 20 : 12);
	return { id, track, editList: edits && copy(findBox(readBoxes(edits), 'elst') ?? Buffer.alloc(0)) };
}

/** Reads a stream piece by piece, and past what is not wanted. */
class ByteSource {
	position = 0;

	private readonly chunks: AsyncIterator<Buffer>;

	private rest: Buffer = Buffer.alloc(0);

	constructor(stream: ByteStream) {
		this.chunks = stream[Symbol.asyncIterator]();
	}

	/** Up to `count` bytes, fewer at the end, without going on. */
	async peek(count: number): Promise<Buffer> {
		if (this.rest.length < count) {
			const parts = [this.rest];
			for (let have = this.rest.length; have < count;) {
				const chunk = await this.next();
				if (!chunk) break;
				parts.push(chunk);
				have += chunk.length;
			}
			this.rest = Buffer.concat(parts);
		}
		return this.rest.subarray(0, count);
	}

	async read(count: number): Promise<Buffer> {
		if (count > MAX_TABLES_BYTES) throw brokenClip('its tables are larger than those of any clip');
		const bytes = await this.peek(count);
		if (bytes.length < count) throw cutOff();
		this.rest = this.rest.subarray(count);
		this.position += count;
		return bytes;
	}

	/** Ends early at the end of the stream. */
	async skip(count: number): Promise<void> {
		let left = count;
		while (left > 0) {
			if (this.rest.length === 0) {
				const chunk = await this.next();
				if (!chunk) return;
				this.rest = chunk;
			}
			const step = Math.min(left, this.rest.length);
			this.rest = this.rest.subarray(step);
			this.position += step;
			left -= step;
		}
	}

	async close(): Promise<void> {
		await this.chunks.return?.();
	}

	private async next(): Promise<Buffer | undefined> {
		const read = await this.chunks.next();
		return read.done ? undefined : read.value;
	}
}
