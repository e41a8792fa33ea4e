/**
 * Vidu (Shengshu) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/vidu/create (checked 2026-11-27; pictures from CometAPI's guide of 2026)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed, error → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   landscape sizes only; the page documents text only, one picture in CometAPI's guide; a last frame is what working clients send
 */
import { unifiedTaskApi } from './unifiedTaskApi';
import { SEND_PICTURES_AS, secondsField } from './fields';
import { sizeFields } from './sizes';
import type { VideoModel, VideoProvider } from './types';
import { firstLastFrameMode, imageToVideoMode, textToVideoMode } from './unifiedModes';

const MODELS: VideoModel[] = [
	{ id: 'viduq3-turbo', displayName: 'Vidu Q3 Turbo' },
	{
		id: 'viduq3',
		displayName: 'Vidu Q3',
		pricePerSecondUsd: { '540p': 0.056, '720p': 0.1232, '1080p': 0.1232 },
	},
];

const FIELDS = [
	secondsField({ min: 1, max: 16, default: 5 }),
	...sizeFields([
		{ sizes: { '540p': { '16:9': '960x528' }, '720p': { '16:9': '1280x720' }, '1080p': { '16:9': '1920x1080' } } },
	]),
];
const PICTURE_FIELDS = [...FIELDS, SEND_PICTURES_AS];

export const vidu: VideoProvider = {
	id: 'vidu',
	displayName: 'Vidu',
	description: 'Shengshu: video with sound, 1 to 16 seconds, landscape, also from one picture to another',
	docsUrl: 'https://apidoc.cometapi.com/api/video/vidu/create',
	cataloguePattern: /^vidu/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({ models: MODELS, fields: PICTURE_FIELDS }),
		firstLastFrameMode({ models: MODELS, fields: PICTURE_FIELDS }),
	],
};
