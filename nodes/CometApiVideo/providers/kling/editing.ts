/** Multimodal editing: mark things in a video in several steps, then add, swap or remove them. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode } from '../types';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	NEGATIVE_PROMPT,
	assertExactlyOne,
	durationField,
	isGiven,
	klingBody,
	klingImageSlot,
	klingRequest,
	klingVideoSlot,
	qualityField,
	textField,
	videoIdField,
} from './klingFields';
import { KLING } from './klingTaskApi';

export const STEPS = '/videos/multi-elements';
export const MAX_POINTS = 10;

const SESSION_ID = textField({
	displayName: 'Session ID',
	name: 'sessionId',
	sendAs: 'session_id',
	required: true,
	description: 'The output field sessionId of step 1',
});

/** The same for the steps and for all of them in one go. */
export const VIDEO_TO_EDIT = klingVideoSlot('MP4 or MOV, 2 to 5 or 7 to 10 seconds, 24, 30 or 60 frames per second', [
	videoIdField(),
	textField({
		displayName: 'Parent Task ID',
		name: 'parentTaskId',
		sendAs: 'task_id',
		placeholder: 'e.g. {{ $json.taskId }}',
		description: 'The output field taskId of the same Kling video',
	}),
]);

export function assertVideoToEdit({ values, media }: GenerateInput): void {
	assertExactlyOne(['Video ID', 'Video'], [isGiven(values.videoId), (media.video ?? []).length > 0]);
	if (isGiven(values.videoId) === isGiven(values.parentTaskId)) return;
	throw new InvalidInputError('Video ID and Parent Task ID belong together', 'Give both, or a link to the video.');
}

export const startSelection: VideoMode = {
	id: 'initSelection',
	job: 'video.edit',
	displayName: 'Edit Step 1: Start Selection',
	description: 'Open a video for editing; it must be 2 to 5 or 7 to 10 seconds long',
	models: [],
	prompt: 'none',
	fields: [],
	media: [VIDEO_TO_EDIT],
	check: assertVideoToEdit,
	buildRequest: klingRequest(`${STEPS}/init-selection`),
};

export const FRAME: VideoField = {
	property: {
		displayName: 'Frame Number',
		name: 'frameIndex',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'Frame of the video on which the points lie',
	},
	placement: 'panel',
	sendAs: 'frame_index',
};

const POINTS: VideoField = {
	property: {
		displayName: 'Points',
		name: 'points',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Point',
		default: {},
		description: `Up to ${MAX_POINTS} points on the thing to select, from 0 (left, top) to 1 (right, bottom)`,
		options: [
			{
				displayName: 'Point',
				name: 'point',
				values: ['x', 'y'].map((name) => ({
					displayName: name.toUpperCase(),
					name,
					type: 'number' as const,
					typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 4 },
					default: 0.5,
					description: name === 'x' ? 'From 0 (left) to 1 (right)' : 'From 0 (top) to 1 (bottom)',
				})),
			},
		],
	},
	placement: 'panel',
	sendAs: null,
};

function readPoints({ values }: GenerateInput): Array<{ x: number; y: number }> {
	const rows = (values.points as IDataObject | undefined)?.point;
	return (rows as Array<{ x: number; y: number }> | undefined) ?? [];
}

function assertPoints(input: GenerateInput) {
	const points = readPoints(input);
	const isInside = points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1);
	if (points.length >= 1 && points.length <= MAX_POINTS && isInside) return;
	throw new InvalidInputError(
		`Points: ${points.length} points${isInside ? '' : ', some of them outside the picture'}`,
		`Allowed: 1 to ${MAX_POINTS} points with X and Y from 0 to 1.`,
	);
}

function sessionMode(id: string, displayName: string, description: string, step: string): VideoMode {
	return {
		id,
		job: 'video.edit',
		displayName,
		description,
		models: [],
		prompt: 'none',
		fields: [SESSION_ID],
		media: [],
		buildRequest: klingRequest(`${STEPS}/${step}`),
	};
}

function pointsMode(id: string, displayName: string, description: string, step: string): VideoMode {
	return {
		...sessionMode(id, displayName, description, step),
		fields: [SESSION_ID, FRAME, POINTS],
		check: assertPoints,
		buildRequest: (input, mode) => ({
			path: `${KLING}${STEPS}/${step}`,
			encoding: 'json',
			body: { ...klingBody(input, mode), points: readPoints(input).map(({ x, y }) => ({ x, y })) },
			media: [],
		}),
	};
}

export const addSelection = pointsMode(
	'addSelection',
	'Edit Step 2: Add to Selection',
	'Select the thing at the given points of a frame',
	'add-selection',
);
export const deleteSelection = pointsMode(
	'deleteSelection',
	'Edit Step 2: Remove from Selection',
	'Take back points, which must be exactly those that were added',
	'delete-selection',
);

export const clearSelection = sessionMode(
	'clearSelection',
	'Edit Step 2: Clear Selection',
	'Take back all points of the session',
	'clear-selection',
);
export const previewSelection = sessionMode(
	'previewSelection',
	'Edit Step 3: Preview Selection',
	'See what is selected, before anything is changed',
	'preview-selection',
);

export const EDIT_MODE: VideoField = {
	property: {
		displayName: 'Edit',
		name: 'editMode',
		type: 'options',
		options: [
			{ name: 'Add', value: 'addition', description: 'Needs one or two pictures' },
			{ name: 'Remove', value: 'removal', description: 'Needs no picture' },
			{ name: 'Swap', value: 'swap', description: 'Needs one picture' },
		],
		default: 'swap',
		description:
			'What to do with the selection. The prompt calls the video &lt;&lt;&lt;video_1&gt;&gt;&gt; and pictures &lt;&lt;&lt;image_1&gt;&gt;&gt;.',
	},
	placement: 'panel',
	sendAs: 'edit_mode',
};

export const EDIT_IMAGES = klingImageSlot({
	name: 'images',
	displayName: 'Images',
	description: 'Pictures of the thing to add or to put in (JPEG or PNG, at most 10 MB each)',
	sendAs: 'image_list.*.image',
	required: false,
	maxCount: 2,
});

export function assertImagesOfEdit({ values, media }: GenerateInput): void {
	const count = (media.images ?? []).length;
	const allowed = { addition: [1, 2], swap: [1], removal: [0] }[String(values.editMode)] ?? [];
	if (allowed.includes(count)) return;
	throw new InvalidInputError(
		`Images: ${count} pictures do not fit the edit "${String(values.editMode)}"`,
		'Allowed: Add with one or two pictures, Swap with one, Remove with none.',
	);
}

export const editVideo: VideoMode = {
	id: 'multimodalEdit',
	job: 'video.edit',
	displayName: 'Edit Step 4: Edit Video',
	description: 'Add, swap or remove the selected things',
	models: [{ id: 'kling-v1-6', displayName: 'Kling 1.6' }],
	prompt: 'required',
	fields: [
		SESSION_ID,
		EDIT_MODE,
		durationField([5, 10]),
		qualityField(),
		NEGATIVE_PROMPT,
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [EDIT_IMAGES],
	check: assertImagesOfEdit,
	buildRequest: (input, mode) => ({
		path: `${KLING}${STEPS}`,
		encoding: 'json',
		body: klingBody(input, mode),
		media: mediaParts(mode, input),
	}),
};
