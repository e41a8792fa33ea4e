/**
 * Seedance (ByteDance) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/seedance/create and /query, legacy: /api/video/bytedance (checked 2026-11-21; 2.5 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart; legacy: POST /volc/v3/contents/generations/tasks · JSON
 * Status:   GET  /v1/videos/{id}; legacy: GET /volc/v3/contents/generations/tasks/{id}
 * Statuses: queued, in_progress (older: SUBMITTED) → pending · completed, SUCCESS, succeeded → succeeded · failed, error → failed
 * Result:   video_url; legacy: content.video_url · signed, temporary links
 * Quirks:   several pictures repeat `input_reference`; the prompt names them [Image 1], [Image 2] …; the legacy route takes options as --flags in the text
 */
import type { IDataObject } from 'n8n-workflow';
import { readCreated, readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/readTask';
import type { CreateRequest, TaskApi } from '../task/types';
import { taskPath, unifiedTaskApi } from './unifiedTaskApi';
import {
	aspectRatioField,
	callbackUrlField,
	DEFAULT_MAX_IMAGE_MEGABYTES,
	inputReferenceSlot,
	secondsField,
	sizeField,
	sizeOptions,
} from './fields';
import { bodyFromFields, mediaParts } from './request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';
import { asText } from '../task/asText';

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
/** The price of 720p is not published. Prices of this one and of 1.5 Pro: CometAPI's blog, 2026. */
const SEEDANCE_2_MINI: VideoModel = {
	id: 'doubao-seedance-2-0-mini',
	displayName: 'Seedance 2.0 Mini',
	pricePerSecondUsd: { '480p': 0.032 },
};
const SEEDANCE_2_5: VideoModel = {
	id: 'seedance-2-5',
	displayName: 'Seedance 2.5',
	pricePerSecondUsd: { '480p': 0.103, '720p': 0.231 },
};
const SEEDANCE_1_5_PRO: VideoModel = {
	id: 'doubao-seedance-1-5-pro',
	displayName: 'Seedance 1.5 Pro',
	pricePerSecondUsd: { '480p': 0.0192, '720p': 0.0416, '1080p': 0.0928 },
};
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

const RATIO_OR_PIXELS =
	'Shape of the video, or its exact width and height in pixels. A shape leaves the resolution to the model.';

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

const LEGACY_ROUTE = '/volc/v3/contents/generations/tasks';

const LEGACY_FORM: TaskForm = { isPayloadFirst: true };

const legacyTaskApi: TaskApi = {
	routes: [LEGACY_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, LEGACY_FORM), route: LEGACY_ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	parseTask: (body, ref) => readTask(body, ref, LEGACY_FORM),
};

const SEEN_IN_USE = 'Older ID, seen in use or in the blog of CometAPI';
const LEGACY_1_5: VideoModel = { id: 'doubao-seedance-1-5-pro-251215', displayName: 'Seedance 1.5 Pro (251215)' };
const LEGACY_1_0: VideoModel = {
	id: 'bytedance-seedance-1-0-pro',
	displayName: 'Seedance 1.0 Pro (BytePlus)',
	description: SEEN_IN_USE,
};
const LEGACY_TEXT_ONLY: VideoModel[] = [
	{
		id: 'bytedance-seedance-1-0-lite-t2v-250428',
		displayName: 'Seedance 1.0 Lite (BytePlus)',
		description: SEEN_IN_USE,
	},
	{ id: 'doubao-seedance-1-0-lite-t2v-250428', displayName: 'Seedance 1.0 Lite', description: SEEN_IN_USE },
	{ id: 'doubao-seedance-2-pro', displayName: 'Seedance 2 Pro', description: SEEN_IN_USE },
];
const LEGACY_FRAMES_ONLY: VideoModel = {
	id: 'bytedance-seedance-1-0-lite-i2v-250428',
	displayName: 'Seedance 1.0 Lite (BytePlus)',
	description: SEEN_IN_USE,
};

const LEGACY_SECONDS: VideoField = {
	...secondsField({
		min: 2,
		max: 12,
		default: 5,
		description: 'Length of the video. CometAPI publishes no range for this route; these are the limits of its maker.',
	}),
	sendAs: null,
};

const LEGACY_RATIO = aspectRatioField(RATIOS, null);

const LEGACY_RATIO_OF_FRAMES: VideoField = {
	...LEGACY_RATIO,
	property: {
		...LEGACY_RATIO.property,
		options: [{ name: 'Not Set', value: '', description: 'Leave it to the model' }, ...sizeOptions(RATIOS)],
		default: '',
	},
};

const CALLBACK_URL = callbackUrlField(
	'Address that is called when the state of the task changes; what is sent to it is not documented',
);

/** Form of the picture items: ByteDance's own reference; CometAPI's page only says that they follow the text. */
function legacyFrameSlot(role: 'first_frame' | 'last_frame', position: number): MediaSlot {
	const isFirst = role === 'first_frame';
	return {
		name: isFirst ? 'firstFrame' : 'lastFrame',
		displayName: isFirst ? 'First Frame' : 'Last Frame',
		description: isFirst ? 'Picture that the video begins with' : 'Picture that the video ends with',
		kind: 'image',
		mimeTypes: [],
		accepts: ['url'],
		sendAs: `content.${position}.image_url.url`,
		required: isFirst,
		maxCount: 1,
		maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
	};
}

function buildLegacyRequest(input: GenerateInput, mode: VideoMode): CreateRequest {
	const { prompt, values, media } = input;
	const flags = Object.entries({ duration: values.seconds, ratio: values.aspectRatio }).flatMap(([flag, value]) =>
		value === undefined || value === '' ? [] : [`--${flag} ${asText(value)}`],
	);
	const content: IDataObject[] = [{ type: 'text', text: [prompt, ...flags].filter(Boolean).join(' ') }];
	if (media.firstFrame?.length) content.push({ type: 'image_url', role: 'first_frame' });
	if (media.lastFrame?.length) content.push({ type: 'image_url', role: 'last_frame' });
	return {
		path: LEGACY_ROUTE,
		encoding: 'json',
		body: { model: input.model, content, ...bodyFromFields(mode, input) },
		media: mediaParts(mode, input),
	};
}

const LEGACY_WARNING =
	'CometAPI itself reported on 2026-03-12 that this route fails, so prefer the other modes. Further options can be written at the end of the prompt, e.g. --resolution 720p.';

export const seedance: VideoProvider = {
	id: 'seedance',
	displayName: 'Seedance',
	description: 'ByteDance: sharp motion, many sizes, several reference pictures',
	docsUrl: 'https://apidoc.cometapi.com/api/video/seedance/create',
	cataloguePattern: /seedance/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5, SEEDANCE_1_5_PRO, SEEDANCE_1_0_PRO],
			fields: FIELDS,
		}),
		imageToVideoMode({
			description: 'Make a video from one or more pictures and a description',
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5],
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
		}),
		{
			id: 'textToVideoNative',
			job: 'video.generate',
			displayName: 'Text to Video (Legacy Route)',
			description: `Make a video from a description. ${LEGACY_WARNING}`,
			models: [LEGACY_1_5, LEGACY_1_0, ...LEGACY_TEXT_ONLY],
			prompt: 'required',
			taskApi: legacyTaskApi,
			fields: [LEGACY_SECONDS, LEGACY_RATIO, CALLBACK_URL],
			media: [],
			buildRequest: buildLegacyRequest,
		},
		{
			id: 'firstLastFrameNative',
			job: 'video.generate',
			displayName: 'First and Last Frame (Legacy Route)',
			description: `Make a video that begins, and ends if you like, with a picture. ${LEGACY_WARNING}`,
			models: [LEGACY_1_5, LEGACY_1_0, LEGACY_FRAMES_ONLY],
			prompt: 'required',
			taskApi: legacyTaskApi,
			fields: [LEGACY_SECONDS, LEGACY_RATIO_OF_FRAMES, CALLBACK_URL],
			media: [legacyFrameSlot('first_frame', 1), legacyFrameSlot('last_frame', 2)],
			buildRequest: buildLegacyRequest,
		},
	],
};
