/**
 * Grok Imagine (xAI) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/xai/video-generation, /video-edit and /get-video-generation-results (checked 2026-11-27; 1.5 for text from CometAPI's blog, 2026-08)
 * Create:   POST /grok/v1/videos/{generations|edits} · JSON
 * Status:   GET  /grok/v1/videos/{id}
 * Statuses: queued, processing → pending · done, SUCCESS → succeeded · failed, expired, FAILURE → failed
 * Result:   video.url · temporary link
 * Quirks:   a reply of nothing but request_id means "not ready"; a blocked video is "done" with respect_moderation false
 */
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import { layersOf } from '../service/reader/layers';
import { getAtPath } from '../task/jsonPath';
import type { TaskApi, VideoTask } from '../task/types';
import { taskPath } from './unifiedTaskApi';
import { DEFAULT_MAX_IMAGE_MEGABYTES, aspectRatioField, secondsField } from './fields';
import { requestFromFields } from './request';
import type { MediaSlot, VideoField, VideoModel, VideoProvider } from './types';

const ROUTE = '/grok/v1/videos';

const FORM: TaskForm = { idNames: ['request_id'], isPayloadFirst: true };

const xaiTaskApi: TaskApi = {
	routes: [ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, FORM), route: ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: taskPath(ref) }),
	parseTask: (body, ref) => withModeration(readTask(body, ref, FORM), body),
};

/** A blocked video counts as done at xAI. */
function withModeration(task: VideoTask, body: unknown): VideoTask {
	const isBlocked = layersOf(body).some((layer) => getAtPath(layer, 'video.respect_moderation') === false);
	if (!isBlocked) return task;
	const { rawStatus, ref, progressPercent, model, durationSeconds, createdAt, completedAt, raw } = task;
	const known = { rawStatus, ref, progressPercent, model, durationSeconds, createdAt, completedAt, raw };
	return { ...known, status: 'failed', reason: "The video was blocked by xAI's moderation" };
}

/** Prices: CometAPI's blog, 2026-08. */
const GROK_1_5: VideoModel = {
	id: 'grok-imagine-video-1.5',
	displayName: 'Grok Imagine Video 1.5',
	pricePerSecondUsd: { '480p': 0.064, '720p': 0.112, '1080p': 0.2 },
	pricePerImageUsd: 0.008,
};
const GROK_1: VideoModel = {
	id: 'grok-imagine-video',
	displayName: 'Grok Imagine Video (Legacy)',
	description: 'Up to 720p; may be refused',
};

const SECONDS: VideoField = {
	...secondsField({ min: 1, max: 15, default: 8 }),
	sendAs: 'duration',
	encode: undefined,
};

function resolutionField(lines: readonly string[], model: VideoModel): VideoField {
	return {
		property: {
			displayName: 'Resolution',
			name: 'resolution',
			type: 'options',
			options: lines.map((value) => ({ name: value, value })),
			default: '720p',
			description: 'How sharp the video is',
		},
		placement: 'panel',
		models: [model.id],
		sendAs: 'resolution',
	};
}

const RESOLUTION_1_5 = resolutionField(['480p', '720p', '1080p'], GROK_1_5);
const RESOLUTION_1 = resolutionField(['480p', '720p'], GROK_1);

const ASPECT_RATIO = aspectRatioField(['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3'], 'aspect_ratio');

const ASPECT_RATIO_OF_IMAGE: VideoField = {
	...ASPECT_RATIO,
	property: {
		...ASPECT_RATIO.property,
		options: [
			{ name: 'Not Set', value: '', description: 'Leave it to the model' },
			...(ASPECT_RATIO.property.options ?? []),
		],
		default: '',
	},
};

// Not offered: `size`, which CometAPI's page advises against, and reference pictures and extensions, which only
// xAI's own pages have.
const RARE_FIELDS: VideoField[] = [
	{
		property: {
			displayName: 'Upload URL',
			name: 'outputUploadUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://storage.example.com/video.mp4?signature=…',
			description: 'Signed address to which xAI uploads the finished video; may be refused',
		},
		placement: 'options',
		sendAs: 'output.upload_url',
	},
	{
		property: {
			displayName: 'End User ID',
			name: 'endUserId',
			type: 'string',
			default: '',
			placeholder: 'e.g. customer-42',
			description: 'Your own ID of the person for whom the video is made',
		},
		placement: 'options',
		sendAs: 'user',
	},
];

const IMAGE: MediaSlot = {
	name: 'image',
	displayName: 'Image',
	description: 'Picture that the video starts from (JPEG, PNG or WebP)',
	kind: 'image',
	mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
	accepts: ['dataUri', 'url'],
	sendAs: 'image.url',
	required: true,
	maxCount: 1,
	// CometAPI publishes no limit.
	maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
};

const VIDEO: MediaSlot = {
	name: 'video',
	displayName: 'Video',
	description: 'Video to change (MP4, at most about 8.7 seconds)',
	kind: 'video',
	mimeTypes: ['video/mp4'],
	accepts: ['url'],
	sendAs: 'video.url',
	required: true,
	maxCount: 1,
	maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
};

export const xai: VideoProvider = {
	id: 'xai',
	displayName: 'xAI Grok',
	description: 'xAI Grok Imagine: 1 to 15 seconds from text or a picture, and changes to a short video by description',
	docsUrl: 'https://apidoc.cometapi.com/api/video/xai/video-generation',
	cataloguePattern: /^grok-.*video/i,
	taskApi: xaiTaskApi,
	modes: [
		{
			id: 'imageToVideo',
			job: 'video.generate',
			displayName: 'Image to Video',
			description: 'Create a video that starts from a picture',
			models: [GROK_1_5, GROK_1],
			prompt: 'required',
			fields: [SECONDS, RESOLUTION_1_5, RESOLUTION_1, ASPECT_RATIO_OF_IMAGE, ...RARE_FIELDS],
			media: [IMAGE],
			buildRequest: requestFromFields(`${ROUTE}/generations`, 'json'),
		},
		{
			id: 'textToVideo',
			job: 'video.generate',
			displayName: 'Text to Video',
			description: 'Create a video from a description',
			models: [GROK_1_5, GROK_1],
			prompt: 'required',
			fields: [SECONDS, RESOLUTION_1_5, RESOLUTION_1, ASPECT_RATIO, ...RARE_FIELDS],
			media: [],
			buildRequest: requestFromFields(`${ROUTE}/generations`, 'json'),
		},
		{
			id: 'editVideo',
			job: 'video.edit',
			displayName: 'Edit Video',
			description: 'Change a short video by description; length and shape stay as they are',
			models: [GROK_1],
			prompt: 'required',
			fields: RARE_FIELDS,
			media: [VIDEO],
			buildRequest: requestFromFields(`${ROUTE}/edits`, 'json'),
		},
	],
};
