/**
 * Vidu (Shengshu) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/vidu/create (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed, error → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   landscape sizes only; the page documents text only, pictures are what working clients send
 */
import { unifiedTaskApi } from './unifiedTaskApi';
import { secondsField, sizeField } from './fields';
import type { VideoModel, VideoProvider } from './types';
import { firstLastFrameMode, imageToVideoMode, textToVideoMode } from './unifiedModes';

const MODELS: VideoModel[] = [
	{ id: 'viduq3-turbo', displayName: 'Vidu Q3 Turbo' },
	{
		id: 'viduq3',
		displayName: 'Vidu Q3',
		pricePerSecondUsd: { '360p': 0.056, '540p': 0.056, '720p': 0.1232, '1080p': 0.1232 },
	},
];

const FIELDS = [
	secondsField({ min: 1, max: 16, default: 5 }),
	sizeField({ sizes: ['1280x720', '1920x1080', '960x528', '640x352'], default: '1280x720' }),
];

export const vidu: VideoProvider = {
	id: 'vidu',
	displayName: 'Vidu',
	description: 'Shengshu: video with sound, 1 to 16 seconds, landscape',
	docsUrl: 'https://apidoc.cometapi.com/api/video/vidu/create',
	cataloguePattern: /^vidu/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({ models: MODELS, fields: FIELDS }),
		firstLastFrameMode({ models: MODELS, fields: FIELDS }),
	],
};
