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
import { SEND_PICTURES_AS, inputReferenceSlot, secondsField } from './fields';
import { sizeFields } from './sizes';
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

const SIZES_1_0 = {
	'720p': { '16:9': '1280x720', '9:16': '720x1280' },
	'1080p': { '16:9': '1920x1080', '9:16': '1080x1920', '1:1': '1440x1440' },
};
const SIZES_1_1 = {
	'720p': SIZES_1_0['720p'],
	'1080p': { ...SIZES_1_0['1080p'], '4:3': '1440x1080', '3:4': '1080x1440', '21:9': '2520x1080', '9:21': '1080x2520' },
};

/** Upstream's limit, quoted by CometAPI's blog. */
const MAX_IMAGE_MEGABYTES = 20;

const FIELDS = [
	secondsField({ min: 3, max: 15, default: 5 }),
	...sizeFields([
		{ sizes: SIZES_1_1, models: [HAPPY_HORSE_1_1.id] },
		{ sizes: SIZES_1_0, models: [HAPPY_HORSE_1_0.id] },
	]),
];
const PICTURE_FIELDS = [...FIELDS, SEND_PICTURES_AS];

export const happyHorse: VideoProvider = {
	id: 'happyHorse',
	displayName: 'HappyHorse',
	description: 'Alibaba: people in motion, 3 to 15 seconds, up to nine pictures of who and what to show',
	docsUrl: 'https://apidoc.cometapi.com/api/video/happyhorse/create',
	cataloguePattern: /happy-?horse/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({
			models: MODELS,
			fields: PICTURE_FIELDS,
			media: [inputReferenceSlot({ maxMegabytes: MAX_IMAGE_MEGABYTES })],
		}),
		{
			id: 'referenceToVideo',
			job: 'video.generate',
			displayName: 'Reference to Video',
			description: 'Show the people and things of up to nine pictures in a new video',
			models: MODELS,
			prompt: 'required',
			fields: PICTURE_FIELDS,
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
