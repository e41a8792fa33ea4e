/**
 * Sora (OpenAI) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/sora-2/create, older /api/video/sora-2/official/remix-video (checked 2026-11-21)
 * Create:   POST /v1/videos · multipart; POST /v1/videos/{id}/remix · JSON
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed → succeeded · failed → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   a picture must have exactly the size of the video; OpenAI switched its side off on 2026-09-24
 */
import { InvalidInputError } from '../task/errors';
import { assertTaskId } from '../task/checkText';
import { showValue } from '../task/shownText';
import { UNIFIED_ROUTE, unifiedTaskApi } from './unifiedTaskApi';
import { SEND_PICTURES_AS, inputReferenceSlot, readShots, secondsChoiceField, shotsField } from './fields';
import { sizeFields, sizeOf } from './sizes';
import { bodyFromFields } from './request';
import type { Shot } from './fields';
import type { GenerateInput, VideoField, VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const SWITCHED_OFF = 'Switched off by OpenAI on 2026-09-24; may be refused';
const RETIRED = 'Of 2025; may be refused';

/** Price: CometAPI's price page, 2026. */
const SORA_2: VideoModel = {
	id: 'sora-2',
	displayName: 'Sora 2',
	description: SWITCHED_OFF,
	pricePerSecondUsd: { '720p': 0.08 },
};
const SORA_2_PRO: VideoModel = { id: 'sora-2-pro', displayName: 'Sora 2 Pro', description: SWITCHED_OFF };
const SORA_2_ALL: VideoModel = { id: 'sora-2-all', displayName: 'Sora 2 All (Legacy)', description: RETIRED };
const SORA_2_PRO_ALL: VideoModel = {
	id: 'sora-2-pro-all',
	displayName: 'Sora 2 Pro All (Legacy)',
	description: RETIRED,
};
const ALL_IDS = [SORA_2_ALL.id, SORA_2_PRO_ALL.id];

const SIZES = { '720p': { '16:9': '1280x720', '9:16': '720x1280' } };
const SIZES_PRO = { ...SIZES, '1024p': { '16:9': '1792x1024', '9:16': '1024x1792' } };

const OFFICIAL_FIELDS = [secondsChoiceField([4, 8, 12, 16, 20], 4, [SORA_2.id, SORA_2_PRO.id])];
/** Pictures are taken by the official models only. */
const OFFICIAL_SIZES = [
	{ sizes: SIZES, models: [SORA_2.id] },
	{ sizes: SIZES_PRO, resolution: '1024p', models: [SORA_2_PRO.id] },
];
const ALL_SECONDS = [
	secondsChoiceField([10, 15], 10, [SORA_2_ALL.id]),
	secondsChoiceField([10, 15, 25], 10, [SORA_2_PRO_ALL.id]),
];
const ALL_SIZES = { sizes: SIZES, aspectRatio: '9:16', models: ALL_IDS };

const IMAGE_FIELDS = [...OFFICIAL_FIELDS, ...sizeFields(OFFICIAL_SIZES), SEND_PICTURES_AS];

function imageFieldsOf(model: string): VideoField[] {
	return IMAGE_FIELDS.filter(({ models }) => models?.includes(model));
}

const ALL_FIELDS: VideoField[] = [
	{
		property: {
			displayName: 'Character Video URL',
			name: 'characterUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/character.mp4',
			description: 'Link to a video with the character to show',
		},
		placement: 'options',
		models: ALL_IDS,
		sendAs: 'character_url',
	},
	{
		property: {
			displayName: 'Character Timestamps',
			name: 'characterTimestamps',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1,3',
			description: 'Where the character is seen in that video: first and last second, with a comma between them',
		},
		placement: 'options',
		models: ALL_IDS,
		sendAs: 'character_timestamps',
	},
];

const SHOTS = shotsField({
	description: 'Scenes of the video, in order. Their lengths should add up to the duration of the video.',
	duration: { minValue: 0.1, numberPrecision: 1 },
	scene: { placeholder: 'e.g. The cat jumps onto the table', description: 'What is seen and heard in the shot' },
	placement: 'panel',
});

/** The storyboard text that the `-all` models read: one block per shot, a blank line between blocks. */
function storyboardPrompt(shots: readonly Shot[]): string {
	return shots
		.map(
			({ duration, scene }, index) => `Shot ${index + 1}:\nduration: ${duration.toFixed(1)}sec\nScene: ${scene.trim()}`,
		)
		.join('\n\n');
}

const REMIX_SOURCE: VideoField = {
	property: {
		displayName: 'Video Task ID',
		name: 'videoId',
		type: 'string',
		default: '',
		placeholder: 'e.g. video_68f0c1…',
		description: 'ID of a finished Sora task; take it from the output field taskId',
	},
	placement: 'panel',
	sendAs: null,
	required: true,
};

export const sora: VideoProvider = {
	id: 'sora',
	displayName: 'Sora (Switched Off)',
	description: 'OpenAI: switched off on 2026-09-24; may be refused',
	docsUrl: 'https://apidoc.cometapi.com/api/video/sora-2/create',
	cataloguePattern: /^sora-/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({
			models: [SORA_2, SORA_2_PRO, SORA_2_ALL, SORA_2_PRO_ALL],
			fields: [...OFFICIAL_FIELDS, ...ALL_SECONDS, ...sizeFields([...OFFICIAL_SIZES, ALL_SIZES]), ...ALL_FIELDS],
			check: assertTimestamps,
		}),
		imageToVideoMode({
			description: 'Create a video that starts from a picture of the same size',
			models: [SORA_2, SORA_2_PRO],
			fields: IMAGE_FIELDS,
			media: [
				inputReferenceSlot({
					description:
						'Picture that the video starts from (JPEG, PNG or WebP). Its width and height must be those of the video.',
				}),
			],
			check: (input) => assertImageHasVideoSize(input, sizeOf(imageFieldsOf(input.model), input.values)),
		}),
		{
			id: 'storyboard',
			job: 'video.generate',
			displayName: 'Storyboard (Legacy)',
			description: 'Describe the video shot by shot',
			models: [SORA_2_ALL, SORA_2_PRO_ALL],
			prompt: 'none',
			fields: [SHOTS, ...ALL_SECONDS, ...sizeFields([ALL_SIZES]), ...ALL_FIELDS],
			media: [],
			check(input) {
				assertTimestamps(input);
				const empty = readShots(input).findIndex(({ scene }) => scene.trim() === '');
				if (readShots(input).length === 0 || empty >= 0) {
					throw new InvalidInputError(
						empty >= 0 ? `Shots: the scene of shot ${empty + 1} is empty` : 'Shots is empty',
						'Add at least one shot, and describe the scene of each.',
					);
				}
				const endless = readShots(input).findIndex(({ duration }) => !(duration > 0));
				if (endless >= 0) {
					throw new InvalidInputError(
						`Shots: the duration of shot ${endless + 1} is no number above 0`,
						'Give each shot its length in seconds.',
					);
				}
			},
			buildRequest: (input, mode) => ({
				path: UNIFIED_ROUTE,
				encoding: 'multipart',
				body: { model: input.model, prompt: storyboardPrompt(readShots(input)), ...bodyFromFields(mode, input) },
				media: [],
			}),
		},
		{
			id: 'remix',
			job: 'video.edit',
			displayName: 'Remix',
			description: 'Change a finished Sora video by description',
			models: [],
			prompt: 'required',
			fields: [REMIX_SOURCE],
			media: [],
			check: ({ values }) => assertTaskId('Video Task ID', readVideoId(values)),
			buildRequest: ({ prompt, values }) => ({
				path: `${UNIFIED_ROUTE}/${encodeURIComponent(readVideoId(values))}/remix`,
				encoding: 'json',
				body: { prompt },
				media: [],
			}),
		},
	],
};

function readVideoId({ videoId }: GenerateInput['values']): string {
	return String(videoId).trim();
}

function assertTimestamps({ values }: GenerateInput) {
	const timestamps = values.characterTimestamps;
	if (typeof timestamps !== 'string' || timestamps === '') return;
	if (/^\d+(\.\d+)?,\d+(\.\d+)?$/.test(timestamps)) return;
	throw new InvalidInputError(
		`Character Timestamps cannot be ${showValue(timestamps)}`,
		'Allowed: two numbers of seconds with a comma between them and no space, e.g. 1,3.',
	);
}

/** @param size as it is sent; undefined for a model that came after this release */
function assertImageHasVideoSize({ media }: GenerateInput, size: string | undefined) {
	const pixels = media.image?.[0]?.pixels;
	if (!pixels || !size || size === `${pixels.width}x${pixels.height}`) return;
	throw new InvalidInputError(
		`Image is ${pixels.width} × ${pixels.height} pixels, but the video is ${size.replace('x', ' × ')}`,
		'Sora takes only pictures of exactly the size of the video: resize the picture with n8n\'s "Edit Image" node, or choose another Aspect Ratio or Resolution.',
	);
}
