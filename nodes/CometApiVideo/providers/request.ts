/** From descriptors to requests. */
import type { IDataObject } from 'n8n-workflow';
import { setAtPath } from '../task/jsonPath';
import type { CreateRequest, MediaEncoding, MediaPart, MediaValue } from '../task/types';
import { fieldsFor, isEmpty, isHidden, slotsAsSent } from './fields';
import type { GenerateInput, MediaSlot, VideoMode } from './types';

/** Body of the fields that have a value: `undefined` and `''` are left out, 0 and false are kept. */
export function bodyFromFields(mode: VideoMode, { model, values }: GenerateInput): IDataObject {
	const body: IDataObject = {};
	for (const field of fieldsFor(mode, model)) {
		const { property, sendAs, encode } = field;
		const value = values[property.name];
		if (sendAs === null || isEmpty(value) || isHidden(field, values)) continue;
		setAtPath(body, sendAs, encode ? encode(value, values) : (value as IDataObject[string]));
	}
	return body;
}

/** The parts of all slots, in the order of the slots. */
export function mediaParts(mode: VideoMode, { model, values, media }: GenerateInput): MediaPart[] {
	return slotsAsSent(mode, { model, values }).flatMap((slot) =>
		(media[slot.name] ?? []).flatMap((value, index): MediaPart[] => {
			const field = value.formField ?? slot.sendAs?.replace('*', String(index)) ?? null;
			return field === null ? [] : [{ field, value, encoding: encodingOf(slot, value) }];
		}),
	);
}

function encodingOf(slot: MediaSlot, value: MediaValue): MediaEncoding {
	return value.url && slot.accepts.includes('url') ? 'url' : slot.accepts[0];
}

/** The request of a mode that has nothing special: model, prompt, fields and media on one route. */
export function requestFromFields(
	path: string,
	encoding: CreateRequest['encoding'],
): (input: GenerateInput, mode: VideoMode) => CreateRequest {
	return (input, mode) => ({
		path,
		encoding,
		body: {
			model: input.model,
			...(input.prompt === '' ? {} : { prompt: input.prompt }),
			...bodyFromFields(mode, input),
		},
		media: mediaParts(mode, input),
	});
}
