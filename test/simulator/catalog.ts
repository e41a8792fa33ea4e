/**
 * The catalogue of `GET /api/models`: the video models of CometAPI with the prices last seen in 2026, and rows that a
 * reader of it must cope with. Shape: https://apidoc.cometapi.com/guides/how-to-list-available-models
 */
export interface CatalogRow {
	id: string;
	code: string;
	created: number;
	provider: string;
	provider_code: string;
	name: string;
	description: string;
	model_type: string;
	features: string[] | null;
	/** JSON in a string: so the service sends it. */
	endpoints: string;
	pricing: {
		currency: string;
		input: number | null;
		output: number | null;
		per_request: number | null;
		per_second: number | null;
		/** What is charged is the list price times this. */
		ratio: number;
	};
	api_doc_url: string | null;
	upcoming: boolean;
}

const PUBLISHED = 1780531200;
const VIDEOS_PATH = '/v1/videos';
const KLING_TEXT_MODELS = [
	'kling-v3',
	'kling-v2-6',
	'kling-v2-5-turbo',
	'kling-v2-1-master',
	'kling-v2-master',
	'kling-v1-6',
	'kling-v1',
];
const KLING_TEXT_PATH = '/kling/v1/videos/text2video';
const TEXT = ['text-to-video'];
const TEXT_AND_IMAGE = ['text-to-video', 'image-to-video'];

interface RowInput {
	id: string;
	/** `null`: no price was published. */
	perSecond: number | null;
	features?: string[] | null;
	path?: string;
	modelType?: string;
	upcoming?: boolean;
	code?: string;
}

function buildRows(provider: string, family: string, inputs: readonly RowInput[]): CatalogRow[] {
	return inputs.map((input) => buildRow(provider, family, input));
}

function buildRow(provider: string, family: string, input: RowInput): CatalogRow {
	const { id, perSecond, features = TEXT_AND_IMAGE, path = VIDEOS_PATH, modelType = 'video' } = input;
	return {
		id,
		code: input.code ?? id,
		created: PUBLISHED,
		provider,
		provider_code: provider.toLowerCase(),
		name: id,
		description: '',
		model_type: modelType,
		features,
		endpoints: JSON.stringify({ [family]: { path, method: 'POST' } }),
		pricing: {
			currency: 'USD / M Tokens',
			input: null,
			output: null,
			per_request: null,
			per_second: perSecond,
			ratio: 0.8,
		},
		api_doc_url: modelType === 'video' ? `https://apidoc.cometapi.com/api/video/${family}/create` : null,
		upcoming: input.upcoming ?? false,
	};
}

export const CATALOG: readonly CatalogRow[] = [
	...buildRows('ByteDance', 'seedance', [
		{ id: 'seedance-2-5', perSecond: 0.103 },
		{ id: 'doubao-seedance-2-0', perSecond: 0.063 },
		{ id: 'doubao-seedance-2-0-fast', perSecond: 0.0504 },
		{ id: 'doubao-seedance-2-0-mini', perSecond: null },
		{ id: 'doubao-seedance-1-5-pro', perSecond: null, features: TEXT },
		{ id: 'doubao-seedance-1-0-pro', perSecond: null, features: TEXT },
	]),
	...buildRows('Google', 'veo3', [
		{ id: 'veo3.1-fast', perSecond: 0.08 },
		{ id: 'veo3.1', perSecond: 0.32 },
		{ id: 'veo3.1-pro', perSecond: null },
		{ id: 'veo3-fast', perSecond: null },
		{ id: 'veo3', perSecond: null },
		{ id: 'veo3-pro', perSecond: null },
		{ id: 'veo4', perSecond: null, upcoming: true },
	]),
	...buildRows('Aliyun', 'wan', [
		{ id: 'wan2.7', perSecond: 0.08 },
		{ id: 'wan2.6', perSecond: 0.08 },
		{ id: 'wan3.0', perSecond: 0.05, features: [...TEXT_AND_IMAGE, 'video-editing'] },
		// Invented: a model that is in the catalogue before it is documented.
		{ id: 'wan3.1', perSecond: 0.06 },
	]),
	...buildRows('Aliyun', 'happyhorse', [
		{ id: 'happyhorse-1.1', perSecond: 0.112 },
		{ id: 'happyhorse-1.0', perSecond: 0.112 },
	]),
	...buildRows('Vidu', 'vidu', [
		{ id: 'viduq3', perSecond: 0.056 },
		{ id: 'viduq3-turbo', perSecond: null },
	]),
	...buildRows('MiniMax', 'minimax', [{ id: 'minimax-h3', perSecond: 0.08 }]),
	...buildRows('Black Forest Labs', 'flux', [{ id: 'flux-3', perSecond: 0.136 }]),
	...buildRows('Omni', 'omni', [
		{ id: 'omni-fast', perSecond: null, features: TEXT },
		// Public clients report rows without features.
		{ id: 'omni-fast-v2v', perSecond: null, features: null },
	]),
	...buildRows('OpenAI', 'sora-2', [
		{ id: 'sora-2', perSecond: null },
		{ id: 'sora-2-pro', perSecond: null },
	]),
	// Not on /v1/videos: Grok as CometAPI announced in September 2026, the rows below it by their own pages.
	...buildRows('xAI', 'xai', [
		{
			id: 'grok-imagine-video-1.5',
			perSecond: null,
			features: ['image-to-video'],
			path: '/grok/v1/videos/generations',
		},
		{ id: 'grok-imagine-video', perSecond: null, path: '/grok/v1/videos/generations' },
	]),
	...buildRows('Kling', 'kling', [
		...KLING_TEXT_MODELS.map((id) => ({ id, perSecond: null, path: KLING_TEXT_PATH })),
		...['kling-v2-1', 'kling-v1-5'].map((id) => ({
			id,
			perSecond: null,
			features: ['image-to-video'],
			path: '/kling/v1/videos/image2video',
		})),
		...['kling-v3-omni', 'kling-video-o1'].map((id) => ({
			id,
			perSecond: null,
			features: [...TEXT_AND_IMAGE, 'video-editing'],
			path: '/kling/v1/videos/omni-video',
		})),
	]),
	...buildRows('Runway', 'runway', [
		{ id: 'gen3a_turbo', perSecond: null, features: ['image-to-video'], path: '/runwayml/v1/image_to_video' },
		{ id: 'gen4_aleph', perSecond: null, features: ['video-editing'], path: '/runwayml/v1/video_to_video' },
		{ id: 'act_two', perSecond: null, features: ['video-editing'], path: '/runwayml/v1/character_performance' },
		{ id: 'upscale_v1', perSecond: null, features: ['video-editing'], path: '/runwayml/v1/video_upscale' },
		{ id: 'gen4_turbo', perSecond: null, path: '/runway/pro/generate' },
	]),
	...buildRows('MiniMax', 'hailuo', [{ id: 'minimax-hailuo-02', perSecond: null, path: '/v1/video_generation' }]),
	...buildRows('ByteDance', 'seedream', [
		{
			id: 'doubao-seedream-4-0',
			perSecond: null,
			features: ['text-to-image', 'image-editing'],
			path: '/v1/images/generations',
			modelType: 'image',
		},
	]),
	// Seen: `id` and `code` may differ; calls take the id.
	...buildRows('xAI', 'openai', [
		{
			id: 'grok-4.5',
			code: 'grok-4-5',
			perSecond: null,
			features: ['text-to-text'],
			path: '/v1/chat/completions',
			modelType: 'text',
		},
	]),
];

/** Prices that nobody published are charged at this rate, so that the balance moves with every task. */
const UNPUBLISHED_PRICE = 0.1;

/** US dollars per second as charged. */
export function readChargedPrice(model: string): number {
	const pricing = CATALOG.find(({ id }) => id === model)?.pricing;
	return (pricing?.per_second ?? UNPUBLISHED_PRICE) * (pricing?.ratio ?? 1);
}

/** A model that can be called, but by another route than /v1/videos. */
export function isOtherRouteModel(model: string): boolean {
	const row = CATALOG.find(({ id }) => id === model);
	return row !== undefined && !row.upcoming && !row.endpoints.includes(`"${VIDEOS_PATH}"`);
}
