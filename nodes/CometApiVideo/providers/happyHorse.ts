/**
 * HappyHorse (Alibaba) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/happyhorse/create (checked 2026-11-21; 1.1 from CometAPI's blog, 2026-06)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed, error → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   the page documents text only; pictures as `input_reference` are what working clients send
 */
import { UNIFIED_ROUTE, unifiedTaskApi } from './unifiedTaskApi';
import { inputReferenceSlot, secondsField, sizeField } from './fields';
import { requestFromFields } from './request';
import type { VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const HAPPY_HORSE_1_1: VideoModel = {
	id: 'happyhorse-1.1',
	displayName: 'HappyHorse 1.1',
	pricePerSecondUsd: { '720p': 0.112, '1080p': 0.144 },
};
const HAPPY_HORSE_1_0: VideoModel = {
	id: 'happyhorse-1.0',
	displayName: 'HappyHorse 1.0',
	// The model's page names one price for all sizes.
	pricePerSecondUsd: { '1080p': 0.112 },
};
const MODELS = [HAPPY_HORSE_1_1, HAPPY_HORSE_1_0];

const SIZES_1_0 = ['1920x1080', '1080x1920', '1280x720', '720x1280', '1440x1440'];
const SIZES_1_1 = [...SIZES_1_0, '1440x1080', '1080x1440', '2520x1080', '1080x2520'];

/** Upstream's limit, quoted by CometAPI's blog. */
const MAX_IMAGE_MEGABYTES = 20;

const FIELDS = [
	secondsField({ min: 3, max: 15, default: 5 }),
	sizeField({ sizes: SIZES_1_1, default: '1920x1080', models: [HAPPY_HORSE_1_1.id] }),
	sizeField({ sizes: SIZES_1_0, default: '1920x1080', models: [HAPPY_HORSE_1_0.id] }),
];

export const happyHorse: VideoProvider = {
	id: 'happyHorse',
	displayName: 'HappyHorse',
	description: 'Alibaba: people and motion, several reference pictures',
	docsUrl: 'https://apidoc.cometapi.com/api/video/happyhorse/create',
	cataloguePattern: /happy-?horse/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({
			models: MODELS,
			fields: FIELDS,
			media: [inputReferenceSlot({ maxMegabytes: MAX_IMAGE_MEGABYTES })],
		}),
		{
			id: 'referenceToVideo',
			job: 'video.generate',
			displayName: 'Reference to Video',
			description: 'Make a video with the people and things of up to nine pictures',
			models: MODELS,
			prompt: 'required',
			fields: FIELDS,
			media: [
				inputReferenceSlot({
					maxCount: 9,
					maxMegabytes: MAX_IMAGE_MEGABYTES,
					description:
						'Pictures of the people and things to show (JPEG, PNG or WebP). Call them [Image 1], [Image 2] and so on in the prompt.',
				}),
			],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
	],
};
