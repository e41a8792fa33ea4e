/**
 * Grok Imagine (xAI) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/xai/video-generation, /video-edit and /get-video-generation-results (checked 2026-11-21)
 * Create:   POST /grok/v1/videos/{generations|edits} · JSON
 * Status:   GET  /grok/v1/videos/{id}
 * Statuses: queued, processing → pending · done, SUCCESS → succeeded · failed, expired, FAILURE → failed
 * Result:   video.url · temporary link
 * Quirks:   a reply of nothing but request_id means "not ready"; a blocked video is "done" with respect_moderation false
 */
import { z } from 'zod';
import { UnexpectedResponseError } from '../task/errors';
import { isLink, isObject, lenient, parseReply, readErrorBody, unwrapGatewayReply } from '../service/replies';
import type { TaskApi, TaskState, VideoTask } from '../task/types';
import { linkOf, unifiedTaskApi } from './unifiedTaskApi';
import { DEFAULT_MAX_IMAGE_MEGABYTES, aspectRatioField, secondsField } from './fields';
import { requestFromFields } from './request';
import type { MediaSlot, VideoField, VideoModel, VideoProvider } from './types';

const ROUTE = '/grok/v1/videos';

const SUCCESS_WORD = 'done';
const FAILURE_WORDS = ['failed', 'expired'];

const replySchema = z
	.object({
		status: lenient(z.string()),
		model: lenient(z.string()),
		video: lenient(
			z
				.object({
					url: lenient(z.string()),
					duration: lenient(z.number().finite()),
					respect_moderation: lenient(z.boolean()),
				})
				.passthrough(),
		),
	})
	.passthrough();

const xaiTaskApi: TaskApi = {
	routes: [ROUTE],

	parseCreated(body, request, provider) {
		const reply = isObject(body) ? body : {};
		const requestId = (isObject(reply.data) ? reply.data.request_id : undefined) ?? reply.request_id;
		const created = unifiedTaskApi.parseCreated(requestId ? { task_id: requestId } : body, request, provider);
		return { ...created, route: ROUTE, raw: reply };
	},

	statusRequest: ({ route, taskId }) => ({ method: 'GET', path: `${route}/${encodeURIComponent(taskId)}` }),

	parseTask(body, ref): VideoTask {
		const { payload, wrapper } = unwrapGatewayReply(body);
		const reply = parseReply(replySchema, payload, `task ${ref.taskId}`);
		// Progress, times and the wrapper's own words are those of /v1/videos.
		const gateway = unifiedTaskApi.parseTask(wrapper ?? payload, ref);
		const { progressPercent, model, createdAt, completedAt, raw } = gateway;
		return {
			...readState(reply, gateway),
			ref,
			progressPercent,
			model: reply.model || model,
			durationSeconds: reply.video?.duration || undefined,
			createdAt,
			completedAt,
			raw,
		};
	},
};

/** @throws UnexpectedResponseError when a finished video has no link */
function readState(reply: z.infer<typeof replySchema>, gateway: VideoTask): TaskState {
	const rawStatus = reply.status || gateway.rawStatus;
	const word = rawStatus.toLowerCase();
	if (reply.video?.respect_moderation === false) {
		return { status: 'failed', rawStatus, reason: "The video was blocked by xAI's moderation" };
	}
	if (gateway.status === 'failed' || FAILURE_WORDS.includes(word)) {
		const said = readErrorBody(reply);
		const gatewayReason = gateway.status === 'failed' ? gateway.reason : '';
		return { status: 'failed', rawStatus, reason: said.message || gatewayReason, code: said.code || undefined };
	}
	const url = [reply.video?.url, linkOf(gateway)].find(isLink);
	if (word === SUCCESS_WORD || gateway.status === 'succeeded' || (word === '' && url)) {
		if (!url) {
			throw new UnexpectedResponseError(
				`CometAPI says that task ${gateway.ref.taskId} is done, but its answer has no link (video.url)`,
				'Read the task again with Task > Get. If the link stays away, give CometAPI support the task ID.',
			);
		}
		return { status: 'succeeded', rawStatus, assets: [{ kind: 'video', sources: [{ at: 'url', url }] }] };
	}
	return { status: 'pending', rawStatus };
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
	displayName: 'Grok Imagine Video',
	description: 'Older model, up to 720p. The newest page of CometAPI no longer names it.',
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
			description: 'Number of lines of the video',
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
			description: 'Signed address to which xAI uploads the finished video (details documented by its maker only)',
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
	description: 'Grok Imagine: pictures that move, and editing by description',
	docsUrl: 'https://apidoc.cometapi.com/api/video/xai/video-generation',
	cataloguePattern: /^grok-.*video/i,
	taskApi: xaiTaskApi,
	modes: [
		{
			id: 'imageToVideo',
			displayName: 'Image to Video',
			description: 'Make a video that starts from a picture',
			models: [GROK_1_5, GROK_1],
			prompt: 'required',
			fields: [SECONDS, RESOLUTION_1_5, RESOLUTION_1, ASPECT_RATIO_OF_IMAGE, ...RARE_FIELDS],
			media: [IMAGE],
			buildRequest: requestFromFields(`${ROUTE}/generations`, 'json'),
		},
		{
			id: 'textToVideo',
			displayName: 'Text to Video',
			description: 'Make a video from a description',
			models: [GROK_1],
			prompt: 'required',
			fields: [SECONDS, RESOLUTION_1, ASPECT_RATIO, ...RARE_FIELDS],
			media: [],
			buildRequest: requestFromFields(`${ROUTE}/generations`, 'json'),
		},
		{
			id: 'editVideo',
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
