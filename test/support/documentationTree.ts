/**
 * The tree of video models in CometAPI's documentation, line by line (the site of December 2025, then the pages added in 2026).
 * Where a line is in the node is found in the registry, by mode or by the route of its create; `missing` says why one is not.
 */
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { custom } from '../../nodes/CometApiVideo/providers/custom';
import { JOBS } from '../../nodes/CometApiVideo/providers/jobs';
import type { VideoMode, VideoProvider } from '../../nodes/CometApiVideo/providers/types';

interface Entry {
	provider: VideoProvider;
	mode: VideoMode;
	/** Of the create; empty where the user says it. */
	path: string;
}

interface TreeLine {
	family: string;
	line: string;
	find?(entry: Entry): boolean;
	/** Where it is in the node besides a mode. */
	elsewhere?: string;
	/** Why it is not in the node; counts only as long as nothing is found. */
	missing?: string;
}

/** Modes by provider and id. */
function modes(providerId: string, ...ids: string[]): Pick<TreeLine, 'find'> {
	const known = VIDEO_PROVIDERS.find(({ id }) => id === providerId)?.modes.map(({ id }) => id) ?? [];
	const unknown = ids.filter((id) => !known.includes(id));
	if (unknown.length > 0) throw new Error(`${providerId} has no mode ${unknown.join(', ')}`);
	return { find: ({ provider, mode }) => provider.id === providerId && ids.includes(mode.id) };
}

/** All modes of a create route, or those of them that fit. */
function route(wanted: string, fits: (mode: VideoMode) => boolean = () => true): Pick<TreeLine, 'find'> {
	return { find: ({ path, mode }) => path === wanted && fits(mode) };
}

const TASK = 'Task > Get, Task > Wait';
const DOWNLOAD = 'Task > Download, or the switch Download Video';

const line = (family: string, name: string, where: Omit<TreeLine, 'family' | 'line'>): TreeLine => ({
	...{ family, line: name },
	...where,
});

const KNOWN_LINES: readonly TreeLine[] = [
	line('Sora', 'Official: create', modes('sora', 'textToVideo', 'imageToVideo')),
	line('Sora', 'Official: remix', modes('sora', 'remix')),
	line('Sora', 'Official: retrieve', { elsewhere: TASK }),
	line('Sora', 'Official: retrieve content', { elsewhere: DOWNLOAD }),
	line('Sora', 'Official: retrieve content, parameter `variant` (thumbnail, sprite sheet)', {
		missing: 'The page lists no values for it',
	}),
	line('Sora', 'Self-developed: create', modes('sora', 'textToVideo', 'imageToVideo', 'storyboard')),
	line('Sora', 'Self-developed: retrieve', { elsewhere: TASK }),
	line('Veo', 'Self-developed: asynchronous generation', modes('veo', 'textToVideo', 'imageToVideo', 'firstLastFrame')),
	line('Veo', 'Self-developed: retrieve', { elsewhere: TASK }),
	line('Veo', 'veo3 chat format', {
		missing:
			'A chat with a video model, whose request no page shows any more; the asynchronous route makes the same videos',
	}),
	line('Veo', 'Submit video generation task (`/veo/v1/video/create`)', {
		...route('/veo/v1/video/create'),
		missing: 'Older route; CometAPI replaced it by `/v1/videos`, which the node uses',
	}),
	line('Veo', 'Query video generation status (`/veo/v1/video/query`)', {
		...route('/veo/v1/video/create'),
		missing: 'Belongs to the older route; tasks of `/v1/videos` are asked for there',
	}),
	line('Kling', 'callback_url', { elsewhere: 'the field Callback URL of the modes' }),
	line('Kling', 'Multimodal editing: initialize', modes('kling', 'initSelection')),
	line('Kling', 'Multimodal editing: add', route('/kling/v1/videos/multi-elements/add-selection')),
	line('Kling', 'Multimodal editing: delete', route('/kling/v1/videos/multi-elements/delete-selection')),
	line('Kling', 'Multimodal editing: clear', route('/kling/v1/videos/multi-elements/clear-selection')),
	line('Kling', 'Multimodal editing: preview', route('/kling/v1/videos/multi-elements/preview-selection')),
	line('Kling', 'Multimodal editing: create task', modes('kling', 'multimodalEdit', 'editInOneGo')),
	line('Kling', 'Text to video', modes('kling', 'textToVideo')),
	line('Kling', 'Image to video', modes('kling', 'imageToVideo')),
	line('Kling', 'Multi-image to video', modes('kling', 'multiImageToVideo')),
	line('Kling', 'Video extension', modes('kling', 'extendVideo')),
	line('Kling', 'Effects', modes('kling', 'effects')),
	line('Kling', 'Omni video', modes('kling', 'omniVideo')),
	line('Kling', 'Avatar', modes('kling', 'avatar')),
	line('Kling', 'Lip sync', modes('kling', 'lipSync', 'identifyFace', 'advancedLipSync')),
	line('Kling', 'Lip sync in one step (older)', {
		...route('/kling/v1/videos/lip-sync'),
		missing:
			'The mode Lip Sync finds the face and moves the lips in one item; the older request is not documented any more',
	}),
	line('Kling', 'Text to speech (TTS)', modes('kling', 'textToSpeech')),
	line('Kling', 'Text to audio', modes('kling', 'textToAudio')),
	line('Kling', 'Video to audio', modes('kling', 'videoToAudio')),
	line('Kling', 'Image generation', modes('kling', 'textToImage')),
	line('Kling', 'Multi-image to image', modes('kling', 'multiImageToImage')),
	line('Kling', 'Image query of several pictures (omni-image)', { missing: 'Only the page of its query was seen' }),
	line('Kling', 'Image expansion', { missing: "CometAPI's own page shows an error 404 as its answer" }),
	line('Kling', 'Image recognize', modes('kling', 'recognizeImage')),
	line('Kling', 'Virtual try-on', modes('kling', 'virtualTryOn')),
	line('Kling', '[Counterpart] creating tasks', modes('kling', 'advancedLipSync')),
	line('Kling', 'Individual queries', { elsewhere: TASK }),
	line('Runway', 'Official: generate a video from an image', modes('runway', 'imageToVideo')),
	line('Runway', 'Official: video to video', modes('runway', 'videoToVideo')),
	line('Runway', 'Official: upscale', modes('runway', 'upscale')),
	line('Runway', 'Official: control a character', modes('runway', 'characterPerformance')),
	line('Runway', 'Official: generate an image from text', modes('runway', 'textToImage')),
	line('Runway', 'Official: task details', { elsewhere: TASK }),
	line('Runway', 'Reverse: generate (text)', modes('runway', 'textToVideoCompatibility')),
	line('Runway', 'Reverse: generate (reference images)', modes('runway', 'imageToVideoCompatibility')),
	line('Runway', 'Reverse: feed', { elsewhere: TASK }),
	line('Runway', 'Reverse: video to video style redraw', modes('runway', 'styleRedraw')),
	line('Runway', 'Reverse: Act-One expression migration', modes('runway', 'actOne')),
	line('ByteDance', 'Video', modes('seedance', 'textToVideoNative', 'firstLastFrameNative')),
	line('ByteDance', 'Video get', { elsewhere: TASK }),
	line('MiniMax Conch', 'Generation', modes('minimax', 'textToVideoHailuo', 'imageToVideoHailuo')),
	line('MiniMax Conch', 'Query', { elsewhere: TASK }),
	line('MiniMax Conch', 'Download', { elsewhere: DOWNLOAD }),
	line('Midjourney', 'Submit video', modes('midjourney', 'imageToVideo')),
	line('Midjourney', 'Action', modes('midjourney', 'continueVideo')),
	line('Midjourney', 'Fetch single task', { elsewhere: TASK }),
	line('Midjourney', 'List by condition', { elsewhere: 'Waiting looks at up to ten tasks in one request' }),
	line('Suno', 'Generate MP4 (MV) video', { missing: 'A music service: the film of a song, not a video model' }),
	line('2026', 'Seedance', modes('seedance', 'textToVideo', 'imageToVideo')),
	line('2026', 'xAI: generation', modes('xai', 'textToVideo', 'imageToVideo')),
	line('2026', 'xAI: edit', modes('xai', 'editVideo')),
	line('2026', 'xAI: results', { elsewhere: TASK }),
	line('2026', 'MiniMax H3', modes('minimax', 'textToVideo', 'imageToVideo')),
];

const ENTRIES: readonly Entry[] = VIDEO_PROVIDERS.flatMap((provider) =>
	provider.modes.map((mode) => ({ provider, mode, path: createPathOf(mode) })),
);

function createPathOf(mode: VideoMode): string {
	const values = Object.fromEntries(mode.fields.map(({ property }) => [property.name, property.default]));
	try {
		return mode.buildRequest({ model: mode.models[0]?.id ?? '', prompt: '', values, media: {} }, mode).path;
	} catch {
		return '';
	}
}

/** Newer providers have one page, of their own name, for all that they do. */
function pagesOfTheirOwn(): TreeLine[] {
	return VIDEO_PROVIDERS.filter(
		(provider) =>
			provider !== custom &&
			!ENTRIES.some((entry) => entry.provider === provider && KNOWN_LINES.some(({ find }) => find?.(entry))),
	).map((provider) => line('2026', provider.displayName, { find: (entry) => entry.provider === provider }));
}

export const TREE: readonly TreeLine[] = [...KNOWN_LINES, ...pagesOfTheirOwn()];

/** Where a line is in the node; empty if it is nowhere. */
export function placeOf({ find, elsewhere }: TreeLine): string {
	const found = find ? ENTRIES.filter((entry) => find(entry)) : [];
	const places = found.map(({ provider, mode }) => {
		const { resource, displayName } = JOBS[mode.job];
		const job = `${resource.charAt(0).toUpperCase()}${resource.slice(1)} > ${displayName}`;
		return `${job}, ${provider.displayName}: ${mode.displayName}`;
	});
	return [...places, ...(elsewhere ? [elsewhere] : [])].join('<br>');
}

/** The lines that the node has, and where. */
export function treeTable(): string {
	const rows = TREE.filter((each) => placeOf(each) !== '').map(
		(each) => `| ${each.family} | ${each.line} | ${placeOf(each)} |`,
	);
	return ['| Family | Page | In the node |', '|---|---|---|', ...rows].join('\n');
}

/** The lines that the node does not have, and why. */
export function missingTable(): string {
	const rows = TREE.filter((each) => placeOf(each) === '').map(
		(each) => `| ${each.family} | ${each.line} | ${each.missing ?? ''} |`,
	);
	return ['| Family | Page | Why |', '|---|---|---|', ...rows].join('\n');
}

/** Modes that no line leads to, as `provider/mode`. */
export function modesWithoutLine(): string[] {
	return ENTRIES.filter((entry) => !TREE.some(({ find }) => find?.(entry))).map(
		({ provider, mode }) => `${provider.id}/${mode.id}`,
	);
}
