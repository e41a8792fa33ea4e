/**
 * MiniMax H3 through CometAPI.
 * Docs:     https://www.cometapi.com blog, 2026-09-03, and CometAPI's docs as transcribed by working clients, 2026-08-16 (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed, error → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   no page of its own is public; the default length is ours
 */
import { UNIFIED_ROUTE, unifiedTaskApi } from '../tasks/unifiedTaskApi';
import { inputReferenceSlot, requestFromFields, secondsField, sizeField } from './fields';
import type { VideoModel, VideoProvider } from './types';

const MODELS: VideoModel[] = [
	{ id: 'minimax-h3', displayName: 'MiniMax H3', pricePerSecondUsd: { '768p': 0.08, '1440p': 0.13 } },
];

const FIELDS = [
	secondsField({ min: 5, max: 15, default: 5 }),
	sizeField({
		sizes: ['1344x768', '768x1344', '768x768', '768x1024', '1536x672', '2560x1440', '1440x2560', '1440x1440'],
		default: '1344x768',
	}),
];

export const minimax: VideoProvider = {
	id: 'minimax',
	displayName: 'MiniMax',
	description: 'MiniMax H3: up to 2K, 5 to 15 seconds',
	docsUrl: 'https://apidoc.cometapi.com/api/video',
	cataloguePattern: /^minimax-h/i,
	taskApi: unifiedTaskApi,
	modes: [
		{
			id: 'textToVideo',
			displayName: 'Text to Video',
			description: 'Make a video from a description',
			models: MODELS,
			prompt: 'required',
			fields: FIELDS,
			media: [],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
		{
			id: 'imageToVideo',
			displayName: 'Image to Video',
			description: 'Make a video that starts from a picture',
			models: MODELS,
			prompt: 'required',
			fields: FIELDS,
			media: [inputReferenceSlot()],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
	],
};
