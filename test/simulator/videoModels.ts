/**
 * What each model on /v1/videos accepts, written from CometAPI's documentation and nothing else. Where a limit is not
 * documented the narrower reading stands, so that a request which passes here is one that the documentation covers.
 *
 * Sources, all below https://apidoc.cometapi.com/api/video/: sora-2/create, veo3/self-developed/veo3-async-generation,
 * seedance/create, happyhorse/create, wan/create, vidu/create, omni/create (April to June 2026); for ids that have no
 * page, articles of https://www.cometapi.com/blog/ (June to September 2026) and public transcriptions of the pages
 * (August 2026). Such entries say so.
 */
type VideoFamily =
	'sora' | 'soraAll' | 'veo' | 'seedance' | 'happyHorse' | 'wan' | 'vidu' | 'omni' | 'minimax' | 'flux';

type SecondsRule = { minimum: number; maximum: number } | { oneOf: readonly number[] };

interface ValueRule {
	/** What the service takes when the field is absent. */
	fallback: string;
	allowed: readonly string[];
}

export interface ImageRule {
	maximum: number;
	/** Sora: the picture must have exactly the size of the video. */
	matchesSize?: true;
	/** HappyHorse 1.1 guide, June 2026: at most 20 MB, sides from 300 pixels, ratio between 1:2.5 and 2.5:1. */
	limited?: true;
}

export interface VideoModelRules {
	family: VideoFamily;
	bodyType: 'form' | 'json';
	seconds?: { fallback: number; rule: SecondsRule };
	/** Scalar fields with a closed list of values. */
	choices: Readonly<Record<string, ValueRule>>;
	/** A field that holds an address on the web and may be repeated; `refusesFiles`: the words with which files are refused. */
	links?: { field: string; maximum: number; refusesFiles?: string };
	/** Fields that hold one address on the web. */
	addressFields?: readonly string[];
	/** Fields of the form "start,end" in seconds. */
	rangeFields?: readonly string[];
	images: ImageRule;
}

const NO_IMAGES: ImageRule = { maximum: 0 };

function between(minimum: number, maximum: number, fallback: number): VideoModelRules['seconds'] {
	return { fallback, rule: { minimum, maximum } };
}

function oneOf(allowed: readonly number[], fallback: number): VideoModelRules['seconds'] {
	return { fallback, rule: { oneOf: allowed } };
}

function size(fallback: string, allowed: readonly string[]): VideoModelRules['choices'] {
	return { size: { fallback, allowed } };
}

const SORA_SIZES = ['720x1280', '1280x720'];
const SORA_PRO_SIZES = [...SORA_SIZES, '1024x1792', '1792x1024'];
const SORA_SECONDS = oneOf([4, 8, 12, 16, 20], 4);

/** The "self-developed" format of December 2025. Only the sizes of the plain models are known for it. */
function soraAll(seconds: readonly number[]): VideoModelRules {
	return {
		family: 'soraAll',
		bodyType: 'form',
		seconds: oneOf(seconds, 10),
		choices: size('720x1280', SORA_SIZES),
		addressFields: ['character_url'],
		rangeFields: ['character_timestamps'],
		images: { maximum: 1 },
	};
}

const VEO_ORIENTATIONS = ['16x9', '9x16'];
/** Transcription of August 2026 for the 3.1 models; the older page knows only the orientations. */
const VEO_31_SIZES = [...VEO_ORIENTATIONS, '1280x720', '720x1280', '1920x1080', '3840x2160'];

/** The older page has no `seconds`: the clips are 8 seconds long. None, one, or first and last frame. */
const VEO_3: VideoModelRules = {
	family: 'veo',
	bodyType: 'form',
	choices: size('16x9', VEO_ORIENTATIONS),
	images: { maximum: 2 },
};
const VEO_31: VideoModelRules = { ...VEO_3, seconds: oneOf([4, 6, 8], 8), choices: size('16x9', VEO_31_SIZES) };

const RATIO_LABELS = ['21:9', '16:9', '4:3', '1:1', '3:4', '9:16'];
const SEEDANCE_SIZES = {
	first480: ['864x480', '736x544', '640x640', '544x736', '480x864', '960x416'],
	first720: ['1248x704', '1120x832', '960x960', '832x1120', '704x1248', '1504x640'],
	// The page copy that we have is cut off before the 21:9 size.
	first1080: ['1920x1088', '1664x1248', '1440x1440', '1248x1664', '1088x1920'],
	later480: ['864x496', '752x560', '640x640', '560x752', '496x864', '992x432'],
	later720: ['1280x720', '1112x834', '960x960', '834x1112', '720x1280', '1470x630'],
	later1080: ['1920x1080', '1664x1248', '1440x1440', '1248x1664', '1080x1920', '2206x946'],
};
const SEEDANCE_FAST_SIZES = [...RATIO_LABELS, ...SEEDANCE_SIZES.later480, ...SEEDANCE_SIZES.later720];
const SEEDANCE_FULL_SIZES = [...SEEDANCE_FAST_SIZES, ...SEEDANCE_SIZES.later1080];
const SEEDANCE_FIRST_SIZES = [
	...RATIO_LABELS,
	...SEEDANCE_SIZES.first480,
	...SEEDANCE_SIZES.first720,
	...SEEDANCE_SIZES.first1080,
];
/**
 * Pictures as links: live runs of a client on 2026-09-06, for these models only. That the field may be repeated is inferred
 * from the five pictures that Wan 2.6 takes.
 */
const LINKS_FIELD = 'reference_urls';
const TAKES_LINK: Pick<VideoModelRules, 'links'> = { links: { field: LINKS_FIELD, maximum: 9 } };

/** ByteDance's own limits on reference images; CometAPI names none. */
const SEEDANCE_2_IMAGES: ImageRule = { maximum: 9 };
const SEEDANCE_25_IMAGES: ImageRule = { maximum: 30 };

function seedance(
	seconds: VideoModelRules['seconds'],
	sizes: VideoModelRules['choices'],
	images: ImageRule,
): VideoModelRules {
	return { family: 'seedance', bodyType: 'form', seconds, choices: sizes, images };
}

const FULL_HD_SIZES = ['1280x720', '720x1280', '1920x1080', '1080x1920', '1440x1440'];
/** Transcription of August 2026. */
const HAPPY_HORSE_11_SIZES = [...FULL_HD_SIZES, '1440x1080', '1080x1440', '2520x1080', '1080x2520'];
const HAPPY_HORSE_1: VideoModelRules = {
	family: 'happyHorse',
	bodyType: 'form',
	seconds: between(3, 15, 5),
	choices: size('1920x1080', FULL_HD_SIZES),
	images: { maximum: 9, limited: true },
};

const WAN_27: VideoModelRules = {
	family: 'wan',
	bodyType: 'form',
	seconds: between(2, 15, 5),
	choices: size('1920x1080', FULL_HD_SIZES),
	// Wan 2.7 guide, August 2026: images are taken; it leaves the count open.
	images: { maximum: 1 },
};
const WAN_26: VideoModelRules = {
	...WAN_27,
	seconds: oneOf([5, 10, 15], 5),
	choices: size('1920x1080', [...FULL_HD_SIZES, '1088x832', '832x1088', '1632x1248', '1248x1632']),
	images: NO_IMAGES,
};
/** No page; up to 30 seconds according to its maker. */
const WAN_30: VideoModelRules = { ...WAN_27, seconds: between(2, 30, 5) };

const VIDU: VideoModelRules = {
	family: 'vidu',
	bodyType: 'form',
	seconds: between(1, 16, 5),
	// The guide of 2026; an older page had 640x352 as well.
	choices: size('1280x720', ['960x528', '1280x720', '1920x1080']),
	// One in the guide; in public use as start and end frame.
	images: { maximum: 2 },
};

const OMNI: VideoModelRules = {
	family: 'omni',
	bodyType: 'form',
	// The page gives no range, only the advice to start with 4.
	seconds: between(1, 30, 4),
	choices: {
		aspect_ratio: { fallback: '16:9', allowed: ['16:9', '9:16', '1:1'] },
		resolution: { fallback: '720p', allowed: ['720p', '1080p'] },
	},
	images: NO_IMAGES,
};

const MINIMAX_H3_SIZES = [
	...['1344x768', '768x1344', '768x768', '768x1024', '1536x672'],
	...['2560x1440', '1440x2560', '1440x1440'],
];

export const VIDEO_MODELS: Readonly<Record<string, VideoModelRules>> = {
	'sora-2': {
		family: 'sora',
		bodyType: 'form',
		seconds: SORA_SECONDS,
		choices: size('1280x720', SORA_SIZES),
		images: { maximum: 1, matchesSize: true },
	},
	'sora-2-pro': {
		family: 'sora',
		bodyType: 'form',
		seconds: SORA_SECONDS,
		choices: size('1280x720', SORA_PRO_SIZES),
		images: { maximum: 1, matchesSize: true },
	},
	'sora-2-all': soraAll([10, 15]),
	'sora-2-pro-all': soraAll([10, 15, 25]),
	'veo3-fast': VEO_3,
	veo3: VEO_3,
	'veo3-pro': VEO_3,
	'veo3.1': VEO_31,
	'veo3.1-fast': VEO_31,
	'veo3.1-pro': VEO_31,
	// Articles of August 2026: only exact sizes, of which these three are named.
	'seedance-2-5': seedance(
		between(4, 30, 5),
		size('1280x720', ['854x480', '1280x720', '720x1280']),
		SEEDANCE_25_IMAGES,
	),
	'doubao-seedance-2-0': seedance(between(4, 15, 5), size('1280x720', SEEDANCE_FULL_SIZES), SEEDANCE_2_IMAGES),
	'doubao-seedance-2-0-fast': {
		...seedance(between(4, 15, 5), size('1280x720', SEEDANCE_FAST_SIZES), SEEDANCE_2_IMAGES),
		...TAKES_LINK,
	},
	// Transcription of August 2026: these two sizes.
	'doubao-seedance-2-0-mini': seedance(
		between(4, 15, 5),
		size('1280x720', ['1280x720', '720x1280']),
		SEEDANCE_2_IMAGES,
	),
	'doubao-seedance-1-5-pro': {
		...seedance(between(4, 12, 5), size('1280x720', SEEDANCE_FULL_SIZES), NO_IMAGES),
		links: { field: LINKS_FIELD, maximum: 1, refusesFiles: 'Field required' },
	},
	'doubao-seedance-1-0-pro': seedance(between(2, 10, 5), size('1248x704', SEEDANCE_FIRST_SIZES), NO_IMAGES),
	'happyhorse-1.0': HAPPY_HORSE_1,
	'happyhorse-1.1': { ...HAPPY_HORSE_1, choices: size('1920x1080', HAPPY_HORSE_11_SIZES) },
	'wan2.6': {
		...WAN_26,
		links: {
			field: LINKS_FIELD,
			maximum: 5,
			refusesFiles: 'please provide reference_video_urls or reference_urls',
		},
	},
	'wan2.7': WAN_27,
	'wan3.0': WAN_30,
	// Invented: a model that appears in the catalogue before any documentation of it. Behaves as its predecessor.
	'wan3.1': WAN_30,
	viduq3: VIDU,
	'viduq3-turbo': VIDU,
	'omni-fast': OMNI,
	// No page. A public client used it live on 2026-08-19 with JSON: model, prompt, video as a data URI, seconds.
	'omni-fast-v2v': { family: 'omni', bodyType: 'json', seconds: OMNI.seconds, choices: {}, images: NO_IMAGES },
	// Transcription of August 2026.
	'minimax-h3': {
		family: 'minimax',
		bodyType: 'form',
		seconds: between(5, 15, 5),
		choices: size('1344x768', MINIMAX_H3_SIZES),
		images: { maximum: 1 },
	},
	'flux-3': {
		family: 'flux',
		bodyType: 'form',
		seconds: between(5, 20, 10),
		choices: size('1280x720', ['1280x720', '1920x1080']),
		images: { maximum: 1 },
	},
};
