/** Ready-made scenes for the people of one or two pictures. */
import { InvalidInputError } from '../../task/errors';
import type { CreateRequest } from '../../task/types';
import { secondsChoiceField } from '../fields';
import { mediaParts } from '../request';
import type { VideoMode } from '../types';
import { asText } from '../../task/asText';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	isGiven,
	klingBody,
	klingImageSlot,
	qualityField,
	textField,
} from './klingFields';
import { KLING } from './klingTaskApi';

/** Of CometAPI's pages, and those that Kling has now in place of its older scenes for two. It has over 200. */
const SCENES: ReadonlyArray<[value: string, name: string, people: 1 | 2]> = [
	['expansion', 'Expansion', 1],
	['fuzzyfuzzy', 'Fuzzy', 1],
	['squish', 'Squish', 1],
	['fight_pro', 'Fight (Two People)', 2],
	['heart_gesture_pro', 'Heart Gesture (Two People)', 2],
	['hug_pro', 'Hug (Two People)', 2],
	['kiss_pro', 'Kiss (Two People)', 2],
];
const OTHER = 'other';

const SCENE_OPTIONS = [
	...SCENES.map(([value, name]) => ({ name, value })),
	{ name: 'Other (By Name)', value: OTHER, description: 'Kling has over 200 scenes, and changes them' },
];

export const effects: VideoMode = {
	id: 'effects',
	job: 'video.addEffect',
	displayName: 'Effects',
	description: 'Put the people of one or two pictures into a ready-made scene',
	models: [],
	prompt: 'none',
	fields: [
		{
			property: {
				displayName: 'Scene',
				name: 'effectScene',
				type: 'options',
				options: SCENE_OPTIONS,
				default: 'squish',
				description: 'What happens to the people of the pictures. A scene that Kling has withdrawn is refused.',
			},
			placement: 'panel',
			sendAs: 'effect_scene',
			encode: (scene, { effectSceneName }) => (scene === OTHER ? asText(effectSceneName).trim() : (scene as string)),
		},
		{
			...textField({
				displayName: 'Scene Name',
				name: 'effectSceneName',
				sendAs: null,
				required: true,
				placeholder: 'e.g. pet_lion',
				description: "Name of the scene in Kling's own list",
			}),
			when: { field: 'effectScene', is: [OTHER] },
		},
		{ ...secondsChoiceField([5, 10], 5), sendAs: 'input.duration' },
		{ ...qualityField(), placement: 'options', sendAs: 'input.mode' },
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [
		klingImageSlot({
			name: 'images',
			displayName: 'Images',
			description: 'One picture, or two for a scene with two people (JPEG or PNG, at most 10 MB each)',
			sendAs: null,
			maxCount: 2,
		}),
	],
	check({ values, media }) {
		const count = (media.images ?? []).length;
		const [, name, people = count] = SCENES.find(([value]) => value === values.effectScene) ?? [];
		if (count !== people) {
			throw new InvalidInputError(
				`Images: the scene ${name} takes ${people === 1 ? 'one picture' : 'two pictures'}, not ${count}`,
				'Give as many pictures as the scene has people, or choose another Scene.',
			);
		}
		if (!isGiven(values.quality) || count > 1) return;
		throw new InvalidInputError(
			'Quality cannot be chosen for a scene with one person',
			'Remove Quality, or give two pictures and a scene for two.',
		);
	},
	buildRequest(input, mode): CreateRequest {
		const images = input.media.images ?? [];
		const sendAs = images.length === 1 ? 'input.image' : 'input.images.*';
		const media = mediaParts({ ...mode, media: mode.media.map((slot) => ({ ...slot, sendAs })) }, input);
		return { path: `${KLING}/videos/effects`, encoding: 'json', body: klingBody(input, mode), media };
	},
};
