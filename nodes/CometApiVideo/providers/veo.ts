/**
 * Veo (Google) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/veo3/self-developed/veo3-async-generation (checked 2026-11-27; 3.1 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart; legacy: POST /veo/v1/video/create · JSON
 * Status:   GET  /v1/videos/{id}; legacy: GET /veo/v1/video/query/{id}
 * Statuses: queued, in_progress → pending · completed, SUCCESS → succeeded · failed, error, FAILED → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   the reply names a backend model such as veo_3_1-4K; older aliases take 16x9 and 9x16 (letter x) and no length; chat completions with a Veo model: no body is documented
 */
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import type { TaskApi } from '../task/types';
import { taskPath, unifiedTaskApi } from './unifiedTaskApi';
import { SEND_PICTURES_AS, aspectRatioField, ratioOptions, secondsChoiceField } from './fields';
import { requestFromFields } from './request';
import { sizeFields } from './sizes';
import type { VideoField, VideoMode, VideoModel, VideoProvider } from './types';
import { firstLastFrameMode, imageToVideoMode, textToVideoMode } from './unifiedModes';

const VEO_3_1_FAST: VideoModel = {
	id: 'veo3.1-fast',
	displayName: 'Veo 3.1 Fast',
	pricePerSecondUsd: { '720p': 0.08, '1080p': 0.096, '2160p': 0.24 },
};
const VEO_3_1: VideoModel = {
	id: 'veo3.1',
	displayName: 'Veo 3.1',
	pricePerSecondUsd: { '720p': 0.32, '1080p': 0.32, '2160p': 0.48 },
};
const OLDER = 'Older; may be refused';
const EIGHT_SECONDS = 'Always 8 seconds';
/** Prices that a client was charged on 2026-09-05, whatever the shape; all videos had 8 seconds. */
function veo3Price(perSecondUsd: number): Pick<VideoModel, 'pricePerSecondUsd' | 'fixedSeconds'> {
	return { pricePerSecondUsd: { '1080p': perSecondUsd }, fixedSeconds: 8 };
}

const OLDER_MODELS: VideoModel[] = [
	{ id: 'veo3-fast', displayName: 'Veo 3 Fast', description: EIGHT_SECONDS, ...veo3Price(0.08) },
	{ id: 'veo3', displayName: 'Veo 3', description: EIGHT_SECONDS, ...veo3Price(0.32) },
	{ id: 'veo3.1-pro', displayName: 'Veo 3.1 Pro (Legacy)', description: OLDER },
	{ id: 'veo3-pro', displayName: 'Veo 3 Pro (Legacy)', description: OLDER },
];
const MODELS = [VEO_3_1_FAST, VEO_3_1, ...OLDER_MODELS];
const CURRENT_IDS = [VEO_3_1_FAST.id, VEO_3_1.id];

/** Letter x, not colon: CometAPI's older page. */
const OLDER_SHAPE: VideoField = {
	property: {
		displayName: 'Aspect Ratio',
		name: 'aspectRatio',
		type: 'options',
		options: ratioOptions(['16:9', '9:16']),
		default: '16:9',
		description: 'Shape of the video',
	},
	placement: 'panel',
	models: OLDER_MODELS.map(({ id }) => id),
	sendAs: 'size',
	encode: (ratio) => String(ratio).replace(':', 'x'),
};

const FIELDS = [
	secondsChoiceField([4, 6, 8], 8, CURRENT_IDS),
	...sizeFields([
		{
			sizes: {
				'720p': { '16:9': '1280x720', '9:16': '720x1280' },
				'1080p': { '16:9': '1920x1080' },
				'2160p': { '16:9': '3840x2160' },
			},
			models: CURRENT_IDS,
		},
	]),
	OLDER_SHAPE,
];
const PICTURE_FIELDS = [...FIELDS, SEND_PICTURES_AS];

// The route of 2025, which CometAPI calls superseded: its blog, and /submit-video-generation-task-18941528e0 of its documentation.
const LEGACY_ROUTE = '/veo/v1/video/query';
/** Where a third party asks for the same tasks. */
const OTHER_LEGACY_ROUTE = '/veo/v1/video/status';

const LEGACY_FORM: TaskForm = { name: 'Veo', isPayloadFirst: true };

const legacyTaskApi: TaskApi = {
	routes: [LEGACY_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, LEGACY_FORM), route: LEGACY_ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	otherRoutes: () => [OTHER_LEGACY_ROUTE],
	parseTask: (body, ref) => readTask(body, ref, LEGACY_FORM),
};

const ENHANCE_PROMPT: VideoField = {
	property: {
		displayName: 'Enhance Prompt',
		name: 'enhancePrompt',
		type: 'boolean',
		default: true,
		description: 'Whether CometAPI may improve the prompt',
	},
	placement: 'options',
	sendAs: 'enhance_prompt',
};

const LEGACY_RATIO = aspectRatioField(['16:9', '9:16'], 'aspect_ratio');
const ASPECT_RATIO: VideoField = {
	...LEGACY_RATIO,
	property: { ...LEGACY_RATIO.property, description: 'Shape of the video; may be refused' },
	placement: 'options',
};

const PRICE_UNKNOWN = 'What this route costs is not published';

function model(id: string, displayName: string): VideoModel {
	return { id, displayName, description: PRICE_UNKNOWN };
}

const textToVideoLegacy: VideoMode = {
	id: 'textToVideoLegacy',
	job: 'video.generate',
	displayName: 'Text to Video (Legacy)',
	description: 'Create a video from a description, in the way of 2025; prefer the other modes',
	models: [model('veo3.1', 'Veo 3.1'), model('veo3', 'Veo 3'), model('veo3-pro', 'Veo 3 Pro')],
	prompt: 'required',
	taskApi: legacyTaskApi,
	fields: [ASPECT_RATIO, ENHANCE_PROMPT],
	media: [],
	buildRequest: requestFromFields('/veo/v1/video/create', 'json'),
};

export const veo: VideoProvider = {
	id: 'veo',
	displayName: 'Veo',
	description: 'Google: video with sound, 4 to 8 seconds, up to 4K, also from one picture to another',
	docsUrl: 'https://apidoc.cometapi.com/api/video/veo3/self-developed/veo3-async-generation',
	cataloguePattern: /^veo/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({ models: MODELS, fields: PICTURE_FIELDS }),
		firstLastFrameMode({ models: MODELS, fields: PICTURE_FIELDS }),
		textToVideoLegacy,
	],
};
