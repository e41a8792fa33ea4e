/**
 * Seedance (ByteDance) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/seedance/create and /query (checked 2026-11-21; 2.5 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress (older: SUBMITTED) → pending · completed, SUCCESS → succeeded · failed, error → failed
 * Result:   video_url · signed, temporary link
 * Quirks:   several pictures repeat `input_reference`; the prompt names them [Image 1], [Image 2] …
 */
import { UNIFIED_ROUTE, unifiedTaskApi } from '../tasks/unifiedTaskApi';
import { inputReferenceSlot, requestFromFields, secondsField, sizeField } from './fields';
import type { VideoModel, VideoProvider } from './types';

const SEEDANCE_2: VideoModel = {
	id: 'doubao-seedance-2-0',
	displayName: 'Seedance 2.0',
	pricePerSecondUsd: { '480p': 0.063, '720p': 0.1368, '1080p': 0.3366 },
};
const SEEDANCE_2_FAST: VideoModel = {
	id: 'doubao-seedance-2-0-fast',
	displayName: 'Seedance 2.0 Fast',
	pricePerSecondUsd: { '480p': 0.0504, '720p': 0.108 },
};
const SEEDANCE_2_MINI: VideoModel = { id: 'doubao-seedance-2-0-mini', displayName: 'Seedance 2.0 Mini' };
const SEEDANCE_2_5: VideoModel = {
	id: 'seedance-2-5',
	displayName: 'Seedance 2.5',
	pricePerSecondUsd: { '480p': 0.103, '720p': 0.231 },
};
const SEEDANCE_1_5_PRO: VideoModel = { id: 'doubao-seedance-1-5-pro', displayName: 'Seedance 1.5 Pro' };
const SEEDANCE_1_0_PRO: VideoModel = { id: 'doubao-seedance-1-0-pro', displayName: 'Seedance 1.0 Pro' };

/** Labels that CometAPI maps to the model's default size of that shape. */
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'];
const SIZES_480P = ['864x496', '496x864', '640x640', '752x560', '560x752', '992x432'];
const SIZES_720P = ['1280x720', '720x1280', '960x960', '1112x834', '834x1112', '1470x630'];
const SIZES_1080P = ['1920x1080', '1080x1920', '1440x1440', '1664x1248', '1248x1664', '2206x946'];
const SIZES_1_0 = [
	...['864x480', '480x864', '640x640', '736x544', '544x736', '960x416'],
	...['1248x704', '704x1248', '960x960', '1120x832', '832x1120', '1504x640'],
	...['1920x1088', '1088x1920', '1440x1440', '1664x1248', '1248x1664'],
];
/** The page of 2.0 Mini is not public; these two are what its users send. */
const SIZES_MINI = ['1280x720', '720x1280'];
const SIZES_2_5 = ['1280x720', '720x1280', '854x480'];

const RATIO_OR_PIXELS = 'Shape of the video, or its exact width and height in pixels. A shape leaves the resolution to the model.';

const FIELDS = [
	secondsField({ min: 4, max: 15, default: 5, models: [SEEDANCE_2.id, SEEDANCE_2_FAST.id, SEEDANCE_2_MINI.id] }),
	secondsField({ min: 4, max: 30, default: 5, models: [SEEDANCE_2_5.id] }),
	secondsField({ min: 4, max: 12, default: 5, models: [SEEDANCE_1_5_PRO.id] }),
	secondsField({ min: 2, max: 10, default: 5, models: [SEEDANCE_1_0_PRO.id] }),
	sizeField({
		sizes: [...RATIOS, ...SIZES_480P, ...SIZES_720P, ...SIZES_1080P],
		default: '16:9',
		models: [SEEDANCE_2.id, SEEDANCE_1_5_PRO.id],
		description: RATIO_OR_PIXELS,
	}),
	sizeField({
		sizes: [...RATIOS, ...SIZES_480P, ...SIZES_720P],
		default: '16:9',
		models: [SEEDANCE_2_FAST.id],
		description: RATIO_OR_PIXELS,
	}),
	sizeField({ sizes: SIZES_MINI, default: '1280x720', models: [SEEDANCE_2_MINI.id] }),
	sizeField({ sizes: SIZES_2_5, default: '1280x720', models: [SEEDANCE_2_5.id] }),
	sizeField({
		sizes: [...RATIOS, ...SIZES_1_0],
		default: '16:9',
		models: [SEEDANCE_1_0_PRO.id],
		description: RATIO_OR_PIXELS,
	}),
];

const IMAGES_DESCRIPTION =
	'Pictures to build the video from (JPEG, PNG or WebP). Call them [Image 1], [Image 2] and so on in the prompt.';

export const seedance: VideoProvider = {
	id: 'seedance',
	displayName: 'Seedance',
	description: 'ByteDance: sharp motion, many sizes, several reference pictures',
	docsUrl: 'https://apidoc.cometapi.com/api/video/seedance/create',
	cataloguePattern: /seedance/i,
	taskApi: unifiedTaskApi,
	modes: [
		{
			id: 'textToVideo',
			displayName: 'Text to Video',
			description: 'Make a video from a description',
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5, SEEDANCE_1_5_PRO, SEEDANCE_1_0_PRO],
			prompt: 'required',
			fields: FIELDS,
			media: [],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
		{
			id: 'imageToVideo',
			displayName: 'Image to Video',
			description: 'Make a video from one or more pictures and a description',
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5],
			prompt: 'required',
			fields: FIELDS,
			// CometAPI publishes no count; these are the upstream provider's.
			media: [
				inputReferenceSlot({
					name: 'images',
					displayName: 'Images',
					description: IMAGES_DESCRIPTION,
					maxCount: 9,
					models: [SEEDANCE_2.id, SEEDANCE_2_FAST.id, SEEDANCE_2_MINI.id],
				}),
				inputReferenceSlot({
					name: 'images',
					displayName: 'Images',
					description: IMAGES_DESCRIPTION,
					maxCount: 30,
					models: [SEEDANCE_2_5.id],
				}),
			],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
	],
};
