/**
 * Kling (Kuaishou) through CometAPI.
 * Docs:     https://apidoc.cometapi.com/api/video/kling/text-to-video and the pages beside it (checked 2026-11-21)
 * Create:   POST /kling/v1/{videos|audio|images}/{kind} · JSON
 * Status:   GET  /kling/v1/{videos|audio|images}/{kind}/{id} · route = create path
 * Statuses: submitted, processing → pending · succeed → succeeded · failed → failed
 * Result:   data.task_result.videos[].url, .audios[].url, .images[].url · temporary links
 * Quirks:   pictures as bare base64; lengths as text; HTTP 200 with a code other than 0 is a refusal; ids are long digit strings
 *
 * Left out: image expansion (CometAPI's page shows a 404 as its reply), `element_list` of images, motion control, custom voices and elements (no page of CometAPI), the older one-step lip-sync (its body is on no
 * page), `shot_type: intelligence` (maker only), `model_name` of effects (in an older example only), and the maker's spelling
 * `original_audio_volume` (CometAPI's example has `original_sound_volume`). Extra Body Fields reach them all.
 */
import type { VideoProvider } from '../types';
import { addSelection, clearSelection, deleteSelection, editVideo, previewSelection, startSelection } from './editing';
import { editInOneGo } from './editInOneGo';
import { effects } from './effects';
import { extendVideo, imageToVideo, multiImageToVideo, textToVideo } from './generation';
import { multiImageToImage, recognizeImage, textToImage, virtualTryOn } from './images';
import { klingTaskApi } from './klingTaskApi';
import { omniVideo } from './omni';
import { textToAudio, videoToAudio } from './sound';
import { textToSpeech } from './speech';
import { avatar, identifyFace, lipSync, lipSyncWithFaceId } from './talking';

export const kling: VideoProvider = {
	id: 'kling',
	displayName: 'Kling',
	description: 'Kuaishou: videos from text and pictures, talking people, lip sync, effects, editing, speech and sound',
	docsUrl: 'https://apidoc.cometapi.com/api/video/kling/text-to-video',
	cataloguePattern: /^kling-/i,
	taskApi: klingTaskApi,
	modes: [
		textToVideo,
		imageToVideo,
		multiImageToVideo,
		omniVideo,
		extendVideo,
		effects,
		avatar,
		lipSync,
		identifyFace,
		lipSyncWithFaceId,
		textToSpeech,
		textToAudio,
		videoToAudio,
		editInOneGo,
		startSelection,
		addSelection,
		deleteSelection,
		clearSelection,
		previewSelection,
		editVideo,
		textToImage,
		multiImageToImage,
		virtualTryOn,
		recognizeImage,
	],
};
