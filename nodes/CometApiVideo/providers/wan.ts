/**
 * Wan (Alibaba) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/wan/create (checked 2026-11-27; pictures and 3.0 from CometAPI's blog, 2026-08)
 * Create:   POST /v1/videos · multipart
 * Status:   GET  /v1/videos/{id}
 * Statuses: queued, in_progress → pending · completed, success → succeeded · failed, error, FAILURE → failed
 * Result:   video_url, else GET /v1/videos/{id}/content
 * Quirks:   wan2.6 takes pictures as links only ("please provide reference_video_urls or reference_urls"), and as characters: live runs of a client, 2026-09-06;
 *           it only knows 5, 10 and 15 seconds; ranges and sizes of wan3.0 are not published
 */
import { UNIFIED_ROUTE, unifiedTaskApi } from './unifiedTaskApi';
import { SEND_PICTURES_AS, inputReferenceSlot, secondsChoiceField, secondsField } from './fields';
import { requestFromFields } from './request';
import { sizeFields } from './sizes';
import type { VideoModel, VideoProvider } from './types';
import { imageToVideoMode, textToVideoMode } from './unifiedModes';

const WAN_2_7: VideoModel = {
	id: 'wan2.7',
	displayName: 'Wan 2.7',
	pricePerSecondUsd: { '720p': 0.08, '1080p': 0.12 },
};
const WAN_2_6: VideoModel = {
	id: 'wan2.6',
	displayName: 'Wan 2.6',
	pricePerSecondUsd: { '720p': 0.08, '1080p': 0.12 },
};
const WAN_3_0: VideoModel = {
	id: 'wan3.0',
	displayName: 'Wan 3.0',
	pricePerSecondUsd: { '480p': 0.05, '720p': 0.1, '1080p': 0.2 },
};
const MODELS = [WAN_2_7, WAN_2_6, WAN_3_0];

const SIZES = {
	'720p': { '16:9': '1280x720', '9:16': '720x1280' },
	'1080p': { '16:9': '1920x1080', '9:16': '1080x1920', '1:1': '1440x1440' },
};
const SIZES_2_6 = {
	'720p': { ...SIZES['720p'], '4:3': '1088x832', '3:4': '832x1088' },
	'1080p': { ...SIZES['1080p'], '4:3': '1632x1248', '3:4': '1248x1632' },
};

const LENGTHS = [
	secondsField({ min: 2, max: 15, default: 5, models: [WAN_2_7.id] }),
	secondsChoiceField([5, 10, 15], 5, [WAN_2_6.id]),
	secondsField({
		min: 2,
		max: 30,
		default: 5,
		models: [WAN_3_0.id],
		description: 'Length of the video, up to 30 seconds. More than 15 may be refused.',
	}),
];
/** With pictures its maker allows up to 10 seconds. */
const LENGTH_WITH_CHARACTERS = secondsChoiceField([5, 10], 5, [WAN_2_6.id]);
const SHAPE = sizeFields([
	{ sizes: SIZES, models: [WAN_2_7.id, WAN_3_0.id] },
	{ sizes: SIZES_2_6, models: [WAN_2_6.id] },
]);
const FIELDS = [...LENGTHS, ...SHAPE];

export const wan: VideoProvider = {
	id: 'wan',
	displayName: 'Wan',
	description: 'Alibaba: good value, up to 15 seconds and more, from a picture or with up to five characters',
	docsUrl: 'https://apidoc.cometapi.com/api/video/wan/create',
	cataloguePattern: /^wan\d/i,
	taskApi: unifiedTaskApi,
	modes: [
		textToVideoMode({ models: MODELS, fields: FIELDS }),
		// No count is published; working clients send one picture.
		imageToVideoMode({
			models: [WAN_2_7, WAN_3_0],
			fields: [...FIELDS, SEND_PICTURES_AS],
		}),
		{
			id: 'referenceToVideo',
			job: 'video.generate',
			displayName: 'Reference to Video',
			description: 'Show the characters of up to five pictures in a new video',
			models: [WAN_2_6],
			prompt: 'required',
			fields: [LENGTH_WITH_CHARACTERS, ...SHAPE, SEND_PICTURES_AS],
			// Five pictures and videos together: limits of its maker.
			media: [
				inputReferenceSlot({
					maxCount: 5,
					isLinkUsual: true,
					description:
						'Pictures of the characters (JPEG, PNG or WebP). Call them character1, character2 and so on in the prompt.',
				}),
			],
			buildRequest: requestFromFields(UNIFIED_ROUTE, 'multipart'),
		},
	],
};
