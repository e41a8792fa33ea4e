/**
 * Midjourney video through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/image/midjourney/submit-video and /task-fetching-api/fetch-single-task (checked 2026-11-21)
 * Create:   POST /mj/submit/video · JSON
 * Status:   GET  /mj/task/{id}/fetch
 * Statuses: NOT_START, SUBMITTED, IN_PROGRESS → pending · SUCCESS → succeeded · FAILURE, FAILED → failed
 * Result:   videoUrl
 * Many:     POST /mj/task/list-by-condition with their ids
 * Quirks:   the create answers with the id in `result`; without one, `description` says why it was refused
 */
import type { IDataObject } from 'n8n-workflow';
import { tasksById } from '../service/reader/layers';
import { readCreated } from '../service/reader/readCreated';
import { readTask } from '../service/reader/readTask';
import type { TaskForm } from '../service/reader/taskForm';
import type { CreateRequest, TaskApi } from '../task/types';
import { DEFAULT_MAX_IMAGE_MEGABYTES } from './fields';
import { bodyFromFields, mediaParts } from './request';
import type { GenerateInput, MediaSlot, VideoField, VideoMode, VideoProvider } from './types';
import { taskPath } from './unifiedTaskApi';

const ROUTE = '/mj/task';

/** The codes are not on CometAPI's page; the convention of the open-source gateway: submitted, exists already, waits. */
const FORM: TaskForm = { name: 'Midjourney', idNames: ['result'], okCodes: ['1', '21', '22'], isPayloadFirst: true };

const midjourneyTaskApi: TaskApi = {
	routes: [ROUTE],
	parseCreated: (body) => ({ ...readCreated(body, FORM), route: ROUTE }),
	statusRequest: (ref) => ({ method: 'GET', path: `${taskPath(ref)}/fetch` }),
	parseTask: (body, ref) => readTask(body, ref, FORM),
	many: {
		request: (ids) => ({ method: 'POST', path: `${ROUTE}/list-by-condition`, body: { ids: [...ids] } }),
		split: tasksById,
	},
};

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
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1,
			description: 'Which video of that task to continue, counted from 1',
		},
		placement: 'panel',
		sendAs: 'index',
		encode: (value) => Number(value) - 1,
	},
	{
		property: {
			displayName: 'Action',
			name: 'action',
			type: 'string',
			default: 'extend',
			description: 'What to do with that video; other words than extend may be refused',
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
	description: 'Pictures that move, and go on moving',
	docsUrl: 'https://apidoc.cometapi.com/api/image/midjourney/submit-video',
	cataloguePattern: /^(midjourney|mj)[-_]/i,
	taskApi: midjourneyTaskApi,
	modes: [
		{
			id: 'imageToVideo',
			job: 'video.generate',
			displayName: 'Image to Video',
			description: 'Create a video that starts from a picture',
			models: [],
			prompt: 'optional',
			fields: [MOTION, STATE],
			media: [imageSlot('Picture that the video starts from (JPEG, PNG or WebP)')],
			buildRequest,
		},
		{
			id: 'continueVideo',
			job: 'video.extend',
			displayName: 'Continue Video',
			description: 'Make a finished Midjourney video longer',
			models: [],
			prompt: 'optional',
			fields: [MOTION, ...CONTINUE_FIELDS, STATE],
			media: [imageSlot('Picture to go on from (JPEG, PNG or WebP), e.g. the last frame of that video')],
			buildRequest,
		},
	],
};
