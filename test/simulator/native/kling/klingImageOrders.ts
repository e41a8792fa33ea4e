/**
 * Readers of Kling's picture routes and of image recognition. Pages: https://apidoc.cometapi.com/api/image/kling/image-generation and
 * /multi-image-to-image (mid 2026), /api/video/kling/image-recognize; on the older page several pictures share the route. Try-on:
 * https://app.klingai.com/global/dev/document-api
 */
import type { BodyReader } from '../bodyReader';
import { readKlingImage, readRequiredKlingImage } from '../mediaInput';
import { readCallback, readCallbackAndId, readWatermark, type KlingContext, type ReadKlingOrder } from './klingOrder';

const MODELS = ['kling-v1', 'kling-v1-5', 'kling-v2', 'kling-v2-1', 'kling-v3'];
const MULTI_MODELS = ['kling-v2', 'kling-v2-1'];
const TRY_ON_MODELS = ['kolors-virtual-try-on-v1', 'kolors-virtual-try-on-v1-5'];
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
const TEXT_CHARACTERS = 2500;
const SHARE = { minimum: 0, maximum: 1 };

export const readPictureOrder: ReadKlingOrder = (body, context) =>
	body.has('subject_image_list') ? readOrderOfSeveral(body, context) : readOrderOfPrompt(body, context);

const readOrderOfPrompt: ReadKlingOrder = (body, context) => {
	const model = body.text('model_name') ?? MODELS[0];
	if (!MODELS.includes(model)) throw body.refuse('invalid model name');
	const prompt = body.requiredText('prompt', TEXT_CHARACTERS);
	const negative = body.text('negative_prompt', TEXT_CHARACTERS);
	const image = readKlingImage(body, 'image');
	if (image && negative) throw body.refuse('negative_prompt is not supported when image is provided');
	const reference = body.choice('image_reference', ['subject', 'face']);
	if (image && model === 'kling-v1-5' && !reference) throw body.refuse('image_reference is required');
	body.number('image_fidelity', SHARE);
	body.number('human_fidelity', SHARE);
	body.choice('resolution', ['1k', '2k']);
	return { model, prompt, ...readResult(body), ...readCallbackAndId(body, context) };
};

const readOrderOfSeveral: ReadKlingOrder = (body, context) => {
	const model = body.text('model_name') ?? MULTI_MODELS[0];
	if (!MULTI_MODELS.includes(model)) throw body.refuse('invalid model name');
	const prompt = body.text('prompt', TEXT_CHARACTERS) ?? '';
	body.text('negative_prompt', TEXT_CHARACTERS);
	for (const item of body.list('subject_image_list', { minimum: 1, maximum: 4 })) {
		readRequiredKlingImage(item, 'subject_image');
		item.end();
	}
	readKlingImage(body, 'scene_image');
	readKlingImage(body, 'style_image');
	return { model, prompt, ...readResult(body), ...readCallbackAndId(body, context) };
};

function readResult(body: BodyReader) {
	body.choice('aspect_ratio', RATIOS);
	readWatermark(body);
	const imageCount = body.integer('n', { minimum: 1, maximum: 9 }) ?? 1;
	return { imageCount, durationSeconds: imageCount, formats: ['png'] as const };
}

export const readTryOnOrder: ReadKlingOrder = (body) => {
	const model = body.text('model_name') ?? TRY_ON_MODELS[0];
	if (!TRY_ON_MODELS.includes(model)) throw body.refuse('invalid model name');
	readRequiredKlingImage(body, 'human_image');
	readRequiredKlingImage(body, 'cloth_image');
	return { model, prompt: '', durationSeconds: 1, formats: ['jpg'], ...readCallback(body) };
};

/** CometAPI's page has flags alone; Kling itself adds links to cut-out pictures. */
export function readRecognition(body: BodyReader, { service }: KlingContext): () => Record<string, unknown> {
	readRequiredKlingImage(body, 'image');
	const picture = service.profile === 'comet' ? {} : { url: `${service.resultOrigin}/media/image.png` };
	return () => ({
		task_result: {
			images: ['head_seg', 'face_seg', 'cloth_seg', 'object_seg'].map((type) =>
				type === 'cloth_seg' ? { type, is_contain: false } : { type, is_contain: true, ...picture },
			),
		},
	});
}
