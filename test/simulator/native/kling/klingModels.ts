/**
 * What Kling's models take on the text and image routes. CometAPI publishes no such table; the rows come from Kling's
 * own map of capabilities (https://app.klingai.com/global/dev/document-api, February 2026). Lengths of 3 to 15 seconds
 * of kling-v3 are left out: CometAPI's newest page says 5 or 10.
 */
export interface KlingModel {
	text: boolean;
	image: boolean;
	/** False: the field `mode` does not exist. */
	hasMode: boolean;
	/** The v1 family alone has `cfg_scale`, `camera_control` and masks. */
	isFirstFamily: boolean;
	sound: 'no' | 'pro' | 'yes';
	/** Modes that take a last frame. */
	endFrame: 'pro' | 'yes';
	multiShot: boolean;
}

function buildModel(text: boolean, image: boolean, differences: Partial<KlingModel> = {}): KlingModel {
	return {
		text,
		image,
		hasMode: true,
		isFirstFamily: false,
		sound: 'no',
		endFrame: 'yes',
		multiShot: false,
		...differences,
	};
}

export const KLING_MODELS: Readonly<Record<string, KlingModel>> = {
	'kling-v1': buildModel(true, true, { isFirstFamily: true }),
	'kling-v1-5': buildModel(false, true, { isFirstFamily: true }),
	'kling-v1-6': buildModel(true, true, { isFirstFamily: true }),
	'kling-v2-master': buildModel(true, true, { hasMode: false }),
	'kling-v2-1': buildModel(false, true),
	'kling-v2-1-master': buildModel(true, true),
	'kling-v2-5-turbo': buildModel(true, true, { endFrame: 'pro' }),
	'kling-v2-6': buildModel(true, true, { endFrame: 'pro', sound: 'pro' }),
	'kling-v3': buildModel(true, true, { sound: 'yes', multiShot: true }),
};

export const KLING_DEFAULT_MODEL = 'kling-v1';
export const KLING_OMNI_MODELS = ['kling-video-o1', 'kling-v3-omni'];
/** The one model of multi-image2video and multi-elements. */
export const KLING_MULTI_MODEL = 'kling-v1-6';

/** Lengths that CometAPI's pages of March and May 2026 name; Kling itself takes 2500. */
export const KLING_PROMPT_CHARACTERS = 500;
export const KLING_NEGATIVE_CHARACTERS = 200;
export const KLING_LONG_PROMPT_CHARACTERS = 2500;
export const KLING_RATIOS = ['16:9', '9:16', '1:1'];
export const KLING_MODES = ['std', 'pro'];
export const KLING_SECONDS = ['5', '10'];
