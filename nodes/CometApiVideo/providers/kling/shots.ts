/** Videos of several described shots: `multi_shot`, `shot_type` and `multi_prompt` of Kling 3 and omni video. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import { readShots, shotsField } from '../fields';
import type { GenerateInput } from '../types';

/** The same parameter as Sora's storyboard, with Kling's limits. */
export const SHOTS = shotsField({
	description: 'Up to six scenes instead of one; their durations must add up to the duration of the video',
	duration: { minValue: 1 },
	scene: { description: 'What is seen and heard in the shot, at most 512 characters' },
	placement: 'options',
});

const MAX_SHOTS = 6;
const MAX_SCENE_LENGTH = 512;

/** @throws InvalidInputError when the shots do not fit the video */
export function multiShotBody(input: GenerateInput): IDataObject {
	const shots = readShots(input);
	if (shots.length === 0) return {};
	const total = shots.reduce((sum, { duration }) => sum + duration, 0);
	if (shots.length > MAX_SHOTS || total !== Number(input.values.seconds)) {
		throw new InvalidInputError(
			`Shots: ${shots.length} shots of ${total} seconds do not fit a video of ${String(input.values.seconds)} seconds`,
			`Allowed: up to ${MAX_SHOTS} shots whose durations add up to the duration of the video.`,
		);
	}
	const long = shots.findIndex(({ scene }) => scene.length > MAX_SCENE_LENGTH);
	if (long >= 0) {
		throw new InvalidInputError(
			`Shots: the scene of shot ${long + 1} has ${shots[long]?.scene.length} characters`,
			`Allowed: at most ${MAX_SCENE_LENGTH}.`,
		);
	}
	return {
		multi_shot: true,
		shot_type: 'customize',
		multi_prompt: shots.map(({ duration, scene }, index) => ({
			index: index + 1,
			prompt: scene,
			duration: String(duration),
		})),
	};
}
