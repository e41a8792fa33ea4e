/**
 * Runway through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/runway and the pages of its official and compatibility formats (checked 2026-11-21)
 * Create:   POST /runwayml/v1/{image_to_video|video_to_video|video_upscale|character_performance|text_to_image};
 *           POST /runway/pro/{generate|video2video|act_one} · JSON
 * Status:   GET  /runwayml/v1/tasks/{id}; compatibility: POST /runway/feed with the id in the body
 * Statuses: PENDING, RUNNING, THROTTLED, QUEUED → pending · SUCCEEDED, SUCCESS → succeeded · FAILED, CANCELLED, FAILURE → failed
 * Result:   output[], videos or pictures; compatibility: result_url, video_url · temporary links
 * Quirks:   every call wants X-Runway-Version; a new task may be unknown (task_not_exist) for some seconds; its maker retired most models that CometAPI names
 */
import type { VideoProvider } from '../types';
import { imageToVideoCompatibility, textToVideoCompatibility } from './compatibility';
import { actOne, styleRedraw } from './compatibilityVideos';
import { textToImage } from './images';
import { characterPerformance, imageToVideo, upscale, videoToVideo } from './official';
import { runwayTaskApi } from './runwayTaskApi';

export const runway: VideoProvider = {
	id: 'runway',
	displayName: 'Runway',
	description: 'Pictures that move, changes to a video by description, upscaling, and characters that act like you',
	docsUrl: 'https://apidoc.cometapi.com/api/video/runway',
	cataloguePattern: /^(runway|gen-?[34]|aleph|act_)/i,
	taskApi: runwayTaskApi,
	modes: [
		imageToVideo,
		videoToVideo,
		upscale,
		characterPerformance,
		textToVideoCompatibility,
		imageToVideoCompatibility,
		styleRedraw,
		actOne,
		textToImage,
	],
};
