/**
 * Camera, masks, shots and voices of Kling's text and image routes.
 * https://apidoc.cometapi.com/api/video/kling/text-to-video and …/image-to-video; ranges that CometAPI does not name:
 * https://app.klingai.com/global/dev/document-api (February 2026).
 */
import type { BodyReader } from '../bodyReader';
import { readKlingImage, readRequiredKlingImage } from '../mediaInput';
import type { KlingModel } from './klingModels';

const CAMERA_TYPES = ['simple', 'down_back', 'forward_up', 'right_turn_forward', 'left_turn_forward'];
const CAMERA_AXES = ['horizontal', 'vertical', 'pan', 'tilt', 'roll', 'zoom'];
const LARGEST_CAMERA_STEP = 10;
const LARGEST_PIXEL = 10_000;
const SHOT_CHARACTERS = 512;

/** True when the field is there. */
export function readCamera(body: BodyReader, model: KlingModel): boolean {
	const camera = body.object('camera_control');
	if (!camera) return false;
	if (!model.isFirstFamily) throw body.refuse('camera_control is not supported by this model');
	const type = camera.requiredChoice('type', CAMERA_TYPES);
	const config = type === 'simple' ? camera.requiredObject('config') : undefined;
	if (config) {
		const range = { minimum: -LARGEST_CAMERA_STEP, maximum: LARGEST_CAMERA_STEP };
		const moving = CAMERA_AXES.filter((axis) => (config.number(axis, range) ?? 0) !== 0);
		if (moving.length !== 1) throw body.refuse('camera_control.config: exactly one value must not be 0');
		config.end();
	}
	camera.end();
	return true;
}

/** True when one of the two fields is there. */
export function readMasks(body: BodyReader, model: KlingModel): boolean {
	const staticMask = readKlingImage(body, 'static_mask');
	const groups = body.list('dynamic_masks', { minimum: 0, maximum: 6 });
	for (const group of groups) {
		readRequiredKlingImage(group, 'mask');
		for (const point of group.list('trajectories', { minimum: 2, maximum: 77 })) {
			readPoint(point, LARGEST_PIXEL);
			point.end();
		}
		group.end();
	}
	const hasMasks = staticMask !== undefined || groups.length > 0;
	if (hasMasks && !model.isFirstFamily) throw body.refuse('masks are not supported by this model');
	return hasMasks;
}

/** Reads `x` and `y` between 0 and `maximum`. */
export function readPoint(point: BodyReader, maximum: number): string {
	const [x, y] = ['x', 'y'].map((axis) => point.number(axis, { minimum: 0, maximum }));
	if (x === undefined || y === undefined) throw point.refuse(`${point.nameOf('x')} and y are required`);
	return `${x},${y}`;
}

/** The text of the shots joined when the shots replace the prompt; undefined when the prompt stays needed. */
export function readShots(body: BodyReader, isSupported: boolean, durationSeconds: number): string | undefined {
	const isOn = body.flag('multi_shot') ?? false;
	if (isOn && !isSupported) throw body.refuse('multi_shot is not supported by this model');
	if (!isOn && (body.has('shot_type') || body.has('multi_prompt'))) throw body.refuse('multi_shot must be true');
	if (!isOn) return undefined;
	const isCustom = body.requiredChoice('shot_type', ['customize', 'intelligence']) === 'customize';
	if (!isCustom) return undefined;
	const shots = body.list('multi_prompt', { minimum: 1, maximum: 6 }).map((shot, position) => {
		const index = shot.integer('index', { minimum: 1, maximum: 6 });
		if (index !== position + 1) throw body.refuse('multi_prompt: index must count from 1');
		const prompt = shot.requiredText('prompt', SHOT_CHARACTERS);
		const seconds = shot.requiredText('duration');
		if (!/^[1-9]\d?$/.test(seconds)) throw body.refuse('multi_prompt: duration must be whole seconds');
		shot.end();
		return { prompt, seconds: Number(seconds) };
	});
	if (shots.reduce((sum, { seconds }) => sum + seconds, 0) !== durationSeconds) {
		throw body.refuse('multi_prompt: the durations must sum up to duration');
	}
	return shots.map(({ prompt }) => prompt).join(' ');
}

/** Up to two voices, for models with sound and only with `sound: on`. */
export function readVoices(body: BodyReader, hasSound: boolean): boolean {
	const voices = body.list('voice_list', { minimum: 0, maximum: 2 });
	for (const voice of voices) {
		voice.requiredText('voice_id');
		voice.end();
	}
	if (voices.length > 0 && !hasSound) throw body.refuse('voice_list needs sound on');
	return voices.length > 0;
}

export function readElements(body: BodyReader, maximum: number): number {
	const elements = body.list('element_list', { minimum: 0, maximum });
	for (const element of elements) {
		element.identifier('element_id');
		element.end();
	}
	return elements.length;
}
