/** Sounds from a description, and sounds that fit a video. */
import type { VideoField, VideoMode } from '../types';
import {
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	assertExactlyOne,
	assertLength,
	isGiven,
	klingRequest,
	klingVideoSlot,
	textField,
	videoIdField,
} from './klingFields';

const SECONDS: VideoField = {
	property: {
		displayName: 'Duration (Seconds)',
		name: 'seconds',
		type: 'number',
		typeOptions: { minValue: 3, maxValue: 10, numberPrecision: 1 },
		default: 5,
		description: 'Length of the sound, 3 to 10 seconds',
	},
	placement: 'panel',
	sendAs: 'duration',
};

const MAX_TEXT = 200;

export const textToAudio: VideoMode = {
	id: 'textToAudio',
	job: 'audio.generateSound',
	displayName: 'Text to Sound',
	description: 'Create a sound from a description of at most 200 characters',
	models: [],
	prompt: 'required',
	fields: [SECONDS, CALLBACK_URL, EXTERNAL_TASK_ID],
	media: [],
	check: ({ prompt }) => assertLength('Prompt', prompt, MAX_TEXT),
	buildRequest: klingRequest('/audio/text-to-audio'),
};

export const videoToAudio: VideoMode = {
	id: 'videoToAudio',
	job: 'video.addSound',
	displayName: 'Video to Sound',
	description: 'Create sounds that fit a video',
	models: [],
	prompt: 'none',
	fields: [
		textField({
			displayName: 'Sound Effects',
			name: 'soundEffectPrompt',
			sendAs: 'sound_effect_prompt',
			placement: 'options',
			description: 'What is heard, at most 200 characters; may be refused',
		}),
		textField({
			displayName: 'Background Music',
			name: 'backgroundMusicPrompt',
			sendAs: 'bgm_prompt',
			placement: 'options',
			description: 'Which music is played, at most 200 characters; may be refused',
		}),
		{
			property: {
				displayName: 'ASMR Mode',
				name: 'asmrMode',
				type: 'boolean',
				default: false,
				description: 'Whether to bring out small sounds; may be refused',
			},
			placement: 'options',
			sendAs: 'asmr_mode',
		},
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [klingVideoSlot('MP4 or MOV, 3 to 20 seconds, at most 100 MB', [videoIdField(', 3 to 20 seconds long')])],
	check({ values, media }) {
		assertExactlyOne(['Video ID', 'Video'], [isGiven(values.videoId), (media.video ?? []).length > 0]);
		assertLength('Sound Effects', values.soundEffectPrompt, MAX_TEXT);
		assertLength('Background Music', values.backgroundMusicPrompt, MAX_TEXT);
	},
	buildRequest: klingRequest('/audio/video-to-audio'),
};
