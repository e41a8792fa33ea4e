/**
 * Where answers keep what this package reads, and by which words: ordered lists, the first that has something wins. Each entry
 * names who has answered like that. "docs" is apidoc.cometapi.com, "gateway" the software that CometAPI derives from
 * (QuantumNous/new-api), "upstream" a provider's own reference; the rest are public reports about gateways of this kind.
 */

/** Members that hold the rest of an answer, as an object, as the first element of a list, or as JSON text. */
export const ENVELOPES: readonly string[] = [
	'data', // docs: wrapper of March 2026, Kling, Runway compatibility
	'result', // docs: older sample of the webhook guide; ByteDance's blog
	'response', // upstream: Google's operations
	'output', // upstream: Alibaba's task answers
	'task', // upstream: Novita
	'job', // upstream: Luma, Azure
	'payload', // CometAPI's guide to Wan 2.7
	'resultJson', // kie.ai: JSON as text
	'header', // upstream: iFlytek, refusals
	'Result', // upstream: Volcengine's older interface
];

/** What is certainly the id of a task: it counts whatever else an answer says. */
export const ID_NAMES: readonly string[] = [
	'id', // docs: /v1/videos, Runway, ByteDance
	'task_id', // docs: /v1/videos (alias), Kling, Runway compatibility, MiniMax
	'taskId', // gateway: Midjourney; kie.ai
	'TaskId', // upstream: Tencent
	'video_id', // docs: name of the parameter on Sora's pages; HeyGen
	'videoId',
	'job_id', // upstream: Azure, Hedra
	'jobId',
	'generation_id', // upstream: AIML API, Leonardo
	'generationId',
	'prediction_id', // upstream: WaveSpeed
	'predictionId',
	'task_uuid', // upstream: Runware
	'taskUUID',
	'uuid', // upstream: Runway's own site
];

/**
 * What can be the id of a task, and something else too: counts only where nothing in the answer says no. `in` is the
 * member's place, for texts that would otherwise be the envelope.
 */
export const WEAK_ID_NAMES: ReadonlyArray<{ name: string; form?: RegExp; isAlone?: boolean }> = [
	{ name: 'result' }, // docs: Midjourney
	{ name: 'data' }, // gateway: answer of its music route
	{ name: 'name', form: /(^|\/)operations\// }, // upstream: Google
	{ name: 'request_id', isAlone: true }, // docs: xAI; fal's queue. Beside a code it is the request's
	{ name: 'requestId', isAlone: true },
	{ name: 'task' }, // upstream: Hyper
	{ name: 'output' },
];

export type Ending = 'succeeded' | 'failed' | 'running';

/** Status words, compared without case, blanks, dashes and a beginning such as TASK_STATUS_. */
export const STATUS_WORDS: Readonly<Record<Ending, readonly string[]>> = {
	succeeded: [
		'completed', // docs: /v1/videos
		'success', // docs: wrapper, Seedance of April 2026, MiniMax, Midjourney
		'succeeded', // docs: ByteDance, Runway; CometAPI Connect
		'succeed', // docs: Kling
		'done', // docs: xAI; gateway issue 5927
		'complete', // ArcReel issue 1888 and its like, also the following
		'finished',
		'finish',
		'successful',
		'ready',
		'ok',
		'generated',
	],
	failed: [
		'failed', // docs: /v1/videos, Kling, Runway, xAI
		'failure', // docs: wrapper, Midjourney
		'error', // docs: /v1/videos
		'fail', // upstream: MiniMax
		'cancelled', // CometAPI Connect; upstream: Runway
		'canceled',
		'expired', // docs: xAI
		'violation', // storytold/artcraft, live: content check
		'rejected', // ArcReel issue 651, postiz issue 1809 and their like, also the following
		'refused',
		'denied',
		'timeout',
		'timedout',
		'moderated',
		'moderation',
		'contentfiltered',
		'contentfilter',
		'contentmoderated',
		'contentpolicyviolation',
		'policyviolation',
		'requestmoderated',
		'flagged',
		'nsfw',
		'sensitive',
		'blocked',
		'banned',
		'aborted',
		'abort',
		'terminated',
		'interrupted',
		'killed',
		'stopped',
		'incomplete',
		'errored',
		'exception',
		'invalid',
		'generatefailed',
		'createtaskfailed',
		'generationfailed',
	],
	running: [
		'queued', // docs: /v1/videos
		'inprogress', // docs: /v1/videos
		'submitted', // docs: Kling, Seedance of April 2026
		'processing', // docs: Kling, xAI
		'notstart', // docs: Midjourney; gateway
		'pending', // docs: Runway
		'running', // docs: Runway, ByteDance
		'throttled', // upstream: Runway
		'queueing', // upstream: MiniMax
		'preparing', // upstream: MiniMax
		'modal', // docs: Midjourney, waits for a person
		'unknown', // gateway: a task that has not begun
		'starting', // docs: Replicate
		'queue',
		'queuing',
		'inqueue', // upstream: fal
		'created',
		'creating',
		'accepted',
		'submitting',
		'notstarted',
		'started',
		'init',
		'initializing',
		'waiting',
		'scheduled',
		'process',
		'progress',
		'generating',
		'rendering',
		'dreaming', // upstream: Luma
		'active',
		'retrying',
		'uploading',
		'staging',
	],
};

export const STATUS_NAMES: readonly string[] = [
	'status', // docs: nearly all
	'task_status', // docs: Kling
	'taskStatus',
	'state', // upstream: Luma; kie.ai
	'job_status',
	'video_status',
	'Status', // upstream: Tencent, Volcengine
];

/** Members of a task that hold its result: a link, a list, an object or JSON text (`linksIn`). */
export const LINK_NAMES: readonly string[] = [
	'video_url', // docs: /v1/videos
	'videoUrl', // docs: Midjourney
	'video_urls', // gateway: Midjourney
	'videoUrls',
	'task_result', // docs: Kling
	'video', // docs: xAI
	'videos', // upstream: Google; fal
	'audios',
	'audio_url',
	'content', // docs: ByteDance
	'result_url', // docs: Runway compatibility; gateway
	'resultUrl',
	'result_urls', // kie.ai
	'resultUrls',
	'output', // docs: Runway (list); two blogs of CometAPI; works[].video.resource: ArcReel issue 1889
	'outputs', // upstream: WaveSpeed
	'output_url',
	'outputUrl',
	'output_urls',
	'works', // Kling's older interface
	'result',
	'results', // upstream: Runware and others
	'generated_videos', // upstream: Google
	'generatedVideos',
	'generateVideoResponse', // upstream: Google's operations
	'generations', // upstream: Leonardo
	'creations', // upstream: Vidu
	'assets', // upstream: Luma
	'artifacts', // upstream: Runway's own site
	'samples',
	'data', // gateway: whatever the provider answered, also as a list
	'download_url', // CometAPI's blog on ByteDance's route; MiniMax
	'downloadUrl',
	'file_url',
	'file',
	'files',
	'resource',
	'media_url',
	'url', // CometAPI's guide to n8n, August 2026
	'uri',
	'metadata', // gateway: metadata.url
	'remixed_from_video_id', // gateway: seen to hold the link
];

/** The wrapper of March 2026 keeps the link of a finished task where the reason of a failed one is. */
export const LAST_LINK_NAMES: readonly string[] = ['fail_reason'];

/** Members of an object, or of an object in a list, that hold its link; cover and thumbnail pictures are none. */
export const LINK_MEMBERS: readonly string[] = [
	...['video_url', 'videoUrl', 'video_urls', 'videos', 'video', 'url', 'uri', 'result_url', 'resultUrl', 'resultUrls'],
	...['resource', 'download_url', 'downloadUrl', 'file_url', 'output', 'outputs', 'works', 'content', 'link', 'href'],
	...['generatedSamples', 'generated_samples', 'motionMP4URL', 'src', 'audios', 'url_mp3', 'url_wav', 'audio_url'],
];

/** Members that hold the results of tasks that make pictures: whatever is linked there is one. */
export const PICTURE_NAMES: readonly string[] = [
	'images', // docs: Kling, in task_result
	'image_urls', // gateway: Midjourney
	'imageUrls',
	'image_url', // several gateways
	'imageUrl', // docs: Midjourney
];
/** Members that hold pictures, videos or whatever else: only the ending of a link tells. docs: Runway (`output`), Kling */
export const RESULT_NAMES: readonly string[] = [
	...[
		'task_result',
		'output',
		'outputs',
		'result_url',
		'resultUrl',
		'result',
		'results',
		'data',
		'url',
		'uri',
		'file',
		'files',
	],
];

/** Members that hold the cover picture of a video, beside its link. */
export const COVER_NAMES: readonly string[] = [
	'imageUrl', // docs: Midjourney, also while the video is being made
	'poster', // docs: Runway compatibility
	'poster_url',
	'video_cover', // upstream: Kling
	'cover_url', // kie.ai, Kling's older interface and their like, also the following
	'coverUrl',
	'cover',
	'cover_image_url',
	'thumbnail_url',
	'thumbnailUrl',
	'thumbnail',
];

/** Files as base64 without `data:` in front. upstream: Google, OpenAI */
export const BASE64_MEMBERS: readonly string[] = ['bytesBase64Encoded', 'b64_json', 'video_base64', 'videoBytes'];

/** Where a failed task, or a refusal, says why: a text, an object, a list or JSON text (`wordsIn`). */
export const REASON_NAMES: readonly string[] = [
	'error', // docs: /v1/videos, all error answers
	'task_status_msg', // docs: Kling
	'failure', // docs: Runway
	'fail_reason', // docs: wrapper
	'failReason', // docs: Midjourney
	'failure_reason', // upstream: Luma
	'failureReason',
	'failedReason',
	'fail_msg',
	'failMsg', // kie.ai
	'error_message',
	'errorMessage',
	'error_msg',
	'errorMsg',
	'err_msg',
	'errmsg',
	'errors',
	'err',
	'error_detail',
	'status_msg',
	'status_message',
	'statusMessage',
	'base_resp', // upstream: MiniMax
	'ResponseMetadata', // upstream: Volcengine
	'moderation',
	'reason',
	'message', // docs: Kling; gateway
	'msg', // docs: Runway compatibility
	'detail', // FastAPI services, also as a list
	'details',
	'task_result', // CometAPI's article about Kling
];

/** Members of an error object, and of entries of a list of errors. */
export const WORD_MEMBERS: readonly string[] = [
	...[
		'message',
		'msg',
		'error',
		'Error',
		'Message',
		'reason',
		'detail',
		'details',
		'description',
		'status_msg',
		'text',
	],
	...['error_message', 'errorMessage', 'error_msg', 'failure_reason', 'errors', 'cause', 'type'],
];

/** What an answer says besides, only where nothing of the above does. docs: Midjourney */
export const LAST_REASON_NAMES: readonly string[] = ['description', 'info', 'desc'];

export const CODE_NAMES: readonly string[] = [
	...['failureCode', 'failure_code', 'failCode', 'fail_code', 'error_code', 'errorCode', 'err_code'],
];

export const PROGRESS_NAMES: readonly string[] = [
	'progress',
	'progress_percent',
	'progressPercent',
	'percent',
	'percentage',
];
export const MODEL_NAMES: readonly string[] = ['model', 'model_name', 'modelName'];
export const DURATION_NAMES: readonly string[] = ['seconds', 'duration', 'duration_seconds', 'durationSeconds'];
/** docs: /v1/videos, Kling, ByteDance (`created_at`); wrapper (`submit_time`); Runway (`createdAt`); Midjourney (`submitTime`). */
export const CREATED_NAMES: readonly string[] = [
	...['created_at', 'createdAt', 'submit_time', 'submitTime', 'created', 'create_time', 'createTime', 'submitted_at'],
];
export const COMPLETED_NAMES: readonly string[] = [
	...[
		'completed_at',
		'completedAt',
		'finish_time',
		'finishTime',
		'finished_at',
		'finishedAt',
		'completeTime',
		'end_time',
	],
];
/** When a task that is over was last changed, is when it ended. docs: Kling, ByteDance; gateway for tasks failed in bulk */
export const CHANGED_NAMES: readonly string[] = ['updated_at', 'updatedAt', 'update_time'];
