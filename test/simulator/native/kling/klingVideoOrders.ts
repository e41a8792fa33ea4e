/**
 * Readers of text2video, image2video, multi-image2video, effects and omni-video. Pages:
 * https://apidoc.cometapi.com/api/video/kling/{text-to-video,image-to-video,multi-image-to-video,video-effects,
 * omni-video}
 */
import type { BodyReader } from '../bodyReader';
import { readKlingImage, readRequiredKlingImage } from '../mediaInput';
import {
	KLING_DEFAULT_MODEL,
	KLING_LONG_PROMPT_CHARACTERS,
	KLING_MODELS,
	KLING_MODES,
	KLING_MULTI_MODEL,
	KLING_NEGATIVE_CHARACTERS,
	KLING_OMNI_MODELS,
	KLING_PROMPT_CHARACTERS,
	KLING_RATIOS,
	KLING_SECONDS,
	type KlingModel,
} from './klingModels';
import { readCamera, readElements, readMasks, readShots, readVoices } from './klingMotion';
import { readCallbackAndId, readWatermark, type ReadKlingOrder } from './klingOrder';

/** Scenes of one picture and of two that a page names and that Kling had not withdrawn by September 2026. */
const EFFECT_IMAGES: Readonly<Record<string, 1 | 2>> = {
	fuzzyfuzzy: 1,
	squish: 1,
	expansion: 1,
	// Withdrawn by Kling, but the example of CometAPI's newest page.
	hug: 2,
	heart_gesture: 2,
	hug_pro: 2,
	kiss_pro: 2,
	fight_pro: 2,
	heart_gesture_pro: 2,
};

export const readTextOrder: ReadKlingOrder = (body, context) => {
	const name = readModelName(body, 'text');
	const model = KLING_MODELS[name];
	const common = readCommonFields(body, model);
	body.choice('aspect_ratio', KLING_RATIOS);
	const shots = readShots(body, model.multiShot, common.durationSeconds);
	const needsPrompt = shots === undefined;
	const prompt = needsPrompt ? body.requiredText('prompt', KLING_PROMPT_CHARACTERS) : readOptionalPrompt(body, shots);
	readCamera(body, model);
	readVoices(body, common.hasSound);
	readWatermark(body);
	return { model: name, prompt, durationSeconds: common.durationSeconds, ...readCallbackAndId(body, context) };
};

export const readImageOrder: ReadKlingOrder = (body, context) => {
	const name = readModelName(body, 'image');
	const model = KLING_MODELS[name];
	readRequiredKlingImage(body, 'image');
	const hasTail = readKlingImage(body, 'image_tail') !== undefined;
	const common = readCommonFields(body, model);
	if (hasTail && model.endFrame === 'pro' && common.mode !== 'pro') throw body.refuse('image_tail needs mode pro');
	if (hasTail && model.sound === 'pro' && common.hasSound) {
		throw body.refuse('image_tail and sound exclude each other');
	}
	const motions = [hasTail, readMasks(body, model), readCamera(body, model)].filter(Boolean);
	if (motions.length > 1) throw body.refuse('image_tail, masks and camera_control are mutually exclusive');
	const shots = readShots(body, model.multiShot, common.durationSeconds);
	const prompt = readOptionalPrompt(body, shots ?? '');
	const hasVoices = readVoices(body, common.hasSound);
	if (readElements(body, 3) > 0 && hasVoices) throw body.refuse('element_list and voice_list are mutually exclusive');
	readWatermark(body);
	return { model: name, prompt, durationSeconds: common.durationSeconds, ...readCallbackAndId(body, context) };
};

export const readMultiImageOrder: ReadKlingOrder = (body, context) => {
	readMultiModel(body);
	for (const item of body.list('image_list', { minimum: 1, maximum: 4 })) {
		readRequiredKlingImage(item, 'image');
		item.end();
	}
	// Not marked as required by CometAPI; Kling requires it.
	const prompt = body.requiredText('prompt', KLING_PROMPT_CHARACTERS);
	body.text('negative_prompt', KLING_NEGATIVE_CHARACTERS);
	body.choice('mode', KLING_MODES);
	const durationSeconds = Number(body.choice('duration', KLING_SECONDS) ?? '5');
	body.choice('aspect_ratio', KLING_RATIOS);
	return { model: KLING_MULTI_MODEL, prompt, durationSeconds, ...readCallbackAndId(body, context) };
};

export const readEffectOrder: ReadKlingOrder = (body, context) => {
	const scene = body.requiredText('effect_scene');
	if (!Object.hasOwn(EFFECT_IMAGES, scene)) throw body.refuse(`effect_scene ${scene} is not supported`);
	const input = body.requiredObject('input');
	if (EFFECT_IMAGES[scene] === 1) {
		readRequiredKlingImage(input, 'image');
	} else {
		readImagePair(input);
	}
	input.choice('model_name', [KLING_MULTI_MODEL]);
	input.choice('mode', KLING_MODES);
	const durationSeconds = Number(input.choice('duration', KLING_SECONDS) ?? '5');
	input.end();
	return { model: KLING_MULTI_MODEL, prompt: '', durationSeconds, ...readCallbackAndId(body, context) };
};

/** Two pictures as plain strings, unlike the lists of objects elsewhere. */
function readImagePair(input: BodyReader): void {
	for (const image of input.items('images', { minimum: 2, maximum: 2 })) {
		if (typeof image !== 'string') throw input.refuse('input.images must be strings');
		readRequiredKlingImage(input.withValue('images', image), 'images');
	}
}

export const readOmniOrder: ReadKlingOrder = (body, context) => {
	const model = body.text('model_name') ?? KLING_OMNI_MODELS[0];
	if (!KLING_OMNI_MODELS.includes(model)) throw body.refuse('invalid model name');
	body.choice('mode', KLING_MODES);
	body.choice('aspect_ratio', KLING_RATIOS);
	const images = readOmniImages(body);
	const hasVideo = readOmniVideo(body, images.hasFirstFrame);
	const elementCount = readElements(body, 7);
	const largest = hasVideo ? 4 : 7;
	if (images.count + elementCount > largest) {
		throw body.refuse(`image_list and element_list: at most ${largest} in all`);
	}
	const hasReference = hasVideo || elementCount > 0 || images.hasReference;
	const duration = body.choice('duration', hasReference ? ['3', '4', '5', '6', '7', '8', '9', '10'] : KLING_SECONDS);
	const durationSeconds = Number(duration ?? '5');
	const shots = readShots(body, true, durationSeconds);
	const prompt =
		shots === undefined
			? body.requiredText('prompt', KLING_LONG_PROMPT_CHARACTERS)
			: (body.text('prompt', KLING_LONG_PROMPT_CHARACTERS) ?? shots);
	assertReferences(body, prompt, { image: images.count, element: elementCount, video: hasVideo ? 1 : 0 });
	if (body.choice('sound', ['on', 'off']) === 'on' && hasVideo) throw body.refuse('sound must be off with a video');
	readWatermark(body);
	return { model, prompt, durationSeconds, ...readCallbackAndId(body, context) };
};

function readOmniImages(body: BodyReader): { count: number; hasFirstFrame: boolean; hasReference: boolean } {
	const types = body.list('image_list', { minimum: 0, maximum: 7 }).map((item) => {
		readRequiredKlingImage(item, 'image_url');
		const type = item.choice('type', ['first_frame', 'end_frame']);
		item.end();
		return type;
	});
	const count = (type: string) => types.filter((candidate) => candidate === type).length;
	if (count('first_frame') > 1 || count('end_frame') > 1) throw body.refuse('image_list: each frame only once');
	if (count('end_frame') > count('first_frame')) throw body.refuse('image_list: end_frame needs a first_frame');
	return { count: types.length, hasFirstFrame: count('first_frame') > 0, hasReference: types.includes(undefined) };
}

function readOmniVideo(body: BodyReader, hasFirstFrame: boolean): boolean {
	const [video] = body.list('video_list', { minimum: 0, maximum: 1 });
	if (!video) return false;
	video.requiredAddress('video_url');
	const isBase = (video.choice('refer_type', ['base', 'feature']) ?? 'base') === 'base';
	if (isBase && hasFirstFrame) throw body.refuse('a base video and a first_frame exclude each other');
	video.choice('keep_original_sound', ['yes', 'no']);
	video.end();
	return true;
}

/** A reference such as `<<<image_2>>>` must have its item. */
function assertReferences(body: BodyReader, prompt: string, counts: Readonly<Record<string, number>>): void {
	for (const [reference, kind, number] of prompt.matchAll(/<<<(image|element|video)_(\d+)>>>/g)) {
		const exists = Number(number) >= 1 && Number(number) <= counts[kind];
		if (!exists) throw body.refuse(`prompt: ${reference} does not exist`);
	}
}

/** `cfg_scale`, `duration`, `mode`, `negative_prompt`, `sound`. */
function readCommonFields(body: BodyReader, model: KlingModel) {
	body.text('negative_prompt', KLING_NEGATIVE_CHARACTERS);
	if (!model.hasMode && body.has('mode')) throw body.refuse('mode is not supported by this model');
	const mode = body.choice('mode', KLING_MODES) ?? 'std';
	const durationSeconds = Number(body.choice('duration', KLING_SECONDS) ?? '5');
	if (!model.isFirstFamily && body.has('cfg_scale')) throw body.refuse('cfg_scale is not supported by this model');
	body.number('cfg_scale', { minimum: 0, maximum: 1 });
	const hasSound = body.choice('sound', ['on', 'off']) === 'on';
	if (hasSound && model.sound === 'no') throw body.refuse('sound is not supported by this model');
	if (hasSound && model.sound === 'pro' && mode !== 'pro') throw body.refuse('sound needs mode pro');
	return { mode, durationSeconds, hasSound };
}

function readOptionalPrompt(body: BodyReader, fallback: string): string {
	return body.text('prompt', KLING_PROMPT_CHARACTERS) ?? fallback;
}

/** Text of a refusal that was seen live on image2video in September 2026. */
function readModelName(body: BodyReader, kind: 'text' | 'image'): string {
	const name = body.text('model_name') ?? KLING_DEFAULT_MODEL;
	if (!Object.hasOwn(KLING_MODELS, name) || !KLING_MODELS[name][kind]) throw body.refuse('invalid model name');
	return name;
}

export function readMultiModel(body: BodyReader): void {
	if ((body.text('model_name') ?? KLING_MULTI_MODEL) !== KLING_MULTI_MODEL) throw body.refuse('invalid model name');
}
