/**
 * Midjourney video through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/image/midjourney/submit-video and /task-fetching-api/fetch-single-task (checked 2026-11-21)
 * Create:   POST /mj/submit/video · JSON
 * Status:   GET  /mj/task/{id}/fetch
 * Statuses: NOT_START, SUBMITTED, IN_PROGRESS → pending · SUCCESS → succeeded · FAILURE, FAILED → failed
 * Result:   videoUrl
 * Quirks:   the create answers with the id in `result`; without one, `description` says why it was refused
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { RequestError, UnexpectedResponseError, withReason } from '../task/errors';
import { firstText, isLink, isObject, lenient, parseReply, unwrapGatewayReply } from '../service/replies';
import type { Asset, CreateRequest, TaskApi, TaskState, VideoTask } from '../task/types';
import { unifiedTaskApi } from './unifiedTaskApi';
import { DEFAULT_MAX_IMAGE_MEGABYTES } from './fields';
import { bodyFromFields, mediaParts } from './request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoProvider } from './types';

const ROUTE = '/mj/task';

/** Not on CometAPI's page; the convention of the open-source gateway. */
const ACCEPTED_CODE = 1;

const optionalTime = lenient(z.union([z.number(), z.string()]));

const taskSchema = z
	.object({
		status: lenient(z.string()),
		progress: lenient(z.union([z.number(), z.string()])),
		failReason: lenient(z.string()),
		videoUrl: lenient(z.string()),
		/** Several variants, as the open-source gateway has them; CometAPI documents one `videoUrl`. */
		videoUrls: lenient(z.array(z.unknown())),
		submitTime: optionalTime,
		finishTime: optionalTime,
	})
	.passthrough();

const midjourneyTaskApi: TaskApi = {
	routes: [ROUTE],

	parseCreated(body, request, provider) {
		const raw = isObject(body) ? body : {};
		if (!raw.result && raw.code !== ACCEPTED_CODE && typeof raw.description === 'string') {
			throw new RequestError(
				'refused',
				withReason(`Midjourney refused the request (code ${firstText(raw.code) || 'unknown'})`, raw.description),
				'Correct what the message names, then run the item again.',
				{ errorCode: firstText(raw.code) },
			);
		}
		const created = unifiedTaskApi.parseCreated({ task_id: raw.result }, request, provider);
		return { ...created, route: ROUTE, raw };
	},

	statusRequest: ({ route, taskId }) => ({ method: 'GET', path: `${route}/${encodeURIComponent(taskId)}/fetch` }),

	parseTask(body, ref): VideoTask {
		const { payload, wrapper } = unwrapGatewayReply(body);
		const outer = { status: wrapper?.status, progress: wrapper?.progress, failReason: wrapper?.fail_reason };
		const reply = parseReply(taskSchema, { ...outer, ...payload }, `task ${ref.taskId}`);
		const { status, progress, failReason, submitTime, finishTime } = reply;
		// Status words, percent signs and milliseconds are read as those of /v1/videos.
		const task = unifiedTaskApi.parseTask(
			{
				task_id: ref.taskId,
				status,
				progress,
				fail_reason: failReason,
				submit_time: submitTime,
				finish_time: finishTime,
			},
			ref,
		);
		return {
			...task,
			...(task.status === 'succeeded' ? succeeded(task, readLinks(reply)) : {}),
			raw: wrapper ?? payload,
		};
	},
};

function succeeded({ rawStatus, ref }: VideoTask, links: readonly string[]): TaskState {
	if (links.length === 0) {
		throw new UnexpectedResponseError(
			`CometAPI says that task ${ref.taskId} succeeded, but its answer has no link (videoUrl)`,
			'Read the task again with Task > Get. A task that made pictures has no video.',
		);
	}
	const assets = links.map((url): Asset => ({ kind: 'video', sources: [{ at: 'url', url }] }));
	return { status: 'succeeded', rawStatus, assets };
}

function readLinks({ videoUrl, videoUrls }: z.infer<typeof taskSchema>): string[] {
	const variants = (videoUrls ?? []).map((entry) => (isObject(entry) ? entry.url : entry));
	return [...new Set([videoUrl, ...variants])].filter(isLink);
}

const MOTION: VideoField = {
	property: {
		displayName: 'Motion',
		name: 'motion',
		type: 'options',
		options: [
			{ name: 'Low', value: 'low', description: 'Still scenes, small movements' },
			{ name: 'High', value: 'high', description: 'Large movements of subject and camera' },
		],
		default: 'low',
		description: 'How much moves in the video',
	},
	placement: 'panel',
	sendAs: 'motion',
};

// Not offered: notifyHook, which is seen for pictures only, and the speed prefixes /mj-fast and /mj-turbo, likewise.
const STATE: VideoField = {
	property: {
		displayName: 'State',
		name: 'state',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-42',
		description: 'Text of your own that comes back with the task',
	},
	placement: 'options',
	sendAs: 'state',
};

const CONTINUE_FIELDS: VideoField[] = [
	{
		property: {
			displayName: 'Video Task ID',
			name: 'videoId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1762547298152655',
			description: 'ID of a finished Midjourney video task; take it from the output field taskId',
		},
		placement: 'panel',
		sendAs: 'taskId',
		encode: (value) => String(value).trim(),
		required: true,
	},
	{
		property: {
			displayName: 'Variant',
			name: 'videoIndex',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description: 'Which video of that task to continue; 0 is the first',
		},
		placement: 'panel',
		sendAs: 'index',
	},
	{
		property: {
			displayName: 'Action',
			name: 'action',
			type: 'string',
			default: 'extend',
			description:
				'What to do with that video. CometAPI publishes no list of words; extend is the one that other gateways document.',
		},
		placement: 'panel',
		sendAs: 'action',
		required: true,
	},
];

function imageSlot(description: string): MediaSlot {
	return {
		name: 'image',
		displayName: 'Image',
		description,
		kind: 'image',
		mimeTypes: ['image/jpeg', 'image/png', 'image/webp'],
		accepts: ['dataUri', 'url'],
		sendAs: 'image',
		required: true,
		maxCount: 1,
		// CometAPI publishes no limit.
		maxMegabytes: DEFAULT_MAX_IMAGE_MEGABYTES,
	};
}

function buildRequest(input: GenerateInput, mode: VideoMode): CreateRequest {
	const body: IDataObject = {
		...(input.prompt === '' ? {} : { prompt: input.prompt }),
		...bodyFromFields(mode, input),
	};
	return { path: '/mj/submit/video', encoding: 'json', body, media: mediaParts(mode, input) };
}

export const midjourney: VideoProvider = {
	id: 'midjourney',
	displayName: 'Midjourney',
	description: 'Pictures that move, in the style of Midjourney',
	docsUrl: 'https://apidoc.cometapi.com/api/image/midjourney/submit-video',
	cataloguePattern: /^(midjourney|mj)[-_]/i,
	taskApi: midjourneyTaskApi,
	modes: [
		{
			id: 'imageToVideo',
			displayName: 'Image to Video',
			description: 'Make a video that starts from a picture',
			models: [],
			prompt: 'optional',
			fields: [MOTION, STATE],
			media: [imageSlot('Picture that the video starts from (JPEG, PNG or WebP)')],
			buildRequest,
		},
		{
			id: 'continueVideo',
			displayName: 'Continue Video',
			description: 'Make a finished Midjourney video longer',
			models: [],
			prompt: 'optional',
			fields: [MOTION, ...CONTINUE_FIELDS, STATE],
			media: [
				imageSlot('First frame (JPEG, PNG or WebP), which CometAPI wants here too, e.g. the last frame of that video'),
			],
			buildRequest,
		},
	],
};
