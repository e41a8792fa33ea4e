/**
 * Omni (beta) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/omni/create (checked 2026-11-21; the edit from working clients, 2026-08)
 * Create:   POST /v1/videos · multipart · JSON for omni-fast-v2v
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   1:1 and 1080p are accepted, but the video comes out as 1280x720
 */
import { UNIFIED_ROUTE, unifiedTaskApi } from './unifiedTaskApi';
import { secondsField } from './fields';
import { requestFromFields } from './request';
import type { VideoField, VideoProvider } from './types';
import { textToVideoMode } from './unifiedModes';

const ASPECT_RATIO: VideoField = {
	property: {
		displayName: 'Aspect Ratio',
		name: 'aspectRatio',
		type: 'options',
		options: [
			{ name: 'Landscape 16:9', value: '16:9' },
			{ name: 'Portrait 9:16', value: '9:16' },
			{ name: 'Square 1:1', value: '1:1', description: 'The video may come out as Landscape 16:9, 720p' },
		],
		default: '16:9',
		description: 'Shape of the video',
	},
	placement: 'panel',
	sendAs: 'aspect_ratio',
};

const RESOLUTION: VideoField = {
	property: {
		displayName: 'Resolution',
		name: 'resolution',
		type: 'options',
		options: [
			{ name: '720p', value: '720p' },
			{ name: '1080p', value: '1080p', description: 'The video may come out as Landscape 16:9, 720p' },
		],
		default: '720p',
		description: 'How sharp the video is',
	},
	placement: 'panel',
	sendAs: 'resolution',
};

const SECONDS = secondsField({
	min: 1,
	default: 4,
	description: 'Length of the video. Start with 4; longer ones may be refused.',
});

export const omni: VideoProvider = {
	id: 'omni',
	displayName: 'Omni (Beta)',
	description: 'Short clips from text, and changes to a video of yours by description',
	docsUrl: 'https://apidoc.cometapi.com/api/video/omni/create',
	cataloguePattern: /^omni-/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({
			models: [{ id: 'omni-fast', displayName: 'Omni Fast' }],
			fields: [SECONDS, ASPECT_RATIO, RESOLUTION],
		}),
		{
			id: 'videoToVideo',
			job: 'video.edit',
			displayName: 'Video to Video',
			description: 'Change a video of yours by description',
			models: [{ id: 'omni-fast-v2v', displayName: 'Omni Fast Edit' }],
			prompt: 'required',
			fields: [SECONDS],
			media: [
				{
					name: 'video',
					displayName: 'Video',
					description: 'Video to change (MP4, at most 15 MB)',
					kind: 'video',
					mimeTypes: ['video/mp4'],
					accepts: ['dataUri'],
					sendAs: 'video',
					required: true,
					maxCount: 1,
					maxMegabytes: 15,
				},
			],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'json'),
		},
	],
};
