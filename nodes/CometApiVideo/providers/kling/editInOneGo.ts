/** The steps of an edit as one job: opens the video, selects the thing at the given spots, and edits it. */
import type { IDataObject } from 'n8n-workflow';
import { firstText } from '../../task/json';
import { payloadOf } from '../../service/reader/readTask';
import { InvalidInputError, RequestError } from '../../task/errors';
import type { CreateRequest } from '../../task/types';
import { bodyFromFields, mediaParts } from '../request';
import type { GenerateInput, VideoField, VideoMode } from '../types';
import {
	EDIT_IMAGES,
	EDIT_MODE,
	FRAME,
	MAX_POINTS,
	STEPS,
	VIDEO_TO_EDIT,
	assertImagesOfEdit,
	assertVideoToEdit,
} from './editing';
import { CALLBACK_URL, EXTERNAL_TASK_ID, NEGATIVE_PROMPT, durationField, klingBody, qualityField } from './klingFields';
import { KLING } from './klingTaskApi';

const PERCENT = { minValue: 0, maxValue: 100, numberPrecision: 1 };

const SPOTS: VideoField = {
	property: {
		displayName: 'Where It Is',
		name: 'spots',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Spot',
		default: {},
		description: `Up to ${MAX_POINTS} spots on the thing to swap or remove; without any, it is what is in the middle of the picture`,
		options: [
			{
				displayName: 'Spot',
				name: 'spot',
				values: [
					{
						displayName: 'From the Left (%)',
						name: 'left',
						type: 'number',
						typeOptions: PERCENT,
						default: 50,
						description: '0 is the left edge of the picture, 100 the right one',
					},
					{
						displayName: 'From the Top (%)',
						name: 'top',
						type: 'number',
						typeOptions: PERCENT,
						default: 50,
						description: '0 is the upper edge of the picture, 100 the lower one',
					},
				],
			},
		],
	},
	placement: 'panel',
	sendAs: null,
};

const MIDDLE = { x: 0.5, y: 0.5 };

/** What is added need not be marked. */
function pointsOf({ values }: GenerateInput): Array<{ x: number; y: number }> {
	const rows = ((values.spots as IDataObject | undefined)?.spot as IDataObject[] | undefined) ?? [];
	const points = rows.map(({ left = 50, top = 50 }) => ({ x: Number(left) / 100, y: Number(top) / 100 }));
	return points.length === 0 && values.editMode !== 'addition' ? [MIDDLE] : points;
}

function step(name: string, body: IDataObject): CreateRequest {
	return { path: `${KLING}${STEPS}/${name}`, encoding: 'json', body, media: [] };
}

export const editInOneGo: VideoMode = {
	id: 'editInOneGo',
	job: 'video.edit',
	displayName: 'Edit in One Go',
	description: 'Add, swap or remove a thing in a video: say what and where',
	models: [{ id: 'kling-v1-6', displayName: 'Kling 1.6' }],
	prompt: 'required',
	fields: [
		EDIT_MODE,
		SPOTS,
		durationField([5, 10]),
		qualityField(),
		{ ...FRAME, placement: 'options', sendAs: null },
		NEGATIVE_PROMPT,
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [VIDEO_TO_EDIT, EDIT_IMAGES],
	check(input) {
		assertVideoToEdit(input);
		assertImagesOfEdit(input);
		const { length } = pointsOf(input);
		if (length <= MAX_POINTS) return;
		throw new InvalidInputError(`Where It Is: ${length} spots are too many`, `Allowed: at most ${MAX_POINTS}.`);
	},
	buildRequest(input, mode) {
		const points = pointsOf(input);
		const opening = { ...mode, fields: [], media: [VIDEO_TO_EDIT] };
		const editing = { ...mode, media: [EDIT_IMAGES] };
		const edit = (sessionId: string): CreateRequest => ({
			path: `${KLING}${STEPS}`,
			encoding: 'json',
			body: { session_id: sessionId, ...klingBody(input, editing) },
			media: mediaParts(editing, input),
		});
		const marks = { frame_index: Number(input.values.frameIndex ?? 0), points };
		const open = {
			...step('init-selection', bodyFromFields(opening, input)),
			media: mediaParts(opening, input),
		};
		const complete = (answer: IDataObject): CreateRequest => {
			const sessionId = readSession(answer);
			if (points.length === 0) return edit(sessionId);
			const mark = step('add-selection', { session_id: sessionId, ...marks });
			return { ...edit(sessionId), before: { request: mark, complete: () => edit(sessionId) } };
		};
		// The session is not known yet; until then the marks tell one request from another.
		const unsent = edit('');
		return { ...unsent, body: { ...unsent.body, ...marks }, before: { request: open, complete } };
	},
};

/** @throws RequestError when the answer names no session */
function readSession(answer: IDataObject): string {
	const sessionId = firstText(payloadOf(answer).session_id);
	if (sessionId !== '') return sessionId;
	// No create was sent yet, so its outcome is not in doubt.
	throw new RequestError(
		'refused',
		"CometAPI's answer about the video to edit is incomplete (session_id)",
		'Run the item again; nothing was created yet.',
	);
}
