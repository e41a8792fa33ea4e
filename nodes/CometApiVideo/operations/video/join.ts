/** Video > Join: the clips of all items, or of each group of items, one after the other in one file. */
import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { DEFAULT_BINARY_FIELD } from '../../description/sharedFields';
import { fetchClip } from '../../join/fetchClip';
import { joinClips } from '../../join/joinClips';
import type { ClipSource, JoinedVideo } from '../../join/joinClips';
import { toStream } from '../../service/downloadStream';
import type { ReadableStream } from '../../service/downloadStream';
import { assertNoExpressionText } from '../../task/checkText';
import {
	CanceledError,
	CometApiVideoError,
	InvalidInputError,
	toCometApiVideoError,
	toErrorRow,
	toNodeError,
} from '../../task/errors';
import { withExtension } from '../../task/media';
import { readDownloadSettings } from '../input/runSettings';
import type { DownloadSettings } from '../input/runSettings';
import { asText } from '../../task/asText';

/** Of the store's streams; fewer, larger pieces copy faster. */
const CHUNK_BYTES = 256 * 1024;
const MAX_NAME_LENGTH = 100;

interface Group {
	/** Absent: all items. */
	value?: string;
	itemIndexes: number[];
}

/** @returns one row for each group, in the order of their first items */
export async function join(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const rows: INodeExecutionData[] = [];
	for (const group of readGroups(context)) {
		const [first = 0] = group.itemIndexes;
		const pairedItem = group.itemIndexes.map((item) => ({ item }));
		try {
			rows.push({ ...(await joinGroup(context, group, first)), pairedItem });
		} catch (error) {
			const isStopped = context.getExecutionCancelSignal()?.aborted === true;
			if (!context.continueOnFail() || isStopped) throw toNodeError(context.getNode(), error, first);
			rows.push({ ...toErrorRow(error, first), pairedItem });
		}
	}
	return rows;
}

function readGroups(context: IExecuteFunctions): Group[] {
	const items = context.getInputData();
	const { groupBy }: IDataObject = context.getNodeParameter('options', 0, {});
	const column = asText(groupBy).trim();
	if (column === '') return items.length === 0 ? [] : [{ itemIndexes: [...items.keys()] }];
	assertNoExpressionText('Group By', column);
	const groups = new Map<string, Group>();
	for (const [index, { json }] of items.entries()) {
		const value = json[column];
		if (value === undefined || value === null || value === '') {
			throw new InvalidInputError(
				`Group By: item ${index + 1} has nothing in the column "${column}"`,
				`Its columns are: ${Object.keys(json).slice(0, 20).join(', ') || 'none'}. Write the name of a column that every item has, not an expression.`,
			);
		}
		const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
		const group = groups.get(text) ?? { value: text, itemIndexes: [] };
		group.itemIndexes.push(index);
		groups.set(text, group);
	}
	return [...groups.values()];
}

async function joinGroup(context: IExecuteFunctions, group: Group, first: number): Promise<INodeExecutionData> {
	const settings = readDownloadSettings(context, first);
	const store = new ClipStore(context);
	const sources = await readSources(context, group, settings, store);
	const video = await joinClips(sources, context.getExecutionCancelSignal());
	if (video.bytes > settings.maxBytes) {
		throw new InvalidInputError(
			`The joined video would have ${Math.ceil(video.bytes / 1e6)} MB, more than ${Math.floor(settings.maxBytes / 1e6)} MB`,
			'Raise "Maximum File Size (MB)" in the options, or join fewer or shorter clips.',
		);
	}
	const name = settings.fileName || toFileName(group.value) || 'joined';
	const binary = await store.write(video, withExtension(name, video.mimeType));
	return {
		json: {
			status: 'succeeded',
			...(group.value === undefined ? {} : { group: group.value }),
			fileName: binary.fileName ?? name,
			clips: sources.length,
			durationSeconds: Math.round(video.durationSeconds * 1000) / 1000,
			width: video.width,
			height: video.height,
			hasSound: video.hasSound,
			fileSizeBytes: video.bytes,
		},
		binary: { [settings.binaryField]: binary },
	};
}

/** A value of a column can hold what no name may. */
function toFileName(value = ''): string {
	return value
		.replace(/[/\\:*?"<>|\p{Cc}\p{Cf}]+/gu, ' ')
		.trim()
		.slice(0, MAX_NAME_LENGTH)
		.replace(/^\.+|[. ]+$/g, '');
}

async function readSources(
	context: IExecuteFunctions,
	group: Group,
	settings: DownloadSettings,
	store: ClipStore,
): Promise<ClipSource[]> {
	const isByLink = context.getNodeParameter('clipSource', 0, 'binary') === 'url';
	const files = isByLink ? linksOf(context, group) : filesOf(context, group);
	const sources: ClipSource[] = [];
	for (const [index, file] of files.entries()) {
		const clip = `Clip ${index + 1}${group.value === undefined ? '' : ` of "${group.value.slice(0, MAX_NAME_LENGTH)}"`}`;
		if ('url' in file) {
			const binary = await fetchClip(context, { label: clip, url: file.url, maxBytes: settings.maxBytes });
			sources.push(store.source(nameClip(clip, binary), binary, async () => Buffer.from(binary.data, 'base64')));
		} else {
			const { binary, itemIndex, field } = file;
			const read = async () => await context.helpers.getBinaryDataBuffer(itemIndex, field);
			sources.push(store.source(nameClip(clip, binary), binary, read));
		}
	}
	return sources;
}

function nameClip(clip: string, { fileName }: IBinaryData): string {
	return fileName ? `${clip} (${fileName.slice(0, MAX_NAME_LENGTH)})` : clip;
}

interface ItemFile {
	itemIndex: number;
	field: string;
	binary: IBinaryData;
}

function filesOf(context: IExecuteFunctions, { itemIndexes }: Group): ItemFile[] {
	return itemIndexes.flatMap((itemIndex) => {
		const given = asText(context.getNodeParameter('clipBinaryField', itemIndex, '')).trim();
		assertNoExpressionText('Input Data Field Name', given);
		const { binary = {} } = context.getInputData()[itemIndex] ?? {};
		const present = Object.keys(binary);
		const [only] = present.length === 1 ? present : [DEFAULT_BINARY_FIELD];
		const fields = given === '' ? [only ?? DEFAULT_BINARY_FIELD] : given.split(',').map((name) => name.trim());
		return fields.map((field) => {
			const file = binary[field];
			if (file) return { itemIndex, field, binary: file };
			throw new InvalidInputError(
				`Item ${itemIndex + 1} has no file in the field "${field}"`,
				present.length > 0
					? `Its files are in: ${present.join(', ')}. Correct "Input Data Field Name".`
					: 'The item has no files at all: check the node before this one (Video > Generate needs "Download Video" on), or set "Clips From" to Links.',
			);
		});
	});
}

/** A list that is the same for every item, such as a fixed text, is meant once. */
function linksOf(context: IExecuteFunctions, { itemIndexes }: Group): Array<{ url: string }> {
	const lists = itemIndexes.map((itemIndex) => {
		const given: unknown = context.getNodeParameter('clipUrls', itemIndex, '');
		const parts: unknown[] = Array.isArray(given) ? given : asText(given).split(/\r?\n/);
		const links = parts.map((part) => asText(part).trim()).filter((part) => part !== '');
		for (const link of links) assertNoExpressionText('Links', link);
		if (links.length > 0) return links;
		throw new InvalidInputError(
			`Links: there is none for item ${itemIndex + 1}`,
			'Give the links of the clips, one per line, e.g. {{ $json.videoUrl }}.',
		);
	});
	const [first = []] = lists;
	const isOneList = first.length > 1 && lists.every((links) => links.join('\n') === first.join('\n'));
	return (isOneList ? [first] : lists).flat().map((url) => ({ url }));
}

/** Reads clips from n8n's binary store and writes the joined video there, as a stream wherever n8n does not keep files in memory. */
class ClipStore {
	/** Any stream of the store: its class makes the one that is written. */
	private opened: ReadableStream | undefined;

	constructor(private readonly context: IExecuteFunctions) {}

	/** @param read of a file that n8n keeps in memory */
	source(label: string, { id }: IBinaryData, read: () => Promise<Buffer>): ClipSource {
		return {
			label,
			open: async () => {
				if (!id) return oneChunk(await read());
				this.opened = await this.context.helpers.getBinaryStream(id, CHUNK_BYTES);
				return this.opened as AsyncIterable<Buffer>;
			},
		};
	}

	/** @throws InvalidInputError about a clip, CanceledError, CometApiVideoError when n8n cannot store the file */
	async write({ chunks, mimeType }: JoinedVideo, fileName: string): Promise<IBinaryData> {
		let problem: unknown;
		const noticing = async function* () {
			try {
				yield* chunks();
			} catch (error) {
				problem = error;
				throw toCometApiVideoError(error);
			}
		};
		try {
			const file = this.opened ? toStream(this.opened, noticing()) : await collect(noticing());
			return await this.context.helpers.prepareBinaryData(file, fileName, mimeType);
		} catch (error) {
			throw toStoreError(problem, error);
		}
	}
}

/** @param problem of a clip that was read, which n8n's store wraps */
function toStoreError(problem: unknown, error: unknown): CometApiVideoError {
	if (problem instanceof InvalidInputError || problem instanceof CanceledError) return problem;
	return new CometApiVideoError(
		`n8n could not store the joined video (${toCometApiVideoError(problem ?? error).message})`,
		"Check n8n's disk space or binary data storage, then run the node again.",
	);
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
	yield await Promise.resolve(bytes);
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const chunk of chunks) parts.push(chunk);
	return Buffer.concat(parts);
}
