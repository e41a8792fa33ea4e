/**
 * Flux 3 (Black Forest Labs) through CometAPI.
 * Docs:     https://www.cometapi.com blog, 2026-09-03, and CometAPI's docs as transcribed by working clients, 2026-08-16 (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed, error → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   no page of its own is public
 */
import { unifiedTaskApi } from './unifiedTaskApi';
import { SEND_PICTURES_AS, secondsField } from './fields';
import { sizeFields } from './sizes';
import type { VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const MODELS: VideoModel[] = [
	{ id: 'flux-3', displayName: 'Flux 3', pricePerSecondUsd: { '720p': 0.136, '1080p': 0.232 } },
];

const FIELDS = [
	secondsField({ min: 5, max: 20, default: 10 }),
	...sizeFields([{ sizes: { '720p': { '16:9': '1280x720' }, '1080p': { '16:9': '1920x1080' } } }]),
];

export const flux: VideoProvider = {
	id: 'flux',
	displayName: 'Flux',
	description: 'Black Forest Labs: 5 to 20 seconds, landscape, from text or a picture',
	docsUrl: 'https://apidoc.cometapi.com/api/video',
	cataloguePattern: /^flux-3/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({ models: MODELS, fields: [...FIELDS, SEND_PICTURES_AS] }),
	],
};
