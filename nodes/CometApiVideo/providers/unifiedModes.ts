/** Modes that most providers of `POST /v1/videos` have. A provider gives its models and fields, and what is different. */
import { UNIFIED_ROUTE } from './unifiedTaskApi';
import { firstAndLastFrameSlots, inputReferenceSlot } from './fields';
import { requestFromFields } from './request';
import type { VideoMode } from './types';

type ModeParts = Pick<VideoMode, 'models' | 'fields'> & Partial<Pick<VideoMode, 'description' | 'media' | 'check'>>;

const buildRequest = requestFromFields(UNIFIED_ROUTE, 'multipart');

export function textToVideoMode(parts: ModeParts): VideoMode {
	return {
		id: 'textToVideo',
		job: 'video.generate',
		displayName: 'Text to Video',
		description: 'Create a video from a description',
		prompt: 'required',
		media: [],
		buildRequest,
		...parts,
	};
}

/** With one picture, if the provider does not say otherwise. */
export function imageToVideoMode(parts: ModeParts): VideoMode {
	return {
		id: 'imageToVideo',
		job: 'video.generate',
		displayName: 'Image to Video',
		description: 'Create a video that starts from a picture',
		prompt: 'required',
		media: [inputReferenceSlot()],
		buildRequest,
		...parts,
	};
}

export function firstLastFrameMode(parts: ModeParts): VideoMode {
	return {
		id: 'firstLastFrame',
		job: 'video.generate',
		displayName: 'First and Last Frame',
		description: 'Create a video that goes from one picture to another',
		prompt: 'required',
		media: firstAndLastFrameSlots(),
		buildRequest,
		...parts,
	};
}
