/**
 * Seedance (ByteDance) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/seedance/create and /query, legacy: /api/video/bytedance (checked 2026-11-27; 2.5 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart; legacy: POST /volc/v3/contents/generations/tasks · JSON
 * Status:   GET  /v1/videos/{id}; legacy: GET /volc/v3/contents/generations/tasks/{id}
 * Statuses: queued, in_progress (older: SUBMITTED) → pending · completed, SUCCESS, succeeded → succeeded · failed, error → failed
 * Result:   video_url; legacy: content.video_url · signed, temporary links
 * Quirks:   several pictures repeat `input_reference`; the prompt names them [Image 1], [Image 2] …; 1.5 Pro takes one, as a link only; the legacy route takes options as --flags in the text
 */
import type { IDataObject } from 'n8n-workflow';
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import type { CreateRequest, TaskApi } from '../task/types';
import { taskPath, unifiedTaskApi } from './unifiedTaskApi';
import {
	aspectRatioField,
	callbackUrlField,
	DEFAULT_MAX_IMAGE_MEGABYTES,
	MAY_BE_REFUSED,
	SEND_PICTURES_AS,
	inputReferenceSlot,
	ratioOptions,
	secondsField,
} from './fields';
import { sizeFields } from './sizes';
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

const SIZES_480P = {
	...{ '16:9': '864x496', '9:16': '496x864', '1:1': '640x640', '4:3': '752x560', '3:4': '560x752', '21:9': '992x432' },
};
const SIZES_720P = {
	...{ '16:9': '1280x720', '9:16': '720x1280', '1:1': '960x960' },
	...{ '4:3': '1112x834', '3:4': '834x1112', '21:9': '1470x630' },
};
const SIZES_1080P = {
	...{ '16:9': '1920x1080', '9:16': '1080x1920', '1:1': '1440x1440' },
	...{ '4:3': '1664x1248', '3:4': '1248x1664', '21:9': '2206x946' },
};
const SIZES_1_0 = {
	'480p': {
		...{
			'16:9': '864x480',
			'9:16': '480x864',
			'1:1': '640x640',
			'4:3': '736x544',
			'3:4': '544x736',
			'21:9': '960x416',
		},
	},
	'720p': {
		...{ '16:9': '1248x704', '9:16': '704x1248', '1:1': '960x960' },
		...{ '4:3': '1120x832', '3:4': '832x1120', '21:9': '1504x640' },
	},
	// The page that we have is cut off before the last one.
	'1080p': { '16:9': '1920x1088', '9:16': '1088x1920', '1:1': '1440x1440', '4:3': '1664x1248', '3:4': '1248x1664' },
};
/** The pages of 2.0 Mini and 2.5 are not public; these are what their users send. */
const SIZES_MINI = { '720p': { '16:9': '1280x720', '9:16': '720x1280' } };
const SIZES_2_5 = { '480p': { '16:9': '854x480' }, ...SIZES_MINI };

const RATIOS = Object.keys(SIZES_480P);

const FIELDS = [
	secondsField({ min: 4, max: 15, default: 5, models: [SEEDANCE_2.id, SEEDANCE_2_FAST.id, SEEDANCE_2_MINI.id] }),
	secondsField({ min: 4, max: 30, default: 5, models: [SEEDANCE_2_5.id] }),
	secondsField({ min: 4, max: 12, default: 5, models: [SEEDANCE_1_5_PRO.id] }),
	secondsField({ min: 2, max: 10, default: 5, models: [SEEDANCE_1_0_PRO.id] }),
	...sizeFields([
		{
			sizes: { '480p': SIZES_480P, '720p': SIZES_720P, '1080p': SIZES_1080P },
			models: [SEEDANCE_2.id, SEEDANCE_1_5_PRO.id],
		},
		{ sizes: { '480p': SIZES_480P, '720p': SIZES_720P }, models: [SEEDANCE_2_FAST.id] },
		{ sizes: SIZES_MINI, models: [SEEDANCE_2_MINI.id] },
		{ sizes: SIZES_2_5, models: [SEEDANCE_2_5.id] },
		{ sizes: SIZES_1_0, models: [SEEDANCE_1_0_PRO.id] },
	]),
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

const LEGACY_1_5: VideoModel = { id: 'doubao-seedance-1-5-pro-251215', displayName: 'Seedance 1.5 Pro (251215)' };
const LEGACY_1_0: VideoModel = {
	id: 'bytedance-seedance-1-0-pro',
	displayName: 'Seedance 1.0 Pro (BytePlus)',
	description: MAY_BE_REFUSED,
};
const LEGACY_TEXT_ONLY: VideoModel[] = [
	{
		id: 'bytedance-seedance-1-0-lite-t2v-250428',
		displayName: 'Seedance 1.0 Lite (BytePlus)',
		description: MAY_BE_REFUSED,
	},
	{ id: 'doubao-seedance-1-0-lite-t2v-250428', displayName: 'Seedance 1.0 Lite', description: MAY_BE_REFUSED },
	{ id: 'doubao-seedance-2-pro', displayName: 'Seedance 2 Pro', description: MAY_BE_REFUSED },
];
const LEGACY_FRAMES_ONLY: VideoModel = {
	id: 'bytedance-seedance-1-0-lite-i2v-250428',
	displayName: 'Seedance 1.0 Lite (BytePlus)',
	description: MAY_BE_REFUSED,
};

const LEGACY_SECONDS: VideoField = {
	...secondsField({
		min: 2,
		max: 12,
		default: 5,
		description: 'Length of the video, 2 to 12 seconds',
	}),
	sendAs: null,
};

const LEGACY_RATIO = aspectRatioField(RATIOS, null);

const LEGACY_RATIO_OF_FRAMES: VideoField = {
	...LEGACY_RATIO,
	property: {
		...LEGACY_RATIO.property,
		options: [{ name: 'Not Set', value: '', description: 'Leave it to the model' }, ...ratioOptions(RATIOS)],
		default: '',
	},
};

const CALLBACK_URL = callbackUrlField('Address that is called when the task changes');

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
	'May be refused; prefer the other modes. More settings can be written at the end of the prompt, e.g. --resolution 720p.';

export const seedance: VideoProvider = {
	id: 'seedance',
	displayName: 'Seedance',
	description: 'ByteDance: sharp motion, all shapes, 2 to 30 seconds, from text or from up to 30 pictures',
	docsUrl: 'https://apidoc.cometapi.com/api/video/seedance/create',
	cataloguePattern: /seedance/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5, SEEDANCE_1_5_PRO, SEEDANCE_1_0_PRO],
			fields: FIELDS,
		}),
		imageToVideoMode({
			description: 'Create a video from one or more pictures and a description',
			models: [SEEDANCE_2, SEEDANCE_2_FAST, SEEDANCE_2_MINI, SEEDANCE_2_5, SEEDANCE_1_5_PRO],
			fields: [...FIELDS, SEND_PICTURES_AS],
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
				inputReferenceSlot({
					name: 'images',
					isLinkUsual: true,
					models: [SEEDANCE_1_5_PRO.id],
				}),
			],
		}),
		{
			id: 'textToVideoNative',
			job: 'video.generate',
			displayName: 'Text to Video (Legacy)',
			description: LEGACY_WARNING,
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
			displayName: 'First and Last Frame (Legacy)',
			description: `Begins, and ends if you like, with a picture. ${LEGACY_WARNING}`,
			models: [LEGACY_1_5, LEGACY_1_0, LEGACY_FRAMES_ONLY],
			prompt: 'required',
			taskApi: legacyTaskApi,
			fields: [LEGACY_SECONDS, LEGACY_RATIO_OF_FRAMES, CALLBACK_URL],
			media: [legacyFrameSlot('first_frame', 1), legacyFrameSlot('last_frame', 2)],
			buildRequest: buildLegacyRequest,
		},
	],
};
