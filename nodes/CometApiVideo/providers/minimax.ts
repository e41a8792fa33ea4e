/**
 * MiniMax through CometAPI: H3 on /v1/videos, Hailuo on MiniMax's own routes.
 * Docs:     https://www.cometapi.com blog, 2026-09-03, model pages of 2025, clients' transcripts, MiniMax's reference (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart; Hailuo: POST /v1/video_generation · JSON
 * Status:   GET  /v1/videos/{id}; Hailuo: GET /v1/query/video_generation?task_id={id}
 * Statuses: queued, in_progress, Queueing, Processing → pending · completed, Success → succeeded · failed, error, Fail, Failed → failed
 * Result:   video_url, else GET /v1/videos/{id}/content; Hailuo: file.download_url of GET /v1/files/retrieve?file_id=, which is billed
 * Quirks:   no page of H3 is public, its default length is ours; Hailuo refuses with HTTP 200 and base_resp.status_code other than 0
 */
import { InvalidInputError } from '../task/errors';
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import { idFrom, layersOf } from '../service/reader/layers';
import type { Asset, AssetSource, TaskApi, VideoTask } from '../task/types';
import { unifiedTaskApi } from './unifiedTaskApi';
import { MAY_BE_REFUSED, SEND_PICTURES_AS, callbackUrlField, secondsChoiceField, secondsField } from './fields';
import { resolutionOptions, sizeFields } from './sizes';
import { requestFromFields } from './request';
import type { GenerateInput, MediaSlot, VideoField, VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const MODELS: VideoModel[] = [
	{ id: 'minimax-h3', displayName: 'MiniMax H3', pricePerSecondUsd: { '768p': 0.08, '1440p': 0.13 } },
];

const FIELDS = [
	secondsField({ min: 5, max: 15, default: 5 }),
	...sizeFields([
		{
			sizes: {
				'768p': { '16:9': '1344x768', '9:16': '768x1344', '1:1': '768x768', '3:4': '768x1024', '21:9': '1536x672' },
				'1440p': { '16:9': '2560x1440', '9:16': '1440x2560', '1:1': '1440x1440' },
			},
		},
	]),
];

const HAILUO_ROUTE = '/v1/query/video_generation';

/** MiniMax's own codes, for CometAPI names none: its faults and time-outs, its rate limits, and who is let in. */
const HAILUO_FORM: TaskForm = {
	name: 'MiniMax',
	isPayloadFirst: true,
	meanings: {
		...{ 1000: 'transient', 1001: 'transient', 1013: 'transient' },
		...{ 1002: 'throttled', 1039: 'throttled', 1004: 'access', 2049: 'access' },
	},
};

const hailuoTaskApi: TaskApi = {
	routes: [HAILUO_ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, HAILUO_FORM), route: HAILUO_ROUTE }),
	statusRequest: ({ route, taskId }) => ({ method: 'GET', path: `${route}?task_id=${encodeURIComponent(taskId)}` }),
	parseTask: (body, ref) => withFile(readTask(body, ref, HAILUO_FORM), body),
};

/** A finished task names a file, whose link is looked up; a link is better, for the lookup is billed. */
function withFile(task: VideoTask, body: unknown): VideoTask {
	const fileId = layersOf(body).flatMap((layer) => idFrom(layer.file_id) ?? [])[0];
	if (task.status !== 'succeeded' || fileId === undefined) return task;
	const path = `/v1/files/retrieve?file_id=${encodeURIComponent(fileId)}`;
	const lookup: AssetSource = { at: 'lookup', path, urlPath: 'file.download_url' };
	const { lacksFile: _, ...found } = task;
	const [first, ...more] = task.assets;
	const sources: Asset['sources'] = first ? [...first.sources, lookup] : [lookup];
	return { ...found, assets: [{ kind: 'video', sources }, ...more], outputs: { fileId } };
}

/** CometAPI's model pages name the first, a client of 2026-01 the second; which ids it takes is not published. */
const HAILUO_02: VideoModel = { id: 'minimax-hailuo-02', displayName: 'Hailuo 02' };
const VIDEO_01: VideoModel = {
	id: 'video-01',
	displayName: 'Video-01',
	description: MAY_BE_REFUSED,
};
const HAILUO_2_3: VideoModel = { id: 'MiniMax-Hailuo-2.3', displayName: 'Hailuo 2.3', description: MAY_BE_REFUSED };
const HAILUO_2_3_FAST: VideoModel = {
	id: 'MiniMax-Hailuo-2.3-Fast',
	displayName: 'Hailuo 2.3 Fast',
	description: MAY_BE_REFUSED,
};
const MAKERS_HAILUO_02: VideoModel = {
	id: 'MiniMax-Hailuo-02',
	displayName: 'Hailuo 02 (Other ID)',
	description: MAY_BE_REFUSED,
};
const T2V_01: VideoModel = { id: 'T2V-01', displayName: 'T2V-01', description: MAY_BE_REFUSED };

/** The 01 models have one length and one size, and only Hailuo 02 goes down to 512p. */
const WITH_512P = [HAILUO_02.id, MAKERS_HAILUO_02.id];
const FROM_768P = [HAILUO_2_3.id, HAILUO_2_3_FAST.id];

function resolutionField(lines: readonly number[], models: readonly string[]): VideoField {
	return {
		property: {
			displayName: 'Resolution',
			name: 'resolution',
			type: 'options',
			options: resolutionOptions(lines.map((count) => `${count}p`)).map((option) =>
				option.value === '1080p' ? { ...option, description: '6 seconds at most' } : option,
			),
			default: '768p',
			description: 'How sharp the video is',
		},
		placement: 'panel',
		models,
		sendAs: 'resolution',
		encode: (value) => String(value).toUpperCase(),
	};
}

const HAILUO_FIELDS: VideoField[] = [
	{ ...secondsChoiceField([6, 10], 6, [...WITH_512P, ...FROM_768P]), sendAs: 'duration', encode: undefined },
	resolutionField([512, 768, 1080], WITH_512P),
	resolutionField([768, 1080], FROM_768P),
	{
		property: {
			displayName: 'Prompt Optimizer',
			name: 'promptOptimizer',
			type: 'boolean',
			default: true,
			description: 'Whether MiniMax may improve the prompt',
		},
		placement: 'options',
		sendAs: 'prompt_optimizer',
	},
	{
		property: {
			displayName: 'Faster Prompt Optimizer',
			name: 'fastPretreatment',
			type: 'boolean',
			default: false,
			description: 'Whether to improve the prompt in less time',
		},
		placement: 'options',
		sendAs: 'fast_pretreatment',
	},
	{
		property: {
			displayName: 'Watermark',
			name: 'watermark',
			type: 'boolean',
			default: false,
			description: 'Whether the video is marked as made by AI',
		},
		placement: 'options',
		sendAs: 'aigc_watermark',
	},
	callbackUrlField(
		'Address that is called when the task changes. It must answer the first call with the "challenge" of that call.',
		'e.g. https://example.com/minimax',
	),
];

function hailuoImageSlot(
	spec: Pick<MediaSlot, 'name' | 'displayName' | 'description' | 'sendAs'> & Partial<MediaSlot>,
): MediaSlot {
	return {
		kind: 'image',
		mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
		accepts: ['dataUri', 'url'],
		required: true,
		maxCount: 1,
		maxMegabytes: 20,
		...spec,
	};
}

function assertShortAtFullSize({ values }: GenerateInput) {
	if (values.resolution !== '1080p' || values.seconds !== 10) return;
	throw new InvalidInputError(
		'Duration cannot be 10 seconds with the Resolution 1080p',
		'Choose 6 seconds, or the resolution 768p.',
	);
}

const OLDER_ROUTE = 'Each download costs about 0.004 USD more.';

export const minimax: VideoProvider = {
	id: 'minimax',
	displayName: 'MiniMax',
	description: 'MiniMax H3: 5 to 15 seconds, up to 2K, from text or a picture; also the older Hailuo models',
	docsUrl: 'https://apidoc.cometapi.com/api/video',
	cataloguePattern: /^minimax-h/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		imageToVideoMode({ models: MODELS, fields: [...FIELDS, SEND_PICTURES_AS] }),
		{
			id: 'textToVideoHailuo',
			job: 'video.generate',
			displayName: 'Text to Video (Hailuo, Legacy)',
			description: `Older models. ${OLDER_ROUTE}`,
			models: [HAILUO_02, HAILUO_2_3, MAKERS_HAILUO_02, VIDEO_01, T2V_01],
			prompt: 'required',
			taskApi: hailuoTaskApi,
			fields: HAILUO_FIELDS,
			media: [],
			check: assertShortAtFullSize,
			buildRequest: requestFromFields('/v1/video_generation', 'json'),
		},
		{
			id: 'imageToVideoHailuo',
			job: 'video.generate',
			displayName: 'Image to Video (Hailuo, Legacy)',
			description: `Older models. ${OLDER_ROUTE}`,
			models: [HAILUO_02, HAILUO_2_3, HAILUO_2_3_FAST, MAKERS_HAILUO_02, VIDEO_01],
			prompt: 'optional',
			taskApi: hailuoTaskApi,
			fields: HAILUO_FIELDS,
			media: [
				hailuoImageSlot({
					name: 'image',
					displayName: 'Image',
					description:
						'Picture that the video starts from (JPEG, PNG or WebP, sides from 2:5 to 5:2 and over 300 pixels)',
					sendAs: 'first_frame_image',
				}),
				hailuoImageSlot({
					name: 'lastFrame',
					displayName: 'Last Frame',
					description: 'Picture that the video ends with; may be refused',
					sendAs: 'last_frame_image',
					required: false,
					models: WITH_512P,
				}),
			],
			check: assertShortAtFullSize,
			buildRequest: requestFromFields('/v1/video_generation', 'json'),
		},
	],
};
