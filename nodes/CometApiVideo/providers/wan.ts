/**
 * Wan (Alibaba) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/wan/create (checked 2026-11-21; pictures and 3.0 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed, success → succeeded · failed, error, FAILURE → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   wan2.6 only knows 5, 10 and 15 seconds; ranges and sizes of wan3.0 are not published
 */
import { unifiedTaskApi } from './unifiedTaskApi';
import { inputReferenceSlot, secondsChoiceField, secondsField, sizeField } from './fields';
import type { VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const WAN_2_7: VideoModel = {
	id: 'wan2.7',
	displayName: 'Wan 2.7',
	pricePerSecondUsd: { '720p': 0.08, '1080p': 0.12 },
};
const WAN_2_6: VideoModel = {
	id: 'wan2.6',
	displayName: 'Wan 2.6',
	pricePerSecondUsd: { '720p': 0.08, '1080p': 0.12 },
};
const WAN_3_0: VideoModel = {
	id: 'wan3.0',
	displayName: 'Wan 3.0',
	pricePerSecondUsd: { '480p': 0.05, '720p': 0.1, '1080p': 0.2 },
};
const MODELS = [WAN_2_7, WAN_2_6, WAN_3_0];

const SIZES = ['1920x1080', '1080x1920', '1280x720', '720x1280', '1440x1440'];
const SIZES_2_6 = [...SIZES, '1088x832', '832x1088', '1632x1248', '1248x1632'];

const FIELDS = [
	secondsField({ min: 2, max: 15, default: 5, models: [WAN_2_7.id] }),
	secondsChoiceField([5, 10, 15], 5, [WAN_2_6.id]),
	secondsField({
		min: 2,
		max: 30,
		default: 5,
		models: [WAN_3_0.id],
		description: 'Length of the video. CometAPI publishes no range for this model; its maker allows up to 30 seconds.',
	}),
	sizeField({ sizes: SIZES, default: '1920x1080', models: [WAN_2_7.id, WAN_3_0.id] }),
	sizeField({ sizes: SIZES_2_6, default: '1920x1080', models: [WAN_2_6.id] }),
];

export const wan: VideoProvider = {
	id: 'wan',
	displayName: 'Wan',
	description: 'Alibaba: good value, up to 15 seconds and more',
	docsUrl: 'https://apidoc.cometapi.com/api/video/wan/create',
	cataloguePattern: /^wan\d/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({
			description: 'Make a video from a picture; Wan 2.6 takes up to five',
			models: MODELS,
			fields: FIELDS,
			// No count is published; working clients send five to wan2.6 and one to the others.
			media: [
				inputReferenceSlot({ name: 'images', displayName: 'Images', models: [WAN_2_7.id, WAN_3_0.id] }),
				inputReferenceSlot({
					maxCount: 5,
					description: 'Pictures to build the video from (JPEG, PNG or WebP)',
					models: [WAN_2_6.id],
				}),
			],
		}),
	],
};
