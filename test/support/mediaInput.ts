/** Pictures and videos as a user gives them to a media slot: what the workflow stores, and what the input item carries. */
import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';
import {
	createNamedPng,
	sampleJpeg,
	sampleMp3,
	samplePng,
	sampleVideo,
	sampleWav,
	sampleWebp,
	secondSamplePng,
} from '../simulator/sampleMedia';

export const MEDIA_SOURCES = ['url', 'binary', 'data'] as const;
export type MediaSource = (typeof MEDIA_SOURCES)[number];

export interface SlotInput {
	slot: string;
	source: MediaSource;
	/** Names below `/media/` of the simulator's second server. */
	files: readonly string[];
	/** For a slot whose files name their form field themselves. */
	formField?: string;
	/** The slot may stay empty, so its source has to be chosen. */
	optional?: boolean;
}

export interface MediaInput {
	parameters: INodeParameters;
	binary: IBinaryKeyData;
}

/** What the simulator serves under this name. */
export function mediaBytes(name: string): Buffer {
	const known: Readonly<Record<string, Buffer>> = {
		'image.png': samplePng,
		'second.png': secondSamplePng,
		'image.jpg': sampleJpeg,
		'image.webp': sampleWebp,
		'clip.mp4': sampleVideo,
		'sound.mp3': sampleMp3,
		'sound.wav': sampleWav,
	};
	const bytes = known[name] ?? createNamedPng(name);
	if (!bytes) throw new Error(`The simulator serves no ${name}`);
	return bytes;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
	png: 'image/png',
	jpg: 'image/jpeg',
	webp: 'image/webp',
	mp4: 'video/mp4',
	mp3: 'audio/mpeg',
	wav: 'audio/wav',
};

export function mediaMimeType(name: string): string {
	return MIME_TYPES[name.split('.')[1]];
}

/** The name under which a file arrives: its own, or for data, which has none, the slot's. */
export function sentFileName({ slot, source }: SlotInput, name: string): string {
	return source === 'data' ? `${slot}.${name.split('.')[1]}` : name;
}

/** @param mediaUrl address of the simulator's media, without the name */
export function mediaInput(slots: readonly SlotInput[], mediaUrl: string): MediaInput {
	const result: MediaInput = { parameters: {}, binary: {} };
	for (const slot of slots) {
		const values = slot.files.map((name) => valueOf(slot.source, name, mediaUrl, result.binary));
		Object.assign(result.parameters, slot.formField === undefined ? slotParameters(slot, values) : rows(slot, values));
	}
	return result;
}

function valueOf(source: MediaSource, name: string, mediaUrl: string, binary: IBinaryKeyData): string {
	const base64 = mediaBytes(name).toString('base64');
	switch (source) {
		case 'url':
			return `${mediaUrl}/${name}`;
		case 'data':
			return `data:${mediaMimeType(name)};base64,${base64}`;
		case 'binary': {
			// The names that n8n's own nodes give to several files of one item.
			const count = Object.keys(binary).length;
			const field = count === 0 ? 'data' : `data_${count}`;
			binary[field] = { data: base64, mimeType: mediaMimeType(name), fileName: name };
			return field;
		}
	}
}

function slotParameters({ slot, source, optional = false }: SlotInput, values: readonly string[]): INodeParameters {
	switch (source) {
		case 'url':
			return { ...(optional ? { [`${slot}Source`]: source } : {}), [`${slot}Url`]: values.join('\n') };
		case 'data':
			return { [`${slot}Source`]: source, [`${slot}Data`]: values.join('\n') };
		case 'binary':
			return { [`${slot}Source`]: source, [`${slot}BinaryField`]: values.join(', ') };
	}
}

function rows({ slot, source, formField = '' }: SlotInput, values: readonly string[]): INodeParameters {
	return { [slot]: { file: values.map((value) => ({ source, [source]: value, formField })) } };
}
